"""Value-added services by kind, and who is due an offer by grade (4.8.2)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.figures.books import book, certificate
from zlxl.figures.grade_criteria import UNGRADED
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.value_added import ServiceYear, value_added

YEAR = Period(year=2026)
CLIENT = "石家庄恒泰机械有限公司"


def wanted(number: int, **changed: object) -> dict[str, object]:
    """A need of internal auditor training, delivered after ten days."""
    return {
        "service_no": f"ZZ2026-{number:04d}",
        "raised_on": date(2026, 3, 2),
        "client": CLIENT,
        "kind": "内审员培训",
        "status": "已开展",
        "delivered_on": date(2026, 3, 12),
        "feedback": "满意",
    } | changed


def year(*rows: dict[str, object], clients: object = None, **tables: object) -> ServiceYear:
    """The services of a workbook."""
    ledger = [certificate()] if clients is None else clients
    return value_added(book({"客户台账": ledger, "增值服务": rows, **tables}), YEAR)  # type: ignore[dict-item]


def test_a_kind_counts_what_became_of_its_needs() -> None:
    """Asked, delivered, arranged, waiting, declined; median of the days; who was content."""
    (kind,) = year(
        wanted(1),
        wanted(2, delivered_on=date(2026, 4, 1), feedback="一般"),
        wanted(3, status="已安排", planned_on=date(2026, 12, 1), delivered_on=None, feedback=None),
        wanted(4, status="待安排", delivered_on=None, feedback=None),
        wanted(5, status="未开展", delivered_on=None, feedback=None, declined_why="时间冲突"),
    ).kinds
    assert (len(kind.rows), kind.delivered, kind.arranged, kind.waiting, kind.declined) == (5, 2, 1, 1, 1)
    assert (kind.median, kind.rated, kind.content) == (20.0, 2, 1)


def test_what_was_open_when_the_year_began_is_carried_over() -> None:
    """Settled needs of earlier years are not; one delivered in this year is."""
    rows = year(
        wanted(1, raised_on=date(2025, 3, 2), delivered_on=date(2025, 3, 12)),
        wanted(2, raised_on=date(2025, 12, 2), delivered_on=date(2026, 1, 12)),
        wanted(3, raised_on=date(2025, 12, 3), status="待安排", delivered_on=None, feedback=None),
    ).rows
    assert [(row.number, row.carried) for row in rows] == [("ZZ2026-0002", True), ("ZZ2026-0003", True)]


def test_a_delivery_before_its_need_has_no_days() -> None:
    """A slip does not spoil the median."""
    (kind,) = year(wanted(1, delivered_on=date(2026, 2, 1))).kinds
    assert kind.median is None


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([], date(2026, 4, 1)),  # ungraded: once a year, from the issue on 2025-04-01
        ([wanted(1)], None),  # served this year
        ([wanted(1, raised_on=date(2025, 5, 1), delivered_on=date(2025, 6, 1))], date(2026, 6, 1)),
    ],
)
def test_an_offer_is_due_by_the_last_service_and_the_grade(
    rows: list[dict[str, object]], due: date | None
) -> None:
    """The frequency of 评价准则 holds."""
    found = year(*rows)
    assert found.by_grade == {UNGRADED: (1, 1.0)}
    assert [offer.due_on for offer in found.offers] == ([due] if due else [])


def test_training_of_the_plan_is_a_service_too() -> None:
    """服务计划, kind 培训, done."""
    plan = {"plan_no": "JH2026-0001", "client": CLIENT, "service": "培训", "done_on": date(2026, 8, 3)}
    assert year(服务计划=[plan]).offers == ()


def test_only_clients_with_a_valid_certificate_are_offered_anything() -> None:
    """Neither suspended nor ended ones."""
    ledger = [certificate(status="暂停"), certificate(client="已撤销公司", status="撤销")]
    assert year(clients=ledger).offers == ()
