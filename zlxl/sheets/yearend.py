"""年终汇总_2026: requests, common problems, needs and measures of the year on one sheet (4.6)."""

from __future__ import annotations

from typing import Final

from zlxl.figures.yearend import YearEnd
from zlxl.figures.yearend_requests import OVERDUE, share_in_time
from zlxl.sheet import Content, Sheet, Style
from zlxl.sheets.satisfaction_page import WIDTH, Page, live
from zlxl.sheets.satisfaction_parts import shown_number
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.sheets.yearend_list import requests_part
from zlxl.sheets.yearend_needs import clients_part, needs_part
from zlxl.sheets.yearend_problems import feedback_part, measures_part, problems_part
from zlxl.sheets.yearend_requests import statistics_part
from zlxl.sheets.yearend_services import offers_part, services_list, services_part
from zlxl.sheets.yearend_words import conclusion

PREFIX: Final = "年终汇总_"


def yearend_sheet(figures: YearEnd, sources: Sources) -> Sheet:
    """The sheet of a year; parts refer to each other, so that their places are found in a first run."""
    name = f"{PREFIX}{figures.period}"
    linked = bool(sources.frames)
    places = _fill(Page(sheet=name, known={}), figures, sources).places
    page = _fill(Page(sheet=name, known=places, linked=linked), figures, sources)
    return page.drawn(f"{figures.period.chinese}客户服务年终汇总", "B5456A")


def _fill(page: Page, figures: YearEnd, sources: Sources) -> Page:
    _head(page, figures)
    page.pages_end()
    statistics_part(page, figures, sources)
    page.pages_end()
    problems_part(page, figures)
    page.pages_end()
    feedback_part(page, figures)
    page.pages_end()
    needs_part(page, figures)
    page.pages_end()
    services_part(page, figures)
    page.pages_end()
    measures_part(page, figures, sources, "七")
    page.name("印至", 1, page.row - 1)
    requests_part(page, figures, sources)
    clients_part(page, figures)
    services_list(page, figures, sources)
    offers_part(page, figures)
    return page


def _head(page: Page, figures: YearEnd) -> None:
    period = figures.period
    page.line([(WIDTH, f"{period.chinese}客户意见和建议年终汇总", Style.TITLE)], 38)
    page.line(
        [
            (
                17,
                f"ZL-CX-16　4.6、4.8.2　·　{period.start} 至 {period.end}　·　编制：市场部",
                Style.SUBTITLE,
            ),
            (6, "报送：主管副总　·　计算日", Style.SUBTITLE),
            (6, figures.today, Style.DATE),
        ],
        18,
    )
    page.name("计算日", 24, page.row - 1)
    page.gap(8)
    _key_figures(page, figures)
    page.section("一　结论（供主管副总决策）")
    page.conclusion(period, figures.today, conclusion(figures), "逐条明细")


def _key_figures(page: Page, figures: YearEnd) -> None:
    """The figures that are looked at first."""
    some = bool(figures.asked)
    share = share_in_time(figures.outcomes)
    results, firsts = page.at("要求.结果"), page.at("要求.客户首次")

    def held(word: str) -> str:
        return f'COUNTIF({results},"{word}")'

    settled = f"({held('按期办结')}+{held('逾期办结')}+{held('逾期未办')})"
    rate = f'IF({settled}=0,"—",TEXT({held("按期办结")}/{settled}*100,"0.0")&"%")'
    told = "—" if share is None else shown_number(share * 100, 1, "%")
    asked = len(figures.asked)
    cells: tuple[tuple[str, Content], ...] = (
        ("客户要求（条）", live(f"ROWS({results})", asked) if some else 0),
        ("提出的客户（家）", live(f"SUM({firsts})", figures.clients) if some else 0),
        ("按期办结率", live(rate, told) if some else "—"),
        ("逾期未办（条）", live(held(OVERDUE), figures.outcomes[OVERDUE]) if some else 0),
        ("共性问题（组）", len(figures.problems)),
        ("其中未定措施（组）", len(figures.unmeasured)),
    )
    spans = [WIDTH // len(cells) + (at < WIDTH % len(cells)) for at in range(len(cells))]
    page.line([(span, label, Style.KPI_LABEL) for span, (label, _) in zip(spans, cells, strict=True)], 18)
    page.line([(span, value, Style.KPI) for span, (_, value) in zip(spans, cells, strict=True)], 36)
