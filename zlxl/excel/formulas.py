"""Which cells of a sheet take no value: formulas, and cells that a merge hides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from zlxl.excel.package import MAX_PART_BYTES
from zlxl.excel.patch.markup import as_utf8
from zlxl.excel.workbook import SheetGrid
from zlxl.grid import Area, Grid

_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3}[1-9]\d{0,6})["'][^>]*>\s*<(?:\w+:)?f\b([^>]*)"""
)
_REF: Final = re.compile(rb"""\bref=["']([A-Z0-9:]+)["']""")
_LARGE: Final = 100_000  # cells of a merge that no table has
_OVERLAP: Final = 4096  # longer than any start of a cell


def fixed_cells(grid: Grid) -> frozenset[tuple[int, int]]:
    """Cells, as (row, column), that hold a formula or lie under a merge; none in a text file.

    What a writer refuses is decided by the writer; this tells it beforehand, without parsing the sheet.
    """
    if not isinstance(grid, SheetGrid):
        return frozenset()
    found = set(_formulas(grid))
    for area in grid.layout().merges:
        found |= set(_places(area)) - {(area.top, area.left)}
    return frozenset(found)


def _formulas(grid: SheetGrid) -> Iterator[tuple[int, int]]:
    for text in _overlapping(as_utf8(grid.shared.package.chunks(grid.part, MAX_PART_BYTES))[1]):
        for found in _FORMULA.finditer(text):
            yield from _places(Area.parse(found[1].decode()))
            if b"array" in found[2] and (ref := _REF.search(found[2])):
                yield from _places(Area.parse(ref[1].decode()))


def _overlapping(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, each with the end of the one before it, so that no start of a cell is cut."""
    held = b""
    for chunk in chunks:
        yield held + chunk
        held = (held + chunk)[-_OVERLAP:]


def _places(area: Area) -> Iterator[tuple[int, int]]:
    if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _LARGE:
        return iter(())
    return (
        (row, column)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    )
