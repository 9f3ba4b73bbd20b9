"""The phrase layer: rows of 要求词库 held against a demand, with the words that were hit (4.5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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

    def words(self, found: Collection[str]) -> tuple[str, ...]:
        """Its words among those found in a demand."""
        return tuple(dict.fromkeys((*self.required(found), *self.deciding(found))))

    def required(self, found: Collection[str]) -> tuple[str, ...]:
        """The words of the must among those found."""
        return tuple(word for group in self.must for word in group if word in found)

    def deciding(self, found: Collection[str]) -> tuple[str, ...]:
        """The words that make the phrase fit: of any, or of the must where it has no any."""
        return tuple(word for word in self.any_of if word in found) or self.required(found)

    def fits(self, found: Collection[str]) -> bool:
        """Whether all musts, one of any and none of none are among the words found."""
        return (
            all(any(word in found for word in group) for group in self.must)
            and (not self.any_of or any(word in found for word in self.any_of))
            and not any(word in found for word in self.none_of)
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
        found = self._found(demand)
        nearby = sorted({position for word in found for position in self._deciding.get(word, ())})
        fitting = (self.phrases[position] for position in nearby)
        return (self._hit(phrase, demand, found) for phrase in fitting if phrase.fits(found))

    def _found(self, demand: str) -> frozenset[str]:
        """The words of all phrases that stand in a demand."""
        pieces = (demand[at : at + n] for n in self._lengths for at in range(len(demand) - n + 1))
        return self._words.intersection(pieces)

    @cached_property
    def _words(self) -> frozenset[str]:
        must = {word for phrase in self.phrases for group in phrase.must for word in group}
        return frozenset(must.union(*(phrase.any_of + phrase.none_of for phrase in self.phrases)))

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(word) for word in self._words}))

    @cached_property
    def _deciding(self) -> Mapping[str, list[int]]:
        """Positions of phrases by each word one of which they need."""
        index: dict[str, list[int]] = defaultdict(list)
        for position, phrase in enumerate(self.phrases):
            for word in phrase.any_of or phrase.must[0]:
                index[word].append(position)
        return index

    def _hit(self, phrase: Phrase, demand: str, found: Collection[str]) -> Hit:
        """The hit, in doubt where every place of the words that decide is; of a grave topic, of any must."""
        words = phrase.words(found)
        own = [span for word in words for span in _spans(word, demand)]
        places = [span for word in phrase.deciding(found) for span in _spans(word, demand)]
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
