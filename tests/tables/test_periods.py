"""Quarters."""

from __future__ import annotations

import pytest

from tests.tables.judging import judge, number


def test_a_quarter() -> None:
    assert judge("2026Q3", "quarter", "满意度调查").code == ""
    assert judge("", "quarter", "满意度调查").value is None


@pytest.mark.parametrize(
    "raw", ["2026q3", "2026-Q3", "2026年第三季度", "2026年3季度", "２０２６Q3", "2026 Q3"]
)
def test_a_quarter_of_another_spelling(raw: str) -> None:
    judged = judge(raw, "quarter", "满意度调查")
    assert (judged.code, judged.value) == ("ZL103", "2026Q3")


@pytest.mark.parametrize("raw", ["三季度", "2026Q5", "2026", number(2026), True])
def test_what_is_no_quarter(raw: object) -> None:
    assert judge(raw, "quarter", "满意度调查").code == "ZL102"
