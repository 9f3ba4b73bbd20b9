"""A workbook as a program edits it: cells by address, read as they are, written all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from zlxl.changes import CellChange, CellValue, Formula, LookChange, NoteChange, RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.patch.value import NotStorableError, content
from zlxl.excel.save import Saved
from zlxl.excel.scalar import plain
from zlxl.excel.source import open_source
from zlxl.excel.workbook import SheetGrid, Workbook
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, Kind, a1
from zlxl.schema.moments import moment
from zlxl.schema.stored import Stored, StoredCells
from zlxl.schema.values import ErrorValue
from zlxl.sheet import Name
from zlxl.sheet import Sheet as Generated

READ_TOGETHER = 16  # columns: reading one costs nearly as much as reading its neighbours too
MAX_CELLS = 1_000_000  # of one address
MAX_FORMAT = 255  # characters of a number format
WHOLE = 2**53  # whole numbers below are whole in the file too

#: Writes the edits of an opened workbook into itself (None) or another file.
Write = Callable[[Workbook, Edits, Path | None], Saved]
#: What is read from a cell.
Read = str | int | float | bool | date | time | timedelta | ErrorValue | None

_COLOUR = re.compile("#?([0-9A-Fa-f]{6})")


class Book:
    """The sheets of a workbook by name. Nothing is written before it is saved, or its block is left.

    Leaving a ``with`` block saves into the file itself if anything was changed since the last saving; an
    exception in the block writes nothing.
    """

    def __init__(self, path: Path, write: Write) -> None:
        self.path = path
        self._write = write
        self._sheets: dict[str, Sheet] = {}
        self._changed = self._closed = False
        self._open()

    def _open(self) -> None:
        opened = open_source(self.path)
        if not isinstance(opened, Workbook):
            raise UsageError(f"「{self.path.name}」不是工作簿；zlxl.edit 只能修改 .xlsx、.xlsm 等工作簿。")
        self._opened = opened
        self._rows: list[RowAppended] = []
        self._put: dict[str, tuple[Generated, tuple[Name, ...]]] = {}
        self._removed: dict[str, str] = {}
        grids = {grid.sheet.casefold(): grid for grid in opened.sheets}
        self._sheets = {key: self._sheets.get(key) or Sheet(self.note_change) for key in grids}
        for key, grid in grids.items():
            self._sheets[key].attach(grid)

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._changed:
                self.save()
        finally:
            self._closed = True

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the worksheets in the order of their tabs, then of generated ones yet to be written."""
        stored = [grid.sheet for key, grid in self._grids().items() if key not in self._removed]
        added = [sheet.name for key, (sheet, _) in self._put.items() if key not in self._sheets]
        return (*stored, *added)

    def _grids(self) -> dict[str, SheetGrid]:
        return {grid.sheet.casefold(): grid for grid in self._opened.sheets}

    def __iter__(self) -> Iterator[str]:
        return iter(self.sheets)

    def __len__(self) -> int:
        return len(self.sheets)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.casefold() in {sheet.casefold() for sheet in self.sheets}

    def __getitem__(self, name: str) -> Sheet:
        """A worksheet by its name, in any case; UsageError when there is none."""
        if name not in self:
            raise UsageError(f"「{self.path.name}」没有工作表“{name}”（现有：{'、'.join(self.sheets)}）。")
        if name.casefold() in self._put:
            raise UsageError(f"工作表“{name}”要由 zlxl 生成；请在 save() 之后再读写它的单元格。")
        return self._sheets[name.casefold()]

    def append(self, table: str, values: Mapping[str, object]) -> None:
        """Add a row behind the last one of a table, its values by header.

        Args:
            table: name of the Excel table, or of the sheet that holds a plain one.
            values: by header as the sheet spells it; columns that are left out stay empty or are calculated.
        """
        stored = {}
        for header, value in values.items():
            with _told(f"“{table}”的“{header}”"):
                stored[header] = storable(value)
        self.note_change()
        self._rows.append(RowAppended(table=table, values=stored))

    def put(self, sheet: Generated, *names: Name) -> None:
        """Add a generated sheet, in the place of ours of that name, with the defined names that it uses."""
        self.note_change()
        self._put[sheet.name.casefold()] = sheet, names
        self._removed.pop(sheet.name.casefold(), None)

    def remove(self, name: str) -> None:
        """Delete a generated sheet; one of the user's own is refused when the book is saved."""
        if name not in self:
            raise UsageError(f"「{self.path.name}」没有工作表“{name}”（现有：{'、'.join(self.sheets)}）。")
        self.note_change()
        self._put.pop(name.casefold(), None)
        if grid := self._grids().get(name.casefold()):
            self._removed[name.casefold()] = grid.sheet

    def save(self, target: str | Path | None = None) -> Saved:
        """Write every change into the file itself at once, or all of them into another file.

        A copy leaves the file as it is: leaving the block then writes nothing, unless something is changed
        again. Those later changes, with all before, then go into the file itself.

        Raises:
            Unreadable: the file was changed by another program since it was opened.
            Unwritable: a cell that cannot be changed (part of an array or spill range, header of a table),
                a file that is open elsewhere, read-only or signed; nothing is written then.
        """
        edits = self._edits()
        into = None if target is None or Path(target).resolve() == self.path.resolve() else Path(target)
        if into is None and not edits:
            return Saved(target=self.path)
        saved = self._write(self._opened, edits, into)
        self._changed = False
        if into is None:
            self._open()
        return saved

    def _edits(self) -> Edits:
        planned = list(self._sheets.values())
        return Edits(
            cells=tuple(change for sheet in planned for change in sheet.cells.values()),
            looks=tuple(look for sheet in planned for look in sheet.looks.values()),
            notes=tuple(note for sheet in planned for note in sheet.notes.values()),
            rows=tuple(self._rows),
            sheets=tuple(sheet for sheet, _ in self._put.values()),
            names=tuple(name for _, names in self._put.values() for name in names),
            removed=tuple(self._removed.values()),
        )

    def note_change(self) -> None:
        """Remember that there is something to save; UsageError behind the block."""
        if self._closed:
            raise UsageError(f"「{self.path.name}」的 with 块已经结束，不能再修改；请重新 zlxl.edit。")
        self._changed = True


class Sheet:
    """The cells of a worksheet by address (``"B2"``) or area (``"B2:C9"``)."""

    def __init__(self, note_change: Callable[[], None]) -> None:
        self._note_change = note_change

    def attach(self, grid: SheetGrid) -> None:
        """Begin anew with what the file holds."""
        self._grid = grid
        self._read: dict[int, StoredCells] = {}
        self.cells: dict[tuple[int, int], CellChange] = {}
        self.looks: dict[tuple[int, int], LookChange] = {}
        self.notes: dict[tuple[int, int], NoteChange] = {}
        self.__dict__.pop("_merges", None)

    @property
    def name(self) -> str:
        """The sheet's name as the file spells it."""
        return self._grid.sheet

    def __getitem__(self, address: str) -> Read | list[list[Read]]:
        """The value of a cell, or the rows of values of an area; planned changes are seen.

        None for an empty cell; a number is an int where it is whole, and a date, datetime, time or timedelta
        where its number format shows one; an error is an ErrorValue; of a formula the value it had when the
        workbook was saved, None where it was never calculated.
        """
        area = self._area(address)
        if ":" not in address:
            return self._value(area.top, area.left)
        columns = range(area.left, area.right + 1)
        return [[self._value(row, column) for column in columns] for row in range(area.top, area.bottom + 1)]

    def __setitem__(self, address: str, value: object) -> None:
        """Plan a value for a cell, or rows of values of the area's shape. None clears; styles stay.

        A text is always a text, also one that begins with ``=``; a formula is a ``zlxl.Formula``, an ordinary
        one: of a result that would spill the cell shows the first value. A formula that stood there is
        replaced. Date, time and duration get a format of their own where the cell's does not show them.
        """
        area = self._area(address)
        rows = _rows(value, area, self._place(area)) if ":" in address else [[value]]
        planned = [
            self._change(row, column, cell)
            for row, cells in enumerate(rows, area.top)
            for column, cell in enumerate(cells, area.left)
        ]
        self._note_change()
        self.cells.update({(change.row, change.column): change for change in planned})

    def fill(self, address: str, colour: str | None) -> None:
        """Plan a solid background, ``RRGGBB``, for a cell or area; None takes it away."""
        match = _COLOUR.fullmatch(colour or "")
        if colour and not match:
            raise UsageError(f"“{colour}”不是颜色；请写成六位十六进制 RRGGBB，如 FFF2CC。")
        self._look(address, fill=match[1].upper() if match else "")

    def number_format(self, address: str, code: str) -> None:
        """Plan a number format such as ``0.00`` or ``yyyy-mm-dd`` for a cell or area."""
        if not 0 < len(code) <= MAX_FORMAT:
            raise UsageError(f"数字格式应为 1 到 {MAX_FORMAT} 个字符，如 0.00。")
        self._look(address, number_format=code)

    def note(self, address: str, text: str | None) -> None:
        """Plan a note of ours on a cell; None removes it. Notes of the user stay."""
        area = self._area(address)
        self._check_hidden(area.top, area.left)
        if text is not None:
            with _told(self._place(area)):
                storable(text)
        self._note_change()
        place = area.top, area.left
        self.notes[place] = NoteChange(sheet=self.name, row=area.top, column=area.left, text=text or None)

    def _look(self, address: str, *, fill: str | None = None, number_format: str | None = None) -> None:
        area = self._area(address)
        self._note_change()
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                before = self.looks.get((row, column))
                self.looks[row, column] = LookChange(
                    sheet=self.name,
                    row=row,
                    column=column,
                    fill=before.fill if before and fill is None else fill,
                    number_format=before.number_format if before and number_format is None else number_format,
                )

    def _change(self, row: int, column: int, value: object) -> CellChange:
        self._check_hidden(row, column)
        try:
            stored = storable(value, date1904=self._grid.date1904)
        except NotStorableError:
            with _told(f"{self.name}!{a1(row, column)}"):
                raise
        return CellChange(sheet=self.name, row=row, column=column, value=stored, replace_formula=True)

    def _check_hidden(self, row: int, column: int) -> None:
        """Unwritable where a merge hides the cell."""
        areas = self._merges
        if not len(areas):
            return
        top, left, bottom, right = areas.T
        held = (top <= row) & (row <= bottom) & (left <= column) & (column <= right)
        for area in areas[held]:
            if (row, column) != tuple(area[:2]):
                place, first = f"{self.name}!{a1(row, column)}", a1(int(area[0]), int(area[1]))
                raise Unwritable(f"{place} 属于合并单元格，但不是其左上角；请写入左上角的 {first}。")

    @cached_property
    def _merges(self) -> NDArray[np.int64]:
        """Merged areas: top, left, bottom, right; shape (areas, 4)."""
        merges = self._grid.layout().merges
        return np.array([(m.top, m.left, m.bottom, m.right) for m in merges], np.int64).reshape(-1, 4)

    def _area(self, address: str) -> Area:
        try:
            area = Area.parse(address.strip().upper())
        except (ValueError, AttributeError) as error:
            raise UsageError(f"“{address}”不是单元格地址；请写成 B2 或 B2:C9。") from error
        if area.bottom > MAX_ROWS or area.right > MAX_COLUMNS:
            raise UsageError(f"“{address}”超出工作表范围（最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列）。")
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > MAX_CELLS:
            raise UsageError(f"“{address}”超过 {MAX_CELLS} 个单元格；请分块读写。")
        return area

    def _place(self, area: Area) -> str:
        return f"{self.name}!{area}"

    def _value(self, row: int, column: int) -> Read:
        if (row, column) in self.cells:
            planned = self.cells[row, column].value
            return planned.value if isinstance(planned, Formula) else planned
        group = (column - 1) // READ_TOGETHER
        if group not in self._read:
            first = group * READ_TOGETHER + 1
            columns = range(first, min(first + READ_TOGETHER, MAX_COLUMNS + 1))
            self._read[group] = StoredCells(self._grid, columns, 1)
        stored = self._read[group].at(row, column)
        look = self.looks.get((row, column))
        code = look.number_format if look else None
        return _meant(replace(stored, number_format=code) if code else stored, date1904=self._grid.date1904)


def storable(value: object, *, date1904: bool = False) -> CellValue:
    """The value as one that a cell holds; NotStorableError where no cell can."""
    stored = plain(value)
    content(stored, b"", date1904)
    return None if stored == "" else stored


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Name the place of a value that no cell can hold."""
    try:
        yield
    except NotStorableError as error:
        raise UsageError(f"{where}：{error}。") from error


def _rows(value: object, area: Area, where: str) -> list[list[object]]:
    """Rows of values as lists; UsageError where they do not have the area's shape."""
    height, width = area.bottom - area.top + 1, area.right - area.left + 1
    if hasattr(value, "to_numpy"):
        value = value.to_numpy(dtype=object)
    rows = [_row(row) for row in _row(value)]
    if [len(row) for row in rows] != [width] * height:
        raise UsageError(f"{where} 需要 {height} 行、每行 {width} 个值，如 [[1, 2], [3, 4]]。")
    return rows


def _row(value: object) -> list[object]:
    """What a sequence or array holds; nothing where the value is none."""
    is_text = isinstance(value, str | bytes)
    return list(value) if isinstance(value, Sequence | np.ndarray) and not is_text else []


def _meant(stored: Stored, *, date1904: bool) -> Read:
    """What a stored cell means to a program."""
    match stored.kind, stored.value:
        case Kind.BOOL, float() as value:
            return bool(value)
        case Kind.NUMBER, float() as value:
            meant = moment(value, stored.number_format or "", date1904=date1904)
            whole = value == int(value) and abs(value) < WHOLE
            return meant if meant is not None else int(value) if whole else value
        case Kind.ERROR, str() as value:
            return ErrorValue(value)
        case Kind.ISO_DATE, str() as value:
            return _iso(value)
        case Kind.TEXT, str() as value:
            return value
    return None


def _iso(text: str) -> Read:
    """A date of the strict format; the text itself where it is none."""
    for kind in (date, datetime, time):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
