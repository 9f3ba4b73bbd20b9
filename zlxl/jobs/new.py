"""A new database: every sheet of the procedure, blank or filled with given rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from zlxl.schema.table import Table
from zlxl.sheet import Properties, Sheet, Workbook
from zlxl.sheets.data import FRONT, data_sheet
from zlxl.sheets.front import TODAY_CELL, front_sheet
from zlxl.sheets.manual import manual_sheet
from zlxl.sheets.names import database_names
from zlxl.tables.catalog import TABLES

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]

_CLIENT_TAB: Final = "1F5A8C"
_SERVICE_TAB: Final = "6FA8C9"
_LOG_TAB: Final = "8C8C8C"
_POLICY_TAB: Final = "D97B29"
_CLIENT_TABLES: Final = frozenset({"客户台账", "申请受理", "合同"})


def new_workbook(rows: Rows | None = None, *, today: date | None = None) -> Workbook:
    """The database with these rows by table name (policy tables: the shipped ones unless given).

    ``today`` is the day of the cached figures on the first sheet; without it those that depend on the day
    stay blank until Excel computes them, so that a blank database is the same on every day.
    """
    rows = rows or {}
    filled = {table.name: list(rows.get(table.name, table.shipped)) for table in TABLES}
    sheets: list[Sheet] = [front_sheet(filled, today=today)]
    sheets += [data_sheet(table, filled[table.name], tab=_tab(table)) for table in TABLES]
    sheets.append(manual_sheet())
    return Workbook(
        sheets=tuple(sheets),
        names=tuple(database_names(TODAY_CELL)),
        properties=Properties(
            title="客户服务数据库",
            subject="ZL-CX-16 客户服务管理程序 4.2",
            category="客户服务",
            keywords="客户台账;客户要求;满意度;监督审核",
        ),
        active=FRONT,
    )


def _tab(table: Table) -> str:
    if table.policy:
        return _POLICY_TAB
    if table.name in _CLIENT_TABLES:
        return _CLIENT_TAB
    return _LOG_TAB if table.name == "变更记录" else _SERVICE_TAB
