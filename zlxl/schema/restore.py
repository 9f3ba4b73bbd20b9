"""What undoing a change needs, as the JSON of 还原信息 in 变更记录."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zlxl.schema.stored import Stored

MAX_TEXT: Final = 32_767  # UTF-16 units in a cell

_SURROGATE = re.compile("[\ud800-\udfff]")


def cell_restore(old: Stored | None, new: Stored, key: Sequence[str] = ()) -> str:
    """What undoing a changed cell needs: ``old`` (left out where it cannot be put back), ``new``, ``key``."""
    told: dict[str, object] = {} if old is None else {"old": old.as_list()}
    told["new"] = new.as_list()
    if any(key):
        told["key"] = list(key)
    return _json(told)


def row_restore(kind: str, stored: Mapping[str, Stored]) -> str:
    """What undoing a new row (``row``) or an emptied one (``was``) needs: its cells by header."""
    return _json({kind: {header: value.as_list() for header, value in stored.items()}})


def _json(told: Mapping[str, object]) -> str:
    """Compact JSON; nothing where a cell cannot hold it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text if len(text.encode("utf-16-le")) <= 2 * MAX_TEXT else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restore:
    """The same read back; what a line does not tell is missing."""

    old: Stored | None = None  #: of a changed cell
    new: Stored | None = None
    key: tuple[str, ...] = ()  #: all key fields of its row
    row: Mapping[str, Stored] = field(default_factory=dict)  #: cells of a new row, by header
    was: Mapping[str, Stored] = field(default_factory=dict)  #: cells of an emptied row


def read_restore(text: str) -> Restore:
    """What a line of the log tells; nothing where somebody spoilt it."""
    try:
        told = json.loads(text)
        return Restore(
            old=Stored.from_list(told["old"]) if "old" in told else None,
            new=Stored.from_list(told["new"]) if "new" in told else None,
            key=tuple(str(part) for part in told.get("key", ())),
            row={header: Stored.from_list(cell) for header, cell in told.get("row", {}).items()},
            was={header: Stored.from_list(cell) for header, cell in told.get("was", {}).items()},
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return Restore()
