"""Cell by cell the same as python-calamine on workbooks that Excel itself wrote."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from zlxl.excel.source import open_source
from zlxl.grid import Grid, Kind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "xlsxwriter"
BOOKS = sorted(path for path in CORPUS.glob("*.xls[xm]"))
#: calamine moves days of the first leap year and of the 1904 system by one; Excel does not store them so.
FIRST_SURE_DAY = 61
GROUPS = 16

pytestmark = pytest.mark.skipif(not BOOKS, reason=f"the corpus of Excel's own workbooks is not at {CORPUS}")


def stored(value: object, epoch: datetime.datetime) -> float | str:
    """calamine's value as the number or text that the file holds."""
    match value:
        case bool():
            return float(value)
        case datetime.datetime():
            return (value - epoch) / datetime.timedelta(days=1)
        case datetime.date():
            return float((value - epoch.date()).days)
        case datetime.time():
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
        case datetime.timedelta():
            return value / datetime.timedelta(days=1)
        case int() | float():
            return float(value)
    return str(value)


def ours(grid: Grid, columns: int) -> dict[tuple[int, int], tuple[Kind, float | str]]:
    """Kind and value of every cell that is not empty."""
    block = grid.block(range(1, columns + 1), 1)
    found = {}
    for column, raw in block.columns.items():
        for row in raw.kinds.nonzero()[0]:
            kind, datum = Kind(raw.kinds[row]), float(raw.data[row])
            is_text = kind in (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE)
            found[int(block.rows[row]), column] = kind, grid.strings[int(datum)] if is_text else datum
    return found


def agrees(kind: Kind, value: float | str, theirs: object, *, date1904: bool) -> bool:
    """Whether calamine's value means our cell."""
    if kind is Kind.PENDING:
        return theirs in ("", 0.0)
    if kind is Kind.ERROR:
        return theirs in ("", value)
    if isinstance(value, str):
        # Excel stores U+FFFE and U+FFFF escaped; calamine leaves them so.
        return theirs == value.replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_")
    number = stored(theirs, datetime.datetime(1904, 1, 1) if date1904 else datetime.datetime(1899, 12, 30))
    if isinstance(theirs, datetime.date) and value < FIRST_SURE_DAY:
        return abs(value - float(number)) <= 1
    return isinstance(number, float) and math.isclose(value, number, rel_tol=1e-12, abs_tol=1e-7)


@pytest.mark.parametrize("group", range(GROUPS))
def test_same_cells_as_calamine(group):
    """No cell more, no cell less, none of another type or value."""
    for path in BOOKS[group::GROUPS]:
        reference = CalamineWorkbook.from_path(path)
        for grid in open_source(path).grids():
            theirs = {
                (row, column): value
                for row, values in enumerate(
                    reference.get_sheet_by_name(grid.sheet).to_python(skip_empty_area=False), 1
                )
                for column, value in enumerate(values, 1)
                if value != ""
            }
            mine = ours(grid, max((column for _, column in theirs), default=1) + 1)
            assert {place for place in theirs if place not in mine} == set(), path.name
            wrong = [
                (path.name, grid.sheet, place, value, theirs.get(place, ""))
                for place, (kind, value) in mine.items()
                if not agrees(kind, value, theirs.get(place, ""), date1904=grid.date1904)
            ]
            assert wrong == []


def test_head_is_the_first_rows_of_the_block():
    """The two roads into a sheet agree on every workbook."""
    for path in BOOKS:
        for grid in open_source(path).grids():
            head = grid.head(20)
            columns = max((column for cells in head.values() for column in cells), default=1)
            block = {place: cell for place, cell in ours(grid, columns).items() if place[0] <= 20}
            assert block.keys() == {(row, column) for row, cells in head.items() for column in cells}
            for (row, column), (kind, value) in block.items():
                cell = head[row][column]
                assert cell.kind is kind
                assert kind is Kind.PENDING or cell.value == value


def test_layouts_of_the_corpus():
    """What Excel wrote into layouts is found: tables, merges, both forms of drop-downs."""
    layouts = {path.name: [grid.layout() for grid in open_source(path).grids()] for path in BOOKS}
    assert str(layouts["table01.xlsx"][0].list_objects[0].area) == "C3:F13"
    assert any(layout.merges for layout in layouts["merge_cells01.xlsx"])
    assert sum(len(layout.dropdowns) for found in layouts.values() for layout in found) >= 5
    assert any(layout.hidden for found in layouts.values() for layout in found)
