"""Which records of several copies of a table are the same one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import NamedTuple

from zlxl.jobs.merging.fields import Group, Side, Unmerged, Values, Why, content, row_words
from zlxl.jobs.merging.values import told
from zlxl.jobs.pairing import pair
from zlxl.jobs.records import JOINT, Record, RecordTable, plain_identity

FEW = 5  # so many records may be missing before a copy is taken for an extract
MOST = 0.5  # share of the base's records that an extract lacks


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """A table in all copies, record by record."""

    groups: tuple[Group, ...]  #: those in which another copy has something to say
    rows: Mapping[str, Record]  #: records of mine by identity of their group
    losses: tuple[tuple[str, Unmerged], ...]  #: with the key of the record, empty for the whole table


@dataclass(frozen=True, kw_only=True)
class Versions:
    """One table in the base, in mine and in the other copies by their names."""

    base: RecordTable | None
    mine: RecordTable
    theirs: Sequence[tuple[str, RecordTable]]
    fixed: Mapping[int, frozenset[str]] = field(default_factory=dict)  #: labels by row of mine
    computed: frozenset[str] = frozenset()  #: columns that a new row fills by itself
    loose: frozenset[str] = frozenset()  #: copies whose values are texts, whatever they mean
    mine_loose: bool = False  #: whether mine is such a copy
    all_removals: bool = False  #: whether records that an extract lacks are removed all the same


class Matched(NamedTuple):
    """A copy held against the base: its records by the base's identity, and its new ones by their own."""

    name: str
    table: RecordTable
    known: Mapping[str, Record]
    new: Mapping[str, Record]


def grouped(versions: Versions) -> Grouped:
    """The records that other copies changed, added or removed; what cannot be told apart is left alone."""
    return _Grouping(versions).result()


class _Grouping:
    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        tables = [t for t in (versions.base, versions.mine, *(t for _, t in versions.theirs)) if t]
        self._keys = _common_keys(tables)
        self._all = {id(table): self._identified(table) for table in tables}
        self._twice = {identity for records in self._all.values() for identity in _twice(records)}
        self._base = self._single(versions.base)
        self._rows: dict[str, Record] = {}

    def _identified(self, table: RecordTable) -> Sequence[Record]:
        """Each record under the key fields that all copies have, else under its content."""
        if self._keys == [label for label in table.key_labels if label in table.columns]:
            return table.records
        return [replace(record, identity=self._identity(record)) for record in table.records]

    def _identity(self, record: Record) -> str:
        texts = [told(record.values[label]) if label in record.values else "" for label in self._keys]
        return JOINT.join(texts) if any(texts) else row_words(record.values)

    def _single(self, table: RecordTable | None) -> list[Record]:
        records = self._all[id(table)] if table else ()
        return [record for record in records if plain_identity(record.identity) not in self._twice]

    def result(self) -> Grouped:
        mine = self._matched("", self._versions.mine)
        theirs = [self._matched(name, table) for name, table in self._versions.theirs]
        partial = {copy.name for copy in theirs if self._is_extract(copy)}
        groups = [
            *self._of_base(mine, theirs, partial),
            *self._of_new(mine, theirs),
        ]
        lost = [("", Unmerged(copy=name, label="", value=None, why=Why.PARTIAL)) for name in sorted(partial)]
        return Grouped(groups=tuple(groups), rows=self._rows, losses=(*lost, *self._ambiguous()))

    def _matched(self, name: str, table: RecordTable) -> Matched:
        pairing = pair(self._base, self._single(table))
        known = {old.identity: record for old, record in pairing.pairs}
        return Matched(name, table, known, {record.identity: record for record in pairing.added})

    def _is_extract(self, copy: Matched) -> bool:
        lacking = len(self._base) - len(copy.known)
        return lacking > max(FEW, MOST * len(self._base)) and not self._versions.all_removals

    def _of_base(self, mine: Matched, theirs: Sequence[Matched], partial: set[str]) -> Iterator[Group]:
        for record in self._base:
            sides = [
                _side(copy, copy.known.get(record.identity))
                for copy in theirs
                if record.identity in copy.known or copy.name not in partial
            ]
            yield from self._group(record, record.values, (mine, mine.known), sides)

    def _of_new(self, mine: Matched, theirs: Sequence[Matched]) -> Iterator[Group]:
        firsts: dict[str, Record] = {}
        for copy in theirs:
            for identity, record in copy.new.items():
                firsts.setdefault(identity, record)
        for identity, record in firsts.items():
            sides = [_side(copy, copy.new[identity]) for copy in theirs if identity in copy.new]
            yield from self._group(record, None, (mine, mine.new), sides)

    def _group(
        self,
        named: Record,
        base: Values | None,
        mine: tuple[Matched, Mapping[str, Record]],
        sides: Sequence[Side],
    ) -> Iterator[Group]:
        copy, records = mine
        own = records.get(named.identity)
        sides = [self._evened(side, base, own) for side in sides]
        telling = tuple(side for side in sides if not _same(side.values, base))
        if not telling:
            return
        if own is not None:
            self._rows[named.identity] = own
        versions = self._versions
        yield Group(
            key=named.key,
            identity=named.identity,
            base=base,
            mine=_even(_side(copy, own), base or {}) if versions.mine_loose else _side(copy, own),
            theirs=telling,
            fixed=versions.fixed.get(own.row, frozenset()) if own else versions.computed,
        )

    def _evened(self, side: Side, base: Values | None, own: Record | None) -> Side:
        """A side without types, with the typed values that its texts show."""
        if side.copy not in self._versions.loose:
            return side
        known = {} if own is None or self._versions.mine_loose else own.values
        return _even(side, {**known, **(base or {})})

    def _ambiguous(self) -> Iterator[tuple[str, Unmerged]]:
        """Records whose identity stands twice somewhere: told unless a copy holds them as base or mine do."""
        versions = self._versions
        held = [self._contents(table) for table in (versions.base, versions.mine) if table]
        for name, table in versions.theirs:
            contents = self._contents(table)
            for identity in sorted(self._twice):
                if all(contents.get(identity) != other.get(identity) for other in held):
                    yield from self._told_twice(name, table, identity)

    def _contents(self, table: RecordTable) -> Mapping[str, Counter[Hashable]]:
        found: dict[str, Counter[Hashable]] = {}
        for record in self._all[id(table)]:
            identity = plain_identity(record.identity)
            if identity in self._twice:
                found.setdefault(identity, Counter())[content(record.values)] += 1
        return found

    def _told_twice(self, name: str, table: RecordTable, identity: str) -> Iterator[tuple[str, Unmerged]]:
        records = [r for r in self._all[id(table)] if plain_identity(r.identity) == identity]
        for record in records:
            for label, value in record.values.items():
                yield record.key, Unmerged(copy=name, label=label, value=value, why=Why.DUPLICATE)
        if not records:
            yield identity, Unmerged(copy=name, label="", value=None, why=Why.DUPLICATE)


def _common_keys(tables: Sequence[RecordTable]) -> list[str]:
    """Key columns that every copy has: one that a copy lacks cannot tell its records apart."""
    return [label for label in tables[0].key_labels if all(label in table.columns for table in tables)]


def _twice(records: Iterable[Record]) -> Iterator[str]:
    counts = Counter(plain_identity(record.identity) for record in records)
    return (identity for identity, count in counts.items() if count > 1)


def _side(copy: Matched, record: Record | None) -> Side:
    return Side(
        copy=copy.name, values=record.values if record else None, labels=frozenset(copy.table.columns)
    )


def _even(side: Side, known: Values) -> Side:
    """The side with a known value wherever it shows the same."""
    if side.values is None:
        return side
    values = {
        label: known[label] if label in known and told(known[label]) == told(value) else value
        for label, value in side.values.items()
    }
    return replace(side, values=values)


def _same(values: Values | None, base: Values | None) -> bool:
    """Whether two records hold the same, told quickly; unlike order or types count as different here."""
    if values is None or base is None:
        return values is base
    return values == base and all(map(is_, map(type, values.values()), map(type, base.values())))
