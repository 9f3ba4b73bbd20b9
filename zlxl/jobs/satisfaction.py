"""Customer satisfaction of a period: its figures, its sheet, and requests opened for low scores (4.7)."""

from __future__ import annotations

from zlxl.figures.satisfaction import Satisfaction, satisfaction
from zlxl.figures.satisfaction_period import Period
from zlxl.rules.rule import Book
from zlxl.sheet import Sheet
from zlxl.sheets.satisfaction import satisfaction_sheet
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.tables.clients import CLIENTS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.incidents import INCIDENTS
from zlxl.tables.surveys import SURVEYS

LOOKED_UP = (SURVEYS, CLIENTS, INCIDENTS, CRITERIA)


def analyse(book: Book, period: Period) -> Satisfaction:
    """All figures of the period."""
    frames = {table.name: tuple(book.of(table)) for table in LOOKED_UP}
    return satisfaction(frames.__getitem__, book.frames, period, book.context)


def analysis_sheet(book: Book, figures: Satisfaction, *, inside: bool) -> Sheet:
    """The sheet of the analysis; ``inside``: it goes into the workbook, so that formulas may look there."""
    found = {table.name: tuple(book.of(table)) for table in LOOKED_UP} if inside else {}
    return satisfaction_sheet(figures, Sources(frames=found), book.context)
