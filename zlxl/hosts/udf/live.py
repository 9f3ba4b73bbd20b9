"""The sheets of an open workbook as grids: one read of values a sheet, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from zlxl.excel.live_read import LiveGrid, Shared
from zlxl.grid import GENERAL, Cell, Kind, Layout, ListObject, MemoryGrid
from zlxl.hosts.udf.shape import Rows, rows_of
from zlxl.schema.headers import HEADER_ROWS, assign
from zlxl.schema.table import Table
from zlxl.schema.values import ErrorValue, to_serial
from zlxl.tables.catalog import TABLES

_DATE_STYLE: Final = 1


class LiveSheet(Protocol):
    """A sheet of the open workbook."""

    @property
    def name(self) -> str:
        """Of its tab."""

    def values(self, rows: int | None = None) -> object:
        """Raw values from A1 to the last used cell, or of the first rows only; a scalar of one cell."""

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables on it."""


class LiveBook(Protocol):
    """The open workbook."""

    @property
    def name(self) -> str:
        """What tells it from other open workbooks."""

    @property
    def file(self) -> str:
        """Its path, or a name only where it was never saved."""

    def sheets(self) -> Sequence[LiveSheet]:
        """In the order of the tabs."""


@dataclass(frozen=True)
class OpenSheet:
    """A sheet of xlwings."""

    sheet: Any

    @property
    def name(self) -> str:
        """Of its tab."""
        return str(self.sheet.name)

    def values(self, rows: int | None = None) -> object:
        """Raw values in one read."""
        last = self.sheet.used_range.last_cell
        bottom = last.row if rows is None else min(rows, last.row)
        return self.sheet.range((1, 1), (bottom, last.column)).raw_value

    def list_objects(self) -> Sequence[ListObject]:
        """Its Excel tables."""
        grid = LiveGrid(self.name, self.sheet, Shared(date1904=False), lambda read: read())
        return grid.list_objects()


@dataclass(frozen=True)
class OpenBook:
    """A workbook of xlwings; no two that are open bear one name."""

    book: Any

    @property
    def name(self) -> str:
        """Without its folder."""
        return str(self.book.name)

    @property
    def file(self) -> str:
        """Its path, an address where it lies in a cloud."""
        return str(self.book.fullname)

    def sheets(self) -> Sequence[OpenSheet]:
        """Its worksheets."""
        return [OpenSheet(sheet) for sheet in self.book.sheets]


def holding(book: LiveBook, tables: Sequence[Table]) -> list[LiveSheet]:
    """The sheets that hold one of the tables, by name or, as everywhere, by their headers."""
    names = {table.name for table in tables}
    return [sheet for sheet in book.sheets() if sheet.name in names or _matches(sheet, names)]


def _matches(sheet: LiveSheet, names: set[str]) -> bool:
    head = grid_of(sheet.name, rows_of(sheet.values(HEADER_ROWS)), sheet.list_objects())
    return any(match.table.name in names for match in assign(head, TABLES))


def grid_of(name: str, rows: Rows, list_objects: Sequence[ListObject]) -> MemoryGrid:
    """A sheet's values as a grid."""
    cells = {number: dict(_cells(row)) for number, row in enumerate(rows, 1)}
    layout = Layout(list_objects=tuple(list_objects))
    return MemoryGrid(sheet=name, cells=cells, number_formats=(GENERAL, "yyyy-mm-dd"), sheet_layout=layout)


def _cells(row: Sequence[object]) -> Iterator[tuple[int, Cell]]:
    for column, value in enumerate(row, 1):
        if value is not None and value != "":
            yield column, _cell(value)


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell(Kind.BOOL, float(value))
    if isinstance(value, ErrorValue):
        return Cell(Kind.ERROR, str(value))
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return Cell(Kind.NUMBER, to_serial(value) + seconds / 86_400, _DATE_STYLE)
    if isinstance(value, float):
        return Cell(Kind.NUMBER, value)
    return Cell(Kind.TEXT, str(value))
