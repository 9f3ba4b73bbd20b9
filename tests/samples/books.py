"""Described workbooks as sources to validate, without writing a file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from zlxl.findings import FileReport
from zlxl.grid import Area, Cell, Dropdown, Kind, Layout, ListObject, MemoryGrid
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate
from zlxl.schema.values import to_serial
from zlxl.sheet import Cell as SheetCell
from zlxl.sheet import Content, Formula, Link, Sheet, Style, Workbook
from zlxl.sheet import Kind as Allowed
from zlxl.sheets.look import LOOKS

FORMATS = tuple(dict.fromkeys(look.number_format for look in LOOKS.values()))


@dataclass
class Source:
    """Sheets in memory."""

    sheets: list[MemoryGrid]
    path: str = "memory.xlsx"

    def grids(self) -> list[MemoryGrid]:
        return self.sheets


def findings_of(workbook: Workbook, today: date) -> FileReport:
    """The report of a workbook, its data sheets only."""
    grids = [grid_of(sheet) for sheet in workbook.sheets if sheet.tables or sheet.name == "办事处旧台账"]
    return validate(Source(grids), Settings(today=today))


def grid_of(sheet: Sheet) -> MemoryGrid:
    """A sheet as a reader would see it."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for table in sheet.tables:
        for number, column in enumerate(table.columns, table.area.left):
            cells[table.area.top][number] = _cell(column.header, column.style)
    for block in sheet.blocks:
        for row, contents in enumerate(block.rows, block.top):
            for number, content in enumerate(contents):
                if content is not None:
                    cells[row][block.left + number] = _cell(content, block.styles[number])
    for area in sheet.merges:
        for row in range(area.top, area.bottom + 1):
            cells[row].pop(area.left, None)
    for (row, column), cell in sheet.cells.items():
        cells[row][column] = _cell_of(cell)
    return MemoryGrid(sheet=sheet.name, cells=cells, number_formats=FORMATS, sheet_layout=_layout(sheet))


def _layout(sheet: Sheet) -> Layout:
    return Layout(
        list_objects=tuple(ListObject(name=t.name, area=t.area) for t in sheet.tables),
        merges=sheet.merges,
        dropdowns=tuple(
            Dropdown(areas=(v.area,), formula=v.source) for v in sheet.validations if v.kind is Allowed.LIST
        ),
        column_formats={n: LOOKS[c.style].number_format for n, c in sheet.columns.items() if c.style},
    )


def _cell_of(cell: SheetCell) -> Cell:
    return _cell(cell.content, cell.style) if cell.content is not None else Cell()


def _cell(content: Content, style: Style) -> Cell:
    number = FORMATS.index(LOOKS[style].number_format)
    match content:
        case Formula(value=None):
            return Cell(Kind.PENDING, None, number)
        case Formula():
            return Cell(Kind.ERROR, str(content.value), number)
        case Link():
            return Cell(Kind.TEXT, content.text, number)
        case date() | datetime():
            return Cell(Kind.NUMBER, float(to_serial(content)), number)
        case int() | float():
            return Cell(Kind.NUMBER, float(content), number)
    return Cell(Kind.TEXT, str(content), number)


def area_holds(area: Area, row: int, column: int) -> bool:
    """Whether an area covers a cell."""
    return area.top <= row <= area.bottom and area.left <= column <= area.right
