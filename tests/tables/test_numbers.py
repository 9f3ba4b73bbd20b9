"""Fees, scores and counts, and numbers written as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.tables.judging import TODAY, judge, number
from zlxl.tables.policy import shipped_context


@pytest.mark.parametrize("good", [0, 18000, 0.5])
def test_an_amount_is_good(good: float) -> None:
    assert judge(number(good), "initial_fee").value == good


@pytest.mark.parametrize(
    "raw",
    [
        "18000",
        "18,000.00",
        "￥18000",
        "¥18,000元",
        "18000元整",
        "人民币18000元",
        "18 000",
        "１８０００",
        "18000 ",
    ],
)
def test_an_amount_as_text_is_fixed_safely(raw: str) -> None:
    judged = judge(raw, "initial_fee")
    assert (judged.code, judged.value) == ("ZL171", 18000)
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.stored, judged.fix.confidence) == ("18000", "number", "safe")


@pytest.mark.parametrize("raw", ["1.8万", "1.8万元", "1.8w"])
def test_ten_thousands_are_for_review(raw: str) -> None:
    judged = judge(raw, "initial_fee")
    assert (judged.code, judged.value) == ("ZL172", 18000)
    assert judged.fix is not None
    assert judged.fix.confidence == "review"


@pytest.mark.parametrize("raw", [number(-5), "-100", "−100"])
def test_a_negative_amount(raw: object) -> None:
    assert judge(raw, "initial_fee").code == "ZL170"


@pytest.mark.parametrize("raw", ["免费", "壹万捌仟元", "约18000", True, datetime(2023, 4, 10)])
def test_what_is_no_amount(raw: object) -> None:
    assert judge(raw, "initial_fee").code == "ZL102"


@pytest.mark.parametrize("raw", ["120", "120人", "120 人"])
def test_a_count_with_its_unit_is_fixed_safely(raw: str) -> None:
    judged = judge(raw, "persons")
    assert (judged.code, judged.value) == ("ZL171", 120)


@pytest.mark.parametrize("raw", [number(0), number(12.5), "0", "-3", "1.5人"])
def test_out_of_range_or_not_whole(raw: object) -> None:
    assert judge(raw, "persons").code == "ZL173"


@pytest.mark.parametrize(("field", "bad"), [("leadership", 6), ("leadership", -1), ("minor", 1.5)])
def test_scores_of_the_evaluation(field: str, bad: float) -> None:
    assert judge(number(4), field, "有效性评价").code == ""
    assert judge(number(bad), field, "有效性评价").code == "ZL173"


def test_in_csv_a_plain_number_is_good() -> None:
    context = replace(shipped_context(TODAY), typed=False)
    assert judge("18000", "initial_fee", context=context).code == ""
    assert judge("18,000", "initial_fee", context=context).code == "ZL171"
