"""The directory names what may be named, and tells what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.tables.judging import frame_of
from zlxl.figures.directory import GONE, PUBLIC, Changes, compare, directory, told_by_dates
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending
from zlxl.tables.clients import CLIENTS
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)
CONTEXT = shipped_context(TODAY)
ROW: Mapping[str, Any] = {
    "contract_no": "ZL20230015-Q",
    "certificate_no": "01625Q00015R0M",
    "client": "石家庄恒泰机械有限公司",
    "status": "有效",
    "province": "河北省",
    "system": "QMS",
    "issued_on": datetime(2025, 3, 1),
    "valid_until": datetime(2028, 2, 28),
    "contact": "王丽",
    "phone": "13800000000",
    "initial_fee": 18000,
    "remark": "内部",
}


def ledger(*rows: Mapping[str, Any]) -> Frame:
    """Rows that differ from the first as told."""
    return frame_of(CLIENTS, [{**ROW, **row} for row in rows])


def numbers(*rows: Mapping[str, Any]) -> list[str]:
    """Numbers that are published of these rows."""
    return [certificate["certificate_no"] for certificate in directory([ledger(*rows)], CONTEXT).certificates]


def test_public_fields_are_those_declared() -> None:
    """Neither contacts nor fees nor remarks are among them."""
    assert PUBLIC == (
        "certificate_no", "client", "status", "province", "address", "scope", "system", "standard",
        "issued_on", "valid_until",
    )  # fmt: skip
    assert {tuple(c) for c in directory([ledger({})], CONTEXT).certificates} == {PUBLIC}


@pytest.mark.parametrize(
    ("status", "listed"),
    [("有效", True), ("暂停", True), ("撤销", False), ("注销", False), ("失效", False), ("受理", False)],
)
def test_statuses_are_listed_as_the_policy_says(status: str, listed: bool) -> None:
    """名录=是 in 码表 decides."""
    assert bool(numbers({"status": status})) is listed


def test_another_policy_lists_other_statuses() -> None:
    """The list is data: a body that publishes revoked certificates says so in 码表."""
    states = CONTEXT.lists["状态"]
    choices = tuple(
        replace(c, attributes={"名录": "是"}) if c.value == "撤销" else replace(c, attributes={})
        for c in states.choices
    )
    context = replace(CONTEXT, lists={**CONTEXT.lists, "状态": replace(states, choices=choices)})
    found = directory([ledger({"status": "撤销"}, {"certificate_no": "01625Q00016R0M"})], context)
    assert [c["status"] for c in found.certificates] == ["撤销"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"valid_until": datetime(2026, 11, 23)}, "有效期至已过"),
        ({"status": "暂停", "valid_until": datetime(2026, 11, 23)}, "有效期至已过"),
        ({"issued_on": datetime(2026, 11, 25)}, "颁证日期晚于"),
        ({"certificate_no": None}, "没有证书编号"),
        ({"client": None}, "没有企业名称"),
        ({"valid_until": "不知道"}, "有效期至无法识别"),
        ({"valid_until": Pending()}, "有效期至无法识别"),
    ],
)
def test_what_is_doubtful_is_withheld_and_said(row: Mapping[str, Any], reason: str) -> None:
    """A certificate past its expiry is not published as valid, whatever its status says."""
    found = directory([ledger(row)], CONTEXT)
    assert found.certificates == ()
    assert [held.reason.startswith(reason) for held in found.withheld] == [True]
    assert found.withheld[0].row == 2


def test_the_last_day_of_a_certificate_is_a_valid_one() -> None:
    """It is published to the end of its last day; without a date it cannot be judged."""
    assert numbers(
        {"valid_until": datetime(2026, 11, 24)}, {"certificate_no": "01625Q00016R0M", "valid_until": None}
    )


def test_a_number_is_published_once() -> None:
    """The first row counts, the other is told with its row."""
    found = directory([ledger({}, {"client": "另一公司"}), ledger({})], CONTEXT)
    assert len(found.certificates) == 1
    assert [(held.row, held.client) for held in found.withheld] == [(3, "另一公司"), (2, ROW["client"])]


def test_order_is_by_province_as_listed() -> None:
    """Provinces in the order of 码表, then clients; an unknown province comes last."""
    rows = [
        {"certificate_no": f"01625Q0001{n}R0M", "province": province}
        for n, province in enumerate(("河北省", "北京市", "无此省", "天津市"))
    ]
    assert numbers(*rows) == ["01625Q00011R0M", "01625Q00013R0M", "01625Q00010R0M", "01625Q00012R0M"]


def test_a_value_that_was_never_calculated_is_not_published() -> None:
    """Neither is a word for it."""
    assert directory([ledger({"scope": Pending()})], CONTEXT).certificates[0]["scope"] == ""


# ---- what is new

OTHER = {"certificate_no": "01625Q00016R0M"}


def test_comparison_tells_new_changed_and_removed() -> None:
    """Counts are of certificates, changes are of fields."""
    before = directory([ledger({}, OTHER)], CONTEXT).certificates
    frame = ledger(
        {"status": "暂停", "scope": "生产"},
        {**OTHER, "status": "撤销"},
        {"certificate_no": "01625Q00017R0M"},
    )
    changes = compare(before, directory([frame], CONTEXT), [frame], date(2026, 10, 31))
    assert [(c.kind, c.number, c.field, c.old, c.new) for c in changes.changes] == [
        ("新增", "01625Q00017R0M", "", "", "有效"),
        ("变更", "01625Q00015R0M", "状态", "有效", "暂停"),
        ("变更", "01625Q00015R0M", "认证范围", "", "生产"),
        ("减少", "01625Q00016R0M", "", "有效", "撤销"),
    ]
    assert [changes.count(kind) for kind in ("新增", "变更", "减少")] == [1, 1, 1]


def test_a_removed_certificate_says_why() -> None:
    """Withheld for a reason, or no longer in the ledger."""
    before = directory([ledger({}, OTHER)], CONTEXT).certificates
    frame = ledger({"valid_until": datetime(2026, 1, 1)})
    changes = compare(before, directory([frame], CONTEXT), [frame], None)
    assert [c.new for c in changes.changes] == ["有效期至已过，状态仍为有效或暂停", GONE]


def test_nothing_is_new_about_the_same_list() -> None:
    """A field that the earlier list did not hold is no change either."""
    frame = ledger({}, OTHER)
    now = directory([frame], CONTEXT)
    assert not compare(now.certificates, now, [frame], None)
    fewer = [{k: v for k, v in c.items() if k != "scope"} for c in now.certificates]
    assert not compare(fewer, now, [frame], None)


def test_dates_tell_where_there_is_no_list() -> None:
    """Issued, suspended, revoked, expired since that day; what happened on the day itself was delivered."""
    since = date(2026, 10, 31)
    frame = ledger(
        {"issued_on": datetime(2026, 11, 1)},
        {"certificate_no": "01625Q00016R0M", "issued_on": datetime(2026, 10, 31)},
        {"certificate_no": "01625Q00017R0M", "status": "暂停", "suspended_on": datetime(2026, 11, 2)},
        {"certificate_no": "01625Q00018R0M", "status": "注销", "ended_on": datetime(2026, 11, 3)},
        {"certificate_no": "01625Q00019R0M", "status": "失效", "valid_until": datetime(2026, 10, 31)},
        {"certificate_no": "01625Q00020R0M", "status": "失效", "valid_until": datetime(2026, 10, 30)},
        {"certificate_no": "01625Q00021R0M", "valid_until": datetime(2026, 11, 24)},
    )
    changes = told_by_dates(directory([frame], CONTEXT), [frame], since)
    assert [(c.kind, c.number[-4:], c.new) for c in changes.changes] == [
        ("新增", "5R0M", "有效"),
        ("变更", "7R0M", "暂停"),
        ("减少", "8R0M", "注销"),
        ("减少", "9R0M", "失效"),
    ]
    assert changes.told.startswith("2026-10-31 以后的变化")


def test_a_first_delivery_has_nothing_to_compare() -> None:
    """And says so."""
    assert Changes(since=None).told == "还没有报送过名录，没有可比较的上一次。"
