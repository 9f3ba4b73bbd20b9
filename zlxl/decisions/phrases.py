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


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One row of 要求词库 in normal words."""

    number: str
    topic: str
    must: tuple[str, ...]
    any_of: tuple[str, ...]
    none_of: tuple[str, ...]
    weight: float
    grave: bool  #: of an unreasonable demand or a complaint

    def words(self, demand: str) -> tuple[str, ...]:
        """The words found in a demand, () where the phrase does not fit."""
        if not all(word in demand for word in self.must):
            return ()
        hit = tuple(word for word in self.any_of if word in demand)
        if (self.any_of and not hit) or any(word in demand for word in self.none_of):
            return ()
        return (*self.must, *hit)


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
        for phrase in self.phrases:
            if words := phrase.words(demand):
                yield self._hit(phrase, words, demand)

    def _hit(self, phrase: Phrase, words: tuple[str, ...], demand: str) -> Hit:
        """The hit; its doubt is that of the word which decides, where every occurrence is in doubt."""
        own = [span for word in words for span in _spans(word, demand)]
        deciding = words[len(phrase.must) :] or phrase.must
        places = [span for word in deciding for span in _spans(word, demand)]
        doubts = [self.doubts.of(demand, span, own, grave=phrase.grave) for span in places]
        firm = tuple(span for span, doubt in zip(places, doubts, strict=True) if not doubt)
        return Hit(phrase=phrase, words=words, places=firm or tuple(places), doubt="" if firm else doubts[0])


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
    must, any_of, none_of = (_words(row.text(name), synonyms) for name in ("must", "any_of", "none_of"))
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
