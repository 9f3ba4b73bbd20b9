"""Days on which the office works: weekends and the shipped holidays left out."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from zlxl.tables.holidays import HOLIDAYS

_DAY = timedelta(days=1)


@cache
def _exceptions() -> dict[date, bool]:
    """Days that differ from the week's rule, and whether they are worked."""
    days: dict[date, bool] = {}
    for row in HOLIDAYS.shipped:
        day = row["day"]
        if isinstance(day, date):
            days[day] = row["kind"] == "调休上班"
    return days


def is_workday(day: date) -> bool:
    """Whether the office works on the day."""
    return _exceptions().get(day, day.weekday() < 5)


def on_or_after(day: date) -> date:
    """The day itself, or the next workday."""
    while not is_workday(day):
        day += _DAY
    return day


def on_or_before(day: date) -> date:
    """The day itself, or the workday before."""
    while not is_workday(day):
        day -= _DAY
    return day


def later(day: date, workdays: int) -> date:
    """So many workdays later; 0 gives the day or the next workday."""
    day = on_or_after(day)
    for _ in range(workdays):
        day = on_or_after(day + _DAY)
    return day


def days_later(day: date, days: int) -> date:
    """So many calendar days later (or earlier), moved to a workday."""
    return on_or_after(day + timedelta(days=days))
