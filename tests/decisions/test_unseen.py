"""What phrases and model together are worth, on texts of three hands that nothing was learnt from.

The floors are the aims of the field's clerks: class macro-F1 of 0.90 when forced to answer, 0.97 right on the
surest 60 %, 0.97 of the complaints and appeals reported. ``python -m tests.benchmarks.bench_classify`` prints
the whole evaluation with its intervals.
"""

from dataclasses import replace

import pytest

from tests.benchmarks.bench_classify import trial_of
from tests.decisions.measures import judged
from tests.tables.judging import TODAY
from zlxl.decisions.decide import decider_of
from zlxl.decisions.evaluation import NONE, Trial, coverage_curve, escalation, evaluate
from zlxl.decisions.examples import shipped_examples
from zlxl.decisions.model_file import shipped_model
from zlxl.tables.policy import shipped_context

DECIDER = decider_of((), shipped_context(TODAY), model=shipped_model())
TEXTS = [one for name in ("test1", "test2", "unseen") for one in judged(f"{name}.csv", DECIDER.authorities)]
ASKING = [one for one in TEXTS if one.wanted != NONE]


@pytest.fixture(scope="module")
def forced() -> Trial:
    return trial_of(replace(DECIDER, forced=True), ASKING)


@pytest.fixture(scope="module")
def free() -> Trial:
    return trial_of(DECIDER, TEXTS)


def test_nothing_was_learnt_from_the_texts_that_measure():
    assert {one.text for one in shipped_examples()}.isdisjoint(one.example.text for one in TEXTS)


def test_forced_to_answer(forced):
    found = evaluate(forced, draws=200)
    (surest,) = coverage_curve(forced, (0.6,))

    assert found.macro_f1 >= 0.90
    assert surest.accuracy >= 0.97
    assert found.escalation.recall.share >= 0.97
    assert found.calibration.error <= 0.06


def test_left_free(free):
    found = evaluate(free, draws=200)

    assert found.answered.share >= 0.85
    assert found.accuracy.share >= 0.91
    assert found.left.share >= 0.65
    assert escalation(free).recall.share >= 0.97
    assert escalation(free).in_vain.share <= 0.03
