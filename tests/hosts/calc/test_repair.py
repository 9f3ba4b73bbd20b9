"""Formulas of another spreadsheet compute in Calc as soon as a workbook is loaded, and go back as Excel's."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calc_office import Calc
from tests.hosts.calc.desk import OK, database, desk
from zlxl.hosts.calc.repair import computes, repaired
from zlxl.hosts.functions import FUNCTIONS

DISGUISES = [
    "zl_check({})",
    "ZL_CHECK({})",
    "_xludf.ZL_CHECK({})",
    "_xlfn._xludf.zl_check({})",
    "ORG.ZLXL.FUNCTIONS.ZLCHECK({})",
    "org.zlxl.functions.zl_check({})",
    "[1]!ZL_CHECK({})",
    "[1]zlxl.xlam!ZL_CHECK({})",
    "zlxl.xlam!ZL_CHECK({})",
    "'C:\\Users\\a b\\XLSTART\\zlxl.xlam'!ZL_CHECK({})",
    "'file:///C:/a b/zlxl.xlam'#zl_check({})",
]
ROWS = 8  # of the disguises that openpyxl can write
OTHERS = ['="zl_check("&A1', "=SUM(A1)", "=xzl_check(A1)", "=zl_checks(A1)", "=客户台账!A1", "='zl_check'!A1"]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_every_disguise_is_seen_through(disguise: str) -> None:
    told = f"=IF({disguise}=\"\";'客户 台账'.A1;{disguise})".replace("{}", 'A1;"zl_check("')
    assert repaired(told) == """=IF(ZL_CHECK(A1;"zl_check(")="";'客户 台账'.A1;ZL_CHECK(A1;"zl_check("))"""


@pytest.mark.parametrize("formula", OTHERS)
def test_what_is_not_ours_stays(formula: str) -> None:
    assert repaired(formula) == formula


def test_what_calc_knows_is_left_alone() -> None:
    assert computes('=ORG.ZLXL.FUNCTIONS.ZLCHECK(A1;"zl_check(")')
    assert not computes("=ORG.ZLXL.FUNCTIONS.ZLCHECK(A1)+zl_check(A1)")
    assert not computes("=org.zlxl.functions.zlcheck(A1)")


@given(st.text("zl_checkZLCHECK.!'\"#[](1;A", max_size=60))
def test_repairing_twice_is_repairing_once(formula: str) -> None:
    assert repaired(repaired(formula)) == repaired(formula)


@pytest.mark.parametrize("name", [function.name for function in FUNCTIONS])
def test_every_function_is_known(name: str) -> None:
    for spelled in (name.lower(), name.replace("_", "").lower()):
        assert repaired(f"=org.zlxl.functions.{spelled}(A1)") == f"={name}(A1)"


def foreign(path: Path) -> Path:
    """A workbook as Excel writes it, of no tables of ours, with functions of ours in it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "05000"
    formulas = [f"={disguise}".replace("{}", 'A1,"邮编"') for disguise in DISGUISES]
    plain = [formula for formula in formulas if "#" not in formula and "[" not in formula]
    assert len(plain) == ROWS
    for row, formula in enumerate(plain, 1):
        sheet.cell(row, 3, formula)
    sheet["D1"] = '="zl_check("&A1'
    book.save(path)
    return path


def test_formulas_compute_when_a_workbook_is_loaded(calc: Calc, tmp_path: Path) -> None:
    """Nothing is modified, and the file stays as it is."""
    path = foreign(tmp_path / "外来.xlsx")
    before = path.read_bytes()
    with desk(calc, path) as opened:
        cells = opened.sheet("Sheet").getCellRangeByName(f"C1:C{ROWS}")
        assert all(computes(formula) for (formula,) in cells.getFormulaArray())
        shown = {text for (text,) in cells.getDataArray()}
        assert len(shown) == 1
        assert "邮编" in shown.pop()
        assert opened.cell("Sheet", "D1").String == "zl_check(05000"
        assert not opened.document.isModified()
        opened.cell("Sheet", "C1").setFormula('=_xludf.zl_check(A1;"邮编")')
        assert opened.press("repair_formulas", OK) == ["已重新录入 1 个公式，工作簿没有其他改动。"]
        assert opened.press("repair_formulas", OK) == ["没有需要修复的公式。"]
    assert path.read_bytes() == before


def test_a_function_goes_back_to_the_file_as_excel_spells_it(calc: Calc, tmp_path: Path) -> None:
    with desk(calc, database(tmp_path)) as opened:
        opened.cell("客户台账", "AP3").setFormula('=ZL_CHECK(M3;"邮编")')
        (told,) = opened.press("save_edits", OK)
        assert "已把 1 个单元格" in told
        assert computes(opened.cell("客户台账", "AP3").Formula)
        assert opened.cell("客户台账", "AP3").getError() == 0
        assert not opened.document.isModified()
    assert openpyxl.load_workbook(opened.file)["客户台账"]["AP3"].value == '=ZL_CHECK(M3,"邮编")'
