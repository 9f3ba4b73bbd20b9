"""首页: what needs attention today, quick look-up, the way to every sheet; by formulas alone (4.2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.grid import Area
from zlxl.schema.facts import add_months
from zlxl.schema.table import Table
from zlxl.sheet import (
    Axis,
    Cell,
    Chart,
    ChartKind,
    ColumnLook,
    Content,
    DataBar,
    Formula,
    Link,
    Mark,
    Print,
    Series,
    Sheet,
    Style,
    Validation,
    sheet_link,
)
from zlxl.sheets.data import FRONT, footer
from zlxl.sheets.front_analyses import ANALYSES, NOT_YET, lines
from zlxl.sheets.front_figures import (
    KEY_FIGURES,
    MUST,
    OVERDUE,
    PLAN,
    TASKS,
    Figure,
    words,
)
from zlxl.sheets.front_search import SEARCHED, SHOWN, Search, helper_values
from zlxl.sheets.front_terms import Moment, Quantity, Rows
from zlxl.sheets.look import NAVY
from zlxl.sheets.names import TODAY, list_name, ref
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.lists import LISTS

Cells = Iterator[tuple[tuple[int, int], Cell]]

MANUAL: Final = "使用说明"
TODAY_CELL: Final = f"'{FRONT}'!$K$2"
_WIDTHS: Final = (2, 6, 32, 18, 20, 9, 9, 10, 18, 14, 13, 12, 2)
_LEFT, _RIGHT = 2, 12  # columns B to L
_HELPERS: Final = range(
    14, 14 + len(SEARCHED) + 1
)  # hidden columns: position by field, then the first of them

_NAV_ROW: Final = 4
_KPI_ROW: Final = 6
_SEARCH_ROW: Final = 9
_KEY_ROW: Final = _SEARCH_ROW + 2
_RESULT_ROW: Final = _KEY_ROW + 3
_TASK_ROW: Final = _RESULT_ROW + SHOWN + 1
_SPREAD_ROW: Final = _TASK_ROW + len(TASKS) + 3
_SPREAD: Final = 13  # lines of the three lists
_ANALYSES_ROW: Final = _SPREAD_ROW + _SPREAD + 3
_SHEETS_ROW: Final = _ANALYSES_ROW + len(ANALYSES) + 3
_KEY: Final = f"$C${_KEY_ROW}"
_TOTAL: Final = f"$N${_KEY_ROW}"

#: (first column, last column) of each of the key figures
_KPI_PLACES: Final = ((2, 3), (4, 4), (5, 5), (6, 7), (8, 9), (10, 12))
_QUICK: Final = ("客户台账", "客户要求", "服务计划", "满意度调查", "码表", "权限表", "时限规则", MANUAL)
_QUICK_PLACES: Final = ((2, 3), (4, 4), (5, 5), (6, 7), (8, 8), (9, 9), (10, 10), (11, 12))

#: column, header, field and style of the look-up's answer
_ANSWERS: Final = (
    (3, "企业名称", "client", Style.BODY),
    (4, "合同编号", "contract_no", Style.CODE),
    (5, "证书编号", "certificate_no", Style.CODE),
    (6, "体系", "system", Style.CENTER),
    (7, "状态", "status", Style.CENTER),
    (8, "联系人", "contact", Style.BODY),
    (9, "联系电话", "phone", Style.CODE),
    (10, "计划监审时间", "planned_on", Style.DATE),
    (11, "有效期至", "valid_until", Style.DATE),
)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What the page is computed from; ``day`` is None where cached values must not depend on the clock."""

    rows: Rows
    day: date | None
    key: str

    @property
    def moment(self) -> Moment:
        return Moment.of(self.rows, self.day or date(2026, 1, 1))

    def number(self, quantity: Quantity) -> Formula:
        """A quantity as a formula with its value."""
        return Formula(text=f"={quantity.expression}", value=self.value(quantity))

    def value(self, quantity: Quantity) -> int | str:
        rows = self.rows.get(quantity.table.name, ())
        if self.day is None:
            return "" if rows else 0
        return quantity.count(rows, self.moment)

    @property
    def search(self) -> Search:
        return Search(key=_KEY, rows=self.rows.get(CLIENTS.name, ()), text=self.key)


def front_sheet(rows: Rows, *, today: date | None = None, key: str = "") -> Sheet:
    """The first sheet; ``key`` is what the look-up's cell holds."""
    page = _Page(rows=rows, day=today, key=key)
    return Sheet(
        name=FRONT,
        cells=dict(_cells(page)),
        columns=dict(_columns()),
        row_heights=dict(_heights()),
        merges=tuple(_merges()),
        marks=tuple(_marks()),
        bars=(
            DataBar(area=Area(_SPREAD_ROW + 2, 4, _SPREAD_ROW + 1 + _SPREAD, 4)),
            DataBar(area=Area(_SPREAD_ROW + 2, 6, _SPREAD_ROW + 1 + _SPREAD, 6)),
        ),
        charts=(_chart(),),
        validations=(
            Validation(
                area=Area(_KEY_ROW, 3, _KEY_ROW, 3),
                prompt_title="快速查询",
                prompt="输入一部分即可，如“恒泰”“20230015”“85551234”。* 代表任意多个字，? 代表一个字。",
            ),
        ),
        print=Print(
            fit_height=2,
            margins=(0.4, 0.4, 0.4, 0.45),
            footer=footer("首页（4.2.2）"),
            area=_PRINTED,
            centered=True,
        ),
        tab=NAVY,
        protected=True,
        selected=(_KEY_ROW, 3),
    )


_PRINTED: Final = Area(1, 1, _SHEETS_ROW + len(TABLES) + 2, 13)


def _cells(page: _Page) -> Cells:
    yield from _head(page)
    yield from _key_figures(page)
    yield from _search(page)
    yield from _tasks(page)
    yield from _spread(page)
    yield from _analyses(page)
    yield from _sheets(page)


def _columns() -> Iterator[tuple[int, ColumnLook]]:
    for number, width in enumerate(_WIDTHS, 1):
        yield number, ColumnLook(width=width)
    for number in _HELPERS:
        yield number, ColumnLook(width=10, hidden=True)


def _heights() -> Iterator[tuple[int, float]]:
    yield from {1: 9, 2: 36, 3: 18, _NAV_ROW: 21, 5: 9, _KPI_ROW: 18, _KPI_ROW + 1: 36, 8: 12}.items()
    for row in (_SEARCH_ROW, _TASK_ROW, _SPREAD_ROW, _ANALYSES_ROW, _SHEETS_ROW):
        yield row, 26
    for row in (_RESULT_ROW - 1, _TASK_ROW + 1, _SPREAD_ROW + 1, _ANALYSES_ROW + 1, _SHEETS_ROW + 1):
        yield row, 22
    yield from {_KEY_ROW - 1: 6, _KEY_ROW: 28, _KEY_ROW + 1: 6}.items()
    for top, count in (
        (_RESULT_ROW, SHOWN),
        (_TASK_ROW + 2, len(TASKS)),
        (_SPREAD_ROW + 2, _SPREAD),
        (_ANALYSES_ROW + 2, len(ANALYSES)),
        (_SHEETS_ROW + 2, len(TABLES) + 1),
    ):
        for row in range(top, top + count):
            yield row, 16.5


def _merges() -> Iterator[Area]:
    yield Area(2, 2, 2, 8)
    yield Area(2, 11, 2, 12)
    yield Area(3, 2, 3, 12)
    for left, right in (*_QUICK_PLACES,):
        if right > left:
            yield Area(_NAV_ROW, left, _NAV_ROW, right)
    for left, right in _KPI_PLACES:
        if right > left:
            yield Area(_KPI_ROW, left, _KPI_ROW, right)
            yield Area(_KPI_ROW + 1, left, _KPI_ROW + 1, right)
    yield Area(_KEY_ROW, 3, _KEY_ROW, 5)
    yield Area(_KEY_ROW, 6, _KEY_ROW, 12)
    for row in range(_TASK_ROW + 1, _TASK_ROW + 2 + len(TASKS)):
        yield Area(row, 2, row, 3)
        yield Area(row, 6, row, 10)
        yield Area(row, 11, row, 12)
    for row in range(_SPREAD_ROW + 1, _SPREAD_ROW + 2 + _SPREAD):
        yield Area(row, 2, row, 3)
    analyses = range(_ANALYSES_ROW + 1, _ANALYSES_ROW + 2 + len(ANALYSES))
    for row in (*analyses, *range(_SHEETS_ROW + 1, _SHEETS_ROW + 3 + len(TABLES))):
        yield Area(row, 2, row, 3)
        yield Area(row, 6, row, 12)


def _line(row: int, style: Style, *, left: int = _LEFT, right: int = _RIGHT) -> Cells:
    """Empty cells of a style, for lines that run through."""
    for column in range(left, right + 1):
        yield (row, column), Cell(style=style)


def _section(row: int, title: str) -> Cells:
    yield from _line(row, Style.SECTION)
    yield (row, _LEFT), Cell(content=title, style=Style.SECTION)


def _headers(row: int, headers: dict[int, str], *, right: int = _RIGHT) -> Cells:
    yield from _line(row, Style.HEADER, right=right)
    for column, header in headers.items():
        yield (row, column), Cell(content=header, style=Style.HEADER)


def _head(page: _Page) -> Cells:
    yield (2, 2), Cell(content="客户服务数据库", style=Style.TITLE)
    yield (2, 11), Cell(content=Formula(text="=TODAY()", value=page.day or ""), style=Style.TODAY)
    yield (2, 12), Cell(style=Style.TODAY)
    text = "中澜认证有限公司 市场部　ZL-CX-16 客户服务管理程序　数字随各表自动更新，不需要宏"
    yield (3, 2), Cell(content=text, style=Style.SUBTITLE)
    for name, (left, right) in zip(_QUICK, _QUICK_PLACES, strict=True):
        yield from _line(_NAV_ROW, Style.NAV, left=left, right=right)
        yield (_NAV_ROW, left), Cell(content=Link(target=sheet_link(name), text=name), style=Style.NAV)


def _key_figures(page: _Page) -> Cells:
    for figure, (left, _) in zip(KEY_FIGURES, _KPI_PLACES, strict=True):
        yield (_KPI_ROW, left), Cell(content=figure.label, style=Style.KPI_LABEL)
        yield (_KPI_ROW + 1, left), Cell(content=page.number(figure.quantity), style=Style.KPI)


def _search(page: _Page) -> Cells:
    search = page.search
    yield from _section(_SEARCH_ROW, "快速查询")
    yield (_KEY_ROW, 2), Cell(content="查找", style=Style.HINT)
    yield from _line(_KEY_ROW, Style.INPUT, left=3, right=5)
    yield (_KEY_ROW, 3), Cell(content=page.key or None, style=Style.INPUT)
    yield (_KEY_ROW, 6), Cell(content=search.answer(_TOTAL), style=Style.HINT)
    yield (_KEY_ROW, _HELPERS[0]), Cell(content=search.count(), style=Style.INTEGER)
    headers = {2: "序号", **{column: header for column, header, _, _ in _ANSWERS}, 12: "所在行"}
    yield from _headers(_RESULT_ROW - 1, headers)
    for number, (before, position) in enumerate(helper_values(search)):
        yield from _found(search, _RESULT_ROW + number, before, position)


def _found(search: Search, row: int, before: int, position: int) -> Cells:
    """One line of the look-up's answer and, in the hidden columns, where it was found."""
    last = f"${'NOPQRSTU'[len(SEARCHED)]}"
    previous = "0" if row == _RESULT_ROW else f"{last}{row - 1}"
    helpers = [search.next_in(field, previous, before) for field in SEARCHED]
    for column, formula in zip(_HELPERS, helpers, strict=False):
        yield (row, column), Cell(content=formula, style=Style.INTEGER)
    first = Formula(text=f"=MIN(N{row}:{'NOPQRSTU'[len(SEARCHED) - 1]}{row})", value=position)
    yield (row, _HELPERS[-1]), Cell(content=first, style=Style.INTEGER)
    place = f"{last}{row}"
    number = row - _RESULT_ROW + 1
    found = position <= len(search.rows)
    yield (
        (row, 2),
        Cell(
            content=Formula(text=f'=IF(C{row}="","",{number})', value=number if found else ""),
            style=Style.CENTER,
        ),
    )
    for column, _, field, style in _ANSWERS:
        yield (row, column), Cell(content=search.shown(field, place, position), style=style)
    yield (row, 12), Cell(content=_goto(place, position, found=found), style=Style.LINK_CENTER)


def _goto(place: str, position: int, *, found: bool) -> Formula:
    """A link to the row in 客户台账."""
    header = f"ROW({CLIENTS.name}[[#Headers],[{CLIENTS.columns['contract_no'].header}]])"
    target = f"\"#'{CLIENTS.name}'!A\"&({header}+{place})"
    return Formula(
        text=f'=IF({place}>=10000000,"",HYPERLINK({target},"第 "&({header}+{place})&" 行"))',
        value=f"第 {position + 2} 行" if found else "",
    )


def _tasks(page: _Page) -> Cells:
    yield from _section(_TASK_ROW, "今天要办")
    headers = {2: "事项", 4: "数量", 5: "情况", 6: "说明", 11: "去处理"}
    yield from _headers(_TASK_ROW + 1, headers)
    for row, figure in enumerate(TASKS, _TASK_ROW + 2):
        yield from _task(page, row, figure)


def _task(page: _Page, row: int, figure: Figure) -> Cells:
    yield from _line(row, Style.BODY)
    value = page.value(figure.quantity)
    said = Formula(
        text=f'=IF(N(D{row})>0,"{figure.urgency}","—")',
        value=figure.urgency if isinstance(value, int) and value > 0 else "—",
    )
    yield (row, 2), Cell(content=words(figure.label, page.moment), style=Style.BODY)
    yield (row, 4), Cell(content=page.number(figure.quantity), style=Style.INTEGER)
    yield (row, 5), Cell(content=said, style=Style.CENTER)
    yield (row, 6), Cell(content=words(figure.words, page.moment), style=Style.MUTED)
    target = figure.quantity.table.name
    yield (
        (row, 11),
        Cell(content=Link(target=sheet_link(target), text=f"{target} ›"), style=Style.LINK_CENTER),
    )


def _spread(page: _Page) -> Cells:
    yield from _section(_SPREAD_ROW, "分布与计划")
    yield from _headers(_SPREAD_ROW + 1, {2: "状态", 4: "证书数"}, right=4)
    yield from _headers_at(_SPREAD_ROW + 1, {5: "体系", 6: "证书数", 11: "计划监审月份", 12: "有效证书"})
    for number in range(_SPREAD):
        row = _SPREAD_ROW + 2 + number
        yield from _line(row, Style.BODY, left=2, right=6)
        yield from _counted(page, row, number, field="status", columns=(2, 4))
        yield from _counted(page, row, number, field="system", columns=(5, 6))
        yield from _month(page, row, number)


def _headers_at(row: int, headers: dict[int, str]) -> Cells:
    for column, header in headers.items():
        yield (row, column), Cell(content=header, style=Style.HEADER)


def _counted(page: _Page, row: int, number: int, *, field: str, columns: tuple[int, int]) -> Cells:
    """The n-th value of a list and how many certificates have it."""
    choices = str(CLIENTS.columns[field].choices)
    values = [row["value"] for row in page.rows.get(LISTS.name, ()) if row.get("list_name") == choices]
    value = values[number] if number < len(values) else ""
    tally = Counter(row.get(field) for row in page.rows.get(CLIENTS.name, ()))
    cell = f"{'ABCDEFGHIJKL'[columns[0] - 1]}{row}"
    text = f'=IFERROR(INDEX({list_name(choices)},{number + 1}),"")'
    yield (row, columns[0]), Cell(content=Formula(text=text, value=str(value)), style=Style.BODY)
    count = Formula(
        text=f'=IF({cell}="","",COUNTIF({ref(CLIENTS, field)},{cell}))', value=tally[value] if value else ""
    )
    yield (row, columns[1]), Cell(content=count, style=Style.INTEGER)


def _month(page: _Page, row: int, number: int) -> Cells:
    """First line: overdue; then this month and those that follow, planned and not yet carried out."""
    if number == 0:
        yield (row, 11), Cell(content="已逾期", style=Style.BODY)
        yield (row, 12), Cell(content=page.number(OVERDUE), style=Style.INTEGER)
        return
    first = page.day.replace(day=1) if page.day else None
    start = Formula(
        text=f"=EDATE({TODAY}-DAY({TODAY})+1,{number - 1})",
        value=add_months(first, number - 1) if first else "",
    )
    planned, status = ref(CLIENTS, "planned_on"), ref(CLIENTS, "status")
    after = f'"<"&EDATE(K{row},1)'
    from_day = f'">="&MAX(K{row},{TODAY})'
    undone = f'{ref(CLIENTS, "carried_out_on")},""'
    text = f'=COUNTIFS({status},"有效",{planned},{from_day},{planned},{after},{undone})'
    yield (row, 11), Cell(content=start, style=Style.MONTH)
    yield (row, 12), Cell(content=Formula(text=text, value=_planned(page, number)), style=Style.INTEGER)


def _planned(page: _Page, number: int) -> int | str:
    rows = page.rows.get(CLIENTS.name, ())
    if page.day is None:
        return "" if rows else 0
    start = add_months(page.day.replace(day=1), number - 1)
    return sum(_falls(row, max(start, page.day), add_months(start, 1)) for row in rows)


def _falls(row: object, start: date, end: date) -> bool:
    assert hasattr(row, "get")
    planned = row.get("planned_on")
    undone = row.get("carried_out_on") in (None, "")
    return isinstance(planned, date) and start <= planned < end and undone and row.get("status") == "有效"


def _chart() -> Chart:
    first, last = _SPREAD_ROW + 2, _SPREAD_ROW + 1 + _SPREAD
    months = Series(
        name="有效证书",
        categories=f"='{FRONT}'!$K${first}:$K${last}",
        values=f"='{FRONT}'!$L${first}:$L${last}",
        labels=True,
        label_format="#,##0;;",
    )
    return Chart(
        kind=ChartKind.COLUMN,
        row=_SPREAD_ROW + 1,
        column=7,
        title="计划监审（逾期与今后 12 个月）",
        series=(months,),
        x=Axis(number_format="yy-mm"),
        y=Axis(gridlines=True, number_format="0", minimum=0),
        width=372,
        height=312,
        legend=None,
        gap=50,
        alt_text="已逾期和今后 12 个月各月计划监审的有效证书数",
    )


def _analyses(page: _Page) -> Cells:
    yield from _section(_ANALYSES_ROW, "分析与报告")
    yield from _headers(_ANALYSES_ROW + 1, {2: "工作表", 4: "条款", 5: "算于", 6: "内容与更新命令"})
    for number in range(len(ANALYSES)):
        yield from _line(_ANALYSES_ROW + 2 + number, Style.BODY)
    yield from lines(_ANALYSES_ROW + 2, page.day)


def _sheets(page: _Page) -> Cells:
    yield from _section(_SHEETS_ROW, "各表一览")
    yield from _headers(_SHEETS_ROW + 1, {2: "表", 4: "条款", 5: "现有行数", 6: "用途"})
    for row, table in enumerate(TABLES, _SHEETS_ROW + 2):
        yield from _line(row, Style.BODY)
        yield (row, 2), Cell(content=_way_to(table.name), style=Style.LINK)
        yield (row, 4), Cell(content=table.clause, style=Style.MUTED)
        yield (row, 5), Cell(content=_used(table, page.rows.get(table.name, ())), style=Style.INTEGER)
        yield (row, 6), Cell(content=table.purpose, style=Style.MUTED)
    last = _SHEETS_ROW + 2 + len(TABLES)
    yield from _line(last, Style.BODY)
    yield (last, 2), Cell(content=_way_to(MANUAL), style=Style.LINK)
    yield (
        (last, 6),
        Cell(content="怎样录入、安排监审、登记要求、检查与修复；各列说明（数据字典）。", style=Style.MUTED),
    )


def _way_to(name: str) -> Content:
    return Link(target=sheet_link(name), text=name)


def _used(table: Table, rows: Sequence[object]) -> Formula:
    """How many rows a table holds, by a field that every row has."""
    field = next(name for name in table.columns if name in table.required)
    filled = sum(1 for row in rows if hasattr(row, "get") and row.get(field) not in (None, ""))
    return Formula(text=f"=COUNTA({ref(table, field)})", value=filled)


def _marks() -> Iterator[Mark]:
    said = Area(_TASK_ROW + 2, 5, _TASK_ROW + 1 + len(TASKS), 5)
    for urgency, style in ((MUST, Style.BAD), (PLAN, Style.WARN)):
        yield Mark(area=said, formula=f'=$E{said.top}="{urgency}"', style=style)
    numbers = Area(said.top, 4, said.bottom, 4)
    yield Mark(area=numbers, formula=f"=$D{said.top}=0", style=Style.FADED)
    days = Area(_ANALYSES_ROW + 2, 5, _ANALYSES_ROW + 1 + len(ANALYSES), 5)
    yield Mark(area=days, formula=f'=$E{days.top}="{NOT_YET}"', style=Style.FADED)
    answers = Area(_RESULT_ROW, 7, _RESULT_ROW + SHOWN - 1, 7)
    top = _RESULT_ROW
    ended = f'=OR($G{top}="撤销",$G{top}="注销",$G{top}="失效")'
    yield Mark(area=answers, formula=ended, style=Style.FADED)
    yield Mark(area=answers, formula=f'=$G{top}="暂停"', style=Style.WARN)
