"""A workbook as a copy that takes part in a merge: its tables, and what its other sheets hold."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from zlxl.grid import GENERAL, Grid, Kind, TableSource
from zlxl.jobs.merging.merge import Copy
from zlxl.jobs.merging.values import DATE_FORMAT
from zlxl.jobs.records import RecordTable, read_records
from zlxl.schema.column import Storage
from zlxl.schema.context import Context
from zlxl.schema.headers import NOT_TABLES, REPORT_SHEETS
from zlxl.schema.read import judge_distinct
from zlxl.schema.values import Raw, StoredNumber, to_serial
from zlxl.sheets.conflicts import CONFLICTS
from zlxl.tables.policy import shipped_context

WIDTH: Final = 512  # columns of a sheet that is no table of ours which are held against each other

FixedCells = Callable[[Grid], frozenset[tuple[int, int]]]


def read_copy(source: TableSource, name: str, *, today: date, fixed: FixedCells | None = None) -> Copy:
    """The copy of that name; ``fixed`` tells which cells of a sheet take no value, asked of mine only.

    The texts of a CSV file are read as dates and numbers where their columns hold such.

    Raises:
        Unreadable: no sheet holds a known table, or the source cannot be read.
    """
    tables = read_records(source)
    typed = all(grid.typed for grid in source.grids())
    if not typed:
        context = replace(shipped_context(today), typed=False)
        tables = tuple(_typed(table, context) for table in tables)
    ours = {table.sheet for table in tables}
    return Copy(
        name=name,
        tables=tables,
        typed=typed,
        others={g.sheet: _content(g) for g in source.grids() if g.sheet not in ours and not _generated(g)},
        fixed={g.sheet: fixed(g) for g in source.grids() if g.sheet in ours} if fixed else {},
    )


def _typed(table: RecordTable, context: Context) -> RecordTable:
    """The table with dates and numbers in the place of the texts that mean them."""
    columns = table.table.columns.items()
    meant = {
        column.header: _meant(table, name, column.header, context)
        for name, column in columns
        if column.storage in (Storage.DATE, Storage.MONEY, Storage.NUMBER)
    }
    records = (
        replace(record, values={k: meant.get(k, {}).get(v, v) for k, v in record.values.items()})
        for record in table.records
    )
    return replace(table, records=tuple(records))


def _meant(table: RecordTable, name: str, header: str, context: Context) -> Mapping[Raw, Raw]:
    """What the distinct texts of a column mean, as far as they are dates or numbers."""
    texts = list(dict.fromkeys(r.values[header] for r in table.records if header in r.values))
    values, _ = judge_distinct(table.table, name, texts, context)
    found: dict[Raw, Raw] = {}
    for text, value in zip(texts, values, strict=True):
        if isinstance(value, date):
            found[text] = StoredNumber(to_serial(value), DATE_FORMAT)
        elif isinstance(value, float | int):
            found[text] = StoredNumber(value, GENERAL)
    return found


def _generated(grid: Grid) -> bool:
    """Whether the sheet is one that is made anew from the tables; decisions of another merge are not."""
    made = grid.sheet in REPORT_SHEETS or grid.sheet.startswith(NOT_TABLES)
    return made and grid.sheet != CONFLICTS


def _content(grid: Grid) -> Hashable:
    """What decides whether two sheets hold the same values."""
    return frozenset(_cells(grid))


def _cells(grid: Grid) -> Iterator[Hashable]:
    block = grid.block(range(1, WIDTH + 1), 1)
    for column, raw in block.columns.items():
        for at in raw.kinds.nonzero()[0].tolist():
            kind, datum = Kind(int(raw.kinds[at])), float(raw.data[at])
            text = kind in (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE)
            value = None if kind is Kind.PENDING else grid.strings[int(datum)] if text else datum
            yield int(block.rows[at]), column, int(kind), value
