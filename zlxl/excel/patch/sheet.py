"""A worksheet part with some cells changed, streamed: every byte outside these cells stays."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import (
    ATTRIBUTES,
    Replacement,
    attribute,
    opened,
    prefix_of,
    replaced,
    tags,
    with_attribute,
)
from zlxl.excel.patch.row import RowPatch
from zlxl.excel.patch.rows import numbered, whole_row
from zlxl.excel.patch.splitter import Mark, Marks, Run
from zlxl.excel.styles import style_index
from zlxl.grid import MAX_ROWS, Area

MAX_TAIL_BYTES = 256 << 20  # conditional formats and links of a real sheet are some MiB

_FORMULA = re.compile(rb"<f(?=\s)" + ATTRIBUTES)

#: Changes what stands before or behind the rows of a sheet.
Edit = Callable[[bytes], bytes]


def patched_sheet(
    chunks: Iterable[bytes], rows: RowPatch, *, head: Sequence[Edit] = (), tail: Sequence[Edit] = ()
) -> Iterator[bytes]:
    """The part, in UTF-8, with the changes made.

    SuspectError, ValueError or EOFError where it is malformed, ends early or has rows or cells out of order.
    """
    return _Pass(rows, chunks, head, tail).run()


class _Pass:
    """One pass over a worksheet part."""

    def __init__(
        self, rows: RowPatch, chunks: Iterable[bytes], head: Sequence[Edit], tail: Sequence[Edit]
    ) -> None:
        self._cells = rows
        self._head_edits, self._tail_edits = head, tail
        self._marks = Marks(chunks)
        self._stream = iter(self._marks)
        self._todo = sorted(rows.rows, reverse=True)  # the next one last
        self._row = 0
        self._inside = False  # of a row that is passed on

    def run(self) -> Iterator[bytes]:
        """The part with its changes."""
        opening = yield from self._head()
        self._cells.prefix = prefix_of(opening)
        if opening["empty"]:
            rows = b"".join(self._new_rows_before(MAX_ROWS + 1))
            ending = b"</" + prefix_of(opening) + b"sheetData>"
            yield opened(opening[0]) + rows + ending if rows else opening[0]
        else:
            yield opening[0]
            if not prefix_of(opening):
                yield from self._plain_rows()
            if not self._settled():
                yield from self._rows()
        if self._tail_edits:
            yield self._tail()
        else:
            yield from self._marks.rest()

    def _tail(self) -> bytes:
        """What stands behind the rows, with its edits."""
        pieces, size = [], 0
        for piece in self._marks.rest():
            pieces.append(piece)
            size += len(piece)
            if size > MAX_TAIL_BYTES:
                raise SuspectError("在数据之后内容异常巨大")
        tail = b"".join(pieces)
        for edit in self._tail_edits:
            tail = edit(tail)
        return tail

    def _head(self) -> Generator[bytes, None, Mark]:
        pieces: list[bytes] = []
        for before, mark in self._stream:
            pieces.append(before)
            if mark["name"] == b"sheetData":
                yield self._patched_head(b"".join(pieces))
                return mark
            pieces.append(mark[0])
        raise EOFError("工作表部件不完整")

    def _patched_head(self, head: bytes) -> bytes:
        """What stands before the rows: the dimension reaches to the new cells, column styles are noted."""
        for edit in self._head_edits:
            head = edit(head)
        edits: list[Replacement] = []
        for mark in tags(head):
            if mark["name"] == b"col":
                self._note_columns(mark[0])
            elif mark["name"] == b"dimension" and not mark["closing"]:
                edits.append((mark.start(), mark.end(), self._dimension(mark[0])))
        return replaced(head, edits)

    def _dimension(self, tag: bytes) -> bytes:
        try:
            stated = Area.parse(attribute(tag, b"ref") or "")
        except ValueError:
            return tag
        made = {row: columns for row in self._cells.rows if (columns := self._cells.made(row))}
        columns = [column for columns in made.values() for column in columns]
        reached = Area(
            min([stated.top, *made]),
            min([stated.left, *columns]),
            max([stated.bottom, *made]),
            max([stated.right, *columns]),
        )
        return tag if reached == stated else with_attribute(tag, b"ref", str(reached))

    def _note_columns(self, tag: bytes) -> None:
        first, last = attribute(tag, b"min") or "", attribute(tag, b"max") or ""
        style = style_index(attribute(tag, b"style") or "")
        if style and first.isdecimal() and last.isdecimal():
            self._cells.column_styles.append((int(first), int(last), style))

    def _settled(self) -> bool:
        """Whether the rest of the part stays as it is."""
        return not (self._todo or self._tail_edits or self._cells.shared.orphans)

    def _plain_rows(self) -> Iterator[bytes]:
        """The rows as far as they are spelled as Excel does: most are passed on unseen."""
        for run in self._marks.runs():
            yield from self._patched_run(run)
            self._row = run.numbers[-1] if run.numbers else self._row
            if self._settled():
                return
        self._stream = iter(self._marks)

    def _patched_run(self, run: Run) -> Iterator[bytes]:
        done = noted = index = 0
        while index < len(run.numbers) and (self._todo or self._cells.shared.orphans):
            if not self._cells.shared.orphans:
                index = bisect_left(run.numbers, self._todo[-1], index)
                if index == len(run.numbers):
                    break
            number, start = run.numbers[index], run.starts[index]
            yield run.text[done:start]
            yield from self._new_rows_before(number)
            done = start
            if self._cells.concerns(number):
                done = run.end(index)
                self._note_formulas(run.text, noted, done)
                noted = done
                yield self._patched(run.text[start:done], number)
            index += 1
        self._note_formulas(run.text, noted, len(run.text))
        yield run.text[done:]

    def _note_formulas(self, text: bytes, start: int, end: int) -> None:
        for formula in _FORMULA.finditer(text, start, end):
            self._cells.note_formula(formula[0])

    def _patched(self, row: bytes, number: int) -> bytes:
        if self._todo and self._todo[-1] == number:
            self._todo.pop()
        return self._cells.patched_row(row, number)

    def _rows(self) -> Iterator[bytes]:
        """Up to the last changed row, or to the end of the sheet data."""
        for before, mark in self._stream:
            yield before
            self._check_nesting(mark)
            if mark["name"] == b"sheetData":
                yield from self._new_rows_before(MAX_ROWS + 1)
                yield mark[0]
                return
            if mark["name"] == b"row" and not mark["closing"]:
                yield from self._row_begun(mark)
            else:
                self._note_formula(mark)
                yield mark[0]
            if self._settled():
                return
        raise EOFError("工作表部件不完整")

    def _check_nesting(self, mark: Mark) -> None:
        """ValueError where a row has no end."""
        if mark["name"] not in (b"row", b"sheetData"):
            return
        if self._inside and not (mark["closing"] and mark["name"] == b"row"):
            raise ValueError(f"第 {self._row} 行没有结束")
        self._inside = mark["name"] == b"row" and not mark["closing"] and not mark["empty"]

    def _row_begun(self, mark: Mark) -> Iterator[bytes]:
        self._row = numbered(mark[0], self._row)
        yield from self._new_rows_before(self._row)
        if not self._cells.concerns(self._row):
            yield mark[0]
            return
        yield self._patched(whole_row(mark, self._stream, self._note_formula), self._row)
        self._inside = False

    def _note_formula(self, mark: Mark) -> None:
        if mark["name"] == b"f" and mark["attributes"]:
            self._cells.note_formula(mark[0])

    def _new_rows_before(self, number: int) -> Iterator[bytes]:
        while self._todo and self._todo[-1] < number:
            yield self._cells.new_row(self._todo.pop())
