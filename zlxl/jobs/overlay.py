"""A workbook as it will be once some cells are changed: read through the changes, nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from zlxl.changes import CellChange
from zlxl.grid import GENERAL, MAX_ROWS, Block, Cell, Grid, Kind, Layout, ListObject, RawColumn, TableSource
from zlxl.schema.stored import StoredCells, after

IN_POOL = (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE)  #: kinds whose data point into the pool of texts


class Overlaid:
    """A TableSource with other values in some cells; no cell lies below the last row of its sheet."""

    def __init__(self, source: TableSource, changes: Iterable[CellChange]) -> None:
        self.path = source.path
        by_sheet: dict[str, list[CellChange]] = defaultdict(list)
        for change in changes:
            by_sheet[change.sheet].append(change)
        self._grids: list[Grid] = [
            OverlaidGrid(grid, by_sheet[grid.sheet]) if grid.sheet in by_sheet else grid
            for grid in source.grids()
        ]

    def grids(self) -> Sequence[Grid]:
        """The sheets, in the order of their tabs."""
        return self._grids


class OverlaidGrid:
    """A sheet with other values in some cells."""

    def __init__(self, grid: Grid, changes: Sequence[CellChange]) -> None:
        self._grid = grid
        self.sheet, self.typed, self.date1904 = grid.sheet, grid.typed, grid.date1904
        self.strings: list[str] = []
        self.number_formats: list[str] = [GENERAL]
        self._places: tuple[dict[str, int], dict[str, int]] = {}, {GENERAL: 0}
        before = StoredCells(grid, {change.column for change in changes}, 1)
        self._new: dict[int, dict[int, Cell]] = defaultdict(dict)
        for c in changes:
            stored = after(c, before.at(c.row, c.column), date1904=grid.date1904)
            style = self._style(stored.number_format or GENERAL)
            self._new[c.column][c.row] = Cell(stored.kind, stored.value, style)

    def _text(self, text: str) -> int:
        return _placed(text, self.strings, self._places[0])

    def _style(self, code: str) -> int:
        return _placed(code, self.number_formats, self._places[1])

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows."""
        found = {row: dict(cells) for row, cells in self._grid.head(rows).items()}
        for column, cells in self._new.items():
            for row, cell in cells.items():
                if row in found:
                    found[row][column] = cell
        return {row: {c: cell for c, cell in cells.items() if cell.kind} for row, cells in found.items()}

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables on the sheet."""
        return self._grid.list_objects()

    def layout(self) -> Layout:
        """Tables, merges, drop-downs and column formats."""
        return self._grid.layout()

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The cells of the columns, changed ones as they will be."""
        block = self._grid.block(columns, first_row, last_row)
        return Block(
            rows=block.rows, columns={c: self._column(c, block.rows, raw) for c, raw in block.columns.items()}
        )

    def _column(self, column: int, rows: NDArray[np.int32], raw: RawColumn) -> RawColumn:
        kinds, data = raw.kinds.copy(), raw.data.copy()
        pooled = np.isin(kinds, IN_POOL)
        data[pooled] = _moved(data[pooled], lambda at: self._text(self._grid.strings[at]))
        styles = _moved(raw.styles, self._style_of).astype(np.uint16)
        for row, cell in self._new.get(column, {}).items():
            at = row - int(rows[0]) if len(rows) else -1
            if 0 <= at < len(kinds):
                kinds[at], styles[at], data[at] = cell.kind, cell.style, self._datum(cell)
        return RawColumn(kinds=kinds, data=data, styles=styles)

    def _style_of(self, index: int) -> int:
        codes = self._grid.number_formats
        return self._style(codes[index] if index < len(codes) else GENERAL)

    def _datum(self, cell: Cell) -> float:
        if isinstance(cell.value, str):
            return self._text(cell.value)
        return np.nan if cell.value is None else cell.value


def _placed(text: str, pool: list[str], places: dict[str, int]) -> int:
    """Place of a text in a pool, at its end where it is new."""
    if text not in places:
        places[text] = len(pool)
        pool.append(text)
    return places[text]


def _moved(places: NDArray[np.generic], move: Callable[[int], int]) -> NDArray[np.float64]:
    """Every place in one pool as that in another."""
    distinct, at = np.unique(places, return_inverse=True)
    return np.array([move(int(place)) for place in distinct], dtype=np.float64)[at]
