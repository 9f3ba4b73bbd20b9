"""A sheet as labels and what stands beside or below them, merged cells as one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from zlxl.grid import Area, Cell, Grid, Kind, a1
from zlxl.schema.column import Storage
from zlxl.schema.headers import field_of, normalised
from zlxl.schema.table import Table
from zlxl.schema.ticks import alone, has_mark, ticked, typed

FORM_ROWS = 200  # a form further down is not looked for
TITLE_ROWS = 10
PUSHED_ROWS = 40  # as far down a title may have been pushed by other rows
HEADINGS = 3  # texts in a row above ticks that are typed as letters
LONGEST_TITLE = 24  # characters of such a one; it is no sentence

_NUMBERED = re.compile(
    r"^\s*(?:[(（]?(?:\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳])\s*"
)
_COLON = re.compile(r"[:：]")
_FURTHER = re.compile(r"(?<=\s)(?P<label>[^\s:：]*[\u4e00-\u9fff][^\s:：]*)[:：]")
_LINE = re.compile(r"[\s_＿]+")
_LONGEST_LABEL = 24
_TELLING = 4  # so many characters make a label even where the table itself does not know it
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日?")
_SEVERAL = frozenset({Storage.TEXT, Storage.NOTE})  # of these a field may hold several options


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What stands at a label, and where."""

    label: str
    cell: Cell
    row: int
    column: int
    chosen: tuple[str, ...] | None = None  #: options ticked; None where there are no boxes

    @property
    def place(self) -> str:
        """A1 address of the value."""
        return a1(self.row, self.column)

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in."""
        return self.cell.kind == Kind.EMPTY or (
            self.cell.kind == Kind.TEXT and not _bare(str(self.cell.value))
        )


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


@dataclass(kw_only=True)
class Reading:
    """What a sheet says of one table."""

    record: dict[str, Answer] = field(default_factory=dict)  #: first filled answer of each field
    blanks: dict[str, Answer] = field(default_factory=dict)  #: ticks and counts left out, by field
    several: list[tuple[str, Answer]] = field(default_factory=list)  #: where one tick is allowed
    different: list[tuple[str, Answer]] = field(default_factory=list)  #: numbers told twice, differently
    rows: dict[str, int] = field(default_factory=dict)  #: of the first label of each field


@dataclass(frozen=True)
class Page:
    """The upper left of a sheet.

    ``known`` are further labels, normalised, that no table has; ``choices`` the words of each list of 码表,
    which beside a label that asks for them are values whatever else they may be.
    """

    grid: Grid
    tables: Sequence[Table]
    known: Collection[str] = ()
    choices: Mapping[str, Collection[str]] = field(default_factory=dict)
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
        titles = (
            normalised(cell.value)
            for row, cells in self.cells.items()
            for cell in cells.values()
            if isinstance(cell.value, str) and (row <= TITLE_ROWS or _may_be_title(row, cell.value))
        )
        return table if any(words in title for title in titles) else None

    @cached_property
    def _labels(self) -> Sequence[_Label]:
        return [
            _Label(*part, self._area(row, column))
            for row, cells in self.cells.items()
            for column, cell in sorted(cells.items())
            if cell.kind == Kind.TEXT and self._area(row, column).left == column
            for part in _parted(str(cell.value))
        ]

    def read(self, table: Table, lent: Mapping[str, str] | None = None) -> Reading:
        """What the labels of a table say; ``lent`` are labels that tell a field whose own says nothing."""
        reading = Reading()
        for label in self._labels:
            name = field_of(table, label.text)
            if name is None:
                continue
            reading.rows.setdefault(name, label.area.top)
            answer = self._answer(label, table, name)
            if answer is None:
                continue
            if not answer.blank:
                _take(reading, table, name, answer)
            elif answer.chosen == () or table.columns[name].storage is Storage.NUMBER:
                reading.blanks.setdefault(name, answer)
        for label in self._labels:
            name = (lent or {}).get(normalised(label.text))
            if name is not None and name not in reading.record:
                answer = self._answer(label, table, name)
                reading.record |= {name: answer} if answer and not answer.blank else {}
        reading.blanks = {name: blank for name, blank in reading.blanks.items() if name not in reading.record}
        return reading

    def unknown(self, table: Table) -> dict[str, Answer]:
        """Answers to labels that mean no field: with a colon, or known otherwise; the first of each."""
        found: dict[str, Answer] = {}
        for label in self._labels:
            if field_of(table, label.text) is not None or label.text in found:
                continue
            if label.colon or self._is_known(label.text):
                answer = self._answer(label, table)
                found |= {label.text: answer} if answer and not answer.blank else {}
        return found

    def _answer(self, label: _Label, table: Table, name: str = "") -> Answer | None:
        """What stands at a label; a blank answer where there is a place for one, None where there is none."""
        area = label.area
        if label.inline:
            options = ticked(label.inline)
            text = label.inline if options is None else ";".join(options)
            return _told(label, area, Cell(Kind.TEXT, text), options)
        if label.colon and _COLON.search(_bare(str(self._cell(area).value))[:-1]):
            return None  # its place is in its own cell, and empty
        own = self.choices.get(table.columns[name].choices or "", ()) if name else ()
        beside = list(self._beside(area, table, own))
        if beside:
            choice = bool(name) and table.columns[name].storage is Storage.CHOICE
            return _told(label, beside[0], *self._joined(beside, choice=choice))
        below = self._below(area, table)
        if below is not None:
            return _told(label, below, *self._joined([below]))
        return _told(label, self._area(area.top, area.right + 1), Cell(), None)

    def _beside(self, area: Area, table: Table, own: Collection[str] = ()) -> Iterator[Area]:
        """Filled cells to the right, up to the next label, on every line that the label takes."""
        seen: set[Area] = set()
        for row in range(area.top, min(area.bottom, FORM_ROWS) + 1):
            column = area.right + 1
            while column <= self._right:
                near = self._area(row, column)
                cell = self._cell(near)
                if self._is_label(cell, table) and (seen or normalised(str(cell.value)) not in own):
                    break
                blank = cell.kind == Kind.EMPTY or (cell.kind == Kind.TEXT and not _bare(str(cell.value)))
                if not blank and near not in seen:
                    seen.add(near)
                    yield near
                column = near.right + 1

    def _below(self, area: Area, table: Table) -> Area | None:
        """The cell below a label, where the label's row holds nothing but labels and it is none itself."""
        if self._has_room_beside(area, table):
            return None
        below = self._area(area.bottom + 1, area.left)
        cell = self._cell(below)
        taken = below.left != area.left or self._is_label(cell, table)
        if taken or cell.kind == Kind.EMPTY or _NUMBERED.match(str(cell.value)):
            return None
        return below

    def _has_room_beside(self, area: Area, table: Table) -> bool:
        """Whether values go to the right in a label's row: it holds one, or boxes or gaps for some."""
        filled = {c: cell for c, cell in self.cells.get(area.top, {}).items() if cell.kind != Kind.EMPTY}
        if not all(self._is_label(cell, table) for cell in filled.values()):
            return True
        ends = {column: self._area(area.top, column).right for column in filled}
        gaps = any(end + 1 not in filled for end in ends.values() if end < max(ends.values()))
        return gaps or (area.top, area.right + 1) in self._merged

    def _is_label(self, cell: Cell, table: Table) -> bool:
        if cell.kind != Kind.TEXT:
            return False
        parts = _parted(str(cell.value))
        return any(
            field_of(table, part.label) or self._is_known(part.label) or (part.colon and not part.inline)
            for part in parts
        )

    def _is_known(self, text: str) -> bool:
        """Whether it is a label elsewhere; a short word of another table may as well be a value."""
        if normalised(text) in self.known:
            return True
        return len(text) >= _TELLING and any(field_of(table, text) for table in self.tables)

    def _joined(self, areas: Sequence[Area], *, choice: bool = False) -> tuple[Cell, tuple[str, ...] | None]:
        """The cells as one value: the only one, a date in pieces, or the options ticked among them."""
        cells = [self._cell(area) for area in areas]
        texts = [str(cell.value) if cell.kind == Kind.TEXT else "" for cell in cells]
        joined = "".join(_plain(cell) for cell in cells)
        if len(cells) > 1 and _DATE.fullmatch(_LINE.sub("", joined)):
            return Cell(Kind.TEXT, _LINE.sub("", joined)), None
        boxed = any(alone(text) is not None for text in texts)
        ticks = [self._tick(area, choice=choice, boxed=boxed) for area in areas]
        if not any(tick is not None or has_mark(text) for tick, text in zip(ticks, texts, strict=True)):
            return cells[0], None
        options: tuple[str, ...] | None = tuple(self._chosen(areas, texts, ticks))
        options = options or ticked(" ".join(texts))
        return (cells[0], None) if options is None else (Cell(Kind.TEXT, ";".join(options)), options)

    def _tick(self, area: Area, *, choice: bool, boxed: bool) -> bool | None:
        """Whether a cell is a box of its own, and ticked.

        What people type is a tick only under headings, or beside boxes that they left open.
        """
        text = _plain(self._cell(area))
        found = alone(text)
        if found is None and choice and typed(text) and (boxed or self._heading(area, HEADINGS)):
            return True
        return found

    def _chosen(
        self, areas: Sequence[Area], texts: Sequence[str], ticks: Sequence[bool | None]
    ) -> Iterator[str]:
        """Options of ticks that stand in cells of their own: written in the next cell, or above."""
        if all(tick is None for tick in ticks):
            yield from (option for text in texts for option in ticked(text) or ())
            return
        for at, tick in enumerate(ticks):
            if tick:
                beside = at + 1 < len(texts) and ticks[at + 1] is None and texts[at + 1].strip()
                option = beside or self._heading(areas[at])
                yield from (option,) * bool(option)

    def _heading(self, area: Area, texts: int = 1) -> str:
        """The text above a tick, in a row that holds so many texts; empty when there is none."""
        for row in range(area.top - 1, 0, -1):
            cell = self._cell(self._area(row, area.left))
            text = str(cell.value or "")
            if cell.kind == Kind.TEXT and _bare(text) and not has_mark(text) and not typed(text):
                beside = [other for other in self.cells[row].values() if other.kind == Kind.TEXT]
                return text.strip() if len(beside) >= texts else ""
        return ""


def _may_be_title(row: int, text: str) -> bool:
    return row <= PUSHED_ROWS and len(text) <= LONGEST_TITLE


def _take(reading: Reading, table: Table, name: str, answer: Answer) -> None:
    held = reading.record.setdefault(name, answer)
    if held is answer and len(answer.chosen or ()) > 1 and table.columns[name].storage not in _SEVERAL:
        reading.several.append((name, answer))
    if held is not answer and name in table.key and _code(held) != _code(answer):
        reading.different.append((name, answer))


def _code(answer: Answer) -> str:
    return normalised(_plain(answer.cell))


def _told(label: _Label, area: Area, cell: Cell, chosen: tuple[str, ...] | None) -> Answer:
    return Answer(label=label.text, cell=cell, row=area.top, column=area.left, chosen=chosen)


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
