"""The quick look-up of the first sheet: the first clients in whom a piece of text occurs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from zlxl.sheet import Formula
from zlxl.sheets.names import ref
from zlxl.tables.clients import CLIENTS

Row = Mapping[str, object]

SEARCHED: Final = ("client", "contract_no", "certificate_no", "phone")
NOT_FOUND: Final = 10_000_000  # greater than any row number
SHOWN: Final = 10


@dataclass(frozen=True, kw_only=True)
class Search:
    """Where the look-up's cells are: addresses without sheet name."""

    key: str  #: ``$C$10``
    rows: Sequence[Row]
    text: str  #: what the key cell holds now

    def positions(self) -> list[int]:
        """1-based positions of the first rows found, filled up with NOT_FOUND."""
        found = self.found()[:SHOWN]
        return found + [NOT_FOUND] * (SHOWN - len(found))

    def found(self) -> list[int]:
        """1-based positions of every row found."""
        return [place for place, row in enumerate(self.rows, 1) if self._hits(row)]

    def total(self) -> int:
        """How many rows are found."""
        return len(self.found())

    def _hits(self, row: Row) -> bool:
        values = (row.get(field) for field in SEARCHED)
        return bool(self.text) and any(
            isinstance(value, str) and self._pattern.search(value) for value in values
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The key as Excel takes it: ``*`` and ``?`` stand for any text and any letter."""
        parts = {"*": ".*", "?": "."}
        return re.compile("".join(parts.get(c, re.escape(c)) for c in self.text), re.IGNORECASE | re.DOTALL)

    def next_in(self, field: str, before: str, position: int) -> Formula:
        """Position of the next row whose field holds the key; ``before`` is the cell of the last one."""
        cells = ref(CLIENTS, field)
        rest = f"INDEX({cells},{before}+1):INDEX({cells},ROWS({cells}))"
        match = f'{before}+MATCH("*"&{self.key}&"*",{rest},0)'
        return Formula(
            text=f'=IF({self.key}="",{NOT_FOUND},IFERROR({match},{NOT_FOUND}))',
            value=self._next(field, position),
        )

    def _next(self, field: str, position: int) -> int:
        for place, row in enumerate(self.rows[position:], position + 1):
            value = row.get(field)
            if self.text and isinstance(value, str) and self._pattern.search(value):
                return place
        return NOT_FOUND

    def count(self) -> Formula:
        """How many rows hold the key in one of the fields."""
        hits = "+".join(f"ISNUMBER(SEARCH({self.key},{ref(CLIENTS, field)}))" for field in SEARCHED)
        return Formula(text=f'=IF({self.key}="",0,SUMPRODUCT(--(({hits})>0)))', value=self.total())

    def answer(self, total: str) -> Formula:
        """What is said beside the key; ``total`` is the cell that counts."""
        found = self.total()
        more = f"，显示前 {SHOWN} 条" if found > SHOWN else ""
        said = f"找到 {found} 条{more}" if found else "没有找到"
        ask = "输入企业名称、合同编号、证书编号或电话的一部分"
        return Formula(
            text=f'=IF({self.key}="","{ask}",IF({total}=0,"没有找到","找到 "&{total}&" 条"'
            f'&IF({total}>{SHOWN},"，显示前 {SHOWN} 条","")))',
            value=said if self.text else ask,
        )

    def shown(self, field: str, place: str, position: int) -> Formula:
        """A field of the row found at a position; ``place`` is the cell that holds the position."""
        cell = f"INDEX({ref(CLIENTS, field)},{place})"
        value = self.rows[position - 1].get(field) if position < NOT_FOUND else None
        return Formula(
            text=f'=IF({place}>={NOT_FOUND},"",IF({cell}="","",{cell}))',
            value=value if isinstance(value, str | float | int | date) else "",
        )


def helper_values(search: Search) -> Iterator[tuple[int, int]]:
    """For each line of the look-up: the position found before it, and its own."""
    before = 0
    for position in search.positions():
        yield before, position
        before = position
