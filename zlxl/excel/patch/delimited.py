"""A CSV file written anew with some cells changed and records added."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from zlxl.changes import CellChange, CellValue, Formula, RowAppended
from zlxl.errors import UsageError
from zlxl.excel.delimited import Delimited
from zlxl.excel.patch.tables import as_header, missing_header, plain_headers
from zlxl.excel.patch.value import number_text
from zlxl.schema.headers import assign
from zlxl.tables.catalog import TABLES

SNIFFED_BYTES = 64 << 10  # in which the first line surely ends

Changes = Mapping[int, Mapping[int, CellChange]]


def write_changed(source: Delimited, changes: Changes, target: BinaryIO) -> None:
    """Write the records with the changes made, in the encoding and with the line ends that the file has."""
    text = TextIOWrapper(target, encoding=source.grid.encoding, newline="")
    writer = csv.writer(text, delimiter=source.grid.delimiter, lineterminator=_line_end(source))
    writer.writerows(_records(source, changes))
    text.flush()
    text.detach()


def _line_end(source: Delimited) -> str:
    with source.file.open(encoding=source.grid.encoding, newline="") as file:
        start = file.read(SNIFFED_BYTES)
    return "\n" if "\n" in start and "\r\n" not in start else "\r\n"


def appended(source: Delimited, rows: Sequence[RowAppended], changes: Changes) -> Changes:
    """The changes together with new records behind the last one.

    UsageError when the file is no such table, or has no such column.
    """
    if not rows:
        return changes
    columns = _columns(source, rows)
    made = {row: dict(columns) for row, columns in changes.items()}
    for number, row in enumerate(rows, _last(source, changes) + 1):
        values = {max(columns.values()): None} | {
            columns[as_header(name)]: value for name, value in row.values.items()
        }
        made.setdefault(number, {}).update(
            (column, CellChange(sheet=source.grid.sheet, row=number, column=column, value=value))
            for column, value in values.items()
        )
    return made


def _last(source: Delimited, changes: Changes) -> int:
    """The last record that holds or is to hold a value."""
    rows = source.grid.block(range(1, len(source.grid.codes) + 1), 1).rows
    filled = [row for row, columns in changes.items() if any(change.value for change in columns.values())]
    return max([*rows[-1:].tolist(), *filled], default=0)


def _columns(source: Delimited, rows: Sequence[RowAppended]) -> Mapping[str, int]:
    """1-based columns by header."""
    grid, wanted = source.grid, dict.fromkeys(as_header(h) for row in rows for h in row.values)
    names = {grid.sheet, *(match.table.name for match in assign(grid, TABLES))}
    for row in rows:
        if row.table not in names:
            known = "、".join(sorted(names))
            raise UsageError(f"「{source.file.name}」中没有表“{row.table}”（现有：{known}）。")
    found = [headers for _, headers in plain_headers(grid, wanted)]
    fitting = next((headers for headers in found if all(header in headers for header in wanted)), None)
    if fitting is None:
        raise missing_header(grid.sheet, wanted, found[0] if found else ())
    return fitting


def _records(source: Delimited, changes: Changes) -> Iterator[list[str]]:
    done = 0
    for done, record in enumerate(_stored(source.file, source.grid.encoding, source.grid.delimiter), 1):
        yield _changed(record, changes.get(done, {}))
    for row in range(done + 1, max(changes, default=0) + 1):
        yield _changed([], changes.get(row, {}))


def _stored(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=delimiter)


def _changed(record: list[str], changes: Mapping[int, CellChange]) -> list[str]:
    for column, change in changes.items():
        record += [""] * (column - len(record))
        record[column - 1] = _text(change.value)
    return record


def _text(value: CellValue) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            return value.isoformat(" ")
        case date():
            return value.isoformat()
        case int() | float():
            return number_text(value)
        case Formula():
            return _text(value.value)
    return str(value)
