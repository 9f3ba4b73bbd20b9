"""Copies of one small table, and what a merge makes of them, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from zlxl.jobs.merging.decisions import Decisions
from zlxl.jobs.merging.merge import Copy, Merged, merge
from zlxl.jobs.records import Record, RecordTable
from zlxl.schema.values import Raw
from zlxl.sheets.conflicts import Line
from zlxl.tables.services import SERVICES

KEY = "服务编号"
FIELDS = ("联系人", "联系电话", "地区")
TODAY = date(2026, 11, 24)

Rows = Mapping[str, Mapping[str, Raw]]  #: fields by key


def table(rows: Iterable[tuple[str, Mapping[str, Raw]]], labels: Sequence[str] = FIELDS) -> RecordTable:
    """A table of these rows, from row 3 on; a key may occur twice."""
    seen: dict[str, int] = {}
    records = []
    for row, (key, fields) in enumerate(rows, 3):
        seen[key] = seen.get(key, 0) + 1
        identity = key if seen[key] == 1 else f"{key}\x1e{seen[key]}"
        records.append(Record(row=row, key=key, identity=identity, values={KEY: key, **fields}))
    columns = {label: column for column, label in enumerate((KEY, *labels), 1)}
    return RecordTable(
        table=SERVICES,
        sheet="增值服务",
        header_row=2,
        columns=columns,
        records=tuple(records),
        spelled={label: label for label in columns},
        list_object="增值服务",
    )


def copy(name: str, rows: Rows, labels: Sequence[str] = FIELDS) -> Copy:
    """A copy that holds the rows."""
    return Copy(name=name, tables=(table(rows.items(), labels),))


def merged(base: Copy, mine: Copy, *theirs: Copy, lines: Sequence[Line] = ()) -> Merged:
    """The merge with the decisions of these lines."""
    names = [other.name for other in theirs]
    return merge(base, mine, theirs, Decisions(lines, names, today=TODAY))


def result(mine: Copy, done: Merged) -> dict[str, dict[str, Raw]]:
    """The rows of mine once the merge is written."""
    (own,) = mine.tables
    rows = {record.row: dict(record.values) for record in own.records}
    for one in done.taken:
        rows[one.row].pop(one.field.label, None)
        if one.field.new is not None:
            rows[one.row][one.field.label] = one.field.new
    for gone in done.removed:
        del rows[gone.record.row]
    for number, added in enumerate(done.added):
        rows[1_000 + number] = dict(added.values)
    return {str(row[KEY]): {k: v for k, v in row.items() if k != KEY} for row in rows.values()}
