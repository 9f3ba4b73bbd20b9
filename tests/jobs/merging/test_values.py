"""Values of other copies: when they are the same, and how they are written so that they show as there."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zlxl.jobs.merging.values import Stored, essence, stored, told
from zlxl.schema.values import PENDING, ErrorValue, Raw, StoredNumber

DAY = StoredNumber(46000, "yyyy/m/d")
MONEY = StoredNumber(12.5, "#,##0.00")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (DAY, datetime(2025, 12, 9), True),
        (DAY, date(2025, 12, 9), True),
        (DAY, StoredNumber(46000, "General"), True),
        (datetime(2025, 12, 9, 12), StoredNumber(46000.5, "yyyy-mm-dd"), True),
        (0.1 + 0.2, 0.3, True),
        ("050000", 50000.0, False),
        (True, 1.0, False),
        ("#N/A", ErrorValue("#N/A"), False),
        (PENDING, None, False),
        (" ", None, True),
    ],
)
def test_values_are_the_same_by_kind_and_content(one: Raw, other: Raw | None, same: bool) -> None:
    """Whatever their number formats; text is never a number."""
    assert (essence(one) == essence(other)) is same


@pytest.mark.parametrize(
    ("value", "old", "written"),
    [
        (None, "x", Stored(None)),
        (True, None, Stored(True)),
        ("张敏", MONEY, Stored("张敏", None, ("General",))),
        ("050000", None, Stored("050000", "@", ("General",))),
        (DAY, DAY, Stored(date(2025, 12, 9), "yyyy/m/d", ("General", "@"))),
        (DAY, MONEY, Stored(date(2025, 12, 9), "yyyy/m/d", ())),
        (datetime(2025, 12, 9, 8), None, Stored(datetime(2025, 12, 9, 8), "yyyy-mm-dd", ("General", "@"))),
        (MONEY, "12,5", Stored(12.5, "#,##0.00", ("@",))),
        (MONEY, DAY, Stored(12.5, "#,##0.00", ())),
        (3.0, None, Stored(3.0, "General", ("@",))),
    ],
)
def test_a_value_shows_as_what_it_is(value: Raw | None, old: Raw | None, written: Stored) -> None:
    """The cell's own format stays wherever it shows the value rightly."""
    assert stored(value, old) == written


def test_a_value_is_told_as_people_read_it() -> None:
    """Dates as dates; nothing by a word."""
    assert [told(value) for value in (None, DAY, MONEY, True)] == ["（空）", "2025-12-09", "12.5", "TRUE"]
