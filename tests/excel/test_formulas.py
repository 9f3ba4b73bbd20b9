"""Cells that take no value are told beforehand, as the writer refuses them."""

from __future__ import annotations

from pathlib import Path

from tests.excel.books import parts, write
from tests.messy.book import Formula, Sheet, save
from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.excel.formulas import fixed_cells
from zlxl.excel.save import save as save_edits
from zlxl.excel.source import open_source


def told(path: Path) -> frozenset[tuple[int, int]]:
    """Fixed cells of the first sheet."""
    return fixed_cells(open_source(path).grids()[0])


def test_told_are_those_that_the_writer_refuses(tmp_path: Path) -> None:
    """Formulas with and without result, and cells that a merge hides; not the merge's first cell."""
    sheet = Sheet("表", merges=["A4:B5"]).rows(1, 1, [["a", Formula("1+1", 2), 3], [Formula("2"), "b", "c"]])
    path = save(tmp_path / "a.xlsx", sheet.put(4, 1, ["m"]))
    places = [(row, column) for row in range(1, 7) for column in range(1, 4)]
    changes = tuple(CellChange(sheet="表", row=r, column=c, value="neu") for r, c in places)
    saved = save_edits(open_source(path), Edits(cells=changes), tmp_path / "b.xlsx", skip_refused=True)

    assert told(path) == {(x.change.row, x.change.column) for x in saved.refused}
    assert told(path) == {(1, 2), (2, 1), (4, 2), (5, 1), (5, 2)}


def test_prefixes_and_arrays_are_understood(tmp_path: Path) -> None:
    """As other programs write them."""
    rows = (
        '<x:row r="1"><x:c r="A1" s="0"><x:v>1</x:v></x:c>'
        "<x:c s='0' r='B1'> <x:f t='array' ref='B1:B2'>A1:A2</x:f><x:v>1</x:v></x:c></x:row>"
    )
    text = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<x:sheetData>{rows}</x:sheetData></x:worksheet>"
    )
    path = write(tmp_path / "a.xlsx", parts({"表": text}))

    assert told(path) == {(1, 2), (2, 2)}


def test_a_text_file_has_none(tmp_path: Path) -> None:
    """Its cells are values."""
    path = tmp_path / "a.csv"
    path.write_text("合同编号,企业名称\n=1+1,甲\n", "utf-8")

    assert told(path) == frozenset()
