"""The sheet of every table: table name, headers, formats, drop-downs and marks, generic over TABLES."""

from __future__ import annotations

import re
from datetime import date

import pytest

from zlxl.grid import MAX_ROWS
from zlxl.schema.column import Column, Storage
from zlxl.sheet import Kind, Strictness, Style
from zlxl.sheets.data import FIRST_ROW, HEADER_ROW, body_style, data_sheet, frozen_columns, wrapped_lines
from zlxl.sheets.look import LOOKS
from zlxl.sheets.names import database_names, list_name, lists_used
from zlxl.tables.catalog import TABLES, table_named

TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
NAMES = {name.name for name in database_names("'首页'!$A$1")}


@TABLE
def test_one_excel_table_bears_the_sheets_name_and_the_declared_headers(table):
    sheet = data_sheet(table, table.shipped)
    (listed,) = sheet.tables
    assert sheet.name == listed.name == table.name
    assert tuple(column.header for column in listed.columns) == table.headers
    assert (listed.area.top, listed.area.left) == (HEADER_ROW, 1)
    assert listed.area.bottom == HEADER_ROW + max(len(table.shipped), 1)


@TABLE
def test_headers_of_required_columns_are_dark(table):
    (listed,) = data_sheet(table).tables
    dark = {column.header for column in listed.columns if column.style is Style.HEADER_REQUIRED}
    assert dark == {table.columns[field].header for field in table.required}


@TABLE
def test_whole_columns_have_the_number_format_of_their_storage(table):
    sheet = data_sheet(table)
    for number, column in enumerate(table.columns.values(), 1):
        assert LOOKS[sheet.columns[number].style].number_format == column.storage.number_format, column.header


@TABLE
def test_headers_fit_their_column_in_two_lines(table):
    sheet = data_sheet(table)
    for number, header in enumerate(table.headers, 1):
        assert wrapped_lines(header, sheet.columns[number].width - 3) <= 2, header


@TABLE
def test_every_column_has_a_validation_with_its_words_to_the_end_of_the_sheet(table):
    sheet = data_sheet(table)
    for number, (column, check) in enumerate(zip(table.columns.values(), sheet.validations, strict=True), 1):
        area = check.area
        assert (area.top, area.left, area.bottom, area.right) == (FIRST_ROW, number, MAX_ROWS, number)
        assert check.prompt_title == column.header
        assert check.prompt.startswith(column.prompt)
        assert len(check.prompt) <= 255
        assert len(check.error) <= 255
        assert len(check.error_title) <= 32


@TABLE
def test_lists_refer_to_names_only_and_stop_while_dates_and_numbers_only_warn(table):
    for column, check in zip(table.columns.values(), data_sheet(table).validations, strict=True):
        if column.storage is Storage.CHOICE:
            assert check.kind is Kind.LIST
            assert check.source == f"={list_name(column.choices)}"
            assert check.source[1:] in NAMES
            assert check.strictness is Strictness.STOP
        else:
            assert check.strictness is Strictness.WARNING


@TABLE
def test_marks_use_names_that_exist_and_cells_of_the_first_row(table):
    for mark in data_sheet(table).marks:
        assert mark.formula.startswith("=")
        assert "[" not in mark.formula, "a conditional format takes no structured reference"
        assert "{" not in mark.formula, "a conditional format takes no array constant"
        assert set(re.findall(r"(?:列表|属性|时限)_\w+", mark.formula)) <= NAMES
        assert set(re.findall(r"\$[A-Z]+(\d+)", mark.formula)) <= {str(FIRST_ROW)}
        assert mark.formula.count("(") == mark.formula.count(")")


@TABLE
def test_every_sheet_leads_back_and_prints_with_its_header(table):
    sheet = data_sheet(table)
    assert sheet.cells[1, 1].content.target == "#'首页'!A1"
    assert sheet.freeze == (FIRST_ROW, frozen_columns(table) + 1)
    assert sheet.print.repeat_rows == (1, HEADER_ROW)
    assert sheet.print.landscape
    assert "ZL-CX-16" in sheet.print.footer


def test_every_list_that_a_column_draws_on_is_shipped():
    shipped = {row["list_name"] for row in table_named("码表").shipped}
    assert set(lists_used()) <= shipped


def test_rows_of_one_list_stand_together():
    names = [row["list_name"] for row in table_named("码表").shipped]
    runs = [name for name, before in zip(names, ["", *names], strict=False) if name != before]
    assert len(runs) == len(set(runs))


def test_filled_rows_take_the_places_of_their_fields():
    table = table_named("客户台账")
    sheet = data_sheet(table, [{"client": "甲公司", "applied_on": date(2026, 1, 2), "postcode": ""}])
    (block,) = sheet.blocks
    (row,) = block.rows
    fields = list(table.columns)
    assert row[fields.index("client")] == "甲公司"
    assert row[fields.index("applied_on")] == date(2026, 1, 2)
    assert row[fields.index("postcode")] is None


def test_rows_are_high_enough_for_wrapped_text():
    table = table_named("客户要求")
    sheet = data_sheet(table, [{"text": "短"}, {"text": "长" * 200}, {"text": "长" * 20_000}])
    low, high, highest = (sheet.row_heights[row] for row in (3, 4, 5))
    assert low < high < highest < 409


def test_a_value_that_no_cell_can_hold_is_refused():
    with pytest.raises(TypeError):
        data_sheet(table_named("客户台账"), [{"client": ["甲"]}])


def test_long_texts_are_wrapped_and_short_choices_centered():
    wide = Column(header="长", storage=Storage.TEXT, width=30)
    assert body_style(wide) is Style.NOTE
    assert body_style(Column(header="短", storage=Storage.CHOICE, width=9)) is Style.CENTER
    assert body_style(Column(header="宽", storage=Storage.CHOICE, width=26)) is Style.BODY


def test_headers_need_no_escape_in_structured_references():
    for table in TABLES:
        assert not [header for header in table.headers if re.search(r"[\[\]#'@]", header)]
