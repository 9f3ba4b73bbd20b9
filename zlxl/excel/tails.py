"""The attributes behind ``r`` of a cell tag: what the few distinct ones of a sheet mean."""

from __future__ import annotations

import re
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from zlxl.excel.styles import style_index
from zlxl.excel.windows import MASKS, Window, Words
from zlxl.grid import Kind

#: Stored types that a scan understands; BAD sends the row to the exact parser.
NUMBER, SHARED, BOOL, ERROR, STRING, ISO, INLINE, BAD = range(8)
TYPES = {b"n": NUMBER, b"s": SHARED, b"b": BOOL, b"e": ERROR, b"str": STRING, b"d": ISO, b"inlineStr": INLINE}
KIND_OF = np.array(
    [Kind.NUMBER, Kind.TEXT, Kind.BOOL, Kind.ERROR, Kind.TEXT, Kind.ISO_DATE, Kind.TEXT, Kind.EMPTY],
    dtype=np.uint8,
)

_TAIL = re.compile(rb"""(?:[ \t\r\n]+(?:s|t|cm|vm|ph)=(?:"[^"&<>]*"|'[^'&<>]*'))*[ \t\r\n]*""")
_ATTRIBUTE = re.compile(rb"""[ \t\r\n]([a-z]+)=(?:"([^"]*)"|'([^']*)')""")
_SLOTS = 4096
_MAX_KNOWN = 1 << 18  # more than all styles times all types
_AT_ONCE = 256  # tails looked at one by one before the table is asked again
_SHIFT = np.uint64(64 - 12)
_LOW, _HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def tail_code(tail: bytes, styles: int) -> int:
    """``type << 16 | style`` of the attributes."""
    if not _TAIL.fullmatch(tail):
        return BAD << 16
    found = [(name, double or single) for name, double, single in _ATTRIBUTE.findall(tail)]
    attributes = dict(found)
    kind = TYPES.get(attributes.get(b"t", b"n"), BAD)
    style = attributes.get(b"s", b"0")
    if len(attributes) != len(found) or not style.isdigit():
        return BAD << 16
    return kind << 16 | style_index(style.decode(), styles)


class TailTable:
    """A hash table of tails of up to 16 bytes, for whole arrays at once; longer ones one by one."""

    def __init__(self, styles: int) -> None:
        self._styles = styles
        self._lock = Lock()
        self._known: dict[bytes, int] = {}
        self._low = np.zeros(_SLOTS, dtype=np.uint64)
        self._high = np.zeros(_SLOTS, dtype=np.uint64)
        # The tail without bytes has hash 0 and code 0; every other slot is empty while its low word is 0.
        self._codes = np.full(_SLOTS, BAD << 16, dtype=np.int32)
        self._codes[0] = 0

    def lookup(
        self, window: Window, starts: NDArray[np.intp], lengths: NDArray[np.intp]
    ) -> NDArray[np.int32]:
        """Codes of the tails at the starts, shape (cells,)."""
        low = window.at(starts) & MASKS[np.clip(lengths, 0, 8)]
        high = window.at(starts + 8) & MASKS[np.clip(lengths - 8, 0, 8)]
        slots = ((low * _LOW + high * _HIGH) >> _SHIFT).astype(np.intp)
        codes, missed = self._found(slots, low, high, lengths)
        if len(missed):
            self._learn(window, starts, lengths, slots, low, high, missed[:_AT_ONCE])
            # Most of the others look the same: they are in the table now.
            codes, missed = self._found(slots, low, high, lengths)
            codes[missed] = self._one_by_one(window, starts[missed], lengths[missed])
        return codes

    def _found(
        self, slots: NDArray[np.intp], low: Words, high: Words, lengths: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        codes = self._codes[slots]
        missed = (self._low[slots] != low) | (self._high[slots] != high) | (lengths > 16) | (lengths < 0)
        return codes, np.flatnonzero(missed)

    def _learn(
        self,
        window: Window,
        starts: NDArray[np.intp],
        lengths: NDArray[np.intp],
        slots: NDArray[np.intp],
        low: Words,
        high: Words,
        places: NDArray[np.intp],
    ) -> None:
        codes = self._one_by_one(window, starts[places], lengths[places])
        with self._lock:
            for at, code in zip(places.tolist(), codes, strict=True):
                slot = slots[at]
                if 0 < lengths[at] <= 16 and slot and not self._low[slot]:
                    # The low word last: a reader in another thread trusts the code only with it.
                    self._codes[slot], self._high[slot], self._low[slot] = code, high[at], low[at]

    def _one_by_one(self, window: Window, starts: NDArray[np.intp], lengths: NDArray[np.intp]) -> list[int]:
        buffer, ends = window.buffer, starts + np.maximum(lengths, 0)
        return [self._code(buffer[i:j]) for i, j in zip(starts.tolist(), ends.tolist(), strict=True)]

    def _code(self, tail: bytes) -> int:
        code = self._known.get(tail)
        if code is None:
            # Nothing between r and ">" is in the table; here it is a tag without its ">".
            code = tail_code(tail, self._styles) if tail else BAD << 16
            if len(self._known) < _MAX_KNOWN:
                self._known[tail] = code
        return code
