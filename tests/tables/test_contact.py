"""Telephone numbers and postcodes (domain.md 1.6)."""

from __future__ import annotations

import pytest

from tests.tables.judging import judge, number


@pytest.mark.parametrize(
    "good",
    [
        "13800138000",
        "0311-85551234",
        "010-12345678",
        "0311-85551234-801",
        "400-820-8820",
        "4008208820",
        "852-12345678",
        "13800138000; 0311-85551234",
        "13800138000/13900139000",
    ],
)
def test_phones(good: str) -> None:
    judged = judge(good, "phone")
    assert (judged.code, judged.value) == ("", good)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("+86-311-85551234", "0311-85551234"),
        ("+86 (311) 85551234", "0311-85551234"),
        ("86-0311-85551234", "0311-85551234"),
        ("031185551234", "0311-85551234"),
        ("（0311）85551234", "0311-85551234"),
        ("0311 85551234", "0311-85551234"),
        ("0311-8555 1234", "0311-85551234"),
        ("0311—85551234", "0311-85551234"),
        ("０３１１-85551234", "0311-85551234"),
        ("0311-85551234转801", "0311-85551234-801"),
        ("手机：13800138000", "13800138000"),
        ("电话0311-85551234", "0311-85551234"),
        ("Tel: 0311-85551234", "0311-85551234"),
    ],
)
def test_phone_of_another_spelling(raw: str, plain: str) -> None:
    judged = judge(raw, "phone")
    assert (judged.code, judged.value) == ("ZL103", plain)


def test_phone_as_number() -> None:
    assert judge(number(13800138000), "phone").code == "ZL104"
    lost_zero = judge(number(31185551234), "phone")
    assert lost_zero.code == "ZL130"
    assert lost_zero.fix is not None
    assert (lost_zero.fix.new, lost_zero.fix.confidence) == ("0311-85551234", "review")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("85551234", "缺少区号"),
        ("1380013800", "11 位"),
        ("138001380001", "11 位"),
        ("12800138000", "第二位"),
        ("026-12345678", "区号"),
        ("王丽", "不是号码"),
        ("手机", "不是号码"),
    ],
)
def test_wrong_phones_say_why(bad: str, why: str) -> None:
    judged = judge(bad, "phone")
    assert judged.code == "ZL130"
    assert why in str(judged.facts["why"])


@pytest.mark.parametrize(
    ("raw", "new"),
    [
        ("王丽 13800138000", "13800138000"),
        ("13800138000（王丽）", "13800138000"),
        ("0311-85551234、85551235", "0311-85551234; 0311-85551235"),
        ("311-85551234", "0311-85551234"),
    ],
)
def test_numbers_among_words_are_offered(raw: str, new: str) -> None:
    judged = judge(raw, "phone")
    assert judged.code == "ZL130"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == (new, "review")


def test_no_fix_that_would_lose_a_number() -> None:
    assert judge("0311-85551234/35", "phone").fix is None


def test_scientific_phone_is_lost() -> None:
    assert judge("1.38E+10", "phone").code == "ZL105"


@pytest.mark.parametrize("good", ["050000", "010010", "100000", "999077"])
def test_postcodes(good: str) -> None:
    assert judge(good, "postcode").code == ""


@pytest.mark.parametrize(
    ("raw", "code", "plain"),
    [
        (number(50000), "ZL132", "050000"),
        ("50000", "ZL132", "050000"),
        (number(100000), "ZL104", "100000"),
        (number(50000, "000000"), "ZL104", "050000"),
        ("050000 ", "ZL103", "050000"),
        ("０５００００", "ZL103", "050000"),
        ("050 000", "ZL103", "050000"),
    ],
)
def test_recoverable_postcodes(raw: object, code: str, plain: str) -> None:
    judged = judge(raw, "postcode")
    assert (judged.code, judged.value) == (code, plain)
    assert judged.fix is not None
    assert judged.fix.confidence == "safe"


@pytest.mark.parametrize("bad", ["0500", "0500000", "05000", "邮编", number(80000), number(-5), number(0.5)])
def test_wrong_postcodes(bad: object) -> None:
    assert judge(bad, "postcode").code == "ZL131"


@pytest.mark.parametrize("raw", ["邮编050000", "O50000", "050000（总部）"])
def test_a_probable_postcode_is_offered(raw: str) -> None:
    judged = judge(raw, "postcode")
    assert judged.code == "ZL131"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("050000", "review")
