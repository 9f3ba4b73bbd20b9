"""What clients wrote on their questionnaires, by topic, and the questionnaires that need an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from zlxl.figures.satisfaction_answers import Questionnaires
from zlxl.figures.satisfaction_criteria import INTEGRITY, Criteria

#: the open questions: field and what the answers are
QUESTIONS: Final = (("worst", "不满意之处"), ("suggestion", "意见和建议"), ("best", "最满意之处"))
PRAISE: Final = "best"
TO_A_PERSON: Final = "待人工"  #: topic of what nobody but a person can decide
#: answers that say there is nothing to say
_NOTHING: Final = re.compile(
    r"(暂时?|目前|都|也)?(无|没有?|没啥|没什么)(了|的|吧|任何)?"
    r"(不满意?|不满意之处|不满之处|意见|建议|意见和建议|意见建议|意见及建议|其他)?(之处|的地方)?(了|吧)?"
)
_MARKS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Topics:
    """What a text is about, as the decider of requests reads it."""

    topics: tuple[str, ...] = ()  #: the deciding one first; () where it is left to a person
    why: str = ""  #: the evidence in words
    escalates: bool = False  #: a complaint, an appeal or a matter of integrity


Reader = Callable[[Sequence[str]], Sequence[Topics]]  #: one answer a text, in their order


@dataclass(frozen=True, kw_only=True)
class Comment:
    """An answer to an open question."""

    row: int  #: of Questionnaires
    field: str
    text: str
    read: Topics

    @property
    def topics(self) -> tuple[str, ...]:
        """Its topics, at least one."""
        return self.read.topics or (TO_A_PERSON,)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A topic and the comments on it; a comment on several topics is in each of them."""

    name: str
    comments: tuple[Comment, ...]  #: by question, in the order of QUESTIONS

    def count(self, field: str) -> int:
        """Comments that answer one question."""
        return sum(comment.field == field for comment in self.comments)

    @property
    def wanting(self) -> int:
        """Comments that are no praise."""
        return len(self.comments) - self.count(PRAISE)

    @property
    def typical(self) -> str:
        """The commonest wording, dissatisfaction and wishes before praise."""
        texts = Counter(comment.text for comment in self.comments if comment.field != PRAISE)
        return (texts or Counter(comment.text for comment in self.comments)).most_common(1)[0][0]


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


def comments(answers: Questionnaires, rows: Sequence[int], read: Reader) -> tuple[Comment, ...]:
    """Every answer to an open question in these rows that says something, with its topics."""
    found = [
        (row, field, text)
        for field, _ in QUESTIONS
        for row in rows
        if isinstance(text := answers.value(row, field), str) and says_something(text)
    ]
    topics = read([text for _, _, text in found])
    return tuple(
        Comment(row=row, field=field, text=text, read=told)
        for (row, field, text), told in zip(found, topics, strict=True)
    )


def says_something(text: str) -> bool:
    """Whether an answer is more than 无 or a dash."""
    bare = _MARKS.sub("", text)
    return bool(bare) and not _NOTHING.fullmatch(bare)


def themes(found: Sequence[Comment]) -> tuple[Theme, ...]:
    """The topics, those of most dissatisfaction and wishes first; what is left to a person last."""
    names = dict.fromkeys(topic for comment in found for topic in comment.topics)
    grouped = [Theme(name=name, comments=tuple(c for c in found if name in c.topics)) for name in names]
    return tuple(sorted(grouped, key=_order))


def _order(theme: Theme) -> tuple[bool, int, int, str]:
    return theme.name == TO_A_PERSON, -theme.wanting, -len(theme.comments), theme.name


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
