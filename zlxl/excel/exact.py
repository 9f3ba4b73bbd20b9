"""Cells of a worksheet part by expat, in every spelling: the reference of the scan, and its fallback."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from zlxl.excel.strings import RichText
from zlxl.excel.styles import style_index
from zlxl.excel.text import XML_BLANKS, checked_length, unescaped
from zlxl.excel.xml import local, parser
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Kind, a1, column_number

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
NUMBER_PATTERN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(NUMBER_PATTERN)


class StoredCell(NamedTuple):
    """A non-empty cell as stored. ``value``: the number, the shared string index or the text itself."""

    row: int
    column: int
    kind: Kind
    value: float | str
    style: int


class CellError(ValueError):
    """A cell that cannot be: the message says where and why."""


def number(text: str) -> float:
    """The number of a ``<v>``; ValueError when it is none."""
    text = text.strip(XML_BLANKS)
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise ValueError(f"not a number: {text[:20]}")
    return value


class CellParser:
    """Hands every non-empty cell to ``emit`` while XML is fed; rows and cells without ``r`` are counted."""

    def __init__(self, emit: Callable[[StoredCell], None], styles: int) -> None:
        self.expat = parser()
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._characters
        self.row = 0
        self._row_text = ""
        self._columns: dict[str, int] = {}  # letters seen so far
        self._style_of: dict[str, int] = {}  # style attributes seen so far
        self._emit = emit
        self._styles = styles
        self._inside = 0  # depth below <sheetData>, 0 outside it
        self._skip = 0  # depth below an element whose content is not ours
        self._column = 0
        self._cell: tuple[int, int, str, int] | None = None
        self._rich: RichText | None = None
        self._has_formula = False
        self._value: list[str] | None = None
        self._in_value = False
        self._length = 0

    def feed(self, chunks: Iterable[bytes]) -> None:
        """Parse a whole document; ExpatError when it is malformed."""
        for chunk in chunks:
            self.expat.Parse(chunk)
        self.expat.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if self._skip or name == "extLst":
            self._skip += 1
        elif not self._inside:
            self._inside = int(name == "sheetData")
        elif name == "c":
            self._start_cell(attributes)
        elif self._cell is not None:
            self._start_inside_cell(name, attributes)
        elif name == "row":
            self._start_row(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "").strip(XML_BLANKS)
        self.row = int(stated) if stated.isdecimal() and len(stated) < 10 else self.row + 1
        self._row_text = str(self.row)
        self._column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        row = self.row
        reference = attributes.get("r", "")
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None or reference[len(letters) :] != self._row_text:
            row, column = self._address(attributes.get("r"))
            if letters.isalpha():
                self._columns[letters] = column
        if not 1 <= row <= MAX_ROWS:
            raise CellError(f"第 {row} 行超出工作表范围")
        self._column = column
        style = attributes.get("s")
        index = 0 if style is None else self._style_of.get(style)
        if index is None:
            index = self._style_of[str(style)] = style_index(str(style).strip(XML_BLANKS), self._styles)
        self._cell = (row, column, attributes.get("t", "n"), index)
        self._rich, self._value, self._has_formula, self._length = None, None, False, 0

    def _address(self, reference: str | None) -> tuple[int, int]:
        if reference is None:
            row, column = self.row, self._column + 1
        else:
            match = _REFERENCE.fullmatch(reference.strip(XML_BLANKS))
            if match is None:
                raise CellError(f"单元格地址 {reference[:20]} 无效")
            row, column = int(match[2]), column_number(match[1].upper())
        if not (1 <= row <= MAX_ROWS and column <= MAX_COLUMNS):
            raise CellError(f"单元格 {a1(row, column)} 超出工作表范围")
        return row, column

    def _start_inside_cell(self, name: str, attributes: dict[str, str]) -> None:
        if self._rich is not None:
            self._rich.start(name, attributes)
        elif name == "v":
            self._value, self._in_value = [], True
        elif name == "is":
            self._rich = RichText()
        elif name == "f":
            self._has_formula = True

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if self._skip:
            self._skip -= 1
        elif name == "c" and self._cell is not None:
            self._finish_cell(*self._cell)
            self._cell = None
        elif name == "sheetData":
            self._inside = 0
        elif name == "v":
            self._in_value = False
        elif self._rich is not None and name != "is":
            self._rich.end(name)

    def _characters(self, text: str) -> None:
        if self._in_value and self._value is not None:
            self._length += len(text)
            checked_length(self._length)
            self._value.append(text)
        elif self._rich is not None:
            self._rich.characters(text)

    def _finish_cell(self, row: int, column: int, stored_type: str, style: int) -> None:
        text = None if self._value is None else "".join(self._value)
        try:
            found = self._content(stored_type.strip(XML_BLANKS), text)
        except ValueError as error:
            raise CellError(f"单元格 {a1(row, column)} 的内容无效（{error}）") from error
        if found is not None:
            self._emit(StoredCell(row, column, found[0], found[1], style))

    def _content(self, stored_type: str, text: str | None) -> tuple[Kind, float | str] | None:
        if stored_type == "inlineStr":
            return None if self._rich is None else (Kind.TEXT, self._rich.text())
        if stored_type == "str" and text is not None:
            return Kind.TEXT, unescaped(text)
        if text is None or not text.strip(XML_BLANKS):
            return (Kind.PENDING, math.nan) if self._has_formula else None
        return typed_content(stored_type, text)


def typed_content(stored_type: str, text: str) -> tuple[Kind, float | str]:
    """Kind and value of a non-blank ``<v>``; ValueError when they do not fit."""
    match stored_type:
        case "n":
            return Kind.NUMBER, number(text)
        case "s":
            return Kind.TEXT, shared_index(text)
        case "str":
            return Kind.TEXT, unescaped(text)
        case "b":
            return Kind.BOOL, truth(text)
        case "e":
            return Kind.ERROR, unescaped(text)
        case "d":
            return Kind.ISO_DATE, text.strip(XML_BLANKS)
    raise ValueError(f"未知类型 {stored_type[:20]}")


def shared_index(text: str) -> float:
    """Index of a shared string; ValueError when it is none."""
    if not text.isdecimal():
        text = text.strip(XML_BLANKS)
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise ValueError("共享字符串序号无效")
    return float(text)


def truth(text: str) -> float:
    """1.0 or 0.0 of an xsd:boolean; ValueError when it is none."""
    word = text.strip(XML_BLANKS)
    if word not in ("0", "1", "true", "false"):
        raise ValueError("逻辑值无效")
    return float(word in ("1", "true"))


class _EnoughError(Exception):
    """Enough rows are read."""


def first_cells(chunks: Iterable[bytes], rows: int, styles: int) -> list[StoredCell]:
    """Non-empty cells of the rows 1 to ``rows``; reading stops at the first later row that holds one."""
    found: list[StoredCell] = []

    def emit(cell: StoredCell) -> None:
        if cell.row > rows:
            raise _EnoughError
        found.append(cell)

    cells = CellParser(emit, styles)
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), HEAD_STEP):
                cells.expat.Parse(chunk[start : start + HEAD_STEP])
                if cells.row > rows:
                    raise _EnoughError
        cells.expat.Parse(b"", True)
    except _EnoughError:
        pass
    return found


#: Bytes parsed before looking whether enough rows are read.
HEAD_STEP = 16 << 10


def all_cells(chunks: Iterable[bytes], styles: int) -> Iterator[list[StoredCell]]:
    """Non-empty cells of a worksheet part, in batches."""
    found: list[StoredCell] = []
    cells = CellParser(found.append, styles)
    for chunk in chunks:
        cells.expat.Parse(chunk)
        yield found[:]
        found.clear()
    cells.expat.Parse(b"", True)
    yield found


def row_cells(rows: bytes, styles: int) -> list[StoredCell]:
    """Non-empty cells of complete ``<row>`` elements given as bytes of UTF-8."""
    found: list[StoredCell] = []
    CellParser(found.append, styles).feed((b"<sheetData>", rows, b"</sheetData>"))
    return found
