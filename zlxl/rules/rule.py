"""What a rule is, what it looks at, and how its accusation becomes a finding in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zlxl.findings import Accusation, Finding, Severity, fingerprint
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.table import Table
from zlxl.schema.values import shown

SHOWN_LENGTH = 60  # a longer value is cut in a message


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """The tables of one workbook that a rule may look at."""

    frames: tuple[Frame, ...]
    context: Context
    remarks: tuple[str, ...] = ()  #: policy rows that are not obeyed, and why

    def of(self, table: Table) -> Sequence[Frame]:
        """Every frame of a table; a table may stand on several sheets."""
        return self._by_table.get(table.name, ())

    @cached_property
    def _by_table(self) -> Mapping[str, Sequence[Frame]]:
        found: dict[str, list[Frame]] = defaultdict(list)
        for frame in self.frames:
            found[frame.table.name].append(frame)
        return found


Judge = Callable[[Book], Iterator[tuple[Frame, Accusation]]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Code, severity and words of a rule; ``judge`` is None where a cell type or a row fact accuses."""

    code: str
    name: str  #: a few words
    severity: Severity
    clause: str  #: of ZL-CX-16
    source: str = ""  #: standard or domain.md section behind it
    message: str  #: 现象; facts, {value} and {header} are filled in
    expected: str  #: 应为
    suggestion: str  #: 建议
    wrong: str  #: an example
    right: str  #: the same, mended
    judge: Judge | None = None


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def word(rule: Rule, frame: Frame, accusation: Accusation) -> Finding:
    """The finding of an accusation."""
    position = frame.position(accusation.row) if accusation.row > frame.header_row else -1
    cells = frame.cells.get(accusation.field or "")
    header = cells.header if cells else str(accusation.facts.get("header", "")) or None
    value = shown(cells.raw(position)) if cells and position >= 0 else str(accusation.facts.get("value", ""))
    key = frame.key(position) if position >= 0 else ""
    identity = frame.identity(position) if position >= 0 else str(accusation.facts.get("identity", ""))
    facts = facts_of(accusation.facts, value=value, header=header or "", key=key, table=frame.table.name)
    return Finding(
        rule=rule.code,
        severity=rule.severity,
        sheet=frame.sheet,
        cell=_address(frame, accusation),
        row=accusation.row or None,
        column=header,
        key=key,
        value=value,
        message=rule.message.format_map(facts),
        expected=rule.expected.format_map(facts),
        clause=rule.clause,
        suggestion=rule.suggestion.format_map(facts),
        fix=accusation.fix,
        fingerprint=fingerprint(*map(_encodable, (rule.code, frame.sheet, identity, header or ""))),
        related=tuple(accusation.facts.get("related", ())),  # type: ignore[arg-type]
    )


def facts_of(facts: Mapping[str, object], **more: str) -> Mapping[str, object]:
    """What fills the blanks of a rule's words: a long value is cut, an unknown blank stays empty."""
    return _Facts(facts, **{**more, "value": _cut(more["value"])})


def _address(frame: Frame, accusation: Accusation) -> str | None:
    if "cell" in accusation.facts:
        return str(accusation.facts["cell"])
    return frame.address(accusation.field, accusation.row) if accusation.row else None


def _encodable(text: str) -> str:
    """Text without halves of surrogate pairs, which no encoding holds."""
    return text.encode("utf-8", "replace").decode()


def _cut(value: str) -> str:
    return value if len(value) <= SHOWN_LENGTH else value[:SHOWN_LENGTH] + "…"
