"""Reading what people wrote into an earlier report."""

from __future__ import annotations

from dataclasses import dataclass

from tests.grids import cell_of
from zlxl.grid import Cell, Kind, MemoryGrid
from zlxl.sheets.report_remarks import Remark, read_remarks

HEADER = ["级别", "处理结果", "处理人", "备注", "指纹"]


@dataclass
class Source:
    sheets: list[MemoryGrid]
    path: str = "报告.xlsx"

    def grids(self):
        return self.sheets


def read(*rows, sheet="问题清单"):
    cells = {r: {c: cell_of(value) for c, value in enumerate(row, 1)} for r, row in enumerate(rows, 1)}
    return read_remarks(Source([MemoryGrid(sheet=sheet, cells=cells)]))


def test_lines_are_found_by_their_headers_in_any_order():
    found = read(["说明文字"], HEADER[::-1], ["aa", "等答复", "李四", "稍后处理", "错误"])
    assert found["aa"] == Remark("稍后处理", "李四", "等答复", ("错误", "", "", "", "", ""))


def test_any_other_workbook_is_no_report():
    assert read(HEADER, sheet="客户台账") is None
    assert read(["级别", "指纹"]) is None
    assert read_remarks(Source([])) is None


def test_a_report_without_lines_is_a_report():
    assert read(HEADER) == {}


def test_of_two_lines_with_one_fingerprint_the_written_one_counts():
    found = read(
        HEADER, ["错误", None, None, None, "aa"], ["错误", "已修改", None, None, "aa"], ["错误", *"xyz", "aa"]
    )
    assert found["aa"].outcome == "已修改"


def test_whatever_was_typed_is_read_as_text():
    strict = Cell(Kind.ISO_DATE, "2026-11-02")
    found = read(
        HEADER,
        ["错误", 20261102.0, True, strict, "aa"],
        ["错误", None, False, Cell(Kind.ERROR, "#N/A"), "bb"],
    )
    assert found["aa"][:3] == ("20261102", "TRUE", "2026-11-02")
    assert found["bb"][:3] == ("", "FALSE", "")


def test_lines_without_a_fingerprint_are_passed_over():
    assert read(HEADER, ["错误", "已修改", None, None, None]) == {}
