"""The manual: the dictionary says exactly what the tables declare."""

from __future__ import annotations

from zlxl.sheet import Link
from zlxl.sheets.manual import HEADERS, demands, dictionary_rows, manual_sheet
from zlxl.sheets.manual_text import SECTIONS
from zlxl.tables.catalog import TABLES, table_named


def test_the_dictionary_has_every_column_of_every_table_in_order():
    declared = [(table.name, header) for table in TABLES for header in table.headers]
    assert [(row[0], row[1]) for row in dictionary_rows()] == declared


def test_each_line_of_the_dictionary_says_what_the_column_declares():
    rows = iter(dictionary_rows())
    for table in TABLES:
        for field, column in table.columns.items():
            line = dict(zip(HEADERS, next(rows), strict=True))
            assert line["类型"] == column.storage.chinese
            assert line["必填"] == ("每行" if field in table.required else None)
            assert line["下拉列表"] == column.choices
            assert (line["说明"] or "") == column.prompt
            assert (line["示例"] or "") == column.example
            assert (line["也认的表头"] or "") == "、".join(column.synonyms)


def test_demands_are_the_facts_own_sentences():
    clients = table_named("客户台账")
    assert "计划监审时间应晚于审核时间" in demands(clients, "planned_on")
    assert any("证书编号" in sentence for sentence in demands(clients, "certificate_no"))
    assert any("监审最长间隔月数" in sentence for sentence in demands(clients, "planned_on"))
    assert demands(clients, "remark") == []


def test_the_manual_shows_every_section_and_leads_back():
    sheet = manual_sheet()
    texts = [cell.content for cell in sheet.cells.values() if isinstance(cell.content, str)]
    for heading, steps in SECTIONS:
        assert heading in texts
        assert set(steps) <= set(texts)
    assert isinstance(sheet.cells[1, 2].content, Link)


def test_columns_and_tables_the_manual_names_exist():
    known = {table.name for table in TABLES} | {header for table in TABLES for header in table.headers}
    words = " ".join(step for _, steps in SECTIONS for step in steps)
    for name in ("信息核实日期", "共性问题", "转入要求编号", "服务计划", "重大事件", "启用"):
        assert name in words
        assert name in known
