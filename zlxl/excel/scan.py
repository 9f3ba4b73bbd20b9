"""Cells of worksheet rows in the canonical spelling, by numpy over the bytes; other rows go to expat.

Canonical is what Excel, WPS and the usual writers produce: ``<row r="2" ...>`` and in it cells
``<c r="A2" s="1" t="s">`` that hold ``<v>``, or ``<f>`` and ``<v>``, or ``<is><t>``, and nothing else.
A row with anything else is cut out and parsed exactly, so both roads give the same cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from zlxl.excel.exact import NUMBER_PATTERN, StoredCell, row_cells
from zlxl.excel.tails import BAD, BOOL, ERROR, INLINE, ISO, KIND_OF, NUMBER, SHARED, STRING, TailTable
from zlxl.excel.text import XML_BLANKS, character_data, unescaped
from zlxl.excel.windows import MASKS, PAD, Window, integers, word
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Kind

Indexes = NDArray[np.intp]
Flags = NDArray[np.bool_]

ROW = word(b'<row r="')
CELL = word(b'<c r="')
CELL_END = word(b"</c>")
VALUE = word(b"<v>")
VALUE_AND_CELL_END = word(b"</v></c>")
EMPTY_VALUES = (word(b"<v/>"), word(b"<v />"), word(b"<v></v>"))
EMPTY_VALUE_SIZES = (4, 5, 7)
FORMULA_END = word(b"</f>")
ITEM = word(b"<is>")
TEXT = word(b"<t>")
TEXT_PRESERVED = (word(b"<t xml:s"), word(b'pace="pr'), word(b'eserve">'))
TEXT_AND_ITEM_END = word(b"</t></is")
ITEM_AND_CELL_END = word(b"</is></c")
#: First bytes behind "<" that the scan understands: c, v, f, is, t, row and the ends.
KNOWN = np.zeros(256, dtype=np.bool_)
KNOWN[list(b"cvfitr/")] = True

MAX_LETTERS = 18_278  # ZZZ
ROW_NUMBER = re.compile(
    rb"""<row(?:[ \t\r\n]+[\w:.-]+=(?:"[^"]*"|'[^']*'))*?[ \t\r\n]+r=["']([0-9]{1,7})["']"""
)
NUMBERS = re.compile(rf"(?:{NUMBER_PATTERN} )*".encode())


class NotCanonicalError(Exception):
    """The rows cannot be told apart by scanning: the whole part needs the exact parser."""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """Non-empty cells of a run of rows, shape (cells,) each."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    data: NDArray[np.float64]  #: of the cells in ``text_at`` not yet known
    styles: NDArray[np.uint16]
    texts: Sequence[str]  #: texts that stand in the cells themselves
    text_at: NDArray[np.int64]  #: the cells they belong to
    shared_at: NDArray[np.int64]  #: the cells whose datum is a shared string index


def packed(cells: Sequence[StoredCell]) -> Scanned:
    """Cells of the exact parser in the same form."""
    own = [at for at, cell in enumerate(cells) if isinstance(cell.value, str)]
    shared = [
        at for at, cell in enumerate(cells) if cell.kind is Kind.TEXT and not isinstance(cell.value, str)
    ]
    return Scanned(
        rows=np.array([cell.row for cell in cells], dtype=np.int64),
        columns=np.array([cell.column for cell in cells], dtype=np.int64),
        kinds=np.array([cell.kind for cell in cells], dtype=np.uint8),
        data=np.array(
            [0.0 if isinstance(cell.value, str) else cell.value for cell in cells], dtype=np.float64
        ),
        styles=np.array([cell.style for cell in cells], dtype=np.uint16),
        texts=[str(cells[at].value) for at in own],
        text_at=np.array(own, dtype=np.int64),
        shared_at=np.array(shared, dtype=np.int64),
    )


def joined(first: Scanned, second: Scanned) -> Scanned:
    """Two runs as one."""
    shift = len(first.rows)
    return Scanned(
        rows=np.concatenate((first.rows, second.rows)),
        columns=np.concatenate((first.columns, second.columns)),
        kinds=np.concatenate((first.kinds, second.kinds)),
        data=np.concatenate((first.data, second.data)),
        styles=np.concatenate((first.styles, second.styles)),
        texts=[*first.texts, *second.texts],
        text_at=np.concatenate((first.text_at, second.text_at + shift)),
        shared_at=np.concatenate((first.shared_at, second.shared_at + shift)),
    )


class RowScanner:
    """Scans runs of complete rows for the cells of some columns. Safe to use from several threads."""

    def __init__(self, columns: Iterable[int], styles: int) -> None:
        self.wanted = np.zeros(MAX_LETTERS + 1, dtype=np.bool_)
        self.wanted[[column for column in columns if 1 <= column <= MAX_COLUMNS]] = True
        self.tails = TailTable(styles)
        self.styles = styles

    def scan(self, rows: bytes) -> Scanned:
        """Cells of the rows; NotCanonicalError: parse the whole part; CellError: a cell that cannot be."""
        run = _Run(rows)
        if not len(run.row_at):
            return packed(())
        cells = _live_cells(run, self.wanted)
        found = _contents(run, cells, self.tails)
        slices = run.bad_slices()
        if not slices:
            return found
        exact = [cell for piece in slices for cell in row_cells(piece, self.styles)]
        return joined(found, packed([cell for cell in exact if self.wanted[cell.column]]))


class _Run:
    """The bytes of some rows with the places of their markup and the state of every row."""

    def __init__(self, rows: bytes) -> None:
        self.window = Window(rows)
        self.bytes = self.window.bytes
        end = PAD + len(rows)
        tags = np.flatnonzero(self.bytes == ord("<"))
        self.tags = np.concatenate((tags, np.full(8, end)))  # the guard lets every look ahead stay inside
        self.first = self.bytes[self.tags + 1]  # the byte behind each "<"
        self.first[len(tags) :] = 0
        self.count = len(tags)
        self.end = end
        self._check_markup()
        self.row_at = self._row_tags()
        self._read_row_numbers()

    def _check_markup(self) -> None:
        unknown = np.flatnonzero(~KNOWN[self.first[: self.count]])
        self.unknown = unknown
        if np.isin(self.first[unknown], list(b"!?")).any() or b"xmlns" in self.window.buffer:
            raise NotCanonicalError

    def _row_tags(self) -> Indexes:
        at: Indexes = np.flatnonzero(self.first == ord("r"))
        starts = self.tags[at]
        at = at[(self.bytes[starts + 2] == ord("o")) & (self.bytes[starts + 3] == ord("w"))]
        if self.count and (not len(at) or at[0] != 0):
            raise NotCanonicalError
        return at

    def _read_row_numbers(self) -> None:
        starts = self.tags[self.row_at]
        digits = self.window.at(starts + 8)
        self.numbers = np.zeros(len(starts), dtype=np.int64)
        self.digits = np.zeros(len(starts), dtype=np.int64)
        open_ = self.window.at(starts) == ROW
        for position in range(7):
            digit = (digits >> np.uint64(8 * position) & np.uint64(255)).astype(np.int64) - ord("0")
            open_ = open_ & (digit >= 0) & (digit <= 9)
            self.numbers = np.where(open_, self.numbers * 10 + digit, self.numbers)
            self.digits += open_
        self.label_mask = MASKS[self.digits + 1]  # the digits and the quote behind them
        self.label = digits & self.label_mask
        self.bad = self.bytes[starts + 8 + self.digits] != ord('"')
        self.bad |= (self.digits == 0) | (self.numbers < 1) | (self.numbers > MAX_ROWS)
        self._check_rows(starts)

    def _check_rows(self, starts: Indexes) -> None:
        for at in np.flatnonzero(self.bad):
            match = ROW_NUMBER.match(self.window.buffer, int(starts[at]))
            if match is None:
                raise NotCanonicalError
            self.numbers[at] = int(match[1])
        following = np.append(self.row_at[1:], self.count)
        last = self.tags[following - 1]
        closed = (self.window.at(last) & MASKS[5]) == word(b"</row")
        after = self.tags[following]
        alone = (self.bytes[after - 1] == ord(">")) & (self.bytes[after - 2] == ord("/"))
        self.bad |= ~np.where(following - 1 == self.row_at, alone, closed)
        self.bad[np.searchsorted(self.row_at, self.unknown, side="right") - 1] = True
        if (np.diff(self.numbers) <= 0).any():
            self.bad[:] = True

    def bad_slices(self) -> list[bytes]:
        """The bytes of rows that are not canonical, neighbours together."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], self.bad, [False]))))
        starts = np.append(self.tags[self.row_at], self.end)
        return [self.window.buffer[starts[i] : starts[j]] for i, j in edges.reshape(-1, 2)]


@dataclass(slots=True)
class _Cells:
    """Cells of the wanted columns that hold something, shape (cells,) each."""

    tag: Indexes  #: index into _Run.tags
    row: Indexes  #: index into _Run.row_at
    column: NDArray[np.int64]
    tail: Indexes  #: where the attributes behind r begin
    inner: Indexes  #: where the first tag inside the cell begins

    def keep(self, flags: Flags) -> _Cells:
        """Those of the flags."""
        if flags.all():
            return self
        return _Cells(*(a[flags] for a in (self.tag, self.row, self.column, self.tail, self.inner)))


def _live_cells(run: _Run, wanted: NDArray[np.bool_]) -> _Cells:
    tag = np.flatnonzero(run.first == ord("c"))
    per_row = np.diff(np.append(np.searchsorted(tag, run.row_at), len(tag)))
    row = np.repeat(np.arange(len(run.row_at)), per_row)
    starts = run.tags[tag]
    opening = run.window.at(starts)
    column, letters, right = _columns(run, starts, opening)
    right &= (opening & MASKS[6]) == CELL
    label = starts + 6 + letters
    right &= (run.window.at(label) & run.label_mask[row]) == run.label[row]
    run.bad[row[~right]] = True
    inner = run.tags[tag + 1]
    cells = _Cells(tag, row, column, label + run.digits[row] + 1, inner).keep(right & wanted[column])
    ends = run.bytes[cells.inner - 1] == ord(">")
    run.bad[cells.row[~ends]] = True
    alone = run.bytes[cells.inner - 2] == ord("/")
    empty = alone | (run.first[cells.tag + 1] == ord("/"))
    return cells.keep(ends & ~empty)


def _columns(run: _Run, starts: Indexes, opening: NDArray[np.uint64]) -> tuple[Indexes, Indexes, Flags]:
    """Column number, number of letters and whether they are such, of cell tags."""
    column = (opening >> np.uint64(48) & np.uint64(255)).astype(np.int64) - 64
    second = (opening >> np.uint64(56)).astype(np.int64) - 64
    right = (column >= 1) & (column <= 26)
    letters = np.ones(len(starts), dtype=np.int64)
    more = np.flatnonzero(second >= 1)
    if len(more):
        third = run.bytes[starts[more] + 8].astype(np.int64) - 64
        right[more] &= (second[more] <= 26) & (third <= 26)
        column[more] = column[more] * 26 + second[more]
        letters[more] = 2
        longer, third = more[third >= 1], third[third >= 1]
        column[longer] = column[longer] * 26 + third
        letters[longer] = 3
        right[more] &= column[more] <= MAX_COLUMNS
    column[~right] = 0
    return column, letters, right


@dataclass(slots=True)
class _Content:
    """Where the content of each cell stands and what it is, shape (cells,) each."""

    types: NDArray[np.int32]
    styles: NDArray[np.int32]
    start: Indexes
    end: Indexes
    right: Flags  #: canonical
    pending: Flags  #: a formula without value
    preserved: Flags  #: an inline text with xml:space


def _contents(run: _Run, cells: _Cells, tails: TailTable) -> Scanned:
    content = _located(run, cells, tails)
    _formulas(run, cells, content)
    _inlines(run, cells, content)
    data = _numbers(run, content)
    run.bad[cells.row[~content.right]] = True
    kinds = KIND_OF[content.types]
    kinds[content.pending] = Kind.PENDING
    data[content.pending] = np.nan
    good = ~run.bad[cells.row]
    own = good & (content.types >= ERROR) & ~content.pending
    texts = _texts(run, content, np.flatnonzero(own))
    return Scanned(
        rows=run.numbers[cells.row[good]],
        columns=cells.column[good],
        kinds=kinds[good],
        data=data[good],
        styles=content.styles[good].astype(np.uint16),
        texts=texts,
        text_at=np.flatnonzero(own[good]),
        shared_at=np.flatnonzero(((content.types == SHARED) & ~content.pending)[good]),
    )


def _located(run: _Run, cells: _Cells, tails: TailTable) -> _Content:
    """Content as if every cell were ``<c><v>..</v></c>``."""
    codes = tails.lookup(run.window, cells.tail, cells.inner - 1 - cells.tail)
    end = run.tags[cells.tag + 2]
    right = (run.window.at(cells.inner) & MASKS[3]) == VALUE
    right &= run.window.at(end) == VALUE_AND_CELL_END
    types = codes >> 16
    right &= types < BAD
    right &= types != INLINE
    none = np.zeros(len(codes), dtype=np.bool_)
    return _Content(types, codes & 0xFFFF, cells.inner + 3, end, right, none, none.copy())


def _formulas(run: _Run, cells: _Cells, content: _Content) -> None:
    """Correct the content of cells that begin with ``<f``."""
    at = np.flatnonzero(run.first[cells.tag + 1] == ord("f"))
    if not len(at):
        return
    tag, window = cells.tag[at], run.window
    behind = run.tags[tag + 2]
    alone = (run.bytes[behind - 1] == ord(">")) & (run.bytes[behind - 2] == ord("/"))
    full = (window.at(behind) & MASKS[4]) == FORMULA_END
    value_tag = tag + np.where(full, 3, 2)
    value, end = run.tags[value_tag], run.tags[value_tag + 1]
    right = np.where(full, value == behind + 4, alone) & np.isin(run.bytes[cells.inner[at] + 2], list(b" >/"))
    head = window.at(value)
    held = ((head & MASKS[3]) == VALUE) & (window.at(end) == VALUE_AND_CELL_END)
    types = content.types[at]
    pending = (head & MASKS[4]) == CELL_END
    for spelling, size in zip(EMPTY_VALUES, EMPTY_VALUE_SIZES, strict=True):
        empty = ((head & MASKS[size]) == spelling) & ((window.at(value + size) & MASKS[4]) == CELL_END)
        pending |= empty & (types != STRING)
    content.start[at], content.end[at] = value + 3, end
    content.pending[at] = pending
    content.right[at] = right & (held | pending) & (types < BAD) & (types != INLINE)


def _inlines(run: _Run, cells: _Cells, content: _Content) -> None:
    """Correct the content of cells with one plain inline text."""
    at = np.flatnonzero((run.first[cells.tag + 1] == ord("i")) & (content.types == INLINE))
    if not len(at):
        return
    window, item = run.window, cells.inner[at]
    text, end = run.tags[cells.tag[at] + 2], run.tags[cells.tag[at] + 3]
    plain = (window.at(text) & MASKS[3]) == TEXT
    preserved = ~plain
    for step, part in enumerate(TEXT_PRESERVED):
        preserved &= window.at(np.minimum(text + 8 * step, run.end)) == part
    right = ((window.at(item) & MASKS[4]) == ITEM) & (text == item + 4) & (plain | preserved)
    right &= (window.at(end) == TEXT_AND_ITEM_END) & (window.at(end + 4) == ITEM_AND_CELL_END)
    right &= run.tags[cells.tag[at] + 5] == end + 9
    content.start[at] = text + np.where(plain, 3, 24)
    content.end[at] = end
    content.preserved[at] = preserved
    content.right[at] = right


def _numbers(run: _Run, content: _Content) -> NDArray[np.float64]:
    """The number of every cell that holds one; what is none makes its cell not right."""
    data = np.zeros(len(content.types), dtype=np.float64)
    held = content.right & ~content.pending
    at = np.flatnonzero(held & (content.types < ERROR))
    values, whole = integers(run.window, content.start[at], content.end[at])
    types = content.types[at]
    data[at] = values
    content.right[at] = np.where(types == BOOL, whole & (values <= 1), whole | (types == NUMBER))
    _fractions(run, content, at[~whole & (types == NUMBER)], data)
    words = np.flatnonzero(held & ((content.types == ERROR) | (content.types == ISO)))
    content.right[words] = run.bytes[content.start[words]] > ord(" ")
    content.right[words] &= content.end[words] > content.start[words]
    return data


def _fractions(run: _Run, content: _Content, at: Indexes, data: NDArray[np.float64]) -> None:
    pieces = [run.window.buffer[i:j] for i, j in zip(content.start[at], content.end[at], strict=True)]
    if NUMBERS.fullmatch(b" ".join([*pieces, b""])):
        data[at] = list(map(float, pieces))
        content.right[at] = np.isfinite(data[at])
    else:
        content.right[at] = False


def _texts(run: _Run, content: _Content, at: Indexes) -> list[str]:
    """Texts that stand in the cells themselves; ValueError on an unknown entity or wrong UTF-8."""
    buffer = run.window.buffer
    starts, ends = content.start[at].tolist(), content.end[at].tolist()
    if not starts:
        return []
    # Decoded in one go: no XML holds the zero character.
    together = b"\0".join([buffer[i:j] for i, j in zip(starts, ends, strict=True)]).decode()
    texts = together.split("\0")
    if len(texts) != len(starts):
        raise ValueError("zero character")
    if "&" in together or "\r" in together:
        texts = [character_data(text) for text in texts]
    stripped = list(map(str.strip, texts, repeat(XML_BLANKS)))
    if stripped != texts:
        strip = (content.types[at] == ISO) | ((content.types[at] == INLINE) & ~content.preserved[at])
        texts = [less if flag else text for flag, less, text in zip(strip, stripped, texts, strict=True)]
    if "_x" in together or "&" in together:
        texts = [unescaped(text) for text in texts]
    return texts
