"""Cells of a row by formula, where its table holds literally what the program understood."""

from __future__ import annotations

from datetime import date

from zlxl.figures.due import Line
from zlxl.grid import column_letters
from zlxl.sheet import Content, Formula
from zlxl.sheets.report_words import cell_text
from zlxl.sheets.satisfaction_page import Page
from zlxl.sheets.satisfaction_sources import Sources


def fixed(row: int, column: int) -> str:
    """The cell's absolute address."""
    return f"${column_letters(column)}${row}"


class Lookup:
    """A row of a table, found by its number: the place of the number is in a hidden column of the line."""

    def __init__(
        self, page: Page, sources: Sources, line: Line, number: str, *, key: str, helper: int = 1
    ) -> None:
        """``key`` is the number as a formula says it: the cell that shows it, or the text itself."""
        table = line.frame.table
        self._sources, self._line, self._table = sources, line, table.name
        self._found: str | None = None
        keys = sources.clean(table.name, table.key[0])
        if keys and number and sources.once(table.name, table.key[0], number):
            index = sources.index(line.frame, line.position)
            self._found = page.helper(helper, Formula(f"=MATCH({key},{keys[0]},0)", value=index))

    def cell(self, name: str) -> str | None:
        """``INDEX(表[列],n)``; None where it would not say what the program read."""
        if self._found is None or name not in self._line.frame.cells:
            return None
        ref = self._sources.ref(self._table, name)
        if ref is None or not self._sources.says(self._line.frame, name, self._line.position):
            return None
        return f"INDEX({ref},{self._found})"

    def day(self, name: str, value: date | None) -> Content:
        """A date, blank where there is none."""
        cell = self.cell(name)
        if cell is None:
            return value
        return Formula(f'=IF({cell}="","",{cell})', value="" if value is None else value)

    def text(self, name: str, shown: str = "") -> Content:
        """A text; ``shown`` stands in place of an empty one."""
        cell, held = self.cell(name), self._line.text(name)
        if cell is None or cell_text(held) != held or not held:
            return cell_text(held or shown)
        return Formula(f"={cell}", value=held)
