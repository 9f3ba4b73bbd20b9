"""What differs between two copies as one flat table, a field a row: for CSV files and sheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zlxl.schema.comparing import told
from zlxl.schema.differences import Difference, RowChange, RowSeen, TableDifference, What

HEADERS = ("表", "工作表", "变化", "编号", "旧行", "新行", "字段", "旧值", "新值")
ADDED, REMOVED, CHANGED = "新增行", "删除行", "修改"


class Line(NamedTuple):
    """One field of one record, or one table, column or sheet that only one copy has."""

    table: str
    sheet: str
    change: str
    key: str = ""
    old_row: int | None = None
    new_row: int | None = None
    field: str = ""
    old: str = ""
    new: str = ""


def lines(difference: Difference) -> Iterator[Line]:
    """By table and key; every value of added and removed records too."""
    for table in difference.tables:
        for what, row in table.by_key():
            yield from _row(table, what, row)
        for column in table.columns_added:
            yield Line(table.table, table.sheet, "新增列", field=column.column, new=f"{column.filled} 行有值")
        for column in table.columns_removed:
            yield Line(table.table, table.sheet, "删除列", field=column.column, old=f"{column.filled} 行有值")
        for remark in table.remarks:
            yield Line(table.table, table.sheet, "注意", new=remark)
    for seen in difference.tables_removed:
        yield Line(seen.table, seen.sheet, "删除表", old=f"{seen.rows} 行")
    for seen in difference.tables_added:
        yield Line(seen.table, seen.sheet, "新增表", new=f"{seen.rows} 行")
    yield from (Line("", name, "删除工作表") for name in difference.sheets_removed)
    yield from (Line("", name, "新增工作表") for name in difference.sheets_added)
    yield from (Line("", name, "未比较内容") for name in difference.sheets_in_both)


def _row(table: TableDifference, what: What, row: RowSeen | RowChange) -> Iterator[Line]:
    place = (table.table, table.sheet)
    if isinstance(row, RowChange):
        for field in row.fields:
            old, new = told(field.old, field.new), told(field.new, field.old)
            yield Line(*place, CHANGED, row.key, row.old_row, row.new_row, field.column, old, new)
    elif what == "added":
        for column, raw in row.values.items():
            yield Line(*place, ADDED, row.key, None, row.row, column, "", told(raw))
    else:
        for column, raw in row.values.items():
            yield Line(*place, REMOVED, row.key, row.row, None, column, told(raw), "")
