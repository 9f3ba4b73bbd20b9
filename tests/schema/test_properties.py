"""What must hold of any sheet: order does not matter, nothing makes the check stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.grids import FORMATS, cell_of
from tests.schema.test_paths_agree import ANYTHING, GOOD
from zlxl.errors import Unreadable
from zlxl.findings import FileReport
from zlxl.grid import Area, Cell, Dropdown, Grid, Kind, Layout, ListObject, MemoryGrid
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate
from zlxl.schema.table import Table
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS

SETTINGS = Settings(today=date(2024, 6, 30))
FIELDS = tuple(name for name, column in CLIENTS.columns.items() if column.core or name in GOOD)
Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Grids as a source."""

    sheets: Sequence[Grid]
    path: str = "内存"

    def grids(self) -> Sequence[Grid]:
        """The grids."""
        return self.sheets


def report(*grids: Grid) -> FileReport:
    """Validate grids."""
    return validate(Source(grids), SETTINGS)


def sheet(
    rows: Sequence[Mapping[str, Any] | None], order: Sequence[str] = FIELDS, top: int = 1, extra: bool = False
) -> MemoryGrid:
    """A ledger of rows, None being a blank row; columns in that order, with extra ones between them."""
    columns = {name: 1 + index * (2 if extra else 1) for index, name in enumerate(order)}
    cells = {top: {c: cell_of(CLIENTS.columns[name].header) for name, c in columns.items()}}
    for number, row in enumerate(rows, top + 1):
        cells[number] = {columns[name]: cell_of((row or {}).get(name)) for name in order}
        if extra:
            cells[number] |= {c + 1: cell_of("我自己的列") for c in columns.values() if row}
    if extra:
        cells[top] |= {c + 1: cell_of(f"自用{c}") for c in columns.values()}
    return MemoryGrid(sheet="客户台账", cells=cells, number_formats=FORMATS)


def marks(found: FileReport) -> list[str]:
    """Fingerprints, sorted."""
    return sorted(finding.fingerprint for finding in found.findings)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Row]:
    """Rows with different keys, each with some odd cells."""
    rows = []
    for number in range(draw(st.integers(1, 5))):
        row = dict(GOOD) | {
            "contract_no": f"ZL2023{number + 1:04d}-Q",
            "certificate_no": f"01623Q{number:05d}R0M",
        }
        for name in draw(st.lists(st.sampled_from(FIELDS[2:]), max_size=4)):
            row[name] = draw(ANYTHING)
        rows.append(row)
    return rows


quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(rows=ledgers(), data=st.data())
def test_sorting_makes_nothing_new(rows: list[Row], data: st.DataObject) -> None:
    """The same rows in another order have the same fingerprints."""
    shuffled = data.draw(st.permutations(rows))
    assert marks(report(sheet(shuffled))) == marks(report(sheet(rows)))


@quick
@given(rows=ledgers(), above=st.integers(0, 5), gap=st.integers(0, 3))
def test_inserting_rows_makes_nothing_new(rows: list[Row], above: int, gap: int) -> None:
    """Rows above the header and blank rows between the data change addresses, not fingerprints."""
    spread = [line for row in rows for line in (row, *[None] * gap)]
    assert marks(report(sheet(spread, top=1 + above))) == marks(report(sheet(rows)))


@quick
@given(rows=ledgers(), order=st.permutations(FIELDS), extra=st.booleans())
def test_columns_may_stand_anywhere(rows: list[Row], order: list[str], extra: bool) -> None:
    """Column order and columns of the user's own make no difference."""
    assert marks(report(sheet(rows, order, extra=extra))) == marks(report(sheet(rows)))


def test_rows_with_equal_keys_are_told_apart() -> None:
    """Two rows without any key have fingerprints of their own."""
    rows = [{"client": "甲公司"}, {"client": "乙公司"}, {"client": "甲公司"}]
    found = marks(report(sheet(rows)))
    assert len(found) == len(set(found))


NUMBERS = st.one_of(
    st.floats(),
    st.sampled_from([1e308, -1e308, 5e-324, 2958466.0, -1.0, 60.0, 0.99999, 1e15, 1e22, 1e16 + 2]),
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=12),
    st.sampled_from(
        ["\ud800", "长" * 32767, "{x}", "{0}", "%s", "\x00", "1" * 400, "9" * 30 + "年1月1日", "-" * 200]
    ),
    st.sampled_from(
        ["二〇一九年十月", "十十年十月十日", "0000-00-00", "1e999", "1.2.3.4.5", "∞", "①②③", "½", "²⁰²⁴"]
    ),
)
CELLS = st.one_of(
    st.builds(Cell, st.just(Kind.NUMBER), NUMBERS, st.integers(0, 6)),
    st.builds(Cell, st.just(Kind.TEXT), TEXTS, st.integers(0, 6)),
    st.builds(Cell, st.just(Kind.BOOL), st.sampled_from([0.0, 1.0]), st.integers(0, 6)),
    st.builds(Cell, st.just(Kind.ERROR), st.sampled_from(["#N/A", "", "#"])),
    st.builds(
        Cell, st.just(Kind.ISO_DATE), TEXTS | st.sampled_from(["2024-01-01", "0001-01-01T00:00:00Z", "24:00"])
    ),
    st.just(Cell(Kind.PENDING)),
    ANYTHING.map(cell_of),
)
AREAS = st.builds(Area, *[st.integers(1, 6)] * 2, *[st.integers(1, 30)] * 2).map(
    lambda a: Area(min(a.top, a.bottom), min(a.left, a.right), max(a.top, a.bottom), max(a.left, a.right))
)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Tables, merges and drop-downs anywhere."""
    named = st.sampled_from(["客户台账", "表1", "码表"])
    return Layout(
        list_objects=tuple(
            draw(
                st.lists(
                    st.builds(ListObject, name=named, area=AREAS, header_rows=st.integers(0, 1)), max_size=2
                )
            )
        ),
        merges=tuple(draw(st.lists(AREAS, max_size=3))),
        dropdowns=tuple(
            draw(st.lists(st.builds(Dropdown, areas=st.tuples(AREAS), formula=TEXTS), max_size=2))
        ),
    )


@st.composite
def grids(draw: st.DrawFn) -> MemoryGrid:
    """A sheet with some table's headers and any cells at all."""
    table: Table = draw(st.sampled_from(TABLES))
    headers = draw(st.lists(st.sampled_from(table.headers), min_size=1, max_size=30))
    cells: dict[int, dict[int, Cell]] = {1: {i: cell_of(h) for i, h in enumerate(headers, 1)}}
    for row in range(2, 2 + draw(st.integers(0, 4))):
        columns = draw(st.dictionaries(st.integers(1, len(headers)), CELLS, max_size=12))
        cells[row] = dict(sorted(columns.items()))
    return MemoryGrid(
        sheet=draw(st.sampled_from([table.name, "Sheet1", ""])),
        cells=cells,
        number_formats=(*FORMATS, "[red]", "yyyy;@", "\ud800"),
        typed=draw(st.booleans()),
        date1904=draw(st.booleans()),
        sheet_layout=draw(layouts()),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets=st.lists(grids(), min_size=1, max_size=3))
@example(sheets=[sheet([])])
def test_nothing_stops_the_check(sheets: list[MemoryGrid]) -> None:
    """Any cells of any kind give findings in words, or the file is Unreadable; never another exception."""
    try:
        found = report(*sheets)
    except Unreadable:
        return
    for finding in found.findings:
        assert finding.message
        assert finding.suggestion
