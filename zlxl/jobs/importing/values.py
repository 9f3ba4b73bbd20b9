"""Imported values in the database's cells: typed, under a format that shows them rightly, never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from zlxl.changes import CellChange, CellValue, RowAppended
from zlxl.grid import GENERAL
from zlxl.jobs.importing.rows import Draft
from zlxl.jobs.importing.sources import FORMULA_STARTS
from zlxl.jobs.importing.target import Target
from zlxl.schema.column import Storage
from zlxl.schema.values import ErrorValue, Pending, Raw, StoredNumber, Value, is_date_format, shown

TEXT_FORMAT: Final = "@"
DATE_FORMAT: Final = "yyyy-mm-dd"
MAX_SHOWN_TEXT: Final = 255  # a longer text under ``@`` shows as ##### in some versions of Excel


def changed(draft: Draft, *, clear: bool) -> Iterator[CellChange]:
    """The cells of a known row that get another value; formats of the user's own are kept."""
    if draft.row is None:
        return
    at, position = draft.target.locate(draft.row)
    frame = draft.target.frames[at]
    row = int(frame.rows[position])
    for name, value in draft.changes(clear=clear).items():
        storage = frame.table.columns[name].storage
        number_format, over = _format(value, storage)
        yield CellChange(
            sheet=frame.sheet,
            row=row,
            column=frame.cells[name].column,
            value=value,
            number_format=number_format,
            over=over,
        )
    extras = draft.target.extras[at]
    for name, raw in draft.extra_changes().items():
        extra = plain(raw)
        number_format, over = _format(extra, Storage.TEXT)
        yield CellChange(
            sheet=frame.sheet,
            row=row,
            column=extras[name].column,
            value=extra,
            number_format=number_format,
            over=over,
        )


def _format(value: CellValue, storage: Storage) -> tuple[str | None, tuple[str, ...]]:
    """The format a value needs, and the formats it may take the place of; the user's own are kept."""
    match value:
        case str():
            code = _text_format(value, storage)
            return code, ()
        case date():
            return DATE_FORMAT, (GENERAL, TEXT_FORMAT)
        case float() | int():
            return GENERAL, (TEXT_FORMAT,)
    return None, ()


def _text_format(text: str, storage: Storage) -> str | None:
    """Text that Excel could take for a formula or a number stays text when the cell is edited."""
    if text.startswith(FORMULA_STARTS):
        return TEXT_FORMAT
    return TEXT_FORMAT if storage is Storage.CODE and len(text) <= MAX_SHOWN_TEXT else None


def appended(draft: Draft) -> RowAppended:
    """A new row: typed values by the sheet's own headers."""
    row = row_of(draft.target, draft.values)
    values, formats = dict(row.values), dict(row.number_formats or {})
    extras = draft.target.extras[draft.target.home]
    for name, raw in draft.extra_changes().items():
        extra = plain(raw)
        values[extras[name].header] = extra
        code, _ = _format(extra, Storage.TEXT)
        formats |= {extras[name].header: code} if code and code != GENERAL else {}
    return RowAppended(table=row.table, values=values, number_formats=formats or None)


def row_of(target: Target, given: Mapping[str, Value]) -> RowAppended:
    """A new row of these fields, those whose column the sheet lacks left out."""
    frame = target.frame(None)
    values: dict[str, CellValue] = {}
    formats: dict[str, str] = {}
    for name, value in given.items():
        if name in frame.cells:
            header = frame.match.spelled[name]
            values[header] = whole(value)
            code = _needed(target, name, value)
            formats |= {header: code} if code else {}
    within = frame.match.list_object
    return RowAppended(
        table=within.name if within else frame.sheet, values=values, number_formats=formats or None
    )


def whole(value: Value) -> CellValue:
    """A number without fraction as an integer; everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain(raw: Raw) -> CellValue:
    """A stored value of another file as a value to write; formulas and errors are what they showed."""
    match raw:
        case StoredNumber():
            return whole(float(raw))
        case ErrorValue() | Pending():
            return shown(raw)
        case datetime() if raw.time().isoformat() == "00:00:00":
            return raw.date()
    return raw


def _needed(target: Target, name: str, value: Value) -> str | None:
    """The format a new cell needs where the column's own does not show the value rightly."""
    own = target.own_format(name)
    match value:
        case str():
            code = _text_format(value, target.table.columns[name].storage)
            return code if code != own else None
        case date():
            return None if is_date_format(own) else DATE_FORMAT
        case float() | int():
            return GENERAL if own == TEXT_FORMAT or is_date_format(own) else None
    return None
