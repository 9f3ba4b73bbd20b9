"""A learnt model of topics: multinomial logistic regression on pieces of text and vectors of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zlxl.decisions.embedding import Embedding
from zlxl.decisions.opinions import Opinion
from zlxl.decisions.pieces import pieces, weighed
from zlxl.decisions.text import masked

NO_TOPIC: Final = ""  #: the class of texts that ask for nothing on the list
SHOWN: Final = 1e-4  #: probabilities below are not told
BATCH: Final = 512  #: texts judged at a time

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Learnt:
    """What a model was learnt from, and how well it did on texts it had not seen."""

    texts: int
    confirmed: tuple[str, ...] = ()  #: fingerprints of the confirmed requests among them
    fingerprint: str = ""  #: of all texts and topics
    figures: Mapping[str, float] = field(default_factory=dict)  #: by cross-validation


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearModel:
    """Probabilities of topics for a text; the same text always gets the same answer.

    ``weights`` holds, for each piece, the topics that it speaks for or against, those near zero left out.
    """

    topics: tuple[str, ...]  #: NO_TOPIC among them where texts of no kind were learnt
    bias: Floats  #: shape (topics,)
    rarity: Mapping[str, float]  #: inverse document frequency by piece
    weights: Mapping[str, Mapping[int, float]]  #: by piece and place in ``topics``
    dense: Floats  #: shape (dimensions, topics); (0, topics) for a model without word vectors
    embedding: Embedding | None  #: the one it was learnt with; None: pieces alone decide
    sharpness: float  #: factor of the scores that makes probabilities honest, by cross-validation
    learnt: Learnt

    def predict(self, texts: Sequence[str]) -> list[Opinion]:
        """One opinion a text, in their order; texts are normal (``zlxl.decisions.text.normal``)."""
        return [self._opinion(row) for row in self.probabilities(texts)]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, topics); every row sums to 1."""
        batches = [self.scores(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        scores = np.concatenate(batches) if batches else np.zeros((0, len(self.topics)), np.float32)
        return softmax(scores * self.sharpness)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Scores of the topics before they become probabilities, shape (texts, topics)."""
        found = np.tile(self.bias, (len(texts), 1))
        for row, text in enumerate(texts):
            found[row] += self._by_pieces(text)
        if self.embedding is not None and len(self.dense):
            found += self.embedding.of([masked(text) for text in texts], self.rarity) @ self.dense
        return found

    def _by_pieces(self, text: str) -> Floats:
        known = weighed(pieces(text), self.rarity)
        starts, places, values = self._table
        scores = np.zeros(len(self.topics), dtype=np.float32)
        for piece, weight in known.items():
            start, stop = starts[piece]
            scores[places[start:stop]] += weight * values[start:stop]
        return scores

    @cached_property
    def _table(self) -> tuple[Mapping[str, tuple[int, int]], NDArray[np.intp], Floats]:
        """The weights of all pieces one after the other, and where those of each piece stand."""
        counts = [len(self.weights.get(piece, ())) for piece in self.rarity]
        stops = list(accumulate(counts))
        starts = {
            piece: (stop - count, stop) for piece, count, stop in zip(self.rarity, counts, stops, strict=True)
        }
        held = [self.weights[piece] for piece in self.rarity if piece in self.weights]
        places = np.array([place for one in held for place in one], dtype=np.intp)
        values = np.array([value for one in held for value in one.values()], dtype=np.float32)
        return starts, places, values

    def _opinion(self, row: Floats) -> Opinion:
        ranked = np.argsort(-row, kind="stable")
        told = {self.topics[place]: float(row[place]) for place in ranked if row[place] >= SHOWN}
        told.pop(NO_TOPIC, None)
        return Opinion(probabilities=told)


def softmax(scores: Floats) -> Floats:
    """Rows of scores as rows of probabilities."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True)) if len(scores) else scores
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32) if len(scores) else raised
