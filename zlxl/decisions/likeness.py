"""How alike two texts are, by the characters they share; what differs from client to client left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from zlxl.decisions.opinions import Example
from zlxl.decisions.text import Synonyms, masked, normal

SIZES: Final = (1, 2)  #: characters of the pieces that are compared
WIDTH: Final = 4096  #: places that pieces are spread over
SHOWN: Final = 3  #: so many confirmed requests are shown beside a text
BATCH: Final = 256  #: texts compared at a time

Vectors = NDArray[np.float32]


def comparable(text: str, synonyms: Synonyms) -> str:
    """A text as it is compared."""
    return masked(synonyms.unified(normal(text)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Likeness:
    """What is rare among some texts weighs more when texts are compared."""

    rarity: Vectors  #: shape (WIDTH,)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Likeness:
        """The likeness learnt from comparable texts."""
        holding = (_counts(texts) > 0).sum(axis=0)
        return cls(rarity=np.asarray(np.log((1 + len(texts)) / (1 + holding)) + 1, dtype=np.float32))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of comparable texts, shape (texts, WIDTH)."""
        weighted = np.log1p(_counts(texts)) * self.rarity
        lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
        return np.asarray(weighted / np.maximum(lengths, 1e-9), dtype=np.float32)


def _counts(texts: Sequence[str]) -> Vectors:
    counts = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for row, text in enumerate(texts):
        for piece, times in _pieces(text).items():
            counts[row, crc32(piece.encode("utf-8", "replace")) % WIDTH] += times
    return counts


def _pieces(text: str) -> Mapping[str, int]:
    return Counter(text[at : at + size] for size in SIZES for at in range(len(text) - size + 1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Confirmed:
    """Requests that people confirmed, to be shown beside those that resemble them."""

    examples: tuple[Example, ...]
    likeness: Likeness
    vectors: Vectors
    synonyms: Synonyms
    least: float  #: similarity below which nothing is shown

    @classmethod
    def of(cls, examples: Sequence[Example], synonyms: Synonyms, least: float) -> Confirmed:
        """The examples, of equal texts the last."""
        kept = {comparable(one.text, synonyms): one for one in examples}
        likeness = Likeness.of(list(kept))
        return cls(
            examples=tuple(kept.values()),
            likeness=likeness,
            vectors=likeness.vectors(list(kept)),
            synonyms=synonyms,
            least=least,
        )

    def nearest(self, texts: Sequence[str]) -> list[tuple[Example, ...]]:
        """For each text the examples most like it, most similar first."""
        found: list[tuple[Example, ...]] = []
        for start in range(0, len(texts), BATCH):
            some = [comparable(text, self.synonyms) for text in texts[start : start + BATCH]]
            alike = self.likeness.vectors(some) @ self.vectors.T
            found += [self._nearest(row) for row in alike]
        return found

    def _nearest(self, alike: Vectors) -> tuple[Example, ...]:
        order = np.argsort(-alike, kind="stable")[:SHOWN].tolist()
        near = [(self.examples[at], float(alike[at])) for at in order if alike[at] >= self.least]
        return tuple(
            Example(key=one.key, text=one.text, topic=one.topic, similarity=min(similarity, 1.0))
            for one, similarity in near
        )
