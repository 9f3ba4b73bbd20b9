"""Text as clerks type it and pastes bring it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.tables.judging import judge, number
from zlxl.schema.values import NOT_JUDGED, PENDING, ErrorValue
from zlxl.tables.text import compact, tidy


@pytest.mark.parametrize(
    "good", ["恒泰机械有限公司", "恒泰（集团）有限公司", "A&B 公司", "恒泰\n机械", "张/李", "1"]
)
def test_plain_text_is_kept(good: str) -> None:
    assert judge(good, "client").value == good
    assert judge(good, "client").code == ""


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("恒泰 ", "恒泰"),
        ("\u3000恒泰", "恒泰"),
        ("恒\u200b泰", "恒泰"),
        ("恒\xa0泰", "恒 泰"),
        ("ＡＢＣ公司１", "ABC公司1"),
        ("\ufeff恒泰", "恒泰"),
        ("恒泰\r", "恒泰"),
        ("⼯程公司", "工程公司"),
    ],
)
def test_recoverable_spelling_is_fixed_safely(raw: str, plain: str) -> None:
    judged = judge(raw, "client")
    assert (judged.code, judged.value) == ("ZL103", plain)
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == (plain, "safe")


@pytest.mark.parametrize("raw", ["/", "-", "——", "无", "N/A", " 暂无 ", "／"])
def test_placeholder_means_empty(raw: str) -> None:
    judged = judge(raw, "client")
    assert (judged.code, judged.value) == ("ZL107", None)


def test_blanks_mean_empty() -> None:
    judged = judge(" \u3000", "client")
    assert (judged.code, judged.value) == ("ZL103", None)
    assert judged.fix is not None
    assert judged.fix.stored == "empty"


@pytest.mark.parametrize("raw", ["=HYPERLINK(1)", "+8", "-恒泰", "@SUM(A1)"])
def test_text_that_excel_would_run_is_accused(raw: str) -> None:
    assert judge(raw, "client").code == "ZL106"


def test_number_in_a_text_column() -> None:
    judged = judge(number(123), "client")
    assert (judged.code, judged.value) == ("ZL104", "123")


def test_number_beyond_15_digits_is_lost() -> None:
    assert judge(number(911301000000000000), "uscc").code == "ZL105"


@pytest.mark.parametrize("raw", [True, datetime(2023, 3, 1)])
def test_other_types_are_no_text(raw: object) -> None:
    judged = judge(raw, "client")
    assert (judged.code, judged.value) == ("ZL102", NOT_JUDGED)


def test_errors_and_uncalculated_formulas_are_not_judged() -> None:
    assert judge(ErrorValue("#N/A"), "client").code == "ZL005"
    assert judge(PENDING, "client").code == "ZL004"


@pytest.mark.parametrize("raw", ["  两边有空格 ", "/", "多行\n说明", number(3), datetime(2023, 3, 1)])
def test_note_is_the_users_own(raw: object) -> None:
    assert judge(raw, "remark").code == ""


def test_note_that_excel_would_run_is_accused() -> None:
    assert judge("=1+1", "remark").code == "ZL106"


@pytest.mark.parametrize("raw", ["=旧值", " 050000 ", "/", "-5"])
def test_change_log_keeps_values_verbatim(raw: str) -> None:
    judged = judge(raw, "old", "变更记录")
    assert (judged.code, judged.value) == ("", raw)


def test_change_log_keeps_numbers_and_dates_as_shown() -> None:
    assert judge(number(50000), "new", "变更记录").value == "50000"
    assert judge(datetime(2026, 11, 24, 9, 30, 5), "changed_at", "变更记录").value == "2026-11-24 09:30:05"


def test_compact_unifies_dashes_width_and_case() -> None:
    assert compact("zl 2023—0015－q") == "ZL2023-0015-Q"
    assert tidy("\u3000Ａ b\xa0") == "A b"
