"""Intervals and tests for surveys of a small, known population."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, lgamma, log, log1p, nan, sqrt
from typing import Final

from zlxl.proportions import Interval, normal_quantile

_TINY: Final = 1e-300
_STEPS: Final = 300


def t_tail(t: float, freedom: int) -> float:
    """Two-sided p of Student's t."""
    square = t * t
    if square < freedom:
        return 1 - _beta(0.5, freedom / 2, square / (freedom + square))
    return _beta(freedom / 2, 0.5, freedom / (freedom + square))


def t_quantile(confidence: float, freedom: int) -> float:
    """Two-sided quantile of Student's t: 0.95 and 9 degrees of freedom give 2.262."""
    low, high = 0.0, 1.0
    while t_tail(high, freedom) > 1 - confidence:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_tail(middle, freedom) > 1 - confidence else (low, middle)
    return (low + high) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, 1 - x) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _away(value: float) -> float:
    """The value, kept off zero."""
    return value if abs(value) > _TINY else _TINY


def correction(sample: int, population: int) -> float:
    """The finite population correction of a variance; 0 when everybody answered."""
    return max(0.0, (population - sample) / (population - 1)) if population > 1 else 0.0


def error_of_mean(deviation: float, sample: int, population: int) -> float:
    """Standard error of a mean with finite population correction; NaN where one answer has no spread."""
    return deviation / sqrt(sample) * sqrt(correction(sample, population)) if sample > 1 else nan


def mean_interval(
    mean: float, deviation: float, sample: int, population: int, confidence: float
) -> Interval | None:
    """Student's interval of a mean with finite population correction; None below two answers."""
    if sample < 2:
        return None
    reach = t_quantile(confidence, sample - 1) * error_of_mean(deviation, sample, population)
    return Interval(mean - reach, mean + reach)


def net_promoters(promoters: int, detractors: int, sample: int, confidence: float) -> Interval | None:
    """Adjusted-Wald interval of a net promoter score, as shares: 3 answers more, 3/4 of them at each end."""
    if not sample:
        return None
    grown = sample + 3
    up, down = (promoters + 0.75) / grown, (detractors + 0.75) / grown
    reach = normal_quantile(confidence) * sqrt((up + down - (up - down) ** 2) / grown)
    return Interval(max(-1.0, up - down - reach), min(1.0, up - down + reach))


def difference_p(change: float, errors: tuple[float, float], samples: tuple[int, int]) -> float:
    """Two-sided p of a change between two means with these standard errors.

    The degrees of freedom are those of the smaller sample, so that it never accuses too soon. NaN where a
    sample has fewer than two answers.
    """
    if min(samples) < 2:
        return nan
    error = sqrt(errors[0] ** 2 + errors[1] ** 2)
    if error == 0:
        return 1.0 if change == 0 else 0.0
    return t_tail(abs(change) / error, min(samples) - 1)


def holm(chances: Sequence[float]) -> list[float]:
    """p of several tests, adjusted by Holm; NaN stays NaN and counts for nothing."""
    order = sorted((p, place) for place, p in enumerate(chances) if p == p)
    adjusted = [nan] * len(chances)
    highest = 0.0
    for rank, (p, place) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        adjusted[place] = highest
    return adjusted


def sample_needed(population: int, error: float, confidence: float) -> int:
    """Answers needed to know a share within +-error: n0 / (1 + (n0 - 1) / N), rounded up."""
    wanted = normal_quantile(confidence) ** 2 * 0.25 / error**2
    return ceil(wanted / (1 + (wanted - 1) / population) - 1e-9) if population else 0
