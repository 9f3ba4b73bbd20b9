"""ZL_LOOKUP_GRADE: the grade that 企业分级 gives a client of the active workbook (4.2.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from zlxl.figures.grade import Company, Grades, grades_of
from zlxl.figures.grade_criteria import UNGRADED
from zlxl.hosts.udf.clients import Ledger, ledger_of
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import NoAnswerError, Rows, each, text_of, word
from zlxl.rules.rule import Book
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.text import compact

_GRADE: Final = "等级"
_NUMBERS: Final = ("contract_no", "certificate_no")


def lookup_grade(policy: Policy, key: object, part: object = None) -> Rows:
    """A part of the grading of the one client that each key names.

    Raises:
        BadArgumentError: no such part.
    """
    told = _PARTS[word(part, _GRADE, tuple(_PARTS))]
    return each(partial(_told, _graded(policy), told), key)


@dataclass(frozen=True, kw_only=True)
class _Graded:
    """The clients of a workbook with their grades."""

    ledger: Ledger
    grades: Grades
    companies: Mapping[str, Company]  #: by compared name

    def company(self, key: str) -> Company:
        """The client of that name or number, else the only one in whom the key occurs.

        Raises:
            NoAnswerError: nobody, or several.
        """
        named = self.companies.get(compact(key))
        if named is not None:
            return named
        rows = [self.ledger.rows[place - 1] for place in self.ledger.found(key)]
        exact = [row for row in rows if any(row.get(name) == key for name in _NUMBERS)]
        names = {compact(name) for row in exact or rows if isinstance(name := row.get("client"), str)}
        found = [self.companies[name] for name in names if name in self.companies]
        if len(names) != 1 or not found:
            raise NoAnswerError
        return found[0]


def _graded(policy: Policy) -> _Graded:
    """The grading of the workbook as it is now."""
    ledger, evaluations = ledger_of(policy), tuple(policy.evaluations())
    known = policy.answers(EVALUATIONS.name)
    if known.get("read") != (ledger.frames, evaluations):
        criteria = [frame for frame in policy.frames if frame.table.policy]
        book = Book(frames=(*criteria, *ledger.frames, *evaluations), context=policy.context)
        grades = grades_of(book)
        companies = {compact(company.client): company for company in grades.companies}
        known["read"] = (ledger.frames, evaluations)
        known["graded"] = _Graded(ledger=ledger, grades=grades, companies=companies)
    graded: _Graded = known["graded"]
    return graded


def _told(graded: _Graded, told: Callable[[Grades, Company], object], cell: object) -> object:
    answer = told(graded.grades, graded.company(text_of(cell)))
    if answer is None or answer == "":
        raise NoAnswerError
    return answer


def _lowest(grades: Grades, company: Company) -> float | None:
    """The total of the system that decides."""
    totals = [s.last.total for s in company.standings if s.last.grade == company.grade]
    return min((total for total in totals if total is not None), default=None)


def _vetoes(grades: Grades, company: Company) -> str:
    """What stands against a higher grade; a word where nothing does."""
    if company.grade == UNGRADED:
        return ""
    return "、".join(dict.fromkeys(v for s in company.standings for v in s.last.vetoes)) or "没有"


_PARTS: Final[Mapping[str, Callable[[Grades, Company], object]]] = {
    _GRADE: lambda grades, company: company.grade,
    "总分": _lowest,
    "一票否决": _vetoes,
    "上次等级": lambda grades, company: company.before,
    "升降": lambda grades, company: grades.trend(company),
}
