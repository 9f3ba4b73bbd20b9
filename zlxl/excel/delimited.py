"""CSV files as a grid of texts, by column."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zlxl.excel.faults import guarded, unreadable
from zlxl.excel.stamp import Stamp, check_unchanged, stamp
from zlxl.grid import GENERAL, MAX_COLUMNS, MAX_ROWS, Block, Cell, Grid, Kind, Layout, ListObject, RawColumn

MIB = 1 << 20
BATCH_ROWS = 8192
SAMPLE_ROWS = 50
DELIMITERS = ",;\t"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Control characters that no text file holds; a zero byte is the usual one of binary files.
BINARY = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
#: Rows times columns kept, 4 bytes each.
MAX_CELLS = 64 << 20


@dataclass(frozen=True, kw_only=True)
class DelimitedGrid:
    """A CSV file read whole: one array of text indexes a column, 0 being the empty text."""

    sheet: str
    encoding: str  #: utf-8-sig, utf-8, gb18030 or utf-16
    delimiter: str
    strings: Sequence[str] = field(repr=False)
    codes: Sequence[NDArray[np.int32]] = field(repr=False)  #: by column, from column 1 on
    typed: bool = False
    date1904: bool = False
    number_formats: Sequence[str] = (GENERAL,)

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows."""
        found: dict[int, dict[int, Cell]] = {}
        for column, codes in enumerate(self.codes, 1):
            for row in np.flatnonzero(codes[: max(rows, 0)]):
                cell = Cell(Kind.TEXT, self.strings[codes[row]])
                found.setdefault(int(row) + 1, {})[column] = cell
        return dict(sorted(found.items()))

    def list_objects(self) -> Sequence[ListObject]:
        """A text file has none."""
        return ()

    def layout(self) -> Layout:
        """A text file has none."""
        return Layout()

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The texts of the columns; rows are all from first_row to the last one with a text."""
        start = max(first_row, 1) - 1
        wanted = {column: self._codes(column)[start:last_row] for column in columns}
        used = max((int(np.max(np.flatnonzero(c), initial=-1)) + 1 for c in wanted.values()), default=0)
        rows = np.arange(start + 1, start + 1 + used, dtype=np.int32)
        return Block(rows=rows, columns={number: _raw(codes, used) for number, codes in wanted.items()})

    def _codes(self, column: int) -> NDArray[np.int32]:
        if 1 <= column <= len(self.codes):
            return self.codes[column - 1]
        return np.empty(0, dtype=np.int32)


def _raw(codes: NDArray[np.int32], used: int) -> RawColumn:
    filled = np.zeros(used, dtype=np.int32)
    filled[: len(codes)] = codes[:used]
    return RawColumn(
        kinds=np.where(filled != 0, Kind.TEXT, Kind.EMPTY).astype(np.uint8),
        data=np.where(filled != 0, filled, np.nan),
        styles=np.zeros(used, dtype=np.uint16),
    )


@dataclass(frozen=True, kw_only=True)
class Delimited:
    """A CSV file as a TableSource of one sheet."""

    file: Path
    grid: DelimitedGrid
    stamp: Stamp

    def check_unchanged(self) -> None:
        """Unreadable when another program wrote the file since it was read."""
        check_unchanged(self.file, self.stamp)

    @property
    def path(self) -> str:
        """The file as the user gave it."""
        return str(self.file)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which encoding the file was read in, since it cannot say so itself."""
        return (f"按 {self.grid.encoding.upper()} 编码读取。",)

    def grids(self) -> Sequence[Grid]:
        """Its one sheet, named like the file as Excel does."""
        return (self.grid,)


def open_delimited(path: Path) -> Delimited:
    """CSV file of a path; Unreadable when it is no text, or more than a worksheet holds."""
    with guarded(path):
        opened = stamp(path)
        encoding = _encoding(path)
        delimiter = _delimiter(path, encoding)
        strings, codes = _read(path, encoding, delimiter)
    grid = DelimitedGrid(
        sheet=path.stem, encoding=encoding, delimiter=delimiter, strings=strings, codes=codes
    )
    return Delimited(file=path, grid=grid, stamp=opened)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise unreadable(
        path, "不是文本文件，或编码不是 UTF-8、GB18030", "请用 Excel 另存为 CSV UTF-8 或 .xlsx 后再检查"
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(MIB):
                if encoding != "utf-16" and len(chunk.translate(None, BINARY)) != len(chunk):
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", True)
        except UnicodeError:
            return False
    return True


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=delimiter)


def _delimiter(path: Path, encoding: str) -> str:
    return max(DELIMITERS, key=lambda mark: _agreement(islice(_records(path, encoding, mark), SAMPLE_ROWS)))


def _agreement(records: Iterable[list[str]]) -> tuple[int, int]:
    """How many records share the commonest width beyond 1, and that width."""
    widths = [len(record) for record in records if len(record) > 1]
    common = max(set(widths), key=widths.count, default=0)
    return widths.count(common), common


class _Codes(dict[str, int]):
    """Text to index; a new text gets the next one."""

    def __missing__(self, text: str) -> int:
        self[text] = index = len(self)
        return index


def _read(path: Path, encoding: str, delimiter: str) -> tuple[list[str], list[NDArray[np.int32]]]:
    index = _Codes({"": 0})
    pieces: list[list[NDArray[np.int32]]] = []
    records = _records(path, encoding, delimiter)
    rows = 0
    while batch := list(islice(records, BATCH_ROWS)):
        columns = list(zip_longest(*batch, fillvalue=""))
        _check_size(path, rows + len(batch), max(len(columns), len(pieces)))
        for _ in range(len(columns) - len(pieces)):
            pieces.append([np.zeros(rows, dtype=np.int32)])
        for at, column in enumerate(pieces):
            texts = columns[at] if at < len(columns) else ("",) * len(batch)
            column.append(np.fromiter(map(index.__getitem__, texts), dtype=np.int32, count=len(batch)))
        rows += len(batch)
    return list(index), [np.concatenate(column) for column in pieces]


def _check_size(path: Path, rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise unreadable(path, "的行数或列数超出 Excel 工作表的上限", "请拆分文件后再检查")
