"""What clause 4.6 waits for on a day: feedback, measures, proofs, the year-end summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from tests.figures.books import TODAY, book
from tests.figures.test_needs import request
from zlxl.figures.due import Due
from zlxl.figures.plan import plan_of

OURS = {"意见及时反馈", "改进措施到期", "措施效果验证", "年终汇总"}


def due(
    *, today: date = TODAY, sheets: frozenset[str] = frozenset(), **tables: Sequence[Mapping[str, object]]
) -> list[Due]:
    """The items of this clause."""
    return [item for item in plan_of(book(tables, today), sheets=sheets).dues if item.kind in OURS]


def measure(**changed: object) -> dict[str, object]:
    """A measure that is being carried out."""
    return {
        "measure_no": "GJ2026-0001",
        "year": 2026.0,
        "problem": "寄错地址",
        "measure": "核对地址",
        "owner": "制证部",
        "due_on": date(2026, 12, 1),
        "status": "实施中",
    } | changed


def test_a_measure_is_due_on_its_day_and_belongs_to_its_department() -> None:
    """With the number and what is to be done."""
    (item,) = due(改进措施=[measure()])
    assert (item.kind, item.due_on, item.owner) == ("改进措施到期", date(2026, 12, 1), "制证部")
    assert (item.number, item.action, item.urgency(TODAY)) == ("GJ2026-0001", "核对地址", "紧急")


def test_what_is_done_is_to_be_proven_within_ninety_days() -> None:
    """Until its effect stands there."""
    done = measure(done_on=date(2026, 10, 1), status="已完成")
    (item,) = due(改进措施=[done])
    assert (item.kind, item.due_on) == ("措施效果验证", date(2026, 12, 30))
    assert due(改进措施=[done | {"effect": "没有再发生"}]) == []


@pytest.mark.parametrize("status", ["取消", "已验证"])
def test_measures_that_are_over_wait_for_nothing(status: str) -> None:
    """Whatever their dates say."""
    assert due(改进措施=[measure(status=status)]) == []


def test_a_suggestion_is_reported_within_three_working_days() -> None:
    """Received on a Friday; what was reported, or is long past, waits no more."""
    fresh = request(1, received_on=date(2026, 11, 20), improvement="是")
    (item,) = due(客户要求=[fresh])
    assert (item.kind, item.due_on, item.number) == ("意见及时反馈", date(2026, 11, 25), "YQ2026-0001")
    assert due(客户要求=[fresh | {"fed_back_to": "主管副总"}]) == []
    assert due(客户要求=[fresh | {"received_on": date(2026, 1, 5)}]) == []


def test_the_summary_waits_in_january_until_its_sheet_is_there() -> None:
    """Where the year before had requests at all."""
    january = date(2027, 1, 8)
    (item,) = due(today=january, 客户要求=[request(1)])
    assert (item.kind, item.due_on, item.number) == ("年终汇总", date(2027, 1, 31), "2026")
    assert due(today=january, sheets=frozenset({"年终汇总_2026"}), 客户要求=[request(1)]) == []
    assert due(today=date(2028, 1, 8), 客户要求=[request(1)]) == []
