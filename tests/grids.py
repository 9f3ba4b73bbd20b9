"""Grids made in memory, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zlxl.grid import Cell, Kind, MemoryGrid
from zlxl.schema.table import Table
from zlxl.schema.values import ErrorValue, Pending

FORMATS = ("General", "yyyy-mm-dd", "@", "000000")
DATE_STYLE = 1


def cell_of(value: Any) -> Cell:
    """A stored cell of a Python value."""
    if value is None:
        return Cell()
    if isinstance(value, Cell):
        return value
    if isinstance(value, Pending):
        return Cell(Kind.PENDING)
    if isinstance(value, ErrorValue):
        return Cell(Kind.ERROR, str(value))
    if isinstance(value, bool):
        return Cell(Kind.BOOL, float(value))
    if isinstance(value, datetime):
        delta = value - datetime(1899, 12, 30)
        return Cell(Kind.NUMBER, delta.days + delta.seconds / 86400, DATE_STYLE)
    if isinstance(value, int | float):
        return Cell(Kind.NUMBER, float(value))
    return Cell(Kind.TEXT, str(value))


def grid_of(table: Table, rows: Sequence[Mapping[str, Any]], *, sheet: str = "") -> MemoryGrid:
    """A sheet of the table with its header in row 1 and the rows below, by field name."""
    columns = {name: number for number, name in enumerate(table.columns, 1)}
    cells = {1: {number: cell_of(table.columns[name].header) for name, number in columns.items()}}
    for number, row in enumerate(rows, 2):
        cells[number] = {columns[name]: cell_of(value) for name, value in row.items() if name in columns}
    return MemoryGrid(sheet=sheet or table.name, cells=cells, number_formats=FORMATS)
