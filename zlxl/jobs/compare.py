"""Compare two copies of a workbook by the keys of their records; where a row stands makes no difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from zlxl.errors import UsageError
from zlxl.grid import TableSource
from zlxl.jobs.pairing import Pairing, pair
from zlxl.jobs.records import JOINT, Record, RecordTable, plain_identity, read_records
from zlxl.schema.comparing import alike, same
from zlxl.schema.differences import (
    ColumnSeen,
    Difference,
    FieldChange,
    RowChange,
    RowSeen,
    TableDifference,
    TableSeen,
)
from zlxl.schema.values import PENDING, Raw

R = TypeVar("R", RowSeen, RowChange)

Equal = Callable[[Raw | None, Raw | None], bool]

UNTYPED = "文本文件（CSV）不分数字、日期和文本，按显示的内容比较。"
EXAMPLES = 3  # keys named in a remark


def compare(old: TableSource, new: TableSource, *, only: Collection[str] = ()) -> Difference:
    """Everything that differs in the known tables, or in some of them by their names.

    Raises:
        Unreadable: a source holds no known table.
        UsageError: a table was asked for that neither source holds.
    """
    before, after = read_records(old), read_records(new)
    _check_asked(only, [*before, *after])
    wanted = [t for t in before if not only or t.table.name in only or t.sheet in only]
    others = [t for t in after if not only or t.table.name in only or t.sheet in only]
    pairs = _same_tables(wanted, others)
    own_old, own_new = ([], []) if only else (_own_sheets(old, before), _own_sheets(new, after))
    return Difference(
        old=old.path,
        new=new.path,
        tables=tuple(_compared(a, b) for a, b in pairs),
        tables_added=tuple(_seen(t) for t in others if all(t is not b for _, b in pairs)),
        tables_removed=tuple(_seen(t) for t in wanted if all(t is not a for a, _ in pairs)),
        sheets_added=tuple(name for name in own_new if name not in own_old),
        sheets_removed=tuple(name for name in own_old if name not in own_new),
        sheets_in_both=tuple(name for name in own_new if name in own_old),
    )


def _check_asked(only: Collection[str], tables: Sequence[RecordTable]) -> None:
    known = dict.fromkeys(name for table in tables for name in (table.table.name, table.sheet))
    for name in only:
        if name not in known:
            raise UsageError(f"--table {name}：两个文件中都没有这个表。可用的有：{'、'.join(known)}。")


def _same_tables(
    old: Sequence[RecordTable], new: Sequence[RecordTable]
) -> list[tuple[RecordTable, RecordTable]]:
    """Tables of one name, sheet and Excel table first, then of one sheet, then wherever they stand."""
    left, found = list(old), {}
    for place in (_excel_table, _sheet, _anywhere):
        for number, table in enumerate(new):
            twin = next((a for a in left if a.table is table.table and place(a) == place(table)), None)
            if number not in found and twin is not None:
                found[number] = twin
                left = [a for a in left if a is not twin]
    return [(twin, new[number]) for number, twin in sorted(found.items(), key=lambda both: both[0])]


def _excel_table(table: RecordTable) -> tuple[str, str | None]:
    return table.sheet, table.list_object


def _sheet(table: RecordTable) -> str:
    return table.sheet


def _anywhere(_table: RecordTable) -> None:
    return None


def _own_sheets(source: TableSource, tables: Sequence[RecordTable]) -> list[str]:
    known = {table.sheet for table in tables}
    return [grid.sheet for grid in source.grids() if grid.sheet not in known]


def _seen(table: RecordTable) -> TableSeen:
    return TableSeen(table=table.table.name, sheet=table.sheet, rows=len(table.records))


def _compared(old: RecordTable, new: RecordTable) -> TableDifference:
    paired = pair(old.records, new.records)
    shared = [label for label in new.columns if label in old.columns]
    typed = old.typed and new.typed
    return TableDifference(
        table=new.table.name,
        sheet=new.sheet,
        old_sheet=old.sheet,
        added=_in_order(_row_seen(record) for record in paired.added),
        removed=_in_order(_row_seen(record) for record in paired.removed),
        changed=_in_order(_changes(paired, shared, same if typed else alike)),
        columns_added=tuple(_columns(new, old, [record for _, record in paired.pairs])),
        columns_removed=tuple(_columns(old, new, [record for record, _ in paired.pairs])),
        remarks=(
            *_doubts("旧文件", old),
            *_doubts("新文件", new),
            *_unknown(paired, shared),
            *[UNTYPED] * (not typed),
        ),
    )


def _in_order(rows: Iterable[R]) -> tuple[R, ...]:
    """By key, rows without one last; the rows of one key stay in the order of the sheet."""
    return tuple(sorted(rows, key=lambda row: (not row.key, row.key)))


def _row_seen(record: Record) -> RowSeen:
    return RowSeen(key=record.key, row=record.row, values=record.values)


def _columns(table: RecordTable, other: RecordTable, records: Sequence[Record]) -> Iterator[ColumnSeen]:
    for label in table.columns:
        if label not in other.columns:
            yield ColumnSeen(column=label, filled=sum(label in record.values for record in records))


def _changes(paired: Pairing, shared: Sequence[str], equal: Equal) -> Iterator[RowChange]:
    for old, new in paired.pairs:
        if old.values == new.values and _types(old) == _types(new):
            continue
        fields = tuple(
            FieldChange(column=label, old=old.values.get(label), new=new.values.get(label))
            for label in shared
            if not equal(old.values.get(label), new.values.get(label))
        )
        if fields:
            yield RowChange(key=new.key or old.key, old_row=old.row, new_row=new.row, fields=fields)


def _types(record: Record) -> list[type]:
    """They tell apart what Python finds equal: TRUE and 1, #N/A and its text."""
    return [*map(type, record.values.values())]


def _doubts(which: str, table: RecordTable) -> Iterator[str]:
    keyless = [record.row for record in table.records if not record.key]
    if keyless:
        yield (
            f"{which}有 {len(keyless)} 行没有编号（{_some(f'第 {row} 行' for row in keyless)}），"
            "按整行内容对应：改过的显示为一删一增。"
        )
    seen = Counter(plain_identity(record.identity) for record in table.records if record.key)
    twice = [identity for identity, count in seen.items() if count > 1]
    if twice:
        yield (
            f"{which}有 {len(twice)} 个编号重复（{_some(map(_legible, twice))}），"
            "内容相同的先对应，其余按行的先后对应，请核对。"
        )


def _legible(identity: str) -> str:
    return " ".join(filter(None, identity.split(JOINT)))


def _some(names: Iterable[str]) -> str:
    told = list(names)
    return "、".join(told[:EXAMPLES]) + ("等" if len(told) > EXAMPLES else "")


def _unknown(paired: Pairing, shared: Sequence[str]) -> Iterator[str]:
    count = sum(
        old.values.get(label) is new.values.get(label) is PENDING
        for old, new in paired.pairs
        if PENDING in old.values.values()
        for label in shared
    )
    if count:
        yield f"两边有 {count} 格公式未计算，无法比较：请用 Excel 打开并保存后再比较。"
