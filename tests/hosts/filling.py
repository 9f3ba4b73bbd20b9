"""Forms filled in as people do: in the cells, moved about, or typed anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

OFF, ON = "☐", "☑"


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What somebody writes on a form, by label, and what the database is to hold then, by header."""

    form: str
    table: str
    known: Mapping[str, Any]  #: printed on it
    written: Mapping[str, Any] = field(default_factory=dict)
    ticked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)  #: beside all of the above


def fill(path: Path, filling: Filling) -> None:
    """Write into the cells beside the labels, and tick."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    for label, value in filling.written.items():
        first, right, _ = _area(sheet, _labelled(sheet, label))
        sheet.cell(first, right + 1).value = value
    for label, options in filling.ticked.items():
        for option in options:
            tick_cell(sheet, label, option).value = ON
    book.save(path)


def _labelled(sheet: Worksheet, label: str) -> Cell:
    return next(
        cell
        for row in sheet
        for cell in row
        if cell.value == label and not sheet.row_dimensions[cell.row].hidden
    )


def _area(sheet: Worksheet, cell: Cell) -> tuple[int, int, int]:
    """First row, last column and last row of a cell with what it is merged with."""
    merged = next((area for area in sheet.merged_cells.ranges if cell.coordinate in area), None)
    return (cell.row, merged.max_col, merged.max_row) if merged else (cell.row, cell.column, cell.row)


def tick_cell(sheet: Worksheet, label: str, option: str) -> Cell:
    """The box before an option, or under its heading."""
    top, right, bottom = _area(sheet, _labelled(sheet, label))
    boxes = [
        sheet.cell(row, column)
        for row in range(top, bottom + 1)
        for column in range(right + 1, sheet.max_column + 1)
        if sheet.cell(row, column).value in (OFF, ON)
    ]
    return next(
        box for box in boxes if option in (sheet.cell(box.row, box.column + 1).value, _heading(sheet, box))
    )


def _heading(sheet: Worksheet, box: Cell) -> Any:
    above = (sheet.cell(row, box.column).value for row in range(box.row - 1, 0, -1))
    return next((text for text in above if text and text not in (OFF, ON)), None)


def moved(path: Path, target: Path, *, down: int, right: int) -> Path:
    """A copy with rows inserted above and columns before, as copying into another sheet gives."""
    old = openpyxl.load_workbook(path).active
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "收到日期见邮件"
    for cell in _filled(old):
        new = sheet.cell(cell.row + down, cell.column + right)
        new.value, new.number_format = cell.value, cell.number_format
    for area in old.merged_cells.ranges:
        area.shift(right, down)
        sheet.merge_cells(area.coord)
    book.save(target)
    return target


def _filled(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet for cell in row if cell.value is not None)


def retyped(target: Path, filling: Filling, signs: str = "□■") -> Path:
    """Labels and values typed anew, one below the other, dates as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([filling.form])
    for label, value in {**filling.known, **filling.written}.items():
        told = f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value
        sheet.append([f"{label}：", told])
    for label, options in filling.ticked.items():
        told = " ".join(f"{signs[1]}{option}" for option in options)
        sheet.append([f"{label}：", f"{told} {signs[0]}以上都不是"])
    book.save(target)
    return target
