"""变更记录 (4.2.1): what a run changes, as lines of the log that it can be undone from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Final

from zlxl.changes import CellChange, CellValue, Formula, RowAppended
from zlxl.edits import Edits
from zlxl.grid import GENERAL, Grid, TableSource, a1
from zlxl.jobs.places import Place, by_sheet, places_of
from zlxl.schema.restore import MAX_TEXT, cell_restore, row_restore
from zlxl.schema.stored import Stored, StoredCells, after, stored_value
from zlxl.schema.values import shown
from zlxl.sheet import Cell, Kind, Sheet
from zlxl.sheets.data import FRONT, data_sheet
from zlxl.tables.changes import CHANGES

BATCH: Final = "批处理"
NEW_ROW: Final = "新增行"  #: field of a line that stands for a whole new row
GONE_ROW: Final = "清空行"  #: field of a line that stands for a row emptied again
CELL: Final = "单元格"  #: field of a cell outside the known tables; its row key is the address
ROW_NUMBER: Final = "第{}行"  #: key of a row whose key fields are empty
NEW_KEY: Final = "新行"  #: the same of a row that has no number yet
MAX_SHOWN: Final = 255  # a longer text under ``@`` shows as ##### in some versions of Excel
CUT: Final = "…（过长，已截断）"
SUMMED: Final = 300  # characters that sum up a new row

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """Which run changed something: all its lines bear the same."""

    run_id: str
    moment: datetime
    operator: str
    way: str = BATCH
    command: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """One line of the log but for its signature."""

    sheet: str
    row_key: str  #: as it is after the change
    field: str
    old: str  #: as shown
    new: str  #: as shown
    cell: str = ""  #: address at the time
    restore: str = ""  #: JSON, see ``zlxl.schema.restore``
    reason: str = ""
    change: CellChange | None = None  #: the line is left out when this is refused


def sign(command: str, *, operator: str, moment: datetime, token: str) -> Signature:
    """A run's signature; its id tells the second and, by the token, runs of the same second apart."""
    run_id = f"{moment:%Y%m%d-%H%M%S}-{token}"
    return Signature(run_id=run_id, moment=moment, operator=operator, command=command)


# --- entries ------------------------------------------------------------------------------------------------


Reasons = Mapping[tuple[str, int, int], str]  #: by sheet, row and column


def entries_of(source: TableSource, edits: Edits, reasons: Reasons | None = None) -> tuple[LogEntry, ...]:
    """One entry for every cell that will hold something else, then one for every new row."""
    places = places_of(source)
    on_sheet = by_sheet(places)
    changes: dict[str, list[CellChange]] = defaultdict(list)
    for change in edits.cells:
        changes[change.sheet.casefold()].append(change)
    entries = [
        entry
        for grid in source.grids()
        if (some := changes.get(grid.sheet.casefold()))
        for entry in _cell_entries(grid, on_sheet.get(grid.sheet, []), some, reasons or {})
    ]
    return (*entries, *(_appended_entry(row, places) for row in edits.rows))


def _cell_entries(
    grid: Grid, places: Sequence[Place], changes: Sequence[CellChange], reasons: Reasons
) -> Iterator[LogEntry]:
    columns = {change.column for change in changes} | {c for place in places for c in place.key_columns}
    cells = StoredCells(grid, columns, 1)
    before = {(c.row, c.column): cells.at(c.row, c.column) for c in changes}
    overlay = {(c.row, c.column): after(c, before[c.row, c.column], date1904=grid.date1904) for c in changes}
    for change in sorted(changes, key=lambda c: (c.row, c.column)):
        old, new = before[change.row, change.column], overlay[change.row, change.column]
        if old.same(new) and new.number_format in (old.number_format, None):
            continue
        place = next((p for p in places if p.holds(change.row, change.column)), None)
        key = place.identity(cells, change.row, overlay) if place else ()
        yield LogEntry(
            sheet=grid.sheet,
            row_key=_row_key(change, place, key),
            field=place.labels[change.column] if place else CELL,
            old=old.shown(date1904=grid.date1904),
            new=new.shown(date1904=grid.date1904),
            cell=a1(change.row, change.column),
            restore=cell_restore(None if change.replace_formula else old, new, key),
            reason=reasons.get((grid.sheet, change.row, change.column), ""),
            change=change,
        )


def _row_key(change: CellChange, place: Place | None, key: Sequence[str]) -> str:
    if place is None:
        return a1(change.row, change.column)
    return next((text for text in key if text.strip()), ROW_NUMBER.format(change.row))


def _appended_entry(row: RowAppended, places: Iterable[Place]) -> LogEntry:
    place = next((p for p in places if row.table in _names(p)), None)
    if place is None:
        return row_entry(row, sheet=row.table, row_key=next(map(_text, row.values.values()), ""))
    spelled = place.match.spelled
    keys = [spelled[name] for name in place.match.table.key if name in spelled]
    key = next((text for header in keys if (text := _text(row.values.get(header))).strip()), "")
    return row_entry(row, sheet=place.grid.sheet, row_key=key, date1904=place.grid.date1904)


def _names(place: Place) -> set[str]:
    within = place.match.list_object
    return {within.name} if within else {place.grid.sheet}


def _text(value: CellValue) -> str:
    return shown(value.value if isinstance(value, Formula) else value)


def row_entry(
    row: RowAppended, *, sheet: str, row_key: str, reason: str = "", date1904: bool = False
) -> LogEntry:
    """The entry of a whole new row. Undoing empties the row as long as it holds what was written."""
    formats = row.number_formats or {}
    filled = {header: value for header, value in row.values.items() if value is not None and value != ""}
    stored = {
        header: Stored(*stored_value(value, date1904=date1904), formats.get(header))
        for header, value in filled.items()
    }
    return LogEntry(
        sheet=sheet,
        row_key=row_key or NEW_KEY,
        field=NEW_ROW,
        old="",
        new=_in_short({header: _text(value) for header, value in filled.items()}),
        restore=row_restore("row", stored),
        reason=reason,
        change=row.because,
    )


def summary(stored: Mapping[str, Stored], *, date1904: bool = False) -> str:
    """A row in a few words: ``合同编号=ZL1；企业名称=甲``."""
    return _in_short({header: value.shown(date1904=date1904) for header, value in stored.items()})


def _in_short(texts: Mapping[str, str]) -> str:
    text = "；".join(f"{header}={value}" for header, value in texts.items())
    return text if len(text) <= SUMMED else text[:SUMMED] + "…"


# --- lines --------------------------------------------------------------------------------------------------


def with_history(
    source: TableSource,
    edits: Edits,
    signature: Signature,
    entries: Iterable[LogEntry] | None = None,
    *,
    refused: Container[CellChange] = (),
) -> Edits:
    """The edits together with the lines they leave in the log; a CSV file has none.

    Where the workbook has no log, it gets the sheet, without lines for the changes that are ``refused``.
    """
    if not any(grid.typed for grid in source.grids()):
        return edits
    told = list(entries_of(source, edits) if entries is None else entries)
    if not told:
        return edits
    log = find_log(source)
    if log is not None:
        table = log.match.list_object.name if log.match.list_object else log.grid.sheet
        lines = (_appended(entry, signature, log, table) for entry in told)
        return replace(edits, rows=(*edits.rows, *lines))
    kept = [_line(entry, signature) for entry in told if entry.change is None or entry.change not in refused]
    return replace(edits, sheets=(*edits.sheets, log_sheet(source, kept))) if kept else edits


def find_log(source: TableSource) -> Place | None:
    """The workbook's own log: the one that bears its name before others."""
    logs = [place for place in places_of(source) if place.match.table is CHANGES]
    return min(logs, key=lambda place: CHANGES.name not in {place.grid.sheet, *_names(place)}, default=None)


def _line(entry: LogEntry, signature: Signature) -> dict[str, str]:
    """A line of the log by field; everything is text, what is empty is left out."""
    line = {
        "changed_at": f"{signature.moment:%Y-%m-%d %H:%M:%S}",
        "operator": signature.operator,
        "sheet": entry.sheet,
        "row_key": entry.row_key,
        "field": entry.field,
        "address": entry.cell,
        "old": entry.old,
        "new": entry.new,
        "way": signature.way,
        "command": signature.command,
        "run_id": signature.run_id,
        "reason": entry.reason,
        "restore": entry.restore,
    }
    return {field: storable(text) for field, text in line.items() if text}


def storable(text: str) -> str:
    """The text as far as a cell can hold it."""
    text = _SURROGATE.sub("\ufffd", text)
    if len(text) * 2 <= MAX_TEXT or len(text.encode("utf-16-le")) <= 2 * MAX_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _appended(entry: LogEntry, signature: Signature, log: Place, table: str) -> RowAppended:
    spelled = log.match.spelled
    values = {spelled[name]: text for name, text in _line(entry, signature).items() if name in spelled}
    long = {header: GENERAL for header, text in values.items() if len(text) > MAX_SHOWN}
    return RowAppended(table=table, values=values, number_formats=long or None, because=entry.change)


def log_sheet(source: TableSource, lines: Sequence[Mapping[str, str]]) -> Sheet:
    """The log for a workbook that has none; what refers to sheets and names of ours is left out."""
    grids = source.grids()
    taken = {grid.sheet.casefold() for grid in grids}
    taken |= {table.name.casefold() for grid in grids for table in grid.list_objects()}
    names = (CHANGES.name + (str(number) if number > 1 else "") for number in count(1))
    sheet = data_sheet(replace(CHANGES, name=next(name for name in names if name not in taken)), lines)
    kept = tuple(v for v in sheet.validations if v.kind is not Kind.LIST)
    cells = dict(sheet.cells)
    if FRONT not in {grid.sheet for grid in grids}:
        cells[1, 1] = Cell(style=cells[1, 2].style)
    return replace(sheet, validations=kept, cells=cells)
