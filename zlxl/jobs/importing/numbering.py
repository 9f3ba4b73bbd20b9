"""The next number of our own, in the style of the last ones: YQ2026-0012 is followed by YQ2026-0013."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from zlxl.schema.column import Storage
from zlxl.schema.table import Table

_WITH_YEAR = re.compile(
    r"(?P<lead>.*?)(?P<year>20\d\d)(?:(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)?(?=\D))?(?P<gap>\D*)(?P<serial>\d{2,})",
    re.ASCII,
)
_PLAIN = re.compile(r"(?P<lead>.*?\D)??(?P<serial>\d+)", re.ASCII)
_OURS = re.compile(r"[A-Z]{2}20\d\d-\d{3,}", re.ASCII)
LATEST = 200  # numbers looked at from the end for one whose style is plain


def number_field(table: Table) -> str | None:
    """The field of the number that the office gives each row by itself; None where others give it."""
    first = table.key[0]
    column = table.columns[first]
    ours = column.storage is Storage.CODE and _OURS.fullmatch(column.example)
    return first if ours else None


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a number is made: what stands before the serial, with the parts of a date where it has them."""

    lead: str
    dated: str  #: strftime pattern of the date in it, empty when it bears none
    gap: str
    width: int

    def prefix(self, day: date) -> str:
        """Everything before the serial of a number of that day."""
        return self.lead + (day.strftime(self.dated) if self.dated else "") + self.gap


def style_of(number: str) -> Style | None:
    """The style of a number, None when it does not end with digits."""
    found = _WITH_YEAR.fullmatch(number)
    if found is not None:
        dated = "%Y" + ("%m" if found["month"] else "") + ("%d" if found["day"] else "")
        return Style(lead=found["lead"], dated=dated, gap=found["gap"], width=len(found["serial"]))
    plain = _PLAIN.fullmatch(number)
    if plain is None:
        return None
    return Style(lead=plain["lead"] or "", dated="", gap="", width=len(plain["serial"]))


@dataclass
class Numbering:
    """Gives numbers one after the other, none twice."""

    style: Style
    _last: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def after(cls, numbers: Iterable[str], example: str) -> Numbering:
        """Numbering that goes on behind these numbers; the example gives the style where there are none."""
        known = list(numbers)
        styles = (style for number in reversed(known[-LATEST:]) if (style := style_of(number)))
        found = next(styles, None) or style_of(example)
        if found is None:
            raise ValueError(f"no number to go on from: {example!r}")
        numbering = cls(style=found)
        for number in known:
            numbering.take(number)
        return numbering

    @property
    def prefixed(self) -> bool:
        """Whether a number is more than a serial."""
        return bool(self.style.lead or self.style.dated or self.style.gap)

    def take(self, number: str) -> None:
        """Mark a number as used."""
        head = number.rstrip("0123456789")
        lead = self.style.prefix(date(2000, 1, 1))
        for start in {len(head), len(lead)}:  # a prefix may itself end in a digit
            prefix, serial = number[:start], number[start:]
            if serial.isdecimal() and serial.isascii():
                self._last[prefix] = max(self._last[prefix], int(serial))

    def next(self, day: date) -> str:
        """The number of the next row of that day."""
        prefix = self.style.prefix(day)
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:0{self.style.width}d}"
