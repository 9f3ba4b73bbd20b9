"""Editing a workbook from a program: any workbook, with a line in its log where it has one."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Final

from zlxl.edits import Edits
from zlxl.excel.edit import Book
from zlxl.excel.save import Saved, save
from zlxl.excel.workbook import Workbook

LOG: Final = "变更记录"  #: the table's name, known here because loading the tables takes longer than an edit


def edit(path: str | PathLike[str]) -> Book:
    """Open any workbook to change it; everything else in it stays byte for byte.

    ``with zlxl.edit("a.xlsx") as book: book["Sheet1"]["B2"] = 42`` saves when the block ends without an
    error: at once, with a backup of the file as it was. In a workbook that holds the table 变更记录 every
    change is told there.

    Raises:
        Unreadable: the file is broken, encrypted, hostile or no workbook.
        UsageError: it is a CSV file.
    """
    return Book(Path(path), _write)


def _write(opened: Workbook, edits: Edits, target: Path | None) -> Saved:
    if not _has_log(opened):
        return save(opened, edits, target)
    from zlxl.hosts.writing import signature, write

    return write(opened, _sparing(opened, edits), signature("zlxl.edit"), target=target)


def _sparing(opened: Workbook, edits: Edits) -> Edits:
    """The edits with leave to replace a formula only where one stands: the rest can then be undone."""
    from zlxl.hosts.writing import refused_of

    careful = replace(edits, cells=tuple(replace(c, replace_formula=False) for c in edits.cells))
    refused = {refusal.change for refusal in refused_of(opened, careful)}
    cells = tuple(replace(c, replace_formula=c in refused) for c in careful.cells)
    return replace(edits, cells=cells)


def _has_log(opened: Workbook) -> bool:
    """Whether the workbook has a log of its own: one that only looks like it is left alone."""
    names = {grid.sheet for grid in opened.sheets}
    names |= {table.name for grid in opened.sheets for table in grid.list_objects()}
    if LOG not in names:
        return False
    from zlxl.jobs.history import find_log

    return find_log(opened) is not None
