"""Marks of findings: which cells of a checked workbook are shown to be at fault, and with which words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zlxl.changes import CellMark
from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.grid import Area, TableSource
from zlxl.jobs.history import LogEntry
from zlxl.jobs.places import Place, by_sheet, places_of
from zlxl.rules.catalog import RULE
from zlxl.sheets.report_remarks import read_remarks
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.results import RESULTS, filled_remarks, results_sheet, run_of

MOST_CELLS: Final = 10_000  # marked on a sheet; more make a workbook slow, and nobody reads them
MOST_TOLD: Final = 8  # findings in the note of one cell
LONGEST: Final = 300  # characters of each part of a note
MARKED: Final = "标记"  #: field of the log's lines
WHOLE: Final = "全表"

Spot = tuple[int, int]  #: row and column


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What marking one file writes, and what to say about it."""

    edits: Edits
    entries: tuple[LogEntry, ...]
    cells: int
    remarks: tuple[str, ...] = ()

    def without_sheets(self) -> Edits:
        """The edits but for the generated sheet."""
        return replace(self.edits, sheets=(), removed=())


def mark(source: TableSource, report: FileReport, run: Run) -> Marked:
    """The marks of a file that was checked, and its sheet 校验结果; both replace those of last time.

    What people wrote into the last 校验结果 is carried on. Waived findings are listed, not marked.

    Raises:
        UsageError: a CSV file, which can hold no marks.
    """
    refuse_text(source)
    spots = _spots(source, [finding for finding in report.findings if finding.state != "waived"])
    kept = {sheet: dict(_worst_first(found)[:MOST_CELLS]) for sheet, found in spots.items()}
    marks = [
        CellMark(sheet=sheet, row=row, column=column, level=finding.severity, text=text)
        for sheet, found in kept.items()
        for (row, column), findings in found.items()
        for finding, text in _told(findings)
    ]
    results = results_sheet(run_of(run, report), RULE, read_remarks(source, RESULTS) or {})
    return Marked(
        edits=Edits(marks=tuple(marks), sheets=(results,)),
        entries=tuple(_entry(sheet, found) for sheet, found in kept.items()),
        cells=sum(map(len, kept.values())),
        remarks=tuple(_capped(spots)),
    )


def unmark(source: TableSource, sheets: Sequence[str]) -> Marked:
    """What takes all marks off the ``sheets`` that have any, and deletes 校验结果.

    Raises:
        UsageError: a CSV file.
    """
    refuse_text(source)
    written = filled_remarks(read_remarks(source, RESULTS) or {})
    remarks = (f"“{RESULTS}”中有 {written} 行处理记录，已随表删除，可从备份中找回。",) if written else ()
    entries = (_line(sheet, "取消标记") for sheet in sheets)
    return Marked(edits=Edits(marks=(), removed=(RESULTS,)), entries=tuple(entries), cells=0, remarks=remarks)


def refuse_text(source: TableSource) -> None:
    """UsageError for a file that holds neither fills nor notes."""
    if not any(grid.typed for grid in source.grids()):
        raise UsageError(
            f"「{source.path}」是文本文件，不能标记单元格；"
            "请先用 Excel 另存为 .xlsx，或用 --output xlsx=报告.xlsx。"
        )


def _spots(source: TableSource, findings: Iterable[Finding]) -> Mapping[str, dict[Spot, list[Finding]]]:
    """Findings by the cell they are shown on; those that belong to none are left to the list."""
    places = by_sheet(places_of(source))
    spots: dict[str, dict[Spot, list[Finding]]] = defaultdict(dict)
    for finding in findings:
        spot = _spot(finding, places.get(finding.sheet, ()))
        if spot is not None:
            spots[finding.sheet].setdefault(spot, []).append(finding)
    return spots


def _spot(finding: Finding, places: Sequence[Place]) -> Spot | None:
    """The finding's own cell; else its row's key, or the header of its column."""
    if finding.cell:
        area = Area.parse(finding.cell)
        return area.top, area.left
    for place in places:
        columns = place.columns_of(finding.column) if finding.column else place.key_columns
        if columns and finding.row and finding.row > place.match.row:
            return finding.row, columns[0]
        if columns and finding.column:
            return place.match.row, columns[0]
    return None


def _worst_first(found: Mapping[Spot, list[Finding]]) -> list[tuple[Spot, list[Finding]]]:
    return sorted(found.items(), key=lambda item: (-max(f.severity.rank for f in item[1]), item[0]))


def _told(findings: Sequence[Finding]) -> Iterator[tuple[Finding, str]]:
    """The findings of a cell with their words, the worst first, as many as a note can hold."""
    ordered = sorted(findings, key=lambda finding: -finding.severity.rank)
    for finding in ordered[:MOST_TOLD]:
        yield finding, _words(finding)
    if (more := len(ordered) - MOST_TOLD) > 0:
        yield ordered[MOST_TOLD], f"另有 {more} 个问题，见工作表“{RESULTS}”。"


def _words(finding: Finding) -> str:
    parts = [
        finding.message,
        f"应为：{_cut(finding.expected)}" if finding.expected else "",
        f"建议：{_cut(finding.suggestion)}" if finding.suggestion else "",
    ]
    told = "\n".join(_cut(part) for part in parts if part)
    return f"{told}\n规则：{finding.rule}"


def _cut(text: str) -> str:
    clean = cell_text(text) or ""
    return clean if len(clean) <= LONGEST else clean[:LONGEST] + "…"


def _capped(spots: Mapping[str, Mapping[Spot, object]]) -> Iterator[str]:
    for sheet, found in spots.items():
        if len(found) > MOST_CELLS:
            yield (
                f"工作表“{sheet}”有 {len(found)} 个单元格有问题，只标记了较严重的 {MOST_CELLS} 个，"
                f"全部见“{RESULTS}”。"
            )


def _entry(sheet: str, found: Mapping[Spot, Sequence[Finding]]) -> LogEntry:
    levels = Counter(finding.severity for findings in found.values() for finding in findings)
    counts = "、".join(f"{severity.chinese} {levels[severity]}" for severity in Severity if levels[severity])
    return _line(sheet, f"标记 {len(found)} 个单元格（{counts}）")


def _line(sheet: str, what: str) -> LogEntry:
    return LogEntry(sheet=sheet, row_key=WHOLE, field=MARKED, old="", new=what)
