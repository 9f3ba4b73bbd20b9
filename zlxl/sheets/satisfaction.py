"""满意度_2026Q3 and 满意度_2026: the analysis of a period on one sheet, every number a formula (4.7)."""

from __future__ import annotations

from typing import Final

from zlxl.figures.satisfaction import Satisfaction
from zlxl.schema.context import Context
from zlxl.sheet import Sheet, Style
from zlxl.sheets.satisfaction_comments import comments_list, comments_part
from zlxl.sheets.satisfaction_detail import BESIDE, ROOM, answers_part, subjects_part
from zlxl.sheets.satisfaction_follow import incidents_part, low_scores_part, reminders_part
from zlxl.sheets.satisfaction_items import importance_part, items_part, promoters_part, shares_part
from zlxl.sheets.satisfaction_page import WIDTH, Page
from zlxl.sheets.satisfaction_parts import (
    criteria_part,
    index_part,
    key_figures,
    response_part,
    trend_part,
)
from zlxl.sheets.satisfaction_segments import segments_part, waves_part
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.sheets.satisfaction_words import conclusion

PREFIX: Final = "满意度_"


def satisfaction_sheet(figures: Satisfaction, sources: Sources, context: Context) -> Sheet:
    """The sheet of a period; parts refer to each other, so that their places are found in a first run."""
    name = f"{PREFIX}{figures.period}"
    linked = bool(sources.frames)
    more = max(0, len(figures.criteria.items) - ROOM)
    places = _fill(Page(sheet=name, known={}, more=more, beside=BESIDE), figures, sources, context).places
    page = _fill(
        Page(sheet=name, known=places, more=more, beside=BESIDE, linked=linked), figures, sources, context
    )
    return page.drawn(f"{figures.period.chinese}客户满意度分析", "3B8574")


def _fill(page: Page, figures: Satisfaction, sources: Sources, context: Context) -> Page:
    _head(page, figures)
    response_part(page, figures)
    page.pages_end()
    index_part(page, figures, sources)
    waves_part(page, figures, context)
    page.pages_end()
    trend_part(page, figures, sources)
    page.pages_end()
    items_part(page, figures)
    page.pages_end()
    importance_part(page, figures)
    promoters_part(page, figures)
    page.pages_end()
    segments_part(page, figures)
    page.pages_end()
    incidents_part(page, figures, sources, context)
    page.pages_end()
    low_scores_part(page, figures)
    reminders_part(page, figures)
    page.pages_end()
    comments_part(page, figures)
    page.pages_end()
    shares_part(page, figures)
    criteria_part(page, figures, sources)
    page.name("印至", 1, page.row - 1)
    answers_part(page, figures, sources, context)
    subjects_part(page, figures, sources, context)
    comments_list(page, figures)
    return page


def _head(page: Page, figures: Satisfaction) -> None:
    period = figures.period
    page.line([(WIDTH, f"{period.chinese}客户满意度分析报告", Style.TITLE)], 38)
    page.line(
        [
            (
                WIDTH,
                f"ZL-CX-16　4.7　·　统计期 {period.start} 至 {period.end}　·　编制：市场部　·　"
                f"报送：主管副总　·　计算于 {figures.today}",
                Style.SUBTITLE,
            )
        ],
        18,
    )
    page.gap(8)
    key_figures(page, figures)
    page.section("结论（供主管副总决策）")
    page.conclusion(period, figures.today, conclusion(figures), "逐份明细")
    for item in figures.criteria.unknown:
        page.text(f"评价准则的题目“{item}”在“满意度调查”中没有对应的列，未计入。", Style.SMALL)
