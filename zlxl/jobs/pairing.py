"""Which record of one table is which record of another copy of it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from zlxl.jobs.records import Record, meant, plain_identity
from zlxl.schema.values import shown

Name = Callable[[Record], Hashable]


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """Every record of both tables, once."""

    pairs: Sequence[tuple[Record, Record]] = field(repr=False)  #: in the order of the second table
    removed: Sequence[Record] = field(repr=False)  #: of the first table only
    added: Sequence[Record] = field(repr=False)  #: of the second table only


def pair(old: Iterable[Record], new: Iterable[Record]) -> Pairing:
    """Pair by all key fields, then by their spelling made even, then by the shown key alone.

    Of several records with the same identity those of the same content belong together, the others in the
    order of their rows. The shown key alone decides only where one record of each table is left over with
    it: a certificate number filled in later is a change, not another record.
    """
    left, right = list(old), list(new)
    pairs: list[tuple[Record, Record]] = []
    left, right = _by_identity(left, right, pairs)
    for name in (_even_identity, _even_key):
        left, right = _where_unique(left, right, name, pairs)
    pairs.sort(key=lambda both: both[1].row)
    return Pairing(pairs=pairs, removed=left, added=right)


def _by_identity(
    old: Sequence[Record], new: Sequence[Record], pairs: list[tuple[Record, Record]]
) -> tuple[list[Record], list[Record]]:
    """Pair the records of each identity; what is left of both."""
    groups = _grouped(new, lambda record: plain_identity(record.identity))
    left: list[Record] = []
    for identity, some in _grouped(old, lambda record: plain_identity(record.identity)).items():
        others = groups.get(identity, [])
        if len(some) > 1 or len(others) > 1:
            some, others = _by_content(some, others, pairs)
        pairs += zip(some, others, strict=False)
        left += some[len(others) :]
        groups[identity] = others[len(some) :]
    return left, sorted((r for some in groups.values() for r in some), key=lambda record: record.row)


def _by_content(
    old: Sequence[Record], new: Sequence[Record], pairs: list[tuple[Record, Record]]
) -> tuple[list[Record], list[Record]]:
    groups = _grouped(new, _content)
    left = []
    for record in old:
        if twins := groups.get(_content(record)):
            pairs.append((record, twins.pop(0)))
        else:
            left.append(record)
    return left, sorted((r for some in groups.values() for r in some), key=lambda record: record.row)


def _content(record: Record) -> Hashable:
    return frozenset((label, isinstance(raw, str), shown(meant(raw))) for label, raw in record.values.items())


def _where_unique(
    old: Sequence[Record], new: Sequence[Record], name: Name, pairs: list[tuple[Record, Record]]
) -> tuple[list[Record], list[Record]]:
    """Pair the records whose name occurs once on both sides; what is left of both."""
    groups, others = _grouped(old, name), _grouped(new, name)
    known = {n for n, some in groups.items() if n and len(some) == len(others.get(n, ())) == 1}
    pairs += ((groups[n][0], others[n][0]) for n in known)
    return [r for r in old if name(r) not in known], [r for r in new if name(r) not in known]


def _grouped(records: Iterable[Record], name: Name) -> dict[Hashable, list[Record]]:
    groups: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        groups[name(record)].append(record)
    return groups


def _even_identity(record: Record) -> str:
    return _even(plain_identity(record.identity))


def _even_key(record: Record) -> str:
    return _even(record.key)


def _even(text: str) -> str:
    """Width, spaces and case left out."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
