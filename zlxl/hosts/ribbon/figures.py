"""Group 满意度: the analyses of a quarter and a year, and the summary for the management."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zlxl.hosts.learning import model_beside
from zlxl.hosts.ribbon.steps import lines_of, put

if TYPE_CHECKING:
    from zlxl.figures.satisfaction_period import Period
    from zlxl.hosts.ribbon.book import OpenBook


def _satisfaction(book: OpenBook, period: Period, today: date) -> str:
    from zlxl.jobs.satisfaction import analyse
    from zlxl.reports.satisfaction import satisfaction_lines
    from zlxl.sheets.satisfaction_words import conclusion

    analysed = analyse(book, period, today, model=model_beside(book.file))
    lines = satisfaction_lines(analysed.figures, conclusion(analysed.figures))
    return put(book, analysed.edits(), lines_of("满意度分析", lines))


def satisfaction_quarter(book: OpenBook, today: date) -> str:
    """The satisfaction of this quarter, onto its sheet (4.7.1)."""
    from zlxl.figures.satisfaction_period import Period

    return _satisfaction(book, Period(year=today.year, quarter=(today.month + 2) // 3), today)


def satisfaction_year(book: OpenBook, today: date) -> str:
    """The satisfaction of this year, onto its sheet (4.7.2)."""
    from zlxl.figures.satisfaction_period import Period

    return _satisfaction(book, Period(year=today.year), today)


def yearend_report(book: OpenBook, today: date) -> str:
    """The summary of this year, onto its sheet (4.6)."""
    from zlxl.figures.satisfaction_period import Period
    from zlxl.jobs.yearend import summarise
    from zlxl.reports.yearend import yearend_lines
    from zlxl.sheets.yearend_words import conclusion

    found = summarise(book, Period(year=today.year), today, model=model_beside(book.file))
    lines = yearend_lines(found.figures, conclusion(found.figures))
    return put(book, found.edits(), lines_of("年终汇总", lines))
