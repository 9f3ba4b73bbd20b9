"""Grading of a workbook's clients as a job: read, reckoned, and written as the sheet 企业分级."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.figures.grade import Grades, grades_of
from zlxl.grid import TableSource
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.sheet import Workbook
from zlxl.sheets.data import FRONT
from zlxl.sheets.grades import grades_sheet, grades_workbook
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A workbook and its clients' grades."""

    book: Book
    grades: Grades
    front: bool  #: whether there is a first sheet to link back to

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader should know, in Chinese."""
        return (*self.book.remarks, *self.grades.remarks)


def grade(source: TableSource, today: date) -> Graded:
    """Grade the clients.

    Raises:
        Unreadable: no sheet holds a known table. UsageError: none is 客户台账 or 有效性评价.
    """
    book = read_book(source, Settings(today=today))
    if not book.of(EVALUATIONS) and not book.of(CLIENTS):
        raise UsageError(
            f"「{source.path}」中没有“{EVALUATIONS.name}”和“{CLIENTS.name}”，无法分级。请给出客户服务数据库。"
        )
    front = any(grid.sheet == FRONT for grid in source.grids())
    return Graded(book=book, grades=grades_of(book), front=front)


def edits_of(graded: Graded) -> Edits:
    """The sheet 企业分级."""
    return Edits(sheets=(grades_sheet(graded.grades, graded.book.frames, front=graded.front),))


def workbook_of(graded: Graded, file: str) -> Workbook:
    """The sheet as a workbook of its own, with links into the file."""
    return grades_workbook(graded.grades, graded.book.frames, file)
