"""Formats of a difference: colours, control characters, values of every type."""

from __future__ import annotations

import json

from zlxl.reports import difference_csv, difference_json, difference_text
from zlxl.schema.differences import (
    ColumnSeen,
    Difference,
    FieldChange,
    RowChange,
    RowSeen,
    TableDifference,
    TableSeen,
)
from zlxl.schema.values import PENDING, StoredNumber

FIELDS = (
    FieldChange(column="联系人", old="王\x1b[31m丽\n", new="=1+1"),
    FieldChange(column="初审费用", old=StoredNumber(8000, "0.00"), new=PENDING),
)
TABLE = TableDifference(
    table="客户台账",
    sheet="台账2026",
    old_sheet="台账2025",
    added=(RowSeen(key="", row=9, values={"企业名称": "甲" * 200}),),
    removed=(RowSeen(key="ZL2", row=3, values={"合同编号": "ZL2"}),),
    changed=(RowChange(key="ZL1", old_row=2, new_row=5, fields=FIELDS),),
    columns_removed=(ColumnSeen(column="评级", filled=4),),
    remarks=("请核对。",),
)
DIFFERENCE = Difference(
    old="旧.xlsx",
    new="新.xlsx",
    tables=(TABLE, TableDifference(table="合同", sheet="合同", old_sheet="合同")),
    tables_removed=(TableSeen(table="重大事件", sheet="事件", rows=7),),
    sheets_removed=("我的表",),
    sheets_in_both=("首页",),
)


def test_text() -> None:
    """By key, rows without one last; nothing of a table that is alike; totals at the end."""
    lines = "".join(difference_text.write(DIFFERENCE)).splitlines()
    assert lines[3:11] == [
        "客户台账（工作表“台账2025” → “台账2026”）：新增 1，删除 1，修改 1",
        "  注意  删除列 评级（4 行有值，不逐行列出）",
        "  注意  请核对。",
        "  ~ ZL1（第 5 行，原第 2 行）",
        "      联系人：王␛[31m丽␊ → =1+1",
        "      初审费用：8000 → 公式未计算",
        "  - ZL2（原第 3 行）合同编号=ZL2",
        f"  + （无编号）（第 9 行）企业名称={'甲' * (difference_text.SUMMED - 5)}…",
    ]
    assert lines[12:] == [
        "- 删除了表 重大事件（工作表“事件”）：7 行，不逐行列出",
        "- 删除了工作表 我的表",
        "注意  只比较了名称、没有比较内容的工作表：首页。",
        "",
        "共新增 1 行，删除 1 行，修改 1 行（2 个字段）；"
        "只在一个文件中的表 1 个；只在一个文件中的其他工作表 1 个。",
    ]


def test_colours_change_no_word() -> None:
    """Without its codes the coloured text is the plain one."""
    coloured = "".join(difference_text.write(DIFFERENCE, colour=True))
    assert "\x1b[31m  - ZL2" in coloured
    for code in ("0", "1", "31", "32", "33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == "".join(difference_text.write(DIFFERENCE))


def test_json_and_lines_hold_the_same_changes() -> None:
    """What the object lists stands on a line of its own in the other."""
    report = json.loads("".join(difference_json.write(DIFFERENCE)))
    lines = [json.loads(line) for line in "".join(difference_json.write_lines(DIFFERENCE)).splitlines()]
    table = report["tables"][0]
    for what in ("added", "removed", "changed", "columns_added", "columns_removed"):
        place = {"change": what, "table": "客户台账", "sheet": "台账2026"}
        assert [line for line in lines if line["change"] == what] == [place | row for row in table[what]]
    assert table["changed"][0]["fields"][1] == {
        "column": "初审费用",
        "old": 8000,
        "new": None,
        "old_type": "number",
        "new_type": "formula",
    }
    assert report["tables_removed"] == [{"table": "重大事件", "sheet": "事件", "rows": 7}]
    assert [line["change"] for line in lines][-4:] == [
        "tables_removed",
        "sheets_removed",
        "sheets_not_compared",
        "summary",
    ]


def test_csv_holds_no_formula() -> None:
    """A value that begins like a formula is made text."""
    assert ",'=1+1\r\n" in "".join(difference_csv.write(DIFFERENCE))
