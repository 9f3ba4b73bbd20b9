"""An xlwings engine over UNO, for tests: the calls that drive Excel drive a headless LibreOffice."""

from __future__ import annotations

import builtins
import datetime as dt
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings
from xlwings import base_classes as base

from tests.libreoffice import SOFFICE

EPOCH = dt.datetime(1899, 12, 30)
#: LibreOffice's error numbers as COM gives them.
ERRORS = {
    521: -2146826288,
    532: -2146826281,
    519: -2146826273,
    524: -2146826265,
    525: -2146826259,
    503: -2146826252,
    32767: -2146826246,
}
DATES, LOGICAL, FORMULA_ERROR = 6, 1024, 4
KINDS = {"LIST": "list", "ANY": "none"}  #: of validation
CONTENTS = 1 | 2 | 4 | 16  # values, dates, texts, formulas
TABLE_COLUMN = re.compile(r"(\w+)\[((?:\[[^\[\]]*\]|[^\[\]])+)\]")
XL_OOX = 3
Box = tuple[int, int, int, int]  # first row and column, last row and column
QUIETLY = ("--headless", "--norestore", "--nologo", "--nodefault")
DOT = "_DOT_"  # in names, where LibreOffice admits none
NUMBER_LIKE = re.compile(r"\s*[-+¥$]?[\d.,/:年月日 -]+%?([eE][-+]?\d+)?\s*|TRUE|FALSE")


def _uno() -> Any:
    """The system's bridge, with nothing else of the system's packages, and Python's own import statement."""
    if "uno" not in sys.modules:
        folder = tempfile.mkdtemp(prefix="uno_")
        for name in ("uno.py", "unohelper.py"):
            Path(folder, name).symlink_to(f"/usr/lib/python3/dist-packages/{name}")
        sys.path.append(folder)
        plain = builtins.__import__
        import uno

        builtins.__import__ = plain  # uno's own finds modules that are said to be missing
    import uno

    return uno


def _values(**properties: Any) -> tuple[Any, ...]:
    made = []
    for name, value in properties.items():
        one = _uno().createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def _box(area: Any) -> Box:
    return area.StartRow, area.StartColumn, area.EndRow, area.EndColumn


class Engine:
    """What xlwings asks of an engine."""

    name, type = "uno", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any = None) -> Any:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: Any
    ) -> Any:
        return [[empty_as if cell is None else cell for cell in row] for row in data]


class Apps(base.Apps):
    def __init__(self) -> None:
        self.all: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self.all]

    def __iter__(self) -> Iterator[App]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.all if app.pid == pid)


class App(base.App):
    """Keeps the state that LibreOffice has no word for, and answers alerts as it is told."""

    pid = 1
    screen_updating = enable_events = display_alerts = True
    calculation = "automatic"
    api = SimpleNamespace(ProtectedViewWindows=SimpleNamespace(Count=0))

    def __init__(self, engine: Engine, desktop: Any) -> None:
        self._engine, self.desktop = engine, desktop
        self._books = Books(self)
        self.status: list[Any] = []
        self.alerts: list[str] = []
        self.answer = "yes"

    engine = property(lambda self: self._engine)
    books = property(lambda self: self._books)
    visible = property(lambda self: False)
    version = property(lambda self: "16.0")
    status_bar = property(lambda self: self.status[-1] if self.status else False)

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.status.append(value)

    @property
    def selection(self) -> Range:
        sheet, row = self._books.active.at
        return Range(self._books.active.sheets(sheet + 1), row, 0, row, 0)

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: str) -> str:
        self.alerts.append(prompt)
        return "ok" if buttons == "ok" else self.answer

    def activate(self, steal_focus: bool = False) -> None:
        pass


class Books(base.Books):
    def __init__(self, app: App) -> None:
        self.app, self.all = app, list[Book]()
        self.current: Book | None = None
        self.looks: dict[bytes, dict[str, list[Look]]] = {}  #: by the content of a file

    @property
    def active(self) -> Book:
        if self.current is None:
            raise xlwings.XlwingsError("Couldn't find any active App!")
        return self.current

    def __call__(self, key: Any) -> Book:
        found = [b for n, b in enumerate(self.all, 1) if key in (n, b.name)]
        if not found:
            raise KeyError(key)
        return found[0]

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.all)

    def add(self) -> Book:
        doc = self.app.desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, _values(Hidden=True)
        )
        book = Book(self.app, doc, {})
        self.all.append(book)
        return book

    def open(self, fullname: str, *_: Any, **__: Any) -> Book:
        url = _uno().systemPathToFileUrl(str(Path(fullname).resolve()))
        doc = self.app.desktop.loadComponentFromURL(url, "_blank", 0, _values(Hidden=True))
        known = self.looks.setdefault(Path(fullname).read_bytes(), {})
        book = Book(self.app, doc, known)
        self.all.append(book)
        self.current = self.current or book
        return book


class Book(base.Book):
    def __init__(self, app: App, doc: Any, known: dict[str, list[Look]]) -> None:
        self._app, self.doc = app, doc
        self.at = (0, 0)  #: sheet and row of the selection
        self.codes: dict[int, tuple[str, int]] = {}  #: number formats by key
        #: What was asked since the last change, as every question costs a journey: values, tables and names,
        #: and looks by sheet.
        self.held, self.rest, self.looks = dict[Any, Any](), dict[Any, Any](), dict[str, list[Look]]()
        self.known, self.changed = known, set[str]()  #: looks of sheets as the file has them; other sheets

    app = property(lambda self: self._app)
    fullname = property(lambda self: _uno().fileUrlToSystemPath(self.doc.URL) if self.doc.URL else "工作簿1")
    name = property(lambda self: Path(self.fullname).name)
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self.doc.NamedRanges, self))

    @property
    def api(self) -> Any:
        return SimpleNamespace(
            Date1904=self.doc.NullDate.Year == 1904, ProtectStructure=self.doc.isProtected(), ReadOnly=False
        )

    def code(self, key: int) -> tuple[str, int]:
        """The number format of a key, and its type."""
        if key not in self.codes:
            form = self.doc.NumberFormats.getByKey(key)
            code, type_ = form.FormatString, form.Type
            self.codes[key] = code.lower() if type_ & DATES else code, type_
        return self.codes[key]

    @staticmethod
    def asked(answers: dict[Any, Any], key: Any, ask: Callable[[], Any]) -> Any:
        """An answer that holds until something is changed."""
        if key not in answers:
            answers[key] = ask()
        return answers[key]

    def touch(self, sheet: str = "") -> None:
        """Cells of a sheet are changed, and values elsewhere with them; or sheets and tables are."""
        self.held.clear()
        self.looks.pop(sheet, None)
        self.changed.add(sheet)
        if not sheet:
            self.rest.clear()

    def activate(self) -> None:
        pass

    def close(self) -> None:
        self.doc.close(True)
        books = self._app.books
        books.all.remove(self)
        if books.current is self:
            books.current = next(iter(books.all), None)


@dataclass(frozen=True)
class Look:
    """How some cells look."""

    areas: list[Box]
    code: str
    type: int  #: of the number format
    kind: str  #: of their validation
    colour: int

    def meets(self, cells: Range) -> bool:
        """Whether some of the cells are among them."""
        return any(
            r0 <= cells.r1 and cells.r0 <= r1 and c0 <= cells.c1 and cells.c0 <= c1
            for r0, c0, r1, c1 in self.areas
        )


class Sheets(base.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    api = property(lambda self: self.book.doc.Sheets)
    active = property(lambda self: self(self.book.at[0] + 1))

    def __call__(self, key: Any) -> Sheet:
        found = self.api.getByIndex(key - 1) if isinstance(key, int) else self.api.getByName(key)
        return Sheet(self.book, found)

    def __len__(self) -> int:
        return self.api.Count

    def __iter__(self) -> Iterator[Sheet]:
        return (self(number + 1) for number in range(len(self)))


class Sheet(base.Sheet):
    def __init__(self, book: Book, sh: Any) -> None:
        self._book, self.sh = book, sh

    book = property(lambda self: self._book)
    index = property(lambda self: self.sh.RangeAddress.Sheet + 1)
    visible = property(lambda self: self.sh.IsVisible)
    tables = property(lambda self: Tables(self))
    names = property(lambda self: Names(self.sh.NamedRanges, self._book))

    @property
    def name(self) -> str:
        return self._book.asked(self._book.rest, self, lambda: self.sh.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._book.touch(self.name)
        self.sh.Name = value
        self._book.touch()
        self._book.touch(value)

    @property
    def api(self) -> Any:
        return SimpleNamespace(ProtectContents=self.sh.isProtected())

    @property
    def looks(self) -> list[Look]:
        """What the cells look like."""
        return self._book.asked(self._book.looks, self.name, self._looks)

    def _looks(self) -> list[Look]:
        if self.name in self._book.changed:
            return self._read_looks()
        return self._book.asked(self._book.known, self.name, self._read_looks)

    def _read_looks(self) -> list[Look]:
        return [*map(self._look, self.sh.getUniqueCellFormatRanges())]

    def _look(self, cells: Any) -> Look:
        key, colour = cells.getPropertyValues(("NumberFormat", "CellBackColor"))
        areas = [*map(_box, cells.getRangeAddresses())]
        code, type_ = self._book.code(key)
        return Look(
            areas=areas,
            code=code,
            type=type_,
            kind=KINDS.get(cells.Validation.Type.value, "other"),
            colour=colour,
        )

    def delete(self) -> None:
        for table in self.tables:
            self._book.doc.DatabaseRanges.removeByName(table.name)
        self._book.touch(self.name)
        self._book.doc.Sheets.removeByName(self.sh.Name)
        self._book.touch()

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """As Excel does, with the tables on it."""
        place = before.index - 1 if before else after.index
        target = (before or after).book.doc
        target.Sheets.importSheet(self._book.doc, self.sh.Name, place)
        for table in self.tables:
            area, name = table.api.DataArea, table.name
            area.Sheet = place
            while target.DatabaseRanges.hasByName(name):
                name += "1"
            target.DatabaseRanges.addNewByName(name, area)
        (before or after).book.touch()
        (before or after).book.touch(target.Sheets.getByIndex(place).Name)

    def activate(self) -> None:
        self._book.at = (self.index - 1, 0)

    def select(self) -> None:
        self.activate()

    @property
    def used_range(self) -> Range:
        cursor = self.sh.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return Range(self, 0, 0, cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn)

    def range(self, first: Any, last: Any = None) -> Range:
        ends = [self._corners(end) for end in (first, last) if end is not None]
        return Range(self, *ends[0][:2], *ends[-1][2:])

    def _corners(self, end: Any) -> tuple[int, int, int, int]:
        if isinstance(end, Range):
            return end.r0, end.c0, end.r1, end.c1
        if isinstance(end, tuple):
            return (end[0] - 1, end[1] - 1) * 2
        found = self.sh.getCellRangeByName(end).RangeAddress
        return found.StartRow, found.StartColumn, found.EndRow, found.EndColumn


class Range(base.Range):
    def __init__(self, sheet: Sheet, r0: int, c0: int, r1: int, c1: int) -> None:
        self._sheet, self.r0, self.c0, self.r1, self.c1 = sheet, r0, c0, r1, c1

    sheet = property(lambda self: self._sheet)
    cells = property(lambda self: self._sheet.sh.getCellRangeByPosition(self.c0, self.r0, self.c1, self.r1))
    api = cells
    row = property(lambda self: self.r0 + 1)
    column = property(lambda self: self.c0 + 1)
    shape = property(lambda self: (self.r1 - self.r0 + 1, self.c1 - self.c0 + 1))
    formats = property(lambda self: self._sheet.book.doc.NumberFormats)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        return Range(self._sheet, *(self.r0 + row - 1, self.c0 + column - 1) * 2)

    def get_address(self, *_: Any) -> str:
        last = xlwings.utils.col_name(self.c1 + 1) + str(self.r1 + 1)
        return f"{xlwings.utils.col_name(self.c0 + 1)}{self.r0 + 1}:{last}"

    address = property(get_address)

    @property
    def raw_value(self) -> Any:
        """As COM gives it: floats, datetimes by the format, bools, whole numbers for errors."""
        return self._asked("value", self._values)

    def _asked(self, what: str, ask: Callable[[], Any]) -> Any:
        book = self._sheet.book
        return book.asked(book.held, (what, self._sheet.name, *self.box), ask)

    def _touch(self) -> None:
        self._sheet.book.touch(self._sheet.name)

    @property
    def box(self) -> Box:
        return self.r0, self.c0, self.r1, self.c1

    def _values(self) -> Any:
        cells = self.cells
        data = [[None if v == "" else v for v in row] for row in cells.getDataArray()]
        for look in self._sheet.looks:
            if look.type & (DATES | LOGICAL):
                for area in look.areas:
                    self._shown(data, area, look.type)
        for area in map(_box, cells.queryFormulaCells(FORMULA_ERROR).getRangeAddresses()):
            for row, column in self._places(area):
                error = self._sheet.sh.getCellByPosition(column, row).getError()
                data[row - self.r0][column - self.c0] = ERRORS.get(error, ERRORS[519])
        return data[0][0] if len(self) == 1 else tuple(map(tuple, data))

    def _places(self, area: Box) -> Iterator[tuple[int, int]]:
        """The cells of an area that belong to the range."""
        for row in range(max(area[0], self.r0), min(area[2], self.r1) + 1):
            for column in range(max(area[1], self.c0), min(area[3], self.c1) + 1):
                yield row, column

    def _shown(self, data: list[list[Any]], area: Box, kind: int) -> None:
        for row, column in self._places(area):
            value = data[row - self.r0][column - self.c0]
            if isinstance(value, float):
                moment = EPOCH + dt.timedelta(seconds=round(value * 86400)) if kind & DATES else bool(value)
                data[row - self.r0][column - self.c0] = moment

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = value if isinstance(value, list | tuple) else [[value] * self.shape[1]] * self.shape[0]
        text = self.number_format == "@"
        self.cells.setFormulaArray(tuple(tuple(self._typed(v, text) for v in row) for row in rows))
        self._touch()
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, dt.date) and self(r + 1, c + 1).number_format == "General":
                    self(r + 1, c + 1).number_format = "yyyy/m/d"
        self._touch()

    @staticmethod
    def _typed(value: Any, text: bool) -> Any:
        """What typing the value into Excel would store: texts that look like numbers become numbers."""
        if isinstance(value, dt.datetime):
            return (value.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)
        if isinstance(value, dt.date):
            return float((dt.datetime(value.year, value.month, value.day) - EPOCH).days)
        if isinstance(value, bool):
            return "=TRUE()" if value else "=FALSE()"
        if not isinstance(value, str):
            return "" if value is None else float(value)
        if value.startswith(("'", "=")) or not value or text:
            return "'" + value if text and value and not value.startswith("=") else value
        return value if NUMBER_LIKE.fullmatch(value) else "'" + value

    @property
    def formula(self) -> Any:
        found = self._asked("formula", lambda: self.cells.getFormulaArray())
        return found[0][0] if len(self) == 1 else found

    @formula.setter
    def formula(self, value: Any) -> None:
        """As Excel reads it: commas, ``sheet!cell``, names of tables."""
        parser = self._sheet.book.doc.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish, parser.FormulaConvention = True, XL_OOX
        place = _uno().createUnoStruct("com.sun.star.table.CellAddress")
        place.Sheet, known = self._sheet.index - 1, dict[str, Any]()
        for r, row in enumerate(value if isinstance(value, list | tuple) else ((value,),)):
            for c, text in enumerate(row):
                place.Row, place.Column = self.r0 + r, self.c0 + c
                plain = self._table_columns(text.removeprefix("="), place.Row, known)
                cell = self._sheet.sh.getCellByPosition(place.Column, place.Row)
                cell.setTokens(parser.parseFormula(plain, place))
        self._touch()

    def _table_columns(self, text: str, row: int, known: dict[str, Any]) -> str:
        """Columns of tables as plain references; in the row of the formula's cell for ``[#This Row]``."""

        def plain(match: re.Match[str]) -> str:
            if match[1] not in known:
                known[match[1]] = self._table_place(match[1])
            if known[match[1]] is None:
                return match[0]
            sheet, area, headers = known[match[1]]
            parts = re.findall(r"\[([^\[\]]*)\]", match[2]) or [match[2]]
            places = [headers.index(name) for name in parts if not name.startswith("#")]
            first, last = (
                xlwings.utils.col_name(area.StartColumn + at + 1) for at in (places[0], places[-1])
            )
            rows = {"#This Row": (row, row), "#Headers": (area.StartRow,) * 2}
            begin, end = rows.get(parts[0], (area.StartRow + 1, area.EndRow))
            return f"'{sheet}'!${first}${begin + 1}:${last}${end + 1}"

        return TABLE_COLUMN.sub(plain, text)

    def _table_place(self, name: str) -> Any:
        """Sheet, area and headers of a table; None where there is none of that name."""
        ranges = self._sheet.book.doc.DatabaseRanges
        if not ranges.hasByName(name):
            return None
        area = ranges.getByName(name).DataArea
        sheet = self._sheet.book.doc.Sheets.getByIndex(area.Sheet)
        top = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.StartRow)
        return sheet.Name, area, top.getDataArray()[0]

    @property
    def number_format(self) -> str | None:
        return self._same(lambda look: look.code)

    def _same(self, of: Callable[[Look], Any]) -> Any:
        """What all cells have alike; None where they differ."""
        found = {of(look) for look in self._sheet.looks if look.meets(self)}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        locale = _uno().createUnoStruct("com.sun.star.lang.Locale")
        key = self.formats.queryKey(code, locale, False)
        self.cells.NumberFormat = key if key >= 0 else self.formats.addNew(code, locale)
        self._touch()

    @property
    def data_validation(self) -> Any:
        kind = self._same(lambda look: look.kind) or "inconsistent"
        return SimpleNamespace(type=kind)

    @property
    def merge_area(self) -> Range:
        cursor = self._sheet.sh.createCursorByRange(self.cells)
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        return Range(self._sheet, area.StartRow, area.StartColumn, area.EndRow, area.EndColumn)

    @property
    def merge_cells(self) -> bool | None:
        if len(self) == 1:
            return len(self.merge_area) > 1
        return None if self.cells.IsMerged else False

    @property
    def color(self) -> Any:
        found = self._same(lambda look: look.colour)
        return None if found in (-1, None) else (found >> 16 & 255, found >> 8 & 255, found & 255)

    @color.setter
    def color(self, value: Any) -> None:
        self.cells.CellBackColor = -1 if value is None else value[0] << 16 | value[1] << 8 | value[2]
        self._touch()

    @property
    def font(self) -> Font:
        return Font(self.cells)

    def autofit(self, axis: str | None = None) -> None:
        self.cells.Columns.OptimalWidth = True

    def clear_contents(self) -> None:
        self.cells.clearContents(CONTENTS)
        self._touch()

    def select(self) -> None:
        self._sheet.book.at = (self._sheet.index - 1, self.r0)


class Font(base.Font):
    api: Any = None

    def __init__(self, cells: Any) -> None:
        self.api = cells

    @property
    def bold(self) -> bool:
        return self.api.CharWeight > 100

    @bold.setter
    def bold(self, value: bool) -> None:
        self.api.CharWeight = 150.0 if value else 100.0


class Names(base.Names):
    api: Any = None

    def __init__(self, names: Any, book: Book) -> None:
        self.api, self.book = names, book

    def __len__(self) -> int:
        return self.api.Count

    def __call__(self, key: Any) -> Name:
        if isinstance(key, int):
            return Name(self.api.getByIndex(key - 1))
        return Name(self.api.getByName(key.replace(".", DOT)))

    def __iter__(self) -> Iterator[Name]:
        return (self(number + 1) for number in range(len(self)))

    def contains(self, name: str) -> bool:
        return self.api.hasByName(name)

    def add(self, name: str, refers_to: str) -> Name:
        start = _uno().createUnoStruct("com.sun.star.table.CellAddress")
        self.api.addNewByName(name.replace(".", DOT), refers_to.lstrip("="), start, 0)
        return self(name)


class Name(base.Name):
    api: Any = None

    def __init__(self, api: Any) -> None:
        self.api = api

    name = property(lambda self: self.api.Name.replace(DOT, "."))
    refers_to = property(lambda self: "=" + self.api.Content)


class Tables(base.Tables):
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def _all(self) -> list[Any]:
        index = self.sheet.index - 1
        return [
            found
            for found, area in self.sheet.book.asked(self.sheet.book.rest, "tables", self._every)
            if area.Sheet == index
        ]

    def _every(self) -> list[tuple[Any, Any]]:
        return [(found, found.DataArea) for found in self.sheet.book.doc.DatabaseRanges]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Table]:
        return (Table(self.sheet, found) for found in self._all())

    def __call__(self, key: Any) -> Table:
        every = self._all()
        found = every[key - 1] if isinstance(key, int) else next(r for r in every if r.Name == key)
        return Table(self.sheet, found)


class Table(base.Table):
    api: Any = None

    def __init__(self, sheet: Sheet, api: Any) -> None:
        self.sheet, self.api = sheet, api

    show_headers = property(lambda self: self.api.ContainsHeader)

    @property
    def name(self) -> str:
        return self.api.Name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self.sheet.book.touch()

    @property
    def show_totals(self) -> bool:
        return self.api.TotalsRow

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        self.api.TotalsRow = value
        self.sheet.book.touch()

    @property
    def range(self) -> Range:
        area = self.api.DataArea
        return Range(self.sheet, area.StartRow, area.StartColumn, area.EndRow, area.EndColumn)

    def resize(self, target: Range) -> None:
        self.api.DataArea = target.api.RangeAddress
        self.sheet.book.touch()


@contextmanager
def office() -> Iterator[App]:
    """A LibreOffice of its own, as the active engine of xlwings."""
    assert SOFFICE, "LibreOffice is not installed"
    uno = _uno()
    profile = Path(tempfile.mkdtemp(prefix="lo_live_"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"socket,host=127.0.0.1,port={port};urp"
    process = subprocess.Popen(
        [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", *QUIETLY, f"--accept={where};"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    before = xlwings.engines.active if len(xlwings.engines) else None
    try:
        app = App(engine := Engine(), _desktop(uno, where))
        engine.apps.all.append(app)
        xlwings.engines.active = xlwings.Engine(impl=engine)
        yield app
    finally:
        xlwings.engines.active = before
        try:
            for book in list(app.books.all):
                book.close()
            app.desktop.terminate()
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
        shutil.rmtree(profile, ignore_errors=True)


def _desktop(uno: Any, where: str) -> Any:
    local = uno.getComponentContext()
    create = local.ServiceManager.createInstanceWithContext
    resolver = create("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:{where};StarOffice.ComponentContext")
            break
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.1)
    else:
        raise AssertionError("LibreOffice did not start")
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
