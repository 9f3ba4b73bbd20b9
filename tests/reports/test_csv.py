"""The flat table."""

from __future__ import annotations

import csv
import io

import pytest

from zlxl.reports import csv as report


def rows(run, rules):
    text = "".join(report.write(run, rules))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_line_a_finding(small_run, rules):
    first, second, *_, last = rows(small_run, rules)
    assert (first["级别"], first["单元格"], first["规则名称"]) == ("错误", "M12", "邮编不是 6 位")
    assert (second["修复"], second["修复值"]) == ("可自动修复", "050000")
    assert (last["级别"], last["文件"], last["说明"]) == ("无法检查", "坏.xlsx", "文件已加密，请先取消密码")


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_a_formula_is_made_inert(run_of, finding, rules, start):
    (row,) = rows(run_of(finding(value=start + "1+1")), rules)
    assert row["现值"] == "'" + start + "1+1"


def test_no_cell_of_a_hostile_run_starts_a_formula(hostile_run, rules):
    cells = [cell for row in rows(hostile_run, rules) for cell in row.values()]
    assert cells
    assert not [cell for cell in cells if cell.startswith(report.FORMULA_STARTS)]


def test_line_ends_are_those_of_the_standard(small_run, rules):
    text = "".join(report.write(small_run, rules))
    assert text.count("\r\n") == text.count("\n") == 7


def test_a_long_table_comes_in_batches(run_of, finding, rules):
    chunks = list(report.write(run_of(*[finding()] * (report.BATCH + 1)), rules))
    assert len(chunks) == 2
