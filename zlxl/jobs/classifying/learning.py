"""Learning from confirmed requests: a new model takes the old one's place only where it judges no worse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Final

import numpy as np

from zlxl.decisions.authority import CLASSES, Authorities, authorities_of
from zlxl.decisions.embedding import shipped_embedding
from zlxl.decisions.evaluation import NONE, confusion, macro_f1
from zlxl.decisions.examples import shipped_examples
from zlxl.decisions.model import NO_TOPIC, LinearModel
from zlxl.decisions.text import normal
from zlxl.decisions.training import HeldOut, Sample, calibrated, held_out, honest, learn, sample
from zlxl.grid import TableSource
from zlxl.jobs.classifying.rows import Request, requests_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book

FALL: Final = "模型更新允许下降"  #: parameter: what macro-F1 may lose on the synthetic requests
OURS, THEIRS = "confirmed_macro_f1", "macro_f1"  #: names of figures in a model's file

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Learning:
    """What came of learning."""

    model: LinearModel | None  #: the new model; None where the old one stays
    confirmed: int  #: confirmed requests that were learnt from
    new: int  #: of these, unknown to the old model
    before: Mapping[str, float]  #: figures of the old model
    after: Mapping[str, float]  #: figures of the new one
    why: str  #: why the new model is taken or not, for the clerk


def learn_from(
    source: TableSource, current: LinearModel, *, today: date, progress: Progress = lambda _: None
) -> Learning:
    """Learn from the requests of a workbook that people have confirmed, beside the synthetic ones (4.5).

    The new model is judged by cross-validation: each text by a model that saw neither it nor its client's
    others. On confirmed requests that the old model never saw, macro-F1 of the class may not fall; on the
    synthetic ones it may lose at most the parameter 模型更新允许下降.

    Raises:
        Unreadable: the source cannot be read.
        UsageError: scikit-learn is not installed.
    """
    book = read_book(source, Settings(today=today))
    authorities = authorities_of(book.frames, book.context)
    confirmed = confirmed_samples(book)
    known = frozenset(current.learnt.confirmed)
    new = [one for one in confirmed if one.fingerprint not in known]
    if not new:
        return _stays(current, confirmed, "没有新确认的要求，模型不变。")
    progress(f"从 {len(confirmed)} 条已确认的要求和出厂示例学习，交叉验证约需两三分钟……")
    shipped, embedding = shipped_samples(), shipped_embedding()
    rest = [one for one in confirmed if one.fingerprint in known]
    ours = held_out(new, embedding, also=[*shipped, *rest])
    theirs = held_out(shipped, embedding, also=confirmed)
    sharpness = honest(theirs, shipped)
    before = {
        OURS: _macro_f1(new, _classes_told(current, new, authorities), authorities),
        **{name: value for name, value in current.learnt.figures.items() if name == THEIRS},
    }
    after = {
        OURS: _macro_f1(new, _held_out_classes(ours, sharpness, authorities), authorities),
        THEIRS: _macro_f1(shipped, _held_out_classes(theirs, sharpness, authorities), authorities),
    }
    why = _worse(before, after, book.context.number(FALL))
    if why:
        return Learning(
            model=None, confirmed=len(confirmed), new=len(new), before=before, after=after, why=why
        )
    progress("交叉验证通过，正在用全部数据学习……")
    model = calibrated(learn([*shipped, *confirmed], embedding), sharpness, after)
    why = "新模型在交叉验证中不差于原模型，已采用。"
    return Learning(model=model, confirmed=len(confirmed), new=len(new), before=before, after=after, why=why)


def learn_shipped(authorities: Authorities) -> LinearModel:
    """The model of this package, learnt anew from its synthetic requests alone."""
    samples = shipped_samples()
    found = held_out(samples, shipped_embedding())
    sharpness = honest(found, samples)
    figure = _macro_f1(samples, _held_out_classes(found, sharpness, authorities), authorities)
    return calibrated(learn(samples, shipped_embedding()), sharpness, {THEIRS: round(figure, 4)})


def shipped_samples() -> list[Sample]:
    """The synthetic requests as samples, one for each of their topics, the most important first."""
    return [
        sample(one.text, topic, one.group, weight=1 / max(len(one.topics), 1))
        for one in shipped_examples()
        for topic in one.topics or (NO_TOPIC,)
    ]


def confirmed_samples(book: Book) -> list[Sample]:
    """The confirmed requests of 客户要求; those of one client, and equal texts, share a group."""
    rows = [row for row in requests_of(book) if row.text("confirmed_topic") and normal(row.text("text"))]
    samples = (
        sample(row.text("text"), row.text("confirmed_topic"), _group(row), confirmed=True) for row in rows
    )
    return list({one.fingerprint: one for one in samples}.values())


def _group(row: Request) -> str:
    client = next((row.text(name) for name in ("client", "contract_no") if row.text(name)), "")
    return f"客户 {client}" if client else f"文本 {normal(row.text('text'))}"


def _stays(current: LinearModel, confirmed: Sequence[Sample], why: str) -> Learning:
    figures = dict(current.learnt.figures)
    return Learning(model=None, confirmed=len(confirmed), new=0, before=figures, after=figures, why=why)


def _worse(before: Mapping[str, float], after: Mapping[str, float], fall: float) -> str:
    """Why the old model stays; "" where the new one is no worse."""
    if after[OURS] < before[OURS]:
        return (
            f"在新确认的要求上，新模型的宏平均 F1 为 {after[OURS]:.3f}，低于原模型的 {before[OURS]:.3f}，"
            "原模型不变。请核对确认的主题，或再确认一些要求后重试。"
        )
    if THEIRS in before and after[THEIRS] < before[THEIRS] - fall:
        return (
            f"在出厂示例上，新模型的宏平均 F1 为 {after[THEIRS]:.3f}，比原模型的 {before[THEIRS]:.3f} "
            f"下降超过 {fall:g}，原模型不变。请核对确认的主题是否成批填错。"
        )
    return ""


# --- figures ------------------------------------------------------------------------------------------------


def _held_out_classes(found: HeldOut, sharpness: float, authorities: Authorities) -> list[str]:
    return _likeliest_classes(found.topics, found.probabilities(sharpness).tolist(), authorities)


def _classes_told(model: LinearModel, samples: Sequence[Sample], authorities: Authorities) -> list[str]:
    rows = model.probabilities([one.text for one in samples]).tolist()
    return _likeliest_classes(model.topics, rows, authorities)


def _likeliest_classes(
    topics: Sequence[str], rows: Sequence[Sequence[float]], authorities: Authorities
) -> list[str]:
    """The class whose topics are likeliest together, for each row of probabilities."""
    classes = [authorities.usual_class(topic) for topic in topics]
    return [_likeliest_class(zip(classes, row, strict=True)) for row in rows]


def _likeliest_class(pairs: Iterator[tuple[str, float]]) -> str:
    sums = dict.fromkeys(CLASSES, 0.0)
    for topic_class, probability in pairs:
        if topic_class in sums:
            sums[topic_class] += probability
    return max(sums, key=sums.__getitem__)


def _macro_f1(samples: Sequence[Sample], told: Sequence[str], authorities: Authorities) -> float:
    """Macro-F1 of the classes; samples of no topic are left out, 0 where none is left."""
    wanted = np.array([authorities.usual_class(one.topic) for one in samples], dtype=str)
    classed = wanted != NONE
    figure = float(macro_f1(confusion(wanted[classed], np.array(told, dtype=str)[classed])))
    return 0.0 if isnan(figure) else figure
