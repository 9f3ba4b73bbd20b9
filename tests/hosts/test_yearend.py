"""``zlxl yearend`` on a file: its figures, its sheet, and another program that computes it alike."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from tests.hosts.conftest import Run
from tests.libreoffice import SOFFICE, recalculate
from zlxl import edit
from zlxl.excel.write import write_workbook
from zlxl.grid import column_letters
from zlxl.samples.database import sample_rows
from zlxl.sheet import Workbook as NewBook
from zlxl.sheets.data import data_sheet
from zlxl.tables.catalog import table_named

DAY = date(2026, 11, 24)
TODAY = ("--today", "2026-11-24")
DB, SHEET = "库.xlsx", "年终汇总_2026"
READ = ("客户台账", "有效性评价", "服务计划", "客户要求", "改进措施", "满意度调查", "增值服务")

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample database of the tables that the report reads."""
    path = tmp_path_factory.mktemp("stored") / DB
    rows = sample_rows(seed=16, clients=40, today=DAY)
    sheets = tuple(data_sheet(table_named(name), rows[name]) for name in READ)
    write_workbook(NewBook(sheets=sheets), path)
    return path


@pytest.fixture
def database(stored: Path, here: Path) -> Path:
    """The database, to work on."""
    return Path(shutil.copy(stored, here))


def report(run: Run, *args: object) -> dict[str, Any]:
    """The JSON of a run."""
    found: dict[str, Any] = json.loads(run("yearend", *args, "--format", "json", *TODAY).out)
    return found


def test_without_write_nothing_is_written(zlxl: Run, database: Path) -> None:
    """The conclusion is told on the screen, with its numbers."""
    before = database.read_bytes()
    done = zlxl("yearend", database, *TODAY)
    assert done.code == 0
    assert "1. 总体：2026年度收到" in done.out
    assert "共性问题：" in done.out
    assert database.read_bytes() == before


def test_write_puts_one_sheet_and_again_the_same(zlxl: Run, database: Path) -> None:
    """The sheet replaces its earlier self and is no table to check."""
    summary = zlxl("validate", database, "--format", "json", *TODAY).report["summary"]
    for _ in range(2):
        assert SHEET in zlxl("yearend", database, "--write", *TODAY).err
    assert load_workbook(database).sheetnames.count(SHEET) == 1
    assert zlxl("validate", database, "--format", "json", *TODAY).report["summary"] == summary


def test_counts_add_up(zlxl: Run, database: Path) -> None:
    """Every table of the summary counts every request of the year once."""
    asked = report(zlxl, database)["requests"]
    rows = sample_rows(seed=16, clients=40, today=DAY)["客户要求"]
    assert asked["n"] == sum(row["received_on"].year == 2026 for row in rows) > 20
    for name in ("by_class", "by_topic", "by_department", "by_kind", "by_state", "by_month"):
        assert sum(line["n"] for line in asked[name]) == asked["n"]
        for line in asked[name]:
            assert sum(number for key, number in line.items() if key not in ("name", "n")) == line["n"]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_every_cell_alike(zlxl: Run, database: Path, tmp_path: Path) -> None:
    """Recalculated over the tables of the workbook, no cell of the sheet differs."""
    zlxl("yearend", database, "--write", *TODAY)
    anew = recalculate([database], tmp_path / "lo")[0]
    formulas = load_workbook(database)[SHEET]
    ours, theirs = (load_workbook(path, data_only=True)[SHEET] for path in (database, anew))
    compared = 0
    for row in formulas.iter_rows():
        for cell in row:
            compared += cell.data_type == "f"
            one, other = (comparable(sheet[cell.coordinate].value) for sheet in (ours, theirs))
            assert one == other, (cell.coordinate, cell.value)
    assert compared > 500


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_the_sheet_follows_changes_of_the_tables(zlxl: Run, database: Path, tmp_path: Path) -> None:
    """A request that turns out late and a measure that is finished show without another run."""
    zlxl("yearend", database, "--write", *TODAY)
    book = edit(database)
    requests, measures = book["客户要求"], book["改进措施"]
    late = next(row for row in range(3, 200) if shows(requests, row, "接收日期").startswith("2026-0"))
    requests[place(requests, "办结日期", late)] = date(2026, 11, 20)
    requests[place(requests, "要求状态", late)] = "已办结"
    cancelled = next(row for row in range(3, 50) if shows(measures, row, "年度") == "2026")
    measures[place(measures, "措施状态", cancelled)] = "取消"
    book.save()
    anew = recalculate([database], tmp_path / "lo")[0]
    shown = {str(cell) for row in load_workbook(anew, data_only=True)[SHEET].values for cell in row}
    told = report(zlxl, database)
    assert f"{told['requests']['share_in_time']:.1%}" in shown
    assert [
        m["state"] for m in told["measures"] if m["number"] == shows(measures, cancelled, "措施编号")
    ] == ["取消"]
    assert {"逾期办结", "取消"} <= shown


def place(sheet: Any, header: str, row: int) -> str:
    """The cell of a column in a row."""
    letters = next(c for c in map(column_letters, range(1, 60)) if sheet[f"{c}2"] == header)
    return f"{letters}{row}"


def shows(sheet: Any, row: int, header: str) -> str:
    """What a cell holds, as text."""
    value = sheet[place(sheet, header, row)]
    return f"{value:g}" if isinstance(value, float) else str(value)


HEADERS = (
    *("编号", "接收日期", "企业名称", "要求内容", "收集方式", "要求原文", "确认主题", "确认类别"),
    *("责任部门", "办结期限", "办结日期", "要求状态", "建议主题", "建议类别", "等待客户天数"),
)
ODD: tuple[dict[str, object], ...] = (
    {"企业名称": "*"},
    {"企业名称": "=1+1"},
    {"企业名称": ">5"},
    {"企业名称": 12345},
    {"企业名称": "公司1 "},
    {"接收日期": "2026年5月6日"},
    {"接收日期": datetime(1900, 1, 5)},
    {"编号": "YQ*"},
    {"编号": None},
    {"编号": 20260024},
    {"确认主题": None, "确认类别": None, "建议主题": "证书邮寄与查询", "建议类别": "b"},
    {"确认主题": None, "确认类别": None},
    {"办结日期": None, "要求状态": "处理中"},
    {"办结日期": "#N/A"},
    {"确认类别": "B"},
    {"确认主题": "自造主题"},
    {"责任部门": " 制证部 ", "要求原文": "长" * 3000},
    {"等待客户天数": 3, "办结日期": datetime(2026, 6, 3)},
    {"责任部门": None, "要求内容": None, "要求状态": None, "办结日期": None, "办结期限": None},
)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("spoilt", [(), ("企业名称",), ("编号",), ("编号", "企业名称", "接收日期")])
def test_odd_rows_are_told_alike_by_formula_and_value(
    zlxl: Run, here: Path, tmp_path: Path, spoilt: tuple[str, ...]
) -> None:
    """Patterns, texts for dates, errors: what a formula would read otherwise stands as a value."""
    rows = [odd for odd in ODD if not set(odd) & {"编号", "企业名称", "接收日期"} - {*spoilt}]
    odd_book(here / DB, rows)
    assert zlxl("yearend", DB, "--write", *TODAY).code == 0
    anew = recalculate([here / DB], tmp_path / "lo")[0]
    ours, theirs = (load_workbook(path, data_only=True)[SHEET] for path in (here / DB, anew))
    for one, other in zip(ours.values, theirs.values, strict=True):
        assert [*map(comparable, one)] == [*map(comparable, other)]


def odd_book(path: Path, rows: list[dict[str, object]]) -> None:
    """A foreign workbook whose 客户要求 is an Excel table of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "客户要求"
    sheet.append(HEADERS)
    usual = ("意见和建议", "其它途径", "请快点寄证书", "证书邮寄与查询", "b", "制证部")
    closing = (datetime(2026, 6, 1), datetime(2026, 5, 29), "已办结")
    for number, odd in enumerate(rows, 1):
        known = (f"YQ{number}", datetime(2026, 5, number), f"公司{number % 4}", *usual, *closing)
        told = dict(zip(HEADERS, known, strict=False)) | odd
        sheet.append([told.get(header) for header in HEADERS])
    sheet.add_table(Table(displayName="客户要求", ref=f"A1:O{len(rows) + 1}"))
    book.save(path)


def test_a_workbook_without_requests_is_refused(zlxl: Run, here: Path) -> None:
    """It says which table is missing."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "增值服务"
    sheet.append(["服务编号", "提出日期", "企业名称", "增值服务类型", "增值服务状态"])
    sheet.append(["ZZ2026-0001", datetime(2026, 5, 6), "甲公司", "公开课", "待安排"])
    book.save(here / DB)
    done = zlxl("yearend", DB, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "客户要求" in done.err


def comparable(value: object) -> object:
    """A value without what two programs write differently: the last digits, and an empty text."""
    return round(value, 9) if isinstance(value, float) else None if value == "" else value


def test_an_empty_year_is_told_and_written(zlxl: Run, database: Path) -> None:
    """A year without requests has a sheet without error."""
    done = zlxl("yearend", database, "--period", "2019", "--output", "xlsx=汇总.xlsx", *TODAY)
    assert "没有登记" in done.out
    assert load_workbook("汇总.xlsx").sheetnames == ["年终汇总_2019"]


@pytest.mark.parametrize(("text", "told"), [("去年", "请写成 2026"), ("2026Q3", "按年度")])
def test_a_period_that_is_no_year_is_refused(zlxl: Run, database: Path, text: str, told: str) -> None:
    """With an example."""
    done = zlxl("yearend", database, "--period", text, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
