"""Requests that ask for much the same: by topic and by the characters they share (4.6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zlxl.decisions.likeness import Likeness, Vectors, comparable
from zlxl.decisions.text import Synonyms


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A request to be grouped."""

    key: str
    text: str
    topic: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Requests of one topic that resemble the one they are named after."""

    topic: str
    text: str  #: the commonest of its texts
    keys: tuple[str, ...]  #: in the order of the items


def grouped(items: Iterable[Item], threshold: float, synonyms: Synonyms) -> list[Group]:
    """Groups in the order of their topics and texts; every item is in one, whatever order they come in.

    Args:
        threshold: similarity to the text a group is named after, 0 to 1, from which a text belongs to it.
    """
    by_topic: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_topic[item.topic].append(item)
    return [
        group
        for topic, some in sorted(by_topic.items())
        for group in _of_topic(topic, some, threshold, synonyms)
    ]


def _of_topic(topic: str, items: Sequence[Item], threshold: float, synonyms: Synonyms) -> Iterator[Group]:
    compared = [comparable(item.text, synonyms) for item in items]
    counts = Counter(compared)
    texts = sorted(counts, key=lambda text: (-counts[text], text))
    leader = _leaders(Likeness.of(texts).vectors(texts), threshold)
    group_of = {text: leader[position] for position, text in enumerate(texts)}
    members: dict[int, list[int]] = defaultdict(list)
    for position, text in enumerate(compared):
        members[group_of[text]].append(position)
    for first in sorted(members):
        shown = min(items[p].text for p in members[first] if compared[p] == texts[first])
        yield Group(topic=topic, text=shown, keys=tuple(items[p].key for p in members[first]))


def _leaders(vectors: Vectors, threshold: float) -> list[int]:
    """For each text, commonest first, the earlier text it resembles most of those that lead a group."""
    leaders: list[int] = []
    chosen: list[int] = []
    for position in range(len(vectors)):
        alike = vectors[leaders] @ vectors[position]
        nearest = int(alike.argmax()) if leaders else -1
        if nearest >= 0 and alike[nearest] >= threshold:
            chosen.append(leaders[nearest])
        else:
            leaders.append(position)
            chosen.append(position)
    return chosen
