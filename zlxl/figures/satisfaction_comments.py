"""What clients wrote on their questionnaires, by topic, and the questionnaires that need an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from zlxl.figures.satisfaction_answers import Questionnaires
from zlxl.figures.satisfaction_criteria import INTEGRITY, Criteria
from zlxl.schema.frame import Frame
from zlxl.tables.phrases import PHRASES
from zlxl.tables.policy import rows_in_force

#: the open questions: field and what the answers are
QUESTIONS: Final = (("worst", "不满意之处"), ("suggestion", "意见和建议"), ("best", "最满意之处"))
PRAISE: Final = "best"
OTHER: Final = "其他"
_PARTS: Final = re.compile(r"[;；]+")


@dataclass(frozen=True, kw_only=True)
class Comment:
    """An answer to an open question."""

    row: int  #: of Questionnaires
    field: str
    text: str
    topic: str  #: of 要求词库, empty for praise


@dataclass(frozen=True, kw_only=True)
class LowScore:
    """A questionnaire that somebody must follow up."""

    row: int
    items: tuple[str, ...]  #: names of the items at or below the limit
    overall: bool  #: whether the client is dissatisfied as a whole
    integrity: bool

    @property
    def what(self) -> str:
        """The items, in words."""
        return "、".join((*self.items, *(("总体满意度",) if self.overall else ())))


@dataclass(frozen=True, kw_only=True)
class _Phrase:
    topic: str
    must: tuple[str, ...]
    some: tuple[str, ...]
    never: tuple[str, ...]
    weight: float

    def hits(self, text: str) -> bool:
        return (
            all(word in text for word in self.must)
            and (not self.some or any(word in text for word in self.some))
            and not any(word in text for word in self.never)
        )


def comments(answers: Questionnaires, rows: Sequence[int], frames: Sequence[Frame]) -> tuple[Comment, ...]:
    """Every answer to an open question in these rows; ``frames`` may hold the body's own 要求词库."""
    phrases = list(_phrases(frames))
    return tuple(
        Comment(row=row, field=field, text=text, topic="" if field == PRAISE else _topic(text, phrases))
        for field, _ in QUESTIONS
        for row in rows
        if isinstance(text := answers.value(row, field), str) and text.strip()
    )


def _phrases(frames: Sequence[Frame]) -> Iterator[_Phrase]:
    for row in rows_in_force(PHRASES, frames):
        must, some, never = (_parts(row.text(name)) for name in ("must", "any_of", "none_of"))
        if must or some:
            yield _Phrase(
                topic=row.text("topic"),
                must=must,
                some=some,
                never=never,
                weight=row.number("weight") or 0.0,
            )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _PARTS.split(text) if part.strip())


def _topic(text: str, phrases: Sequence[_Phrase]) -> str:
    """The topic whose phrase weighs most in the text."""
    hits = [phrase for phrase in phrases if phrase.hits(text)]
    return max(hits, key=lambda phrase: phrase.weight).topic if hits else OTHER


def low_scores(answers: Questionnaires, rows: Sequence[int], criteria: Criteria) -> tuple[LowScore, ...]:
    """The returned questionnaires with an item or the whole at or below the limit, worst first."""
    limit = criteria.parameters["低分界限"]
    guard = criteria.parameters["廉洁警戒分"]
    found = []
    for row in rows:
        low = answers.scores[row] <= limit
        names = tuple(item.name for item, bad in zip(criteria.items, low, strict=True) if bad)
        overall = bool(answers.overall[row] <= limit)
        watched = [
            answers.scores[row, place] <= guard
            for place, item in enumerate(criteria.items)
            if item.field == INTEGRITY
        ]
        if names or overall or any(watched):
            found.append(LowScore(row=row, items=names, overall=overall, integrity=any(watched)))
    lowest = np.nan_to_num(answers.index, nan=0.0)
    return tuple(sorted(found, key=lambda low: (not low.integrity, lowest[low.row], low.row)))
