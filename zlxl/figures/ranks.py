"""Tests on ranks, which need no normal scores: several groups, and one group against the others."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_PLACES = 6  # decimals from which two values are the same: sums in another order end otherwise


def midranks(values: Numbers) -> Numbers:
    """Ranks from 1, ties sharing the mean of theirs; shape (values,)."""
    rounded = np.round(values, _PLACES)
    ordered = np.sort(rounded)
    below = np.searchsorted(ordered, rounded, "left")
    upto = np.searchsorted(ordered, rounded, "right")
    return (below + upto + 1) / 2


def spread(ranks: Numbers) -> float:
    """Sum of squared deviations from the mean rank."""
    return float(np.sum((ranks - np.mean(ranks)) ** 2)) if len(ranks) else 0.0


def kruskal(sums: Sequence[float], sizes: Sequence[int], deviation: float) -> tuple[float, float]:
    """H of Kruskal and Wallis with correction for ties, and p; NaN below two groups.

    Args:
        sums: of the ranks of each group.
        sizes: of the groups.
        deviation: ``spread`` of all ranks.
    """
    if len(sizes) < 2:
        return nan, nan
    total = sum(sizes)
    between = sum(own * own / size for own, size in zip(sums, sizes, strict=True))
    between -= total * ((total + 1) / 2) ** 2
    h = max(0.0, (total - 1) * between / deviation) if deviation else 0.0
    return h, chi_tail(h, len(sizes) - 1)


def against_rest(own: float, size: int, total: int, deviation: float) -> float:
    """Two-sided p of Mann and Whitney for a group against all others, by the normal with ties.

    NaN where there is nobody else. ``own`` is the sum of the group's ranks out of ``total``.
    """
    if not 0 < size < total:
        return nan
    variance = size * (total - size) / total * deviation / (total - 1)
    if not variance:
        return 1.0
    return erfc(abs(own - size * (total + 1) / 2) / sqrt(2 * variance))


def chi_tail(value: float, freedom: int) -> float:
    """Upper tail of chi-square: the incomplete gamma function of a whole or half parameter."""
    x = value / 2
    if x <= 0:
        return 1.0
    a, tail = (1.0, exp(-x)) if freedom % 2 == 0 else (0.5, erfc(sqrt(x)))
    while a < freedom / 2 - 0.25:
        tail += exp(a * log(x) - x - lgamma(a + 1))
        a += 1
    return min(1.0, tail)
