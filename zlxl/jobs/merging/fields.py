"""Merging one record: what of it was changed by whom, what is taken, what people must decide."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zlxl.jobs.merging.values import EMPTY, essence, told, unknown
from zlxl.schema.values import Raw

WHOLE_ROW = "（整行）"
HAS_ROW = "有此行"
UNTOUCHED = "有此行，未改动"
REMOVED = "已删除此行"

Values = Mapping[str, Raw]


@dataclass(frozen=True, kw_only=True)
class Side:
    """A record as one copy has it."""

    copy: str  #: name of the copy's file
    values: Values | None  #: by label, empty cells left out; None where the copy lacks the record
    labels: frozenset[str]  #: columns that the copy has


@dataclass(frozen=True, kw_only=True)
class Group:
    """One record in all copies; a copy that has nothing to say about it is left out of ``theirs``."""

    key: str  #: as shown
    identity: str
    base: Values | None
    mine: Side
    theirs: tuple[Side, ...]
    fixed: frozenset[str] = frozenset()  #: labels whose cell of mine takes no value: formulas, merged away


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A value that differs from mine, and whose it is."""

    value: Raw | None
    copies: tuple[str, ...]
    words: str
    essence: Hashable


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """What was changed in different ways; mine stays until somebody decides."""

    label: str  #: WHOLE_ROW where one removed the record and another changed it
    base: str  #: in words
    mine: str  #: in words
    base_essence: Hashable
    mine_essence: Hashable
    proposals: tuple[Proposal, ...]

    @property
    def of_row(self) -> bool:
        """Whether it is about the whole record."""
        return self.label == WHOLE_ROW


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A value that comes from other copies."""

    label: str
    old: Raw | None
    new: Raw | None
    copies: tuple[str, ...]
    decided: bool = False  #: whether a person chose it


class Why(StrEnum):
    """Why something of a copy is not merged."""

    NO_COLUMN = "本方没有这一列"
    FORMULA = "本方此处是公式或合并单元格，保持不变"
    UNKNOWN = "是错误值或未计算的公式"
    DUPLICATE = "编号重复，无法按编号合并"
    NO_TABLE = "本方没有这张表"
    NO_SHEET = "不是已知的表，不能按编号合并"
    PARTIAL = "缺少过半的行，看来只是部分数据，缺少的行按未改动处理"
    LOST_COLUMN = "缺少这一列，按未改动处理"
    LOST_TABLE = "缺少这张表，按未改动处理"


@dataclass(frozen=True, kw_only=True)
class Unmerged:
    """A value of a copy that found no place."""

    copy: str
    label: str
    value: Raw | None
    why: Why


FieldOutcome = Taken | Conflict | Unmerged


def merge_fields(group: Group, labels: Sequence[str]) -> Iterator[FieldOutcome]:
    """What becomes of every field that another copy changed."""
    for label in labels:
        yield from _merge_field(group, label)


def _merge_field(group: Group, label: str) -> Iterator[FieldOutcome]:
    base, mine = _value(group.base, label), _value(group.mine.values, label)
    known: dict[Hashable, tuple[Raw | None, list[str]]] = {}
    for side in group.theirs:
        if not changed(side, label, base) or essence(_value(side.values, label)) == essence(mine):
            continue
        value = _value(side.values, label)
        why = _obstacle(group, label, value)
        if why is not None:
            yield Unmerged(copy=side.copy, label=label, value=value, why=why)
        else:
            known.setdefault(essence(value), (value, []))[1].append(side.copy)
    if known:
        yield _outcome(group, label, [_proposal(*found) for found in known.values()])


def _obstacle(group: Group, label: str, value: Raw | None) -> Why | None:
    if label not in group.mine.labels:
        return Why.NO_COLUMN
    if label in group.fixed:
        return Why.FORMULA
    return Why.UNKNOWN if unknown(value) else None


def _outcome(group: Group, label: str, proposals: list[Proposal]) -> FieldOutcome:
    base, mine = _value(group.base, label), _value(group.mine.values, label)
    taken_by_mine = group.mine.values is not None and essence(mine) != essence(base)
    if len(proposals) == 1 and not taken_by_mine:
        return Taken(label=label, old=mine, new=proposals[0].value, copies=proposals[0].copies)
    return Conflict(
        label=label,
        base=told(base),
        mine=told(mine),
        base_essence=essence(base),
        mine_essence=essence(mine),
        proposals=tuple(sorted(proposals, key=lambda p: (p.words, repr(p.essence)))),
    )


def _proposal(value: Raw | None, copies: Sequence[str]) -> Proposal:
    return Proposal(value=value, copies=tuple(copies), words=told(value), essence=essence(value))


def _value(values: Values | None, label: str) -> Raw | None:
    return values.get(label) if values else None


def changed(side: Side, label: str, base: Raw | None) -> bool:
    """Whether a copy that has the column holds another value than the base."""
    return label in side.labels and essence(_value(side.values, label)) != essence(base)


def touched(side: Side, base: Values | None) -> tuple[str, ...]:
    """Labels of the fields in which a copy says something else than the base."""
    values = side.values or {}
    labels = dict.fromkeys([*(base or {}), *values])
    return tuple(
        label
        for label in labels
        if changed(side, label, _value(base, label)) and not unknown(values.get(label))
    )


def row_conflict(group: Group) -> Conflict:
    """The conflict over a record that one copy removed and another changed."""
    theirs = sorted(group.theirs, key=lambda side: side.copy)
    acts = [side for side in theirs if side.values is None or touched(side, group.base)]
    proposal = Proposal(
        value=None,
        copies=tuple(side.copy for side in acts),
        words="；".join(f"{side.copy}：{state_words(side, group.base)}" for side in acts),
        essence=tuple(content(side.values) for side in acts),
    )
    return Conflict(
        label=WHOLE_ROW,
        base=HAS_ROW,
        mine=state_words(group.mine, group.base),
        base_essence=content(group.base),
        mine_essence=content(group.mine.values),
        proposals=(proposal,),
    )


def content(values: Values | None) -> Hashable:
    """What decides whether two records are the same; None where there is none."""
    if values is None:
        return None
    return tuple(sorted((label, essence(value)) for label, value in values.items()))


def state_words(side: Side, base: Values | None) -> str:
    """What a copy did to a record: removed it, left it alone, changed these fields."""
    if side.values is None:
        return REMOVED
    parts = [
        f"{label} {told(_value(base, label))} → {told(_value(side.values, label))}"
        for label in touched(side, base)
    ]
    return f"已改 {'，'.join(parts)}" if parts else UNTOUCHED


def row_words(values: Values) -> str:
    """A whole record on one line."""
    return "；".join(f"{label}={told(value)}" for label, value in values.items() if told(value) != EMPTY)
