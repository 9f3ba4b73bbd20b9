"""A cell as the file stores it, kept so that it can be put back: kind, value and number format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isclose
from typing import Final

import numpy as np

from zlxl.changes import CellChange, CellValue, Formula
from zlxl.grid import GENERAL, MAX_ROWS, Grid, Kind
from zlxl.schema.values import EPOCH_1904_DAYS, from_serial, is_date_format, plain_number, shown, to_serial

DAY: Final = timedelta(days=1)
LETTERS: Final = {
    Kind.EMPTY: "",
    Kind.NUMBER: "n",
    Kind.TEXT: "s",
    Kind.BOOL: "b",
    Kind.ERROR: "e",
    Kind.PENDING: "p",
    Kind.ISO_DATE: "d",
}
_EXACT: Final = 1e15  # whole numbers below are the same as int and as float
_SAME: Final = 1e-14  # Excel keeps 15 to 17 digits of a number


@dataclass(frozen=True, slots=True)
class Stored:
    """What a cell holds; ``number_format`` is None where it is not known, as for an empty cell."""

    kind: Kind = Kind.EMPTY
    value: float | str | None = None
    number_format: str | None = None

    def same(self, other: Stored) -> bool:
        """Whether two cells hold the same, under whatever format; another type is another value."""
        if self.kind is not other.kind:
            return False
        if isinstance(self.value, float | int) and isinstance(other.value, float | int):
            return isclose(self.value, other.value, rel_tol=_SAME)
        return self.value == other.value

    def shown(self, *, date1904: bool = False) -> str:
        """What a person reads in the cell, in the words of messages."""
        match self.kind, self.value:
            case Kind.BOOL, value:
                return shown(bool(value))
            case Kind.NUMBER, float() | int() as value:
                return _number(value, self.number_format or GENERAL, date1904=date1904)
            case Kind.PENDING, _:
                return "公式未计算"
        return "" if self.value is None else str(self.value)

    def as_list(self) -> list[object]:
        """The same for JSON: letter of the kind, value, format; what is missing at the end left out."""
        value = self.value
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
            value = int(value)
        parts: list[object] = [LETTERS[self.kind], value, self.number_format]
        while parts and parts[-1] is None:
            parts.pop()
        return parts

    @classmethod
    def from_list(cls, parts: object) -> Stored:
        """Back from JSON; ValueError where it is none of ours."""
        if not isinstance(parts, list) or not 1 <= len(parts) <= 3 or parts[0] not in LETTERS.values():
            raise ValueError(f"not a stored cell: {parts!r}")
        kind = next(kind for kind, letter in LETTERS.items() if letter == parts[0])
        value, number_format = (*parts[1:], None, None)[:2]
        if not _fits(kind, value) or not isinstance(number_format, str | None):
            raise ValueError(f"not a stored cell: {parts!r}")
        return cls(kind, float(value) if isinstance(value, int) else value, number_format)

    def change(self, sheet: str, row: int, column: int) -> CellChange | None:
        """The change that puts it into a cell; None for an error or a formula, which no change can."""
        value: CellValue = self.value
        if self.kind in (Kind.ERROR, Kind.PENDING, Kind.ISO_DATE):
            return None
        if self.kind is Kind.BOOL:
            value = bool(value)
        return CellChange(sheet=sheet, row=row, column=column, value=value, number_format=self.number_format)


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.NUMBER | Kind.BOOL:
            return isinstance(value, float | int)
        case Kind.EMPTY | Kind.PENDING:
            return value is None
    return isinstance(value, str)


def _number(value: float, number_format: str, *, date1904: bool) -> str:
    day = from_serial(value, date1904=date1904) if is_date_format(number_format) else None
    return plain_number(value) if day is None else shown(day)


def after(change: CellChange, before: Stored, *, date1904: bool = False) -> Stored:
    """What the cell holds once the change is made."""
    fits = change.number_format is not None and (not change.over or before.number_format in change.over)
    number_format = change.number_format if fits else before.number_format
    kind, value = stored_value(change.value, date1904=date1904)
    return Stored(kind, value, number_format)


def stored_value(value: CellValue, *, date1904: bool = False) -> tuple[Kind, float | str | None]:
    """Kind and value of a cell that was given this; a formula counts as the value it has."""
    match value:
        case Formula():
            return stored_value(value.value, date1904=date1904)
        case None | "":
            return Kind.EMPTY, None
        case bool():
            return Kind.BOOL, float(value)
        case int() | float():
            return Kind.NUMBER, value
        case str():
            return Kind.TEXT, value
        case date() | time() | timedelta():
            return Kind.NUMBER, _serial(value, date1904=date1904)
    raise TypeError(f"no cell value: {value!r}")


def _serial(value: date | time | timedelta, *, date1904: bool) -> float:
    if isinstance(value, timedelta):
        return value / DAY
    if isinstance(value, time):
        return (datetime.combine(date.min, value) - datetime.combine(date.min, time())) / DAY
    days: float = to_serial(value) - EPOCH_1904_DAYS * date1904
    if isinstance(value, datetime):
        days += (value - value.replace(hour=0, minute=0, second=0, microsecond=0)) / DAY
    return days


class StoredCells:
    """The stored cells of some columns of a sheet, read at once."""

    def __init__(self, grid: Grid, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> None:
        self._grid = grid
        self._first = first_row
        self._columns = grid.block(sorted(set(columns)), first_row, last_row).columns
        self._as_lists: dict[int, tuple[list[int], list[float], list[int]]] = {}

    def rows(self) -> range:
        """Rows down to the last that holds anything in these columns."""
        return range(
            self._first, self._first + max((len(c.kinds) for c in self._columns.values()), default=0)
        )

    def filled(self) -> list[int]:
        """Rows that hold anything in these columns."""
        held = np.zeros(len(self.rows()), dtype=np.bool_)
        for raw in self._columns.values():
            held[: len(raw.kinds)] |= raw.kinds != Kind.EMPTY
        return (np.flatnonzero(held) + self._first).tolist()

    def at(self, row: int, column: int) -> Stored:
        """One cell; an empty one beyond the last row."""
        kinds, data, styles = self._lists(column)
        at = row - self._first
        if not 0 <= at < len(kinds) or kinds[at] == Kind.EMPTY:
            return Stored()
        kind = Kind(kinds[at])
        value: float | str | None = None
        if kind in (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE):
            value = self._grid.strings[int(data[at])]
        elif kind is not Kind.PENDING:
            value = data[at]
        formats, style = self._grid.number_formats, styles[at]
        return Stored(kind, value, formats[style] if style < len(formats) else GENERAL)

    def _lists(self, column: int) -> tuple[list[int], list[float], list[int]]:
        """A column as lists: single elements of arrays are slow to take."""
        if column not in self._as_lists:
            raw = self._columns[column]
            self._as_lists[column] = raw.kinds.tolist(), raw.data.tolist(), raw.styles.tolist()
        return self._as_lists[column]
