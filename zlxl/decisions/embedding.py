"""Vectors of Chinese words, so that a model knows what a word it never saw resembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

WORDS: Final = "data/words.txt"
VECTORS: Final = "data/words.npy"
LONGEST: Final = 4  #: characters of a word

Vectors = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Embedding:
    """Words with their vectors; a text's vector is the mean of those of all words that occur in it."""

    places: Mapping[str, int]  #: row of ``vectors`` by word
    vectors: NDArray[np.int8]  #: shape (words, dimensions), scaled so that 127 is the largest
    fingerprint: str  #: of the two files; a model fits no other embedding

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def of(self, texts: Sequence[str], rarity: Mapping[str, float]) -> Vectors:
        """Unit vectors of texts, shape (texts, dimensions); zeros where no word is known.

        A word weighs as much as it is rare among the pieces a model learnt from; those that it never met
        weigh as the rarest.
        """
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        unmet = max(rarity.values(), default=1.0)
        for row, text in enumerate(texts):
            words = self._words(text)
            if words:
                weights = np.array([rarity.get(word, unmet) for word in words], dtype=np.float32)
                found[row] = weights @ self.vectors[[self.places[word] for word in words]]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-9), dtype=np.float32)

    def _words(self, text: str) -> list[str]:
        """Every known word that occurs, overlapping ones too: no segmenter is needed."""
        cut = (text[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(text) - size + 1))
        return [word for word in cut if word in self.places]


@cache
def shipped_embedding() -> Embedding | None:
    """The vectors of this package; None where an installation lacks them: models then do without."""
    folder = files(__package__)
    try:
        words, vectors = (folder / WORDS).read_bytes(), (folder / VECTORS).read_bytes()
    except FileNotFoundError:
        return None
    return embedding_of(words, vectors)


def embedding_of(words: bytes, vectors: bytes) -> Embedding:
    """An embedding from its two files: one word a line (UTF-8), and a plain NumPy array of int8."""
    listed = words.decode("utf-8").split()
    rows = np.load(BytesIO(vectors), allow_pickle=False)
    if rows.shape[0] != len(listed):
        raise ValueError(f"{len(listed)} words, {rows.shape[0]} vectors")
    return Embedding(
        places={word: place for place, word in enumerate(listed)},
        vectors=rows,
        fingerprint=sha256(words + vectors).hexdigest()[:16],
    )
