"""The part of existing and latent needs, and the appendix of the clients that have them (4.6)."""

from __future__ import annotations

from typing import Final

from zlxl.figures.improvements import states_in_words
from zlxl.figures.needs import EXISTING, LATENT, Need
from zlxl.figures.yearend import YearEnd
from zlxl.grid import Area, a1
from zlxl.sheet import Content, Formula, Style
from zlxl.sheets.satisfaction_page import WIDTH, Page, plain_criterion
from zlxl.sheets.yearend_problems import link, note_height, shown_text

NAMED: Final = 300  #: clients of a need that are named
_HEADS: Final = (
    *((5, "需求"), (2, "依据"), (8, "数据"), (2, "客户数"), (6, "建议")),
    *((2, "责任部门"), (4, "措施及状态")),
)
_TITLES: Final = {
    EXISTING: "现有需求：客户明确提出、反复提出的",
    LATENT: "潜在需求：客户还没有提出，由台账、评价、问卷和要求的数据推出的",
}
_APPENDIX: Final = ((8, "需求"), (2, "类别"), (13, "企业名称"), (6, "责任部门"))
NEED, CLIENT = 1, 11


def needs_part(page: Page, figures: YearEnd) -> None:
    """What clients need, with the numbers that show it, and what is done about it."""
    page.section(
        f"五　客户对认证服务的需求（现有 {len(figures.needs_of(EXISTING))} 项，"
        f"潜在 {len(figures.needs_of(LATENT))} 项）",
        "界限取自“时限规则”（4.6 各项建议值）；涉及的客户名单见附录二。点需求名称到第一条依据记录。",
    )
    for kind in (EXISTING, LATENT):
        needs = figures.needs_of(kind)
        page.line([(WIDTH, _TITLES[kind], Style.STRONG)], 20)
        if not needs:
            page.line([(WIDTH, "没有达到客户数界限的需求。", Style.MUTED)])
            continue
        page.head(_HEADS)
        for need in needs:
            _need(page, need)
        page.gap(6)


def _need(page: Page, need: Need) -> None:
    state = states_in_words(need.measures) or "待定措施"
    texts = [shown_text(text) for text in (need.name, need.evidence, need.proposal, state)]
    name, evidence, proposal, state = texts
    page.line(
        [
            (5, _to_evidence(page, need), Style.LINK),
            (2, need.source, Style.NOTE),
            (8, evidence, Style.NOTE),
            (2, _clients(page, need), Style.INTEGER),
            (6, proposal, Style.NOTE),
            (2, shown_text(need.owner), Style.CENTER),
            (4, state, Style.NOTE if need.measures else Style.WARN),
        ],
        note_height((name, 5), (need.source, 2), (evidence, 8), (proposal, 6), (state, 4)),
    )


def _to_evidence(page: Page, need: Need) -> Content:
    """The need's name, leading to the first row that shows it."""
    if not need.rows:
        return shown_text(need.name)
    frame, position = need.rows[0].frame, need.rows[0].position
    row = int(frame.rows[position])
    return link(page, frame.sheet, frame.address("client", row) or a1(row, 1), need.name)


def _clients(page: Page, need: Need) -> Content:
    """How many clients have it, counted in the appendix where all of them are named there."""
    if len(need.clients) > NAMED or not plain_criterion(need.name) or shown_text(need.name) != need.name:
        return need.number
    return Formula(f"=COUNTIF({page.at('名单.需求')},{a1(page.row, 1)})", value=need.number)


def clients_part(page: Page, figures: YearEnd) -> None:
    """附录二: one line a client of each need, for the plans of the market department."""
    page.section("附录二　各项需求涉及的客户", f"每项最多列 {NAMED} 家。")
    page.head(_APPENDIX)
    top = page.row
    for need in figures.needs:
        for client in need.clients[:NAMED]:
            page.line(
                [
                    (8, shown_text(need.name), Style.BODY),
                    (2, need.kind, Style.CENTER),
                    (13, shown_text(client), Style.BODY),
                    (6, shown_text(need.owner), Style.CENTER),
                ],
                17,
            )
    page.name_area("名单.需求", Area(top, NEED, max(top, page.row - 1), NEED))
