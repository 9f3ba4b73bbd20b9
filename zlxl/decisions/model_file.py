"""A model as readable data: JSON with one line a piece, no code in it, safe to open and to compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from zlxl.decisions.embedding import Embedding, shipped_embedding
from zlxl.decisions.model import Floats, Learnt, LinearModel
from zlxl.errors import Unreadable

VERSION: Final = 1
SCALE: Final = 100  #: weights are written in hundredths
NAME: Final = "zlxl topic model"
SHIPPED: Final = "data/model.json"


@cache
def shipped_model() -> LinearModel:
    """The model of this package, learnt from its synthetic requests."""
    return read_model((files(__package__) / SHIPPED).read_text(encoding="utf-8"))


def write_model(model: LinearModel) -> str:
    """The text of a model's file; the same model always gives the same text."""
    head = {
        "name": NAME,
        "schema_version": VERSION,
        "learnt": _learnt(model.learnt),
        "scale": SCALE,
        "topics": model.topics,
        "sharpness": round(model.sharpness, 4),
        "embedding": model.embedding.fingerprint if model.embedding else None,
        "bias": _scaled(model.bias),
    }
    lines = ["{", *(f"{_json(key)}:{_json(value)}," for key, value in head.items())]
    lines += ['"dense":[', ",\n".join(_json(_scaled(row)) for row in model.dense), "],"]
    lines += ['"pieces":{', ",\n".join(_pieces(model)), "}", "}"]
    return "\n".join(line for line in lines if line) + "\n"


def _learnt(learnt: Learnt) -> Mapping[str, object]:
    return {
        "texts": learnt.texts,
        "fingerprint": learnt.fingerprint,
        "figures": dict(learnt.figures),
        "confirmed": list(learnt.confirmed),
    }


def _pieces(model: LinearModel) -> Iterator[str]:
    """Each piece with its rarity, then places of topics and weights in turn."""
    for piece, rarity in model.rarity.items():
        told: list[float] = [round(rarity, 2)]
        for place, weight in model.weights.get(piece, {}).items():
            told += [place, round(weight * SCALE)]
        yield f"{_json(piece)}:{_json(told)}"


def _scaled(row: Floats) -> list[int]:
    return [round(value * SCALE) for value in row.tolist()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_model(text: str, path: str = "模型文件") -> LinearModel:
    """The model of a file; one learnt with word vectors that are not installed does without them.

    Raises:
        Unreadable: the text is no model, or one of a later version.
    """
    try:
        told = json.loads(text)
        if told["name"] != NAME or told["schema_version"] != VERSION:
            raise Unreadable(
                f"{path}不是本版本的判定模型。请用 zlxl classify --train 重新学习，或改用出厂模型。"
            )
        return _model(told)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as wrong:
        raise Unreadable(
            f"{path}不完整或已损坏，不能读取。请用 zlxl classify --train 重新学习，或删除它以改用出厂模型。"
        ) from wrong


def _model(told: Mapping[str, Any]) -> LinearModel:
    topics = tuple(str(topic) for topic in told["topics"])
    scale = float(told["scale"])
    embedding = _embedding(told["embedding"])
    dense = np.array(told["dense"] if embedding else [], dtype=np.float32).reshape(-1, len(topics)) / scale
    bias = np.array(told["bias"], dtype=np.float32) / scale
    weights = {piece: _weights(row, len(topics), scale) for piece, row in told["pieces"].items()}
    if bias.shape != (len(topics),) or (embedding and len(dense) not in (0, embedding.dimensions)):
        raise ValueError("shape")
    learnt = told["learnt"]
    return LinearModel(
        topics=topics,
        bias=bias,
        rarity={piece: float(row[0]) for piece, row in told["pieces"].items()},
        weights=weights,
        dense=dense,
        embedding=embedding,
        sharpness=float(told["sharpness"]),
        learnt=Learnt(
            texts=int(learnt["texts"]),
            fingerprint=str(learnt["fingerprint"]),
            figures=dict(learnt["figures"]),
            confirmed=tuple(learnt["confirmed"]),
        ),
    )


def _embedding(fingerprint: str | None) -> Embedding | None:
    """The installed word vectors, where the model was learnt with just these."""
    installed = shipped_embedding() if fingerprint else None
    return installed if installed and installed.fingerprint == fingerprint else None


def _weights(row: list[float], topics: int, scale: float) -> dict[int, float]:
    places = [int(place) for place in row[1::2]]
    if any(not 0 <= place < topics for place in places):
        raise ValueError("place")
    return dict(zip(places, (weight / scale for weight in row[2::2]), strict=True))
