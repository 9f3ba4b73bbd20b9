"""Cells painted and freed of paint while a worksheet part streams; to and fro gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from zlxl.excel.patch.fills import (
    ABSENT,
    BARE_CELL,
    BARE_ROW,
    BLANK_CELL,
    CELL,
    NO_CELL,
    NO_ROW,
    NO_ROWS,
    Before,
    Fills,
)
from zlxl.excel.patch.markup import Replacement, attribute, prefix_of, replaced, tags, with_attribute
from zlxl.excel.patch.row import cells_of, row_node
from zlxl.excel.styles import style_index
from zlxl.grid import a1

BORDER = 256  # bytes within which an attribute that a chunk cuts through is found again
_ADDED = (b"r", b"spans", b"dyDescent")  # attributes that any row has
_NAME = re.compile(rb"""\s([^\s=/>"']+)\s*=\s*["']""")
_STYLE = re.compile(rb"""(\ss\s*=\s*)(["'])[^"']*["']""")


class _Sheet:
    """What both ways know of a sheet."""

    def __init__(self) -> None:
        self.prefix = b""
        self.columns: list[tuple[int, int, int]] = []  # first, last, format

    def head(self, head: bytes) -> bytes:
        """Note the formats of columns."""
        for tag in tags(head):
            if tag["name"] == b"worksheet":
                self.prefix = prefix_of(tag)
            elif tag["name"] == b"col" and not tag["closing"]:
                first, last = (attribute(tag[0], end) or "" for end in (b"min", b"max"))
                if first.isdecimal() and last.isdecimal():
                    self.columns.append((int(first), int(last), _style(tag[0], b"style")))
        return head

    def default(self, row_tag: bytes | None, column: int) -> int:
        """The format of a cell that is not there."""
        if row_tag is not None and attribute(row_tag, b"customFormat") in ("1", "true"):
            return _style(row_tag, b"s")
        return next((style for first, last, style in self.columns if first <= column <= last), 0)


def _style(tag: bytes, name: bytes) -> int:
    return style_index(attribute(tag, name) or "")


def _restyled(tag: bytes, style: int | None) -> bytes:
    """A cell's tag with another format, or one that says nothing, between the same quotes."""
    said = "" if style is None else str(style)
    found = _STYLE.search(tag)
    if found is None:
        return with_attribute(tag, b"s", said)
    quoted = found[2] + said.encode() + found[2]
    return tag[: found.end(1)] + quoted + tag[found.end() :]


class Painting(_Sheet):
    """Paints the cells of one sheet; those that are not there are made."""

    def __init__(self, levels: Mapping[int, Mapping[int, str]], fills: Fills) -> None:
        super().__init__()
        self._levels = levels
        self._fills = fills
        self._todo = sorted(levels, reverse=True)  # the next row last

    def closes(self) -> bool:
        """Sheet data stays as it is."""
        return False

    def wants(self, number: int) -> bool:
        """Whether a cell of the row is to be painted."""
        if self._todo and self._todo[-1] == number:
            self._todo.pop()
            return True
        return False

    def missing(self, number: int, *, any_rows: bool) -> bytes:
        """Rows that are not there, for the painted cells in them."""
        made = b""
        while self._todo and self._todo[-1] < number:
            row = self._todo.pop()
            cells = self._made(row, sorted(self._levels[row]), None, NO_ROW if any_rows else NO_ROWS)
            if cells:
                name = self.prefix + b"row"
                made += b'<%b r="%d">%b</%b>' % (name, row, cells, name)
        return made

    def row(self, markup: bytes, number: int) -> bytes:
        """The row with its painted cells."""
        row = row_node(markup)
        tag = row.tag(markup)
        levels = self._levels[number]
        if tag.endswith(b"/>"):
            cells = self._made(number, sorted(levels), tag, BARE_ROW)
            return tag[:-2] + b">" + cells + b"</" + row.prefix + b"row>" if cells else markup
        todo = sorted(levels)
        edits: list[Replacement] = []
        end = row.inner
        for column, cell in cells_of(markup, row, number):
            before = [c for c in todo if c < column]
            edits.append((cell.start, cell.start, self._made(number, before, tag, NO_CELL)))
            if column in levels:
                painted = self._painted(cell.tag(markup), levels[column])
                edits.append((cell.start, cell.inner, painted))
            todo = [c for c in todo if c > column]
            end = cell.end
            if not todo:
                break
        edits.append((end, end, self._made(number, todo, tag, NO_CELL)))
        return replaced(markup, edits)

    def _painted(self, tag: bytes, level: str) -> bytes:
        stated = attribute(tag, b"s")
        kind = CELL if stated else BARE_CELL if stated is None else BLANK_CELL
        style = self._fills.painted(_style(tag, b"s"), kind, level)
        return tag if style is None else _restyled(tag, style)

    def _made(self, row: int, columns: Iterable[int], row_tag: bytes | None, kind: str) -> bytes:
        cells = b""
        for column in columns:
            level = self._levels[row][column]
            style = self._fills.painted(self.default(row_tag, column), kind, level)
            if style is not None:
                cells += b'<%bc r="%b" s="%d"/>' % (self.prefix, a1(row, column).encode(), style)
        return cells


class Cleaning(_Sheet):
    """Gives every cell, row and column with a format of ours the one before.

    ``faded``: the same for formats that are ours only on cells in ``noted``.
    """

    def __init__(self, marked: Before, faded: Before, noted: Container[tuple[int, int]]) -> None:
        super().__init__()
        self._marked, self._faded, self._noted = marked, faded, noted
        self._sought = usage((*marked, *faded))
        self._closes = False

    def closes(self) -> bool:
        """Whether the sheet had no rows, and the last of ours went."""
        return self._closes

    def wants(self, number: int) -> bool:
        """Every row is looked at."""
        return True

    def missing(self, number: int, *, any_rows: bool) -> bytes:
        """No rows are added."""
        return b""

    def row(self, markup: bytes, number: int) -> bytes:
        """The row without paint; nothing where it was made for it."""
        if not self._sought.search(markup):
            return markup
        row = row_node(markup)
        tag = self._row_tag(row.tag(markup))
        edits: list[Replacement] = [(row.start, row.inner, tag)]
        gone: list[str] = []
        left = False
        for column, cell in cells_of(markup, row, number):
            found = self._before(cell.tag(markup), number, column)
            whole = markup[cell.start : cell.end]
            if found and found[0] in ABSENT and _is_plain(whole) and found[1] == self.default(tag, column):
                edits.append((cell.start, cell.end, b""))
                gone.append(found[0])
                continue
            left = True
            if found:
                edits.append((cell.start, cell.inner, _freed(cell.tag(markup), *found)))
        cleaned = replaced(markup, edits)
        return cleaned if left or not gone else self._emptied(tag, cleaned, gone)

    def _before(self, tag: bytes, row: int, column: int) -> tuple[str, int] | None:
        style = _style(tag, b"s")
        return self._marked.get(style) or ((row, column) in self._noted and self._faded.get(style)) or None

    def _emptied(self, tag: bytes, markup: bytes, gone: list[str]) -> bytes:
        """A row that lost its last cell: as it was before the first."""
        self._closes |= NO_ROWS in gone
        inner = markup[len(tag) : markup.rindex(b"</")]
        if inner.strip():
            return markup
        if all(kind in (NO_ROWS, NO_ROW) for kind in gone) and not _attributes(tag):
            return b""
        return tag[:-1] + b"/>" if BARE_ROW in gone else markup

    def _row_tag(self, tag: bytes) -> bytes:
        found = self._marked.get(_style(tag, b"s"))
        return with_attribute(tag, b"s", str(found[1])) if found else tag

    def head(self, head: bytes) -> bytes:
        """What stands before the rows, with the formats that columns had."""
        edits = [
            (tag.start(), tag.end(), with_attribute(tag[0], b"style", str(found[1])))
            for tag in tags(head)
            if tag["name"] == b"col" and (found := self._marked.get(_style(tag[0], b"style")))
        ]
        return super().head(replaced(head, edits))


def _attributes(tag: bytes) -> list[bytes]:
    """Names of a row's attributes, but for those that Excel adds to any."""
    return [name for name in _NAME.findall(tag) if name.rpartition(b":")[2] not in _ADDED]


def _is_plain(cell: bytes) -> bool:
    """Whether a cell holds nothing."""
    return cell.endswith(b"/>") or cell[cell.index(b">") + 1 :].startswith(b"</")


def _freed(tag: bytes, kind: str, style: int) -> bytes:
    if kind == BARE_CELL and not style:
        return with_attribute(tag, b"s", None)
    return _restyled(tag, None if kind == BLANK_CELL and not style else style)


def usage(formats: Iterable[int]) -> re.Pattern[bytes]:
    """Finds an attribute of a cell, row or column that names one of the formats."""
    numbers = b"|".join(str(index).encode() for index in sorted(formats))
    return re.compile(rb"""\s(?:s|style)\s*=\s*["'](?:%b)["']""" % numbers)


def uses(chunks: Iterable[bytes], formats: Iterable[int]) -> bool:
    """Whether a sheet, in UTF-8, uses one of the formats."""
    sought = usage(formats)
    held = b""
    for chunk in chunks:
        held = held[-BORDER:] + chunk
        if sought.search(held):
            return True
    return False
