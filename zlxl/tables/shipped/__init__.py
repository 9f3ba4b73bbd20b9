"""The policy rows a new workbook is shipped with: CSV files with the sheets' own headers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files

from zlxl.schema.column import Storage
from zlxl.schema.table import Table

Shipped = dict[str, str | float | date]


def with_shipped(table: Table, file: str) -> Table:
    """The table together with the rows of a CSV file of this folder."""
    return replace(table, shipped=tuple(_rows(table, file)))


def _rows(table: Table, file: str) -> Iterator[Shipped]:
    fields = {column.header: name for name, column in table.columns.items()}
    text = (files(__name__) / file).read_text(encoding="utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        yield {
            fields[header]: _meant(table.columns[fields[header]].storage, value)
            for header, value in row.items()
            if value
        }


def _meant(storage: Storage, value: str) -> str | float | date:
    if storage in (Storage.NUMBER, Storage.MONEY):
        return float(value)
    return date.fromisoformat(value) if storage == Storage.DATE else value
