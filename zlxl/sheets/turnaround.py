"""流程时效_2026 (4.10.1): how long each step took, as formulas over the list of cases below, with charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from zlxl.figures.pipeline import STATES
from zlxl.figures.turnaround import CLOSING, Case, Summary, Turnaround
from zlxl.grid import Area
from zlxl.sheet import Axis, Cell, Chart, ChartKind, Content, Formula, Series, Sheet, Style
from zlxl.sheets.data import NAV_ROW, footer
from zlxl.sheets.overview import Cells, absolute, across, heads, way_back
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

PREFIX: Final = "流程时效_"
OPEN: Final = "流程时效_在办"
HEAD_ROW: Final = 3
_HEADS: Final = (
    "环节",
    "部门",
    "单位",
    "期限",
    "件数",
    "中位数",
    "九成不超过",
    "最长",
    "有期限",
    "按期",
    "按期率",
)
_STYLES: Final = (
    Style.BODY, Style.BODY, Style.CENTER, Style.INTEGER, Style.INTEGER, Style.DECIMAL, Style.DECIMAL,
    Style.INTEGER, Style.INTEGER, Style.INTEGER, Style.PERCENT,
)  # fmt: skip
_FIELDS: Final = (
    Field(header="环节", width=15),
    Field(header="部门", width=13),
    Field(header="单位", width=10, style=Style.CENTER),
    Field(header="用时", width=11, style=Style.INTEGER),
    Field(header="开始", width=13, style=Style.DATE),
    Field(header="结束", width=13, style=Style.DATE),
    Field(header="期限日", width=13, style=Style.DATE),
    Field(header="按期", width=10, style=Style.CENTER),
    Field(header="超期天数", width=12, style=Style.INTEGER),
    Field(header="编号", width=18, style=Style.CODE),
    Field(header="企业名称", width=30, style=Style.NOTE),
)
_OPEN_FIELDS: Final = (
    Field(header="下一步", width=15),
    Field(header="编号", width=18, style=Style.CODE),
    Field(header="企业名称", width=32, style=Style.NOTE),
    Field(header="起始日", width=13, style=Style.DATE),
    Field(header="已等天数", width=12, style=Style.INTEGER),
    Field(header="还缺", width=34, style=Style.NOTE),
)
_TAB: Final = "6FA8C9"
_CHART_ROWS: Final = 16
_COLOURS: Final = ("1F5A8C", "D97B29")


def turnaround_sheet(figures: Turnaround, *, front: bool) -> Sheet:
    """The sheet of a period; ``front``: whether the workbook has a first sheet to lead back to."""
    page = _Page(figures)
    listed = table_sheet(
        page.name,
        f"算于 {figures.today}。{figures.period.chinese}结束的 {len(figures.cases)} 件，到结束为止；"
        "期限按现行时限规则。",
        _FIELDS,
        [_row(case) for case in figures.cases],
        frozen=0,
        tab=_TAB,
        title="中澜认证有限公司",
        header_row=page.below,
    )
    return replace(
        listed,
        cells={**listed.cells, (NAV_ROW, 1): way_back(front=front), **dict(page.cells())},
        row_heights={**dict.fromkeys(range(HEAD_ROW, page.below), 19), **listed.row_heights},
        charts=tuple(page.charts()),
        freeze=None,
        print=replace(
            listed.print,
            fit_width=1,
            fit_height=1,
            repeat_rows=None,
            area=Area(1, 1, page.below - 1, len(_FIELDS)),  # the list is for the screen
            footer=footer(page.name),
        ),
        selected=(1, 1),
    )


def open_sheet(figures: Turnaround, *, front: bool) -> Sheet:
    """Applications on their way to the certificate, counted by the step that comes next."""
    below = HEAD_ROW + len(STATES) + 2
    rows = [
        [one.state, cell_text(one.number), cell_text(one.client), one.since, one.days, cell_text(one.missing)]
        for one in figures.open
    ]
    listed = table_sheet(
        OPEN,
        f"截至 {figures.today} 在办 {len(rows)} 项：从申请书发出到颁证，缺什么、等了几天。",
        _OPEN_FIELDS,
        rows,
        tab=_TAB,
        title="中澜认证有限公司",
        header_row=below,
    )
    return replace(
        listed,
        cells={**listed.cells, (NAV_ROW, 1): way_back(front=front), **dict(_open_counts(figures))},
        row_heights={**dict.fromkeys(range(HEAD_ROW, below), 19), **listed.row_heights},
        freeze=None,
        print=replace(listed.print, repeat_rows=(below, below), footer=footer(OPEN)),
        selected=(1, 1),
    )


def _open_counts(figures: Turnaround) -> Cells:
    yield from heads(HEAD_ROW, ("下一步", "在办数", "最长天数"))
    for row, state in enumerate(STATES, HEAD_ROW + 1):
        days = [one.days for one in figures.open if one.state == state]
        mine = f"({OPEN}[下一步]=$A{row})"
        yield (row, 1), Cell(content=state, style=Style.BODY)
        number = Formula(text=f"=SUMPRODUCT({mine}*1)", value=len(days))
        yield (row, 2), Cell(content=number, style=Style.INTEGER)
        longest = Formula(text=f"=SUMPRODUCT(MAX({mine}*{OPEN}[已等天数]))", value=max(days, default=0))
        yield (row, 3), Cell(content=longest, style=Style.INTEGER)


def _row(case: Case) -> list[Content]:
    in_time = {None: None, True: "是", False: "否"}[case.in_time]
    late = max(0, (case.end - case.latest).days) if case.latest else None
    return [
        case.step.name,
        cell_text(case.department),
        case.step.unit,
        case.days,
        case.begin,
        case.end,
        case.latest,
        in_time,
        late,
        cell_text(case.key),
        cell_text(case.client),
    ]


class _Page:
    """The two summaries above the list: by step, and by department where the rows tell it."""

    def __init__(self, figures: Turnaround) -> None:
        self.name = f"{PREFIX}{figures.period}"
        self._figures = figures
        self._departments_at = HEAD_ROW + len(figures.steps) + 2
        last = self._departments_at + len(figures.departments)
        self._charts_at = last + 2
        self.below = self._charts_at + (_CHART_ROWS if figures.cases else 0) + 1  #: header row of the list

    def cells(self) -> Cells:
        """Both tables."""
        yield from self._heads(HEAD_ROW)
        for row, line in enumerate(self._figures.steps, HEAD_ROW + 1):
            yield from self._line(row, line, whole=True)
        if self._figures.departments:
            yield from self._heads(self._departments_at)
        for row, line in enumerate(self._figures.departments, self._departments_at + 1):
            yield from self._line(row, line, whole=False)

    @staticmethod
    def _heads(row: int) -> Cells:
        return heads(row, _HEADS)

    def _line(self, row: int, line: Summary, *, whole: bool) -> Cells:
        contents = [
            line.step.name,
            cell_text(line.department),
            line.step.unit,
            self._figures.limits.get(line.step.name),
            *self._formulas(row, line, whole=whole),
        ]
        return across(row, contents, _STYLES)

    def _formulas(self, row: int, line: Summary, *, whole: bool) -> Sequence[Formula]:
        mine = f"({self.name}[环节]=$A{row})" + ("" if whole else f"*({self.name}[部门]=$B{row})")
        days, count, judged, good = f"{self.name}[用时]", f"$E{row}", f"$I{row}", f"$J{row}"
        in_time = f'{mine}*({self.name}[按期]="是")'
        return (
            Formula(text=f"=SUMPRODUCT({mine}*1)", value=len(line.cases)),
            Formula(text=_quantile(mine, days, count, "0.5"), value=line.median),
            Formula(text=_quantile(mine, days, count, "0.9"), value=line.ninth),
            Formula(text=f"=SUMPRODUCT(MAX({mine}*{days}))", value=line.longest),
            Formula(text=f'=SUMPRODUCT({mine}*({self.name}[按期]<>""))', value=line.judged),
            Formula(text=f"=SUMPRODUCT({in_time})", value=line.in_time),
            Formula(
                text=f'=IF({judged}=0,"",{good}/{judged})',
                value="" if line.share is None else line.share,
            ),
        )

    def charts(self) -> Iterator[Chart]:
        """Median and ninth tenth of each step; share in time of the departments that settle requests."""
        steps, departments = self._figures.steps, self._figures.departments
        if steps:
            rows = (HEAD_ROW + 1, HEAD_ROW + len(steps))
            axis = Axis(minimum=0, number_format="0", gridlines=True)
            yield self._bars("各环节用时（天或工作日）", HEAD_ROW, rows, {6: "0.#", 7: "0.#"}, 1, axis)
        closing = [n for n, line in enumerate(departments) if line.step is CLOSING]
        if closing:
            head = self._departments_at
            rows = (head + 1 + closing[0], head + 1 + closing[-1])
            axis = Axis(minimum=0, maximum=1, number_format="0%", gridlines=True)
            yield self._bars("客户要求办结按期率", head, rows, {11: "0.0%"}, 2, axis)

    def _bars(
        self,
        title: str,
        head: int,
        rows: tuple[int, int],
        columns: Mapping[int, str],
        named: int,
        axis: Axis,
    ) -> Chart:
        """Bars of some columns, each with the format of its labels; ``named`` holds the categories."""

        def cells(column: int) -> str:
            first, last = (absolute(row, column) for row in rows)
            return f"='{self.name}'!{first}:{last}"

        series = tuple(
            Series(
                name=f"='{self.name}'!{absolute(head, column)}",
                values=cells(column),
                categories=cells(named),
                colour=colour,
                labels=True,
                label_format=shape,
            )
            for (column, shape), colour in zip(columns.items(), _COLOURS, strict=False)
        )
        return Chart(
            kind=ChartKind.BAR,
            row=self._charts_at,
            column=1 if named == 1 else 7,
            title=title,
            series=series,
            x=axis,
            y=Axis(reverse=True),
            width=560,
            height=_CHART_ROWS * 25,
            legend="bottom" if len(series) > 1 else None,
            alt_text=title,
        )


def _quantile(mine: str, days: str, count: str, share: str) -> str:
    """The interpolated quantile of the matching rows, without array entry.

    Rows that do not match count as 0, matching ones as days + 1: the matching ones are the last in order.
    """
    place = f"({count}-1)*{share}"
    ordered = f"{mine}*({days}+1)"

    def at(number: str) -> str:
        return f"SUMPRODUCT(SMALL({ordered},ROWS({days})-{count}+{number}))"

    low, high = at(f"INT({place})+1"), at(f"MIN(INT({place})+2,{count})")
    return f"={low}+({place}-INT({place}))*({high}-{low})-1"
