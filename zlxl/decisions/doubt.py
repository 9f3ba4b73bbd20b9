"""Words that take a demand back: negation ("不是要求你们...") and reported speech ("有人说可以...")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from zlxl.decisions.demands import clause_end, clause_start
from zlxl.schema.context import Choice, Context

NEGATIONS: Final = "否定词"  #: list in 码表; attributes 窗口 (characters) and 范围 (全部, or 不合理和投诉)
REPORTS: Final = "转述词"  #: list in 码表
ASKING: Final = "要求语"  #: list in 码表: words with which the client asks for what others are said to do
WINDOW, SCOPE, ALL = "窗口", "范围", "全部"
USUAL_WINDOW: Final = 4

Doubt = Literal["", "negated", "reported"]
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Negation:
    """A word that negates what follows within some characters."""

    word: str
    window: int
    always: bool  #: of every topic, not only of unreasonable demands and complaints


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubts:
    """The words of 码表 that take a demand back."""

    negations: tuple[Negation, ...] = ()
    reports: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()

    def of(self, demand: str, place: Span, own: Sequence[Span], *, grave: bool) -> Doubt:
        """Why a word at a place of a demand does not count; "" where it does.

        Args:
            own: places of the words of the same phrase; a negation within them is what the phrase looks for.
            grave: whether the phrase is of an unreasonable demand or a complaint.
        """
        start = clause_start(demand, place[0])
        if any(_negates(negation, demand, start, place, own, grave=grave) for negation in self.negations):
            return "negated"
        if grave and self._reported(demand, start, place):
            return "reported"
        return ""

    def _reported(self, demand: str, start: int, place: Span) -> bool:
        if not any(word in demand[start : place[0]] for word in self.reports):
            return False
        rest = demand[place[1] : clause_end(demand, place[1])]
        return not any(word in rest for word in self.asking)


def _negates(
    negation: Negation, demand: str, start: int, place: Span, own: Iterable[Span], *, grave: bool
) -> bool:
    if not (negation.always or grave):
        return False
    at = demand.rfind(negation.word, start, place[0])
    end = at + len(negation.word)
    if at < 0 or place[0] - end > negation.window or _is_question(demand, at, negation.word):
        return False
    return not any(first < end and at < last for first, last in own)


def _is_question(demand: str, at: int, word: str) -> bool:
    """Whether 不 or 没 stands in an A-not-A question such as 能不能 or 有没有."""
    return len(word) > 1 and word[0] in "不没" and demand[max(at - 1, 0) : at] == word[1]


def doubts_of(context: Context) -> Doubts:
    """The words of 码表; none where it has no such lists."""
    return Doubts(
        negations=tuple(_negation(choice) for choice in _choices(context, NEGATIONS)),
        reports=tuple(choice.value for choice in _choices(context, REPORTS)),
        asking=tuple(choice.value for choice in _choices(context, ASKING)),
    )


def _choices(context: Context, name: str) -> tuple[Choice, ...]:
    known = context.lists.get(name)
    return known.choices if known else ()


def _negation(choice: Choice) -> Negation:
    window = choice.attributes.get(WINDOW, "")
    return Negation(
        word=choice.value,
        window=int(window) if window.isdecimal() else USUAL_WINDOW,
        always=choice.attributes.get(SCOPE, ALL) == ALL,
    )
