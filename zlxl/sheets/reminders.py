"""待办提醒: what is due, the most urgent first, with live counts and days left (4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from zlxl.figures.due import AHEAD, NEAR, OVERDUE, URGENCIES, URGENT, Due
from zlxl.figures.plan import Plan
from zlxl.grid import Area, column_letters
from zlxl.schema.facts import add_months
from zlxl.sheet import (
    Axis,
    Cell,
    Chart,
    ChartKind,
    Content,
    Formula,
    Link,
    Mark,
    Series,
    Sheet,
    Style,
    Workbook,
    sheet_link,
)
from zlxl.sheets.data import FRONT, NAV_ROW
from zlxl.sheets.links import cell_link
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

REMINDERS: Final = "待办提醒"
TODAY_AT: Final = "$C$2"
HEAD_ROW: Final = 4  #: of the counts
MONTHS: Final = 12  #: whole months that the chart looks ahead
_CHART_ROWS: Final = 16
_COUNT_AT: Final = 3  # column of the first count
_MONTH_AT: Final = 10  # column of the months
_FIELDS: Final = (
    Field(header="紧急程度", width=9, style=Style.CENTER),
    Field(header="剩余天数", width=9, style=Style.INTEGER),
    Field(header="最晚日期", width=12, style=Style.DATE),
    Field(header="计划日期", width=12, style=Style.DATE),
    Field(header="待办", width=18, style=Style.STRONG),
    Field(header="企业名称", width=28, style=Style.NOTE),
    Field(header="合同编号", width=18, style=Style.CODE),
    Field(header="体系", width=9, style=Style.CENTER),
    Field(header="等级", width=7, style=Style.CENTER),
    Field(header="依据", width=38, style=Style.NOTE),
    Field(header="怎么办", width=38, style=Style.NOTE),
    Field(header="责任部门", width=11, style=Style.CENTER),
    Field(header="规则", width=18),
    Field(header="出处", width=34, style=Style.NOTE),
    Field(header="位置", width=17, style=Style.LINK_CENTER),
    Field(header="计划编号", width=14, style=Style.CODE),
    Field(header="紧急天数", width=9, style=Style.INTEGER),
    Field(header="提醒天数", width=9, style=Style.INTEGER),
)
_LOOKS: Final = {OVERDUE: Style.BAD, URGENT: Style.WARN, NEAR: Style.INFO, AHEAD: Style.MUTED}
_COLOURS: Final = {OVERDUE: "B5456A", URGENT: "D97B29", NEAR: "6FA8C9", AHEAD: "8C8C8C"}

Cells = Iterator[tuple[tuple[int, int], Cell]]


def reminders_sheet(plan: Plan, *, front: bool = True, file: str = "") -> Sheet:
    """The sheet; ``front`` links back to 首页, ``file`` is where the rows stand when that is elsewhere."""
    counts = _Counts(plan)
    rows = [_row(due, plan.today, file) for due in plan.dues]
    listed = table_sheet(REMINDERS, "", _FIELDS, rows, header_row=counts.below, title="客户服务")
    cells = {place: cell for place, cell in listed.cells.items() if place[0] != NAV_ROW}
    cells |= dict([*_title(plan, front=front), *counts.cells(), *counts.months()])
    heights = dict.fromkeys(range(HEAD_ROW, counts.below), 19.0)
    return replace(
        listed,
        cells=cells,
        row_heights={**heights, **listed.row_heights, NAV_ROW: 30},
        merges=tuple(counts.merges()),
        marks=(*listed.marks, *_marks(counts.below + 1, counts.below + max(len(rows), 1))),
        charts=(counts.chart(),),
        freeze=None,
        print=replace(
            listed.print, repeat_rows=(counts.below, counts.below), repeat_columns=None, fit_width=2
        ),
        tab="D97B29",
        selected=(1, 1),
    )


def reminders_workbook(plan: Plan, file: str) -> Workbook:
    """The sheet as a workbook of its own, with links into the database."""
    return Workbook(sheets=(reminders_sheet(plan, front=False, file=file),), active=REMINDERS)


def _row(due: Due, today: date, file: str) -> Sequence[Content]:
    own = f"{REMINDERS}[[#This Row],"
    left = Formula(text=f"={own}[最晚日期]]-{TODAY_AT}", value=due.days_left(today))
    urgency = (
        f'=IF({own}[剩余天数]]<0,"{OVERDUE}",IF({own}[剩余天数]]<={own}[紧急天数]],"{URGENT}",'
        f'IF({own}[剩余天数]]<={own}[提醒天数]],"{NEAR}","{AHEAD}")))'
    )
    texts = (due.client, due.contract_no, due.system, due.grade, due.basis, due.action, due.owner)
    return (
        Formula(text=urgency, value=due.urgency(today)),
        left,
        due.due_on,
        due.plan_on,
        cell_text(due.kind),
        *map(cell_text, (*texts, due.rule, due.source)),
        cell_link(due.sheet, due.cell, file),
        cell_text(due.plan_no),
        due.urgent,
        due.near,
    )


def _title(plan: Plan, *, front: bool) -> Cells:
    hint = f"算于 {plan.today}；剩余天数和紧急程度随今天变化，重新运行 zlxl plan --write 更新各行。"
    for column in range(1, len(_FIELDS) + 1):
        yield (NAV_ROW, column), Cell(style=Style.NAV_TEXT)
    if front:
        back = Link(target=sheet_link(FRONT), text="‹ 首页", tip="回到首页")
        yield (NAV_ROW, 1), Cell(content=back, style=Style.NAV)
    yield (NAV_ROW, 3), Cell(content=REMINDERS, style=Style.NAV_TITLE)
    yield (NAV_ROW, 5), Cell(content=hint, style=Style.NAV_TEXT)
    yield (NAV_ROW + 1, 1), Cell(content="今天", style=Style.SMALL)
    yield (NAV_ROW + 1, 3), Cell(content=Formula(text="=TODAY()", value=plan.today), style=Style.DATE)
    told = "分等级只决定回访频次；监督审核始终按认证规则的间隔，不因等级减少。"
    yield (NAV_ROW + 1, 5), Cell(content=told, style=Style.SMALL)


def _marks(first: int, last: int) -> Iterator[Mark]:
    for urgency, style in _LOOKS.items():
        yield Mark(area=Area(first, 1, last, 1), formula=f'=$A{first}="{urgency}"', style=style)


class _Counts:
    """How many items of each kind have each urgency, and how many fall due in each month."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._found = plan, plan.counts()
        kinds = Counter[str]()
        for (kind, urgency), count in self._found.items():
            kinds[kind] += count * (1 if urgency in (OVERDUE, URGENT) else 0)
        self._kinds = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
        self._last = HEAD_ROW + len(self._kinds)
        self.below = max(self._last + 1, HEAD_ROW + _CHART_ROWS) + 2  #: header row of the list

    def cells(self) -> Cells:
        """Kinds by urgency, with totals."""
        heads = ["待办", None, *URGENCIES, "合计"]
        yield from _across(HEAD_ROW, heads, [Style.HEADER] * len(heads))
        styles = [Style.BODY] * 2 + [Style.INTEGER] * 5
        for row, kind in enumerate(self._kinds, HEAD_ROW + 1):
            counts = [self._count(kind, urgency, row) for urgency in URGENCIES]
            total = _sum(Area(row, _COUNT_AT, row, _COUNT_AT + 3), counts)
            yield from _across(row, [cell_text(kind), None, *counts, total], styles)
        totals = [self._total(number) for number in range(len(URGENCIES) + 1)]
        styles = [Style.TOTAL] * 2 + [Style.TOTAL_NUMBER] * 5
        yield from _across(self._last + 1, ["合计", None, *totals], styles)

    def _count(self, kind: str, urgency: str, row: int) -> Formula:
        tests = f'{REMINDERS}[待办],$A{row},{REMINDERS}[紧急程度],"{urgency}"'
        return Formula(text=f"=COUNTIFS({tests})", value=self._found[kind, urgency])

    def _total(self, number: int) -> Formula:
        wanted = URGENCIES[number : number + 1] or URGENCIES
        value = sum(self._found[kind, urgency] for kind in self._kinds for urgency in wanted)
        area = Area(HEAD_ROW + 1, _COUNT_AT + number, max(self._last, HEAD_ROW + 1), _COUNT_AT + number)
        return Formula(text=f"=SUM({area})", value=value)

    def merges(self) -> Iterator[Area]:
        """The name of a kind takes two columns."""
        yield from (Area(row, 1, row, 2) for row in range(HEAD_ROW, self._last + 2))

    def months(self) -> Cells:
        """Items by the month of their latest day, those that are overdue aside."""
        heads, styles = ["月份（最晚日期）", "待办数"], [Style.HEADER] * 2
        yield from _across(HEAD_ROW, heads, styles, _MONTH_AT)
        overdue = sum(due.due_on < self._plan.today for due in self._plan.dues)
        late = Formula(text=f'=COUNTIFS({REMINDERS}[最晚日期],"<"&{TODAY_AT})', value=overdue)
        yield from _across(HEAD_ROW + 1, ["已逾期", late], [Style.CENTER, Style.INTEGER], _MONTH_AT)
        begin = self._plan.today.replace(day=1)
        for number in range(MONTHS + 1):
            month = add_months(begin, number)
            text = f'=TEXT(EDATE({TODAY_AT}-DAY({TODAY_AT})+1,{number}),"yyyy-mm")'
            label = Formula(text=text, value=f"{month:%Y-%m}")
            row = HEAD_ROW + 2 + number
            styles = [Style.CENTER, Style.INTEGER]
            yield from _across(row, [label, self._in_month(number, month)], styles, _MONTH_AT)

    def _in_month(self, number: int, month: date) -> Formula:
        end = add_months(month, 1)
        first = f"EDATE({TODAY_AT}-DAY({TODAY_AT})+1,{number})"
        after = f"EDATE({TODAY_AT}-DAY({TODAY_AT})+1,{number + 1})"
        days = f"{REMINDERS}[最晚日期]"
        text = f'=COUNTIFS({days},">="&MAX({first},{TODAY_AT}),{days},"<"&{after})'
        since = max(month, self._plan.today)
        return Formula(text=text, value=sum(since <= due.due_on < end for due in self._plan.dues))

    def chart(self) -> Chart:
        """The months as columns."""
        first, last = HEAD_ROW + 1, HEAD_ROW + 2 + MONTHS
        label, count = column_letters(_MONTH_AT), column_letters(_MONTH_AT + 1)
        return Chart(
            kind=ChartKind.COLUMN,
            row=HEAD_ROW - 1,
            column=_MONTH_AT + 2,
            title="按月到期的待办",
            series=(
                Series(
                    name=f"='{REMINDERS}'!${count}${HEAD_ROW}",
                    values=f"='{REMINDERS}'!${count}${first}:${count}${last}",
                    categories=f"='{REMINDERS}'!${label}${first}:${label}${last}",
                    colour=_COLOURS[NEAR],
                    labels=True,
                ),
            ),
            y=Axis(minimum=0, number_format="0", gridlines=True),
            width=640,
            height=320,
            legend=None,
            alt_text="今后十二个月每月到期的待办数",
        )


def _across(row: int, contents: Sequence[Content], styles: Sequence[Style], left: int = 1) -> Cells:
    for column, (content, style) in enumerate(zip(contents, styles, strict=True), left):
        yield (row, column), Cell(content=content, style=style)


def _sum(area: Area, parts: Sequence[Formula]) -> Formula:
    value = sum(part.value for part in parts if isinstance(part.value, int))
    return Formula(text=f"=SUM({area})", value=value)
