"""Eight bytes at once: unaligned windows over a buffer, and whole numbers read from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.intp]
Words = NDArray[np.uint64]

PAD = 32  # zero bytes around the text, so that every window stays inside the buffer
MASKS: Words = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  #: the first n bytes

_ZEROS = np.uint64(0x3030303030303030)
_NO_DIGIT = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)
#: What a float64 surely holds exactly, and two windows reach.
MAX_DIGITS = 15


def word(text: bytes) -> np.uint64:
    """At most eight bytes as a window shows them."""
    return np.uint64(int.from_bytes(text, "little"))


class Window:
    """A text between padding: its bytes, and the eight bytes from any place on."""

    def __init__(self, text: bytes) -> None:
        padding = bytes(PAD)
        self.buffer = b"".join((padding, text, padding))
        self.bytes = np.frombuffer(self.buffer, dtype=np.uint8)
        # Overlapping on purpose: element i is the word that begins at byte i.
        self._words = np.ndarray((len(self.buffer) - 7,), dtype="<u8", buffer=self.buffer, strides=(1,))

    def at(self, places: Indexes) -> Words:
        """The eight bytes from each place on, the first one lowest."""
        words: Words = self._words[places]
        return words


def integers(window: Window, start: Indexes, end: Indexes) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values of the decimal digits from start to end, and whether there are 1 to 15 and nothing else."""
    length = end - start
    values, whole = _last_eight(window, end, length)
    result = values.astype(np.float64)
    long = np.flatnonzero(length > 8)
    if len(long):
        upper, digits = _last_eight(window, end[long] - 8, length[long] - 8)
        result[long] += upper.astype(np.float64) * 1e8
        whole[long] &= digits
    whole &= (length >= 1) & (length <= MAX_DIGITS)
    return result, whole


def _last_eight(window: Window, end: Indexes, length: Indexes) -> tuple[Words, NDArray[np.bool_]]:
    """Value of the up to eight digits before end (Lemire's parallel conversion)."""
    surplus = (np.clip(8 - length, 0, 7) << 3).astype(np.uint64)
    digits = ((window.at(end - 8) ^ _ZEROS) >> surplus) << surplus
    whole = (((digits + _NO_DIGIT) | digits) & _HIGH_BITS) == 0
    digits = (digits & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561) >> np.uint64(8)
    digits = (digits & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601) >> np.uint64(16)
    digits = (digits & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001) >> np.uint64(32)
    return digits, whole
