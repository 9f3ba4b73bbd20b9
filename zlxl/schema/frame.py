"""A table read from a sheet: judged columns, held as codes into distinct values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zlxl.findings import Fix
from zlxl.grid import Grid, a1
from zlxl.schema.column import Storage
from zlxl.schema.facts import Days, Mask
from zlxl.schema.headers import HeaderMatch
from zlxl.schema.table import Table
from zlxl.schema.values import NOT_JUDGED, Pending, Value, shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a type holds against a distinct value."""

    code: str
    facts: Mapping[str, object]
    fix: Fix | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """One judged column: ``codes`` (rows,) point into the distinct values, -1 for an empty cell."""

    header: str  #: as the sheet spells it
    column: int  #: 1-based column of the sheet
    codes: NDArray[np.int32]
    styles: NDArray[np.uint16]  #: (rows,) index into the grid's number formats
    raws: Sequence[object]  #: distinct stored values
    values: Sequence[Value | Pending]  #: what they mean; NOT_JUDGED where that is unknown, None where empty
    verdicts: Mapping[int, Verdict]  #: by code
    lent: Mask | None = None  #: (rows,) whether the value stands in the top cell of a merge further up

    @cached_property
    def _unreadable(self) -> Mask:
        mask = np.zeros(len(self.values) + 1, dtype=np.bool_)
        mask[[code for code in self.verdicts if self.values[code] is NOT_JUDGED]] = True
        return mask

    @cached_property
    def _empty(self) -> Mask:
        mask = np.zeros(len(self.values) + 1, dtype=np.bool_)
        mask[[-1, *(code for code in self.verdicts if self.values[code] is None)]] = True
        return mask

    def filled(self) -> Mask:
        """Whether a cell holds anything, shape (rows,)."""
        return ~self._empty[self.codes]

    def judged(self) -> Mask:
        """Whether a cell is empty or was read, shape (rows,)."""
        return ~self._unreadable[self.codes]

    def spread(self, judge: Callable[[Value], bool]) -> Mask:
        """A verdict on each distinct read value, spread over the rows; False elsewhere."""
        answers = [
            value is not None and not isinstance(value, Pending) and judge(value) for value in self.values
        ]
        return np.array([*answers, False], dtype=np.bool_)[self.codes]

    def days(self) -> Days:
        """Dates as datetime64[D], shape (rows,); NaT where there is none."""
        known = [
            np.datetime64(shown(v), "D") if isinstance(v, date) else np.datetime64("NaT", "D")
            for v in self.values
        ]
        return np.array([*known, np.datetime64("NaT", "D")], dtype="datetime64[D]")[self.codes]

    def numbers(self) -> NDArray[np.float64]:
        """Numbers, shape (rows,); NaN where there is none."""
        known = [float(v) if isinstance(v, float | int) else np.nan for v in self.values]
        return np.array([*known, np.nan], dtype=np.float64)[self.codes]

    @cached_property
    def texts(self) -> tuple[NDArray[np.int32], list[str]]:
        """Codes (rows,) into distinct read texts, -1 where there is none; equal texts share a code."""
        values = self.values
        table = np.where([isinstance(value, str) for value in values], np.arange(len(values)), -1)
        recovered = {values[code] for code in self.verdicts if isinstance(values[code], str)}
        homes: dict[
            object, int
        ] = {}  # distinct stored texts differ; only what was recovered may meet another
        for code in [c for c, value in enumerate(values) if value in recovered] if recovered else []:
            table[code] = homes.setdefault(values[code], code)
        used = np.zeros(len(values) + 1, dtype=np.bool_)
        used[table] = True
        used[-1] = False
        compact = np.append((np.cumsum(used[:-1]) - 1)[table] * (table >= 0) - (table < 0), -1)
        texts = [value for value, kept in zip(values, used.tolist(), strict=False) if kept]
        return compact.astype(np.int32)[self.codes], texts  # type: ignore[return-value]

    def raw(self, row: int) -> object:
        """The stored value at a position of the frame, None for an empty cell."""
        code = int(self.codes[row])
        return None if code < 0 else self.raws[code]

    def value(self, row: int) -> Value | Pending:
        """What the cell at a position of the frame means."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """One table on one sheet. Positions run from 0; ``rows`` (positions,) are the sheet's row numbers."""

    table: Table
    grid: Grid
    match: HeaderMatch
    rows: NDArray[np.int32]
    cells: Mapping[str, Cells]  #: by field; fields whose header is missing are absent

    @property
    def header_row(self) -> int:
        """Row of the header."""
        return self.match.row

    @property
    def sheet(self) -> str:
        """Name of the sheet."""
        return self.grid.sheet

    def __len__(self) -> int:
        return len(self.rows)

    def _spread(self, value: bool) -> Mask:
        return np.full(len(self), value, dtype=np.bool_)

    def filled(self, name: str) -> Mask:
        """Whether a cell holds anything, shape (rows,)."""
        return self.cells[name].filled() if name in self.cells else self._spread(False)

    def judged(self, name: str) -> Mask:
        """Whether a cell is empty or was read, shape (rows,); False where the column is missing."""
        return self.cells[name].judged() if name in self.cells else self._spread(False)

    def days(self, name: str) -> Days:
        """Dates as datetime64[D], shape (rows,)."""
        if name not in self.cells:
            return np.full(len(self), np.datetime64("NaT", "D"))
        return self.cells[name].days()

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Numbers, shape (rows,)."""
        return self.cells[name].numbers() if name in self.cells else np.full(len(self), np.nan)

    def where(self, name: str, wanted: frozenset[str]) -> Mask:
        """Whether a cell's text is one of the wanted, shape (rows,)."""
        return self.cells[name].spread(wanted.__contains__) if name in self.cells else self._spread(False)

    def pairs(self, first: str, second: str) -> tuple[list[tuple[Value, Value]], NDArray[np.int64]]:
        """Distinct pairs of two columns' read values and, per row, which one; -1 where one is missing."""
        if first not in self.cells or second not in self.cells:
            return [], np.full(len(self), -1, dtype=np.int64)
        one, two = self.cells[first], self.cells[second]
        both = np.flatnonzero(self._present(first) & self._present(second))
        keys = one.codes[both].astype(np.int64) * (len(two.values) + 1) + two.codes[both]
        distinct, inverse = np.unique(keys, return_inverse=True)
        which = np.full(len(self), -1, dtype=np.int64)
        which[both] = inverse
        pairs = [divmod(int(key), len(two.values) + 1) for key in distinct]
        return [(one.values[a], two.values[b]) for a, b in pairs], which  # type: ignore[misc]

    def _present(self, name: str) -> Mask:
        return self.filled(name) & self.judged(name)

    def texts(self, name: str) -> tuple[NDArray[np.int32], list[str]]:
        """Codes (rows,) into the distinct read texts of a column; -1 where there is none."""
        if name not in self.cells:
            return np.full(len(self), -1, dtype=np.int32), []
        return self.cells[name].texts

    def column(self, name: str) -> NDArray[Any]:
        """A column's read values by its storage: datetime64[s], float64, or str objects; shape (rows,)."""
        storage = self.table.columns[name].storage
        if storage is Storage.DATE:
            return self.days(name).astype("datetime64[s]")
        if storage in (Storage.MONEY, Storage.NUMBER):
            return self.numbers(name)
        codes, texts = self.texts(name)
        return np.array([*texts, None], dtype=object)[codes]

    def value(self, name: str, position: int) -> Value | Pending:
        """What a cell means; None where it is empty, NOT_JUDGED where the column is missing."""
        return self.cells[name].value(position) if name in self.cells else NOT_JUDGED

    def values(self, position: int) -> dict[str, Value | Pending]:
        """A row by field name."""
        return {name: self.value(name, position) for name in self.table.model.model_fields}

    def address(self, name: str | None, row: int) -> str | None:
        """A1 address of a field in a sheet row; None where the column is missing."""
        return a1(row, self.cells[name].column) if name is not None and name in self.cells else None

    def position(self, row: int) -> int:
        """Position of a sheet row in the frame."""
        return int(np.searchsorted(self.rows, np.int32(row)))  # another type would copy the column

    def key(self, position: int) -> str:
        """The row's name for a person: its first filled key field."""
        for name in self.table.key:
            if name in self.cells and (raw := self.cells[name].raw(position)) is not None:
                return shown(raw)
        return ""

    def identity(self, position: int) -> str:
        """The row's identity for fingerprints: all key fields, or its whole content where they are empty."""
        parts = [shown(self.cells[name].raw(position)) for name in self.table.key if name in self.cells]
        if any(parts):
            return "|".join(parts)
        return "|".join(shown(cells.raw(position)) for cells in self.cells.values())
