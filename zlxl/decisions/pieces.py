"""What a model looks at: pieces of one to four characters of a text, each weighed by its rarity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

from zlxl.decisions.text import masked

SIZES = (1, 2, 3, 4)  #: characters of a piece
EDGE = " "  #: stands before and after a text, so that its first and last words can be told


def pieces(text: str) -> Counter[str]:
    """The pieces of a normal text and how often each occurs; companies, people and numbers are masked."""
    framed = f"{EDGE}{masked(text)}{EDGE}"
    return Counter(framed[at : at + size] for size in SIZES for at in range(len(framed) - size + 1))


def rarities(counted: Iterable[Mapping[str, int]], least: int) -> dict[str, float]:
    """Inverse document frequency of every piece that at least so many texts hold, in order of the pieces."""
    holding: Counter[str] = Counter()
    texts = 0
    for counts in counted:
        holding.update(counts.keys())
        texts += 1
    kept = sorted(piece for piece, times in holding.items() if times >= least)
    return {piece: log((1 + texts) / (1 + holding[piece])) + 1 for piece in kept}


def weighed(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Weights of the known pieces of one text, of length 1 together (sublinear TF-IDF)."""
    known = {piece: (1 + log(times)) * rarity[piece] for piece, times in counts.items() if piece in rarity}
    length = sum(weight * weight for weight in known.values()) ** 0.5
    return {piece: weight / length for piece, weight in known.items()} if length else {}
