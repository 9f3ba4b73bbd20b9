"""Tests on ranks against scipy."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from zlxl.figures.ranks import against_rest, chi_tail, kruskal, midranks, spread

scores = st.lists(st.sampled_from([20.0, 40.0, 60.5, 80.0, 83.25, 100.0]), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 300), st.integers(1, 40))
def test_the_tail_of_chi_square_is_scipys(value: float, freedom: int) -> None:
    assert chi_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-9, abs=1e-15)


@settings(max_examples=60, deadline=None)
@given(scores)
def test_ties_share_their_rank(values: list[float]) -> None:
    assert midranks(np.array(values)).tolist() == stats.rankdata(values).tolist()


def test_values_that_differ_only_by_rounding_tie() -> None:
    assert midranks(np.array([0.1 + 0.2, 0.3, 0.2])).tolist() == [2.5, 2.5, 1.0]


@settings(max_examples=60, deadline=None)
@given(st.lists(scores, min_size=2, max_size=6))
def test_kruskal_wallis_is_scipys(groups: list[list[float]]) -> None:
    together = np.concatenate([np.array(group) for group in groups])
    assume(len(set(together.tolist())) > 1)
    parts = np.split(midranks(together), np.cumsum([len(group) for group in groups])[:-1])
    expected = stats.kruskal(*groups)
    h, p = kruskal(
        [float(np.sum(own)) for own in parts], list(map(len, parts)), spread(np.concatenate(parts))
    )
    assert (h, p) == (
        pytest.approx(expected.statistic, abs=1e-9),
        pytest.approx(expected.pvalue, rel=1e-7),
    )


@settings(max_examples=60, deadline=None)
@given(scores, scores)
def test_a_group_against_the_rest_is_mann_whitneys(own: list[float], rest: list[float]) -> None:
    assume(len({*own, *rest}) > 1)
    ranks = midranks(np.array([*own, *rest]))
    found = against_rest(float(np.sum(ranks[: len(own)])), len(own), len(ranks), spread(ranks))
    expected = stats.mannwhitneyu(own, rest, use_continuity=False, method="asymptotic")
    assert found == pytest.approx(expected.pvalue, rel=1e-7)


def test_all_alike_differ_in_nothing() -> None:
    ranks = midranks(np.full(6, 80.0))
    assert kruskal([10.5, 10.5], [3, 3], spread(ranks)) == (0.0, 1.0)
    assert against_rest(10.5, 3, 6, spread(ranks)) == 1.0


def test_one_group_alone_is_not_tested() -> None:
    assert all(map(isnan, kruskal([21.0], [6], 17.5)))
    assert isnan(against_rest(21.0, 6, 6, 17.5))
