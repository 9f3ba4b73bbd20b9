"""The year-end report as a job: the year's figures from a workbook, and its sheet (4.6, 4.8.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.decisions.opinions import TopicModel
from zlxl.edits import Edits
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.yearend import Group, YearEnd, yearend
from zlxl.grid import TableSource
from zlxl.jobs.classifying.problems import Problem, common_problems
from zlxl.jobs.classifying.sheet import Proposal, classify_sheet
from zlxl.rules.rule import Book
from zlxl.sheet import Sheet
from zlxl.sheets.satisfaction_sources import Sources
from zlxl.sheets.yearend import yearend_sheet
from zlxl.tables.improvements import IMPROVEMENTS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.services import SERVICES

LOOKED_UP: Final = (REQUESTS, IMPROVEMENTS, SERVICES)


@dataclass(frozen=True, kw_only=True)
class Summarised:
    """A workbook and its year."""

    book: Book
    figures: YearEnd
    remarks: tuple[str, ...]  #: what the reader should know, in Chinese

    def sheet(self, *, inside: bool) -> Sheet:
        """The sheet; ``inside``: it goes into the workbook, so that formulas look there."""
        found = {table.name: tuple(self.book.of(table)) for table in LOOKED_UP} if inside else {}
        return yearend_sheet(self.figures, Sources(frames=found))

    def edits(self) -> Edits:
        """The sheet in the workbook."""
        return Edits(sheets=(self.sheet(inside=True),))


def summarise(
    source: TableSource, period: Period, today: date, *, model: TopicModel | None = None
) -> Summarised:
    """All figures of the year up to today.

    Raises:
        Unreadable: no sheet holds a known table. UsageError: none of them is 客户要求.
    """
    sheet = classify_sheet(source, today=today, model=model)
    problems = common_problems(sheet, since=period.start, until=min(period.end, today))
    figures = yearend(sheet.book, period, [_group(problem) for problem in problems])
    remarks = dict.fromkeys((*sheet.remarks, *figures.remarks))
    return Summarised(book=sheet.book, figures=figures, remarks=tuple(remarks))


def _group(problem: Problem) -> Group:
    return Group(
        topic=problem.topic,
        text=problem.text,
        rows=frozenset((one.row.frame.sheet, one.row.number_of_row) for one in problem.requests),
        owner=_owner(problem),
        fed_back_to=problem.fed_back_to,
        noted=problem.measures,
    )


def _owner(problem: Problem) -> str:
    """The department that most of the requests are with."""
    owners = Counter(owner for one in problem.requests if (owner := _owner_of(one)))
    return owners.most_common(1)[0][0] if owners else ""


def _owner_of(one: Proposal) -> str:
    return one.row.text("owner") or (one.ruling.owner if one.ruling else "")
