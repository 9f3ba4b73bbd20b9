"""Rows appended to every table that Excel itself wrote: nothing else changes, and other programs agree."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from tests.excel.patch.test_corpus import IN_CELL_TEXT, raw_parts, sheets, stored
from tests.excel.test_corpus import BOOKS, CORPUS
from zlxl.changes import RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.grid import Area, ListObject, a1

#: Books with tables, found by their parts, which is quick.
TABLED = [
    path for path in BOOKS if any(name.startswith("xl/tables/") for name in zipfile.ZipFile(path).namelist())
]
#: Other tables or cells stand right below a table.
CROWDED = {"table06"}
TEXT, NUMBER = "新值 <&>", 41.5

pytestmark = pytest.mark.skipif(not BOOKS, reason=f"the corpus of Excel's own workbooks is not at {CORPUS}")


def headers_of(path: Path) -> dict[str, list[str]]:
    """Columns by table, as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    tables = [table for sheet in book.worksheets for table in sheet.tables.values()]
    return {table.displayName: table.column_names for table in tables}


def rows_for(path: Path) -> tuple[RowAppended, ...]:
    """Two rows more than each table has room for: a text in its first column, a number in the last."""
    made = []
    headers = headers_of(path)
    for name, (_, table) in tables(path).items():
        values = {headers[name][-1]: NUMBER, headers[name][0]: TEXT}
        made += [RowAppended(table=name, values=values)] * (room(table) + 2)
    return tuple(made)


def room(table: ListObject) -> int:
    """How many data rows a table has."""
    return table.area.bottom - table.area.top + 1 - table.header_rows - table.totals_rows


def tables(path: Path) -> dict[str, tuple[str, ListObject]]:
    """Tables with their sheets."""
    return {table.name: (grid.sheet, table) for grid in sheets(path) for table in grid.list_objects()}


def appended(path: Path, folder: Path) -> Path | None:
    """The book with the rows; None where something stands in their way."""
    target = folder / path.name
    try:
        save(open_source(path), Edits(rows=rows_for(path)), target, backups=0)
    except Unwritable:
        assert path.stem in CROWDED
        return None
    return target


def concerned(path: Path) -> set[str]:
    """Parts that may change."""
    parts = {"xl/workbook.xml", "xl/styles.xml", "xl/calcChain.xml", "[Content_Types].xml"}
    parts |= {"xl/_rels/workbook.xml.rels"}
    parts |= {grid.part for grid in sheets(path) if grid.list_objects()}
    return parts | {name for name in zipfile.ZipFile(path).namelist() if name.startswith("xl/tables/")}


@pytest.mark.parametrize("path", TABLED, ids=lambda path: path.stem)
def test_rows_behind_every_table(tmp_path, path):
    """The tables end with the new rows, all other cells stay, other parts are the same stored bytes."""
    target = appended(path, tmp_path)
    if target is None:
        return
    old, new = raw_parts(path), raw_parts(target)
    touched = {name for name in old if old[name] != new.get(name)}
    assert new.keys() <= old.keys()
    assert touched <= concerned(path)

    was = {grid.sheet: stored(grid) for grid in sheets(path)}
    now = {grid.sheet: stored(grid) for grid in sheets(target)}
    then = tables(target)
    for name, (sheet, table) in tables(path).items():
        after = then[name][1]
        before, cells = taken(was[sheet], table.area), taken(now[sheet], after.area)
        new = {
            row
            for (row, column), cell in cells.items()
            if column == table.area.left and cell[1] == repr(TEXT)
        }
        assert len(new) == room(table) + 2
        assert all(cells[row, table.area.right][1] in (repr(NUMBER), repr(TEXT)) for row in new)
        assert after.area.bottom - after.totals_rows == max(new)
        moved = after.area.bottom - table.area.bottom
        for (row, column), cell in before.items():
            is_total = row > table.area.bottom - table.totals_rows
            assert cells[row + moved * is_total, column] == cell or row in new
    assert was == now


def taken(cells: dict[str, tuple[object, ...]], area: Area) -> dict[tuple[int, int], tuple[object, ...]]:
    """The cells of an area, taken out of those of their sheet."""
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    places = [(row, column) for row in rows for column in columns]
    return {place: cells.pop(a1(*place)) for place in places if a1(*place) in cells}


@pytest.mark.parametrize("path", TABLED, ids=lambda path: path.stem)
def test_other_programs_agree(tmp_path, path):
    """The audit finds nothing new, and openpyxl reads the tables as they are now."""
    target = appended(path, tmp_path)
    if target is None:
        return
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)

    def errors(book: Path) -> list[str]:
        found = validator.validate(book).errors
        return sorted(f"{e.part_uri} {e.description}" for e in found if e.id != IN_CELL_TEXT)

    assert errors(target) == errors(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(target)
    for name, (sheet, table) in tables(target).items():
        read = book[sheet].tables[name]
        assert read.ref == str(table.area)
        last = table.area.bottom - table.totals_rows
        assert read.autoFilter is None or read.autoFilter.ref.endswith(str(last))
        assert book[sheet].cell(last, table.area.left).value == TEXT
