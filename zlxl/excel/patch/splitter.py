"""Splitting a worksheet part, while it streams, at the tags that matter for changing cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import ASIDE, ATTRIBUTES, PREFIX

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

    def rest(self) -> Iterator[bytes]:
        """What stands behind the last mark."""
        yield self._held[self._at :]
        yield from self._chunks


def _check_unfinished(markup: bytes) -> None:
    """SuspectError unless the rest of a comment, CDATA section or instruction may still come."""
    starts = (b"!--", b"![CDATA[", b"?")
    if not any(markup.startswith(start[: len(markup)]) for start in starts):
        raise SuspectError("内含工作簿不应有的 DTD 声明")
