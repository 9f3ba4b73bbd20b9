"""Every open application waits for one next step, and the list says what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tables.judging import frame_of
from zlxl.figures.pipeline import AUDIT, CONTRACT, DECISION, PAPERS, RETURN, REVIEW, count, pipeline
from zlxl.rules.rule import Book
from zlxl.tables.catalog import table_named
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)


def waiting(**tables):
    frames = tuple(frame_of(table_named(name), rows) for name, rows in tables.items())
    return pipeline(Book(frames=frames, context=shipped_context(TODAY)))


SENT = {"application_no": "SQ2026-0001", "client": "甲", "form_sent_on": date(2026, 11, 1)}
BACK = SENT | {"form_returned_on": date(2026, 11, 10)}
JUDGED = BACK | {"reviewed_on": date(2026, 11, 12), "conclusion": "补充资料", "missing": "营业执照"}
ACCEPTED = JUDGED | {
    "conclusion": "受理", "accepted_on": date(2026, 11, 20), "contract_no": "ZL20260001-Q", "missing": None,
}  # fmt: skip
SIGNED = {"contract_no": "ZL20260001-Q", "client": "甲", "signed_on": date(2026, 11, 22)}
ROW = {"contract_no": "ZL20260001-Q", "client": "甲", "status": "受理", "system": "QMS"}
AUDITED = ROW | {"status": "审核中", "audited_on": date(2026, 11, 23)}


@pytest.mark.parametrize(
    ("row", "state", "days", "missing"),
    [
        (SENT, RETURN, 23, "填好的申请书"),
        (BACK, REVIEW, 14, "申请评审结论"),
        (JUDGED, PAPERS, 12, "补充资料：营业执照"),
        (ACCEPTED, CONTRACT, 4, "签订的合同"),
    ],
)
def test_an_application_waits_for_its_next_step(row, state, days, missing) -> None:
    """Since the day of the step before."""
    (found,) = waiting(申请受理=[row])
    assert (found.state, found.days, found.missing) == (state, days, missing)


@pytest.mark.parametrize(("row", "state", "days"), [(ROW, AUDIT, 2), (AUDITED, DECISION, 1)])
def test_under_contract_each_system_waits_for_audit_and_certificate(row, state, days) -> None:
    """The application itself is settled once the contract is signed."""
    (found,) = waiting(申请受理=[ACCEPTED], 合同=[SIGNED], 客户台账=[row])
    assert (found.state, found.number, found.days) == (state, "ZL20260001-Q", days)


@pytest.mark.parametrize(
    "tables",
    [
        {"申请受理": [JUDGED | {"conclusion": "不受理"}]},
        {"申请受理": [{"application_no": "SQ2026-0001", "client": "甲"}]},
        {"申请受理": [ACCEPTED], "合同": [SIGNED | {"signed_on": "坏日期"}]},
        {"申请受理": [ACCEPTED], "合同": [SIGNED | {"signed_on": None, "ended_on": TODAY}]},
        {"申请受理": [BACK | {"conclusion": "不知道"}]},
        {"合同": [SIGNED], "客户台账": [AUDITED | {"status": "有效"}]},
        {"客户台账": [ROW]},
    ],
)
def test_what_is_settled_or_unknown_does_not_wait(tables) -> None:
    """Refused, ended, certified; an unreadable cell accuses nobody; without contract nothing is audited."""
    assert waiting(**tables) == ()


def test_the_longest_wait_comes_first_within_its_step() -> None:
    """Counted by step, in the order of the procedure."""
    found = waiting(申请受理=[BACK, SENT, SENT | {"form_sent_on": date(2026, 1, 5)}])
    assert [(one.state, one.days) for one in found] == [(RETURN, 323), (RETURN, 23), (REVIEW, 14)]
    assert count(found) == {RETURN: 2, REVIEW: 1}
