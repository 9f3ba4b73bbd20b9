"""How good decisions are, on texts whose class is known: agreement, escalation, coverage, calibration."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zlxl.decisions.authority import CLASSES
from zlxl.proportions import Interval, wilson

NONE: Final = ""  #: wanted: the text asks for nothing on the list; predicted: left to a person
OUTCOMES: Final = (*CLASSES, NONE)  #: rows and columns of a confusion table
CONFIDENCE: Final = 0.95  #: of every interval
DRAWS: Final = 2000  #: resamples of a bootstrap
BINS: Final = 10
SHARES: Final = tuple(tenth / 10 for tenth in range(1, 11))  #: points of a coverage curve

Labels = NDArray[np.str_]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """Texts with known class and what was decided of them; every array has shape (texts,)."""

    wanted: Labels  #: one of CLASSES, NONE
    predicted: Labels  #: one of CLASSES, NONE
    confidence: Floats  #: of the predicted class, 0 to 1
    groups: Labels  #: paraphrases of one text share their group
    must_escalate: Bools  #: complaints, appeals, matters of integrity
    escalated: Bools

    def __post_init__(self) -> None:
        """Raises ValueError where lengths differ or a label is none of OUTCOMES."""
        lengths = {len(value) for value in vars(self).values()}
        if len(lengths) > 1:
            raise ValueError(f"arrays of different lengths: {sorted(lengths)}")
        strange = set(self.wanted.tolist()) | set(self.predicted.tolist())
        if not strange <= set(OUTCOMES):
            raise ValueError(f"not a class: {sorted(strange - set(OUTCOMES))}")

    def of(self, chosen: Bools) -> Trial:
        """The chosen texts alone."""
        return Trial(**{name: values[chosen] for name, values in vars(self).items()})

    @property
    def right(self) -> Bools:
        """Whether the predicted class is the wanted one."""
        return np.asarray(self.wanted == self.predicted, dtype=bool)

    @property
    def answered(self) -> Bools:
        """Whether a class was predicted, and the text not left to a person."""
        return np.asarray(self.predicted != NONE, dtype=bool)


# --- classes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ClassScore:
    """Agreement on one class; NaN where a share is of nothing."""

    topic_class: str
    texts: int  #: wanted as this class
    precision: float  #: right ones of those predicted as this class
    recall: float  #: right ones of those wanted; one left to a person is missed
    f1: float  #: 2 right / (wanted + predicted); NaN where the class is neither wanted nor predicted


def confusion(wanted: Labels, predicted: Labels) -> Counts:
    """How many texts of each wanted class (row) got each predicted one (column), in the order of OUTCOMES."""
    table = np.zeros((len(OUTCOMES), len(OUTCOMES)), dtype=np.int64)
    np.add.at(table, (_places(wanted), _places(predicted)), 1)
    return table


def class_scores(table: Counts) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of each class of a confusion table, in the order of CLASSES."""
    right = np.diagonal(table).astype(float)
    wanted, predicted = table.sum(axis=1), table.sum(axis=0)
    shares = _share(right, predicted), _share(right, wanted), _share(2 * right, wanted + predicted)
    precision, recall, f1 = (values.tolist() for values in shares)
    return tuple(
        ClassScore(
            topic_class=name, texts=int(wanted[at]), precision=precision[at], recall=recall[at], f1=f1[at]
        )
        for at, name in enumerate(CLASSES)
    )


def macro_f1(tables: NDArray[Any]) -> Floats:
    """Unweighted mean of the F1 of those classes that are wanted or predicted; NaN where there are none.

    Args:
        tables: confusion tables, shape (..., outcomes, outcomes); the answer has shape (...).
    """
    right = np.diagonal(tables, axis1=-2, axis2=-1)[..., : len(CLASSES)]
    seen = (tables.sum(axis=-1) + tables.sum(axis=-2))[..., : len(CLASSES)]
    f1 = np.where(seen > 0, _share(2.0 * right, seen), 0.0)
    return _share(f1.sum(axis=-1), (seen > 0).sum(axis=-1))


def macro_f1_interval(trial: Trial, *, draws: int = DRAWS, seed: int = 0) -> Interval | None:
    """Percentile bootstrap of macro-F1: whole groups are drawn with replacement, as many as there are.

    None with fewer than two groups, which tell nothing of others, and where no text has a class.
    """
    names, group = np.unique(trial.groups, return_inverse=True)
    tables = np.zeros((len(names), len(OUTCOMES), len(OUTCOMES)))
    np.add.at(tables, (group, _places(trial.wanted), _places(trial.predicted)), 1)
    if len(names) < 2:
        return None
    chances = np.full(len(names), 1 / len(names))
    times = np.random.default_rng(seed).multinomial(len(names), chances, size=draws)
    drawn = macro_f1(np.tensordot(times.astype(float), tables, axes=1))
    return _middle(drawn[~np.isnan(drawn)])


def _middle(values: Floats) -> Interval | None:
    """The ends of what lies in the middle, as much as CONFIDENCE says."""
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()
    return Interval(low, high)


def _places(labels: Labels) -> NDArray[np.intp]:
    order = {name: place for place, name in enumerate(OUTCOMES)}
    return np.array([order[label] for label in labels.tolist()], dtype=np.intp)


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Part of whole, NaN where whole is 0."""
    shares = np.full(np.shape(whole), nan)
    np.divide(part, whole, out=shares, where=np.asarray(whole) > 0)
    return shares


# --- escalation and coverage --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """A share of some texts, with Wilson's interval; NaN and None of no texts."""

    count: int
    texts: int

    @property
    def share(self) -> float:
        """Count of texts."""
        return self.count / self.texts if self.texts else nan

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval in an endless population."""
        return wilson(self.count, self.texts, None, CONFIDENCE)


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """What goes upwards."""

    recall: Proportion  #: escalated, of the texts that must be
    in_vain: Proportion  #: escalated, of the texts that need not be


def escalation(trial: Trial) -> Escalation:
    """How many of the texts that must be escalated were, and how many others."""
    return Escalation(
        recall=_proportion(trial.escalated, trial.must_escalate),
        in_vain=_proportion(trial.escalated, ~trial.must_escalate),
    )


def _proportion(true: Bools, among: Bools) -> Proportion:
    return Proportion(count=int((true & among).sum()), texts=int(among.sum()))


@dataclass(frozen=True, kw_only=True)
class CoveragePoint:
    """Accuracy on the surest part of the texts."""

    share: float  #: of all texts
    texts: int  #: share of all texts, rounded up
    confidence: float  #: of the least sure among them; 0 where a text left to a person is among them
    accuracy: float


def coverage_curve(trial: Trial, shares: Sequence[float] = SHARES) -> tuple[CoveragePoint, ...]:
    """Accuracy on the surest shares of the texts; () of no texts.

    Texts left to a person come last and count as right only where nothing was wanted. Where texts that are
    equally sure stand on both sides of the end, each counts with the mean accuracy of all of them.
    """
    sureness = np.where(trial.answered, trial.confidence, -1.0)
    order, right = _evened(sureness, trial.right)
    counts = [int(np.ceil(round(share * len(order), 6))) for share in shares]
    summed = np.cumsum(right)
    return tuple(
        CoveragePoint(
            share=share,
            texts=count,
            confidence=max(0.0, float(sureness[order[count - 1]])),
            accuracy=float(summed[count - 1] / count),
        )
        for share, count in zip(shares, counts, strict=True)
        if count
    )


def _evened(sureness: Floats, right: Bools) -> tuple[NDArray[np.intp], Floats]:
    """Places of the texts, surest first, and in this order the mean of ``right`` among the equally sure."""
    order = np.argsort(-sureness, kind="stable")
    _, tie, sizes = np.unique(sureness[order], return_inverse=True, return_counts=True)
    sums = np.bincount(tie, weights=right[order], minlength=len(sizes))
    return order, np.asarray((sums / sizes)[tie] if len(order) else np.zeros(0), dtype=np.float64)


# --- calibration --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Texts that are about equally sure."""

    texts: int
    confidence: float  #: mean
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Whether confidence is what it says, on the answered texts; NaN without any."""

    bins: tuple[Bin, ...]  #: of equal size but for one text, surest first
    error: float  #: ECE: mean over the texts of |accuracy - confidence| of their bin
    brier: float  #: mean of (confidence - right)^2, right being 1 or 0


def calibration(trial: Trial, bins: int = BINS) -> Calibration:
    """ECE in bins of equal mass, and the Brier score, of the predicted class.

    Equally sure texts in different bins count with the mean accuracy of all of them, so that the order of the
    texts does not matter.
    """
    some = trial.of(trial.answered)
    if not len(some.wanted):
        return Calibration(bins=(), error=nan, brier=nan)
    order, right = _evened(some.confidence, some.right)
    parts = [part for part in np.array_split(np.arange(len(order)), bins) if len(part)]
    found = tuple(
        Bin(
            texts=len(part),
            confidence=float(some.confidence[order[part]].mean()),
            accuracy=float(right[part].mean()),
        )
        for part in parts
    )
    gaps = sum(one.texts * abs(one.accuracy - one.confidence) for one in found)
    return Calibration(
        bins=found,
        error=gaps / len(order),
        brier=float(np.mean((some.confidence - some.right) ** 2)),
    )


# --- all of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """Everything that is published of some texts."""

    texts: int
    groups: int
    confusion: Counts  #: rows wanted, columns predicted, both in the order of OUTCOMES
    classes: tuple[ClassScore, ...]
    macro_f1: float
    macro_f1_interval: Interval | None
    answered: Proportion  #: of all texts
    accuracy: Proportion  #: right, of the answered ones
    left: Proportion  #: left to a person, of the texts that ask for nothing on the list
    escalation: Escalation
    curve: tuple[CoveragePoint, ...]
    calibration: Calibration

    def accuracy_at(self, share: float) -> float:
        """Accuracy on the surest share of the texts; NaN where the curve has no such point."""
        return next((one.accuracy for one in self.curve if abs(one.share - share) < 1e-9), nan)


def evaluate(trial: Trial, *, draws: int = DRAWS, seed: int = 0) -> Evaluation:
    """The evaluation of a trial; the same trial and seed always give the same one."""
    table = confusion(trial.wanted, trial.predicted)
    return Evaluation(
        texts=len(trial.wanted),
        groups=len(np.unique(trial.groups)),
        confusion=table,
        classes=class_scores(table),
        macro_f1=float(macro_f1(table)),
        macro_f1_interval=macro_f1_interval(trial, draws=draws, seed=seed),
        answered=_proportion(trial.answered, np.ones_like(trial.answered)),
        accuracy=_proportion(trial.right, trial.answered),
        left=_proportion(~trial.answered, trial.wanted == NONE),
        escalation=escalation(trial),
        curve=coverage_curve(trial),
        calibration=calibration(trial),
    )


def evaluate_by_kind(
    trial: Trial, kinds: Sequence[Collection[str]], *, draws: int = DRAWS, seed: int = 0
) -> Mapping[str, Evaluation]:
    """One evaluation a kind of text, by its name in alphabetical order.

    Args:
        kinds: of each text its kinds, such as its channel or its traits; a text of several counts in each.
    """
    names = sorted({name for some in kinds for name in some})
    chosen = {name: np.array([name in some for some in kinds], dtype=bool) for name in names}
    return {name: evaluate(trial.of(some), draws=draws, seed=seed) for name, some in chosen.items()}


# --- cross-validation ---------------------------------------------------------------------------------------


def folds(groups: Labels, strata: Labels, parts: int, *, seed: int = 0) -> NDArray[np.intp]:
    """The part of each text, 0 to parts - 1, shape (texts,); the texts of a group share a part.

    Groups are dealt one by one, largest first and in random order among equals, each to the part that holds
    least of its strata (classes or topics), of equal ones to that with the fewest texts. Where every group is
    one text, the numbers of a stratum in any two parts differ by at most one.

    Raises:
        ValueError: fewer groups than parts, or fewer than two parts.
    """
    names, group = np.unique(groups, return_inverse=True)
    kinds, stratum = np.unique(strata, return_inverse=True)
    if not 2 <= parts <= len(names):
        raise ValueError(f"{len(names)} groups cannot be dealt to {parts} parts")
    counts = np.zeros((len(names), len(kinds)), dtype=np.int64)
    np.add.at(counts, (group, stratum), 1)
    return _dealt(counts, parts, np.random.default_rng(seed))[group]


def _dealt(counts: Counts, parts: int, dice: np.random.Generator) -> NDArray[np.intp]:
    """The part of each group, from the texts of each stratum in it, shape (groups, strata)."""
    shuffled = dice.permutation(len(counts))
    order = shuffled[np.argsort(-counts[shuffled].sum(axis=1), kind="stable")]
    held = np.zeros((parts, counts.shape[1]), dtype=np.int64)
    part = np.zeros(len(counts), dtype=np.intp)
    for place in order.tolist():
        crowded = (held / counts.sum(axis=0)) @ counts[place]
        part[place] = np.lexsort((held.sum(axis=1), crowded))[0]
        held[part[place]] += counts[place]
    return part
