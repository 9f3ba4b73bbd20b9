"""A grid and a header become a frame: distinct values judged once by the model's types, spread by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zlxl.grid import Area, Block, Grid, Kind, RawColumn
from zlxl.schema.context import Context
from zlxl.schema.frame import Cells, Frame, Verdict
from zlxl.schema.headers import HeaderMatch
from zlxl.schema.table import Table, cell_adapter
from zlxl.schema.values import (
    EPOCH_1904_DAYS,
    PENDING,
    Broken,
    ErrorValue,
    StoredNumber,
    from_serial,
    is_date_format,
)

_MARK = re.compile(
    r"\s*(.{0,8}(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|平均值?|汇总)\s*(金额|费用|数量?|[:：(（/\d].*)?"
    r"|共\s*\d+\s*[条户家行项个份张].{0,6}"
    r"|[*※]?\s*(备注|附注|注|说明)\s*\d*\s*[:：.、].*"
    r"|(制表|填表|填报|编制|审核|复核|批准|打印|统计)(人|者|单位|部门|日期|时间)?\s*[:：].*"
    r"|[（(]?\s*以下(空白|无正文).*)",
    re.S,
).fullmatch  # totals and footnotes, in the first filled cell of their row
_REPEATED = 3  # so many cells equal to their header make a repeated header row
MANY = 2_000  # a choice column with more distinct values is none: suggestions would take minutes
FEW = 3  # a total or footnote row holds at most so many texts


def read_frame(grid: Grid, match: HeaderMatch, context: Context) -> Frame:
    """Judge a table on a sheet. Blank rows, totals, footnotes and repeated headers are no rows."""
    rows, columns = _kept(grid, match)
    cells = {
        name: _cells(grid, columns[column], match, name, context) for name, column in match.fields.items()
    }
    return Frame(table=match.table, grid=grid, match=match, rows=rows, cells=cells)


class RawCells(NamedTuple):
    """One column as stored: ``codes`` (rows,) point into the distinct values, -1 for an empty cell."""

    codes: NDArray[np.int32]
    raws: Sequence[Any]


def read_raw(
    grid: Grid, match: HeaderMatch, extra: Collection[int] = ()
) -> tuple[NDArray[np.int32], Mapping[int, RawCells]]:
    """A table and further columns of its rows, not judged: sheet rows (rows,), cells by column number.

    Numbers keep their format, also those that show dates; these count from 1900 in every workbook.
    """
    rows, columns = _kept(grid, match, extra)
    found = {c: RawCells(*_distinct(kept, grid, stored_number)) for c, kept in sorted(columns.items())}
    return rows, found


def _kept(
    grid: Grid, match: HeaderMatch, extra: Collection[int] = ()
) -> tuple[NDArray[np.int32], dict[int, _Kept]]:
    """Sheet rows (rows,) that are the table's, as its own columns tell, and all columns of these."""
    known = set(match.fields.values())
    block = grid.block(sorted(known.union(extra)), match.row + 1)
    block = _take(block, _within_table(_only(block, known), match))
    lent = _filled_down(block, grid.layout().merges)
    strings = grid.strings[:]  # a list: millions of look-ups through a pool cost a second
    texts = {column: _texts(raw, strings) for column, raw in block.columns.items()}
    keep = np.flatnonzero(_data_rows(_only(block, known), texts, match))
    columns = {c: _Kept(raw, texts[c], keep, lent.get(c)) for c, raw in block.columns.items()}
    return block.rows[keep], columns


def _only(block: Block, columns: Collection[int]) -> Block:
    return Block(rows=block.rows, columns={c: raw for c, raw in block.columns.items() if c in columns})


def _within_table(block: Block, match: HeaderMatch) -> NDArray[np.intp]:
    """Positions of the Excel table's rows, and of those that follow it without a gap (typed in below it)."""
    if match.list_object is None:
        return np.arange(len(block.rows))
    area = match.list_object.area
    last = area.bottom - match.list_object.totals_rows
    used = np.zeros(len(block.rows), dtype=np.bool_)
    for raw in block.columns.values():
        used |= raw.kinds != Kind.EMPTY
    inside = block.rows <= last
    if not match.list_object.totals_rows:
        following = np.flatnonzero(~inside)
        gap = np.flatnonzero(~used[following])
        inside[following[: gap[0] if len(gap) else len(following)]] = True
    return np.flatnonzero(inside)


def _take(block: Block, keep: NDArray[np.intp]) -> Block:
    if len(keep) == len(block.rows):
        return block
    columns = {c: _take_column(raw, keep) for c, raw in block.columns.items()}
    return Block(rows=block.rows[keep], columns=columns)


def _take_column(raw: RawColumn, keep: NDArray[np.intp]) -> RawColumn:
    return RawColumn(kinds=raw.kinds[keep], data=raw.data[keep], styles=raw.styles[keep])


def _filled_down(block: Block, merges: Sequence[Area]) -> dict[int, NDArray[np.bool_]]:
    """Give cells under a vertical merge the value of its top cell; which cells (rows,), by column."""
    lent: dict[int, NDArray[np.bool_]] = {}
    first = int(block.rows[0]) if len(block.rows) else 0
    for area in merges:
        top, bottom = area.top - first, min(area.bottom - first, len(block.rows) - 1)
        if area.left not in block.columns or top < 0 or bottom <= top:
            continue
        raw = block.columns[area.left]
        for array in (raw.kinds, raw.data, raw.styles):
            array[top + 1 : bottom + 1] = array[top]
        lent.setdefault(area.left, np.zeros(len(block.rows), dtype=np.bool_))[top + 1 : bottom + 1] = True
    return lent


def _data_rows(block: Block, column_texts: Mapping[int, _Texts], match: HeaderMatch) -> NDArray[np.bool_]:
    filled = np.zeros(len(block.rows), dtype=np.int16)
    texts = np.zeros(len(block.rows), dtype=np.int16)
    headers = np.zeros(len(block.rows), dtype=np.int16)
    spelled = {column: match.spelled[name] for name, column in match.fields.items()}
    for column, raw in block.columns.items():
        found = column_texts[column]
        blank = found.spread([not text or text.isspace() for text in found.pool])
        headers += found.spread([text == spelled[column] for text in found.pool])
        filled += (raw.kinds != Kind.EMPTY) & ~blank
        texts += (found.codes >= 0) & ~blank
    data = (filled > 0) & (headers < min(_REPEATED, len(spelled)))
    sparse = np.flatnonzero(data & (texts <= FEW))
    data[sparse[_begin_with_mark(block, column_texts, sparse)]] = False
    return data


def _begin_with_mark(
    block: Block, column_texts: Mapping[int, _Texts], rows: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether the first filled cell of a row says that it is a total or a footnote; shape of rows."""
    begun = np.zeros(len(rows), dtype=np.bool_)
    marked = np.zeros(len(rows), dtype=np.bool_)
    for column in sorted(block.columns):
        found = column_texts[column]
        codes = found.codes[rows]
        said = {code: found.pool[code] for code in np.unique(codes[codes >= 0]).tolist()}
        marks = [code for code, text in said.items() if _MARK(text)]
        blank = [code for code, text in said.items() if not text.strip()]
        marked |= np.isin(codes, marks) & ~begun
        begun |= (block.columns[column].kinds[rows] != Kind.EMPTY) & ~np.isin(codes, blank)
    return marked


@dataclass(frozen=True, kw_only=True)
class _Texts:
    """The distinct texts of a column: ``codes`` (rows,) point into ``pool``, -1 where the cell is no text."""

    codes: NDArray[np.int32]
    pool: list[str]

    def spread(self, answers: list[bool]) -> NDArray[np.bool_]:
        """An answer for each text of the pool, spread over the rows; False elsewhere."""
        return np.array([*answers, False], dtype=np.bool_)[self.codes]


def _texts(raw: RawColumn, strings: Sequence[str]) -> _Texts:
    codes = np.full(len(raw.kinds), -1, dtype=np.int32)
    where = np.flatnonzero(raw.kinds == Kind.TEXT)
    if not len(where):
        return _Texts(codes=codes, pool=[])
    pointers = raw.data[where].astype(np.int64)
    low = int(pointers.min())
    present = np.zeros(int(pointers.max()) - low + 1, dtype=np.bool_)
    present[pointers - low] = True
    distinct = np.flatnonzero(present)
    lookup = np.zeros(len(present), dtype=np.int32)
    lookup[distinct] = np.arange(len(distinct), dtype=np.int32)
    codes[where] = lookup[pointers - low]
    return _Texts(codes=codes, pool=[strings[i] for i in (distinct + low).tolist()])


_Reading = Callable[[float, str, bool], Any]  # of a number, its format and whether days count from 1904


class _Kept(NamedTuple):
    """A column, its texts, the positions of its data rows, and which cells lie under a merge."""

    raw: RawColumn
    texts: _Texts
    rows: NDArray[np.intp]
    lent: NDArray[np.bool_] | None


def _distinct(kept: _Kept, grid: Grid, reading: _Reading) -> tuple[NDArray[np.int32], list[Any]]:
    """The code (rows,) of each data row and the distinct raw values it points into."""
    codes = kept.texts.codes[kept.rows]
    raws: list[Any] = list(kept.texts.pool)
    raw = _take_column(kept.raw, kept.rows)
    for where, values in _others(raw, grid, reading):
        distinct, inverse = np.unique(raw.data[where], return_inverse=True)
        codes[where] = inverse.astype(np.int32) + len(raws)
        raws.extend(values(distinct.tolist()))
    return codes, raws


def _others(raw: RawColumn, grid: Grid, reading: _Reading) -> Iterator[tuple[NDArray[np.intp], Any]]:
    """Cells that are no text, by kind and number format, with the reading of their distinct data."""
    for kind in (Kind.BOOL, Kind.ERROR, Kind.ISO_DATE):
        where = np.flatnonzero(raw.kinds == kind)
        if len(where):
            yield where, lambda data, kind=kind: [_simple(kind, value, grid.strings) for value in data]
    pending = np.flatnonzero(raw.kinds == Kind.PENDING)
    if len(pending):
        yield pending, lambda data: [PENDING] * len(data)
    numbers = np.flatnonzero(raw.kinds == Kind.NUMBER)
    styles = raw.styles[numbers]
    for style in np.unique(styles).tolist():
        code = grid.number_formats[style] if style < len(grid.number_formats) else "General"
        yield (
            numbers[styles == style],
            lambda data, code=code: [reading(v, code, grid.date1904) for v in data],
        )


def _simple(kind: Kind, datum: float, strings: Sequence[str]) -> object:
    if kind == Kind.BOOL:
        return bool(datum)
    text = strings[int(datum)]
    return ErrorValue(text) if kind == Kind.ERROR else iso_date(text)


def iso_date(text: str) -> datetime | str:
    """Date of a strict OOXML date cell; the text itself where it is none."""
    try:
        return datetime.fromisoformat(text.rstrip("Z"))
    except ValueError:
        return text


def number(value: float, code: str, date1904: bool) -> StoredNumber | datetime:
    """A number cell as it is meant: a date under a date format, else the number with its format."""
    if is_date_format(code):
        found = from_serial(value, date1904=date1904)
        if found is not None:
            return found
    return StoredNumber(value, code)


def stored_number(value: float, code: str, date1904: bool) -> StoredNumber:
    """A number cell with its format; the serial number of a date in the 1900 system."""
    shifted = date1904 and value >= 1 and is_date_format(code)  # below 1 it is a time of no day
    return StoredNumber(value + EPOCH_1904_DAYS * shifted, code)


def _cells(grid: Grid, kept: _Kept, match: HeaderMatch, name: str, context: Context) -> Cells:
    codes, raws = _distinct(kept, grid, number)
    hopeless = match.table.columns[name].choices is not None and len(raws) > MANY
    values, verdicts = judge_distinct(match.table, name, raws, replace(context, suggest=not hopeless))
    silent = np.array([*[value is None for value in values], False], dtype=np.bool_)
    silent[list(verdicts)] = False
    codes[silent[codes]] = -1
    return Cells(
        header=match.spelled[name],
        column=match.fields[name],
        codes=codes,
        styles=kept.raw.styles[kept.rows],
        lent=None if kept.lent is None else kept.lent[kept.rows],
        raws=raws,
        values=values,
        verdicts=verdicts,
    )


def judge_distinct(
    table: Table, name: str, raws: Sequence[Any], context: Context
) -> tuple[list[Any], dict[int, Verdict]]:
    """What each raw value means (None empty, NOT_JUDGED unknown) and what is held against it, by index."""
    values = cell_adapter(table.model, name).validate_python(raws, context=replace(context, collect=True))
    verdicts: dict[int, Verdict] = {}
    for index in [i for i, value in enumerate(values) if type(value) is Broken]:
        accused = values[index].accused
        facts = accused.context
        verdicts[index] = Verdict(code=accused.type, facts=facts["facts"], fix=facts["fix"])
        values[index] = facts["recovered"]
    return values, verdicts
