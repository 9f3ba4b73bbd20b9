"""A workbook as text for ``git diff``: the same records give the same lines, wherever they stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from zlxl.grid import TableSource
from zlxl.jobs.records import Record, RecordTable, plain_identity, tables_of
from zlxl.reports.words import one_line
from zlxl.schema.column import Storage
from zlxl.schema.comparing import AS_TEXT, kind, told
from zlxl.schema.values import Raw
from zlxl.tables.catalog import TABLES

AS_NUMBER: Final = "（数字）"
NO_KEY: Final = "（无编号）"
LAST: Final = "\U0010ffff"  # sorts behind every key
NO_TABLE: Final = "（没有已知的表）"
_NUMERIC: Final = frozenset({Storage.DATE, Storage.MONEY, Storage.NUMBER})


def listing(source: TableSource) -> Iterator[str]:
    """Lines without their ends: a block a record, headed by table and key; then the user's own sheets.

    Records are ordered by key, fields as declared, the user's own columns by name: sorting the sheet or
    moving a column changes nothing. Text that stands where a number belongs says so, and the reverse.
    """
    tables = sorted(tables_of(source), key=_place)
    for table in tables:
        yield from _table(table)
    if not tables:
        yield NO_TABLE
    known = {table.sheet for table in tables}
    yield from (one_line(f"【工作表】{grid.sheet}") for grid in source.grids() if grid.sheet not in known)


def _place(table: RecordTable) -> tuple[int, bool, str]:
    """The order of the manual, whatever that of the tabs."""
    return TABLES.index(table.table), table.sheet != table.table.name, table.sheet


def _table(table: RecordTable) -> Iterator[str]:
    name = table.table.name
    place = name if table.sheet == name else f"{name}（工作表“{table.sheet}”）"
    yield one_line(f"【{place}】列：{'、'.join(_labels(table))}")
    yield ""
    fields = _Fields(table)
    for _, *lines in sorted(_block(record, place, fields) for record in table.records):
        yield from lines
        yield ""


def _labels(table: RecordTable) -> list[str]:
    declared = [label for label in table.table.headers if label in table.columns]
    return declared + sorted(label for label in table.columns if label not in declared)


class _Fields:
    """Lines of fields; a value that stands in many rows of a column is put into words once."""

    def __init__(self, table: RecordTable) -> None:
        kinds = {column.header: column.storage for column in table.table.columns.values()}
        self._kinds = {label: kinds.get(label) if table.typed else Storage.NOTE for label in _labels(table)}
        self._known: dict[tuple[str, int], str] = {}  # by label and id: the records keep the values alive

    def lines(self, values: Mapping[str, Raw]) -> Iterator[str]:
        """One line a field, in the order of the labels."""
        for label, storage in self._kinds.items():
            if label not in values:
                continue
            raw = values[label]
            place = label, id(raw)
            if place not in self._known:
                self._known[place] = one_line(f"  {label}：{_told(raw, storage)}")
            yield self._known[place]


def _block(record: Record, place: str, fields: _Fields) -> list[str]:
    """What the block is sorted by, its heading, its fields."""
    name = plain_identity(record.identity) if record.key else ""
    return [name or LAST, one_line(f"【{place}】{name or NO_KEY}"), *fields.lines(record.values)]


def _told(raw: Raw, storage: Storage | None) -> str:
    """The value, with its type where it is not the one that its column holds."""
    found = kind(raw)
    if found == "text" and (storage in _NUMERIC or (storage is None and _like_number(str(raw)))):
        return told(raw) + AS_TEXT
    if found in ("number", "date") and storage not in _NUMERIC and storage is not None:
        return told(raw) + AS_NUMBER
    return told(raw)


def _like_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
