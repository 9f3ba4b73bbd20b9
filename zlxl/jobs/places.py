"""Where a workbook's cells belong: the table, the row's key and the column's name, by address and back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from zlxl.grid import Grid, TableSource
from zlxl.schema.headers import HEADER_ROWS, HeaderMatch, assign
from zlxl.schema.stored import Stored, StoredCells
from zlxl.tables.catalog import TABLES

Overlay = Mapping[tuple[int, int], Stored]  #: what cells will hold, by row and column


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """A known table on its sheet."""

    grid: Grid
    match: HeaderMatch

    @cached_property
    def labels(self) -> Mapping[int, str]:
        """Names of the columns: declared headers, the sheet's own spelling for the user's columns."""
        known = {column: self.match.table.columns[name].header for name, column in self.match.fields.items()}
        return {column: known.get(column, text) for column, text in self._texts.items()}

    @cached_property
    def _texts(self) -> Mapping[int, str]:
        """Headers as the sheet spells them, by column."""
        within, row = self.match.list_object, self.match.row
        found: dict[int, float | str | None]
        if within is None or row <= HEADER_ROWS:
            found = {c: cell.value for c, cell in self.grid.head(HEADER_ROWS).get(row, {}).items()}
        else:
            columns = range(within.area.left, within.area.right + 1)
            header = StoredCells(self.grid, columns, row, row)
            found = {column: header.at(row, column).value for column in columns}
        if within is not None:
            found = {c: text for c, text in found.items() if within.area.left <= c <= within.area.right}
        return {c: text.strip() for c, text in found.items() if isinstance(text, str) and text.strip()}

    @cached_property
    def key_columns(self) -> tuple[int, ...]:
        """Columns of the key's fields, the shown one first."""
        fields = self.match.fields
        return tuple(fields[name] for name in self.match.table.key if name in fields)

    def columns_of(self, header: str) -> list[int]:
        """Columns of that name, as declared or as the sheet spells it."""
        return [c for c, text in self._texts.items() if header in (text, self.labels.get(c))]

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is one of the table's below its header."""
        return row > self.match.row and column in self.labels

    @cached_property
    def _tops(self) -> Mapping[int, tuple[list[int], list[int]]]:
        """First and last rows of vertical merges by key column: their cells share the top one's value."""
        merges = sorted(self.grid.layout().merges, key=lambda area: area.top)
        return {
            column: (
                [a.top for a in merges if a.left == column],
                [a.bottom for a in merges if a.left == column],
            )
            for column in self.key_columns
        }

    def identity(self, cells: StoredCells, row: int, overlay: Overlay | None = None) -> tuple[str, ...]:
        """All key fields of a row as shown, as they are or, with an overlay, as they will be."""
        told = []
        for column in self.key_columns:
            top = self._top(row, column)
            stored = (overlay or {}).get((top, column)) or cells.at(top, column)
            told.append(stored.shown(date1904=self.grid.date1904))
        return tuple(told)

    def _top(self, row: int, column: int) -> int:
        tops, bottoms = self._tops[column]
        at = bisect_right(tops, row) - 1
        return tops[at] if at >= 0 and row <= bottoms[at] else row


def places_of(source: TableSource) -> tuple[Place, ...]:
    """The known tables of a source, in the order of its sheets."""
    return tuple(Place(grid=grid, match=match) for grid in source.grids() for match in assign(grid, TABLES))


def by_sheet(places: Iterable[Place]) -> Mapping[str, list[Place]]:
    """Tables by the sheet they stand on."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        found[place.grid.sheet].append(place)
    return found
