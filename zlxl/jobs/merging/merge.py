"""Merge copies of the database three ways: what each changed since the base, by record and field (4.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from zlxl.jobs.merging.decisions import Decisions, Spot
from zlxl.jobs.merging.fields import (
    Group,
    Side,
    Taken,
    Unmerged,
    Values,
    Why,
    content,
    merge_fields,
    row_conflict,
    touched,
)
from zlxl.jobs.merging.pairs import Versions, grouped
from zlxl.jobs.merging.values import unknown
from zlxl.jobs.records import JOINT, Record, RecordTable
from zlxl.schema.values import Raw
from zlxl.sheets.conflicts import DELETE, RETAIN, Line
from zlxl.tables.changes import CHANGES

BETWEEN = " · "  # the key fields of a record, for people
Fixed = Mapping[str, frozenset[tuple[int, int]]]  #: cells that take no value, as (row, column), by sheet


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One workbook that takes part."""

    name: str  #: of the file
    tables: tuple[RecordTable, ...]
    others: Mapping[str, Hashable] = field(default_factory=dict)  #: content of other sheets, by name
    fixed: Fixed = field(default_factory=dict)
    typed: bool = True  #: whether its values have types; in a CSV file all are text


@dataclass(frozen=True, kw_only=True)
class TakenAt:
    """A value that comes into a cell of mine."""

    table: RecordTable
    key: str
    row: int
    field: Taken

    @property
    def column(self) -> int:
        """1-based column of the cell."""
        return self.table.columns[self.field.label]


@dataclass(frozen=True, kw_only=True)
class Added:
    """A record that comes into mine."""

    table: RecordTable
    key: str
    values: Values
    copies: tuple[str, ...]
    restored: bool = False  #: whether mine had removed it


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A record of mine that goes."""

    table: RecordTable
    key: str
    record: Record
    copies: tuple[str, ...]
    fixed: frozenset[str]  #: labels of cells that stay


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Something of a copy that is not merged, and why; never passed over in silence."""

    sheet: str
    key: str
    what: Unmerged


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merge makes of mine."""

    taken: tuple[TakenAt, ...] = ()
    added: tuple[Added, ...] = ()
    removed: tuple[Removed, ...] = ()
    losses: tuple[Loss, ...] = ()
    lines: tuple[Line, ...] = ()  #: of 合并冲突, all that it is to hold

    @property
    def open(self) -> tuple[Line, ...]:
        """Conflicts that wait for a decision."""
        return tuple(line for line in self.lines if line.waits)


_Part = TakenAt | Added | Removed | Loss


def merge(
    base: Copy, mine: Copy, theirs: Sequence[Copy], decisions: Decisions, *, all_removals: bool = False
) -> Merged:
    """Hold mine and the other copies against the base, and say what comes into mine.

    What one copy alone changed is taken, what several changed alike is taken once; what they changed
    differently is a conflict, for which ``decisions`` has the people's word. The order of the copies does
    not matter. A copy that lacks more than half of a table's rows is taken for an extract, whose missing
    rows are not removed ones, unless ``all_removals``.
    """
    parts = [
        *_tables(base, mine, theirs, decisions, all_removals),
        *(loss for copy in theirs for loss in _left_out(base, mine, copy)),
    ]
    return Merged(
        taken=tuple(part for part in parts if isinstance(part, TakenAt)),
        added=tuple(part for part in parts if isinstance(part, Added)),
        removed=tuple(part for part in parts if isinstance(part, Removed)),
        losses=tuple(part for part in parts if isinstance(part, Loss)),
        lines=decisions.lines(),
    )


def _tables(
    base: Copy, mine: Copy, theirs: Sequence[Copy], decisions: Decisions, all_removals: bool
) -> Iterator[_Part]:
    for table in mine.tables:
        others = [(copy.name, found) for copy in theirs if (found := counterpart(mine, table, copy))]
        versions = Versions(
            base=counterpart(mine, table, base),
            mine=table,
            theirs=others,
            fixed=_fixed_labels(table, mine.fixed),
            computed=_computed(table, mine.fixed),
            loose=frozenset(copy.name for copy in theirs if not copy.typed),
            mine_loose=not mine.typed,
            all_removals=all_removals,
        )
        yield from _log(versions) if table.table is CHANGES else _TableMerge(versions, decisions).parts()
        yield from _lost_columns(versions)


def counterpart(mine: Copy, table: RecordTable, copy: Copy) -> RecordTable | None:
    """The table in another copy: on the sheet of that name, or the only one where both have but one."""
    here = [t for t in mine.tables if t.table is table.table]
    there = [t for t in copy.tables if t.table is table.table]
    sheets = {t.sheet: t for t in there}
    if table.sheet in sheets:
        return sheets[table.sheet]
    left_here = [t for t in here if t.sheet not in sheets]
    left_there = [t for t in there if t.sheet not in {t.sheet for t in here}]
    return left_there[0] if len(left_here) == len(left_there) == 1 else None


def _fixed_labels(table: RecordTable, fixed: Fixed) -> Mapping[int, frozenset[str]]:
    labels = {column: label for label, column in table.columns.items()}
    found: dict[int, set[str]] = {}
    for row, column in fixed.get(table.sheet, ()):
        if column in labels:
            found.setdefault(row, set()).add(labels[column])
    return {row: frozenset(some) for row, some in found.items()}


def _computed(table: RecordTable, fixed: Fixed) -> frozenset[str]:
    """Columns whose last row is a formula: a new row fills them by itself."""
    last = max((record.row for record in table.records), default=0)
    return _fixed_labels(table, fixed).get(last, frozenset())


class _TableMerge:
    """The merge of one table."""

    def __init__(self, versions: Versions, decisions: Decisions) -> None:
        self._mine = versions.mine
        self._grouped = grouped(versions)
        self._decisions = decisions
        tables = [versions.mine, *(table for _, table in versions.theirs)]
        self._keys = Counter(record.key for record in versions.mine.records)
        self._labels = list(dict.fromkeys(chain.from_iterable(table.columns for table in tables)))

    def parts(self) -> Iterator[_Part]:
        """Everything that becomes of the table's records."""
        for group in self._grouped.groups:
            yield from self._group(group)
        for key, lost in self._grouped.losses:
            yield Loss(sheet=self._mine.sheet, key=key, what=lost)

    def _group(self, group: Group) -> Iterator[_Part]:
        removers = [side for side in group.theirs if side.values is None]
        changers = [side for side in group.theirs if side.values is not None and touched(side, group.base)]
        there = group.mine.values is not None
        if group.base is None or (there and not removers):
            yield from self._fields(group)
        elif there and not changers and not touched(group.mine, group.base):
            yield self._removed(group, removers)
        elif there or changers:
            yield from self._contested(group, removers)

    def _contested(self, group: Group, removers: Sequence[Side]) -> Iterator[_Part]:
        """A record that one removed and another changed: nothing happens to it before somebody decides."""
        settled = self._decisions.settle(self._spot(group), row_conflict(group))
        there = group.mine.values is not None
        staying = replace(group, theirs=tuple(side for side in group.theirs if side.values is not None))
        if settled.decision == RETAIN and there:
            yield from self._fields(staying)
        elif settled.decision == RETAIN and not settled.earlier:
            yield from self._restored(staying)
        elif settled.decision == DELETE and there and not settled.earlier:
            yield self._removed(group, removers)

    def _fields(self, group: Group) -> Iterator[_Part]:
        """What is taken of a record: into the cells of mine, or as a new one."""
        taken = yield from self._taken(group)
        own = self._grouped.rows.get(group.identity)
        if own is not None:
            for one in taken:
                yield TakenAt(table=self._mine, key=own.key or group.key, row=own.row, field=one)
        elif taken:
            values = {one.label: one.new for one in taken if one.new is not None}
            yield self._added(group, values, taken)

    def _restored(self, group: Group) -> Iterator[_Part]:
        """The record that mine removed, as the others have changed it."""
        base = group.base or {}
        taken = yield from self._taken(replace(group, mine=replace(group.mine, values=base)))
        values: dict[str, Raw] = {**_within(base, self._mine.columns)}
        yield from _lost_fields(self._mine, group.theirs[0].copy, group.key, base)
        for one in taken:
            values.pop(one.label, None)
            if one.new is not None:
                values[one.label] = one.new
        yield replace(self._added(group, values, taken), restored=True)

    def _taken(self, group: Group) -> Generator[Loss, None, list[Taken]]:
        """Losses, as they are met; the values that are taken are returned."""
        taken: list[Taken] = []
        for outcome in merge_fields(group, self._labels):
            if isinstance(outcome, Taken):
                taken.append(outcome)
            elif isinstance(outcome, Unmerged):
                yield Loss(sheet=self._mine.sheet, key=group.key, what=outcome)
            else:
                settled = self._decisions.settle(self._spot(group), outcome)
                if settled.decision:
                    old = (group.mine.values or {}).get(outcome.label)
                    chosen = Taken(
                        label=outcome.label, old=old, new=settled.value, copies=settled.copies, decided=True
                    )
                    taken.append(chosen)
        return taken

    def _added(self, group: Group, values: Values, taken: Sequence[Taken]) -> Added:
        ordered = {label: values[label] for label in self._mine.columns if label in values}
        names = dict.fromkeys(name for one in taken for name in one.copies)
        return Added(table=self._mine, key=group.key, values=ordered, copies=tuple(names))

    def _removed(self, group: Group, removers: Sequence[Side]) -> Removed:
        record = self._grouped.rows[group.identity]
        names = tuple(side.copy for side in removers)
        return Removed(table=self._mine, key=record.key, record=record, copies=names, fixed=group.fixed)

    def _spot(self, group: Group) -> Spot:
        """Where a conflict is, under all key fields where the shown one is that of several records."""
        several = self._keys[group.key] > 1 or not group.key
        key = BETWEEN.join(filter(None, group.identity.split(JOINT))) if several else group.key
        return Spot(table=self._mine.table, sheet=self._mine.sheet, identity=group.identity, key=key)


def _log(versions: Versions) -> Iterator[_Part]:
    """变更记录 is append-only: every line of a copy that mine does not have yet is added, none is changed."""
    labels = versions.mine.columns
    held = _line_counts(versions.mine, labels)
    if versions.base:
        held |= _line_counts(versions.base, labels)
    for name, table in versions.theirs:
        seen: Counter[Hashable] = Counter()
        for record in table.records:
            line = _line(record, labels)
            seen[line] += 1
            if seen[line] > held[line]:
                held[line] += 1
                values = _within(record.values, labels)
                yield Added(table=versions.mine, key=record.key, values=values, copies=(name,))
                yield from _lost_fields(versions.mine, name, record.key, record.values)


def _lost_fields(mine: RecordTable, name: str, key: str, values: Values) -> Iterator[Loss]:
    for label, value in values.items():
        if label not in mine.columns or unknown(value):
            why = Why.UNKNOWN if unknown(value) else Why.NO_COLUMN
            lost = Unmerged(copy=name, label=label, value=value, why=why)
            yield Loss(sheet=mine.sheet, key=key, what=lost)


def _line_counts(table: RecordTable, labels: Mapping[str, int]) -> Counter[Hashable]:
    return Counter(_line(record, labels) for record in table.records)


def _line(record: Record, labels: Mapping[str, int]) -> Hashable:
    return frozenset(_within(record.values, labels).items())


def _within(values: Values, labels: Mapping[str, int]) -> Values:
    """What of a record mine has columns for, and a value to write."""
    return {label: value for label, value in values.items() if label in labels and not unknown(value)}


def _lost_columns(versions: Versions) -> Iterator[Loss]:
    """Columns of the base that a copy no longer has: nothing is emptied for that."""
    for label in versions.base.columns if versions.base else ():
        for name, table in versions.theirs:
            if label not in table.columns and label in versions.mine.columns:
                lost = Unmerged(copy=name, label=label, value=None, why=Why.LOST_COLUMN)
                yield Loss(sheet=versions.mine.sheet, key="", what=lost)


def _left_out(base: Copy, mine: Copy, copy: Copy) -> Iterator[Loss]:
    """Tables that mine or the copy lacks, and other sheets of the copy that nobody else has like that."""
    met = [counterpart(mine, table, copy) for table in mine.tables]
    for table, found in zip(mine.tables, met, strict=True):
        if found is None and counterpart(mine, table, base):
            yield _of_sheet(copy, table.sheet, Why.LOST_TABLE)
    for table in copy.tables:
        if table not in met:
            yield from _of_table(base, copy, table)
    for sheet, held in copy.others.items():
        if held not in (base.others.get(sheet), mine.others.get(sheet)):
            yield _of_sheet(copy, sheet, Why.NO_SHEET)


def _of_table(base: Copy, copy: Copy, table: RecordTable) -> Iterator[Loss]:
    """What a table that mine lacks holds beyond the base's table of that sheet."""
    old = {content(r.values) for t in base.tables if t.sheet == table.sheet for r in t.records}
    for record in table.records:
        if content(record.values) not in old:
            for label, value in record.values.items():
                lost = Unmerged(copy=copy.name, label=label, value=value, why=Why.NO_TABLE)
                yield Loss(sheet=table.sheet, key=record.key, what=lost)


def _of_sheet(copy: Copy, sheet: str, why: Why) -> Loss:
    return Loss(sheet=sheet, key="", what=Unmerged(copy=copy.name, label="", value=None, why=why))
