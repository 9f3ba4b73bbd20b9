"""New rows of the open workbook's tables: where they go, and how a table is made longer for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final

from zlxl.changes import CellValue, RowAppended
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.live_read import Call, LiveGrid, area_of, rows_of
from zlxl.grid import MAX_ROWS, Area, ListObject, a1

if TYPE_CHECKING:
    import xlwings

HEADER_ROWS: Final = 20  # rows among which a sheet without Excel tables has its headers


@dataclass(frozen=True, kw_only=True)
class Appended:
    """Rows for one table."""

    grid: LiveGrid
    table: ListObject | None  #: None where the sheet holds a plain one
    bottom: int  #: last row of the table now, totals left out
    first: int  #: row of the first new one
    values: Sequence[Mapping[int, CellValue]]  #: of each row by column
    formats: Sequence[Mapping[int, str]]  #: where the column's own does not fit

    def runs(self) -> Iterator[list[int]]:
        """Runs of neighbouring columns that are written."""
        columns = sorted({column for row in self.values for column in row})
        for _, run in groupby(enumerate(columns), key=lambda item: item[1] - item[0]):
            yield [column for _, column in run]

    @property
    def last(self) -> int:
        """Row of the last new one."""
        return self.first + len(self.values) - 1

    def check(self) -> None:
        """Unwritable when something stands where the table is to grow."""
        if self.last > MAX_ROWS:
            raise Unwritable(f"“{self.grid.sheet}”放不下 {len(self.values)} 个新行。请先移走旧的行。")
        if self.table is None or self.last <= self.bottom:
            return
        area, totals = self.table.area, self.table.totals_rows
        for row in range(self.bottom + 1 + totals, self.last + 1 + totals):
            for column in range(area.left, area.right + 1):
                if self.grid.value(row, column) not in (None, ""):
                    raise Unwritable(
                        f"“{self.grid.sheet}”的表格下方 {a1(row, column)} 有内容，表格不能延长，没有写入。"
                        "请先把它移到别处，再点一次按钮。"
                    )

    def grow(self, call: Call, steps: list[Callable[[], object]]) -> None:
        """Make the Excel table hold the new rows; a row of totals steps aside meanwhile."""
        if self.table is None or self.last <= self.bottom:
            return
        area = self.table.area
        table = self._as_read(self.table, call)

        def resize(bottom: int) -> None:
            if self.table and self.table.totals_rows:
                table.show_totals = False
            cells = self.grid.api.range((area.top, area.left), (bottom, area.right))
            table.resize(cells)
            if self.table and self.table.totals_rows:
                table.show_totals = True

        steps.append(lambda: call(lambda: resize(self.bottom)))
        call(lambda: resize(self.last))

    def _as_read(self, held: ListObject, call: Call) -> xlwings.main.Table:
        """The table where it was read; Unwritable where it has moved, changed its size or gone since."""
        for table in call(lambda: list(self.grid.api.tables)):
            if call(partial(area_of, table)) == held.area and table.name == held.name:
                return table
        raise Unwritable(f"“{self.grid.sheet}”的表格“{held.name}”在运行中被改动，没有写入。请再点一次按钮。")

    def set_format(self, column: int, call: Call) -> str | None:
        """Let the new cells of a column look like the last one before them; its format."""
        if self.first <= self._header + 1:
            return call(lambda: self.grid.api.range((self.first, column)).number_format)
        code = call(lambda: self.grid.api.range((self.first - 1, column)).number_format)
        cells = self.grid.api.range((self.first, column), (self.last, column))
        call(lambda: setattr(cells, "number_format", code))
        for row, own in enumerate(self.formats, self.first):
            if column in own:
                call(partial(self._set_one, row, column, own[column]))
        return code if isinstance(code, str) else None

    def _set_one(self, row: int, column: int, code: str) -> None:
        self.grid.api.range((row, column)).number_format = code

    def code(self, number: int, column: int, code: str | None) -> str | None:
        """The format of a cell in one of the rows."""
        return self.formats[number].get(column, code)

    @property
    def _header(self) -> int:
        return self.table.area.top if self.table else 0


def appended(rows: Sequence[RowAppended], grids: Sequence[LiveGrid], call: Call) -> Iterator[Appended]:
    """The new rows by table, each checked for room.

    Raises:
        UsageError: there is no such table. Unwritable: no room.
    """
    by_table: dict[str, list[RowAppended]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row)
    for name, some in by_table.items():
        plan = _planned(name, some, grids, call)
        plan.check()
        yield plan


def _planned(name: str, rows: Sequence[RowAppended], grids: Sequence[LiveGrid], call: Call) -> Appended:
    grid, table, area = _found(name, rows, grids)
    headers = {_text(grid.value(area.top, c)): c for c in range(area.right, area.left - 1, -1)}
    missing = [header for row in rows for header in row.values if header not in headers]
    if missing:
        raise UsageError(f"“{grid.sheet}”没有“{missing[0]}”一栏，没有写入。")
    bottom = area.bottom - (table.totals_rows if table else 0)
    return Appended(
        grid=grid,
        table=table,
        bottom=bottom,
        first=_last_filled(grid, replace_bottom(area, bottom), call) + 1,
        values=[{headers[header]: value for header, value in row.values.items()} for row in rows],
        formats=[{headers[h]: code for h, code in (row.number_formats or {}).items()} for row in rows],
    )


def replace_bottom(area: Area, bottom: int) -> Area:
    """The area down to another row."""
    return Area(area.top, area.left, bottom, area.right)


def _found(
    name: str, rows: Sequence[RowAppended], grids: Sequence[LiveGrid]
) -> tuple[LiveGrid, ListObject | None, Area]:
    """The Excel table of that name, else the plain one of the sheet of that name."""
    for grid in grids:
        for table in grid.list_objects():
            if table.name == name:
                return grid, table, table.area
    wanted = {header for row in rows for header in row.values}
    for grid in grids:
        if grid.sheet == name:
            for row, cells in grid.head(HEADER_ROWS).items():
                if wanted <= {_text(cell.value) for cell in cells.values()}:
                    return grid, None, Area(row, min(cells), max(grid.bottom, row), max(cells))
    raise UsageError(f"工作簿中没有表格“{name}”，没有写入。")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _last_filled(grid: LiveGrid, area: Area, call: Call) -> int:
    """Last row that holds something; formulas filled down in readiness do not count."""
    cells = grid.api.range((area.bottom, area.left), (area.bottom, area.right))
    row = rows_of(call(lambda: cells.formula))[0]
    typed = [c for c, f in enumerate(row, area.left) if not (isinstance(f, str) and f.startswith("="))]
    for number in range(area.bottom, area.top, -1):
        if any(grid.value(number, column) not in (None, "") for column in typed):
            return number
    return area.top
