"""What holds within a row of 客户台账."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.tables.judging import accused

GOOD: dict[str, Any] = {
    "contract_no": "ZL20230015-QEO",
    "certificate_no": "01623Q00015R0M",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": date(2023, 3, 1),
    "audited_on": date(2023, 4, 10),
    "planned_on": date(2024, 3, 20),
    "carried_out_on": date(2024, 3, 18),
    "status": "有效",
    "province": "河北省",
    "address": "河北省石家庄市长安区建设北大街1号",
    "postcode": "050000",
    "contact": "王丽",
    "phone": "0311-85551234",
    "industry": "18.02.03",
    "system": "QMS",
    "issued_on": date(2023, 5, 6),
    "valid_until": date(2026, 5, 5),
    "persons": 120,
    "uscc": "91130100MA0EABCD1L",
}


def row(**changed: object) -> dict[str, object]:
    """The good row with some cells changed; None empties one."""
    return {**GOOD, **changed}


def test_a_good_row_is_not_accused() -> None:
    assert accused(GOOD) == set()


@pytest.mark.parametrize(
    "field", ["contract_no", "client", "applied_on", "status", "province", "contact", "phone"]
)
def test_fields_required_always(field: str) -> None:
    assert f"ZL101 {field}" in accused(row(**{field: None}))


@pytest.mark.parametrize("status", ["受理", "审核中"])
def test_no_certificate_before_the_decision(status: str) -> None:
    early = {
        "certificate_no": None,
        "audited_on": None,
        "planned_on": None,
        "carried_out_on": None,
        "issued_on": None,
        "valid_until": None,
    }
    assert accused(row(status=status, **early)) == set()
    assert accused(row(status=status)) == {"ZL181 certificate_no"}


@pytest.mark.parametrize("status", ["有效", "暂停", "撤销", "注销", "失效"])
def test_certificate_and_audit_from_the_decision_on(status: str) -> None:
    assert accused(row(status=status)) == set()
    missing = accused(row(status=status, certificate_no=None, audited_on=None))
    assert {found.split()[1] for found in missing} == {"certificate_no", "audited_on"}


@pytest.mark.parametrize(
    ("planned", "codes"),
    [
        (date(2025, 2, 28), set()),
        (date(2025, 3, 1), {"ZL161 planned_on"}),
        (date(2024, 2, 29), {"ZL160 planned_on"}),
        (date(2024, 3, 1), set()),
    ],
)
def test_surveillance_within_12_months_of_29_february(planned: date, codes: set[str]) -> None:
    audited = row(audited_on=date(2024, 2, 29), planned_on=planned, carried_out_on=None)
    assert accused(audited) == codes


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"applied_on": date(2023, 4, 11)}, "ZL160 audited_on"),
        ({"carried_out_on": date(2023, 4, 9)}, "ZL160 carried_out_on"),
        ({"planned_on": date(2023, 4, 10)}, "ZL160 planned_on"),
        ({"planned_on": date(2024, 4, 11)}, "ZL161 planned_on"),
        ({"valid_until": date(2026, 5, 7)}, "ZL204 valid_until"),
        ({"valid_until": date(2023, 5, 6)}, "ZL160 valid_until"),
        ({"certificate_no": "01623E00015R0M"}, "ZL113 certificate_no"),
        ({"certificate_no": "01622Q00015R0M"}, "ZL114 certificate_no"),
        ({"certificate_no": "01623Q00015R0S"}, "ZL116 certificate_no"),
        ({"postcode": "200000"}, "ZL133 postcode"),
        ({"address": "山东省济南市历下区"}, "ZL134 address"),
        ({"uscc": "91110000600037341L"}, "ZL122 uscc"),
    ],
)
def test_what_does_not_agree(changed: dict[str, object], code: str) -> None:
    assert code in accused(row(**changed))


@pytest.mark.parametrize(
    ("day", "ok"), [(date(2023, 4, 10), True), (date(2023, 4, 9), False), (date(2023, 3, 1), False)]
)
def test_carried_out_on_the_day_of_the_audit_is_in_order(day: date, ok: bool) -> None:
    assert ("ZL160 carried_out_on" not in accused(row(carried_out_on=day))) is ok


@pytest.mark.parametrize(
    ("province", "postcode"),
    [
        ("内蒙古自治区", "137400"),
        ("内蒙古自治区", "137600"),
        ("内蒙古自治区", "137800"),
        ("内蒙古自治区", "162650"),
        ("内蒙古自治区", "162750"),
        ("内蒙古自治区", "750300"),
        ("内蒙古自治区", "737300"),
        ("内蒙古自治区", "735400"),
        ("内蒙古自治区", "010010"),
        ("浙江省", "202450"),
        ("河北省", "253800"),
        ("香港特别行政区", "999077"),
        ("台湾省", "100000"),
    ],
)
def test_true_border_postcodes_raise_nothing(province: str, postcode: str) -> None:
    there = row(province=province, postcode=postcode, address=None, uscc=None)
    assert accused(there) == set()


@pytest.mark.parametrize(
    ("province", "postcode"),
    [("吉林省", "162650"), ("浙江省", "202400"), ("河北省", "253000"), ("上海市", "310000")],
)
def test_other_postcodes_of_the_neighbour_are_accused(province: str, postcode: str) -> None:
    assert "ZL133 postcode" in accused(row(province=province, postcode=postcode, address=None, uscc=None))


def test_a_broken_certificate_is_accused_once() -> None:
    assert accused(row(certificate_no="01623X00015R0M")) == {"ZL111 certificate_no"}


def test_an_old_organisation_code_has_no_province() -> None:
    assert accused(row(uscc="60003734-1")) == {"ZL121 uscc"}


def test_a_broken_cell_accuses_no_neighbour() -> None:
    assert accused(row(audited_on="下周")) == {"ZL102 audited_on"}
    assert accused(row(province="甲乙丙")) == {"ZL140 province"}


def test_a_recovered_cell_is_judged_for_what_it_means() -> None:
    assert accused(row(applied_on="2023.4.11")) == {"ZL150 applied_on", "ZL160 audited_on"}
    assert accused(row(status="正常", certificate_no=None)) == {"ZL141 status", "ZL180 certificate_no"}
