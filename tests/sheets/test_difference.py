"""The comparison as a workbook."""

from __future__ import annotations

import pytest

from tests.reports.test_difference import DIFFERENCE
from zlxl.reports.difference_rows import lines
from zlxl.schema.headers import REPORT_SHEETS
from zlxl.sheets import difference as room
from zlxl.sheets.difference import DETAILS, difference_workbook
from zlxl.sheets.report_words import SUMMARY


def test_sheets_and_their_table() -> None:
    """Old and new stand beside each other in one filtered table, a row a line."""
    told = list(lines(DIFFERENCE))
    summary, details = difference_workbook(DIFFERENCE, told, "有差异", []).sheets
    assert (summary.name, details.name) == (SUMMARY, DETAILS)
    (table,) = details.tables
    headers = [column.header for column in table.columns]
    assert headers[headers.index("旧值") + 1] == "新值"
    assert table.autofilter
    assert table.area.bottom - table.area.top == len(told)


def test_its_details_are_no_table_of_a_database() -> None:
    """A report among the workbooks to be validated accuses nobody."""
    assert DETAILS in REPORT_SHEETS


def test_what_is_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet has an end; the summary says what it lacks."""
    monkeypatch.setattr(room, "MOST", 2)
    summary, details = difference_workbook(DIFFERENCE, list(lines(DIFFERENCE)), "有差异", []).sheets
    assert len(details.blocks[0].rows) == 2
    told = [cell.content for cell in summary.cells.values() if isinstance(cell.content, str)]
    assert any("只列前 2 条" in text for text in told)
