"""Edits of workbooks that Excel itself wrote: nothing else in them changes, and other programs open them."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from tests.excel.books import patch_cells
from tests.excel.test_corpus import BOOKS, CORPUS
from zlxl.changes import CellChange
from zlxl.excel.exact import all_cells
from zlxl.excel.source import open_source
from zlxl.excel.workbook import SheetGrid
from zlxl.grid import MAX_COLUMNS, a1

GROUPS = 16
TOUCHED = {"xl/workbook.xml", "xl/styles.xml"}
NEW_ROW = 300
#: A warning, not an error: Excel moves text out of cells at its next save. It is given only for workbooks
#: that had no text at all, and is the price of leaving the shared strings of all others untouched.
IN_CELL_TEXT = "Excel_InlineStrCells"
#: One feature each; all of them are lost or rewritten by openpyxl's load and save.
FEATURES = [
    "array_formula01",
    "background01",
    "chart_bar01",
    "checkbox01",
    "comment01",
    "cond_format01",
    "data_validation01",
    "dynamic_array01",
    "embedded_image01",
    "header_image01",
    "hyperlink01",
    "macro01",
    "sparkline01",
    "table01",
    "textbox01",
    "rich_string01",
    "outline01",
    "object_position01",
    "image01",
    "autofilter05",
    "protect01",
    "shared_strings01",
    "data_labels01",
    "chart_combined01",
]
AUDITED = [path for path in BOOKS if path.stem in FEATURES]

pytestmark = pytest.mark.skipif(not BOOKS, reason=f"the corpus of Excel's own workbooks is not at {CORPUS}")


def edits_of(grid: SheetGrid) -> list[CellChange]:
    """A stored cell, one behind the row's last, one in a row of its own; text, number and format."""
    sheet = grid.sheet
    edits = [CellChange(sheet=sheet, row=NEW_ROW, column=2, value="新值 <&> ", number_format="@")]
    for row, cells in list(grid.head(50).items())[-1:]:
        edits.append(CellChange(sheet=sheet, row=row, column=min(cells), value=-1.5))
        if max(cells) < MAX_COLUMNS:
            change = CellChange(sheet=sheet, row=row, column=max(cells) + 1, value=7, number_format="0.00")
            edits.append(change)
    return edits


def raw_parts(path: Path) -> dict[str, tuple[bytes, tuple[object, ...]]]:
    """Stored bytes and metadata of every part, in order."""
    data = path.read_bytes()
    found = {}
    with zipfile.ZipFile(path) as archive:
        for i in archive.infolist():
            start = i.header_offset + 30 + sum(struct.unpack_from("<2H", data, i.header_offset + 26))
            metadata = (i.date_time, i.extra, i.comment, i.external_attr, i.create_version, i.flag_bits)
            found[i.filename] = data[start : start + i.compress_size], metadata
    return found


def stored(grid: SheetGrid) -> dict[str, tuple[object, ...]]:
    """Every cell of a sheet as it stands in the file: kind, value or index, number format."""
    formats = grid.number_formats
    chunks = grid.shared.package.chunks(grid.part)
    cells = (cell for batch in all_cells(chunks, len(formats)) for cell in batch)
    return {a1(c.row, c.column): (c.kind, repr(c.value), formats[c.style]) for c in cells}


def sheets(path: Path) -> list[SheetGrid]:
    return [grid for grid in open_source(path).grids() if isinstance(grid, SheetGrid)]


@pytest.mark.parametrize("group", range(GROUPS))
def test_only_the_wanted_cells_change(tmp_path, group):
    """Untouched parts are the same stored bytes in the same order; all cells of all sheets are compared."""
    for path in BOOKS[group::GROUPS]:
        target = tmp_path / path.name
        before = sheets(path)
        wanted = edits_of(before[0])
        refused = [refusal.change for refusal in patch_cells(path, target, wanted, skip_refused=True)]
        done = {a1(change.row, change.column) for change in wanted if change not in refused}

        old, new = raw_parts(path), raw_parts(target)
        assert list(old) == list(new)
        touched = {name for name in old if old[name] != new[name]}
        assert touched <= TOUCHED | {before[0].part}, path.name
        assert {name: meta for name, (_, meta) in old.items()} == {
            name: meta for name, (_, meta) in new.items()
        }

        after = sheets(target)
        assert [grid.sheet for grid in before] == [grid.sheet for grid in after]
        for grid, changed in zip(before, after, strict=True):
            was, now = stored(grid), stored(changed)
            different = {place for place in was.keys() | now.keys() if was.get(place) != now.get(place)}
            assert different == (done if grid is before[0] else set()), path.name


@pytest.mark.parametrize("group", range(GROUPS))
def test_bytes_around_an_edited_cell(tmp_path, group):
    """Of the sheet part, the element of the cell alone differs; styles stay byte for byte."""
    for path in BOOKS[group::GROUPS]:
        grid = sheets(path)[0]
        edits = [c for c in edits_of(grid) if c.value == -1.5]
        target = tmp_path / path.name
        if not edits or patch_cells(path, target, edits, skip_refused=True):
            continue
        with zipfile.ZipFile(path) as one, zipfile.ZipFile(target) as two:
            old, new = one.read(grid.part).decode(), two.read(grid.part).decode()
            assert one.read("xl/styles.xml") == two.read("xl/styles.xml")
        place = a1(edits[0].row, edits[0].column)
        cell = re.compile(rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
        assert cell.split(old) == cell.split(new)
        assert "<v>-1.5</v>" in cell.findall(new)[0]


def edited(path: Path, folder: Path) -> Path:
    target = folder / path.name
    patch_cells(path, target, edits_of(sheets(path)[0]), skip_refused=True)
    return target


@pytest.mark.parametrize("path", AUDITED, ids=lambda path: path.stem)
def test_audit_finds_nothing_new(tmp_path, path):
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)

    def errors(book: Path) -> list[str]:
        found = validator.validate(book).errors
        return sorted(f"{e.part_uri} {e.description}" for e in found if e.id != IN_CELL_TEXT)

    assert errors(edited(path, tmp_path)) == errors(path)


@pytest.mark.parametrize("path", AUDITED, ids=lambda path: path.stem)
def test_openpyxl_and_calamine_read_the_edit(tmp_path, path):
    target = edited(path, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep it warns of
        book = openpyxl.load_workbook(target)
    sheet = book[sheets(path)[0].sheet]
    assert sheet.cell(NEW_ROW, 2).value == "新值 <&> "
    assert sheet.cell(NEW_ROW, 2).number_format == "@"
    last = CalamineWorkbook.from_path(target).get_sheet_by_name(sheet.title).to_python()[-1]
    assert "新值 <&> " in last
