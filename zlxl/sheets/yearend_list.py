"""The appendix of the year-end report: one line a request, looked up in 客户要求; all counts go over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zlxl.figures.yearend import YearEnd
from zlxl.figures.yearend_requests import (
    BACK,
    IN_TIME,
    LATE,
    OVERDUE,
    RUNNING,
    SETTLED,
    UNDATED,
    UNKNOWN,
    WITHDRAWN,
    Asked,
)
from zlxl.grid import Area, a1
from zlxl.sheet import Content, Formula, Style
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.satisfaction_page import Page, plain_criterion
from zlxl.sheets.satisfaction_sources import MOST_LIVE, Sources
from zlxl.sheets.yearend_lookup import Lookup

NUMBER, RECEIVED, CLIENT, KIND, CLASS, TOPIC, OWNER, STATE, LIMIT, CLOSED, OUTCOME, MONTH = (
    *(1, 4, 6, 11, 14, 15, 19, 21, 23, 25, 27, 29),
)
FIRST_OF_TOPIC, FIRST_OF_CLIENT = 2, 3  #: hidden columns: 1 for a client's first request
_HEADS: Final = (
    *((3, "编号"), (2, "接收日期"), (5, "企业名称"), (3, "要求内容"), (1, "类别"), (4, "主题")),
    *((2, "责任部门"), (2, "状态"), (2, "期限"), (2, "办结日期"), (2, "结果"), (1, "月")),
)
_COLUMNS: Final = {
    "要求.类别": CLASS,
    "要求.主题": TOPIC,
    "要求.内容": KIND,
    "要求.部门": OWNER,
    "要求.状态": STATE,
    "要求.结果": OUTCOME,
    "要求.月": MONTH,
}


def requests_part(page: Page, figures: YearEnd, sources: Sources) -> None:
    """附录: one line a request of the year, in the order of their days."""
    page.section(
        f"附录一　本年客户要求明细（{len(figures.asked)} 条）",
        "由“客户要求”按编号查得；期限含等待客户顺延的工作日。新登记的要求请重新运行 zlxl yearend 后计入。",
    )
    page.head(_HEADS)
    top = page.row
    firsts = _Firsts(figures)
    for number, one in enumerate(figures.asked):
        _request(page, one, sources, live_row=len(figures.asked) <= MOST_LIVE)
        firsts.write(page, number, top)
        page.row += 1
    if not figures.asked:
        page.line([(29, "本年没有登记的客户要求。", Style.MUTED)])
        return
    for name, column in _COLUMNS.items():
        page.name_area(name, Area(top, column, page.row - 1, column))
    for name, helper in (("要求.主题首次", FIRST_OF_TOPIC), ("要求.客户首次", FIRST_OF_CLIENT)):
        page.name_area(name, Area(top, page.last + helper, page.row - 1, page.last + helper))


class _Firsts:
    """Whether a line is a client's first one, of all and of its topic, so that clients can be counted."""

    def __init__(self, figures: YearEnd) -> None:
        keys = [(one.topic.casefold(), one.who.casefold()) for one in figures.asked]
        self._live = len(keys) <= MOST_LIVE and all(
            plain_criterion(one.who) and plain_criterion(one.topic) for one in figures.asked
        )
        self.of_topic = list(_firsts(keys))
        self.of_client = list(_firsts([who for _, who in keys]))

    def write(self, page: Page, number: int, top: int) -> None:
        """The two flags of the line that is being written."""
        own, topic = a1(page.row, CLIENT), a1(page.row, TOPIC)
        clients, topics = (f"{_fixed(top, column)}:{a1(page.row, column)}" for column in (CLIENT, TOPIC))
        one = f"IF(COUNTIFS({topics},{topic},{clients},{own})=1,1,0)"
        other = f"IF(COUNTIF({clients},{own})=1,1,0)"
        for helper, formula, value in (
            (FIRST_OF_TOPIC, one, self.of_topic[number]),
            (FIRST_OF_CLIENT, other, self.of_client[number]),
        ):
            page.helper(helper, Formula(f"={formula}", value=value) if self._live else value)


def _firsts(keys: Sequence[object]) -> Iterator[int]:
    seen: set[object] = set()
    for key in keys:
        yield int(key not in seen)
        seen.add(key)


def _fixed(row: int, column: int) -> str:
    letters = a1(row, column).rstrip("0123456789")
    return f"{letters}${row}"


def _request(page: Page, one: Asked, sources: Sources, *, live_row: bool) -> None:
    number = one.number if live_row else ""
    cells = Lookup(page, sources, one.line, number, key=a1(page.row, NUMBER))
    parts: tuple[tuple[int, Content, Style], ...] = (
        (3, cell_text(one.key), Style.CODE),
        (2, cells.day("received_on", one.received_on), Style.DATE),
        (5, cells.text("client", one.who), Style.BODY),
        (3, cells.text("content_kind", one.kind), Style.BODY),
        (1, _either(cells, ("confirmed_class", "suggested_class"), one.topic_class), Style.CENTER),
        (4, _either(cells, ("confirmed_topic", "suggested_topic"), one.topic), Style.BODY),
        (2, cells.text("owner", one.owner), Style.CENTER),
        (2, cells.text("state", one.state), Style.CENTER),
        (2, _limit(cells, one), Style.DATE),
        (2, cells.day("closed_on", one.closed_on), Style.DATE),
        (2, _outcome(page, one), Style.CENTER),
        (1, Formula(f"=MONTH({a1(page.row, RECEIVED)})", value=one.received_on.month), Style.CENTER),
    )
    page.line(parts, 17, last=False)


def _outcome(page: Page, one: Asked) -> Formula:
    state, limit, closed = (a1(page.row, column) for column in (STATE, LIMIT, CLOSED))
    undated = f'OR({limit}="",AND({closed}="",{state}="{SETTLED}"))'
    settled = f'IF({closed}<={limit},"{IN_TIME}","{LATE}")'
    waiting = f'IF({limit}<{page.at("计算日")},"{OVERDUE}","{RUNNING}")'
    formula = (
        f'IF({state}="{WITHDRAWN}","{BACK}",IF({undated},"{UNDATED}",IF({closed}<>"",{settled},{waiting})))'
    )
    return Formula(f"={formula}", value=one.outcome)


def _either(cells: Lookup, names: tuple[str, str], value: str) -> Content:
    """The confirmed word, else the suggested one, else that a person is to decide."""
    confirmed, suggested = (cells.cell(name) for name in names)
    if confirmed is None or suggested is None or cell_text(value) != value:
        return cell_text(value)
    rest = f'IF({suggested}<>"",{suggested},"{UNKNOWN}")'
    return Formula(f'=IF({confirmed}<>"",{confirmed},{rest})', value=value)


def _limit(cells: Lookup, one: Asked) -> Content:
    """The deadline of the row, where it is not moved on or worked out."""
    own = one.line.day("due_on")
    return cells.day("due_on", one.limit) if own and own == one.limit else one.limit
