"""What differs between two copies, for programs: one object, or one change a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zlxl.reports.json import dump
from zlxl.schema.comparing import kind, plain
from zlxl.schema.differences import (
    ColumnSeen,
    Difference,
    FieldChange,
    RowChange,
    RowSeen,
    TableDifference,
    TableSeen,
    What,
)
from zlxl.schema.values import Raw

SCHEMA_VERSION = 1
KINDS: tuple[What, ...] = ("added", "removed", "changed")


def write(difference: Difference) -> Iterator[str]:
    """One object, one record a line."""
    head = {"schema_version": SCHEMA_VERSION, "old": difference.old, "new": difference.new}
    yield f'{dump(head)[:-1]}, "tables": ['
    for index, table in enumerate(difference.tables):
        yield (",\n" if index else "\n") + dump(_table_head(table))[:-1]
        for what in KINDS:
            yield f',\n "{what}": '
            yield from _list([_row(row) for row in getattr(table, what)])
        yield "}"
    yield f'\n], {dump(_rest(difference))[1:-1]}, "summary": {dump(_summary(difference))}}}\n'


def write_lines(difference: Difference) -> Iterator[str]:
    """One change a line, each an object that tells its table and what happened."""
    for table in difference.tables:
        place = {"table": table.table, "sheet": table.sheet}
        for what in KINDS:
            for row in getattr(table, what):
                yield dump({"change": what, **place, **_row(row)}) + "\n"
        for which in ("columns_added", "columns_removed"):
            for column in getattr(table, which):
                yield dump({"change": which, **place, **_column(column)}) + "\n"
        for remark in table.remarks:
            yield dump({"change": "remark", **place, "text": remark}) + "\n"
    for which, some in _rest(difference).items():
        for one in some:
            yield dump({"change": which, **(one if isinstance(one, Mapping) else {"sheet": one})}) + "\n"
    yield dump({"change": "summary", **_summary(difference)}) + "\n"


def _list(rows: Sequence[object]) -> Iterator[str]:
    yield "[" + ",\n  ".join(map(dump, rows)) + "]"


def _table_head(table: TableDifference) -> dict[str, object]:
    return {
        "table": table.table,
        "sheet": table.sheet,
        "old_sheet": table.old_sheet,
        "columns_added": [_column(column) for column in table.columns_added],
        "columns_removed": [_column(column) for column in table.columns_removed],
        "remarks": table.remarks,
    }


def _column(column: ColumnSeen) -> dict[str, object]:
    return {"column": column.column, "filled": column.filled}


def _row(row: RowSeen | RowChange) -> dict[str, object]:
    if isinstance(row, RowSeen):
        return {"key": row.key, "row": row.row, "values": _values(row.values)}
    return {
        "key": row.key,
        "old_row": row.old_row,
        "new_row": row.new_row,
        "fields": [_field(field) for field in row.fields],
    }


def _values(values: Mapping[str, Raw]) -> dict[str, object]:
    return {column: plain(raw) for column, raw in values.items()}


def _field(field: FieldChange) -> dict[str, object]:
    return {
        "column": field.column,
        "old": plain(field.old),
        "new": plain(field.new),
        "old_type": kind(field.old),
        "new_type": kind(field.new),
    }


def _rest(difference: Difference) -> dict[str, Sequence[object]]:
    return {
        "tables_added": [_seen(table) for table in difference.tables_added],
        "tables_removed": [_seen(table) for table in difference.tables_removed],
        "sheets_added": difference.sheets_added,
        "sheets_removed": difference.sheets_removed,
        "sheets_not_compared": difference.sheets_in_both,
    }


def _seen(table: TableSeen) -> dict[str, object]:
    return {"table": table.table, "sheet": table.sheet, "rows": table.rows}


def _summary(difference: Difference) -> dict[str, object]:
    counts: dict[str, object] = {what: difference.count(what) for what in KINDS}
    return counts | {"fields": difference.fields, "different": bool(difference)}
