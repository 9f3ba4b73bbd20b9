"""Working days by 节假日, against counting day by day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zlxl.figures.workdays import OFF, WORKED, of_rows, workdays
from zlxl.tables.holidays import HOLIDAYS
from zlxl.tables.policy import PolicyRow

OFFICE = workdays()
KINDS = {row["day"]: row["kind"] for row in HOLIDAYS.shipped}
DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def _works(day: date) -> bool:
    return KINDS.get(day, WORKED if day.weekday() < 5 else OFF) == WORKED


def _row(day: date | None, kind: str) -> PolicyRow:
    return PolicyRow(sheet="节假日", row=0, values={"day": day, "kind": kind})


def test_holidays_are_off_and_shifted_weekends_are_worked():
    assert not OFFICE.works(date(2026, 10, 1))
    assert OFFICE.works(date(2026, 10, 10))  # a Saturday, worked for the holiday
    assert not OFFICE.works(date(2026, 11, 22))
    assert OFFICE.works(date(2026, 11, 24))


def test_a_period_begins_on_the_day_after():
    assert OFFICE.later(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert OFFICE.later(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert OFFICE.later(date(2026, 11, 21), 1) == date(2026, 11, 23)  # received on a Saturday
    assert OFFICE.later(date(2026, 11, 21), 0) == date(2026, 11, 23)
    assert OFFICE.later(date(2026, 10, 8), -1) == date(2026, 9, 30)


@given(DAYS, st.integers(-30, 30))
def test_later_counts_as_a_walk_from_day_to_day_does(day, count):
    step = timedelta(days=1 if count >= 0 else -1)
    expected, left = day, abs(count)
    while left or not _works(expected):
        expected += step
        left -= bool(left and _works(expected))

    assert expected == OFFICE.later(day, count)


@given(DAYS, DAYS)
def test_between_is_the_inverse_of_later(first, last):
    first, last = sorted((first, last))
    expected = sum(_works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    assert expected == OFFICE.between(first, last)
    assert OFFICE.later(first, expected) <= last or expected == 0


def test_many_days_at_once_agree_with_one_by_one_and_missing_stay_missing():
    days = np.array(["2026-09-30", "2026-11-21", "NaT"], dtype="datetime64[D]")

    found = OFFICE.all_later(days, np.array([1, 3, 5]))

    assert [date(2026, 10, 8), date(2026, 11, 25), None] == found.tolist()


def test_years_without_dates_know_weekends_only_and_say_so():
    assert OFFICE.later(date(2031, 10, 3), 1) == date(2031, 10, 6)
    one, other = OFFICE.remarks([date(2031, 10, 3), date(2031, 1, 1), date(2027, 3, 1), date(2026, 3, 1)])
    assert "2027 年还没有调休上班日" in one
    assert "没有 2031 年的日期" in other


def test_the_workbooks_own_rows_decide_and_broken_rows_are_passed_over():
    rows = [
        _row(date(2026, 11, 24), OFF),
        _row(date(2026, 11, 28), WORKED),
        _row(None, OFF),
        _row(date(2026, 11, 25), ""),
    ]
    office = of_rows(rows)

    assert not office.works(date(2026, 11, 24))
    assert office.works(date(2026, 11, 28))
    assert office.works(date(2026, 11, 25))
    assert office.works(date(2026, 10, 1))


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 30), date(9999, 12, 31)])
def test_days_at_the_ends_of_the_calendar_do_not_break(day):
    assert OFFICE.later(day, 5) >= day
