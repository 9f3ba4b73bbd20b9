"""Findings as marks: which cell, which words, how many; and what the sheet 校验结果 counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zlxl.errors import UsageError
from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.grid import Cell, Kind, MemoryGrid
from zlxl.jobs import marks
from zlxl.jobs.marks import MOST_TOLD, mark, unmark
from zlxl.sheet import Formula
from zlxl.sheets.results import RESULTS, TOP
from zlxl.tables.clients import CLIENTS

HEADERS = CLIENTS.headers[:17]
SHEET = "客户台账"


class Source:
    path = "库.xlsx"

    def __init__(self, *grids: MemoryGrid) -> None:
        self._grids = grids

    def grids(self) -> tuple[MemoryGrid, ...]:
        return self._grids


def ledger(*, typed: bool = True) -> MemoryGrid:
    header = {column: Cell(Kind.TEXT, text) for column, text in enumerate(HEADERS, 1)}
    row = {1: Cell(Kind.TEXT, "ZL20230001-Q"), 3: Cell(Kind.TEXT, "甲公司")}
    return MemoryGrid(sheet=SHEET, cells={2: header, 3: row, 4: row}, typed=typed)


def finding(cell: str | None = "M3", **changes: object) -> Finding:
    base = Finding(
        rule="ZL132",
        severity=Severity.ERROR,
        sheet=SHEET,
        cell=cell,
        row=3,
        column="邮编",
        key="ZL20230001-Q",
        value="50000",
        message="邮编不对。",
        expected="6 位数字",
        clause="4.2.1",
        suggestion="补 0。",
        fix=None,
        fingerprint="f",
    )
    return replace(base, **changes)


def marked(*findings: Finding, source: Source | None = None) -> marks.Marked:
    report = FileReport(path="库.xlsx", findings=findings)
    run = Run(files=(report,), started="2026-11-24T09:00:00", version="0", today="2026-11-24")
    return mark(source or Source(ledger()), report, run)


def spots(found: marks.Marked) -> list[tuple[int, int, str]]:
    return [(m.row, m.column, m.level) for m in found.edits.marks or ()]


def test_a_finding_is_shown_on_its_cell_with_its_words():
    found = marked(finding())
    assert spots(found) == [(3, 13, "error")]
    assert found.edits.marks[0].text == "邮编不对。\n应为：6 位数字\n建议：补 0。\n规则：ZL132"
    assert [sheet.name for sheet in found.edits.sheets] == [RESULTS]


@pytest.mark.parametrize(
    ("changes", "spot"),
    [
        ({"column": None}, [(3, 1, "error")]),
        ({"row": None}, [(2, 13, "error")]),
        ({"row": 2}, [(2, 13, "error")]),
        ({"row": None, "column": None}, []),
        ({"row": None, "column": "没有的列"}, []),
        ({"sheet": "别的表"}, []),
    ],
)
def test_a_finding_without_a_cell(changes, spot):
    """On the key of its row, on the header of its column, or only in the list."""
    assert spots(marked(finding(None, **changes))) == spot


def test_waived_findings_are_listed_but_not_marked():
    found = marked(finding(state="waived"), finding("A3", state="known"))
    assert spots(found) == [(3, 1, "error")]
    [sheet] = found.edits.sheets
    assert len(sheet.blocks[0].rows) == 2


def test_the_log_has_one_line_a_sheet():
    found = marked(finding(), finding("A3", severity=Severity.WARNING), finding("A3"))
    [entry] = found.entries
    assert (entry.sheet, entry.field, entry.new) == (SHEET, "标记", "标记 2 个单元格（错误 2、警告 1）")


def test_a_note_tells_the_worst_and_how_many_more():
    many = [finding(message=f"错 {n}。") for n in range(MOST_TOLD + 3)]
    found = marked(finding(severity=Severity.NOTE), *many)
    assert len(found.edits.marks) == MOST_TOLD + 1
    assert found.edits.marks[-1].text == f"另有 4 个问题，见工作表“{RESULTS}”。"


def test_no_more_cells_than_excel_bears(monkeypatch):
    monkeypatch.setattr(marks, "MOST_CELLS", 2)
    light = [finding(f"M{row}", severity=Severity.NOTE) for row in range(3, 6)]
    found = marked(*light, finding("A9"))
    assert spots(found) == [(9, 1, "error"), (3, 13, "note")]
    assert "有 4 个单元格有问题，只标记了较严重的 2 个" in found.remarks[0]


def test_text_that_no_cell_can_hold_is_mended():
    text = marked(finding(message="坏\ud800字" + "长" * 1000)).edits.marks[0].text
    assert text.startswith("坏\ufffd字长")
    assert len(text) < 500


def test_a_text_file_is_refused():
    source = Source(ledger(typed=False))
    with pytest.raises(UsageError, match="是文本文件，不能标记"):
        marked(finding(), source=source)
    with pytest.raises(UsageError, match="是文本文件，不能标记"):
        unmark(source, ())


def test_unmarking_takes_all_off_and_logs_each_sheet():
    found = unmark(Source(ledger()), (SHEET,))
    assert found.edits.marks == ()
    assert found.edits.removed == (RESULTS,)
    assert [(entry.sheet, entry.new) for entry in found.entries] == [(SHEET, "取消标记")]
    assert not found.without_sheets().removed


def test_the_results_count_what_is_listed():
    [sheet] = marked(
        finding(), finding("A3", severity=Severity.NOTE), finding(sheet="<乙~"), finding(state="waived")
    ).edits.sheets
    shown = {place: cell.content for place, cell in sheet.cells.items() if 4 <= place[0] <= 7}
    assert [shown[5, 1], shown[6, 1], shown[7, 1]] == [SHEET, "<乙~", "合计"]
    values = [c.value if isinstance(c, Formula) else c for c in (shown[5, n] for n in range(3, 7))]
    assert values == [1, 0, 1, 2]
    assert shown[6, 3] == 1
    assert shown[7, 6].value == 3
    assert sheet.charts[0].series[0].values == f"='{RESULTS}'!$C$5:$C$6"
    assert str(sheet.tables[0].area).startswith("A19:")


def test_many_sheets_and_none():
    [many] = marked(*(finding(sheet=f"表{n}") for n in range(TOP + 3))).edits.sheets
    assert f"前 {TOP} 表合计" in {cell.content for cell in many.cells.values()}
    [none] = marked().edits.sheets
    assert none.charts == ()
