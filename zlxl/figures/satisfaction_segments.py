"""Satisfaction by groups of clients: whether groups differ, and late answers from early ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Final

import numpy as np

from zlxl.figures.ranks import against_rest, kruskal, midranks, spread
from zlxl.figures.satisfaction_answers import Numbers, Questionnaires
from zlxl.figures.satisfaction_population import Subject
from zlxl.figures.satisfaction_profiles import DIMENSIONS, UNKNOWN, Profile, profile_of
from zlxl.figures.statistics import holm
from zlxl.schema.context import Context

LEAST: Final = 10  #: answers that a group needs to be compared, and to be given a percentage
EARLY, LATE = "早答", "迟答"
LATE_AFTER: Final = "满意度首次催收天数"  #: parameter: days after which an answer is late


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of the clients."""

    name: str
    asked: int
    sample: int
    mean: float
    satisfied: int
    rank_sum: float = nan  #: NaN where the group is too small to be compared, or unknown
    p: float = nan  #: against all other groups
    adjusted: float = nan  #: by Holm over the groups

    @property
    def compared(self) -> bool:
        """Whether it takes part in the tests."""
        return not isnan(self.rank_sum)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """The groups of a dimension and whether they differ (Kruskal-Wallis on the customer index)."""

    name: str
    segments: tuple[Segment, ...]  #: those with most clients first
    groups: Sequence[str]  #: of each answer that counts
    ranks: Numbers  #: of the same, NaN where its group is not compared
    h: float
    p: float
    adjusted: float = nan  #: by Holm over the dimensions

    @property
    def compared(self) -> tuple[Segment, ...]:
        """The groups that take part."""
        return tuple(segment for segment in self.segments if segment.compared)

    @property
    def sample(self) -> int:
        """Answers that take part."""
        return sum(segment.sample for segment in self.compared)


def comparisons(
    answers: Questionnaires,
    rows: Sequence[int],
    asked: Sequence[Subject],
    known: Mapping[str, Profile],
    limit: float,
) -> dict[str, Comparison]:
    """Every dimension; ``limit`` is the index from which a client is satisfied."""
    own = [profile_of(row, answers, known).groups(answers.audits[row] or UNKNOWN) for row in rows]
    everyone = [subject.profile.groups(subject.audit) for subject in asked]
    index = answers.index[list(rows)]
    found = [
        _compared(name, [one[name] for one in everyone], [one[name] for one in own], index, limit)
        for name in DIMENSIONS
    ]
    adjusted = holm([one.p for one in found])
    return {one.name: replace(one, adjusted=p) for one, p in zip(found, adjusted, strict=True)}


def early_and_late(
    answers: Questionnaires, rows: Sequence[int], context: Context, limit: float
) -> Comparison:
    """Answers that came soon against those that came late or only when asked again.

    Who answers late resembles who never answers, so that a difference hints at what the silent think.
    """
    waves = [wave(answers, row, int(context.number(LATE_AFTER))) for row in rows]
    return _compared("应答早晚", waves, waves, answers.index[list(rows)], limit)


def wave(answers: Questionnaires, row: int, late: int) -> str:
    """Whether an answer came early or late; UNKNOWN where a day is missing."""
    sent, back, reminded = answers.sent[row], answers.returned[row], answers.reminded[row]
    if np.isnat(sent) or np.isnat(back):
        return UNKNOWN
    days = int((back - sent).astype(int))
    return LATE if days >= late or (not np.isnat(reminded) and back >= reminded) else EARLY


def _compared(
    name: str, everyone: Sequence[str], own: Sequence[str], index: Numbers, limit: float
) -> Comparison:
    groups = np.array(own, dtype=object)
    asked = {group: everyone.count(group) for group in dict.fromkeys(everyone)}
    segments = [_segment(group, number, index[groups == group], limit) for group, number in asked.items()]
    taking_part = {one.name for one in segments if one.sample >= LEAST and one.name != UNKNOWN}
    held = np.array([group in taking_part for group in own], dtype=np.bool_)
    ranks = np.full(len(own), nan)
    ranks[held] = midranks(index[held])
    deviation = spread(ranks[held])
    tested = [
        _tested(one, ranks[groups == one.name], int(held.sum()), deviation)
        if one.name in taking_part
        else one
        for one in segments
    ]
    adjusted = holm([one.p for one in tested])
    told = [replace(one, adjusted=p) for one, p in zip(tested, adjusted, strict=True)]
    parts = [one for one in told if one.compared]
    h, p = kruskal([one.rank_sum for one in parts], [one.sample for one in parts], deviation)
    ordered = tuple(sorted(told, key=lambda segment: (-segment.asked, segment.name)))
    return Comparison(name=name, segments=ordered, groups=own, ranks=ranks, h=h, p=p)


def _segment(name: str, asked: int, index: Numbers, limit: float) -> Segment:
    mean = float(np.mean(index)) if len(index) else nan
    satisfied = int(np.sum(index >= limit - 1e-9))
    return Segment(name=name, asked=asked, sample=len(index), mean=mean, satisfied=satisfied)


def _tested(segment: Segment, ranks: Numbers, total: int, deviation: float) -> Segment:
    own = float(np.sum(ranks))
    return replace(segment, rank_sum=own, p=against_rest(own, len(ranks), total, deviation))
