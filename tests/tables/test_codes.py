"""Contract and certificate numbers, USCC and industry codes (domain.md 1.1-1.4)."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.tables.judging import judge, number
from zlxl.tables.codes import certificate_parts, uscc_check_digit


@pytest.mark.parametrize("good", ["ZL20230015-QEO", "ZL20230015-Q", "ZL2023000015-QS", "ZL20190405-FH"])
def test_contract_numbers(good: str) -> None:
    assert judge(good, "contract_no").code == ""


@pytest.mark.parametrize(
    "raw",
    [
        "zl20230015-qeo",
        "ZL 20230015-QEO",
        "ZL20230015—QEO",
        "ＺＬ20230015－QEO",
        "ZL20230015_QEO",
        "ZL２０２３0015-QEO",
    ],
)
def test_contract_number_of_another_spelling(raw: str) -> None:
    judged = judge(raw, "contract_no")
    assert (judged.code, judged.value) == ("ZL103", "ZL20230015-QEO")


@pytest.mark.parametrize(
    "bad", ["ZL20230015-QEO-1", "ZL2023015-Q", "ZL20230015-QX", "ZL20230015", "AP20170012-QEO", "合同001"]
)
def test_wrong_contract_numbers(bad: str) -> None:
    assert judge(bad, "contract_no").code == "ZL110"


@pytest.mark.parametrize("raw", ["ZL2O230015-QEO", "ZL20230015QEO"])
def test_a_probable_contract_number_is_offered(raw: str) -> None:
    judged = judge(raw, "contract_no")
    assert judged.code == "ZL110"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("ZL20230015-QEO", "review")


@pytest.mark.parametrize(
    "good", ["01623Q00015R0M", "01623QJ00001R1S", "01623En00001R0L", "01623IS00001R2M", "01623S00015R0M-1"]
)
def test_certificates_of_the_body(good: str) -> None:
    assert judge(good, "certificate_no").code == ""
    assert certificate_parts(good) is not None


@pytest.mark.parametrize("raw", ["01623q00015r0m", "016 23Q00015R0M", "０１６23Q00015R0M"])
def test_certificate_of_another_spelling(raw: str) -> None:
    judged = judge(raw, "certificate_no")
    assert (judged.code, judged.value) == ("ZL103", "01623Q00015R0M")


@pytest.mark.parametrize(
    "other",
    ["03410Q10286R0S", "29317Q10001R0M", "29317E10008R0M", "29317O10007R0M", "03423En00001R0M"],
)
def test_well_formed_certificates_are_good_whoever_issued_them(other: str) -> None:
    assert judge(other, "certificate_no").code == ""


@pytest.mark.parametrize("other", ["CN-QMS/2019/0815", "CNCA-R-2003-016", "HXC19Q2R0M"])
def test_numbers_of_another_form_are_another_body_s(other: str) -> None:
    assert judge(other, "certificate_no").code == "ZL112"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("01623Q0015R0M", "流水号"),
        ("01623Q00015R0", "规模字母"),
        ("01623Q00015R0X", "规模字母"),
        ("01623X00015R0M", "体系字母"),
        ("01623Q00015M", "流水号后"),
        ("01623Q00015R0M（暂停）", "多余"),
        ("证书待发", "不是证书编号"),
    ],
)
def test_wrong_certificates_say_why(bad: str, why: str) -> None:
    judged = judge(bad, "certificate_no")
    assert judged.code == "ZL111"
    assert why in str(judged.facts["why"])


@pytest.mark.parametrize("raw", ["01623Q00015ROM", "1623Q00015R0M", "016-23-Q-00015-R0-M"])
def test_a_probable_certificate_is_offered(raw: str) -> None:
    judged = judge(raw, "certificate_no")
    assert judged.code == "ZL111"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("01623Q00015R0M", "review")


VECTORS = (
    "91110000600037341L",
    "91500000MA5U123408",
    "91310115MA1H000011",
    "121100004000000014",
    "531000005000000027",
)


@pytest.mark.parametrize("good", VECTORS)
def test_uscc_vectors(good: str) -> None:
    assert judge(good, "uscc").code == ""
    assert uscc_check_digit(good) == good[17]


@pytest.mark.parametrize("good", VECTORS)
def test_any_other_check_character_is_wrong(good: str) -> None:
    wrong = good[:17] + ("0" if good[17] != "0" else "1")
    judged = judge(wrong, "uscc")
    assert judged.code == "ZL120"
    assert good[17] in str(judged.facts["why"])


@pytest.mark.parametrize("raw", ["91110000600037341l", "91110000 60003734 1L", "９1110000600037341L"])
def test_uscc_of_another_spelling(raw: str) -> None:
    judged = judge(raw, "uscc")
    assert (judged.code, judged.value) == ("ZL103", "91110000600037341L")


@pytest.mark.parametrize("raw", ["9111000060003734IL", "911100006OOO37341L"])
def test_mistyped_letters_of_a_uscc_are_offered(raw: str) -> None:
    judged = judge(raw, "uscc")
    assert judged.code == "ZL120"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("91110000600037341L", "review")


@pytest.mark.parametrize("raw", ["60003734-1", "600037341"])
def test_old_organisation_code_is_a_note(raw: str) -> None:
    assert judge(raw, "uscc").code == "ZL121"


@pytest.mark.parametrize("good", ["18.02.03", "29.08.05", "18.02.03;29.08.05", "01.00.00", "39.99.99"])
def test_industry_codes(good: str) -> None:
    assert judge(good, "industry").code == ""


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("18.2.3", "18.02.03"),
        ("18.02.03，29.08.05", "18.02.03;29.08.05"),
        ("18.02.03、29.08.05；", "18.02.03;29.08.05"),
        ("18.02.03 29.08.05", "18.02.03;29.08.05"),
        ("18．02．03", "18.02.03"),
    ],
)
def test_industry_codes_of_another_spelling(raw: str, plain: str) -> None:
    judged = judge(raw, "industry")
    assert (judged.code, judged.value) == ("ZL103", plain)


@pytest.mark.parametrize("raw", [datetime(2018, 2, 3), "2018-02-03", "2018/2/3", "18/02/03"])
def test_industry_code_turned_into_a_date(raw: object) -> None:
    judged = judge(raw, "industry")
    assert judged.code == "ZL126"
    assert judged.fix is not None
    assert (judged.fix.new, judged.fix.confidence) == ("18.02.03", "review")


@pytest.mark.parametrize(
    "raw", ["40.01.01", "00.01.01", "18.02", "18", "机械", number(18.02), number(180203), "180203"]
)
def test_wrong_industry_codes(raw: object) -> None:
    assert judge(raw, "industry").code == "ZL125"


@pytest.mark.parametrize("raw", ["C1", "CIV", "18.02.03;FI"])
def test_codes_of_other_schemes_are_a_warning(raw: str) -> None:
    assert judge(raw, "industry").code == "ZL127"
