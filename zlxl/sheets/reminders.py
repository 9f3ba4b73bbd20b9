"""待办提醒: what is due, the most urgent first, with live counts and days left (4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from zlxl.figures.due import AHEAD, NEAR, OVERDUE, URGENCIES, URGENT, Due
from zlxl.figures.plan import Plan
from zlxl.grid import Area
from zlxl.schema.facts import add_months
from zlxl.sheet import Axis, Chart, ChartKind, Content, Formula, Mark, Sheet, Style, Workbook
from zlxl.sheets.links import cell_link
from zlxl.sheets.overview import (
    Cells,
    Overview,
    across,
    column_chart,
    heads,
    joined,
    over,
    second_line,
    slim_line,
    total,
)
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

REMINDERS: Final = "待办提醒"
TODAY_AT: Final = "$C$2"
HEAD_ROW: Final = 4  #: of the counts
MONTHS: Final = 12  #: whole months that the chart looks ahead
_CHART_ROWS: Final = 16
_COUNT_AT: Final = 3  # column of the first count
_MONTH_AT: Final = 8  # column of the months
_TITLE_AT: Final = (3, 5)  # columns of title and hint
_PRINTED: Final = 12  # columns
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


def reminders_sheet(plan: Plan, *, front: bool = True, file: str = "") -> Sheet:
    """The sheet; ``front`` links back to 首页, ``file`` is where the rows stand when that is elsewhere."""
    counts = _Counts(plan)
    rows = [_row(due, plan.today, file) for due in plan.dues]
    listed = table_sheet(REMINDERS, "", _FIELDS, rows, header_row=counts.below, title="客户服务")
    above = Overview(
        cells=[*_title(plan, front=front), *counts.cells(), *counts.months()],
        rows=(HEAD_ROW, counts.below),
        printed=_PRINTED,
        charts=(counts.chart(),),
        merges=counts.merges(),
        marks=_marks(counts.below + 1, counts.below + max(len(rows), 1)),
        tab="D97B29",
    )
    return over(listed, above)


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
    told = "分等级只决定回访频次；监督审核始终按认证规则的间隔，不因等级减少。"
    yield from slim_line(REMINDERS, hint, len(_FIELDS), front=front, places=_TITLE_AT)
    yield from second_line(plan.today, (told,), _TITLE_AT)


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
        yield from heads(HEAD_ROW, ["待办", None, *URGENCIES, "合计"])
        styles = [Style.BODY] * 2 + [Style.INTEGER] * 5
        for row, kind in enumerate(self._kinds, HEAD_ROW + 1):
            counts = [self._count(kind, urgency, row) for urgency in URGENCIES]
            everything = sum(self._found[kind, urgency] for urgency in URGENCIES)
            summed = total(Area(row, _COUNT_AT, row, _COUNT_AT + 3), everything)
            yield from across(row, [cell_text(kind), None, *counts, summed], styles)
        totals = [self._total(number) for number in range(len(URGENCIES) + 1)]
        styles = [Style.TOTAL] * 2 + [Style.TOTAL_NUMBER] * 5
        yield from across(self._last + 1, ["合计", None, *totals], styles)

    def _count(self, kind: str, urgency: str, row: int) -> Formula:
        tests = f'{REMINDERS}[待办],$A{row},{REMINDERS}[紧急程度],"{urgency}"'
        return Formula(text=f"=COUNTIFS({tests})", value=self._found[kind, urgency])

    def _total(self, number: int) -> Formula:
        wanted = URGENCIES[number : number + 1] or URGENCIES
        value = sum(self._found[kind, urgency] for kind in self._kinds for urgency in wanted)
        area = Area(HEAD_ROW + 1, _COUNT_AT + number, max(self._last, HEAD_ROW + 1), _COUNT_AT + number)
        return total(area, value)

    def merges(self) -> Iterator[Area]:
        """The name of a kind takes two columns."""
        return joined(range(HEAD_ROW, self._last + 2), 1, 2)

    def months(self) -> Cells:
        """Items by the month of their latest day, those that are overdue aside."""
        yield from heads(HEAD_ROW, ["月份", "待办数"], _MONTH_AT)
        overdue = sum(due.due_on < self._plan.today for due in self._plan.dues)
        late = Formula(text=f'=COUNTIFS({REMINDERS}[最晚日期],"<"&{TODAY_AT})', value=overdue)
        yield from across(HEAD_ROW + 1, ["已逾期", late], [Style.CENTER, Style.INTEGER], _MONTH_AT)
        begin = self._plan.today.replace(day=1)
        for number in range(MONTHS + 1):
            month = add_months(begin, number)
            text = f'=TEXT(EDATE({TODAY_AT}-DAY({TODAY_AT})+1,{number}),"yyyy-mm")'
            label = Formula(text=text, value=f"{month:%Y-%m}")
            row = HEAD_ROW + 2 + number
            styles = [Style.CENTER, Style.INTEGER]
            yield from across(row, [label, self._in_month(number, month)], styles, _MONTH_AT)

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
        drawn = Chart(
            kind=ChartKind.COLUMN,
            row=HEAD_ROW,
            column=_MONTH_AT + 2,
            title="按月到期的待办",
            series=(),
            y=Axis(minimum=0, number_format="0", gridlines=True),
            width=600,
            height=380,
            legend=None,
            alt_text="今后十二个月每月到期的待办数",
        )
        return column_chart(drawn, REMINDERS, (HEAD_ROW, _MONTH_AT + 1), _MONTH_AT, MONTHS + 2)
