"""Days on which the office works."""

from datetime import date

from zlxl.samples import workdays


def test_holidays_are_no_workdays_and_shifted_days_are():
    assert not workdays.is_workday(date(2026, 10, 1))
    assert not workdays.is_workday(date(2026, 11, 22))
    assert workdays.is_workday(date(2026, 10, 10))  # Saturday, worked for the holiday
    assert workdays.is_workday(date(2026, 11, 24))


def test_days_move_to_the_next_or_the_last_workday():
    assert workdays.on_or_after(date(2026, 11, 21)) == date(2026, 11, 23)
    assert workdays.on_or_before(date(2026, 11, 22)) == date(2026, 11, 20)
    assert workdays.days_later(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_workdays_are_counted_over_a_holiday():
    assert workdays.later(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays.later(date(2026, 11, 21), 0) == date(2026, 11, 23)
