"""A CSV file written anew with some cells changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from zlxl.changes import CellChange, CellValue, Formula
from zlxl.excel.delimited import Delimited
from zlxl.excel.patch.value import number_text

#: With its mark, Excel opens UTF-8 right.
ENCODING = "utf-8-sig"

Changes = Mapping[int, Mapping[int, CellChange]]


def write_changed(source: Delimited, changes: Changes, target: BinaryIO) -> None:
    """Write the records with the changes made; missing records and fields are added."""
    text = TextIOWrapper(target, encoding=ENCODING, newline="")
    csv.writer(text, delimiter=source.grid.delimiter).writerows(_records(source, changes))
    text.flush()
    text.detach()


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
