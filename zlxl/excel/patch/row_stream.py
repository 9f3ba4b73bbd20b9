"""A worksheet part whose rows are changed one by one while it streams, every other byte staying."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import Protocol

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import attribute
from zlxl.excel.patch.splitter import Mark, Marks
from zlxl.grid import MAX_ROWS

MAX_ROW_BYTES = 64 << 20


class RowEdit(Protocol):
    """What is done with the rows."""

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
    """The part, in UTF-8, with its rows changed."""
    return _Stream(chunks, edit).run()


class _Stream:
    def __init__(self, chunks: Iterable[bytes], edit: RowEdit) -> None:
        self._edit = edit
        self._marks = Marks(chunks)
        self._stream = iter(self._marks)
        self._row = 0

    def run(self) -> Iterator[bytes]:
        """The part with its changes."""
        opening = yield from self._head()
        tag = opening[0]
        if opening["empty"]:
            made = self._edit.missing(MAX_ROWS + 1, any_rows=False)
            name = tag[1:].split(b"sheetData")[0] + b"sheetData"
            yield tag[:-2] + b">" + made + b"</" + name + b">" if made else tag
        else:
            yield from self._filled(tag)
        yield from self._marks.rest()

    def _filled(self, opening: bytes) -> Iterator[bytes]:
        """The sheet data; empty, it may become one tag again."""
        held: bytes | None = opening
        for piece in self._rows():
            if piece and held is not None:
                if piece.startswith(b"</") and self._edit.closes():
                    yield held[:-1] + b"/>"
                    return
                yield held
                held = None
            yield piece

    def _head(self) -> Generator[bytes, None, Mark]:
        pieces: list[bytes] = []
        for before, mark in self._stream:
            pieces.append(before)
            if mark["name"] == b"sheetData":
                head = b"".join(pieces)
                yield self._edit.head(head)
                return mark
            pieces.append(mark[0])
        raise EOFError("工作表部件不完整")

    def _rows(self) -> Iterator[bytes]:
        for before, mark in self._stream:
            yield before
            if mark["name"] == b"sheetData":
                yield self._edit.missing(MAX_ROWS + 1, any_rows=True)
                yield mark[0]
                return
            if mark["name"] == b"row" and not mark["closing"]:
                self._row = self._numbered(mark[0])
                yield self._edit.missing(self._row, any_rows=True)
                wanted = self._edit.wants(self._row)
                yield self._edit.row(self._whole(mark), self._row) if wanted else mark[0]
            else:
                yield mark[0]
        raise EOFError("工作表部件不完整")

    def _numbered(self, tag: bytes) -> int:
        number = int(attribute(tag, b"r") or self._row + 1)
        if not self._row < number <= MAX_ROWS:
            raise ValueError(f"第 {number} 行的次序错乱")
        return number

    def _whole(self, mark: Mark) -> bytes:
        pieces, size = [mark[0]], 0
        if mark["empty"]:
            return mark[0]
        for before, inner in self._stream:
            pieces += before, inner[0]
            size += len(before)
            if inner["name"] == b"row":
                return b"".join(pieces)
            if size > MAX_ROW_BYTES:
                raise SuspectError("内有异常巨大的行")
        raise EOFError("工作表部件不完整")
