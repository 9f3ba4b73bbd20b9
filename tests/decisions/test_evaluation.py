"""The figures of an evaluation against values computed by hand, by statsmodels, and by their definition."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from zlxl.decisions.evaluation import (
    OUTCOMES,
    Evaluation,
    Proportion,
    Trial,
    calibration,
    class_scores,
    confusion,
    coverage_curve,
    escalation,
    evaluate,
    evaluate_by_kind,
    folds,
    macro_f1,
    macro_f1_interval,
)

CLASS_NAMES = ("a", "b", "c")


def trial(wanted: str, predicted: str, confidence=None, *, groups=None, must=None, escalated=None) -> Trial:
    """One letter a text; "-" for no class."""
    count = len(wanted)
    return Trial(
        wanted=letters(wanted),
        predicted=letters(predicted),
        confidence=np.array(confidence if confidence is not None else [0.5] * count, dtype=float),
        groups=np.array(groups if groups is not None else [f"G{n}" for n in range(count)], dtype=str),
        must_escalate=np.array(must if must is not None else [0] * count, dtype=bool),
        escalated=np.array(escalated if escalated is not None else [0] * count, dtype=bool),
    )


def letters(text: str):
    return np.array([letter.strip("-") for letter in text], dtype="<U1")


@st.composite
def trials(draw, least: int = 0, most: int = 40) -> Trial:
    count = draw(st.integers(least, most))

    def drawn(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    return trial(
        "".join(drawn(st.sampled_from("abc-"))),
        "".join(drawn(st.sampled_from("abc-"))),
        drawn(st.integers(0, 10).map(lambda tenth: tenth / 10)),
        groups=drawn(st.sampled_from("VWXYZ")),
        must=drawn(st.booleans()),
        escalated=drawn(st.booleans()),
    )


def shuffled(some: Trial, seed: int) -> Trial:
    return some.of(np.random.default_rng(seed).permutation(len(some.wanted)))


# --- classes ------------------------------------------------------------------------------------------------


def test_the_published_example_of_macro_f1():
    """Of scikit-learn: 0 1 2 0 1 2 against 0 2 1 0 0 1 has F1 .8, 0, 0 by class and a macro-F1 of .267."""
    table = confusion(letters("abcabc"), letters("acbaab"))
    scores = {one.topic_class: one for one in class_scores(table)}

    assert scores["a"].precision == pytest.approx(2 / 3)
    assert scores["a"].recall == 1
    assert [scores[name].f1 for name in CLASS_NAMES] == pytest.approx([0.8, 0, 0])
    assert float(macro_f1(table)) == pytest.approx(0.8 / 3)


def test_a_text_left_to_a_person_is_missed_and_one_of_no_kind_that_is_decided_is_wrong():
    table = confusion(letters("aab-"), letters("a-ba"))
    scores = {one.topic_class: one for one in class_scores(table)}

    assert table[OUTCOMES.index("a")].tolist() == [0, 1, 0, 1]  # c, a, b, nobody
    assert (scores["a"].precision, scores["a"].recall, scores["a"].f1) == (0.5, 0.5, 0.5)
    assert scores["b"].f1 == 1
    assert scores["c"].texts == 0
    assert isnan(scores["c"].f1)
    assert float(macro_f1(table)) == 0.75  # of a and b: c neither occurs nor was said


@given(trials())
def test_scores_are_their_definition(some: Trial):
    pairs = list(zip(some.wanted.tolist(), some.predicted.tolist(), strict=True))
    scores = class_scores(confusion(some.wanted, some.predicted))
    for one in scores:
        right = pairs.count((one.topic_class, one.topic_class))
        wanted = sum(want == one.topic_class for want, _ in pairs)
        said = sum(say == one.topic_class for _, say in pairs)
        assert one.texts == wanted
        assert one.precision == pytest.approx(right / said if said else nan, nan_ok=True)
        assert one.recall == pytest.approx(right / wanted if wanted else nan, nan_ok=True)
        if right:
            harmonic = 2 / (1 / one.precision + 1 / one.recall)
            assert one.f1 == pytest.approx(harmonic)
    known = [one.f1 for one in scores if not isnan(one.f1)]
    found = float(macro_f1(confusion(some.wanted, some.predicted)))
    assert found == pytest.approx(float(np.mean(known)) if known else nan, nan_ok=True)


def test_arrays_of_different_lengths_and_other_labels_are_refused():
    with pytest.raises(ValueError, match="lengths"):
        trial("ab", "a")
    with pytest.raises(ValueError, match="'d'"):
        trial("ab", "ad")


# --- interval of macro-F1 -----------------------------------------------------------------------------------


def test_the_interval_is_the_bootstrap_of_whole_groups():
    """Against drawing groups and putting their texts together, one resample after the other."""
    dice = np.random.default_rng(4)
    wanted = "".join(dice.choice(list("abc"), 90))
    said = "".join(one if dice.random() < 0.8 else "b" for one in wanted)
    some = trial(wanted, said, groups=[f"G{n // 3}" for n in range(90)])
    found = macro_f1_interval(some, seed=1)

    drawn = []
    for _ in range(2000):
        places = (3 * dice.integers(0, 30, size=30)[:, None] + np.arange(3)).ravel()
        drawn.append(float(macro_f1(confusion(some.wanted[places], some.predicted[places]))))
    assert found is not None
    assert found == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.015)


def test_paraphrases_widen_the_interval():
    wanted, said = "abcabcabcabc" * 5, "abcabcabcacb" * 5
    apart = macro_f1_interval(trial(wanted, said))
    together = macro_f1_interval(trial(wanted, said, groups=[f"G{n % 12}" for n in range(60)]))

    assert apart is not None
    assert together is not None
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


@settings(max_examples=40, deadline=None)
@given(trials(most=25))
def test_the_interval_holds_between_0_and_1_and_comes_again(some: Trial):
    found = macro_f1_interval(some, draws=200, seed=3)

    assert found == macro_f1_interval(some, draws=200, seed=3)
    if len(set(some.groups.tolist())) < 2:
        assert found is None
    if found is not None:
        assert 0 <= found.low <= found.high <= 1


# --- escalation ---------------------------------------------------------------------------------------------


def test_escalation_counts_what_was_missed_and_what_went_up_in_vain():
    found = escalation(trial("ccccb", "cccbc", must=[1, 1, 1, 1, 0], escalated=[1, 1, 1, 0, 1]))

    assert found.recall == Proportion(count=3, texts=4)
    assert found.recall.interval == pytest.approx(proportion_confint(3, 4, method="wilson"))
    assert found.in_vain == Proportion(count=1, texts=1)


def test_nothing_is_said_of_no_texts():
    found = escalation(trial("b", "b"))

    assert isnan(found.recall.share)
    assert found.recall.interval is None


# --- coverage -----------------------------------------------------------------------------------------------


def test_the_surest_are_counted_first():
    some = trial("abcab", "abcba", [0.9, 0.8, 0.7, 0.6, 0.5])
    curve = coverage_curve(some, (0.2, 0.6, 0.8, 1.0))

    assert [one.texts for one in curve] == [1, 3, 4, 5]
    assert [one.accuracy for one in curve] == [1, 1, 0.75, 0.6]
    assert [one.confidence for one in curve] == [0.9, 0.7, 0.6, 0.5]


def test_the_equally_sure_count_with_their_mean():
    some = trial("aaaa", "abab", [0.9, 0.5, 0.5, 0.5])

    assert [one.accuracy for one in coverage_curve(some, (0.5, 1.0))] == pytest.approx([2 / 3, 0.5])


def test_texts_left_to_a_person_come_last_however_sure():
    some = trial("a-bb", "a--b", [0.3, 0.9, 0.95, 0.2])
    curve = coverage_curve(some, (0.5, 1.0))

    assert [one.accuracy for one in curve] == [1, 0.75]
    assert curve[-1].confidence == 0


@given(trials(), st.integers(0, 99))
def test_the_order_of_the_texts_does_not_matter(some: Trial, seed: int):
    def told(one: Trial) -> list[float]:
        curve, bins = coverage_curve(one), calibration(one)
        return [*(point.accuracy for point in curve), bins.error, bins.brier]

    assert told(shuffled(some, seed)) == pytest.approx(told(some), nan_ok=True)


@given(trials(least=1))
def test_all_texts_have_the_accuracy_of_all(some: Trial):
    assert coverage_curve(some)[-1].accuracy == pytest.approx(some.right.mean())


# --- calibration --------------------------------------------------------------------------------------------


def test_error_and_brier_by_hand():
    """Two bins: (.9 .7) both right, (.6 .4) one right: gaps .2 and 0; squares .01 .09 .16 .16."""
    found = calibration(trial("aaaa", "aaab", [0.9, 0.7, 0.6, 0.4]), bins=2)

    assert [(one.texts, one.confidence, one.accuracy) for one in found.bins] == [
        (2, pytest.approx(0.8), 1),
        (2, pytest.approx(0.5), 0.5),
    ]
    assert found.error == pytest.approx(0.1)
    assert found.brier == pytest.approx(0.105)


def test_honest_confidence_has_nearly_no_error_and_boasting_has_much():
    dice = np.random.default_rng(9)
    sure = dice.uniform(0.3, 1, 20_000)
    said = "".join("a" if hit else "b" for hit in dice.random(20_000) < sure)
    honest, boasting = (calibration(trial("a" * 20_000, said, told)) for told in (sure, sure**0.2))

    assert honest.error < 0.015
    assert boasting.error > 0.15
    assert honest.brier == pytest.approx(float(np.mean(sure * (1 - sure))), abs=0.005)


@given(trials(least=1))
def test_bins_hold_each_answered_text_once_and_as_many_as_the_others(some: Trial):
    found = calibration(some)
    sizes = [one.texts for one in found.bins]

    assert sum(sizes) == some.answered.sum()
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert not sizes or 0 <= found.error <= 1


# --- all of it ----------------------------------------------------------------------------------------------


def test_an_evaluation_holds_all_figures():
    some = trial("abc--", "ab-b-", [0.9, 0.8, 0.1, 0.4, 0.2], must=[0, 0, 1, 0, 0])
    found = evaluate(some, draws=100)

    assert (found.texts, found.groups, found.confusion.sum()) == (5, 5, 5)
    assert found.answered.share == 0.6
    assert found.accuracy == Proportion(count=2, texts=3)
    assert found.left == Proportion(count=1, texts=2)
    assert found.escalation.recall == Proportion(count=0, texts=1)
    assert found.macro_f1 == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert found.accuracy_at(0.4) == 1
    assert isnan(found.accuracy_at(0.55))


def test_no_texts_have_an_evaluation_without_figures():
    found = evaluate(trial("", ""))

    assert (found.texts, found.curve, found.calibration.bins, found.macro_f1_interval) == (0, (), (), None)
    assert isnan(found.macro_f1)


def test_a_text_of_several_kinds_counts_in_each():
    found = evaluate_by_kind(trial("abc", "abb"), [("微信", "口语"), ("微信",), ()], draws=50)

    assert list(found) == ["口语", "微信"]
    assert [one.texts for one in found.values()] == [1, 2]


@settings(max_examples=30, deadline=None)
@given(trials())
def test_kinds_that_part_the_texts_add_up(some: Trial):
    parts = evaluate_by_kind(some, [(group,) for group in some.groups.tolist()], draws=10).values()
    whole = evaluate(some, draws=10)

    assert sum(one.texts for one in parts) == whole.texts
    assert sum(one.accuracy.count for one in parts) == whole.accuracy.count
    assert np.array_equal(summed(list(parts)), whole.confusion)


def summed(parts: list[Evaluation]):
    return sum((one.confusion for one in parts), np.zeros((len(OUTCOMES), len(OUTCOMES)), dtype=np.int64))


# --- cross-validation ---------------------------------------------------------------------------------------


@st.composite
def grouped(draw):
    count = draw(st.integers(2, 60))
    parts = draw(st.integers(2, min(6, count)))
    groups = [f"G{n}" for n in range(parts)]
    groups += draw(st.lists(st.integers(0, 30).map("G{}".format), min_size=count - parts, max_size=count))
    strata = draw(st.lists(st.sampled_from("abcde"), min_size=len(groups), max_size=len(groups)))
    return np.array(groups), np.array(strata), parts


@given(grouped(), st.integers(0, 9))
def test_a_group_stays_together_and_every_part_holds_texts(given_texts, seed):
    groups, strata, parts = given_texts
    found = folds(groups, strata, parts, seed=seed)

    assert found.tolist() == folds(groups, strata, parts, seed=seed).tolist()
    assert all(len(set(found[groups == group].tolist())) == 1 for group in set(groups.tolist()))
    assert set(found.tolist()) == set(range(parts))


@given(st.lists(st.sampled_from("aaabbc"), min_size=5, max_size=80), st.integers(2, 5), st.integers(0, 9))
def test_single_texts_are_dealt_evenly_by_stratum(strata, parts, seed):
    found = folds(np.arange(len(strata)).astype(str), np.array(strata), parts, seed=seed)
    for stratum in set(strata):
        held = np.bincount(found[np.array(strata) == stratum], minlength=parts)
        assert held.max() - held.min() <= 1


def test_paraphrases_are_dealt_about_evenly_by_stratum():
    dice = np.random.default_rng(2)
    sizes = dice.integers(1, 6, 300)
    groups = np.repeat(np.arange(300), sizes).astype(str)
    strata = np.repeat(dice.choice(list("abc"), 300, p=[0.2, 0.5, 0.3]), sizes)
    found = folds(groups, strata, 5)
    for stratum in "abc":
        held = np.bincount(found[strata == stratum], minlength=5)
        assert held.max() - held.min() <= 5


def test_the_seed_deals_anew_and_too_few_groups_are_refused():
    groups, strata = np.arange(40).astype(str), np.array(list("ab") * 20)

    assert folds(groups, strata, 4, seed=1).tolist() != folds(groups, strata, 4, seed=2).tolist()
    for parts in (1, 41):
        with pytest.raises(ValueError, match="40 groups"):
            folds(groups, strata, parts)
