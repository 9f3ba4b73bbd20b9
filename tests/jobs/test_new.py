"""A new database: the procedure's sheets in order, names that resolve, and the committed template."""

from __future__ import annotations

import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.tables.test_catalog import NAMES
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.tables.catalog import TABLES

TEMPLATE = Path(__file__).parents[2] / "workbooks" / "客户服务数据库.xlsx"
SHEETS = ["首页", *NAMES, "使用说明"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("new") / "新.xlsx"
    write_workbook(new_workbook(), path)
    return path


@pytest.fixture(scope="module")
def opened(written):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the extensions it does not know
        return openpyxl.load_workbook(written)


def test_sheets_stand_in_the_order_of_the_procedure():
    assert [sheet.name for sheet in new_workbook().sheets] == SHEETS


def test_the_committed_template_is_what_new_writes(written):
    assert TEMPLATE.read_bytes() == written.read_bytes(), (
        "run: zlxl new workbooks/客户服务数据库.xlsx --force"
    )


def test_the_file_passes_the_open_xml_audit(written):
    audit = Path(sys.executable).with_name("openxml-audit")
    done = subprocess.run([audit, written], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_table_is_a_list_object_of_its_sheet(opened):
    for table in TABLES:
        sheet = opened[table.name]
        assert list(sheet.tables) == [table.name]
        assert [column.name for column in sheet.tables[table.name].tableColumns] == list(table.headers)


def test_drop_downs_are_classic_ones_that_refer_to_defined_names(opened):
    for table in TABLES:
        lists = [v for v in opened[table.name].data_validations.dataValidation if v.type == "list"]
        wanted = {f"列表_{column.choices}" for column in table.columns.values() if column.choices}
        assert {v.formula1 for v in lists} == wanted
        assert wanted <= set(opened.defined_names)


def test_policy_tables_are_shipped_filled_and_the_others_but_documents_are_blank(opened):
    for table in TABLES:
        rows = opened[table.name].iter_rows(min_row=3, values_only=True)
        filled = sum(any(value is not None for value in row) for row in rows)
        assert filled == len(table.shipped)


def test_given_rows_take_the_place_of_shipped_ones():
    book = new_workbook({"节假日": [{"day": date(2027, 1, 1), "name": "元旦"}]}, today=date(2026, 1, 1))
    sheet = next(sheet for sheet in book.sheets if sheet.name == "节假日")
    assert sheet.tables[0].area.bottom == 3
