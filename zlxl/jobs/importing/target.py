"""A table of the database that rows are imported into: what its rows hold and where new ones stand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate

import numpy as np

from zlxl.grid import GENERAL
from zlxl.jobs.importing.keys import Key, KeyIndex
from zlxl.jobs.importing.numbering import Numbering, number_field
from zlxl.jobs.importing.sources import header_texts, raw_column
from zlxl.schema.frame import Frame
from zlxl.schema.headers import normalised
from zlxl.schema.table import Table
from zlxl.schema.values import NOT_JUDGED, Pending, Raw, Value, shown

STATE_LIST = "状态"  # lists of states: what changes while a row is worked on


@dataclass(frozen=True, kw_only=True, eq=False)
class Extra:
    """A column of the user's own."""

    header: str  #: as the sheet spells it
    column: int
    values: Sequence[Raw | None]  #: one each position


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """The frames of one table. Rows are counted through all of them, from 0; new ones go to ``home``."""

    table: Table
    frames: tuple[Frame, ...]

    @cached_property
    def home(self) -> int:
        """Which frame gets new rows: the one on the sheet of the table's name, else the first."""
        named = (at for at, frame in enumerate(self.frames) if frame.sheet == self.table.name)
        return next(named, 0)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self.frames)))

    def __len__(self) -> int:
        return self._ends[-1]

    def locate(self, row: int) -> tuple[int, int]:
        """Frame and position of a row."""
        at = bisect_right(self._ends, row)
        return at, row - (self._ends[at - 1] if at else 0)

    def number(self, frame: int, position: int) -> int:
        """The row at a position of a frame."""
        return position + (self._ends[frame - 1] if frame else 0)

    def frame(self, row: int | None) -> Frame:
        """The frame a row stands in; of a new row the one it will stand in."""
        return self.frames[self.home if row is None else self.locate(row)[0]]

    def value(self, row: int, name: str) -> Value | Pending:
        """What a cell of the database means."""
        frame, position = self.locate(row)
        return self.frames[frame].value(name, position)

    def shown(self, row: int, name: str) -> str:
        """What a cell of the database holds, for a person."""
        frame, position = self.locate(row)
        cells = self.frames[frame].cells.get(name)
        return shown(cells.raw(position)) if cells else ""

    @cached_property
    def extras(self) -> Sequence[Mapping[str, Extra]]:
        """Of each frame the columns no field knows, by normalised header."""
        return [dict(_extras(frame)) for frame in self.frames]

    @cached_property
    def keys(self) -> list[Key]:
        """The key of each row; a cell that could not be read counts as what it shows."""
        return [
            key
            for frame in self.frames
            for key in zip(*(_column(frame, name) for name in self.table.key), strict=True)
        ]

    @cached_property
    def _formats(self) -> dict[str, str]:
        return {name: _own_format(self.frames[self.home], name) for name in self.frames[self.home].cells}

    def own_format(self, name: str) -> str:
        """The number format under which a new row's cell shows its value."""
        return self._formats[name]

    def index(self) -> KeyIndex:
        """The rows by their keys."""
        index = KeyIndex(self.table)
        for row, key in enumerate(self.keys):
            index.put(row, key)
        return index

    def numbering(self) -> Numbering | None:
        """How new rows are numbered, behind those that are there; None where the office gives no number."""
        name = number_field(self.table)
        if name is None:
            return None
        numbers = (key[0] for key in self.keys)
        known = [number for number in numbers if isinstance(number, str)]
        return Numbering.after(known, self.table.columns[name].example)


def _extras(frame: Frame) -> Iterator[tuple[str, Extra]]:
    for name, (header, column) in own_headers(frame).items():
        yield name, Extra(header=header, column=column, values=raw_column(frame, column))


def own_headers(frame: Frame) -> dict[str, tuple[str, int]]:
    """Header and column of the columns that no field knows, by normalised header; of two alike the first."""
    within = frame.match.list_object.area if frame.match.list_object else None
    taken = {*frame.match.fields.values(), *(column for _, column in frame.match.duplicates)}
    found: dict[str, tuple[str, int]] = {}
    for column, text in header_texts(frame.grid, frame.match):
        if column not in taken and (within is None or within.left <= column <= within.right):
            found.setdefault(normalised(text), (text, column))
    return found


def _column(frame: Frame, name: str) -> list[Value]:
    if name not in frame.cells:
        return [None] * len(frame)
    cells = frame.cells[name]
    values = [
        shown(raw) if value is NOT_JUDGED else value
        for value, raw in zip(cells.values, cells.raws, strict=True)
    ]
    known: list[Value] = [*(None if isinstance(value, Pending) else value for value in values), None]
    return [known[code] for code in cells.codes.tolist()]


def _own_format(frame: Frame, name: str) -> str:
    """The format of a column: of its last filled cell, else of the column as a whole."""
    cells = frame.cells[name]
    filled = np.flatnonzero(cells.codes >= 0)
    if not len(filled):
        return frame.grid.layout().column_formats.get(cells.column, GENERAL)
    style, formats = int(cells.styles[filled[-1]]), frame.grid.number_formats
    return formats[style] if style < len(formats) else GENERAL


class ContentIndex:
    """Rows by what they hold, to find the one that a row without our number repeats."""

    def __init__(self, target: Target) -> None:
        table = target.table
        number = number_field(table)
        states = {n for n, c in table.columns.items() if c.choices and c.choices.endswith(STATE_LIST)}
        columns = {name for frame in target.frames for name in frame.cells}
        self._target = target
        self._new: dict[int, Mapping[str, Value]] = {}
        self._states = frozenset(states)
        self._ignored: frozenset[str | None] = frozenset({*states, number})
        self._by = sorted((table.required & columns) - self._ignored)
        self._rows: dict[Key, list[int]] = defaultdict(list)
        lists = [[_column(frame, name) for name in self._by] for frame in target.frames]
        keys = (key for columns in lists for key in zip(*columns, strict=True))
        for row, key in enumerate(keys):
            self._rows[key].append(row)

    def put(self, row: int, values: Mapping[str, Value]) -> None:
        """Hold a new row too."""
        self._new[row] = values
        self._rows[self._key(values)].append(row)

    def find(self, values: Mapping[str, Value]) -> Iterator[int]:
        """The rows that hold all of these values; their number may be any, their state may have moved on."""
        given = {name: value for name, value in values.items() if name not in self._ignored}
        rows = self._rows.get(self._key(values), ())
        return (row for row in rows if self._holds(row, given.items()))

    def less(self, values: Mapping[str, Value]) -> Sequence[int]:
        """Rows of the database that differ from these values in nothing and lack some of them.

        Only where they are told by all that every row must hold, and by a date.
        """
        told = {name: value for name, value in values.items() if name not in self._ignored}
        dated = any(isinstance(told.get(name), date) for name in self._by)
        if not dated or not all(name in told for name in self._by):
            return ()
        rows = self._rows.get(self._key(values), ())
        return [row for row in rows if row not in self._new and self._fits(row, told)]

    def _fits(self, row: int, told: Mapping[str, Value]) -> bool:
        columns = self._target.frame(row).cells
        return all(
            self._target.value(row, name) in (value, None) for name, value in told.items() if name in columns
        )

    def compared(self, values: Mapping[str, Value]) -> Set[str]:
        """The fields by which a row of these values is found."""
        return {*self._by, *(name for name in values if name not in self._ignored)}

    def stateless(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """The values without those that change while a row is worked on."""
        return {name: value for name, value in values.items() if name not in self._states}

    def _key(self, values: Mapping[str, Value]) -> Key:
        return tuple(values.get(name) for name in self._by)

    def _holds(self, row: int, given: Iterable[tuple[str, Value]]) -> bool:
        new = self._new.get(row)
        if new is not None:
            return all(new.get(name) == value for name, value in given)
        columns = self._target.frame(row).cells
        return all(self._target.value(row, name) == value for name, value in given if name in columns)
