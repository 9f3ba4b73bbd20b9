"""Reading a form: a label in a cell, its value to the right or below, options ticked; one record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from zlxl.grid import Area, Cell, Grid, Kind, MemoryGrid, a1
from zlxl.schema.headers import HeaderMatch, field_of, normalised
from zlxl.schema.table import Table

FORM_ROWS = 200  # a form further down is not looked for
TITLE_ROWS = 10
MIN_FIELDS = 3  # filled in, on a sheet without a known title
MIN_TITLED = 2
ENOUGH = 6  # so many are a record even without its key

_NUMBERED = re.compile(
    r"^\s*(?:[(（]?(?:\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳])\s*"
)
_COLON = re.compile(r"[:：]")
_FURTHER = re.compile(r"(?<=\s)(?P<label>[^\s:：]*[\u4e00-\u9fff][^\s:：]*)[:：]")
_LINE = re.compile(r"[\s_＿]+")
_LONGEST_LABEL = 24
_TELLING = 4  # so many characters make a label even where the table itself does not know it
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日?")
_OPEN, _CLOSE = r"[(（\[【]\s*", r"\s*[)）\]】]"
_MARK = re.compile(
    rf"(?P<on>{_OPEN}[√✓✔xX☑]{_CLOSE}|[☑☒✓✔√🗹])|(?P<off>{_OPEN}{_CLOSE}|[□☐○◯▢])|(?P<solid>[■●◉⦿▣])"
)
_BESIDE = " \t\n\r\u3000,，、;；/|"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A record read from a form: the same as a table of one row, and where each value stood."""

    grid: MemoryGrid  #: header in row 1, the record in row 2
    match: HeaderMatch
    places: Mapping[str, str]  #: A1 address of the value by field
    unknown: tuple[str, ...] = ()  #: labels with a value that the table does not know


Titles = Sequence[tuple[str, Table]]


def read_form(grid: Grid, tables: Sequence[Table], titles: Titles = ()) -> Form | None:
    """The record of a form on a sheet, of the table whose labels it bears; None when it is no form.

    A title says which table is meant; without one it is the table of which most labels have a value.
    """
    page = _Page(grid, tables)
    titled = next((t for t in (page.titled(words, t) for words, t in titles) if t in tables), None)
    candidates = [titled] if titled is not None else tables
    records = [(table, page.record(table)) for table in candidates]
    table, record = max(records, key=lambda found: len(found[1]), default=(None, {}))
    if table is None or not _suffices(table, record, titled=titled is not None):
        return None
    return _form(grid, table, record, tuple(dict.fromkeys(page.unknown(table))))


def _suffices(table: Table, record: Mapping[str, _Answer], *, titled: bool) -> bool:
    if titled:
        return len(record) >= MIN_TITLED
    needed = max(MIN_FIELDS, len(table.required) // 2 + 1)
    keyed = any(name in record for name in table.key) or len(record) >= ENOUGH
    return len(record) >= needed and keyed


def _form(grid: Grid, table: Table, record: Mapping[str, _Answer], unknown: tuple[str, ...]) -> Form:
    columns = {name: number for number, name in enumerate(record, 1)}
    spelled = {name: answer.label for name, answer in record.items()}
    headers = {columns[name]: Cell(Kind.TEXT, label) for name, label in spelled.items()}
    values = {columns[name]: answer.cell for name, answer in record.items()}
    flat = MemoryGrid(
        sheet=grid.sheet,
        cells={1: headers, 2: values},
        number_formats=grid.number_formats,
        typed=grid.typed,
        date1904=grid.date1904,
    )
    return Form(
        grid=flat,
        match=HeaderMatch(table=table, row=1, fields=columns, spelled=spelled),
        places={name: a1(answer.row, answer.column) for name, answer in record.items()},
        unknown=unknown,
    )


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """The value of a label, and where it stands."""

    label: str
    cell: Cell
    row: int
    column: int


class _Part(NamedTuple):
    """What may be a label within a cell; ``inline`` is what follows its colon there."""

    label: str
    inline: str
    colon: bool


class _Label(NamedTuple):
    """What may be a label, and its cell."""

    text: str
    inline: str
    colon: bool
    area: Area


@dataclass(frozen=True)
class _Page:
    """The upper left of a sheet, with merged cells as one."""

    grid: Grid
    tables: Sequence[Table]
    cells: Mapping[int, Mapping[int, Cell]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", self.grid.head(FORM_ROWS))

    @cached_property
    def _merged(self) -> Mapping[tuple[int, int], Area]:
        areas = [area for area in self.grid.layout().merges if area.top <= FORM_ROWS]
        return {
            (row, column): area
            for area in areas
            for row in range(area.top, min(area.bottom, FORM_ROWS) + 1)
            for column in range(area.left, min(area.right, area.left + 255) + 1)
        }

    @cached_property
    def _right(self) -> int:
        return max((max(row) for row in self.cells.values() if row), default=0)

    def _area(self, row: int, column: int) -> Area:
        return self._merged.get((row, column), Area(row, column, row, column))

    def _cell(self, area: Area) -> Cell:
        return self.cells.get(area.top, {}).get(area.left, Cell())

    def titled(self, words: str, table: Table) -> Table | None:
        """The table if one of the first rows holds the words of its title."""
        texts = (c.value for row, cells in self.cells.items() if row <= TITLE_ROWS for c in cells.values())
        return table if any(isinstance(text, str) and words in normalised(text) for text in texts) else None

    @cached_property
    def _labels(self) -> Sequence[_Label]:
        return [
            _Label(*part, self._area(row, column))
            for row, cells in self.cells.items()
            for column, cell in sorted(cells.items())
            if cell.kind == Kind.TEXT and self._area(row, column).left == column
            for part in _parted(str(cell.value))
        ]

    def record(self, table: Table) -> dict[str, _Answer]:
        """Fields that have a value, the first of each."""
        found: dict[str, _Answer] = {}
        for label in self._labels:
            name = field_of(table, label.text)
            if name is not None and name not in found and (answer := self._answer(label, table)):
                found[name] = answer
        return found

    def unknown(self, table: Table) -> Iterator[str]:
        """Labels that have a value and mean no field: with a colon, or known to another table."""
        for label in self._labels:
            if field_of(table, label.text) is not None:
                continue
            if (label.colon or self._is_known(label.text)) and self._answer(label, table):
                yield label.text

    def _answer(self, label: _Label, table: Table) -> _Answer | None:
        area = label.area
        if label.inline:
            options = _ticked(label.inline)
            text = label.inline if options is None else options
            return self._told(label, Cell(Kind.TEXT, text), area)
        if label.colon and _COLON.search(_bare(str(self._cell(area).value))[:-1]):
            return None  # its place is in its own cell, and empty
        beside = list(self._beside(area, table))
        if beside:
            return self._told(label, self._joined(beside), beside[0])
        below = self._below(area, table)
        return self._told(label, self._joined([below]), below) if below else None

    def _told(self, label: _Label, cell: Cell, area: Area) -> _Answer | None:
        blank = cell.kind == Kind.EMPTY or (cell.kind == Kind.TEXT and not _bare(str(cell.value)))
        return None if blank else _Answer(label=label.text, cell=cell, row=area.top, column=area.left)

    def _beside(self, area: Area, table: Table) -> Iterator[Area]:
        """Filled cells to the right, up to the next label."""
        column = area.right + 1
        while column <= self._right:
            near = self._area(area.top, column)
            cell = self._cell(near)
            if self._is_label(cell, table):
                return
            if cell.kind != Kind.EMPTY and not (cell.kind == Kind.TEXT and not _bare(str(cell.value))):
                yield near
            column = near.right + 1

    def _below(self, area: Area, table: Table) -> Area | None:
        """The cell below a label, where the label's row holds nothing but labels and it is none itself."""
        row = self.cells.get(area.top, {})
        if not all(self._is_label(cell, table) for cell in row.values() if cell.kind != Kind.EMPTY):
            return None
        below = self._area(area.bottom + 1, area.left)
        cell = self._cell(below)
        taken = below.left != area.left or self._is_label(cell, table)
        if taken or cell.kind == Kind.EMPTY or _NUMBERED.match(str(cell.value)):
            return None
        return below

    def _is_label(self, cell: Cell, table: Table) -> bool:
        if cell.kind != Kind.TEXT:
            return False
        parts = _parted(str(cell.value))
        return any(
            field_of(table, part.label) or self._is_known(part.label) or (part.colon and not part.inline)
            for part in parts
        )

    def _is_known(self, text: str) -> bool:
        """Whether any table knows the label; a short word may as well be a value."""
        return len(text) >= _TELLING and any(field_of(table, text) for table in self.tables)

    def _joined(self, areas: Sequence[Area]) -> Cell:
        """The cells as one value: the only one, a date in pieces, or the options ticked among them."""
        cells = [self._cell(area) for area in areas]
        texts = [str(cell.value) if cell.kind == Kind.TEXT else "" for cell in cells]
        joined = "".join(_plain(cell) for cell in cells)
        if len(cells) > 1 and _DATE.fullmatch(_LINE.sub("", joined)):
            return Cell(Kind.TEXT, _LINE.sub("", joined))
        if not any(_MARK.search(text) for text in texts):
            return cells[0]
        chosen = list(self._chosen(areas, texts))
        options = ";".join(chosen) if chosen else _ticked(" ".join(texts))
        return cells[0] if options is None else Cell(Kind.TEXT, options)

    def _chosen(self, areas: Sequence[Area], texts: Sequence[str]) -> Iterator[str]:
        """Options of ticks that stand in cells of their own: written in the next cell, or above."""
        alone = [bool(found) for found in map(_MARK.fullmatch, map(str.strip, texts))]
        if not any(alone):
            yield from filter(None, map(_ticked, texts))
            return
        for at, text in enumerate(texts):
            tick = _MARK.fullmatch(text.strip())
            if tick and not tick["off"]:
                beside = at + 1 < len(texts) and not alone[at + 1] and texts[at + 1].strip()
                yield beside or self._heading(areas[at])

    def _heading(self, area: Area) -> str:
        for row in range(area.top - 1, 0, -1):
            cell = self._cell(self._area(row, area.left))
            text = str(cell.value or "")
            if cell.kind == Kind.TEXT and _bare(text) and not _MARK.search(text):
                return text.strip()
        return ""


def _parted(text: str) -> Sequence[_Part]:
    """Labels of a cell: one a line, and further ones on a line where each ends with a colon."""
    found = [part for line in text.split("\n") for part in _parts(line)]
    return [part for part in found if 0 < len(part.label) <= _LONGEST_LABEL]


def _parts(line: str) -> Iterator[_Part]:
    first = _COLON.search(line)
    if first is None:
        yield _Part(_NUMBERED.sub("", line).strip(), "", False)
        return
    more = list(_FURTHER.finditer(line, first.end()))
    starts = [(line[: first.start()], first.end()), *((found["label"], found.end()) for found in more)]
    ends = [*(found.start() for found in more), len(line)]
    for (label, start), end in zip(starts, ends, strict=True):
        inline = line[start:end].strip()
        yield _Part(_NUMBERED.sub("", label).strip(), inline if _bare(inline) else "", True)


def _bare(text: str) -> str:
    """Text without blanks and lines to write on."""
    return _LINE.sub("", text)


def _plain(cell: Cell) -> str:
    if cell.kind == Kind.NUMBER and isinstance(cell.value, float):
        return f"{cell.value:g}"
    return str(cell.value or "")


def _ticked(text: str) -> str | None:
    """The options ticked in a text, joined by ``;``; empty when none is, None when it holds no boxes.

    A solid square or dot is a tick only where an empty one stands beside it.
    """
    marks = list(_MARK.finditer(text))
    certain = any(mark["on"] for mark in marks) or any(mark["off"] and mark[0] in "□☐○◯▢" for mark in marks)
    if not certain:
        return None
    before = bool(text) and marks[0].start() <= len(text) - len(text.lstrip(_BESIDE))
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(text)]
    options = [text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]
    said = options[1:] if before else options[:-1]
    chosen = (_option(said[at]) for at, mark in enumerate(marks) if not mark["off"])
    return ";".join(option for option in chosen if option)


def _option(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(_BESIDE + "_＿")
