"""The file of rejected rows: as they came, with reasons, harmless, and readable again."""

from __future__ import annotations

import csv
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs.importing.offers import CLIENT, database, of, planned, sheet, source
from zlxl.jobs.importing.errors import csv_lines, error_table, error_workbook
from zlxl.jobs.importing.sources import ERROR_COLUMNS, _unquoted, inert
from zlxl.schema.values import ErrorValue


def rejected(*rows):
    return error_table(planned(database({}), of("客户台账", *rows)).outcomes[0])


def test_own_columns_then_why_and_whence():
    row = {**CLIENT, "phone": None, "contact": ErrorValue("#N/A"), "initial_fee": 18000.5}
    table = rejected(row, CLIENT)
    header, line = csv.reader(csv_lines(table))
    told = dict(zip(header, line, strict=True))
    assert tuple(header[-3:]) == ERROR_COLUMNS
    assert told["受理申请时间"] == "2023-03-01"
    assert (told["联系人"], told["初审费用"], told["联系电话"]) == ("#N/A", "18000.5", "")
    assert told["来源文件"] == "回收表.xlsx"
    assert told["来源行号"] == "2"
    assert told["未导入原因"].startswith("I2 ")


def test_unknown_and_second_columns_are_kept():
    headers = ["合同编号", "企业名称", "状态", "联系人", "联系人", "我的列"]
    plan = planned(database({}), source(sheet([headers, ["ZL20230015-Q", "甲", "有效", "王", "李", "x"]])))
    assert error_table(plan.outcomes[0]).rows[0][:6] == ("ZL20230015-Q", "甲", "有效", "王", "李", "x")


def test_a_form_gives_one_line():
    plan = planned(
        database({}),
        source(sheet([["满意度调查表"], ["企业名称：", "甲"], ["下发日期：", datetime(2026, 7, 6)]])),
    )
    table = error_table(plan.outcomes[0])
    assert table.headers[:2] == ("企业名称", "下发日期")
    assert table.rows[0][-1] == "Sheet1"


@pytest.mark.parametrize("text", ["=1", "+1a", "-a", "@x", "\tx", "\rx", "\nx"])
def test_nothing_is_a_formula(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-1.25", "5", "'a", "a=1", ""])
def test_what_is_none_stays(text):
    assert inert(text) == text


@given(st.text(alphabet="=+-@'\t1a", max_size=4))
def test_the_apostrophe_comes_off_again(text):
    assert _unquoted(inert(text)) == text


def test_sheets_are_named_apart():
    tables = [rejected({**CLIENT, "phone": None})] * 3
    assert [sheet.name for sheet in error_workbook(tables).sheets] == ["客户台账", "客户台账2", "客户台账3"]
