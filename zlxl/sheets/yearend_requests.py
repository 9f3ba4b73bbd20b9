"""The part that counts requests: by class, topic, department and state, in time or late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from zlxl.figures.yearend import YearEnd
from zlxl.figures.yearend_requests import (
    BACK,
    CLASSES,
    IN_TIME,
    LATE,
    OVERDUE,
    RUNNING,
    UNDATED,
    UNKNOWN,
    Asked,
    by_month,
    counted,
    share_in_time,
)
from zlxl.grid import Area, a1
from zlxl.sheet import Axis, Chart, ChartKind, Content, Formula, Series, Style
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.satisfaction_page import (
    PIXELS_A_COLUMN,
    WIDTH,
    Page,
    Part,
    plain_criterion,
    quoted,
)
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.sheets.yearend_lookup import fixed
from zlxl.tables.requests import REQUESTS

MOST_TOPICS: Final = 20
CHARTED: Final = 10  #: topics in the chart
RIGHT: Final = 16  #: first column of the right table
_HALF: Final = 14 * PIXELS_A_COLUMN - 10
_SPANS: Final = (4, 2, 2, 2, 1, 1, 2)
_HEADS: Final = ("件数", "按期\n办结", "逾期", "未到期", "其他", "按期率")
_TOPIC_SPANS: Final = (7, 2, 2, 3, 2, 2, 2, 2, 3, 2, 2)
_TOPIC_HEADS: Final = (
    *("主题", "通常\n类别", "件数", "客户数", "按期\n办结", "逾期", "未到期", "其他", "按期率"),
    *("占比", "上年"),
)
_COLOURS: Final = {"a": "B5456A", "b": "1F5A8C", "c": "D97B29", UNKNOWN: "8C8C8C"}
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "按期": (IN_TIME,),
    "逾期": (LATE, OVERDUE),
    "未到期": (RUNNING,),
    "其他": (UNDATED, BACK),
}


def statistics_part(page: Page, figures: YearEnd, sources: Sources) -> None:
    """What came in and how it was settled, in tables and charts."""
    page.section(
        "二　客户要求统计（4.4、4.5）",
        "类别、主题以确认的为准，未确认的用建议的，都没有的为“待人工”；逾期 = 逾期办结 + 逾期未办；"
        "其他 = 撤回、期限或日期未定；按期率 = 按期办结 ÷（按期办结 + 逾期）。",
    )
    _reconciled(page, figures, sources)
    if not figures.asked:
        return
    _pair(page, figures, ("类别", lambda one: one.topic_class), ("部门", lambda one: one.owner))
    _pair(page, figures, ("内容", lambda one: one.kind), ("状态", lambda one: one.state))
    _months(page, figures)
    page.pages_end()
    _topics(page, figures, sources)
    page.chart(_topic_chart(page, figures))


def _reconciled(page: Page, figures: YearEnd, sources: Sources) -> None:
    """Whether 客户要求 holds more requests of the year by now than the report counts."""
    number = len(figures.asked)
    days = sources.clean(REQUESTS.name, "received_on")
    told = f"“客户要求”现有本年要求 {number} 条，与本报告一致。"
    if days is None or not figures.asked or len({one.line.frame.sheet for one in figures.asked}) > 1:
        return
    held = f'COUNTIFS({days[0]},">="&{_serial(figures, 0)},{days[0]},"<="&{page.at("计算日")})'
    counted_here = f"ROWS({page.at('要求.类别')})"
    same = f'"“客户要求”现有本年要求 "&{held}&" 条，与本报告一致。"'
    other = f'"“客户要求”现有本年要求 "&{held}&" 条，本报告统计了 "&{counted_here}&" 条，请重新运行。"'
    formula = Formula(f"=IF({held}={counted_here},{same},{other})", value=told)
    page.line([(WIDTH, formula, Style.MUTED)], 18)


def _serial(figures: YearEnd, years: int) -> str:
    return f"DATE({figures.period.year + years},1,1)"


Dimension = tuple[str, Callable[[Asked], str]]


def _pair(page: Page, figures: YearEnd, left: Dimension, right: Dimension) -> None:
    """Two tables beside each other, each with its total."""
    sides = [(name, list(counted(figures.asked, key).items())) for name, key in (left, right)]
    for (name, _), column in zip(sides, (1, RIGHT), strict=True):
        title = {"内容": "要求内容", "部门": "责任部门"}.get(name, name)
        page.head(zip(_SPANS, (title, *_HEADS), strict=True), column, last=False)
    page.row += 1
    top = page.row
    if left[0] == "类别":
        order = (*CLASSES, UNKNOWN)
        sides[0][1].sort(key=lambda item: order.index(item[0]) if item[0] in order else len(order))
        page.name_area("统计.类别", Area(top, 1, top + len(sides[0][1]) - 1, 1))
    for one, other in zip_longest(sides[0][1], sides[1][1]):
        for (name, _), line, column in zip(sides, (one, other), (1, RIGHT), strict=True):
            if line is not None:
                page.line(_counts(page, name, line[0], line[1], column), 18, column, last=False)
        page.row += 1
    page.gap(6)


def _counts(page: Page, dimension: str, name: str, outcomes: Counter[str], column: int) -> list[Part]:
    """The line of a table: its name, and its requests by outcome."""
    area, results = page.at(f"要求.{dimension}"), page.at("要求.结果")
    own = fixed(page.row, column)
    plain = plain_criterion(name) and cell_text(name) == name
    cells: list[Content] = [_live(f"COUNTIF({area},{own})", outcomes.total(), plain=plain)]
    for group in _GROUPS.values():
        number = sum(outcomes[word] for word in group)
        sums = "+".join(f"COUNTIFS({area},{own},{results},{quoted(word)})" for word in group)
        cells.append(_live(sums, number, plain=plain))
    rate = _rate(page.row, column + 6, column + 8, outcomes)
    contents = [cell_text(name), *cells, rate]
    styles = (Style.BODY, *[Style.INTEGER] * 5, Style.PERCENT)
    return list(zip(_SPANS, contents, styles, strict=True))


def _rate(row: int, in_time: int, late: int, outcomes: Counter[str]) -> Formula:
    good, bad = a1(row, in_time), a1(row, late)
    share = share_in_time(outcomes)
    return Formula(f'=IF({good}+{bad}=0,"",{good}/({good}+{bad}))', value="" if share is None else share)


def _live(formula: str, value: int, *, plain: bool) -> Content:
    return Formula(f"={formula}", value=value) if plain else value


# ---- topics


def topics_of(figures: YearEnd) -> list[tuple[str, Counter[str]]]:
    """Topics with their outcomes, most requests first."""
    return list(counted(figures.asked, lambda one: one.topic).items())


def _topics(page: Page, figures: YearEnd, sources: Sources) -> None:
    topics = topics_of(figures)
    shown = topics[:MOST_TOPICS]
    more = f"，列出最多的 {MOST_TOPICS} 个，其余见附录" if len(topics) > MOST_TOPICS else ""
    page.text(f"主题共 {len(topics)} 个{more}。", Style.SMALL)
    page.head(zip(_TOPIC_SPANS, _TOPIC_HEADS, strict=True))
    top = page.row
    clients = Counter(topic for topic, _ in {(one.topic, one.who.casefold()) for one in figures.asked})
    usual = _usual_classes(figures.asked)
    for topic, outcomes in shown:
        line = _topic(page, figures, sources, topic, outcomes, clients[topic], usual[topic])
        page.line(line, 18)
    last = min(len(shown), CHARTED) + top - 1
    page.name_area("统计.主题", Area(top, 1, last, 1))
    page.name_area("统计.主题件数", Area(top, 10, last, 10))


def _usual_classes(asked: Iterable[Asked]) -> Mapping[str, str]:
    """The class that most requests of a topic have."""
    found: dict[str, Counter[str]] = {}
    for one in asked:
        found.setdefault(one.topic, Counter())[one.topic_class] += 1
    return {topic: max(sorted(classes), key=classes.__getitem__) for topic, classes in found.items()}


def _topic(
    page: Page,
    figures: YearEnd,
    sources: Sources,
    topic: str,
    outcomes: Counter[str],
    clients: int,
    usual: str,
) -> list[Part]:
    own, plain = a1(page.row, 1), plain_criterion(topic) and cell_text(topic) == topic
    base = _counts(page, "主题", topic, outcomes, column=1)
    _, number, in_time, late, running, rest, _ = (content for _, content, _ in base)
    distinct = f"COUNTIFS({page.at('要求.主题')},{own},{page.at('要求.主题首次')},1)"
    total = a1(page.row, 10)
    share = Formula(f"={total}/ROWS({page.at('要求.类别')})", value=outcomes.total() / len(figures.asked))
    contents: list[Content] = [
        *(cell_text(topic), usual, number, _live(distinct, clients, plain=plain)),
        *(in_time, late, running, rest, _rate(page.row, 15, 17, outcomes), share),
        _last_year(own, figures, sources, topic, plain=plain),
    ]
    styles = (*(Style.BODY, Style.CENTER, *[Style.INTEGER] * 6, Style.PERCENT, Style.PERCENT, Style.INTEGER),)
    return list(zip(_TOPIC_SPANS, contents, styles, strict=True))


def _last_year(own: str, figures: YearEnd, sources: Sources, topic: str, *, plain: bool) -> Content:
    """Requests of the topic in the year before, counted in 客户要求."""
    value = figures.before[topic]
    names = ("confirmed_topic", "suggested_topic", "received_on")
    refs = sources.clean(REQUESTS.name, *names)
    if refs is None or not plain or topic == UNKNOWN:
        return value
    confirmed, suggested, days = refs
    within = f'{days},">="&{_serial(figures, -1)},{days},"<"&{_serial(figures, 0)}'
    either = f'COUNTIFS({confirmed},"",{suggested},{own},{within})'
    return Formula(f"=COUNTIFS({confirmed},{own},{within})+{either}", value=value)


# ---- months


def _months(page: Page, figures: YearEnd) -> None:
    """Requests of each month by class, with a chart beside."""
    classes = (*CLASSES, *sorted({one.topic_class for one in figures.asked} - {*CLASSES}))
    spans = (3, *[2] * len(classes), 2)
    page.head(zip(spans, ("月份", *classes, "合计"), strict=True), last=False)
    for at, name in enumerate(classes):
        page.name(f"统计.月.{name}.名", 4 + 2 * at)
    page.row += 1
    top = page.row
    for month, found in by_month(figures.asked):
        page.line(_month(page, month, found, classes), 19)
    bottom = page.row - 1
    page.name_area("统计.月份", Area(top, 1, bottom, 1))
    columns = [4 + 2 * at for at in range(len(classes) + 1)]
    for name, column in zip(classes, columns, strict=False):
        page.name_area(f"统计.月.{name}", Area(top, column, bottom, column))
    held = Counter(one.topic_class for one in figures.asked)
    numbers = [*(held[name] for name in classes), held.total()]
    sums = [
        (2, Formula(f"=SUM({a1(top, column)}:{a1(bottom, column)})", value=number), Style.TOTAL_NUMBER)
        for column, number in zip(columns, numbers, strict=True)
    ]
    page.line([(3, "合计", Style.TOTAL), *sums], 19)
    page.charts.append(_monthly_chart(page, top - 1, classes))
    page.gap(8)


def _month(page: Page, month: int, found: Counter[str], classes: Sequence[str]) -> list[Part]:
    area, months = page.at("要求.类别"), page.at("要求.月")
    own = [
        _live(f"COUNTIFS({area},{quoted(name)},{months},{month})", found[name], plain=plain_criterion(name))
        for name in classes
    ]
    total = Formula(f"=COUNTIF({months},{month})", value=found.total())
    return [
        (3, f"{month} 月", Style.CENTER),
        *((2, content, Style.INTEGER) for content in own),
        (2, total, Style.INTEGER),
    ]


def _monthly_chart(page: Page, row: int, classes: Sequence[str]) -> Chart:
    return Chart(
        kind=ChartKind.COLUMN_STACKED,
        row=row,
        column=RIGHT,
        title="各月客户要求（按类别）",
        series=tuple(
            Series(
                name=page.full(f"统计.月.{name}.名"),
                values=page.full(f"统计.月.{name}"),
                categories=page.full("统计.月份"),
                colour=_COLOURS.get(name),
            )
            for name in classes
        ),
        y=Axis(minimum=0, number_format="0", gridlines=True),
        width=_HALF,
        height=370,
        alt_text="每个月收到的 a、b、c 类要求数",
    )


def _topic_chart(page: Page, figures: YearEnd) -> Chart:
    return Chart(
        kind=ChartKind.BAR,
        row=page.row,
        column=1,
        title=f"最多的主题（前 {min(CHARTED, len(topics_of(figures)))} 个）",
        series=(
            Series(
                name="件数",
                values=page.full("统计.主题件数"),
                categories=page.full("统计.主题"),
                labels=True,
            ),
        ),
        x=Axis(minimum=0, number_format="0", gridlines=True),
        y=Axis(reverse=True),
        width=WIDTH * PIXELS_A_COLUMN - 10,
        height=260,
        legend=None,
        gap=40,
        alt_text="件数最多的主题",
    )


def classes_in_words(asked: Sequence[Asked]) -> str:
    """Requests by class in words."""
    found = Counter(one.topic_class for one in asked)
    return "，".join(f"{name} 类 {found[name]} 条" for name in CLASSES if found[name]) + (
        f"，待人工 {found[UNKNOWN]} 条" if found[UNKNOWN] else ""
    )
