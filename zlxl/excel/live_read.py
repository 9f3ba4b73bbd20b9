"""A sheet of the open workbook as a Grid: its values in one read, formats and drop-downs when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np

from zlxl.grid import (
    EMPTY_CELL,
    GENERAL,
    MAX_ROWS,
    Area,
    Block,
    Cell,
    Dropdown,
    Kind,
    Layout,
    ListObject,
    RawColumn,
)
from zlxl.schema.values import is_date_format, to_serial

if TYPE_CHECKING:
    import xlwings

#: How COM gives an error value.
ERRORS: Final = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
}
DATE_FORMAT: Final = "yyyy-mm-dd"
MIXED: Final = None  # what Excel says of a range whose cells differ
ASKED: Final = 200  # times at most that a column is asked for its formats; the rest counts as ordinary
T = TypeVar("T")
_DAY_SECONDS: Final = 86_400


class Call(Protocol):
    """Makes a call to Excel; waits while Excel is busy."""

    def __call__(self, call: Callable[[], T]) -> T:
        """What the call gives."""


def uniform_runs(
    read: Callable[[int, int], object], top: int, bottom: int, asked: int = ASKED
) -> Iterator[tuple[int, int, object]]:
    """Runs of rows for which ``read`` gives one answer, MIXED ones halved; MIXED where asking is over."""
    waiting = [(top, bottom)] if top <= bottom else []
    while waiting:
        first, last = waiting.pop()
        answer = read(first, last) if asked > 0 else MIXED
        asked -= 1
        if answer is not MIXED or first == last or asked <= 0:
            yield first, last, answer
            continue
        middle = (first + last) // 2
        waiting += [(middle + 1, last), (first, middle)]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the sheets of the open workbook have in common."""

    date1904: bool
    strings: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    formats: list[str] = field(default_factory=lambda: [GENERAL])

    def text(self, value: str) -> int:
        """Place of a text in the pool."""
        if value not in self.index:
            self.index[value] = len(self.strings)
            self.strings.append(value)
        return self.index[value]

    def style(self, code: str) -> int:
        """Place of a number format."""
        if code not in self.formats:
            self.formats.append(code)
        return self.formats.index(code)


@dataclass(frozen=True)
class LiveGrid:
    """A worksheet of the open workbook; ``call`` makes every call to Excel, and knows how to wait."""

    sheet: str
    api: xlwings.Sheet = field(repr=False)
    shared: Shared = field(repr=False)
    call: Call = field(repr=False)
    reading: Callable[[], None] = field(
        default=lambda: None, repr=False
    )  #: says that the sheet is being read; may stop the run

    typed = True

    @property
    def date1904(self) -> bool:
        """Whether day 0 is 1904-01-01."""
        return self.shared.date1904

    @property
    def number_formats(self) -> Sequence[str]:
        """Number format code of each style index."""
        return self.shared.formats

    @property
    def strings(self) -> Sequence[str]:
        """One pool of texts for all sheets."""
        return self.shared.strings

    @cached_property
    def _used(self) -> tuple[int, int, Sequence[Sequence[object]]]:
        """First row and column of the used range, and its values: the one read of the sheet."""

        def read() -> tuple[int, int, object]:
            used = self.api.used_range
            return used.row, used.column, used.raw_value

        self.reading()
        top, left, values = self.call(read)
        return top, left, rows_of(values)

    @property
    def bottom(self) -> int:
        """Last used row."""
        top, _, values = self._used
        return top + len(values) - 1

    @property
    def right(self) -> int:
        """Last used column."""
        _, left, values = self._used
        return left + len(values[0]) - 1

    def value(self, row: int, column: int) -> object:
        """What was read from a cell, as Excel gives it; None for an empty one."""
        top, left, values = self._used
        if top <= row <= self.bottom and left <= column <= self.right:
            return values[row - top][column - left]
        return None

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows."""
        top, left, values = self._used
        found = {}
        for row in range(top, min(rows, self.bottom) + 1):
            cells = {c: self._cell(v) for c, v in enumerate(values[row - top], left)}
            if cells := {c: cell for c, cell in cells.items() if cell.kind}:
                found[row] = cells
        return found

    def _cell(self, value: object) -> Cell:
        kind, datum = self._stored(value)
        if kind is Kind.EMPTY:
            return EMPTY_CELL
        style = self.shared.style(DATE_FORMAT) if isinstance(value, date) else 0
        return Cell(kind, datum, style)

    def _stored(self, value: object) -> tuple[Kind, float | str | None]:
        match value:
            case None | "":
                return Kind.EMPTY, None
            case bool():
                return Kind.BOOL, float(value)
            case int() if value in ERRORS:
                return Kind.ERROR, ERRORS[value]
            case datetime():
                return Kind.NUMBER, serial(value, date1904=self.date1904)
            case str():
                return Kind.TEXT, value
        return Kind.NUMBER, float(value)  # type: ignore[arg-type]  # int, float, Decimal of a currency

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables on the sheet."""
        return self._tables

    @cached_property
    def _tables(self) -> tuple[ListObject, ...]:
        return self.call(lambda: tuple(map(_list_object, self.api.tables)))

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The values of the columns that were read, to the last row that holds one."""
        wanted = list(columns)
        left = self._used[1]
        known = [c for c in wanted if left <= c <= self.right]
        end = min(self.bottom, last_row)
        while end >= first_row and all(self.value(end, c) in (None, "") for c in known):
            end -= 1
        rows = np.arange(first_row, end + 1, dtype=np.int32)
        return Block(rows=rows, columns={c: self._column(c, first_row, end) for c in wanted})

    def _column(self, column: int, first: int, last: int) -> RawColumn:
        raws = [self.value(row, column) for row in range(first, last + 1)]
        stored = [self._stored(raw) for raw in raws]
        text = self.shared.text
        data = [text(v) if isinstance(v, str) else np.nan if v is None else v for _, v in stored]
        return RawColumn(
            kinds=np.array([kind for kind, _ in stored], dtype=np.uint8),
            data=np.array(data, dtype=np.float64),
            styles=np.array(self._styles(column, first, raws), dtype=np.uint16),
        )

    def _styles(self, column: int, first: int, raws: Sequence[object]) -> list[int]:
        """Format of each cell; where asking takes too long, what the type of its value shows."""
        codes = self._formats(column)
        day = self.shared.style(DATE_FORMAT)
        styles = []
        for row, raw in enumerate(raws, first):
            style = codes.get(row, 0)
            if isinstance(raw, datetime) and not is_date_format(self.shared.formats[style]):
                style = day
            styles.append(style)
        return styles

    def _formats(self, column: int) -> dict[int, int]:
        """Style by row of a column, those of tables asked apart from what stands around them."""
        if column not in self._known_formats:
            read = self._reader(column, lambda cells: cells.number_format)
            styles: dict[int, int] = {}
            for top, bottom in self._bands(column):
                for first, last, code in uniform_runs(read, top, bottom):
                    if isinstance(code, str) and code != GENERAL:
                        styles |= dict.fromkeys(range(first, last + 1), self.shared.style(code))
            self._known_formats[column] = styles
        return self._known_formats[column]

    @cached_property
    def _known_formats(self) -> dict[int, dict[int, int]]:
        return {}

    def _reader(self, column: int, ask: Callable[[xlwings.Range], object]) -> Callable[[int, int], object]:
        def read(first: int, last: int) -> object:
            return self.call(lambda: ask(self.api.range((first, column), (last, column))))

        return read

    def _bands(self, column: int) -> list[tuple[int, int]]:
        """Runs of rows that are asked apart: the bodies of tables, else all used rows."""
        inside = [t for t in self.list_objects() if t.area.left <= column <= t.area.right]
        bodies = [(t.area.top + t.header_rows, t.area.bottom - t.totals_rows) for t in inside]
        return bodies or [(self._used[0], self.bottom)]

    def layout(self) -> Layout:
        """Tables, merges, drop-downs and formats of whole columns: a few questions a column."""
        return self._layout

    @cached_property
    def _layout(self) -> Layout:
        columns = range(self._used[1], self.right + 1)
        return Layout(
            list_objects=self._tables,
            merges=tuple(self._merges()),
            dropdowns=tuple(drop for column in columns for drop in self._dropdowns(column)),
            column_formats=dict(self._column_formats(columns)),
            hidden=not self.call(lambda: self.api.visible),
        )

    def _column_formats(self, columns: range) -> Iterator[tuple[int, str]]:
        """The format of the last row that a sheet can have: nobody formats that one alone."""
        whole = self.api.range((MAX_ROWS, columns[0]), (MAX_ROWS, columns[-1]))
        if self.call(lambda: whole.number_format) == GENERAL:
            return
        for column in columns:
            code = self._reader(column, lambda cells: cells.number_format)(MAX_ROWS, MAX_ROWS)
            if isinstance(code, str) and code != GENERAL:
                yield column, code

    def _dropdowns(self, column: int) -> Iterator[Dropdown]:
        """Runs of cells with a list; beyond the used rows no question is asked."""
        read = self._reader(column, _validation)
        found = []
        for table in self._tables:
            if table.area.left <= column <= table.area.right:
                top = table.area.top + table.header_rows
                runs = uniform_runs(read, top, table.area.bottom - table.totals_rows)
                found += [Area(first, column, last, column) for first, last, kind in runs if kind == "list"]
        if found:
            yield Dropdown(areas=tuple(found), formula="")

    def _merges(self) -> Iterator[Area]:
        """Merged areas of the used range."""
        _, left, _ = self._used

        def read(first: int, last: int) -> object:
            return self.call(lambda: self.api.range((first, left), (last, self.right)).merge_cells)

        seen: set[Area] = set()
        for first, last, merged in uniform_runs(read, self._used[0], self.bottom, 2 * ASKED):
            if merged is not False and first == last:
                for column in range(left, self.right + 1):
                    area = self._merge_at(first, column)
                    if area and area not in seen:
                        seen.add(area)
                        yield area

    def _merge_at(self, row: int, column: int) -> Area | None:
        def read() -> Area | None:
            cell = self.api.range((row, column))
            return Area.parse(cell.merge_area.get_address(False, False)) if cell.merge_cells else None

        return self.call(read)


def rows_of(values: object) -> Sequence[Sequence[object]]:
    """What a range gives, as rows: one cell comes alone, and so may a row."""
    if not isinstance(values, list | tuple):
        return ((values,),)
    return values if values and isinstance(values[0], list | tuple) else (values,)


def _validation(cells: xlwings.Range) -> object:
    """The kind of a range's validation; MIXED where its cells differ."""
    kind = cells.data_validation.type
    return MIXED if kind in ("inconsistent", "mixed_criteria") else kind


def area_of(table: xlwings.main.Table) -> Area:
    """Where a table stands now."""
    cells = table.range
    (rows, columns), top, left = cells.shape, cells.row, cells.column
    return Area(top, left, top + rows - 1, left + columns - 1)


def _list_object(table: xlwings.main.Table) -> ListObject:
    return ListObject(
        name=table.name,
        area=area_of(table),
        header_rows=int(bool(table.show_headers)),
        totals_rows=int(bool(table.show_totals)),
    )


def serial(moment: datetime, *, date1904: bool = False) -> float:
    """Excel serial number of a moment, to the second that Excel gives."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return to_serial(moment.date()) - 1462 * date1904 + seconds / _DAY_SECONDS
