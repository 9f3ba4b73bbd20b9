"""A sheet as its file holds it and as LibreOffice computes it anew, cell by cell."""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

import openpyxl

from tests import libreoffice
from zlxl.excel.write import write_workbook
from zlxl.sheet import Workbook


def disagreements(book: Workbook, folder: Path) -> tuple[int, list[object]]:
    """How many formulas the workbook has, and those whose value LibreOffice computes otherwise."""
    path = folder / "ours.xlsx"
    write_workbook(book, path)
    theirs = libreoffice.recalculate([path], folder / "recalculated")[0]
    formulas, ours, computed = _load(path), _load(path, data_only=True), _load(theirs, data_only=True)
    compared, other = 0, []
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    compared += 1
                    pair = [_plain(b[sheet.title][cell.coordinate].value) for b in (ours, computed)]
                    if not _same(*pair):
                        other.append((sheet.title, cell.coordinate, cell.value, *pair))
    return compared, other


def _load(path: Path, **options: bool) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the extensions it does not know
        return openpyxl.load_workbook(path, **options)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    return "" if value is None else value


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return isinstance(one, int | float) and isinstance(other, int | float) and abs(one - other) < 1e-9
    return one == other
