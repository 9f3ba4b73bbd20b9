"""How well requests by other authors are decided: agreement with a clerk, escalation, coverage, calibration.

``python -m tests.benchmarks.bench_classify [FILE.csv ...] [--phrases]``; the files lie in
``tests/decisions/data``. *Forced* takes the best candidate for every text that asks for something on the
list; *free* leaves to a person what is not sure, and is asked about the other texts too. The texts are
invented: nothing printed here is an accuracy in the field.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from pathlib import Path

import numpy as np

from tests.benchmarks.bench_validate import TODAY
from tests.decisions.measures import DATA, Judged, judged
from zlxl.decisions.authority import CLASSES, Authorities
from zlxl.decisions.decide import Asked, Decider, decider_of
from zlxl.decisions.evaluation import (
    DRAWS,
    NONE,
    OUTCOMES,
    Evaluation,
    Proportion,
    Trial,
    evaluate,
    evaluate_by_kind,
)
from zlxl.decisions.opinions import TopicModel
from zlxl.proportions import Interval
from zlxl.tables.policy import shipped_context

FILES = ("unseen.csv", "test1.csv", "test2.csv")
SUREST = 0.6  # the part of the texts that must be right nearly always
FIRST, WIDTH = 22, 24
KIND_DRAWS = 10  # no interval is printed of a kind


@dataclass(frozen=True, kw_only=True)
class Both:
    """Texts decided in both ways."""

    forced: Evaluation  # of the texts that ask for something on the list
    free: Evaluation  # of all


# --- deciding -----------------------------------------------------------------------------------------------


def trial_of(decider: Decider, texts: Sequence[Judged]) -> Trial:
    """What the decider says of the texts."""
    found = decider.decide([Asked(text=one.example.text) for one in texts])
    return Trial(
        wanted=np.array([one.wanted for one in texts], dtype=str),
        predicted=np.array([decision.topic_class or NONE for decision in found], dtype=str),
        confidence=np.array([decision.confidence for decision in found], dtype=float),
        groups=np.array([one.example.group for one in texts], dtype=str),
        must_escalate=np.array([grave(one, decider.authorities) for one in texts], dtype=bool),
        escalated=np.array([decision.escalates for decision in found], dtype=bool),
    )


def grave(one: Judged, authorities: Authorities) -> bool:
    """Whether a text must go upwards."""
    return not authorities.must_report.isdisjoint(one.example.topics)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """All texts, decided in both ways."""

    texts: Sequence[Judged]
    files: Sequence[str]  # of each text
    forced: Trial
    free: Trial

    @classmethod
    def of(cls, files: Sequence[str], today: date, model: TopicModel | None) -> Bench:
        """The texts of the files decided by the shipped policy and a model, by phrases alone without one."""
        context = shipped_context(today)
        forced, free = (decider_of((), context, model=model, forced=way) for way in (True, False))
        found = {file: judged(file, free.authorities) for file in files}
        texts = [one for some in found.values() for one in some]
        return cls(
            texts=texts,
            files=[file for file, some in found.items() for _ in some],
            forced=trial_of(forced, texts),
            free=trial_of(free, texts),
        )

    def all(self) -> Both:
        """All texts together."""
        return Both(forced=evaluate(self.forced.of(self._asking)), free=evaluate(self.free))

    def by(self, kinds: Sequence[Collection[str]], draws: int) -> Mapping[str, Both]:
        """The texts of each kind; ``kinds`` tells those of each text."""
        asking = [some for some, asks in zip(kinds, self._asking, strict=True) if asks]
        forced = evaluate_by_kind(self.forced.of(self._asking), asking, draws=draws)
        free = evaluate_by_kind(self.free, kinds, draws=draws)
        return {name: Both(forced=forced[name], free=free[name]) for name in free if name in forced}

    @property
    def _asking(self) -> np.ndarray:
        return self.forced.wanted != NONE


# --- printing -----------------------------------------------------------------------------------------------


def share(value: float) -> str:
    """A share in percent with one decimal."""
    return "-" if isnan(value) else f"{value:.1%}"


def ranged(value: float, interval: Interval | None) -> str:
    """A share with its interval."""
    return share(value) + (f" [{interval.low:.1%} {interval.high:.1%}]" if interval else "")


def proportion(found: Proportion) -> str:
    """A share with its interval, "-" of no texts."""
    return ranged(found.share, found.interval)


def counted(found: Proportion) -> str:
    """A count of a number of texts."""
    return f"{found.count} of {found.texts}"


def calibrated(found: Evaluation) -> str:
    """ECE and Brier score."""
    return f"{found.calibration.error:.3f}, {found.calibration.brier:.3f}"


def by_class(found: Evaluation) -> str:
    """F1 of each class."""
    return ", ".join(share(one.f1) for one in sorted(found.classes, key=lambda one: one.topic_class))


ROWS: Sequence[tuple[str, Callable[[Both], str]]] = (
    ("texts, of no kind", lambda both: f"{both.free.texts}, {both.free.left.texts}"),
    ("forced: macro-F1", lambda both: ranged(both.forced.macro_f1, both.forced.macro_f1_interval)),
    ("  F1 of a, b, c", lambda both: by_class(both.forced)),
    ("  right, of all", lambda both: share(both.forced.accuracy_at(1.0))),
    ("  right, surest 60 %", lambda both: share(both.forced.accuracy_at(SUREST))),
    ("  escalated", lambda both: proportion(both.forced.escalation.recall)),
    ("  escalated in vain", lambda both: counted(both.forced.escalation.in_vain)),
    ("  ECE, Brier", lambda both: calibrated(both.forced)),
    ("free: decided", lambda both: proportion(both.free.answered)),
    ("  right, of decided", lambda both: proportion(both.free.accuracy)),
    ("  of no kind, left", lambda both: proportion(both.free.left)),
    ("  escalated", lambda both: proportion(both.free.escalation.recall)),
    ("  escalated in vain", lambda both: counted(both.free.escalation.in_vain)),
    ("  ECE, Brier", lambda both: calibrated(both.free)),
)
COLUMNS: Sequence[tuple[str, Callable[[Both], str]]] = (
    ("texts", lambda both: str(both.free.texts)),
    ("macro-F1", lambda both: share(both.forced.macro_f1)),
    ("surest 60 %", lambda both: share(both.forced.accuracy_at(SUREST))),
    ("escalated", lambda both: counted(both.forced.escalation.recall)),
    ("decided", lambda both: share(both.free.answered.share)),
    ("right", lambda both: share(both.free.accuracy.share)),
    ("ECE", lambda both: f"{both.forced.calibration.error:.3f}"),
)


def figures(columns: Mapping[str, Both]) -> Iterator[str]:
    """A line a figure, a column a file."""
    yield " " * FIRST + "".join(f"{name:>{WIDTH}}" for name in columns)
    for name, cell in ROWS:
        yield f"{name:{FIRST}}" + "".join(f"{cell(both):>{WIDTH}}" for both in columns.values())


def kinds(title: str, rows: Mapping[str, Both]) -> Iterator[str]:
    """A line a kind of text."""
    yield f"{title:{FIRST}}" + "".join(f"{name:>12}" for name, _ in COLUMNS)
    for name, both in rows.items():
        padded = name + " " * (FIRST - 2 * len(name))  # a Chinese letter is two columns wide
        yield padded + "".join(f"{cell(both):>12}" for _, cell in COLUMNS)


def curve(found: Evaluation) -> Iterator[str]:
    """The coverage-accuracy curve, with the least confidence of each part."""
    yield f"{'forced: surest':{FIRST}}" + "".join(f"{point.share:>8.0%}" for point in found.curve)
    yield f"{'  right':{FIRST}}" + "".join(f"{point.accuracy:>8.1%}" for point in found.curve)
    yield f"{'  confidence from':{FIRST}}" + "".join(f"{point.confidence:>8.3f}" for point in found.curve)


def confusions(found: Evaluation) -> Iterator[str]:
    """Wanted classes in rows, decided ones in columns."""
    names = [name or "person" for name in OUTCOMES]
    yield f"{'free: wanted, decided':{FIRST}}" + "".join(f"{name:>8}" for name in names)
    for name, row in zip((*CLASSES, "no kind"), found.confusion.tolist(), strict=True):
        yield f"  {name:{FIRST - 2}}" + "".join(f"{count:>8}" for count in row)


def lines(bench: Bench) -> Iterator[str]:
    """The whole report."""
    whole = bench.all()
    files = [(Path(file).stem,) for file in bench.files]
    yield from figures({**bench.by(files, DRAWS), "all": whole} if len(set(files)) > 1 else {"all": whole})
    yield ""
    yield from curve(whole.forced)
    yield ""
    yield from confusions(whole.free)
    yield ""
    yield from kinds("by channel", bench.by([(one.example.channel,) for one in bench.texts], KIND_DRAWS))
    yield ""
    yield from kinds("by trait", bench.by([one.example.traits for one in bench.texts], KIND_DRAWS))


def shipped() -> TopicModel:
    """The model of the package, which phrases alone can do without."""
    from zlxl.decisions.model_file import shipped_model

    return shipped_model()


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", default=[name for name in FILES if (DATA / name).exists()])
    options.add_argument("--today", type=date.fromisoformat, default=date.fromisoformat(TODAY))
    options.add_argument("--phrases", action="store_true", help="by phrases alone, as a baseline")
    given = options.parse_args()
    model = None if given.phrases else shipped()
    for line in lines(Bench.of(given.files, given.today, model)):
        print(line)


if __name__ == "__main__":
    main()
