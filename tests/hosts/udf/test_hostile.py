"""Whatever cells hold, functions answer in the shape of the range, and a range as its cells."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zlxl.hosts.functions import BAD_ARGUMENT, FUNCTIONS, NO_ANSWER, Shape
from zlxl.hosts.udf import call as calling
from zlxl.hosts.udf.call import Caller
from zlxl.hosts.udf.shape import ERROR_CODES, TALL

call = Caller(today=lambda: date(2026, 11, 24))
DAY = datetime(2026, 3, 2)
ODDITIES = (nan, inf, -inf, 1e300, -1e300, 0.5, 1e9, True, "\ud800", "x" * 40_000, 10**400, *ERROR_CODES)
ODDITIES += (
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
    date(1899, 12, 30),
    (),
    object(),
)
CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.sampled_from([*ERROR_CODES, 10**400, nan, inf, -inf, 1e300, 61.0, 2_958_465.0, Decimal("sNaN")]),
    st.decimals(),
    st.datetimes(),
    st.datetimes().map(lambda one: one.replace(tzinfo=UTC)),
    st.dates(),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.sampled_from(
        ["\ud800", "满意\udfff", "x" * 40_000, "9" * 400, "投诉" * 2_000, "9999-12-31", "0000-00-00"]
    ),
    st.sampled_from(
        ["050000", "ZL132", "很满意", "发票丢了，请补寄", "QMS", "2026-03-02", "邮编", "*?*", "[", "\0"]
    ),
)
ODD = st.one_of(
    CELL,
    st.lists(CELL, max_size=3).map(tuple),
    st.lists(st.lists(CELL, max_size=3).map(tuple), max_size=3).map(tuple),
    st.sampled_from([(), ((),), (((1.0,),),), object(), b"x", {1: 2}]),
)
#: second arguments that have answers
NEEDED = {
    "ZL_CHECK": ("邮编",),
    "ZL_SUGGEST_FIX": ("审核时间",),
    "ZL_FIND_DEADLINE": (DAY,),
    "ZL_ADD_WORKDAYS": (3.0,),
    "ZL_COUNT_WORKDAYS": (datetime(2026, 3, 9),),
}
OF_CELLS = [function.name for function in FUNCTIONS if function.shape is Shape.CELLS]


@pytest.fixture(autouse=True)
def _nothing_is_unforeseen(monkeypatch):
    """An error that nobody foresaw would be logged and shown as #VALUE!: here it stands out."""

    def fail(*_):
        raise

    monkeypatch.setattr(calling, "_log", type("Log", (), {"exception": staticmethod(fail)}))


def plain(rows):
    return all(isinstance(cell, str | float | bool | datetime) for row in rows for cell in row)


@given(function=st.sampled_from(FUNCTIONS), data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_arguments(function, data):
    count = data.draw(
        st.integers(sum(not a.optional for a in function.arguments), len(function.arguments)), label="count"
    )
    rows = call(function.name, *[data.draw(ODD) for _ in range(count)])
    assert rows
    assert all(rows)
    assert plain(rows)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_one_odd_argument_beside_good_ones(function):
    """In each place in turn: what is odd reaches the body, which the others have let it."""
    first = {"ZL_GRADE_CLIENT": 92.0, "ZL_SCORE_NPS": 10.0, "ZL_ESTIMATE_INTERVAL": ((90.0,), (80.0,))}
    good = [
        first.get(function.name, DAY if function.arguments[0].name.endswith(("_on", "_day")) else "050000")
    ]
    if "SATISFACTION" in function.name:
        good = [(("很满意",) * 11,)]
    good += [*NEEDED.get(function.name, ()), *[None] * 3][: len(function.arguments) - 1]
    if function.name == "ZL_ESTIMATE_INTERVAL":
        good[1] = 100.0
    assert call(function.name, *good) != BAD
    for place in range(len(good)):
        for odd in ODDITIES:
            for shaped in (odd, ((odd, odd),), ((odd,), (odd,))):
                rows = call(function.name, *good[:place], shaped, *good[place + 1 :])
                assert all(rows)
                assert plain(rows)


@pytest.mark.parametrize("name", OF_CELLS)
@given(cells=st.lists(CELL, min_size=1, max_size=6), wide=st.booleans())
@settings(max_examples=40, deadline=None)
@example(cells=[1.0, True, "1", 1, Decimal(1)], wide=False)
@example(cells=[nan, inf, "\ud800", None], wide=True)
def test_a_range_answers_as_its_cells(name, cells, wide):
    """Cell by cell, also where equal ones are judged once."""
    further = NEEDED.get(name, ())
    single = [call(name, cell, *further)[0][0] for cell in cells]
    found = call(name, [cells] if wide else [[cell] for cell in cells], *further)
    refused = [
        cell for cell in cells if isinstance(cell, int | Decimal) and call(name, cell, *further) == BAD
    ]
    if refused and found == BAD:  # a number that no cell of Excel holds
        return
    assert found == ([single] if wide else [[one] for one in single])


BAD = [[BAD_ARGUMENT]]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_empty_rest_of_a_column(function):
    """What stands below in a tall range counts as one empty row; the answer has the range's shape."""
    needed, width = NEEDED.get(function.name, ()), 11 if "SATISFACTION" in function.name else 1
    needed = (1e6,) if function.name == "ZL_ESTIMATE_INTERVAL" else needed
    filled = ((10.0,) * width, ("很满意",) * width, (None,) * width, (9.0,) * width)
    tall = filled + ((None,) * width,) * TALL
    short = call(function.name, filled + filled[2:3], *needed)
    rest = [] if function.shape is Shape.ONE else short[-1:] * (TALL - 1)
    assert call(function.name, tall, *needed) == short + rest


def test_tall_arguments_beside_each_other():
    """The longer decides; of another height they are refused as ever."""
    days = ((datetime(2026, 3, 2),), *((None,),) * TALL)
    counts = ((3.0,), (4.0,), *((None,),) * (TALL - 1))
    found = call("ZL_ADD_WORKDAYS", days, counts)
    assert found == [[datetime(2026, 3, 5)], *[[NO_ANSWER]] * TALL]
    assert call("ZL_ADD_WORKDAYS", days, counts[:-1]) == BAD
    assert call("ZL_ADD_WORKDAYS", days, counts[:3]) == BAD


def test_an_unforeseen_error_is_logged_and_shown_as_such(caplog, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(logging.getLogger(Caller.__module__), "disabled", False)
    monkeypatch.setattr(calling, "body_of", lambda name: 1 / 0)
    assert call("ZL_CHECK", "x", "邮编") == BAD
    assert "ZeroDivisionError" in caplog.text
