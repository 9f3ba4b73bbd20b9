"""The period of a satisfaction analysis: a quarter or a year, and what it is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from zlxl.schema.facts import add_months

TREND: Final = 8  #: quarters that the trend shows
_WORDS: Final = re.compile(r"(20\d\d)(?:Q([1-4]))?")
_NUMERALS: Final = "一二三四"


@dataclass(frozen=True, kw_only=True)
class Period:
    """A quarter, or a year where quarter is None."""

    year: int
    quarter: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of ``2026Q3`` or ``2026``; ValueError when it is none."""
        found = _WORDS.fullmatch(text.strip().upper())
        if found is None:
            raise ValueError(text)
        return cls(year=int(found[1]), quarter=int(found[2]) if found[2] else None)

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def chinese(self) -> str:
        """As it stands in a title."""
        return f"{self.year}年" + (f"第{_NUMERALS[self.quarter - 1]}季度" if self.quarter else "度")

    @property
    def annual(self) -> bool:
        """Whether it is a year."""
        return self.quarter is None

    @cached_property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * (self.quarter or 1) - 2, 1)

    @cached_property
    def end(self) -> date:
        """Its last day."""
        return add_months(self.start, 3 if self.quarter else 12) - timedelta(days=1)

    @cached_property
    def previous(self) -> Period:
        """The period of the same length before it."""
        if self.quarter is None:
            return Period(year=self.year - 1)
        return Period(year=self.year - (self.quarter == 1), quarter=(self.quarter - 2) % 4 + 1)

    def holds(self, quarter: str) -> bool:
        """Whether a quarter such as 2026Q3 lies in it."""
        return quarter.startswith(str(self))

    @cached_property
    def trend(self) -> tuple[str, ...]:
        """The quarters of the trend, oldest first, the last one in the period."""
        last = self.year * 4 + (self.quarter or 4) - 1
        return tuple(quarter_name(number) for number in range(last - TREND + 1, last + 1))


def quarter_name(number: int) -> str:
    """The quarter of a running number: 2026 * 4 + 2 is 2026Q3."""
    return f"{number // 4}Q{number % 4 + 1}"


def quarter_of(day: date) -> str:
    """The quarter of a day."""
    return quarter_name(day.year * 4 + (day.month - 1) // 3)
