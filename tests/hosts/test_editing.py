"""zlxl.edit on our own workbooks and on others: who gets lines in a log, and what they tell."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest

import zlxl
from tests.excel import books
from zlxl.errors import Unwritable
from zlxl.hosts.editing import LOG
from zlxl.tables.changes import CHANGES

DAY = dt.date(2026, 1, 5)


@pytest.fixture
def database(tmp_path) -> Path:
    return zlxl.new(tmp_path / "库.xlsx")


def last_line(path: Path) -> dict[str, object]:
    """The newest line of the log by header."""
    return zlxl.read(path, LOG).iloc[-1].to_dict()


def place_of(path: Path, text: str, column: str) -> str:
    """Address of a text in the first rows of the ledger."""
    cells = zlxl.edit(path)["客户台账"][f"{column}1:{column}20"]
    return f"{column}{cells.index([text]) + 1}"


def test_the_name_of_the_log():
    assert CHANGES.name == LOG


def test_a_database_tells_every_change_in_its_log(database):
    with zlxl.edit(database) as book:
        book.append("客户台账", {"合同编号": "ZL20260001-Q", "企业名称": "甲公司", "受理申请时间": DAY})
    assert last_line(database)["字段"] == "新增行"
    place = place_of(database, "甲公司", "C")
    with zlxl.edit(database) as book:
        book["客户台账"][place] = "乙公司"

    line = last_line(database)
    assert (line["单元格"], line["旧值"], line["新值"]) == (place, "甲公司", "乙公司")
    assert (line["行标识"], line["命令"], line["字段"]) == ("ZL20260001-Q", "zlxl.edit", "企业名称")
    assert "甲公司" in str(line["还原信息"])


def test_a_formula_replaced_in_a_database_is_told_too(database):
    with zipfile.ZipFile(database) as archive:
        part = archive.read("xl/worksheets/sheet1.xml").decode()
    place = part.partition("<f>")[0].rpartition('<c r="')[2].partition('"')[0]
    with zlxl.edit(database) as book:
        book["首页"][place] = 5
    assert zlxl.edit(database)["首页"][place] == 5
    assert (last_line(database)["单元格"], last_line(database)["新值"]) == (place, "5")


def test_other_workbooks_get_nothing_but_the_edit(tmp_path):
    path = books.write(tmp_path / "别.xlsx", books.parts({"S": books.worksheet("")}))
    with zlxl.edit(path) as book:
        book["S"]["A1"] = 1
    assert zlxl.edit(path).sheets == ("S",)


def test_what_is_refused_leaves_no_line(database):
    before = database.read_bytes()
    header = next(
        f"A{row}" for row in range(1, 20) if zlxl.edit(database)["客户台账"][f"A{row}"] == "合同编号"
    )
    with pytest.raises(Unwritable, match="表头"), zlxl.edit(database) as book:
        book["客户台账"][header] = "别的"
    assert database.read_bytes() == before


def test_generated_sheets_and_notes(database):
    from zlxl.sheet import Cell, Sheet

    with zlxl.edit(database) as book:
        book.put(Sheet(name="汇总", cells={(1, 1): Cell(content="合计")}))
        book["客户台账"].note("C9", "请核对")
        assert "汇总" in book
        with pytest.raises(zlxl.UsageError, match=r"save\(\)"):
            book["汇总"]
        book.save()
        assert book["汇总"]["A1"] == "合计"
        book.remove("汇总")
        assert "汇总" not in book
        with pytest.raises(zlxl.UsageError, match="没有工作表"):
            book.remove("无")
    book = zlxl.edit(database)
    assert "汇总" not in book
    with zipfile.ZipFile(database) as archive:
        comments = [name for name in archive.namelist() if "comments" in name.lower()]
        assert any("请核对" in archive.read(name).decode() for name in comments)
    with pytest.raises(zlxl.UsageError, match="“客户台账”的“企业名称”"):
        book.append("客户台账", {"企业名称": float("nan")})
