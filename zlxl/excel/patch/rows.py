"""The rows of a worksheet part, one by one: to be read, or to be written anew in passing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import attribute
from zlxl.excel.patch.splitter import Mark, Marks
from zlxl.grid import MAX_ROWS

MAX_ROW_BYTES = 64 << 20
#: "Rows" that stand for what is around them, for their opening and for their end.
AROUND, START, END = 0, -1, MAX_ROWS + 1

_ROW_NUMBER = re.compile(rb'<row r="([1-9][0-9]{0,6})"')

#: Makes a row anew from its markup, which is empty where there is no such row; gets the prefix too.
Rewrite = Callable[[bytes, bytes], bytes]


def numbered(tag: bytes, before: int) -> int:
    """Number of a row by its start tag; ValueError where it does not follow the row before."""
    canonical = _ROW_NUMBER.match(tag)
    number = int(canonical[1]) if canonical else int((attribute(tag, b"r") or str(before + 1)).strip())
    if not before < number <= MAX_ROWS:
        raise ValueError(f"第 {number} 行的次序错乱")
    return number


def whole_row(
    mark: Mark, stream: Iterator[tuple[bytes, Mark]], seen: Callable[[Mark], None] = lambda _: None
) -> bytes:
    """A row from its start tag to its end; ``seen`` gets the marks within it."""
    if mark["empty"]:
        return mark[0]
    pieces, size = [mark[0]], 0
    for before, inner in stream:
        pieces += before, inner[0]
        size += len(before)
        seen(inner)
        if inner["name"] == b"row":
            return b"".join(pieces)
        if size > MAX_ROW_BYTES:
            raise SuspectError("内有异常巨大的行")
    raise EOFError("工作表部件不完整")


def split_rows(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The part, in UTF-8, in pieces: rows by number, START and END of them, AROUND.

    Sheet data of one tag are an END alone.
    """
    marks = Marks(chunks)
    stream = iter(marks)
    for before, mark in stream:
        yield AROUND, before
        if mark["name"] != b"sheetData":
            yield AROUND, mark[0]
            continue
        if mark["empty"]:
            yield END, mark[0]
        else:
            yield START, mark[0]
            yield from _inner(stream)
        for piece in marks.rest():
            yield AROUND, piece
        return
    raise EOFError("工作表部件不完整")


def _inner(stream: Iterator[tuple[bytes, Mark]]) -> Iterator[tuple[int, bytes]]:
    number = 0
    for before, mark in stream:
        if before:
            yield AROUND, before
        if mark["name"] == b"sheetData":
            yield END, mark[0]
            return
        number = numbered(mark[0], number)
        yield number, whole_row(mark, stream)
    raise EOFError("工作表部件不完整")


def with_rows(end: bytes, rows: bytes) -> bytes:
    """The END of the rows with new ones before it."""
    if not rows or not end.endswith(b"/>"):
        return rows + end
    return end[:-2] + b">" + rows + b"</" + _name(end) + b">"


def rewritten(chunks: Iterable[bytes], rewrites: Mapping[int, Rewrite]) -> Iterator[bytes]:
    """The part with some rows made anew, from the first to the last."""
    todo = sorted(rewrites, reverse=True)  # the next one last
    for number, piece in split_rows(chunks):
        new = b""
        while number > 0 and todo and todo[-1] < number:
            new += rewrites[todo.pop()](b"", _prefix(piece))
        if number == END:
            yield with_rows(piece, new)
        elif todo and todo[-1] == number:
            yield new + rewrites[todo.pop()](piece, _prefix(piece))
        else:
            yield new + piece


def _name(tag: bytes) -> bytes:
    return tag.strip(b"</>").split(None, 1)[0].rstrip(b"/>")


def _prefix(piece: bytes) -> bytes:
    prefix, colon, _ = _name(piece[: piece.index(b">")]).rpartition(b":")
    return prefix + colon


class RowEdit(Protocol):
    """What is done with the rows of a part."""

    def head(self, head: bytes) -> bytes:
        """What stands before the rows, as it is to be."""

    def missing(self, number: int, *, any_rows: bool) -> bytes:
        """Rows to be put before the row of this number; none of them is there."""

    def wants(self, number: int) -> bool:
        """Whether a row may have to change."""

    def row(self, markup: bytes, number: int) -> bytes:
        """A row as it is to be."""

    def closes(self) -> bool:
        """Whether sheet data that is empty now was one tag before."""


def edited_rows(chunks: Iterable[bytes], edit: RowEdit) -> Iterator[bytes]:
    """The part, in UTF-8, with its rows changed, every other byte staying."""
    pieces = split_rows(chunks)
    head: list[bytes] = []
    for number, piece in pieces:
        if number == AROUND:
            head.append(piece)
            continue
        yield edit.head(b"".join(head))
        if number == END:
            yield with_rows(piece, edit.missing(END, any_rows=False))
        else:
            yield from _edited(pieces, piece, edit)
        break
    yield from (piece for _, piece in pieces)


def _edited(pieces: Iterator[tuple[int, bytes]], opening: bytes, edit: RowEdit) -> Iterator[bytes]:
    """The sheet data; left without rows, it may become one tag again."""
    held = opening
    for number, piece in pieces:
        if number == END:
            new = edit.missing(END, any_rows=True)
            closes = held and not new and edit.closes()
            yield held[:-1] + b"/>" if closes else held + new + piece
            return
        if number != AROUND:
            new = edit.missing(number, any_rows=True)
            piece = new + (edit.row(piece, number) if edit.wants(number) else piece)
        if piece:
            yield held + piece
            held = b""
