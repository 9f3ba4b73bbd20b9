"""Learning a model from texts with known topics; the only room that needs scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from zlxl.decisions.embedding import Embedding
from zlxl.decisions.evaluation import folds
from zlxl.decisions.model import NO_TOPIC, Floats, Learnt, LinearModel, softmax
from zlxl.decisions.pieces import pieces, rarities, weighed
from zlxl.decisions.text import masked, normal
from zlxl.errors import UsageError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

LEAST_TEXTS: Final = 2  #: a piece in fewer texts tells nothing of others
LOOSENESS: Final = (
    100.0  #: inverse strength of the L2 penalty; measured, see tests/benchmarks/bench_classify.py
)
DENSE_SHARE: Final = 0.4  #: length of the vector of words beside that of pieces, which is 1; measured
NEAR_ZERO: Final = 0.2  #: weights below are left out of the file: a third of it, accuracy unchanged
ROUNDS: Final = 120  #: iterations of the solver
SHARPNESS: Final = np.linspace(0.4, 2.5, 43)  #: factors tried when probabilities are made honest


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A text with one topic of its own; one that asks for several things is several samples."""

    text: str  #: normal
    topic: str  #: NO_TOPIC where it asks for nothing on the list
    group: str  #: paraphrases of one text share it
    confirmed: bool = False  #: by a person in the workbook, not synthetic
    weight: float = 1.0  #: those of one text weigh 1 together

    @property
    def fingerprint(self) -> str:
        """Tells this text and topic from others without telling the text."""
        return sha256(f"{self.text}\n{self.topic}".encode("utf-8", "replace")).hexdigest()[:12]


def learn(samples: Sequence[Sample], embedding: Embedding | None, *, sharpness: float = 1.0) -> LinearModel:
    """The model that fits the samples.

    Raises:
        UsageError: scikit-learn is not installed, or the samples have fewer than two topics.
    """
    topics = tuple(sorted({one.topic for one in samples}))
    if len(topics) < 2:
        raise UsageError("可学习的要求少于两个主题，不能学习。请先确认更多要求的主题。")
    counted = [pieces(one.text) for one in samples]
    rarity = rarities(counted, LEAST_TEXTS)
    solved = _solved(_features(samples, counted, rarity, embedding), samples)
    coefficients = solved.coef_ if len(topics) > 2 else np.vstack([-solved.coef_[0], solved.coef_[0]]) / 2
    intercept = solved.intercept_ if len(topics) > 2 else np.array([-1, 1]) * solved.intercept_[0] / 2
    return LinearModel(
        topics=topics,
        bias=np.asarray(intercept, dtype=np.float32),
        rarity=rarity,
        weights=dict(_kept(rarity, coefficients[:, : len(rarity)])),
        dense=np.asarray(coefficients[:, len(rarity) :].T * DENSE_SHARE, dtype=np.float32),
        embedding=embedding,
        sharpness=sharpness,
        learnt=Learnt(
            texts=len(samples),
            confirmed=tuple(sorted({one.fingerprint for one in samples if one.confirmed})),
            fingerprint=fingerprint(samples),
        ),
    )


def fingerprint(samples: Sequence[Sample]) -> str:
    """Tells one training set from another."""
    return sha256("".join(sorted(one.fingerprint for one in samples)).encode()).hexdigest()[:16]


def _features(
    samples: Sequence[Sample],
    counted: Sequence[Counter[str]],
    rarity: Mapping[str, float],
    embedding: Embedding | None,
) -> csr_matrix:
    """Pieces, and beside them the vectors of words; shape (samples, pieces + dimensions)."""
    from scipy.sparse import csr_matrix, hstack

    places = {piece: place for place, piece in enumerate(rarity)}
    rows = [weighed(counts, rarity) for counts in counted]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([places[piece] for row in rows for piece in row], dtype=np.int32)
    values = np.array([value for row in rows for value in row.values()])
    sparse = csr_matrix((values, columns, ends), shape=(len(rows), len(rarity)))
    if embedding is None:
        return sparse
    dense = embedding.of([masked(one.text) for one in samples], rarity) * DENSE_SHARE
    return hstack([sparse, csr_matrix(dense.astype(float))]).tocsr()


def _solved(features: csr_matrix, samples: Sequence[Sample]) -> LogisticRegression:
    """scikit-learn's multinomial logistic regression."""
    import warnings

    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
    except ImportError as lacking:
        raise UsageError(
            "学习需要 scikit-learn，这里没有安装。请运行 pip install 'zlxl[train]'；判定不需要它。"
        ) from lacking
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits of weights do not matter
        solver = LogisticRegression(C=LOOSENESS, max_iter=ROUNDS, class_weight="balanced")
        weights = [one.weight for one in samples]
        return solver.fit(features, [one.topic for one in samples], sample_weight=weights)


def _kept(rarity: Mapping[str, float], coefficients: NDArray[Any]) -> Iterator[tuple[str, dict[int, float]]]:
    """The weights of each piece that are not near zero."""
    for place, piece in enumerate(rarity):
        column = coefficients[:, place]
        kept = np.flatnonzero(np.abs(column) >= NEAR_ZERO).tolist()
        if kept:
            yield piece, {topic: float(column[topic]) for topic in kept}


# --- cross-validation ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldOut:
    """What models said of samples that they had not learnt from."""

    topics: tuple[str, ...]
    scores: Floats  #: shape (samples, topics), before they become probabilities

    def probabilities(self, sharpness: float) -> Floats:
        """Shape (samples, topics)."""
        return softmax(self.scores * np.float32(sharpness))


def held_out(
    samples: Sequence[Sample],
    embedding: Embedding | None,
    *,
    parts: int = 3,
    also: Sequence[Sample] = (),
) -> HeldOut:
    """Each sample judged by a model learnt from the other parts; the texts of a group share a part.

    ``also`` is learnt from in every part and judged in none.
    """
    topics = tuple(sorted({one.topic for one in (*samples, *also)}))
    scores = np.full((len(samples), len(topics)), -1e3, dtype=np.float32)
    groups = np.array([one.group for one in samples], dtype=str)
    part = folds(groups, np.array([one.topic for one in samples], dtype=str), parts)
    for number in range(parts):
        out = np.flatnonzero(part == number).tolist()
        rest = [*(samples[place] for place in np.flatnonzero(part != number).tolist()), *also]
        model = learn(rest, embedding)
        columns = [topics.index(topic) for topic in model.topics]
        scores[np.ix_(out, columns)] = model.scores([samples[place].text for place in out])
    return HeldOut(topics=topics, scores=scores)


def honest(found: HeldOut, samples: Sequence[Sample]) -> float:
    """The factor of scores whose probabilities fit best what was true (least log loss)."""
    wanted = [found.topics.index(one.topic) for one in samples]

    def loss(sharpness: float) -> float:
        told = found.probabilities(sharpness)[np.arange(len(wanted)), wanted]
        return float(-np.log(np.maximum(told, 1e-9)).mean())

    return float(min(SHARPNESS.tolist(), key=loss))


def calibrated(model: LinearModel, sharpness: float, figures: Mapping[str, float]) -> LinearModel:
    """The model with honest probabilities and the figures of its cross-validation."""
    return replace(model, sharpness=sharpness, learnt=replace(model.learnt, figures=dict(figures)))


def sample(text: str, topic: str, group: str, *, confirmed: bool = False, weight: float = 1.0) -> Sample:
    """A sample of a text as it was written."""
    plain = normal(text)
    return Sample(text=plain, topic=topic or NO_TOPIC, group=group, confirmed=confirmed, weight=weight)
