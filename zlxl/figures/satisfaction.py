"""Customer satisfaction of a quarter or a year: all figures of the analysis (4.7.1, 4.7.2; domain.md 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import isnan, nan, sqrt

import numpy as np

from zlxl.figures.satisfaction_answers import (
    Numbers,
    Questionnaires,
    read_questionnaires,
)
from zlxl.figures.satisfaction_comments import Comment, LowScore, Reader, comments, low_scores
from zlxl.figures.satisfaction_criteria import INTEGRITY, Criteria, Item, criteria_of
from zlxl.figures.satisfaction_incidents import Incident, incidents
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.satisfaction_population import Reminder, Subject, reminders, subjects
from zlxl.figures.satisfaction_profiles import Profile, profiles
from zlxl.figures.satisfaction_segments import Comparison, comparisons, early_and_late
from zlxl.figures.statistics import (
    difference_p,
    error_of_mean,
    holm,
    mean_interval,
    net_promoters,
    sample_needed,
)
from zlxl.proportions import Interval, wilson
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.incidents import INCIDENTS
from zlxl.tables.surveys import SURVEYS

DERIVED_FROM = 50  #: answers from which importance is derived by correlation; below, the stated weight
PROMOTER, DETRACTOR = 9, 6
Rows = Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The index of some answers out of a population."""

    population: int
    sample: int
    mean: float
    deviation: float  #: NaN below two answers
    satisfied: int
    mean_interval: Interval | None
    share_interval: Interval | None

    @property
    def share(self) -> float:
        """满意率, a share."""
        return self.satisfied / self.sample if self.sample else nan

    @property
    def error(self) -> float:
        """Standard error of the mean; NaN below two answers."""
        return error_of_mean(self.deviation, self.sample, self.population)


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """One quarter of the trend."""

    name: str
    rows: Rows
    summary: Summary


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """One question."""

    name: str
    weight: float
    sample: int
    unanswered: int
    counts: tuple[int, ...]  #: by level of the scale, best first
    mean: float
    deviation: float
    top: float  #: share of the two best levels
    bottom: float  #: share of the two worst
    error: float  #: standard error of the mean, NaN below two answers
    before: float  #: mean of the period before
    sample_before: int
    error_before: float
    p: float  #: of the change since then, NaN where there is none
    adjusted: float  #: p by Holm over all items
    importance: float

    @property
    def change(self) -> float:
        """Difference to the period before."""
        return self.mean - self.before


@dataclass(frozen=True, kw_only=True)
class Promoters:
    """Net promoter score; shares from -1 to 1."""

    sample: int
    promoters: int
    passives: int
    detractors: int
    interval: Interval | None

    @property
    def score(self) -> float:
        """Share of promoters less that of detractors."""
        return (self.promoters - self.detractors) / self.sample if self.sample else nan


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What the whole population could come to, did the silent all give the worst or the best answer."""

    population: int
    index: Interval
    share: Interval


@dataclass(frozen=True, kw_only=True, eq=False)
class Satisfaction:
    """All figures of a period."""

    period: Period
    today: date
    criteria: Criteria
    answers: Questionnaires
    known: Mapping[str, Profile]
    subjects: tuple[Subject, ...]
    current: Rows  #: rows of ``answers`` that count in the period
    previous: Rows
    summary: Summary
    before: Summary
    change_p: float
    trend: tuple[Quarter, ...]
    items: tuple[ItemFigures, ...]
    derived: bool  #: whether importance is derived
    promoters: Promoters
    bounds: Bounds | None
    segments: Mapping[str, Comparison]  #: by dimension
    waves: Comparison  #: early and late answers
    incidents: tuple[Incident, ...]
    comments: tuple[Comment, ...]
    low_scores: tuple[LowScore, ...]
    reminders: tuple[Reminder, ...]

    @property
    def sent(self) -> int:
        """Questionnaires sent: the population of every interval."""
        return sum(subject.row >= 0 for subject in self.subjects)

    @property
    def due(self) -> int:
        """应发: contracts in their first service cycle never asked before."""
        return sum(subject.due for subject in self.subjects)

    @property
    def due_sent(self) -> int:
        """Of those, how many were asked."""
        return sum(subject.due and subject.row >= 0 for subject in self.subjects)

    @property
    def delivered(self) -> int:
        """Questionnaires sent and not known to have missed their client."""
        return sum(s.row >= 0 and self.answers.delivered[s.row] != "否" for s in self.subjects)

    @property
    def returned(self) -> int:
        """Questionnaires that came back."""
        return sum(s.row >= 0 and bool(self.answers.answered[s.row]) for s in self.subjects)

    @property
    def needed(self) -> int:
        """Answers needed for the tolerated error."""
        error = self.criteria.parameters["抽样允许误差"] / 100
        return sample_needed(self.sent, error, self.criteria.confidence) if error > 0 else self.sent

    @property
    def total_deduction(self) -> float:
        """Sum of the deductions, not yet capped."""
        return sum(incident.deduction for incident in self.incidents)

    @property
    def deduction(self) -> float:
        """Points taken off the year's index."""
        return min(self.criteria.parameters["扣分上限"], self.total_deduction)

    @cached_property
    def annual(self) -> float:
        """年度顾客满意度: the index less the deduction, at least 0; NaN without answers."""
        return nan if isnan(self.summary.mean) else max(0.0, self.summary.mean - self.deduction)

    @property
    def figure(self) -> float:
        """What is judged: the year's figure after deduction, a quarter's index."""
        return self.annual if self.period.annual else self.summary.mean

    @property
    def verdict(self) -> str:
        """评价 of the figure, empty without answers."""
        return "" if isnan(self.figure) else self.criteria.band(self.figure)

    @cached_property
    def low_integrity(self) -> int:
        """Answers that count with a low score of 廉洁自律."""
        guard = self.criteria.parameters["廉洁警戒分"]
        at = [place for place, item in enumerate(self.criteria.items) if item.field == INTEGRITY]
        return int(np.sum(self.answers.scores[np.ix_(self.current, at)] <= guard)) if self.current else 0

    @property
    def bribery(self) -> int:
        """Proven incidents that concern integrity."""
        return sum(incident.proven and incident.integrity for incident in self.incidents)

    @property
    def integrity_flag(self) -> bool:
        """Whether integrity is to be looked into, whatever the score."""
        return bool(self.low_integrity or self.bribery)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Of each row that counts its place among them."""
        return {row: place for place, row in enumerate(self.current)}

    @cached_property
    def sizes(self) -> Mapping[str, Counter[str]]:
        """Answers that count by dimension and group."""
        return {one.name: Counter(one.groups) for one in (*self.segments.values(), self.waves)}

    @property
    def significance(self) -> float:
        """p below which a difference is more than chance."""
        return 1 - self.criteria.confidence


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """What the figures are reckoned from."""

    tables: Callable[[str], Sequence[Frame]]  #: the frames of a table by its name
    frames: Sequence[Frame]  #: all of them, among them the policy sheets of the workbook
    context: Context
    read: Reader  #: tells what comments are about
    grades: Mapping[str, str]  #: of the companies, by compared name


def satisfaction(told: Told, period: Period) -> Satisfaction:
    """Everything about a period."""
    context = told.context
    criteria = criteria_of(told.frames, context)
    answers = read_questionnaires(told.tables(SURVEYS.name), criteria)
    clients = told.tables(CLIENTS.name)
    known = profiles(clients, told.tables(EVALUATIONS.name), told.grades, context)
    asked = subjects(clients, answers, period, context, known)
    current, previous = (_counted(answers, p) for p in (period, period.previous))
    summary = _summary(answers, current, _sent(answers, period), criteria)
    before = _summary(answers, previous, _sent(answers, period.previous), criteria)
    everyone = [s.row for s in asked if s.row >= 0 and answers.answered[s.row]]
    derived = len(current) >= DERIVED_FROM
    return Satisfaction(
        period=period,
        today=context.today,
        criteria=criteria,
        answers=answers,
        known=known,
        subjects=asked,
        current=current,
        previous=previous,
        summary=summary,
        before=before,
        change_p=_change(summary, before),
        trend=_trend(answers, period, criteria),
        items=_items(answers, current, previous, (summary, before), criteria, derived=derived),
        derived=derived,
        promoters=_promoters(answers, current, criteria),
        bounds=_bounds(summary, len(asked), criteria),
        segments=comparisons(answers, current, asked, known, criteria.parameters["满意率界限"]),
        waves=early_and_late(answers, current, context, criteria.parameters["满意率界限"]),
        incidents=incidents(told.tables(INCIDENTS.name), period, criteria, context),
        comments=comments(answers, everyone, told.read),
        low_scores=low_scores(answers, everyone, criteria),
        reminders=reminders(asked, answers, context.today, context),
    )


def _counted(answers: Questionnaires, period: Period) -> Rows:
    within = np.array([period.holds(quarter) for quarter in answers.quarters], dtype=np.bool_)
    return [int(row) for row in np.flatnonzero(answers.counted & within)]


def _sent(answers: Questionnaires, period: Period) -> int:
    return sum(period.holds(quarter) for quarter in answers.quarters)


def mean_of(values: Numbers) -> float:
    """Mean without NaN; NaN of nothing."""
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if len(known) else nan


def deviation_of(values: Numbers) -> float:
    """Standard deviation of a sample without NaN; NaN below two values."""
    known = values[~np.isnan(values)]
    return float(np.std(known, ddof=1)) if len(known) > 1 else nan


def _summary(answers: Questionnaires, rows: Rows, population: int, criteria: Criteria) -> Summary:
    index = answers.index[list(rows)]
    mean, deviation = mean_of(index), deviation_of(index)
    satisfied = int(np.sum(index >= criteria.parameters["满意率界限"] - 1e-9))
    confidence = criteria.confidence
    return Summary(
        population=population,
        sample=len(rows),
        mean=mean,
        deviation=deviation,
        satisfied=satisfied,
        mean_interval=mean_interval(mean, deviation, len(rows), population, confidence),
        share_interval=wilson(satisfied, len(rows), population, confidence),
    )


def _change(now: Summary, before: Summary) -> float:
    return difference_p(now.mean - before.mean, (now.error, before.error), (now.sample, before.sample))


def _trend(answers: Questionnaires, period: Period, criteria: Criteria) -> tuple[Quarter, ...]:
    """The quarters from the first with answers on."""
    found: list[Quarter] = []
    for name in period.trend:
        one = Period.parse(name)
        rows = _counted(answers, one)
        if rows or found:
            summary = _summary(answers, rows, _sent(answers, one), criteria)
            found.append(Quarter(name=name, rows=rows, summary=summary))
    return tuple(found)


def _items(
    answers: Questionnaires,
    current: Rows,
    previous: Rows,
    summaries: tuple[Summary, Summary],
    criteria: Criteria,
    *,
    derived: bool,
) -> tuple[ItemFigures, ...]:
    overall = answers.overall[list(current)]
    found = []
    for at, item in enumerate(criteria.items):
        now, then = (answers.scores[list(rows), at] for rows in (current, previous))
        importance = correlation(now, overall) if derived else item.weight
        found.append(_item(item, now, then, summaries, criteria, importance))
    adjusted = holm([item.p for item in found])
    return tuple(replace(item, adjusted=p) for item, p in zip(found, adjusted, strict=True))


def _item(
    item: Item,
    now: Numbers,
    then: Numbers,
    summaries: tuple[Summary, Summary],
    criteria: Criteria,
    importance: float,
) -> ItemFigures:
    samples = int(np.sum(~np.isnan(now))), int(np.sum(~np.isnan(then)))
    errors = tuple(
        error_of_mean(deviation_of(scores), sample, summary.population)
        for scores, sample, summary in zip((now, then), samples, summaries, strict=True)
    )
    mean, before = mean_of(now), mean_of(then)
    counts = tuple(int(np.sum(now == level.score)) for level in criteria.scale)
    return ItemFigures(
        name=item.name,
        weight=item.weight,
        sample=samples[0],
        unanswered=len(now) - samples[0],
        counts=counts,
        mean=mean,
        deviation=deviation_of(now),
        top=sum(counts[:2]) / samples[0] if samples[0] else nan,
        bottom=sum(counts[-2:]) / samples[0] if samples[0] else nan,
        error=errors[0],
        before=before,
        sample_before=samples[1],
        error_before=errors[1],
        p=difference_p(mean - before, (errors[0], errors[1]), samples),
        adjusted=nan,
        importance=importance,
    )


def correlation(one: Numbers, other: Numbers) -> float:
    """Pearson's correlation of the rows in which both are known; NaN where one does not vary."""
    both = ~np.isnan(one) & ~np.isnan(other)
    a, b = one[both] - mean_of(one[both]), other[both] - mean_of(other[both])
    spread = sqrt(float(a @ a) * float(b @ b)) if both.any() else 0.0
    return float(a @ b) / spread if spread > 0 else nan


def _promoters(answers: Questionnaires, rows: Rows, criteria: Criteria) -> Promoters:
    told = answers.recommendation[list(rows)]
    told = told[~np.isnan(told)]
    up, down = int(np.sum(told >= PROMOTER)), int(np.sum(told <= DETRACTOR))
    return Promoters(
        sample=len(told),
        promoters=up,
        passives=len(told) - up - down,
        detractors=down,
        interval=net_promoters(up, down, len(told), criteria.confidence),
    )


def _bounds(summary: Summary, population: int, criteria: Criteria) -> Bounds | None:
    if not summary.sample or not criteria.levels:
        return None
    silent = population - summary.sample
    total = summary.mean * summary.sample
    worst, best = criteria.scale[-1].score, criteria.scale[0].score
    return Bounds(
        population=population,
        index=Interval((total + silent * worst) / population, (total + silent * best) / population),
        share=Interval(summary.satisfied / population, (summary.satisfied + silent) / population),
    )
