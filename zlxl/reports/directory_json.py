"""The directory as JSON for the website: public fields, and what is new since the last delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zlxl.figures.directory import STATUS, Change, Changes, Directory
from zlxl.reports.json import dump

SCHEMA_VERSION = 1
_KINDS = {"新增": "added", "变更": "changed", "减少": "removed"}


def write(
    directory: Directory, changes: Changes, body: str, words: Mapping[str, str] | None = None
) -> Iterator[str]:
    """One object, a certificate a line; ``body`` names the certification body."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "body": body,
        "as_of": directory.as_of.isoformat(),
        "total": len(directory.certificates),
        "changes": changes_object(changes),
    }
    yield dump(head)[:-1] + ', "certificates": ['
    for index, certificate in enumerate(directory.certificates):
        english = {} if words is None else {"status_en": words.get(certificate[STATUS], "")}
        held = {name: text or None for name, text in (certificate | english).items()}
        yield (",\n" if index else "\n") + dump(held)
    yield "\n]}\n"


def changes_object(changes: Changes) -> dict[str, object]:
    """Counts of certificates, and every change."""
    return {
        "since": changes.since.isoformat() if changes.since else None,
        "by": "comparison" if changes.compared else "dates",
        **{key: changes.count(kind) for kind, key in _KINDS.items()},  # type: ignore[arg-type]
        "list": [_change(change) for change in changes.changes],
    }


def _change(change: Change) -> dict[str, str | None]:
    return {
        "kind": _KINDS[change.kind],
        "certificate_no": change.number,
        "client": change.client,
        "field": change.field or None,
        "old": change.old or None,
        "new": change.new or None,
    }
