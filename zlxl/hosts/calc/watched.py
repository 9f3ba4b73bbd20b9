"""The headers by which the extension knows a workbook that Calc must not save."""

from __future__ import annotations

from zlxl.schema.table import Table
from zlxl.tables.catalog import TABLES


def known_tables() -> list[list[list[str]]]:
    """Of each table the spellings of its headers, those of the column that names a row first."""
    return [_spellings(table) for table in TABLES if not table.policy]


def _spellings(table: Table) -> list[list[str]]:
    names = sorted(table.columns, key=lambda name: name != table.key[0])
    return [[table.columns[name].header, *table.columns[name].synonyms] for name in names]
