"""How far the phrases that fit a demand speak for each topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from zlxl.decisions.demands import clause_start
from zlxl.decisions.phrases import Hit

FURTHER: Final = 0.5  #: what every phrase of a topic beyond its best adds of its weight
BESIDE: Final = 0.7  #: share from which a further topic of one demand counts as asked for too


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A topic that phrases speak for."""

    topic: str
    score: float
    hits: tuple[Hit, ...]  #: best first

    @property
    def letters(self) -> int:
        """Characters of the different words that were hit."""
        return sum(len(word) for word in {word for hit in self.hits for word in hit.words})


@dataclass(frozen=True, kw_only=True)
class Read:
    """A demand with the phrases that fit it."""

    demand: str
    hits: tuple[Hit, ...]
    rival: float  #: score of the unknown topic, which always competes

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Topics by score, best first; hits in doubt count for nothing."""
        by_topic: dict[str, list[Hit]] = defaultdict(list)
        for hit in self.hits:
            if not hit.doubt:
                by_topic[hit.phrase.topic].append(hit)
        scored = (_candidate(topic, found) for topic, found in by_topic.items())
        return tuple(sorted(scored, key=lambda one: (-one.score, -one.letters)))

    def share(self, one: Candidate, rivals: Iterable[Candidate] | None = None) -> float:
        """A topic's score against the strongest rival's and the unknown topic's, 0 to 1."""
        others = self.candidates if rivals is None else rivals
        strongest = max((other.score for other in others if other is not one), default=0.0)
        total = one.score + strongest + self.rival
        return one.score / total if total else 0.0

    def sure(self, least: float) -> Iterator[tuple[Candidate, float]]:
        """Topics whose share is sure enough: the best, and others that clauses of their own speak for."""
        if not self.candidates:
            return
        first, *others = self.candidates
        share = self.share(first, [other for other in others if self.meet(first, other)])
        if share < least:
            return
        yield first, share
        for one in others:
            beside = self.share(one, [other for other in others if self.meet(one, other)])
            if not self.meet(first, one) and beside >= max(least, BESIDE):
                yield one, beside

    def meet(self, one: Candidate, other: Candidate) -> bool:
        """Whether the words that decide for two topics stand in one clause."""
        return bool(self._clauses(one) & self._clauses(other))

    def _clauses(self, candidate: Candidate) -> set[int]:
        return {clause_start(self.demand, start) for start, _ in candidate.hits[0].places}


def _candidate(topic: str, hits: list[Hit]) -> Candidate:
    ranked = sorted(hits, key=lambda hit: -hit.phrase.weight)
    best, *others = (hit.phrase.weight for hit in ranked)
    return Candidate(topic=topic, score=best + FURTHER * sum(others), hits=tuple(ranked))
