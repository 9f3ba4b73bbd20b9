"""What 变更记录 tells of rows that were imported before, so that nothing is added twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zlxl.changes import CellValue
from zlxl.jobs.history import NEW_ROW
from zlxl.rules.rule import Book
from zlxl.schema.frame import Frame
from zlxl.schema.stored import LETTERS, stored_value
from zlxl.schema.values import shown
from zlxl.tables.changes import CHANGES

REASON: Final = "导入自 {}"  #: of a line in 变更记录
_NEEDED: Final = ("sheet", "row_key", "field", "reason", "restore")

Contents = frozenset[tuple[str, str, object]]  #: header, letter of the kind and value of each filled cell


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Rows as they were when they were imported: their keys, by sheet and by what they held."""

    keys: Mapping[tuple[str, Contents], str] = field(default_factory=dict)

    def key_of(self, sheet: str, values: Mapping[str, CellValue]) -> str | None:
        """The key that a row of these values, by header, got when it was imported; None when it never was."""
        return self.keys.get((sheet, contents(values))) if self.keys else None


def contents(values: Mapping[str, CellValue]) -> Contents:
    """A new row's filled cells, to be compared."""
    stored = ((header, stored_value(value)) for header, value in values.items())
    return frozenset((header, LETTERS[kind], value) for header, (kind, value) in stored if value is not None)


def imported_before(book: Book) -> Imported:
    """The imported rows that the workbook's log tells of."""
    return Imported(keys=dict(line for frame in book.of(CHANGES) for line in _lines(frame)))


def _lines(frame: Frame) -> Iterator[tuple[tuple[str, Contents], str]]:
    if not all(name in frame.cells for name in _NEEDED):
        return
    start = REASON.format("")
    wanted = frame.where("field", frozenset({NEW_ROW}))
    wanted &= frame.cells["reason"].spread(lambda value: str(value).startswith(start))
    for position in np.flatnonzero(wanted).tolist():
        sheet, key, restore = (shown(frame.value(name, position)) for name in ("sheet", "row_key", "restore"))
        if key and (row := _row(restore)):
            told = ((header, str(parts[0]), parts[1]) for header, parts in row.items())
            yield (sheet, frozenset(cell for cell in told if cell[2] != key)), key


def _row(restore: str) -> Mapping[str, list[object]]:
    """Cells of a line by header; empty where the line holds none that could be compared."""
    try:
        row = json.loads(restore)["row"]
        fits = all(isinstance(parts, list) and len(parts) >= 2 for parts in row.values())
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return row if fits else {}
