"""Splitting a worksheet part, while it streams, at the tags that matter for changing cells."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import ASIDE, ATTRIBUTES, PREFIX
from zlxl.grid import MAX_ROWS

MAX_GAP_BYTES = 16 << 20  # between two marks; a full row of 16,384 numbers has 1 MiB

Mark = re.Match[bytes]

#: Rows, formulas with attributes and the ends of the sheet data. What it passes over fast are the
#: unprefixed tags that make up nearly all of a sheet.
_MARK = re.compile(
    rb"<(?!/?(?:c|v|t|is)[\s/>])(?:"
    + ASIDE
    + rb"|(?P<closing>/?)"
    + PREFIX
    + rb"(?P<name>row|sheetData|f)(?=[\s/>])"
    + ATTRIBUTES
    + rb")",
    re.DOTALL,
)


_PLAIN_ROW = re.compile(rb'<row(?: r="([1-9][0-9]{0,6})")?')


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Whole rows, one behind the other, spelled as Excel does."""

    text: bytes
    numbers: list[int]  #: of the rows, ascending
    starts: list[int]  #: of the rows in the text, then its length

    def end(self, index: int) -> int:
        """Where a row ends; blanks may stand before the next."""
        return self.text.rindex(b">", self.starts[index], self.starts[index + 1]) + 1


class Marks:
    """Splits a stream at marks, holding back what a chunk may have cut through."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = filter(None, chunks)
        self._held = b""
        self._at = 0

    def __iter__(self) -> Iterator[tuple[bytes, Mark]]:
        """What stands before each mark, and the mark."""
        searched = 0
        for chunk in chain(self._chunks, (b"",)):
            self._held, searched = self._held[self._at :] + chunk, searched - self._at
            self._at = 0
            # The last tag may be incomplete; behind the last chunk none is.
            limit = max(self._held.rfind(b"<"), 0) if chunk else len(self._held)
            for mark in _MARK.finditer(self._held, searched, limit):
                if mark["odd"] is not None:
                    limit = mark.start()
                    _check_unfinished(mark["odd"])
                    break
                before = self._held[self._at : mark.start()]
                self._at = mark.end()
                yield before, mark
            searched = limit
            if len(self._held) - self._at > MAX_GAP_BYTES:
                raise SuspectError("内有异常巨大的行")

    def runs(self) -> Iterator[Run]:
        """Runs of rows as far as they are plain; what follows is left for the marks."""
        last = 0
        for chunk in chain((b"",), self._chunks):
            self._held, self._at = self._held[self._at :] + chunk, 0
            if not _is_plain(self._held):
                return
            cut = max(self._held.rfind(b"<row "), 0)
            run = _plain_run(self._held[:cut])
            if run is None or (run.numbers and run.numbers[0] <= last) or len(self._held) > MAX_GAP_BYTES:
                return
            last = run.numbers[-1] if run.numbers else last
            self._at = cut
            yield run

    def rest(self) -> Iterator[bytes]:
        """What stands behind the last mark."""
        yield self._held[self._at :]
        yield from self._chunks


def _is_plain(text: bytes) -> bool:
    """Whether every ``<row`` of the bytes begins a row. One byte is looked for faster than two."""
    aside = (b"!" in text and b"<!" in text) or (b"?" in text and b"<?" in text)
    return not aside and b"sheetData" not in text


def _plain_run(text: bytes) -> Run | None:
    """The rows of some bytes, None where any is spelled otherwise or out of order."""
    rows = list(_PLAIN_ROW.finditer(text))
    numbers = [int(row[1] or 0) for row in rows]
    if not all(map(operator.lt, [0, *numbers], [*numbers, MAX_ROWS + 1])):
        return None
    return Run(text=text, numbers=numbers, starts=[*(row.start() for row in rows), len(text)])


def _check_unfinished(markup: bytes) -> None:
    """SuspectError unless the rest of a comment, CDATA section or instruction may still come."""
    starts = (b"!--", b"![CDATA[", b"?")
    if not any(markup.startswith(start[: len(markup)]) for start in starts):
        raise SuspectError("内含工作簿不应有的 DTD 声明")
