"""What stands in and below a table: where its values end, what its last row is like, what is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zlxl.excel.patch.markup import attribute, children, root, unescaped
from zlxl.excel.patch.references import filled_down
from zlxl.excel.patch.row import cells_of, row_node
from zlxl.excel.patch.rows import END, split_rows
from zlxl.excel.patch.tables import Target
from zlxl.excel.styles import style_index
from zlxl.grid import column_number

NORMAL, SHARED = "normal", "shared"
FIXED = ("array", "dataTable")  # formulas that cannot be filled down

#: A cell with a value and no formula, as Excel spells it.
_VALUE = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]+"(?:[^<>]*[^<>/])?>(?:<v>[^<\s]|<is><t(?: xml:space="preserve")?>[^<])'
)
_MARKUP = re.compile(rb"<[^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A cell of the table's columns."""

    style: int
    holds: bool  #: a value that is no formula's
    kind: str = ""  #: of its formula: normal, shared, array or dataTable; empty without one
    text: str = ""  #: of its formula, without ``=``; empty where another cell says it
    shared: str = ""  #: name of a shared formula
    type: str = "n"  #: stored type of its value
    value: str = ""  #: as stored, without markup


Cells = Mapping[int, Found]  #: by column


@dataclass(kw_only=True)
class Survey:
    """What was seen."""

    last: int  #: last row with a value of its own; the row above the first data row where none has one
    sample_row: int = 0  #: the last row with a value, else the last data row; 0: none
    sample: Cells = field(default_factory=dict)
    before_row: int = 0  #: the row with a value before the last one; 0: none
    before: Cells = field(default_factory=dict)
    blank: dict[int, Cells] = field(default_factory=dict)  #: rows behind the last one that may be filled
    end_row: int = 0  #: last of the rows without a value that has a formula; 0: none
    end: Cells = field(default_factory=dict)
    below: tuple[int, int] | None = None  #: first cell with a content below the table
    totals: Cells = field(default_factory=dict)
    origins: dict[str, tuple[int, int, str]] = field(default_factory=dict)  #: row, column, text

    def formula(self, row: int, cells: Cells, column: int, place: int) -> str | None:
        """What the formula of a cell says when it is filled down to a row; None where that is not known."""
        found = cells.get(column)
        if found is None or found.kind not in (NORMAL, SHARED):
            return None
        if found.text:
            return filled_down(found.text, place - row)
        origin = self.origins.get(found.shared)
        if origin is None or origin[1] != column:
            return None
        return filled_down(origin[2], place - origin[0])


def survey(chunks: Iterable[bytes], target: Target, rows: int) -> Survey:
    """Survey of a worksheet part, in UTF-8, for so many new rows."""
    passing = _Passing(target, rows)
    for number, markup in split_rows(chunks):
        if number == END:
            break
        if number > target.header_row:
            passing.row(number, markup)
    return passing.finished()


class _Passing:
    """Takes note of rows as they pass; what may be needed of the last ones is kept as it is stored."""

    def __init__(self, target: Target, rows: int) -> None:
        self._seen = Survey(last=target.header_row)
        self._target, self._rows = target, rows
        self._columns = set(target.columns)
        self._sample = self._before = self._end = (0, b"")

    def row(self, number: int, markup: bytes) -> None:
        """Take note of a row below the header."""
        bottom, totals = self._target.bottom, self._target.totals
        if b"shared" in markup and b"ref=" in markup:
            self._note_shared(number, markup)
        if number == totals:
            self._seen.totals = self._cells(number, markup)
        elif bottom is not None and number > bottom:
            self._below(number, markup)
        elif self._holds_value(number, markup):
            self._before, self._sample, self._end = self._sample, (number, markup), (0, b"")
            self._seen.last = number
            self._seen.blank.clear()
        else:
            if number - self._seen.last <= self._rows:
                self._seen.blank[number] = self._cells(number, markup)
            if b"f>" in markup:
                self._end = number, markup

    def _holds_value(self, number: int, markup: bytes) -> bool:
        for found in _VALUE.finditer(markup):
            if column_number(found[1].decode()) in self._columns:
                return True
        if b"v>" not in markup and b"is>" not in markup:
            return False
        if b":c" not in markup and b"is>" not in markup and markup.count(b"<c") == markup.count(b'<c r="'):
            return False
        return any(cell.holds for cell in self._cells(number, markup).values())

    def _note_shared(self, number: int, markup: bytes) -> None:
        for column, cell in self._cells(number, markup).items():
            if cell.kind == SHARED and cell.text:
                self._seen.origins[cell.shared] = number, column, cell.text

    def _below(self, number: int, markup: bytes) -> None:
        if self._seen.below is None:
            cells = self._cells(number, markup)
            full = [column for column, cell in cells.items() if cell.holds or cell.kind]
            self._seen.below = (number, full[0]) if full else None

    def _cells(self, number: int, markup: bytes) -> Cells:
        found = cells_of(markup, row_node(markup), number) if markup else ()
        return {column: _found(markup[n.start : n.end]) for column, n in found if column in self._columns}

    def finished(self) -> Survey:
        """The survey, once all rows have passed."""
        seen = self._seen
        seen.sample_row, seen.sample = self._sample[0], self._cells(*self._sample)
        seen.before_row, seen.before = self._before[0], self._cells(*self._before)
        seen.end_row, seen.end = self._end[0], self._cells(*self._end)
        if not seen.sample_row and seen.blank and self._target.area is not None:
            seen.sample_row = max(seen.blank)
            seen.sample = seen.blank[seen.sample_row]
        return seen


def _found(markup: bytes) -> Found:
    cell = root(markup)
    tag, inner = cell.tag(markup), {n.name: n for n in children(markup, cell.inner, cell.close)}
    stored = inner.get(b"v") or inner.get(b"is")
    value = unescaped(_MARKUP.sub(b"", markup[stored.inner : stored.close])).strip() if stored else ""
    formula = inner.get(b"f")
    kind = text = shared = ""
    if formula is not None:
        stated = formula.tag(markup)
        kind, shared = attribute(stated, b"t") or NORMAL, attribute(stated, b"si") or ""
        text = unescaped(markup[formula.inner : formula.close]).strip()
    return Found(
        style=style_index(attribute(tag, b"s") or ""),
        holds=bool(value) and formula is None,
        kind=kind,
        text=text,
        shared=shared,
        type=attribute(tag, b"t") or "n",
        value=value,
    )
