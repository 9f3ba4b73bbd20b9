"""The phrase layer: rows of 要求词库 held against a demand, with the words that were hit (4.5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from zlxl.decisions.doubt import Doubt, Doubts, Span
from zlxl.decisions.text import Synonyms, normal
from zlxl.schema.frame import Frame
from zlxl.tables.phrases import PHRASES
from zlxl.tables.policy import PolicyRow, rows_in_force

_SEPARATORS = re.compile(r"[;\n]+")
_ONE_OF = re.compile("[/／]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One row of 要求词库 in normal words."""

    number: str
    topic: str
    must: tuple[tuple[str, ...], ...]  #: of each, one word at least
    any_of: tuple[str, ...]
    none_of: tuple[str, ...]
    weight: float
    grave: bool  #: of an unreasonable demand or a complaint

    def words(self, demand: str) -> tuple[str, ...]:
        """Its words that stand in a demand."""
        return tuple(dict.fromkeys((*self.required(demand), *self.deciding(demand))))

    def required(self, demand: str) -> tuple[str, ...]:
        """The words of the must that stand in a demand."""
        return tuple(word for group in self.must for word in group if word in demand)

    def deciding(self, demand: str) -> tuple[str, ...]:
        """The words that make the phrase fit: of any, or of the must where it has no any."""
        return tuple(word for word in self.any_of if word in demand) or self.required(demand)

    def fits(self, demand: str) -> bool:
        """Whether all musts, one of any and none of none stand in a demand."""
        return (
            all(any(word in demand for word in group) for group in self.must)
            and (not self.any_of or any(word in demand for word in self.any_of))
            and not any(word in demand for word in self.none_of)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A phrase that fits a demand."""

    phrase: Phrase
    words: tuple[str, ...]
    places: tuple[Span, ...]  #: of the words that decide, within the demand
    doubt: Doubt = ""  #: why it does not count


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The phrases in force and what takes them back."""

    phrases: tuple[Phrase, ...]
    doubts: Doubts
    synonyms: Synonyms

    def hits(self, demand: str) -> Iterator[Hit]:
        """Every phrase that fits a unified demand, in the order of 要求词库."""
        return (self._hit(phrase, demand) for phrase in self.phrases if phrase.fits(demand))

    def _hit(self, phrase: Phrase, demand: str) -> Hit:
        """The hit, in doubt where every place of the words that decide is; of a grave topic, of any must."""
        words = phrase.words(demand)
        own = [span for word in words for span in _spans(word, demand)]
        places = [span for word in phrase.deciding(demand) for span in _spans(word, demand)]
        doubt, firm = self._doubt(places, own, demand, grave=phrase.grave)
        for group in phrase.must if phrase.grave else ():
            required = [span for word in group for span in _spans(word, demand)]
            doubt = doubt or self._doubt(required, own, demand, grave=True)[0]
        return Hit(phrase=phrase, words=words, places=firm or tuple(places), doubt=doubt)

    def _doubt(
        self, places: Sequence[Span], own: Sequence[Span], demand: str, *, grave: bool
    ) -> tuple[Doubt, tuple[Span, ...]]:
        """Why none of the places counts, "" where one does; and those that count."""
        doubts = [self.doubts.of(demand, span, own, grave=grave) for span in places]
        firm = tuple(span for span, doubt in zip(places, doubts, strict=True) if not doubt)
        return "" if firm else doubts[0], firm


def _spans(word: str, demand: str) -> Iterator[Span]:
    at = demand.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = demand.find(word, at + 1)


def lexicon_of(
    frames: Sequence[Frame], *, grave: Collection[str], doubts: Doubts, synonyms: Synonyms
) -> Lexicon:
    """The lexicon of the workbook's 要求词库, of the shipped rows where it holds none.

    Args:
        grave: topics of unreasonable demands and of complaints.
    """
    phrases = (_phrase(row, grave, synonyms) for row in rows_in_force(PHRASES, frames))
    usable = tuple(phrase for phrase in phrases if phrase.topic and (phrase.must or phrase.any_of))
    return Lexicon(phrases=usable, doubts=doubts, synonyms=synonyms)


def _phrase(row: PolicyRow, grave: Collection[str], synonyms: Synonyms) -> Phrase:
    any_of, none_of = (_words(row.text(name), synonyms) for name in ("any_of", "none_of"))
    groups = _SEPARATORS.split(row.text("must").replace("；", ";"))
    must = tuple(words for group in groups if (words := _words(_ONE_OF.sub(";", group), synonyms)))
    return Phrase(
        number=row.text("phrase_no"),
        topic=row.text("topic"),
        must=must,
        any_of=any_of,
        none_of=none_of,
        weight=row.number("weight") or 0.0,
        grave=row.text("topic") in grave,
    )


def _words(text: str, synonyms: Synonyms) -> tuple[str, ...]:
    words = (synonyms.unified(normal(word)) for word in _SEPARATORS.split(text.replace("；", ";")))
    return tuple(dict.fromkeys(word for word in words if word))
