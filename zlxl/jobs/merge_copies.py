"""A workbook as a copy that takes part in a merge: its tables, and what its other sheets hold."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Final

from zlxl.grid import Grid, Kind, TableSource
from zlxl.jobs.merge import Copy
from zlxl.jobs.records import read_records
from zlxl.schema.headers import NOT_TABLES, REPORT_SHEETS

WIDTH: Final = 512  # columns of a sheet that is no table of ours which are held against each other

FixedCells = Callable[[Grid], frozenset[tuple[int, int]]]


def read_copy(source: TableSource, name: str, fixed: FixedCells | None = None) -> Copy:
    """The copy of that name; ``fixed`` tells which cells of a sheet take no value, asked of mine only.

    Raises:
        Unreadable: no sheet holds a known table, or the source cannot be read.
    """
    tables = read_records(source)
    ours = {table.sheet for table in tables}
    return Copy(
        name=name,
        tables=tables,
        others={g.sheet: _content(g) for g in source.grids() if g.sheet not in ours and not _generated(g)},
        fixed={g.sheet: fixed(g) for g in source.grids() if g.sheet in ours} if fixed else {},
    )


def _generated(grid: Grid) -> bool:
    """Whether the sheet is one that is made anew from the tables."""
    return grid.sheet in REPORT_SHEETS or grid.sheet.startswith(NOT_TABLES)


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
