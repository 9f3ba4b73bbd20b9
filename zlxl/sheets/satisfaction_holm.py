"""Holm's method in hidden columns: p of several tests adjusted to each other by formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from zlxl.figures.statistics import holm
from zlxl.sheet import Content
from zlxl.sheets.overview import absolute
from zlxl.sheets.satisfaction_page import Page, live

NO_P: Final = 9999  #: rank of what was not tested


@dataclass(frozen=True, kw_only=True)
class Holm:
    """Tests in rows below each other; they take three hidden columns."""

    page: Page
    top: int  #: first of the rows
    chances: Sequence[float]  #: p of each row, NaN where there is none
    helper: int  #: first of the hidden columns

    def line(self, at: int, formula: str) -> Content:
        """The adjusted p of a row, which is the one written next; ``formula`` gives its own p."""
        chance = self.chances[at]
        rank, step = self._step(chance)
        p = self.page.helper(self.helper, live(formula, chance))
        order = f'IF({p}="",{NO_P},RANK({p},{self._column(0)},1))'
        own = self.page.helper(self.helper + 1, live(order, rank))
        steps = f'IF({p}="",0,MIN(1,{p}*(COUNT({self._column(0)})-{own}+1)))'
        self.page.helper(self.helper + 2, live(steps, step))
        highest = f"SUMPRODUCT(MAX(({self._column(1)}<={own})*{self._column(2)}))"
        return live(f'IF({p}="","",{highest})', holm(self.chances)[at])

    def _step(self, chance: float) -> tuple[int, float]:
        if isnan(chance):
            return NO_P, 0.0
        known = sorted(p for p in self.chances if not isnan(p))
        rank = known.index(chance) + 1
        return rank, min(1.0, chance * (len(known) - rank + 1))

    def _column(self, number: int) -> str:
        column = self.page.last + self.helper + number
        return f"{absolute(self.top, column)}:{absolute(self.top + len(self.chances) - 1, column)}"
