"""Values of the lists of 码表, their other spellings and misspellings."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.tables.judging import judge, number


@pytest.mark.parametrize("good", ["受理", "审核中", "有效", "暂停", "撤销", "注销", "失效"])
def test_every_status_is_good(good: str) -> None:
    assert judge(good, "status").code == ""


@pytest.mark.parametrize(
    ("field", "raw", "meant"),
    [
        ("status", "正常", "有效"),
        ("status", "已过期", "失效"),
        ("status", "待审核", "审核中"),
        ("status", "02", "暂停"),
        ("status", number(2), "暂停"),
        ("status", "有效。", "有效"),
        ("status", "有效 ！", "有效"),
        ("province", "内蒙；", "内蒙古自治区"),
        ("province", "内蒙", "内蒙古自治区"),
        ("province", "广西", "广西壮族自治区"),
        ("province", number(13), "河北省"),
        ("system", "iso 9001", "QMS"),
        ("system", "职业健康安全管理体系", "OHSMS"),
        ("system", "S", "OHSMS"),
        ("system", "ENMS", "EnMS"),
        ("standard", "ISO9001:2015", "GB/T 19001-2016/ISO 9001:2015"),
        ("standard", "GB/T 19001-2016 / ISO 9001:2015", "GB/T 19001-2016/ISO 9001:2015"),
    ],
)
def test_another_spelling_is_fixed_safely(field: str, raw: object, meant: str) -> None:
    judged = judge(raw, field)
    assert (judged.code, judged.value) == ("ZL141", meant)
    assert judged.fix is not None
    assert judged.fix.confidence == "safe"


def test_a_blank_within_a_value_is_a_matter_of_spelling() -> None:
    judged = judge("有 效", "status")
    assert (judged.code, judged.value) == ("ZL103", "有效")


@pytest.mark.parametrize(
    ("field", "raw", "near"),
    [("province", "河北省石家庄市", "河北省"), ("status", "有效的", "有效"), ("system", "OHSAS", "OHSMS")],
)
def test_a_misspelling_is_offered_for_review(field: str, raw: str, near: str) -> None:
    judged = judge(raw, field)
    assert judged.code == "ZL140"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == (near, "review")


@pytest.mark.parametrize("raw", ["甲乙丙", number(77), "VALID"])
def test_what_is_on_no_list(raw: object) -> None:
    judged = judge(raw, "status")
    assert (judged.code, judged.fix) == ("ZL140", None)


@pytest.mark.parametrize("raw", [True, datetime(2023, 3, 1)])
def test_other_types_are_no_choice(raw: object) -> None:
    assert judge(raw, "status").code == "ZL102"


def test_a_check_box_is_yes_or_no() -> None:
    assert judge(True, "common", "客户要求").value == "是"
    assert judge(False, "common", "客户要求").code == "ZL141"


def test_blank_and_placeholder() -> None:
    assert judge("", "status").value is None
    assert judge("  ", "status").code == "ZL103"
    assert judge("/", "status").code == "ZL107"


def test_an_alias_that_looks_like_a_placeholder_is_an_alias() -> None:
    assert judge("N/A", "competence", "满意度调查").value == "不适用"


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("QMS、EMS", "QMS;EMS"),
        ("质量，环境，职业健康", "QMS;EMS;OHSMS"),
        ("QMS+EMS", "QMS;EMS"),
        ("QMS/EMS", "QMS;EMS"),
        ("QEO", "QMS;EMS;OHSMS"),
        ("Q E O", "QMS;EMS;OHSMS"),
        ("QMS;QMS", "QMS"),
        (" QMS", "QMS"),
    ],
)
def test_several_values(raw: str, meant: str) -> None:
    judged = judge(raw, "systems", "合同")
    assert (judged.code, judged.value) == ("ZL141", meant)


@pytest.mark.parametrize("good", ["QMS", "QMS;EMS;OHSMS", "GB/T50430;QMS", ""])
def test_several_values_as_they_should_be(good: str) -> None:
    assert judge(good, "systems", "合同").code == ""


@pytest.mark.parametrize(
    ("raw", "code"), [("三体系", "ZL140"), ("QMS;XMS", "ZL140"), (number(3), "ZL102"), ("/", "ZL107")]
)
def test_wrong_several_values(raw: object, code: str) -> None:
    judged = judge(raw, "systems", "合同")
    assert judged.code == code
