"""What a number format makes of a number."""

from __future__ import annotations

import datetime as dt

import pytest

from zlxl.schema.moments import Shows, fits, moment, shows

DAY, TIME, BOTH = Shows(day=True), Shows(time=True), Shows(day=True, time=True)
SPAN = Shows(time=True, elapsed=True)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", Shows()),
        ("0.00", Shows()),
        ('"day"0', Shows()),
        ("[Red]0", Shows()),
        ("yyyy-mm-dd", DAY),
        ('yyyy"年"m"月"', DAY),
        ("m月d日", DAY),
        ("mmm-yy", DAY),
        ("[$-804]d", DAY),
        ("h:mm", TIME),
        ("mm:ss.0", TIME),
        ("h:mm AM/PM", TIME),
        ("上午/下午h时", TIME),
        ("yyyy/m/d h:mm", BOTH),
        ("m/d hh:mm:ss;@", BOTH),
        ("[h]:mm:ss", SPAN),
        ("[mm]:ss", SPAN),
    ],
)
def test_what_formats_show(code, expected):
    assert shows(code) == expected


@pytest.mark.parametrize(
    ("serial", "code", "expected"),
    [
        (45351, "yyyy-mm-dd", dt.date(2024, 2, 29)),
        (45351.25, "yyyy-mm-dd", dt.datetime(2024, 2, 29, 6)),
        (45351, "yyyy-mm-dd hh:mm", dt.datetime(2024, 2, 29)),
        (45351.9999999999, "yyyy-mm-dd hh:mm", dt.datetime(2024, 3, 1)),
        (45351.5, "h:mm", dt.datetime(2024, 2, 29, 12)),
        (0.5, "h:mm", dt.time(12)),
        (0.99999999999, "h:mm", dt.time(23, 59, 59, 999_000)),
        (1.25, "[h]:mm", dt.timedelta(hours=30)),
        (-1.5, "[h]:mm", dt.timedelta(hours=-36)),
        (1.25, "h:mm", None),
        (5, "yyyy-mm-dd", None),
        (1e12, "yyyy-mm-dd", None),
        (1e12, "[h]:mm", None),
        (-0.5, "h:mm", None),
        (45351, "0.00", None),
    ],
)
def test_what_numbers_mean(serial, code, expected):
    found = moment(serial, code, date1904=False)
    assert (found, type(found)) == (expected, type(expected))


def test_the_other_date_system():
    assert moment(43889, "yyyy-mm-dd", date1904=True) == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (dt.date(2024, 2, 29), "General", False),
        (dt.date(2024, 2, 29), "yyyy", True),
        (dt.datetime(2024, 2, 29, 6), "h:mm", True),
        (dt.time(6), "yyyy-mm-dd", False),
        (dt.time(6), "h:mm", True),
        (dt.timedelta(hours=30), "h:mm", False),
        (dt.timedelta(hours=30), "[h]:mm", True),
        (dt.timedelta(hours=3), "h:mm", True),
    ],
)
def test_formats_that_show_a_value(value, code, expected):
    assert fits(value, code) is expected
