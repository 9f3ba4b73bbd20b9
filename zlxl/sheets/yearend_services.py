"""The part of value-added services: asked, answered, delivered, declined; who is due an offer (4.8.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from zlxl.figures.value_added import ARRANGED, DECLINED, DELIVERED, WAITING, Offer, ServiceKind, Wanted
from zlxl.figures.yearend import YearEnd
from zlxl.grid import Area, a1
from zlxl.sheet import Axis, Chart, ChartKind, Content, Series, Style
from zlxl.sheets.satisfaction_page import (
    PIXELS_A_COLUMN,
    WIDTH,
    Page,
    live,
    plain_criterion,
    quoted,
)
from zlxl.sheets.satisfaction_sources import MOST_LIVE, Sources
from zlxl.sheets.yearend_lookup import Lookup
from zlxl.sheets.yearend_problems import link, note_height, shown_text

NAMED: Final = 20  #: clients due an offer that are named in print
STATES: Final = (DELIVERED, ARRANGED, WAITING, DECLINED)
_COLOURS: Final = ("3B8574", "6FA8C9", "D97B29", "8C8C8C")
_KIND_SPANS: Final = (5, 3, 3, 3, 2, 2, 2, 3, 3, 3)
_KIND_HEADS: Final = (
    *("服务类型", "需求", "已答复", DELIVERED, ARRANGED, WAITING, DECLINED),
    *("中位天数", "有评价", "满意率"),
)
_OFFERS: Final = (
    *((8, "企业名称"), (2, "等级"), (4, "上次服务"), (3, "上次日期"), (3, "应提供日期")),
    *((2, "已过天数"), (7, "建议提供")),
)
_GRADES: Final = ((3, "等级"), (3, "有效客户"), (3, "每年次数"), (3, "应提供"), (3, "比例"))
_LIST: Final = (
    *((4, "服务编号"), (3, "提出日期"), (8, "企业名称"), (4, "服务类型"), (2, "状态")),
    *((3, "开展日期"), (2, "天数"), (3, "效果评价")),
)
KIND, STATUS, DAYS, OPINION = 16, 20, 25, 27  #: columns of the appendix
_RAISED, _DELIVERED_ON = 5, 22
_ADVICE: Final = {
    "A": "法规信息、标准换版公开课",
    "B": "公开课、法规信息",
    "C": "内审员培训、体系知识培训",
    "D": "内审员培训、体系知识培训；结合回访",
}


def services_part(page: Page, figures: YearEnd) -> None:
    """Services by kind with a chart, then clients that are due an offer by their grade."""
    services = figures.services
    number = sum(len(kind.rows) for kind in services.kinds)
    page.section(
        f"六　增值服务（4.8.2，本年需求 {number} 项）",
        "含上年结转未完成的；已答复 = 已开展 + 已安排 + 未开展；天数自提出至开展；"
        "满意率 = 得分不低于“满意率界限”的 ÷ 有评价的。",
    )
    if services.kinds:
        page.head(zip(_KIND_SPANS, _KIND_HEADS, strict=True))
        top = page.row
        for kind in services.kinds:
            page.line(_kind(page, kind), 19)
        _total(page, figures, top)
        page.gap(6)
        page.chart(_chart(page, top, page.row - 3))
    else:
        page.line([(WIDTH, "本年没有登记的增值服务需求。", Style.MUTED)])
    page.pages_end()
    _offers(page, figures)


def _kind(page: Page, kind: ServiceKind) -> list[tuple[int, Content, Style]]:
    own, plain = a1(page.row, 1), plain_criterion(kind.name)
    kinds, states = page.at("服务.类型"), page.at("服务.状态")

    def counted(word: str) -> Content:
        number = kind.count(word)
        return live(f"COUNTIFS({kinds},{own},{states},{quoted(word)})", number) if plain else number

    asked: Content = live(f"COUNTIF({kinds},{own})", len(kind.rows)) if plain else len(kind.rows)
    answered = live(f"SUM({a1(page.row, 12)},{a1(page.row, 15)},{a1(page.row, 19)})", _answered(kind))
    rated = f"COUNTIFS({kinds},{own},{page.at('服务.有评价')},1)"
    share = kind.content / kind.rated if kind.rated else None
    contents: tuple[Content, ...] = (
        *(shown_text(kind.name), asked, answered, *map(counted, STATES)),
        _median(page, kind, own),
        live(rated, kind.rated) if plain else kind.rated,
        _share(page, kind, own, share),
    )
    styles = (Style.BODY, *[Style.INTEGER] * 6, Style.DECIMAL, Style.INTEGER, Style.PERCENT)
    return list(zip(_KIND_SPANS, contents, styles, strict=True))


def _answered(kind: ServiceKind) -> int:
    return kind.delivered + kind.arranged + kind.declined


def _median(page: Page, kind: ServiceKind, own: str) -> Content:
    """The median without array entry: rows that do not match count as 0, others as days + 1."""
    days, kinds = page.at("服务.天数"), page.at("服务.类型")
    if not plain_criterion(kind.name):
        return kind.median
    count = f'COUNTIFS({kinds},{own},{days},">=0")'
    ordered = f"({kinds}={own})*({page.at('服务.序天数')})"
    place = f"({count}-1)/2"

    def at(number: str) -> str:
        return f"SUMPRODUCT(SMALL({ordered},ROWS({days})-{count}+{number}))"

    middle = f"({at(f'INT({place})+1')}+{at(f'INT({place}+0.5)+1')})/2-1"
    return live(f'IF({count}=0,"",{middle})', kind.median)


def _share(page: Page, kind: ServiceKind, own: str, share: float | None) -> Content:
    """Share of those who were content; the appendix tells of each opinion whether it is one of those."""
    rated = a1(page.row, 24)
    content = f"COUNTIFS({page.at('服务.类型')},{own},{page.at('服务.满意')},1)"
    return live(f'IF({rated}=0,"",{content}/{rated})', share) if plain_criterion(kind.name) else share


def _total(page: Page, figures: YearEnd, top: int) -> None:
    kinds = figures.services.kinds
    numbers = (
        sum(len(kind.rows) for kind in kinds),
        sum(map(_answered, kinds)),
        *(sum(kind.count(state) for kind in kinds) for state in STATES),
    )
    columns = (6, 9, 12, 15, 17, 19)
    sums = [
        (span, live(f"SUM({a1(top, column)}:{a1(page.row - 1, column)})", number), Style.TOTAL_NUMBER)
        for span, column, number in zip(_KIND_SPANS[1:7], columns, numbers, strict=True)
    ]
    page.line([(5, "合计", Style.TOTAL), *sums, (9, None, Style.TOTAL)], 19)


def _chart(page: Page, top: int, bottom: int) -> Chart:
    def cells(column: int) -> str:
        first, last = (a1(row, column) for row in (top, bottom))
        return f"='{page.sheet}'!{first}:{last}"

    return Chart(
        kind=ChartKind.BAR_STACKED,
        row=page.row,
        column=1,
        title="增值服务需求和开展情况",
        series=tuple(
            Series(name=state, values=cells(column), categories=cells(1), colour=colour)
            for state, column, colour in zip(STATES, (12, 15, 17, 19), _COLOURS, strict=True)
        ),
        x=Axis(minimum=0, number_format="0", gridlines=True),
        y=Axis(reverse=True),
        width=WIDTH * PIXELS_A_COLUMN - 10,
        height=240,
        gap=50,
        alt_text="各类增值服务已开展、已安排、待安排和未开展的项数",
    )


# ---- offers


def _offers(page: Page, figures: YearEnd) -> None:
    offers = figures.services.offers
    page.line([(WIDTH, f"按等级应主动提供增值服务而未提供的客户（{len(offers)} 家）", Style.STRONG)], 22)
    page.text(
        "频次取自“评价准则”的增值服务频次，自上次服务（没有的自颁证）起算；低等级的在前，全部名单见附录四。"
        "培训只讲通用知识，不得提供认证咨询。",
        Style.SMALL,
    )
    page.head(_GRADES)
    due = Counter(offer.grade for offer in offers)
    for grade, (clients, frequency) in figures.services.by_grade.items():
        number: Content = due[grade]
        if offers and plain_criterion(grade):
            number = live(f"COUNTIF({page.at('应提供.等级')},{a1(page.row, 1)})", due[grade])
        share = live(f"{a1(page.row, 10)}/{a1(page.row, 4)}", due[grade] / clients)
        page.line(
            [
                (3, grade, Style.CENTER),
                (3, clients, Style.INTEGER),
                (3, frequency or None, Style.NUMBER),
                (3, number, Style.INTEGER),
                (3, share, Style.PERCENT),
            ],
            18,
        )
    page.gap(6)
    if offers:
        page.head(_OFFERS)
    for offer in offers[:NAMED]:
        _offer(page, figures, offer)


def _offer(page: Page, figures: YearEnd, offer: Offer) -> None:
    frame = offer.line.frame
    row = int(frame.rows[offer.line.position])
    client = link(page, frame.sheet, frame.address("client", row) or a1(row, 1), offer.client)
    days = (figures.today - offer.due_on).days
    advice = _ADVICE.get(offer.grade, "公开课、体系知识培训")
    page.line(
        [
            (8, client, Style.LINK),
            (2, offer.grade, Style.CENTER),
            (4, shown_text(offer.last_kind) or "从未提供", Style.CENTER),
            (3, offer.last, Style.DATE),
            (3, offer.due_on, Style.DATE),
            (2, live(f"{page.at('计算日')}-{a1(page.row, 18)}", days), Style.INTEGER),
            (7, advice, Style.NOTE),
        ],
        note_height((offer.client, 8), (advice, 7)),
    )


def offers_part(page: Page, figures: YearEnd) -> None:
    """附录四: every client that is due an offer."""
    page.section(f"附录四　按等级应主动提供增值服务的客户（{len(figures.services.offers)} 家）")
    page.head(_OFFERS)
    top = page.row
    for offer in figures.services.offers:
        _offer(page, figures, offer)
    page.name_area("应提供.等级", Area(top, 9, max(top, page.row - 1), 9))


# ---- the list of needs


def services_list(page: Page, figures: YearEnd, sources: Sources) -> None:
    """附录三: one line a need, looked up in 增值服务."""
    rows = figures.services.rows
    page.section(f"附录三　增值服务需求明细（{len(rows)} 项）", "由“增值服务”按编号查得。")
    page.head(_LIST)
    top = page.row
    for row in rows:
        _wanted(page, row, sources, figures.services.content, live_row=len(rows) <= MOST_LIVE)
    bottom = max(top, page.row - 1)
    for name, column in (("类型", KIND), ("状态", STATUS), ("天数", DAYS)):
        page.name_area(f"服务.{name}", Area(top, column, bottom, column))
    for name, helper in (("满意", 2), ("序天数", 3), ("有评价", 4)):
        page.name_area(f"服务.{name}", Area(top, page.last + helper, bottom, page.last + helper))


def _wanted(page: Page, row: Wanted, sources: Sources, content: Sequence[str], *, live_row: bool) -> None:
    number = row.number if live_row else ""
    cells = Lookup(page, sources, row.line, number, key=a1(page.row, 1))
    raised, delivered, own = (a1(page.row, column) for column in (_RAISED, _DELIVERED_ON, DAYS))
    days = f'IF(OR({raised}="",{delivered}=""),"",{delivered}-{raised})'
    opinion, rated = a1(page.row, OPINION), row.score is not None
    tests = ",".join(f"{opinion}={quoted(word)}" for word in content) or "FALSE"
    page.helper(2, live(f"IF(OR({tests}),1,0)", int(row.line.text("feedback") in content)))
    order = 0 if row.days is None else max(0, row.days + 1)
    page.helper(3, live(f"IF(ISNUMBER({own}),MAX(0,{own}+1),0)", order))
    page.helper(4, live(f'IF({opinion}<>"",1,0)', int(rated)))
    page.line(
        [
            (4, shown_text(row.number) or "（无编号）", Style.CODE),
            (3, cells.day("raised_on", row.raised_on), Style.DATE),
            (8, cells.text("client"), Style.BODY),
            (4, cells.text("kind", row.kind), Style.BODY),
            (2, cells.text("status", row.status), Style.CENTER),
            (3, cells.day("delivered_on", row.delivered_on), Style.DATE),
            (2, live(days, row.days), Style.INTEGER),
            (3, cells.text("feedback") if rated else None, Style.CENTER),
        ],
        17,
    )
