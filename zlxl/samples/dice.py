"""Chance with a seed: the same names and seed give the same throws, whatever else is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A source of chance of its own for every purpose, so that one table does not disturb another."""

    def __init__(self, seed: int, *purpose: object) -> None:
        self._random = Random("/".join([str(seed), *(str(part) for part in purpose)]))

    def chance(self, share: float) -> bool:
        """True in so many of all cases (0 to 1)."""
        return self._random.random() < share

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self._random.randrange(len(values))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def near(self, middle: float, spread: float, low: float, high: float) -> float:
        """A number around the middle, kept within bounds."""
        return min(high, max(low, self._random.gauss(middle, spread)))

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in another order."""
        return self._random.sample(values, len(values))
