"""A merge as edits of mine, and as lines of 变更记录 that name the copy a value came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zlxl.changes import CellChange, CellValue, RowAppended
from zlxl.edits import Edits
from zlxl.grid import GENERAL, Grid, TableSource, a1
from zlxl.jobs.history import GONE_ROW, LogEntry, entries_of, row_entry, summary
from zlxl.jobs.merging.merge import Added, Merged, Removed, TakenAt
from zlxl.jobs.merging.values import stored, told
from zlxl.jobs.records import RecordTable, meant
from zlxl.schema.restore import row_restore
from zlxl.schema.stored import StoredCells
from zlxl.schema.values import Raw
from zlxl.sheets.conflicts import Line, conflicts_sheet
from zlxl.sheets.data import FRONT
from zlxl.tables.changes import CHANGES

FROM = "合并自 {}"
DECIDED = "按“合并冲突”的决定"
REMOVED_THERE = "对方已删除此行"
RESTORED = "本方曾删除，按决定恢复"


def edits_of(merged: Merged, read: Sequence[Line], source: TableSource) -> Edits:
    """Cells, rows, and the sheet 合并冲突 where it changed since its lines were ``read``."""
    cells = [_taken(one) for one in merged.taken]
    cells += [change for one in merged.removed for change in _emptied(one)]
    front = any(grid.sheet == FRONT for grid in source.grids())
    news = tuple(read) != merged.lines
    return Edits(
        cells=tuple(cells),
        rows=tuple(_appended(one) for one in merged.added),
        sheets=(conflicts_sheet(merged.lines, front=front),) if news else (),
    )


def _taken(one: TakenAt) -> CellChange:
    new = stored(one.field.new, one.field.old)
    return CellChange(
        sheet=one.table.sheet,
        row=one.row,
        column=one.column,
        value=new.value,
        number_format=new.number_format,
        over=new.over,
    )


def _emptied(one: Removed) -> Iterator[CellChange]:
    """The cells of a row but for its formulas: a patch takes no row out of a sheet."""
    columns = one.table.columns
    for label in one.record.values:
        if label not in one.fixed:
            yield CellChange(sheet=one.table.sheet, row=one.record.row, column=columns[label], value=None)


def _appended(one: Added) -> RowAppended:
    table = one.table
    values: dict[str, CellValue] = {}
    formats: dict[str, str] = {}
    for label, value in one.values.items():
        header = table.spelled.get(label, label)
        written = stored(value)
        values[header] = written.value
        if written.number_format is not None and not _fits(value, _above(table, label)):
            formats[header] = written.number_format
    return RowAppended(table=table.list_object or table.sheet, values=values, number_formats=formats or None)


def _above(table: RecordTable, label: str) -> Raw | None:
    """What the last row that fills the column holds: a new row looks like it."""
    return next((r.values[label] for r in reversed(table.records) if label in r.values), None)


def _fits(value: Raw, above: Raw | None) -> bool:
    """Whether the column's own format shows the value rightly."""
    if above is None:
        return isinstance(value, str) or getattr(value, "number_format", None) == GENERAL
    kinds = [date, str, float]
    shown, known = meant(value), meant(above)
    return any(isinstance(shown, kind) and isinstance(known, kind) for kind in kinds)


def entries(merged: Merged, edits: Edits, source: TableSource) -> tuple[LogEntry, ...]:
    """Lines of 变更记录: one a value taken, one a row added or emptied; the copies' own lines need none."""
    taken = dict(zip(edits.cells, merged.taken, strict=False))
    reasons = {(c.sheet, c.row, c.column): _reason(one) for c, one in taken.items()}
    cells = entries_of(source, Edits(cells=tuple(taken)), reasons)
    grids = {grid.sheet: grid for grid in source.grids()}
    return (
        *(_in_words(entry, taken) for entry in cells),
        *_new(merged.added, edits.rows, grids),
        *_gone(merged.removed, grids),
    )


def _in_words(entry: LogEntry, taken: Mapping[CellChange, TakenAt]) -> LogEntry:
    """The line with its new value as the copy shows it: an empty cell's own format is not known."""
    one = taken.get(entry.change) if entry.change else None
    return entry if one is None or one.field.new is None else replace(entry, new=told(one.field.new))


def _new(
    added: Sequence[Added], rows: Sequence[RowAppended], grids: Mapping[str, Grid]
) -> Iterator[LogEntry]:
    for one, row in zip(added, rows, strict=True):
        if one.table.table is not CHANGES:
            grid = grids[one.table.sheet]
            yield row_entry(
                replace(row, number_formats=_formats(one)),
                sheet=grid.sheet,
                row_key=one.key,
                reason=_from(one.copies, RESTORED if one.restored else ""),
                date1904=grid.date1904,
            )


def _formats(one: Added) -> dict[str, str]:
    """Formats under which the values show as they are meant, by header."""
    written = {one.table.spelled.get(k, k): stored(v).number_format for k, v in one.values.items()}
    return {header: code for header, code in written.items() if code is not None}


def _reason(one: TakenAt) -> str:
    return _from(one.field.copies, DECIDED if one.field.decided else "")


def _from(copies: Sequence[str], more: str = "") -> str:
    names = FROM.format("、".join(copies)) if copies else ""
    return "：".join(filter(None, (names, more)))


def _gone(removed: Sequence[Removed], grids: Mapping[str, Grid]) -> Iterator[LogEntry]:
    """One line a row, with all that it held."""
    cells = {
        one.table.sheet: StoredCells(grids[one.table.sheet], one.table.columns.values(), 1) for one in removed
    }
    for one in removed:
        date1904 = grids[one.table.sheet].date1904
        changes = list(_emptied(one))
        columns = {column: label for label, column in one.table.columns.items()}
        held = {columns[c.column]: cells[c.sheet].at(c.row, c.column) for c in changes}
        if changes:
            yield LogEntry(
                sheet=one.table.sheet,
                row_key=one.key,
                field=GONE_ROW,
                old=summary(held, date1904=date1904),
                new="",
                cell=a1(one.record.row, min(columns)),
                restore=row_restore("was", held),
                reason=_from(one.copies, REMOVED_THERE),
                change=changes[0],
            )
