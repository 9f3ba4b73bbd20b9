"""A worksheet without Excel: addresses, the stored cells of a sheet, and where grids come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
GENERAL = "General"


class Kind(IntEnum):
    """The stored type of a cell, as the file holds it (ECMA-376 part 1, 18.18.11)."""

    EMPTY = 0
    NUMBER = 1
    TEXT = 2
    BOOL = 3
    ERROR = 4
    PENDING = 5  # a formula without cached value
    ISO_DATE = 6  # strict OOXML t="d": the text of an ISO 8601 date


def column_letters(column: int) -> str:
    """Letters of a 1-based column number: 1 -> A, 27 -> AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """1-based number of column letters: A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def a1(row: int, column: int) -> str:
    """A1 address of a 1-based row and column."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, ref: str) -> Area:
        """Area of an A1 reference such as ``B2:D9`` or ``$C$4``; ValueError when it is none."""
        ends = [_CELL.fullmatch(end) for end in ref.replace("$", "").split(":")]
        if not 1 <= len(ends) <= 2 or None in ends:
            raise ValueError(f"“{ref}”不是单元格区域")
        cells = [(int(end[2]), column_number(end[1])) for end in ends if end]
        (top, left), (bottom, right) = cells[0], cells[-1]
        return cls(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def __str__(self) -> str:
        first, last = a1(self.top, self.left), a1(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored cell. ``value``: float for NUMBER and BOOL, str for TEXT, ERROR and ISO_DATE, else None."""

    kind: Kind = Kind.EMPTY
    value: float | str | None = None
    style: int = 0


EMPTY_CELL = Cell()


@dataclass(frozen=True, kw_only=True)
class RawColumn:
    """The stored cells of one column, shape (rows,) each."""

    kinds: NDArray[np.uint8]  #: a Kind per row
    data: NDArray[np.float64]  #: the number; for TEXT, ERROR and ISO_DATE the index into Grid.strings
    styles: NDArray[np.uint16]  #: index into Grid.number_formats; meaningful for every non-empty cell


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some columns of a run of rows. ``rows`` are 1-based sheet row numbers, ascending, shape (rows,)."""

    rows: NDArray[np.int32]
    columns: Mapping[int, RawColumn]  #: by 1-based column number


@dataclass(frozen=True, kw_only=True)
class ListObject:
    """An Excel table on the sheet."""

    name: str
    area: Area  #: headers included
    header_rows: int = 1
    totals_rows: int = 0


@dataclass(frozen=True, kw_only=True)
class Dropdown:
    """A list validation: where it holds and the formula of its source."""

    areas: tuple[Area, ...]
    formula: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What is known of a sheet beside its cells."""

    list_objects: tuple[ListObject, ...] = ()
    merges: tuple[Area, ...] = ()
    dropdowns: tuple[Dropdown, ...] = ()
    column_formats: Mapping[int, str] = field(default_factory=dict)  #: number format of whole columns
    hidden: bool = False


class Grid(Protocol):
    """A sheet that can be read: its first rows at once, the columns that are wanted later."""

    @property
    def sheet(self) -> str:
        """Name of the sheet."""

    @property
    def typed(self) -> bool:
        """Whether stored types mean something (a workbook) or all cells are text (CSV)."""

    @property
    def date1904(self) -> bool:
        """Whether day 0 is 1904-01-01."""

    @property
    def number_formats(self) -> Sequence[str]:
        """Number format code of each style index."""

    @property
    def strings(self) -> Sequence[str]:
        """The pool of texts that RawColumn.data points into."""

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows: row number -> column number -> cell."""

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables on the sheet; cheap."""

    def layout(self) -> Layout:
        """Tables, merges, drop-downs and column formats; may read the whole sheet, unless block has."""

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The stored cells of the columns, from first_row to the last row that holds a value in any."""


class TableSource(Protocol):
    """Something that holds sheets: a workbook file, a CSV file, the open Excel."""

    @property
    def path(self) -> str:
        """What the user calls it."""

    def grids(self) -> Sequence[Grid]:
        """The sheets, in the order of their tabs."""


@dataclass(frozen=True, kw_only=True)
class MemoryGrid:
    """A Grid held in memory: what tests, CSV files and the open Excel give."""

    sheet: str
    cells: Mapping[int, Mapping[int, Cell]]  #: row number -> column number -> cell
    number_formats: Sequence[str] = (GENERAL,)
    typed: bool = True
    date1904: bool = False
    strings: list[str] = field(default_factory=list)
    sheet_layout: Layout = field(default_factory=Layout)

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows."""
        return {row: cells for row, cells in sorted(self.cells.items()) if row <= rows}

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables of the layout."""
        return self.sheet_layout.list_objects

    def layout(self) -> Layout:
        """The layout it was made with."""
        return self.sheet_layout

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The stored cells of the columns."""
        wanted = list(columns)
        held = [
            row
            for row, cells in self.cells.items()
            if first_row <= row <= last_row and any(c in cells and cells[c].kind for c in wanted)
        ]
        rows = np.arange(first_row, max(held, default=first_row - 1) + 1, dtype=np.int32)
        index = {text: i for i, text in enumerate(self.strings)}
        return Block(rows=rows, columns={c: self._column(c, rows, index) for c in wanted})

    def _column(self, column: int, rows: NDArray[np.int32], index: dict[str, int]) -> RawColumn:
        cells = [self.cells.get(int(row), {}).get(column, EMPTY_CELL) for row in rows]
        return RawColumn(
            kinds=np.array([cell.kind for cell in cells], dtype=np.uint8),
            data=np.array([self._datum(cell.value, index) for cell in cells], dtype=np.float64),
            styles=np.array([cell.style for cell in cells], dtype=np.uint16),
        )

    def _datum(self, value: float | str | None, index: dict[str, int]) -> float:
        if not isinstance(value, str):
            return np.nan if value is None else float(value)
        if value not in index:
            index[value] = len(self.strings)
            self.strings.append(value)
        return float(index[value])
