"""How well decisions agree with what a clerk would say, measured on texts with known topics."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from zlxl.decisions.authority import CLASSES, Authorities
from zlxl.decisions.decide import Asked, Decider, Decision
from zlxl.decisions.evaluation import NONE
from zlxl.decisions.examples import Example, read_examples

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Known:
    """A text with the topics that it asks for."""

    text: str
    topics: tuple[str, ...]
    part: str = ""

    def wanted(self, authorities: Authorities) -> str:
        """The class of the most severe topic, without regard to conditions."""
        return _usual_class(self.topics, authorities)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A text with the class that a clerk gave it."""

    example: Example
    wanted: str  #: NONE for a text that asks for nothing on the list


def judged(file: str, authorities: Authorities) -> list[Judged]:
    """The texts of a file of this folder; their usual class where the file has no column 类别."""
    text = (DATA / file).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(StringIO(text, newline=""))
    return [
        Judged(example=example, wanted=row.get("类别", _usual_class(example.topics, authorities)))
        for example, row in zip(read_examples(text), rows, strict=True)
    ]


def _usual_class(topics: Iterable[str], authorities: Authorities) -> str:
    return min(map(authorities.usual_class, topics), key=CLASSES.index, default=NONE)


def known(file: str, text: str = "文本") -> list[Known]:
    """The texts of a file of this folder."""
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return [
            Known(text=row[text], topics=tuple(row["主题"].split(";")), part=row.get("集", ""))
            for row in csv.DictReader(lines)
        ]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Shares of the texts; those right are shares of what was decided."""

    decided: float
    topic_right: float
    class_right: float
    escalated: float  #: of the complaints, appeals and matters of integrity
    escalated_in_vain: int


def measured(decider: Decider, texts: Sequence[Known]) -> Measured:
    """The decisions on texts held against what is known."""
    pairs = list(zip(texts, decider.decide([Asked(text=one.text) for one in texts]), strict=True))
    decided = [(one, found) for one, found in pairs if found.topics]
    grave = [found.escalates for one, found in pairs if _grave(one, decider.authorities)]
    return Measured(
        decided=len(decided) / len(pairs),
        topic_right=_share([found.topics[0] in one.topics for one, found in decided]),
        class_right=_share([_class_right(one, found, decider.authorities) for one, found in decided]),
        escalated=_share(grave),
        escalated_in_vain=sum(found.escalates for _, found in pairs) - sum(grave),
    )


def _grave(one: Known, authorities: Authorities) -> bool:
    return not authorities.must_report.isdisjoint(one.topics)


def _class_right(one: Known, found: Decision, authorities: Authorities) -> bool:
    return found.topic_class == one.wanted(authorities)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 1.0
