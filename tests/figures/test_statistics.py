"""Intervals and tests against scipy, statsmodels and published values."""

from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from zlxl.figures.statistics import (
    correction,
    difference_p,
    error_of_mean,
    holm,
    mean_interval,
    net_promoters,
    sample_needed,
    t_quantile,
    t_tail,
)
from zlxl.proportions import normal_quantile, wilson

ENDLESS = 10**15
confidences = st.sampled_from((0.8, 0.9, 0.95, 0.99))


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 60), st.integers(1, 3000))
def test_p_of_students_t_is_scipys(t: float, freedom: int) -> None:
    assert t_tail(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-9, abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(confidences, st.integers(1, 3000))
def test_the_quantile_of_students_t_is_scipys(confidence: float, freedom: int) -> None:
    assert t_quantile(confidence, freedom) == pytest.approx(
        stats.t.ppf((1 + confidence) / 2, freedom), rel=1e-9
    )


def test_the_normal_quantile_is_the_known_one() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959963984540054)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 500), st.data(), confidences)
def test_wilson_in_an_endless_population_is_statsmodels(
    sample: int, data: st.DataObject, confidence: float
) -> None:
    successes = data.draw(st.integers(0, sample))
    low, high = proportion_confint(successes, sample, alpha=1 - confidence, method="wilson")
    for population in (ENDLESS, None):
        found = wilson(successes, sample, population, confidence)
        assert found == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 400), st.data())
def test_wilson_with_correction_is_wilson_of_the_grown_sample(sample: int, data: st.DataObject) -> None:
    population = data.draw(st.integers(sample + 1, 5000))
    successes = data.draw(st.integers(0, sample))
    grown = sample * (population - 1) / (population - sample)
    low, high = proportion_confint(successes / sample * grown, grown, alpha=0.05, method="wilson")
    found = wilson(successes, sample, population, 0.95)
    assert found == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_everybody_answered_leaves_nothing_uncertain() -> None:
    assert wilson(45, 50, 50, 0.95) == (0.9, 0.9)
    assert mean_interval(88.0, 5.0, 50, 50, 0.95) == (88.0, 88.0)


def test_nothing_is_said_of_no_answers() -> None:
    assert wilson(0, 0, 20, 0.95) is None
    assert mean_interval(80.0, nan, 1, 20, 0.95) is None
    assert net_promoters(0, 0, 0, 0.95) is None


def test_the_correction_is_that_of_statpsych() -> None:
    """ci.prop.fpc(.05, 12, 100, 400) prints .1346, SE .0290, .0778 to .1915."""
    share = 14 / 104  # statpsych adds two successes and two failures
    error = sqrt(share * (1 - share) / 104 * correction(100, 400))
    assert (round(share, 4), round(error, 3)) == (0.1346, 0.029)
    low, high = (share + sign * normal_quantile(0.95) * error for sign in (-1, 1))
    assert (low, high) == (pytest.approx(0.0778, abs=2e-4), pytest.approx(0.1915, abs=2e-4))


def test_the_wilson_interval_covers_as_it_promises() -> None:
    """20,000 draws without replacement: at least the nominal 95 % (users.md gives .960 to .971)."""
    drawn = np.random.default_rng(16).hypergeometric(380, 20, 200, 20_000)
    ends = {int(x): wilson(int(x), 200, 400, 0.95) for x in np.unique(drawn)}
    held = {x: found is not None and found.low <= 0.95 <= found.high for x, found in ends.items()}
    assert 0.95 <= np.mean([held[int(x)] for x in drawn]) <= 0.985


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(20, 100), min_size=2, max_size=60))
def test_the_interval_of_a_mean_is_scipys_where_the_population_is_endless(values: list[int]) -> None:
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    found = mean_interval(mean, deviation, len(values), ENDLESS, 0.95)
    assert found is not None
    if deviation:
        low, high = stats.t.interval(0.95, len(values) - 1, mean, stats.sem(values))
        assert found == (pytest.approx(low), pytest.approx(high))
    else:
        assert found == (mean, mean)


def test_the_interval_of_nps_is_the_adjusted_wald() -> None:
    """Three answers more, three quarters of one at each end (measuringu.com, best of three)."""
    found = net_promoters(15, 6, 30, 0.90)
    up, down = 15.75 / 33, 6.75 / 33
    reach = stats.norm.ppf(0.95) * sqrt((up + down - (up - down) ** 2) / 33)
    assert found == (pytest.approx(up - down - reach), pytest.approx(up - down + reach))


def test_the_change_of_means_is_that_of_a_t_with_the_smaller_sample() -> None:
    errors = (error_of_mean(8.0, 40, ENDLESS), error_of_mean(9.0, 25, ENDLESS))
    t = 4.0 / sqrt(64 / 40 + 81 / 25)
    assert difference_p(4.0, errors, (40, 25)) == pytest.approx(2 * stats.t.sf(t, 24))
    assert isnan(difference_p(4.0, errors, (40, 1)))
    assert difference_p(0.0, (0.0, 0.0), (5, 5)) == 1.0
    assert difference_p(0.5, (0.0, 0.0), (5, 5)) == 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_holm_is_statsmodels(chances: list[float]) -> None:
    assert holm(chances) == pytest.approx(multipletests(chances, method="holm")[1].tolist())


def test_holm_leaves_out_what_was_not_tested() -> None:
    found = holm([0.01, nan, 0.04])
    assert found[0] == 0.02
    assert isnan(found[1])
    assert found[2] == 0.04


@pytest.mark.parametrize(
    ("population", "error", "needed"),
    [(50, 5, 45), (100, 5, 80), (200, 5, 132), (500, 5, 218), (1000, 5, 278), (100, 10, 50), (500, 10, 81)],
)
def test_the_sample_needed_is_the_published_one(population: int, error: float, needed: int) -> None:
    assert sample_needed(population, error / 100, 0.95) == needed
