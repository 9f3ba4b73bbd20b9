"""The rows of a table found again: by identity, by key, by what they hold, by where they stood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, Kind
from zlxl.jobs.history import ROW_NUMBER
from zlxl.jobs.places import Place
from zlxl.jobs.runs import Line
from zlxl.schema.stored import Stored, StoredCells

Spot = tuple[int, int]  #: row and column

_NUMBERED = re.compile(ROW_NUMBER.format(r"\d+"))


class Rows:
    """The rows of one table by identity, by key and by content."""

    def __init__(self, place: Place, cells: StoredCells) -> None:
        self._place = place
        self._cells = cells
        self._by_value: dict[int, dict[float | str | None, list[int]]] = {}

    @cached_property
    def _identities(self) -> Mapping[int, tuple[str, ...]]:
        rows = (row for row in self._cells.filled() if row > self._place.match.row)
        return {row: self._place.identity(self._cells, row) for row in rows}

    @cached_property
    def _by_identity(self) -> Mapping[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for row, identity in self._identities.items():
            found[identity].append(row)
        return found

    @cached_property
    def _by_key(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for row, identity in self._identities.items():
            found[next((text for text in identity if text.strip()), "")].append(row)
        return found

    def find(self, line: Line, recorded: int | None) -> list[int]:
        """Rows of the line's key; of one without a key the row that stands where it stood."""
        if line.told.key and (rows := self._by_identity.get(line.told.key)):
            return rows
        if _NUMBERED.fullmatch(line.row_key):
            row = recorded or int(line.row_key[1:-1])
            return [row] if row in self._by_key.get("", ()) else []
        return self._by_key.get(line.row_key, [])

    def with_cells(self, written: Mapping[int, Stored]) -> list[int]:
        """Rows that hold these values; ``written`` must not be empty."""
        column = next((c for c, stored in written.items() if stored.kind is Kind.TEXT), min(written))
        return [
            row
            for row in self._holding(column).get(written[column].value, ())
            if all(self._cells.at(row, c).same(stored) for c, stored in written.items())
        ]

    def _holding(self, column: int) -> Mapping[float | str | None, list[int]]:
        """Rows by what a column holds: there may be many new rows to look for."""
        if column not in self._by_value:
            found = self._by_value[column] = defaultdict(list)
            for row in self._identities:
                found[self._cells.at(row, column).value].append(row)
        return self._by_value[column]


def spot_of(address: str) -> Spot | None:
    """Row and column of an address, None where it is none or off the sheet."""
    try:
        area = Area.parse(address)
    except ValueError:
        return None
    return (area.top, area.left) if area.top <= MAX_ROWS and area.left <= MAX_COLUMNS else None
