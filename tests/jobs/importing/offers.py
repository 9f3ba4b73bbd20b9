"""Databases and sources in memory, and an import carried out on them, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from tests.grids import cell_of, grid_of
from tests.samples.books import Source
from zlxl.edits import Edits
from zlxl.grid import Area, Layout, MemoryGrid
from zlxl.jobs.history import Signature, with_history
from zlxl.jobs.importing.edits import edits_of, entries
from zlxl.jobs.importing.plan import ImportPlan, Outcome, plan_import
from zlxl.jobs.importing.rows import Mode
from zlxl.jobs.importing.sources import Offered, offered
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.schema.table import Table
from zlxl.tables.catalog import TABLES, table_named
from zlxl.tables.changes import CHANGES

TODAY = date(2026, 11, 24)
SIGNED = Signature(run_id="20261124-090000-abcd", moment=datetime(2026, 11, 24, 9), operator="张敏")

CLIENT: Mapping[str, Any] = {
    "contract_no": "ZL20230015-Q",
    "certificate_no": "01623Q00015R0M",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": datetime(2023, 3, 1),
    "audited_on": datetime(2023, 4, 10),
    "status": "有效",
    "province": "河北省",
    "contact": "王丽",
    "phone": "0311-85551234",
    "system": "QMS",
}
REQUEST: Mapping[str, Any] = {
    "received_on": datetime(2026, 5, 6),
    "contract_no": "ZL20230015-Q",
    "client": "石家庄恒泰机械有限公司",
    "content_kind": "意见和建议",
    "way": "电话走访电子文档",
    "text": "证书邮寄地址写错了，请重新寄一份",
    "state": "待确认",
}


def database(rows: Mapping[str, Sequence[Mapping[str, Any]]], only: Sequence[str] = ()) -> Source:
    """A database of these rows by table name, with every table but the policy, or with some only."""
    tables = [table for table in TABLES if not table.policy and (not only or table.name in only)]
    return Source([grid_of(table, rows.get(table.name, ())) for table in tables], path="库.xlsx")


def sheet(
    rows: Sequence[Sequence[Any]], *, name: str = "Sheet1", merges: Sequence[str] = (), typed: bool = True
) -> MemoryGrid:
    """A sheet of these rows from A1 on."""
    cells = {
        r: {c: cell_of(v) for c, v in enumerate(row, 1) if v is not None} for r, row in enumerate(rows, 1)
    }
    grid = grid_of(table_named("客户台账"), ())
    layout = Layout(merges=tuple(map(Area.parse, merges)))
    return replace(grid, sheet=name, cells=cells, sheet_layout=layout, typed=typed, strings=[])


def source(*sheets: MemoryGrid, path: str = "回收表.xlsx") -> Source:
    """A file of these sheets."""
    return Source(list(sheets), path=path)


def of(table: Table | str, *rows: Mapping[str, Any], path: str = "回收表.xlsx") -> Source:
    """A file with rows of a table, by field name; only fields that some row has are columns."""
    known = table_named(table) if isinstance(table, str) else table
    names = [name for name in known.columns if any(name in row for row in rows)]
    headers = [known.columns[name].header for name in names]
    return source(
        sheet([headers, *([row.get(name) for name in names] for row in rows)], name=known.name), path=path
    )


def planned(
    db: Source, *sources: Source, mode: Mode = Mode.UPSERT, clear: bool = False, table: str | None = None
) -> ImportPlan:
    """The plan of importing the sources."""
    book = read_book(db, Settings(today=TODAY))
    told = table_named(table) if table else None
    offers: list[Offered] = [offered(one, book.context, told) for one in sources]
    return plan_import(book, offers, mode=mode, clear=clear)


def carried_out(db: Source, plan: ImportPlan) -> Source:
    """The database after the import, with its lines in 变更记录."""
    edits = edits_of(plan)
    edits = with_history(db, edits, SIGNED, entries(plan, edits, db))
    return applied(db, edits)


def applied(db: Source, edits: Edits) -> Source:
    """The database with changed cells and new rows."""
    grids = {grid.sheet: {row: dict(cells) for row, cells in grid.cells.items()} for grid in db.sheets}
    for change in edits.cells:
        grids[change.sheet].setdefault(change.row, {})[change.column] = cell_of(_stored(change.value))
    for row in edits.rows:
        cells = grids[row.table]
        columns = {cell.value: column for column, cell in cells[1].items()}
        cells[max(cells) + 1] = {columns[h]: cell_of(_stored(v)) for h, v in row.values.items()}
    return Source([replace(g, cells=grids[g.sheet], strings=[]) for g in db.sheets], path=db.path)


def _stored(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def reasons(outcome: Outcome) -> list[str]:
    """Every reason of every rejected row."""
    return [reason.message for given in outcome.rejected for reason in given.reasons]


def log_of(db: Source) -> list[dict[str, str]]:
    """Lines of 变更记录 by header."""
    grid = next(grid for grid in db.sheets if grid.sheet == CHANGES.name)
    headers = {column: cell.value for column, cell in grid.cells[1].items()}
    return [
        {headers[c]: cell.value for c, cell in grid.cells[r].items()} for r in sorted(grid.cells) if r > 1
    ]
