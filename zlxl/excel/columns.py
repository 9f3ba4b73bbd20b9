"""Columns under construction: cells scattered into arrays that grow with the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zlxl.excel.faults import SuspectError
from zlxl.excel.scan import Scanned
from zlxl.excel.strings import TextPool
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Block, Kind, RawColumn, a1

#: Rows times columns of one block, 11 bytes each: a full sheet of 60 columns.
MAX_CELLS = 64 << 20
FIRST_ROWS = 1024


class ColumnStore:
    """Takes the cells of some columns and rows in any order, later ones over earlier ones."""

    def __init__(self, columns: Iterable[int], first_row: int, last_row: int, pool: TextPool) -> None:
        self.columns = list(dict.fromkeys(columns))
        self._slots = np.full(MAX_COLUMNS + 1, -1, dtype=np.int64)
        for slot, column in enumerate(self.columns):
            if 1 <= column <= MAX_COLUMNS:
                self._slots[column] = slot
        self._first, self._last = max(first_row, 1), min(last_row, MAX_ROWS)
        self._pool = pool
        self.clear()

    def clear(self) -> None:
        """Forget every cell."""
        self._used = 0
        self._shared: tuple[float, str] = (-1.0, "")
        shape = (len(self.columns), FIRST_ROWS)
        self._kinds: NDArray[Any] = np.zeros(shape, dtype=np.uint8)
        self._data: NDArray[Any] = np.zeros(shape, dtype=np.float64)
        self._styles: NDArray[Any] = np.zeros(shape, dtype=np.uint16)

    def put(self, cells: Scanned) -> None:
        """Take cells; their own texts go into the pool."""
        if cells.texts:
            cells.data[cells.text_at] = self._pool.add(cells.texts)
        self._note_shared(cells)
        rows, columns, kinds, data, styles = cells.rows, cells.columns, cells.kinds, cells.data, cells.styles
        inside = (rows >= self._first) & (rows <= self._last)
        if not inside.all():
            rows, columns, kinds = rows[inside], columns[inside], kinds[inside]
            data, styles = data[inside], styles[inside]
        if not len(rows):
            return
        self._grow(int(rows.max()) - self._first + 1)
        places = self._slots[columns] * self._kinds.shape[1] + (rows - self._first)
        self._kinds.reshape(-1)[places] = kinds
        self._data.reshape(-1)[places] = data
        self._styles.reshape(-1)[places] = styles

    def _note_shared(self, cells: Scanned) -> None:
        if not len(cells.shared_at):
            return
        indexes = cells.data[cells.shared_at]
        worst = int(indexes.argmax())
        if indexes[worst] > self._shared[0]:
            at = cells.shared_at[worst]
            self._shared = float(indexes[worst]), a1(int(cells.rows[at]), int(cells.columns[at]))

    def _grow(self, rows: int) -> None:
        self._used = max(self._used, rows)
        width, height = self._kinds.shape
        if rows <= height:
            return
        if rows * width > MAX_CELLS:
            raise SuspectError("的工作表行列数异常巨大")
        height = min(max(rows, 2 * height), MAX_ROWS)
        self._kinds = _taller(self._kinds, height)
        self._data = _taller(self._data, height)
        self._styles = _taller(self._styles, height)

    def block(self) -> Block:
        """What was put; ValueError when a cell points beyond the shared strings."""
        index, address = self._shared
        if index >= 0 and not self._pool.has(int(index)):
            raise ValueError(f"单元格 {address} 引用了不存在的共享字符串 {index:.0f}")
        rows = np.arange(self._first, self._first + self._used, dtype=np.int32)
        return Block(
            rows=rows, columns={column: self._column(slot) for slot, column in enumerate(self.columns)}
        )

    def _column(self, slot: int) -> RawColumn:
        kinds, data = self._kinds[slot, : self._used], self._data[slot, : self._used]
        data[(kinds == Kind.EMPTY) | (kinds == Kind.PENDING)] = np.nan
        return RawColumn(kinds=kinds, data=data, styles=self._styles[slot, : self._used])


def _taller(array: NDArray[Any], height: int) -> NDArray[Any]:
    grown = np.zeros((array.shape[0], height), dtype=array.dtype)
    grown[:, : array.shape[1]] = array
    return grown
