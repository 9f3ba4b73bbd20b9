"""Cycle times are those of the rows that ended in the period, each against its own limit."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables.judging import frame_of
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.turnaround import (
    AUDIT,
    CLOSING,
    DECISION,
    NOBODY,
    REPLY,
    REVIEW,
    SIGNING,
    WHOLE,
    Case,
    Summary,
    turnaround,
)
from zlxl.figures.workdays import workdays
from zlxl.rules.rule import Book
from zlxl.tables.catalog import table_named
from zlxl.tables.policy import shipped_context

YEAR = Period(year=2026)
CONTEXT = shipped_context(date(2026, 11, 24))


def measured(period=YEAR, context=CONTEXT, **tables):
    """Figures of tables given by their Chinese names."""
    frames = tuple(frame_of(table_named(name), rows) for name, rows in tables.items())
    return turnaround(Book(frames=frames, context=context), workdays(), period)


def cases(figures, step):
    return [(c.department, c.days, c.in_time) for c in figures.cases if c.step is step]


APPLICATION = {
    "application_no": "SQ2026-0001", "client": "甲", "contract_no": "ZL20260001-Q", "conclusion": "受理",
    "form_sent_on": date(2026, 1, 5), "form_returned_on": date(2026, 1, 8), "reviewed_on": date(2026, 1, 24),
    "accepted_on": date(2026, 1, 25),
}  # fmt: skip
CONTRACT = {"contract_no": "ZL20260001-Q", "client": "甲", "signed_on": date(2026, 2, 4)}
CLIENT = {
    "contract_no": "ZL20260001-Q", "client": "甲", "applied_on": date(2026, 1, 25),
    "audited_on": date(2026, 10, 1), "issued_on": date(2026, 4, 5),
}  # fmt: skip
FIRST_AUDITS = [
    {"contract_no": "ZL20260001-Q", "audited_on": day} for day in (date(2026, 3, 1), date(2026, 3, 11))
]


def test_a_step_of_a_row_is_counted_in_days_against_its_parameter() -> None:
    """Returned on 8 January, reviewed on the 24th: one day more than the fifteen of 时限规则."""
    figures = measured(申请受理=[APPLICATION, APPLICATION | {"reviewed_on": date(2026, 1, 23)}])
    assert cases(figures, REVIEW) == [("市场部", 15, True), ("市场部", 16, False)]
    assert figures.limits[REVIEW.name] == 15


def test_application_to_certificate_is_joined_by_the_contract() -> None:
    """The ledger holds the last audit only: the first ones stand in 有效性评价."""
    figures = measured(申请受理=[APPLICATION], 合同=[CONTRACT], 客户台账=[CLIENT], 有效性评价=FIRST_AUDITS)
    assert cases(figures, SIGNING) == [("市场部", 10, True)]
    assert cases(figures, AUDIT) == [("审核部", 25, None)]
    assert cases(figures, DECISION) == [("评定部", 25, None)]
    assert cases(figures, WHOLE) == [("全过程", 70, None)]


def test_a_later_audit_is_not_taken_for_the_first() -> None:
    """A surveillance after the certificate says nothing of how long the certificate took."""
    figures = measured(合同=[CONTRACT], 客户台账=[CLIENT])
    assert cases(figures, AUDIT) == cases(figures, DECISION) == []


REQUEST = {
    "request_no": "YQ2026-0001", "client": "甲", "owner": "财务部", "confirmed_class": "b",
    "received_on": date(2026, 3, 6), "replied_on": date(2026, 3, 9), "closed_on": date(2026, 3, 12),
}  # fmt: skip


def test_requests_are_counted_in_working_days_by_their_owner() -> None:
    """Friday to Monday is one; without deadlines of its own the class decides."""
    figures = measured(客户要求=[REQUEST])
    assert cases(figures, REPLY) == [("财务部", 1, True)]
    assert cases(figures, CLOSING) == [("财务部", 4, False)]


def test_deadlines_of_the_row_come_first_and_waiting_for_the_client_does_not_count() -> None:
    """As in the list of what is overdue."""
    figures = measured(客户要求=[REQUEST | {"due_on": date(2026, 3, 10), "waiting_days": 2, "owner": None}])
    assert cases(figures, CLOSING) == [(NOBODY, 2, True)]


@pytest.mark.parametrize(
    ("period", "count"), [("2026Q1", 2), ("2026Q2", 0), ("2026", 2), ("2025", 0), ("2027", 0)]
)
def test_a_case_belongs_to_the_period_in_which_it_ended(period, count) -> None:
    """Whenever it began."""
    assert len(measured(Period.parse(period), 客户要求=[REQUEST]).cases) == count


def test_nothing_that_lies_ahead_is_counted() -> None:
    """To today and no further."""
    context = shipped_context(date(2026, 3, 10))
    assert [case.step for case in measured(context=context, 客户要求=[REQUEST]).cases] == [REPLY]


def test_dates_in_the_wrong_order_are_said_and_not_counted() -> None:
    """A negative time would flatter the median."""
    figures = measured(客户要求=[REQUEST | {"replied_on": date(2026, 3, 5), "closed_on": None}])
    assert figures.cases == ()
    assert "1 处结束早于开始" in figures.remarks[0]


def test_lines_are_ordered_as_the_procedure_and_departments_by_their_cases() -> None:
    """One line a step, and one a department where rows tell it."""
    rows = [REQUEST, REQUEST | {"owner": "审核部"}, REQUEST | {"owner": "审核部"}]
    figures = measured(申请受理=[APPLICATION], 客户要求=rows)
    assert [(line.step.name, len(line.cases)) for line in figures.steps] == [
        ("申请书收回", 1),
        ("申请评审", 1),
        ("要求首次答复", 3),
        ("要求办结", 3),
    ]
    assert [(line.step.name, line.department) for line in figures.departments] == [
        ("要求首次答复", "审核部"),
        ("要求首次答复", "财务部"),
        ("要求办结", "审核部"),
        ("要求办结", "财务部"),
    ]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_quantiles_are_those_of_the_cases(days) -> None:
    """Median and ninth tenth by definition: interpolated between neighbours."""
    some = tuple(
        Case(
            step=REPLY, department="甲", key="", client="", begin=date.min, end=date.min, days=n, latest=None
        )
        for n in days
    )
    line = Summary(step=REPLY, department="甲", cases=some)
    ordered = sorted(days)

    def quantile(share):
        place = (len(days) - 1) * share
        low = int(place)
        high = ordered[min(low + 1, len(days) - 1)]
        return ordered[low] + (place - low) * (high - ordered[low])

    assert line.median == pytest.approx(quantile(0.5))
    assert line.ninth == pytest.approx(quantile(0.9))
    assert line.share is None
