"""Turn the fixes that findings propose into a plan: what will stand in which cell, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from zlxl.changes import CellChange, CellValue
from zlxl.findings import Confidence, FileReport, Finding, Fix, Stored
from zlxl.grid import GENERAL, Area
from zlxl.reports.words import one_line
from zlxl.rules.catalog import RULE

TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
MAX_SHOWN_TEXT = 255  # a longer text under ``@`` shows as ##### in some versions of Excel
EMPTY = "（空）"
HEADINGS: dict[Confidence, str] = {"safe": "可自动修复", "review": "须人工确认"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One cell's new value, in words for a person and in types for the writer."""

    sheet: str
    cell: str  #: A1 address
    key: str  #: of the row
    column: str  #: header as the sheet spells it
    rule: str
    old: str  #: as shown
    new: str  #: as shown
    stored: Stored
    confidence: Confidence
    reason: str  #: the rule in a few words

    @property
    def place(self) -> str:
        """Where: ``客户台账!M12``."""
        return f"{self.sheet}!{self.cell}"

    def cell_change(self) -> CellChange:
        """The same for the writer: text stays text, dates look like dates, numbers keep their format."""
        area = Area.parse(self.cell)
        value, number_format, over = _stored(self.new, self.stored)
        return CellChange(
            sheet=self.sheet,
            row=area.top,
            column=area.left,
            value=value,
            number_format=number_format,
            over=over,
        )


def _stored(new: str, stored: Stored) -> tuple[CellValue, str | None, tuple[str, ...]]:
    """Value, number format and the formats it may take the place of."""
    match stored:
        case "empty":
            return None, None, ()
        case "date":
            return date.fromisoformat(new), DATE_FORMAT, ()
        case "number":
            return float(new), GENERAL, (TEXT_FORMAT,)
    return new, TEXT_FORMAT if len(new) <= MAX_SHOWN_TEXT else None, ()


def plan_fixes(report: FileReport, *, unsafe: bool = False) -> list[Change]:
    """One change for every cell that has a fix, in the order of the sheets; waived findings are left alone.

    Fixes that need a person come with ``unsafe`` only. Where several findings want to mend one cell, the safe
    fix comes first, then the lower rule code; the others are found again once it is made. So a plan is
    carried out and the file validated again until nothing is planned.
    """
    chosen: dict[tuple[str, str], Finding] = {}
    for finding in report.findings:
        if finding.fix is None or finding.cell is None or finding.state == "waived":
            continue
        if finding.fix.confidence == "review" and not unsafe:
            continue
        place = finding.sheet, finding.cell
        chosen[place] = min(chosen.get(place, finding), finding, key=_preference)
    order = {sheet: number for number, sheet in enumerate(dict.fromkeys(f.sheet for f in report.findings))}
    return sorted((_change(finding) for finding in chosen.values()), key=lambda c: _reading_order(c, order))


def _preference(finding: Finding) -> tuple[bool, str, str]:
    fix = _fix(finding)
    return fix.confidence != "safe", finding.rule, fix.new


def _fix(finding: Finding) -> Fix:
    if finding.fix is None:
        raise AssertionError(finding)
    return finding.fix


def _change(finding: Finding) -> Change:
    fix = _fix(finding)
    return Change(
        sheet=finding.sheet,
        cell=finding.cell or "",
        key=finding.key,
        column=finding.column or "",
        rule=finding.rule,
        old=finding.value,
        new=fix.new,
        stored=fix.stored,
        confidence=fix.confidence,
        reason=RULE[finding.rule].name if finding.rule in RULE else finding.message,
    )


def _reading_order(change: Change, order: dict[str, int]) -> tuple[int, int, int]:
    area = Area.parse(change.cell)
    return order[change.sheet], area.top, area.left


def as_one(done: Iterable[Change]) -> tuple[list[CellChange], dict[tuple[str, int, int], str]]:
    """What rounds of changes come to, one a cell, and why by sheet, row and column."""
    changes: dict[tuple[str, int, int], CellChange] = {}
    reasons: dict[tuple[str, int, int], list[str]] = {}
    for change in done:
        later = change.cell_change()
        place = later.sheet, later.row, later.column
        changes[place] = _composed(changes.get(place), later)
        reasons.setdefault(place, []).append(f"{change.rule} {change.reason}")
    return list(changes.values()), {place: "；".join(told) for place, told in reasons.items()}


def _composed(earlier: CellChange | None, later: CellChange) -> CellChange:
    """Two changes of a cell as one: the later value, under the format that both would leave."""
    if earlier is None or earlier.number_format is None:
        return later
    found = not earlier.over and earlier.number_format in later.over
    wins = later.number_format is not None and (found or not later.over)
    number_format, over = (later.number_format, ()) if wins else (earlier.number_format, earlier.over)
    return replace(later, number_format=number_format, over=over)


def plan_lines(plan: Iterable[Change]) -> Iterator[str]:
    """The plan for a person to look over before anything is written, safe changes and others apart."""
    changes = list(plan)
    graded = {grade: [c for c in changes if c.confidence == grade] for grade in HEADINGS}
    for grade, some in graded.items():
        if some:
            yield f"{HEADINGS[grade]}（{len(some)} 处）"
            yield from (f"  {_line(change)}" for change in some)
    counts = "，".join(f"{HEADINGS[grade]} {len(some)}" for grade, some in graded.items())
    yield f"共 {len(changes)} 处：{counts}。" if changes else "没有可以修复的单元格。"


def _line(change: Change) -> str:
    old, new = change.old or EMPTY, change.new or EMPTY
    return one_line(f"{change.place}  {change.column}  {old} → {new}  ({change.rule} {change.reason})")
