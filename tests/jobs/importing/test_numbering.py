"""Numbers of our own go on in the style of the last ones, and none is given twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zlxl.jobs.importing.numbering import Numbering, number_field, style_of
from zlxl.tables.catalog import TABLES, table_named

DAY = date(2026, 11, 4)
EXAMPLE = "YQ2026-0001"


@pytest.mark.parametrize(
    ("known", "follows"),
    [
        ([], "YQ2026-0001"),
        (["YQ2026-0012"], "YQ2026-0013"),
        (["YQ2026-0012", "YQ2026-0003"], "YQ2026-0013"),
        (["YQ2025-0099"], "YQ2026-0001"),
        (["YQ20260012"], "YQ20260013"),
        (["YQ202611-03"], "YQ202611-04"),
        (["YQ202610-03"], "YQ202611-01"),
        (["YQ20261104-03"], "YQ20261104-04"),
        (["2026-007"], "2026-008"),
        (["客服2026年第09"], "客服2026年第10"),
        (["0007"], "0008"),
        (["A-9"], "A-10"),
        (["BJ2-2026-007"], "BJ2-2026-008"),
        (["YQ2026-0012", "待补", "旧卡片"], "YQ2026-0013"),
        (["旧卡片"], "YQ2026-0001"),
        (["YQ2026-9999"], "YQ2026-10000"),
    ],
)
def test_next_number(known, follows):
    assert Numbering.after(known, EXAMPLE).next(DAY) == follows


def test_numbers_used_meanwhile_are_passed_over():
    numbering = Numbering.after(["YQ2026-0001"], EXAMPLE)
    numbering.take("YQ2026-0002")
    assert [numbering.next(DAY), numbering.next(date(2025, 1, 1)), numbering.next(DAY)] == [
        "YQ2026-0003",
        "YQ2025-0001",
        "YQ2026-0004",
    ]


@given(
    st.lists(st.from_regex(r"\A(YQ|A-|)?(20\d\d)?(0[1-9])?[-/]?\d{1,6}\Z"), max_size=8),
    st.dates(date(2020, 1, 1), date(2029, 1, 1)),
)
def test_no_number_twice(known, day):
    numbering = Numbering.after(known, EXAMPLE)
    new = [numbering.next(day) for _ in range(3)]
    assert len({*known, *new}) == len(set(known)) + 3


def test_which_tables_are_numbered_by_us():
    numbered = {table.name for table in TABLES if number_field(table)}
    assert numbered == {
        *("申请受理", "信息提供", "有效性评价", "服务计划", "客户要求"),
        *("改进措施", "满意度调查", "重大事件", "增值服务", "名录报送"),
    }
    assert number_field(table_named("客户要求")) == "request_no"


def test_without_digits_there_is_no_style():
    assert style_of("旧卡片") is None
    with pytest.raises(ValueError, match="no number"):
        Numbering.after([], "旧卡片")
