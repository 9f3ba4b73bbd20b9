"""What a trained model may say about texts; without one the phrases alone decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A confirmed request that resembles a text."""

    key: str  #: 编号 of the request
    text: str
    topic: str
    similarity: float  #: 0 to 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """A model's view of one text."""

    probabilities: Mapping[str, float] = field(default_factory=dict)  #: by topic; together at most 1
    nearest: tuple[Example, ...] = ()  #: most similar first


class TopicModel(Protocol):
    """A model of topics, learnt from confirmed requests."""

    @property
    def topics(self) -> Sequence[str]:
        """The topics that it knows; of others it can say nothing."""
        ...

    def predict(self, texts: Sequence[str]) -> Sequence[Opinion]:
        """One opinion a text, in their order; texts are normal (``zlxl.decisions.text.normal``)."""
        ...
