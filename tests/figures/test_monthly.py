"""The regulator's monthly report lists what happened in the month, in the order of its columns."""

from __future__ import annotations

from datetime import date, datetime

from tests.tables.judging import frame_of
from zlxl.figures.monthly import HEADERS, Month, monthly_report
from zlxl.tables.clients import CLIENTS
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)
OCTOBER = Month(first=date(2026, 10, 1))
ROW = {
    "contract_no": "ZL20250015-Q", "certificate_no": "01625Q00015R0M", "client": "恒泰", "status": "有效",
    "system": "QMS", "phone": "0311-85551234；13800000000", "initial_fee": 18000.0, "persons": 60.0,
    "issued_on": datetime(2025, 3, 1), "valid_until": datetime(2028, 2, 28), "uscc": "91110000600037341L",
}  # fmt: skip


def report(*rows, month=OCTOBER, today=TODAY):
    frame = frame_of(CLIENTS, [{**ROW, **row} for row in rows])
    found = monthly_report([frame], shipped_context(today), month)
    return found, [dict(zip(HEADERS, row, strict=True)) for row in found.rows]


def test_the_columns_stand_as_bodies_export_them() -> None:
    """The order of domain.md 1.5, then the status codes."""
    assert " ".join(HEADERS[:20]) == (
        "编号 单位名称 办公场所地址 认证范围 批准注册日期 颁证日期 有效期 证书状态 邮编 电话 传真 法人 "
        "企业总人数 体系覆盖人数 人日数 认证费用 合同号 联系人 手机 邮箱"
    )


def test_every_column_is_filled_where_the_ledger_holds_the_value() -> None:
    """And the report names those that the ledger leaves empty."""
    full = {
        "address": "河北省石家庄市建设路1号", "scope": "机械的生产", "first_issued_on": datetime(2019, 3, 1),
        "postcode": "050000", "fax": "0311-85551235", "legal_person": "赵建国", "staff": 80.0,
        "audit_days": 4.5, "contact": "王丽", "email": "wl@example.com", "restored_on": datetime(2026, 10, 9),
    }  # fmt: skip
    found, rows = report(full)
    assert found.empty == ()
    assert (rows[0]["法人"], rows[0]["企业总人数"], rows[0]["人日数"]) == ("赵建国", "80", "4.5")
    assert all(rows[0][header] for header in HEADERS[:20])
    found, _ = report({**full, "audit_days": None, "fax": None})
    assert found.empty == ("传真", "人日数")


def test_a_restoration_is_an_event_of_its_own() -> None:
    """Told by its date; the suspension that it ended is listed in the month in which it began."""
    _, rows = report({"suspended_on": datetime(2026, 8, 3), "restored_on": datetime(2026, 10, 9)})
    assert [(row["变化"], row["变化日期"], row["变更类型代码"], row["证书状态代码"]) for row in rows] == [
        ("恢复", "2026-10-09", "97_02", "01")
    ]


def test_an_expiry_that_is_also_recorded_as_an_ending_is_listed_once() -> None:
    """Under the regulator's word."""
    _, rows = report(
        {"status": "失效", "valid_until": datetime(2026, 10, 8), "ended_on": datetime(2026, 10, 9)}
    )
    assert [(row["变化"], row["变更类型代码"]) for row in rows] == [("过期", "97_05")]


def test_a_suspension_has_codes_of_status_kind_and_reason() -> None:
    """And its phone numbers are told apart."""
    _, rows = report({"status": "暂停", "suspended_on": datetime(2026, 10, 8), "suspended_why": "不履行合同"})
    assert {
        name: rows[0][name] for name in ("证书状态代码", "变化", "变化日期", "变更类型代码", "原因代码")
    } == {
        "证书状态代码": "02",
        "变化": "暂停",
        "变化日期": "2026-10-08",
        "变更类型代码": "97_01",
        "原因代码": "0112",
    }
    assert (rows[0]["电话"], rows[0]["手机"]) == ("0311-85551234", "13800000000")
    assert (rows[0]["认证费用"], rows[0]["体系覆盖人数"], rows[0]["体系代码"]) == ("18000", "60", "A01")


def test_every_kind_of_event_of_the_month_is_listed_in_the_order_of_days() -> None:
    """Nothing of other months; expiry is on the day after the last one."""
    _, rows = report(
        {"status": "失效", "valid_until": datetime(2026, 10, 30)},
        {"status": "撤销", "ended_on": datetime(2026, 10, 2)},
        {"status": "注销", "ended_on": datetime(2026, 10, 1), "valid_until": datetime(2026, 10, 5)},
        {"issued_on": datetime(2026, 10, 31)},
        {"status": "失效", "valid_until": datetime(2026, 10, 31)},
        {"issued_on": datetime(2026, 11, 1)},
        {"issued_on": datetime(2026, 10, 3), "certificate_no": None},
    )
    assert [(row["变化"], row["变化日期"]) for row in rows] == [
        ("注销", "2026-10-01"),
        ("撤销", "2026-10-02"),
        ("过期", "2026-10-31"),
        ("颁证", "2026-10-31"),
    ]


def test_the_month_reported_is_the_last_one_that_is_over() -> None:
    """Due on the day of 时限规则 in the month after."""
    assert str(Month.before(date(2026, 1, 31))) == "2025-12"
    found, rows = report(month=Month.before(TODAY))
    assert (found.due, rows) == (date(2026, 11, 10), [])


def test_what_lies_ahead_is_not_reported() -> None:
    """A month that is not over is reported to today."""
    november = Month(first=date(2026, 11, 1))
    _, rows = report(
        {"issued_on": datetime(2026, 11, 24)}, {"issued_on": datetime(2026, 11, 25)}, month=november
    )
    assert [row["颁证日期"] for row in rows] == ["2026-11-24"]
