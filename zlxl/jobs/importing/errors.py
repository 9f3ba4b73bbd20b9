"""Rejected rows as they came, with the reasons, to be corrected and imported again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zlxl.grid import Area
from zlxl.jobs.importing.plan import Outcome
from zlxl.jobs.importing.rows import Given, Reason
from zlxl.jobs.importing.sources import ERROR_COLUMNS, inert
from zlxl.reports.words import legible
from zlxl.schema.values import ErrorValue, Pending, Raw, shown
from zlxl.sheet import Cell, ColumnLook, Content, ExcelTable, Sheet, Style, TableColumn, Workbook

ENCODING: Final = "utf-8-sig"  #: so that Excel reads the file as it is meant
_WIDTHS: Final = (40, 20, 10)  #: of the columns added
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
MAX_NAME: Final = 31


@dataclass(frozen=True, kw_only=True)
class ErrorTable:
    """The rejected rows of one table of a source."""

    table: str
    headers: tuple[str, ...]  #: the source's own, then what we add
    rows: tuple[tuple[Raw | None, ...], ...]


def error_table(outcome: Outcome) -> ErrorTable:
    """The rejected rows of an outcome, each with why, from which file and row."""
    rows = [(outcome.offer.original(given.position), given) for given in outcome.rejected]
    own = tuple(dict.fromkeys(header for row, _ in rows for header in row))
    return ErrorTable(
        table=outcome.offer.table.name,
        headers=(*own, *ERROR_COLUMNS),
        rows=tuple((*(row.get(header) for header in own), *_why(given)) for row, given in rows),
    )


def _why(given: Given) -> tuple[str, str, str]:
    row = given.offer.row(given.position)
    return (
        "\n".join(map(reason_words, given.reasons)),
        given.offer.name,
        given.offer.sheet if row is None else str(row),
    )


def reason_words(reason: Reason) -> str:
    """A reason on one line: the cell, what is wrong, what to do."""
    return f"{f'{reason.cell} ' if reason.cell else ''}{reason.message}{reason.suggestion}"


def csv_lines(table: ErrorTable) -> Iterator[str]:
    """The table for a CSV file; what Excel would take for a formula has an apostrophe in front."""
    for row in (table.headers, *table.rows):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerow([inert(legible(shown(value)).replace("\0", "")) for value in row])
        yield buffer.getvalue()


def error_workbook(tables: Sequence[ErrorTable]) -> Workbook:
    """The tables as a workbook, a sheet each."""
    names: list[str] = []
    for table in tables:
        names.append(_name(table.table, names))
    return Workbook(sheets=tuple(_sheet(table, name) for table, name in zip(tables, names, strict=True)))


def _name(wanted: str, taken: Sequence[str]) -> str:
    plain = _FORBIDDEN.sub("_", wanted)[: MAX_NAME - 4]
    names = (plain, *(f"{plain}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _sheet(table: ErrorTable, name: str) -> Sheet:
    cells = {
        (row, column): Cell(content=content, style=style)
        for row, values in enumerate(table.rows, 2)
        for column, value in enumerate(values, 1)
        for content, style in (_content(value),)
        if content is not None
    }
    added = dict(enumerate(_WIDTHS, len(table.headers) - len(_WIDTHS) + 1))
    return Sheet(
        name=name,
        cells=cells,
        columns={
            column: ColumnLook(width=added.get(column, 16)) for column in range(1, len(table.headers) + 1)
        },
        tables=(
            ExcelTable(
                name=name,
                area=Area(1, 1, len(table.rows) + 1, len(table.headers)),
                columns=tuple(map(_column, table.headers)),
            ),
        ),
        freeze=(2, 1),
    )


def _column(header: str) -> TableColumn:
    return TableColumn(header=header)


def _content(value: Raw | None) -> tuple[Content, Style]:
    match value:
        case None:
            return None, Style.BODY
        case bool() | ErrorValue() | Pending():
            return shown(value), Style.CODE
        case datetime():
            return value, Style.DATE if value.time().isoformat() == "00:00:00" else Style.DATETIME
        case float() | int():
            return float(value), Style.NUMBER
    return legible(str(value)), Style.CODE
