"""The bytes of a worksheet part in three: before, in and behind ``<sheetData>``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from zlxl.excel.faults import SuspectError
from zlxl.excel.scan import NotCanonicalError

RUN_BYTES = 1 << 20  # rows handed out at once: the arrays of a scan stay near the cache
MAX_RUN_BYTES = 16 << 20  # a row that is longer is left to the exact parser
MAX_HEAD_BYTES = 4 << 20
#: Merges, validations, conditional formats, hyperlinks: Excel's own caps end well below.
MAX_TAIL_BYTES = 32 << 20

_OPENING = re.compile(rb"<([A-Za-z_][\w.-]*:)?sheetData(?:\s[^<>]*)?(/)?>")
#: A second name of the main namespace could hide cells from a scan for the first.
_MAIN = re.compile(rb"""xmlns[^=]*=["'][^"']*spreadsheetml/(?:2006/)?main["']""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.-]+)["']""")


class SheetPart:
    """A worksheet part; ``around`` is what stands before and behind its rows, known once they are read."""

    def __init__(self, read: Callable[[], Iterator[bytes]]) -> None:
        self.read = read
        self.around: tuple[bytes, bytes] | None = None
        self._canonical = True

    def give_up(self) -> None:
        """Remember that the rows need a parser: what seemed to be around them may be a comment."""
        self.around, self._canonical = None, False

    def runs(self) -> Iterator[bytes]:
        """Runs of complete rows; NotCanonicalError where they cannot be told apart without a parser."""
        if not self._canonical:
            raise NotCanonicalError
        stream = self.read()
        head, held, prefix, closed = _opened(stream)
        if closed:
            self.around = head, _rest(stream, held)
            return
        ending = b"</" + prefix + b"sheetData"
        pieces, size = [held], len(held)
        while True:
            chunk = next(stream, None)
            pieces.append(chunk or b"")
            size += len(chunk or b"")
            if size < RUN_BYTES and chunk is not None:
                continue
            whole = b"".join(pieces)
            end = whole.find(ending)
            if end >= 0:
                yield _unprefixed(whole[:end], prefix)
                behind = whole[whole.index(b">", end) + 1 :] if b">" in whole[end:] else b""
                self.around = head, _rest(stream, behind)
                return
            if chunk is None or size > MAX_RUN_BYTES:
                raise NotCanonicalError
            cut = max(whole.rfind(b"<" + prefix + b"row"), 0)
            if cut:
                yield _unprefixed(whole[:cut], prefix)
            pieces, size = [whole[cut:]], len(whole) - cut


def _opened(stream: Iterator[bytes]) -> tuple[bytes, bytes, bytes, bool]:
    """Head, first bytes of the rows, prefix of the elements and whether there are no rows at all."""
    text = b""
    for chunk in stream:
        text += chunk
        opening = _OPENING.search(text)
        if opening is not None:
            break
        if len(text) > MAX_HEAD_BYTES:
            raise NotCanonicalError
    else:
        raise NotCanonicalError
    head = text[: opening.start()]
    encoding = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    plain = encoding is None or encoding[1].lower() == b"utf-8"
    if b"<!" in head or not plain or len(_MAIN.findall(text[: opening.end()])) > 1:
        raise NotCanonicalError
    return head, text[opening.end() :], opening[1] or b"", opening[2] is not None


def _unprefixed(rows: bytes, prefix: bytes) -> bytes:
    if not prefix:
        return rows
    return rows.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def _rest(stream: Iterator[bytes], first: bytes) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for chunk in chain((first,), stream):
        size += len(chunk)
        if size > MAX_TAIL_BYTES:
            raise SuspectError("的工作表附属信息异常巨大")
        pieces.append(chunk)
    return b"".join(pieces)
