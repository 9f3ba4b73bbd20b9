"""One cell or one row judged as the workbook's would be, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from tests.grids import grid_of
from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.headers import find_header
from zlxl.schema.read import judge_distinct, read_frame
from zlxl.schema.table import Table
from zlxl.schema.values import StoredNumber
from zlxl.tables.catalog import table_named
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)


def number(value: float, number_format: str = "General") -> StoredNumber:
    """A number cell."""
    return StoredNumber(value, number_format)


def stored(value: object) -> object:
    """A Python value as its cell would hold it."""
    if isinstance(value, bool | StoredNumber | datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return number(value) if isinstance(value, int | float) else value


@dataclass(frozen=True)
class Judged:
    """What a cell means, the code it is accused of and the fix."""

    value: Any
    code: str
    fix: Fix | None
    facts: Mapping[str, object]


def judge(raw: object, field: str, table: str = "客户台账", context: Context | None = None) -> Judged:
    """Judge one cell of a table's field."""
    policy = context or shipped_context(TODAY)
    values, verdicts = judge_distinct(table_named(table), field, [stored(raw)], policy)
    verdict = verdicts.get(0)
    if verdict is None:
        return Judged(values[0], "", None, {})
    return Judged(values[0], verdict.code, verdict.fix, verdict.facts)


def accused(row: Mapping[str, object], table: str = "客户台账", context: Context | None = None) -> set[str]:
    """Codes and fields a whole row is accused of, as ``ZL101 client``."""
    cells = {name: stored(value) for name, value in row.items() if value is not None}
    try:
        table_named(table).model.model_validate(cells, context=context or shipped_context(TODAY))
    except ValidationError as error:
        return {f"{line['type']} {line['loc'][0]}" for line in error.errors(include_url=False)}
    return set()


def frame_of(table: Table, rows: list[dict[str, Any]], context: Context | None = None) -> Frame:
    """The rows as a sheet of the table, read."""
    grid = grid_of(table, [{name: stored(value) for name, value in row.items()} for row in rows])
    match = find_header(grid, table)
    assert match is not None
    return read_frame(grid, match, context or shipped_context(TODAY))
