"""Raw arguments and how they stand beside each other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zlxl.hosts.udf.shape import (
    BadArgumentError,
    NoAnswerError,
    answered,
    by_row,
    each,
    meant,
    number_of,
    numbers_in,
    rows_of,
    single,
    text_of,
    word,
)
from zlxl.schema.values import ErrorValue

RAW = st.one_of(
    st.none(),
    st.text(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False),
    st.datetimes(),
    st.dates(),
)


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        (1.0, [[1.0]]),
        (None, [[None]]),
        ((1.0, "a"), [[1.0, "a"]]),
        (((1.0, "a"), (None, True)), [[1.0, "a"], [None, True]]),
        ([[2], [3]], [[2.0], [3.0]]),
    ],
)
def test_rows(raw, rows):
    assert rows_of(raw) == rows


@pytest.mark.parametrize("raw", [((1.0,), (1.0, 2.0))])
def test_ragged_rows_are_refused(raw):
    with pytest.raises(BadArgumentError):
        rows_of(raw)


@given(st.lists(st.lists(RAW, min_size=2, max_size=2), min_size=1, max_size=5))
def test_shape_is_kept(rows):
    assert each(lambda cell: 1.0, rows) != []
    assert [len(row) for row in each(lambda cell: 1.0, rows)] == [2] * len(rows)
    assert [len(row) for row in by_row(lambda cells: 1.0, rows)] == [1] * len(rows)


def test_cells_as_tables_take_them():
    assert meant(-2146826246) == ErrorValue("#N/A")
    assert type(meant(-2146826246)) is ErrorValue
    assert meant(7) == 7.0
    assert meant(Decimal("1.50")) == 1.5
    assert meant(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == datetime(2026, 1, 2, 3, 4, 5)
    assert meant(date(2026, 1, 2)) == datetime(2026, 1, 2)
    assert meant(True) is True


@pytest.mark.parametrize(
    ("beside", "sums"),
    [
        (10.0, [[11.0, 12.0], [13.0, 14.0]]),
        (((10.0,), (20.0,)), [[11.0, 12.0], [23.0, 24.0]]),
        ((10.0, 20.0), [[11.0, 22.0], [13.0, 24.0]]),
        (((10.0, 20.0), (30.0, 40.0)), [[11.0, 22.0], [33.0, 44.0]]),
    ],
)
def test_companions(beside, sums):
    assert each(lambda one, other: one + other, ((1.0, 2.0), (3.0, 4.0)), beside) == sums


@pytest.mark.parametrize("beside", [((1.0, 2.0, 3.0),), ((1.0,), (2.0,), (3.0,))])
def test_companions_that_do_not_fit(beside):
    with pytest.raises(BadArgumentError):
        each(lambda one, other: one, ((1.0, 2.0), (3.0, 4.0)), beside)


def test_errors_stand_for_no_answer():
    def refuse(kind):
        raise kind

    assert answered(refuse, NoAnswerError) == "#N/A"
    assert answered(refuse, BadArgumentError) == "#VALUE!"
    assert answered(refuse, ErrorValue("#N/A")) == "#N/A"
    assert answered(refuse, ErrorValue("#REF!")) == "#VALUE!"
    assert answered(refuse, [1.0, ErrorValue("#N/A")]) == "#N/A"


def test_words_and_numbers():
    assert word(None, "类别", ("类别",)) == word("", "类别") == word(" 类别 ", "主题", ("类别",)) == "类别"
    for wrong in (1.0, "别的", ((1.0, 2.0),), -2146826246):
        with pytest.raises(BadArgumentError):
            word(wrong, "类别", ("类别",))
    assert number_of(None, 2.0) == number_of("", 2.0) == number_of(2.0) == 2.0
    for wrong in ("2", True, None):
        with pytest.raises(BadArgumentError):
            number_of(wrong)
    assert single(((5.0,),)) == 5.0
    assert text_of(5.0) == "5"
    assert list(numbers_in((("a", 1.0), (None, -2146826246)))) == [1.0]
    with pytest.raises(BadArgumentError):
        list(numbers_in(-2146826281))
