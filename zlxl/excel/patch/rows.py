"""The rows of a worksheet part, one by one: to be read, or to be written anew in passing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import attribute, opened, prefix_of
from zlxl.excel.patch.splitter import Mark, Marks
from zlxl.grid import MAX_ROWS

MAX_ROW_BYTES = 64 << 20
END = MAX_ROWS + 1  # "row" that stands for the end of the rows

_ROW_NUMBER = re.compile(rb'<row r="([1-9][0-9]{0,6})"')

#: Makes a row anew from its markup, which is empty where there is no such row; gets the prefix too.
Rewrite = Callable[[bytes, bytes], bytes]


def split_rows(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The part, in UTF-8, in pieces: rows by number, 0 for what stands around them, END where they end."""
    marks = Marks(chunks)
    stream = iter(marks)
    for before, mark in stream:
        yield 0, before
        if mark["name"] != b"sheetData":
            yield 0, mark[0]
            continue
        yield 0, opened(mark[0])
        if mark["empty"]:
            yield END, b"</" + prefix_of(mark) + b"sheetData>"
        else:
            yield from _inner(stream)
        for piece in marks.rest():
            yield 0, piece
        return
    raise EOFError("工作表部件不完整")


def _inner(stream: Iterator[tuple[bytes, Mark]]) -> Iterator[tuple[int, bytes]]:
    number = 0
    for before, mark in stream:
        if before:
            yield 0, before
        if mark["name"] == b"sheetData":
            yield END, mark[0]
            return
        number = _numbered(mark[0], number)
        yield number, mark[0] if mark["empty"] else _whole(mark, stream)
    raise EOFError("工作表部件不完整")


def _numbered(tag: bytes, before: int) -> int:
    canonical = _ROW_NUMBER.match(tag)
    number = int(canonical[1]) if canonical else int((attribute(tag, b"r") or str(before + 1)).strip())
    if not before < number <= MAX_ROWS:
        raise ValueError(f"第 {number} 行的次序错乱")
    return number


def _whole(mark: Mark, stream: Iterator[tuple[bytes, Mark]]) -> bytes:
    pieces, size = [mark[0]], 0
    for before, inner in stream:
        pieces += before, inner[0]
        size += len(before)
        if inner["name"] == b"row":
            return b"".join(pieces)
        if size > MAX_ROW_BYTES:
            break
    raise SuspectError("内有异常巨大的行")


def rewritten(chunks: Iterable[bytes], rewrites: Mapping[int, Rewrite]) -> Iterator[bytes]:
    """The part with some rows made anew, from the first to the last."""
    todo = sorted(rewrites, reverse=True)  # the next one last
    for number, piece in split_rows(chunks):
        prefix = _prefix(piece) if number else b""
        while number and todo and todo[-1] < number:
            yield rewrites[todo.pop()](b"", prefix)
        if todo and todo[-1] == number:
            yield rewrites[todo.pop()](piece, prefix)
        else:
            yield piece


def _prefix(piece: bytes) -> bytes:
    name = piece[1 : piece.index(b">")].lstrip(b"/").split(None, 1)[0]
    return name.rpartition(b":")[0] + b":" if b":" in name else b""
