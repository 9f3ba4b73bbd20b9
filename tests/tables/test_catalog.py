"""What must hold of every table: headers, spellings, lists, examples."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from tests.grids import grid_of
from tests.tables.judging import TODAY, accused, judge
from zlxl.schema.column import Storage
from zlxl.schema.facts import RequiredWhen
from zlxl.schema.headers import assign, normalised
from zlxl.schema.table import Table
from zlxl.tables.catalog import POLICY_TABLES, TABLES, table_named
from zlxl.tables.policy import shipped_context

NAMES = [
    "客户台账",
    "申请受理",
    "合同",
    "公开文件",
    "信息提供",
    "有效性评价",
    "服务计划",
    "客户要求",
    "改进措施",
    "满意度调查",
    "重大事件",
    "增值服务",
    "名录报送",
    "变更记录",
    "码表",
    "权限表",
    "要求词库",
    "评价准则",
    "时限规则",
    "节假日",
]
LEDGER = [
    "合同编号",
    "证书编号",
    "企业名称",
    "受理申请时间",
    "审核时间",
    "初审费用",
    "监审费用",
    "计划监审时间",
    "实施时间",
    "状态",
    "企业省份",
    "详细地址",
    "邮编",
    "联系人",
    "联系电话",
    "专业代码",
    "认证范围",
]
EVERY_COLUMN = [
    pytest.param(table, field, id=f"{table.name}-{table.columns[field].header}")
    for table in TABLES
    for field in table.columns
]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
every_column = pytest.mark.parametrize(("table", "field"), EVERY_COLUMN)


def test_the_sheets_of_the_workbook_in_order() -> None:
    assert [table.name for table in TABLES] == NAMES
    assert [table.name for table in POLICY_TABLES] == NAMES[-6:]
    assert table_named("客户要求").name == "客户要求"


def test_the_ledger_begins_with_the_columns_of_the_clause() -> None:
    ledger = table_named("客户台账")
    assert list(ledger.headers[:17]) == LEDGER
    assert [column.header for column in ledger.columns.values() if column.core] == LEDGER


@every_table
def test_headers_are_unique_and_every_field_is_a_column(table: Table) -> None:
    assert len(set(map(normalised, table.headers))) == len(table.headers)
    assert list(table.columns) == list(table.model.model_fields)


@every_table
def test_synonyms_are_unambiguous(table: Table) -> None:
    spellings = Counter(
        normalised(spelling)
        for column in table.columns.values()
        for spelling in (column.header, *column.synonyms)
    )
    assert [spelling for spelling, times in spellings.items() if times > 1] == []


@every_table
def test_key_is_a_column_and_its_first_field_is_required(table: Table) -> None:
    assert set(table.key) <= set(table.columns)
    assert table.key[0] in table.required
    assert re.match(r"[3-5]", table.clause)


@every_table
def test_facts_name_columns_and_their_headers(table: Table) -> None:
    for fact in table.model.facts:
        for name in ("field", "by", "earlier", "later", "start", "end", "first", "second", "accused"):
            told = getattr(fact, name, None)
            assert told is None or told in table.columns
        names = getattr(fact, "names", None)
        if names is not None:
            ends = [
                getattr(fact, a, None) or getattr(fact, b)
                for a, b in (("earlier", "start"), ("later", "end"))
            ]
            assert tuple(table.columns[end].header for end in ends) == names


@every_table
def test_what_a_choice_demands_is_demanded_somewhere(table: Table) -> None:
    lists = shipped_context(TODAY).lists
    for fact in table.model.facts:
        if isinstance(fact, RequiredWhen):
            assert table.columns[fact.by].choices == fact.choices
            assert table.columns[fact.field].header == fact.attribute
            assert any(fact.attribute in choice.attributes for choice in lists[fact.choices].choices)


@every_column
def test_column_is_told_to_the_clerk(table: Table, field: str) -> None:
    column = table.columns[field]
    assert 0 < len(column.prompt) <= 200
    assert len(column.header) <= 32
    assert len(column.synonyms) >= 1
    assert 6 <= column.width <= 60


@every_column
def test_choice_columns_have_their_list(table: Table, field: str) -> None:
    column = table.columns[field]
    assert (column.choices is not None) == (column.storage == Storage.CHOICE)
    if column.choices is not None:
        assert column.choices in shipped_context(TODAY).lists


@every_column
def test_example_is_good(table: Table, field: str) -> None:
    column = table.columns[field]
    raw: object = column.example
    if column.storage in (Storage.NUMBER, Storage.MONEY) and column.example:
        raw = float(column.example)
    if column.storage == Storage.DATE and column.example:
        raw = date.fromisoformat(column.example)
    judged = judge(raw, field, table.name)
    assert (judged.code, judged.fix) == ("", None)


@every_table
def test_a_row_of_examples_is_not_accused(table: Table) -> None:
    leave_out = {"客户台账": {"suspended_on", "suspended_why", "ended_on", "ended_why"}}.get(
        table.name, set()
    )
    row: dict[str, object] = {}
    for field, column in table.columns.items():
        if field in leave_out or not column.example:
            continue
        number = column.storage in (Storage.NUMBER, Storage.MONEY)
        day = column.storage == Storage.DATE
        example = column.example
        row[field] = float(example) if number else date.fromisoformat(example) if day else example
    assert {found for found in accused(row, table.name) if not found.startswith("ZL133")} == set()


@every_table
def test_an_empty_row_is_accused_of_what_is_required_only(table: Table) -> None:
    assert {found.split()[1] for found in accused({}, table.name)} == table.required


@every_table
def test_a_sheet_of_another_name_is_known_by_its_headers(table: Table) -> None:
    grid = grid_of(table, [{}], sheet="Sheet1")
    assert [match.table.name for match in assign(grid, TABLES)] == [table.name]
