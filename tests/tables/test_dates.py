"""Dates, dates as text in the forms clerks use, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.tables.judging import TODAY, judge, number
from zlxl.schema.values import NOT_JUDGED
from zlxl.tables.policy import shipped_context

DAY = date(2023, 3, 1)


def test_a_real_date_is_good() -> None:
    assert judge(datetime(2023, 3, 1, 8, 30), "applied_on").value == DAY


@pytest.mark.parametrize(
    "raw",
    [
        "2023-03-01",
        "2023/3/1",
        "2023.3.1",
        "2023.3.1.",
        "2023年3月1日",
        "2023 年 3 月 1 号",
        "20230301",
        number(20230301),
        "二〇二三年三月一日",
        "2023-03-01 00:00:00",
        "2023-03-01T08:30:00",
        "2023-03-01T08:30:00Z",
        "2023年03月01日 下午3:00",
        "2023/03/01 星期三",
        "2023-03-01（周三）",
        "２０２３-０３-０１",
        "2023—3—1",
        "2023‑03‑01",
        "2023 03 01",
        "2023。3。1",
        "2023、3、1",
        "'2023-03-01",
        "\u200b2023-03-01\xa0",
        "Mar 1, 2023",
        "1-Mar-2023",
        "01 March 2023",
    ],
)
def test_a_date_as_text_or_run_is_fixed_safely(raw: object) -> None:
    judged = judge(raw, "applied_on")
    assert (judged.code, judged.value) == ("ZL150", DAY)
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence, judged.fix.stored) == ("2023-03-01", "safe", "date")


def test_a_serial_number_shown_as_number() -> None:
    judged = judge(number(44986), "applied_on")
    assert (judged.code, judged.value) == ("ZL156", DAY)


@pytest.mark.parametrize("raw", ["2023-02-29", "2023年2月30日", "2023-13-01", "20230231", "2023.4.31"])
def test_a_date_that_does_not_exist(raw: str) -> None:
    judged = judge(raw, "applied_on")
    assert (judged.code, judged.value) == ("ZL152", NOT_JUDGED)


@pytest.mark.parametrize("raw", ["2023-3", "2023年3月", "202303", "2023年3月上旬", "2023.3"])
def test_year_and_month_only(raw: str) -> None:
    assert judge(raw, "applied_on").code == "ZL151"


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [("3/1/2023", ["2023-01-03", "2023-03-01"]), ("23.3.1", ["2023-03-01", "2001-03-23"])],
)
def test_order_that_is_not_plain_names_the_candidates(raw: str, candidates: list[str]) -> None:
    judged = judge(raw, "applied_on")
    assert judged.code == "ZL151"
    assert all(candidate in str(judged.facts["candidates"]) for candidate in candidates)
    assert judged.fix is None


def test_the_only_reading_of_a_short_date_is_offered_for_review() -> None:
    judged = judge("3/25/2023", "applied_on")
    assert judged.code == "ZL151"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("2023-03-25", "review")


@pytest.mark.parametrize(
    "raw", ["2023-03-01至2023-03-03", "2023.03.01-03", "2023年3月1日~3月3日", "2023-03-01—03"]
)
def test_a_span_of_days_names_both_ends(raw: str) -> None:
    judged = judge(raw, "audited_on")
    assert (judged.code, judged.fix) == ("ZL151", None)
    assert "2023-03-01 或 2023-03-03" in str(judged.facts["candidates"])


@pytest.mark.parametrize("raw", ["下周", "待定", "2023.0301", number(2023.0301), number(5), True, "3月1日"])
def test_what_is_no_date(raw: object) -> None:
    assert judge(raw, "applied_on").code == "ZL102"


@pytest.mark.parametrize("raw", ["1999-12-31", datetime(1970, 1, 1), number(0.5, "h:mm")])
def test_too_early(raw: object) -> None:
    assert judge(raw, "applied_on").code == "ZL153"


def test_too_late_is_kept_with_a_warning() -> None:
    judged = judge(datetime(2203, 5, 6), "applied_on")
    assert (judged.code, judged.value) == ("ZL154", date(2203, 5, 6))


def test_in_csv_an_iso_date_is_good() -> None:
    context = replace(shipped_context(TODAY), typed=False)
    assert judge("2023-03-01", "applied_on", context=context).code == ""
    assert judge("2023/3/1", "applied_on", context=context).value == DAY
    assert judge("2023-02-30", "applied_on", context=context).code == "ZL152"
