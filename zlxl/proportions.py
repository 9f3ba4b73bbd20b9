"""Intervals of a share, in a population of known size or an endless one."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """Both ends of an interval."""

    low: float
    high: float


def normal_quantile(confidence: float) -> float:
    """The two-sided standard normal quantile: 0.95 gives 1.96."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: int, sample: int, population: int | None, confidence: float) -> Interval | None:
    """Wilson's interval of a share, the sample grown to n(N-1)/(N-n); None without a sample.

    A population of None is endless: the sample is not grown.
    """
    if not sample:
        return None
    share = successes / sample
    if population is not None and population <= sample:
        return Interval(share, share)
    grown = sample if population is None else sample * (population - 1) / (population - sample)
    z = normal_quantile(confidence)
    middle = (share + z * z / (2 * grown)) / (1 + z * z / grown)
    reach = z / (1 + z * z / grown) * sqrt(share * (1 - share) / grown + z * z / (4 * grown * grown))
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))
