"""The functions of working days and of surveillance: days to go by (4.3, 4.5)."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import Final

from zlxl.figures.due import plausible
from zlxl.figures.due_certificates import USUAL, surveillance_limit, usual_surveillance
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, Rows, each, number_of
from zlxl.schema.read import judge_distinct
from zlxl.schema.values import NOT_JUDGED, from_serial
from zlxl.tables.plans import PLANS

_MOST: Final = 20_000  # working days to go


def add_workdays(policy: Policy, start_day: object, workdays: object) -> Rows:
    """The n-th working day after each day.

    Raises:
        BadArgumentError: the counts are of another shape.
    """
    return each(partial(_later, policy), start_day, workdays, known=policy.answers("ZL_ADD_WORKDAYS"))


def _later(policy: Policy, start_day: object, workdays: object) -> datetime:
    start, count = day_of(policy, start_day), number_of(workdays)
    if count != int(count) or abs(count) > _MOST:
        raise BadArgumentError
    return _shown(policy.workdays.later(start, int(count)))


def count_workdays(policy: Policy, start_day: object, last_day: object) -> Rows:
    """Working days after each first day up to and with the last.

    Raises:
        BadArgumentError: the last days are of another shape.
    """

    def counted(first: object, last: object) -> float:
        return float(policy.workdays.between(day_of(policy, first), day_of(policy, last)))

    return each(counted, start_day, last_day, known=policy.answers("ZL_COUNT_WORKDAYS"))


def limit_surveillance(
    policy: Policy, audited_on: object, issued_on: object = None, system: object = None
) -> Rows:
    """The latest day of the next surveillance after each audit.

    Raises:
        BadArgumentError: another argument is of another shape.
    """
    known = policy.answers("ZL_LIMIT_SURVEILLANCE")
    return each(lambda *facts: _shown(_limit(policy, *facts)[1]), audited_on, issued_on, system, known=known)


def plan_surveillance(
    policy: Policy, audited_on: object, issued_on: object = None, system: object = None
) -> Rows:
    """The working day on which the next surveillance is best planned.

    Raises:
        BadArgumentError: another argument is of another shape.
    """

    def planned(*facts: object) -> datetime:
        start, latest = _limit(policy, *facts)
        months = policy.terms.number(USUAL, policy.context.today)
        return _shown(usual_surveillance(policy.workdays, start, latest, months))

    return each(planned, audited_on, issued_on, system, known=policy.answers("ZL_PLAN_SURVEILLANCE"))


def _limit(policy: Policy, audited_on: object, issued_on: object, system: object) -> tuple[date, date]:
    """The day from which the interval counts and its last day.

    Raises:
        NoAnswerError: neither day is known, or no interval is in force.
    """
    last, issued = _day_or_none(policy, audited_on), _day_or_none(policy, issued_on)
    known = [day for day in (last, issued) if day is not None]
    if not known:
        raise NoAnswerError
    limit = surveillance_limit(policy.terms, max(known), last, issued, _system(policy, system))
    if limit is None:
        raise NoAnswerError
    return max(known), limit[0]


def _system(policy: Policy, cell: object) -> str:
    """The system that is meant, "" where none is given."""
    if cell is None or cell == "":
        return ""
    values, _ = judge_distinct(PLANS, "system", [cell], policy.context)
    if values[0] is NOT_JUDGED:
        raise BadArgumentError
    return values[0] or ""


def day_of(policy: Policy, cell: object) -> date:
    """The day of a date cell, of a serial number, or of a text that is surely one.

    Raises:
        NoAnswerError: the cell is empty. BadArgumentError: it holds no day.
    """
    day = _day_or_none(policy, cell)
    if day is None:
        raise NoAnswerError
    return day


def _day_or_none(policy: Policy, cell: object) -> date | None:
    if cell is None or cell == "":
        return None
    if type(cell) is float:
        cell = from_serial(cell)
    elif isinstance(cell, str):
        cell = judge_distinct(PLANS, "done_on", [cell], policy.context)[0][0]
    day = plausible(cell.date() if isinstance(cell, datetime) else cell)
    if day is None:
        raise BadArgumentError
    return day


def _shown(day: date) -> datetime:
    return datetime.combine(day, time())
