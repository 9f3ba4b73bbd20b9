"""Licences, editions of standards and surveillance fees: due where the ledger says so, silent where not."""

from dataclasses import replace
from datetime import date

import pytest

from tests.figures.books import TODAY, Source, book, certificate, source
from zlxl.figures.due_papers import FEE, LICENCE, TRANSITION
from zlxl.figures.plan import plan_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book, validate

NEW = frozenset(
    {"法定代表人", "企业总人数", "人日数", "恢复日期"}
    | {"监审费到账日期", "许可资质", "许可资质有效期至", "换版截止日期"}
)
LEDGER = {"surveillance_fee": 8000.0, "planned_on": date(2026, 12, 8)}


def dues(*rows, **tables):
    found = plan_of(book({"客户台账": rows, **tables}, TODAY)).dues
    return {due.kind: due for due in found if due.kind in (LICENCE, TRANSITION, FEE)}


def standard(attributes):
    return [
        {"list_name": "标准", "value": "GB/T 24001-2016/ISO 14001:2015", "attributes": attributes},
    ]


def test_a_licence_is_asked_for_before_it_runs_out():
    row = certificate(licence="安全生产许可证 1", licence_until=date(2027, 1, 10), surveillance_paid_on=TODAY)
    due = dues(row)[LICENCE]
    assert (due.due_on, due.urgency(TODAY), due.owner) == (date(2027, 1, 10), "临近", "市场部")
    assert due.basis == "安全生产许可证 1 有效期至 2027-01-10"
    late = dues(certificate(licence_until=date(2026, 11, 23)))[LICENCE]
    assert (late.urgency(TODAY), "暂停" in late.action) == ("逾期", True)


def test_the_end_of_a_transition_is_the_rows_own_or_the_standards():
    row = certificate(standard="GB/T 24001-2016/ISO 14001:2015", system="EMS")
    told = standard("换版截止=2027年3月31日;换版为=ISO 14001:2026")
    due = dues(row, 码表=told)[TRANSITION]
    assert (due.due_on, due.cell, due.urgency(TODAY)) == (date(2027, 3, 31), "T2", "临近")
    assert "ISO 14001:2026" in due.action
    assert dues(row | {"transition_until": date(2027, 2, 1)}, 码表=told)[TRANSITION].due_on == date(
        2027, 2, 1
    )
    assert not dues(row, 码表=standard("体系=EMS"))


def test_an_attribute_that_is_no_day_is_told_and_not_obeyed():
    found = book({"客户台账": [certificate()], "码表": standard("换版截止=明年")}, TODAY)
    assert any("换版截止=明年" in remark for remark in found.remarks)


def test_a_shipped_transition_that_is_over_is_overdue():
    row = certificate(standard="GB/T 22080-2016/ISO/IEC 27001:2013", system="ISMS")
    assert dues(row)[TRANSITION].urgency(TODAY) == "逾期"


@pytest.mark.parametrize(
    ("facts", "owing"),
    [
        ({"surveillance_paid_on": None}, True),
        ({"surveillance_paid_on": date(2025, 11, 20)}, True),  # for the audit before
        ({"surveillance_paid_on": date(2026, 11, 20)}, False),
        ({"surveillance_paid_on": None, "surveillance_fee": None}, False),
        ({"surveillance_paid_on": None, "status": "暂停", "suspended_on": date(2026, 11, 2)}, False),
        ({"surveillance_paid_on": None, "planned_on": date(2026, 11, 23)}, False),
    ],
)
def test_the_fee_of_the_surveillance_ahead_is_claimed_until_it_came_in(facts, owing):
    found = dues(certificate(**LEDGER | facts), certificate(contract_no="ZL20250002-Q", staff=50.0))
    assert (FEE in found) == owing
    if owing:
        assert (found[FEE].due_on, found[FEE].owner) == (date(2026, 12, 1), "财务部")
        assert "8000 元" in found[FEE].basis


def without_new_columns(told: Source) -> Source:
    """The ledger as workbooks had it before the columns came."""
    (grid,) = told.sheets
    known = {number for number, cell in grid.cells[1].items() if cell.value not in NEW}
    cells = {row: {c: cell for c, cell in some.items() if c in known} for row, some in grid.cells.items()}
    return Source((replace(grid, cells=cells),))


def test_a_workbook_without_the_new_columns_reads_as_before():
    rows = [certificate(**LEDGER), certificate(contract_no="ZL20250002-Q", certificate_no="01625Q00002R0M")]
    full = source({"客户台账": rows})
    old = without_new_columns(full)
    settings = Settings(today=TODAY)
    assert not {due.kind for due in plan_of(read_book(old, settings)).dues} & {LICENCE, TRANSITION, FEE}
    assert validate(old, settings).findings == validate(full, settings).findings
    assert not any(finding.column in NEW for finding in validate(full, settings).findings)
