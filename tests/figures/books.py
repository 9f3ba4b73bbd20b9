"""Workbooks in memory for figures: rows by table and field, read as files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from tests.grids import grid_of
from zlxl.grid import Grid
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.tables.catalog import table_named

TODAY = date(2026, 11, 24)
CERTIFICATE: Mapping[str, object] = {
    "contract_no": "ZL20250001-Q",
    "certificate_no": "01625Q00001R0M",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": date(2025, 3, 1),
    "audited_on": date(2025, 12, 10),
    "status": "有效",
    "province": "河北省",
    "contact": "王芳",
    "phone": "13800138000",
    "system": "QMS",
    "issued_on": date(2025, 4, 1),
    "valid_until": date(2028, 3, 31),
    "verified_on": date(2026, 11, 1),
}

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Source:
    """Sheets in memory."""

    sheets: tuple[Grid, ...]
    path: str = "库.xlsx"

    def grids(self) -> Sequence[Grid]:
        return self.sheets


def source(tables: Mapping[str, Rows]) -> Source:
    """Each table on a sheet of its name."""
    return Source(tuple(grid_of(table_named(name), [*map(_stored, rows)]) for name, rows in tables.items()))


def _stored(row: Mapping[str, object]) -> dict[str, object]:
    return {
        name: datetime.combine(value, time()) if isinstance(value, date) else value
        for name, value in row.items()
    }


def book(tables: Mapping[str, Rows], today: date = TODAY) -> Book:
    """The tables as read on a day."""
    return read_book(source(tables), Settings(today=today))


def certificate(**changed: object) -> Mapping[str, object]:
    """A valid certificate with some cells of its own."""
    return {**CERTIFICATE, **changed}
