"""Files as they come: formulas, error values, 1904 dates, strict OOXML, macros, CSV in every encoding."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.messy.book import Error, Formula, Sheet, Typed, save
from tests.messy.ledgers import BROKEN, CORE, FIRST, ROWS, THIRD, check, check_sheets, faulty, lines, spots
from zlxl.findings import FileReport
from zlxl.schema.values import to_serial

HEAD = [CORE]
ODD = faulty(THIRD, 邮编="2500", 审核时间="下周")
ODD_SPOTS = {("ZL131", "M3"), ("ZL102", "E3")}


def one(folder: Path, **faults: object) -> set[tuple[str, str]]:
    """What is accused of the first row with some cells replaced."""
    sheet = Sheet("客户台账").rows(1, 1, [CORE, *lines(faulty(FIRST, **faults))])
    return spots(check_sheets(folder, sheet))


@pytest.mark.parametrize("header", CORE)
def test_a_formula_never_calculated_is_not_empty(tmp_path: Path, header: str) -> None:
    """公式未计算 in any column is its own finding, never 空值, and no other rule guesses at it."""
    assert one(tmp_path, **{header: Formula("X1")}) == {
        ("ZL004", f"{'ABCDEFGHIJKLMNOPQ'[CORE.index(header)]}2")
    }


@pytest.mark.parametrize("header", CORE)
def test_an_error_value_is_named(tmp_path: Path, header: str) -> None:
    """An error value is one finding in any column."""
    assert one(tmp_path, **{header: Error("#N/A")}) == {
        ("ZL005", f"{'ABCDEFGHIJKLMNOPQ'[CORE.index(header)]}2")
    }


def test_formulas_with_results_count_as_their_results(tmp_path: Path) -> None:
    """Text, number, date and error results of formulas are judged like typed values."""
    right = {
        "企业名称": Formula("A1&B1", "石家庄恒泰机械有限公司"),
        "初审费用": Formula("1+1", 18000),
        "审核时间": Typed(Formula("D2+40", to_serial(date(2023, 4, 10))), "yyyy/m/d"),
    }
    assert one(tmp_path, **right) == set()
    wrong = {"邮编": Formula("M1", "2500"), "初审费用": Formula("0-1", -1), "省份": Formula("K1", "河北省")}
    assert one(tmp_path, **wrong) == {("ZL131", "M2"), ("ZL170", "F2")}


def test_booleans(tmp_path: Path) -> None:
    """TRUE is no name, no date, no number."""
    faults = {"联系人": True, "审核时间": True, "初审费用": False, "邮编": True}
    assert one(tmp_path, **faults) == {(("ZL102"), f"{c}2") for c in "NEFM"}


def test_numbers_that_excel_shows_otherwise(tmp_path: Path) -> None:
    """A code stored as a number is accused with its stored and its shown value apart."""
    faults = {
        "邮编": Typed(50000, "000000"),
        "联系电话": Typed(13800000000, "0"),
        "专业代码": Typed(18.02, "0.00"),
    }
    assert one(tmp_path, **faults) == {("ZL104", "M2"), ("ZL104", "O2"), ("ZL125", "P2")}


def test_dates_of_the_1904_system(tmp_path: Path) -> None:
    """A workbook made on an old Mac: the dates are right, and an order reversed is seen."""
    rows = lines(FIRST, faulty(THIRD, 审核时间=date(2023, 2, 1)))
    sheet = Sheet("客户台账").rows(1, 1, [CORE, *rows])
    assert spots(check_sheets(tmp_path, sheet, date1904=True)) == {("ZL160", "E3"), ("ZL161", "H3")}


@pytest.mark.parametrize("iso_dates", [False, True])
def test_strict_ooxml(tmp_path: Path, iso_dates: bool) -> None:
    """Strict OOXML, with serial numbers or ISO dates in its cells."""
    sheet = Sheet("客户台账").rows(1, 1, [CORE, *lines(FIRST, ODD)])
    assert spots(check_sheets(tmp_path, sheet, strict=True, iso_dates=iso_dates)) == ODD_SPOTS


def test_workbook_with_macros(tmp_path: Path) -> None:
    """An .xlsm is a workbook."""
    sheet = Sheet("客户台账").rows(1, 1, [CORE, *lines(FIRST, ODD)])
    assert spots(check_sheets(tmp_path, sheet, name="台账.XLSM")) == ODD_SPOTS


def test_workbook_of_another_writer(tmp_path: Path) -> None:
    """What XlsxWriter writes, in shared strings and with a table, reads the same."""
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("数据")
        rows = lines(FIRST, ODD)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        sheet.add_table(0, 0, 2, 16, {"name": "客户台账", "columns": [{"header": h} for h in CORE]})
    assert spots(check(path)) == ODD_SPOTS


def written(rows: list[list[object]], **options: str) -> str:
    """Rows as CSV text, dates as Excel writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, **options).writerows(  # type: ignore[arg-type]
        [f"{v.year}/{v.month}/{v.day}" if isinstance(v, date) else v for v in row] for row in rows
    )
    return text.getvalue()


def check_csv(folder: Path, rows: list[list[object]], encoding: str, **options: str) -> FileReport:
    """Validate the rows as a CSV file."""
    path = folder / "客户台账.csv"
    path.write_bytes(written([list(CORE), *rows], **options).encode(encoding))
    return check(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """CSV in any encoding Excel saves: numbers and dates are text there and no fault; faults are found."""
    report = check_csv(tmp_path, lines(*ROWS, ODD), encoding, delimiter=delimiter)
    assert spots(report) - {("ZL182", "B4"), ("ZL182", "B5")} == {("ZL131", "M5"), ("ZL102", "E5")}


def test_csv_with_quotes_and_line_breaks(tmp_path: Path) -> None:
    """Commas, quotes and line breaks inside a cell stay inside it; rows are counted as in Excel."""
    scope = '机械"恒泰"牌的设计,\n生产和销售'
    rows = lines(faulty(FIRST, 认证范围=scope), faulty(THIRD, 邮编="2500"))
    assert spots(check_csv(tmp_path, rows, "utf-8-sig")) == {("ZL131", "M3")}


def test_csv_that_excel_spoiled(tmp_path: Path) -> None:
    """Excel drops leading zeros and digits of long numbers when it saves CSV."""
    rows = lines(faulty(FIRST, 邮编="50000", 联系电话="1.38E+10"))
    assert spots(check_csv(tmp_path, rows, "gb18030")) == {("ZL132", "M2"), ("ZL105", "O2")}


def test_csv_amounts_and_totals(tmp_path: Path) -> None:
    """Plain decimal amounts are right in CSV; a total row and blank lines are no rows."""
    rows = [*lines(faulty(FIRST, 初审费用="18000.00")), [], ["合计", "", "", "", "", "18000", "8000"]]
    report = check_csv(tmp_path, rows, "utf-8")
    assert not report.findings
    assert report.tables[0].rows == 1


def test_several_tables_and_foreign_sheets(tmp_path: Path) -> None:
    """Sheets that are no tables of ours, charts of cells and empty sheets are passed over."""
    foreign = Sheet("汇总").rows(1, 1, [["省份", "数量"], ["河北省", 2], ["合计", 2]])
    ledger = Sheet("客户台账").rows(1, 1, [CORE, *lines(FIRST, ODD)])
    report = check_sheets(tmp_path, Sheet("空"), foreign, ledger, Sheet("校验结果").rows(1, 1, [CORE, ["x"]]))
    assert [t.sheet for t in report.tables] == ["客户台账"]
    assert spots(report) == ODD_SPOTS


def test_path_with_chinese_and_blanks(tmp_path: Path) -> None:
    """Any file name will do."""
    folder = tmp_path / "市场部 2024 年"
    folder.mkdir()
    sheet = Sheet("客户台账").rows(1, 1, [CORE, *lines(FIRST, BROKEN)])
    assert len(check(save(folder / "客户 台账（新）.xlsx", sheet)).findings) == 3
