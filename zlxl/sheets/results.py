"""校验结果, the findings within the checked workbook: how many on which sheet, and one line a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from zlxl.findings import FileReport, Run, Severity
from zlxl.grid import Area, column_letters
from zlxl.rules.rule import Rule
from zlxl.sheet import Axis, Cell, Chart, ChartKind, Content, Formula, Series, Sheet, Style
from zlxl.sheets.data import NAV_ROW
from zlxl.sheets.report_list import list_sheet
from zlxl.sheets.report_remarks import Remark
from zlxl.sheets.report_view import View
from zlxl.sheets.report_words import STATES, cell_text, verdict

RESULTS: Final = "校验结果"
TOP: Final = 16  # sheets that are counted one by one
HEAD_ROW: Final = 4  # of the counts
CHART_ROWS: Final = 13  # that the chart needs beside the counts
_COUNTS_AT: Final = 3  # column of the first count
_COLOURS: Final = {Severity.ERROR: "B5456A", Severity.WARNING: "D97B29", Severity.NOTE: "6FA8C9"}
_WIDE: Final = 12  # columns of the title's line

Cells = Iterator[tuple[tuple[int, int], Cell]]


def results_sheet(run: Run, rules: Mapping[str, Rule], remarks: Mapping[str, Remark]) -> Sheet:
    """The sheet for the one file of a run; ``remarks`` are the lines of the sheet before it."""
    view = View(run=run, rules=rules, earlier=remarks, folder=None)
    counts = _Counts(view)
    listed = list_sheet(view, RESULTS, counts.below)
    cells = {place: cell for place, cell in listed.cells.items() if place[0] != NAV_ROW}
    cells |= dict([*_title(run), *counts.cells()])
    return replace(
        listed,
        cells=cells,
        row_heights={**dict.fromkeys(range(HEAD_ROW, counts.below), 19), **listed.row_heights, NAV_ROW: 30},
        merges=tuple(counts.merges()),
        charts=tuple(counts.charts()),
        freeze=None,
        print=replace(
            listed.print, fit_width=1, repeat_columns=None, repeat_rows=(counts.below, counts.below)
        ),
        selected=(1, 1),
    )


def _title(run: Run) -> Cells:
    checked = f"检查于 {run.started[:16].replace('T', ' ')}；取消标记：zlxl validate 文件 --unmark"
    hint = "深色表头的三栏由处理人填写，下次标记时自动带入。点“单元格”直达原处。"
    for column in range(1, _WIDE + 1):
        yield (NAV_ROW, column), Cell(style=Style.NAV_TEXT)
    yield (NAV_ROW, 1), Cell(content=RESULTS, style=Style.NAV_TITLE)
    yield (NAV_ROW, 3), Cell(content=verdict(run), style=Style.NAV_TITLE)
    yield (NAV_ROW + 1, 1), Cell(content=f"{checked}。{hint}", style=Style.SMALL)


class _Counts:
    """How many findings of each level every sheet has, waived ones aside."""

    def __init__(self, view: View) -> None:
        self._exact = not view.left_out
        self._found = Counter(
            (line.finding.sheet, line.finding.severity) for line in view.lines if line.state != "waived"
        )
        sheets = Counter[str]()
        for (sheet, _), count in self._found.items():
            sheets[sheet] += count
        self._sheets = [sheet for sheet, _ in sheets.most_common(TOP)]
        self._rest = len(sheets) - len(self._sheets)
        self._last = HEAD_ROW + len(self._sheets)
        self.below = HEAD_ROW + max(len(self._sheets) + 1, CHART_ROWS) + 2  #: header row of the list

    def cells(self) -> Cells:
        """The table of counts."""
        heads = ["工作表", "", *(severity.chinese for severity in Severity), "合计"]
        yield from self._row(HEAD_ROW, heads, [Style.HEADER] * len(heads))
        for row, sheet in enumerate(self._sheets, HEAD_ROW + 1):
            counts = [self._count(sheet, severity, row) for severity in Severity]
            total = self._sum(row, sum(self._found[sheet, severity] for severity in Severity))
            styles = [Style.BODY] * 2 + [Style.INTEGER] * 4
            yield from self._row(row, [cell_text(sheet), None, *counts, total], styles)
        label = f"前 {TOP} 表合计" if self._rest else "合计"
        if self._sheets:
            totals = [self._total(column) for column in range(len(Severity) + 1)]
            styles = [Style.TOTAL] * 2 + [Style.TOTAL_NUMBER] * 4
            yield from self._row(self._last + 1, [label, None, *totals], styles)

    @staticmethod
    def _row(row: int, contents: Sequence[Content], styles: Sequence[Style]) -> Cells:
        for column, (content, style) in enumerate(zip(contents, styles, strict=True), 1):
            yield (row, column), Cell(content=content, style=style)

    def _count(self, sheet: str, severity: Severity, row: int) -> Content:
        """The number as a formula over the list, where the list holds all and the name is no pattern."""
        value = self._found[sheet, severity]
        if not self._exact or sheet[:1] in "=<>" or set(sheet) & set("~*?"):
            return value
        tests = f'{RESULTS}[工作表],$A{row},{RESULTS}[级别],"{severity.chinese}"'
        return Formula(text=f'=COUNTIFS({tests},{RESULTS}[状态],"<>{STATES["waived"]}")', value=value)

    @staticmethod
    def _sum(row: int, value: int) -> Formula:
        first, last = (column_letters(c) for c in (_COUNTS_AT, _COUNTS_AT + len(Severity) - 1))
        return Formula(text=f"=SUM({first}{row}:{last}{row})", value=value)

    def _total(self, column: int) -> Formula:
        levels = list(Severity)[column : column + 1] or list(Severity)
        value = sum(self._found[sheet, level] for sheet in self._sheets for level in levels)
        area = Area(HEAD_ROW + 1, _COUNTS_AT + column, self._last, _COUNTS_AT + column)
        return Formula(text=f"=SUM({area})", value=value)

    def merges(self) -> Iterator[Area]:
        """The name of a sheet takes two columns."""
        rows = range(HEAD_ROW, self._last + 1 + bool(self._sheets))
        yield from (Area(row, 1, row, 2) for row in rows)

    def charts(self) -> Iterator[Chart]:
        """The counts as stacked bars; none where nothing was found."""
        if not self._sheets:
            return
        yield Chart(
            kind=ChartKind.BAR_STACKED,
            row=HEAD_ROW - 1,
            column=_COUNTS_AT + len(Severity) + 2,
            title="各工作表的问题数",
            series=tuple(self._series(severity, n) for n, severity in enumerate(Severity, _COUNTS_AT)),
            x=Axis(minimum=0, number_format="0", gridlines=True),
            y=Axis(reverse=True),
            width=560,
            height=290,
            alt_text="各工作表的错误、警告和提示数",
        )

    def _series(self, severity: Severity, column: int) -> Series:
        def cells(at: int) -> str:
            first, last = (f"${column_letters(at)}${row}" for row in (HEAD_ROW + 1, self._last))
            return f"='{RESULTS}'!{first}:{last}"

        return Series(
            name=f"='{RESULTS}'!${column_letters(column)}${HEAD_ROW}",
            values=cells(column),
            categories=cells(1),
            colour=_COLOURS[severity],
        )


def run_of(run: Run, file: FileReport) -> Run:
    """The run as far as it is about one file."""
    return replace(run, files=(file,))


def filled_remarks(remarks: Mapping[str, Remark]) -> int:
    """How many lines somebody wrote into."""
    return sum(not remark.empty for remark in remarks.values())
