"""The sheet 客户要求: a proposal for every request that nobody has confirmed (4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zlxl.decisions.authority import Ruling
from zlxl.decisions.decide import Asked, Decider, Decision, alike, decider_of
from zlxl.decisions.likeness import Confirmed
from zlxl.decisions.opinions import Example, TopicModel
from zlxl.errors import UsageError
from zlxl.figures.workdays import Workdays, workdays
from zlxl.grid import TableSource
from zlxl.jobs.classifying.rows import Knowledge, Request, requests_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.tables.requests import REQUESTS

EXAMPLES: Final = 3000  #: so many confirmed requests, the newest, are looked through
SIMILARITY: Final = "共性问题相似度"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed for a request; for a confirmed one, what follows from its topic and class."""

    row: Request
    decision: Decision | None  #: None where a person has confirmed
    ruling: Ruling | None
    reply_due: date | None
    due: date | None

    @property
    def topic(self) -> str:
        """The confirmed topic, else the proposed one; "" where it is left to a person."""
        if self.decision is None:
            return self.row.text("confirmed_topic")
        return self.decision.topics[0] if self.decision.topics else ""

    @property
    def topic_class(self) -> str:
        """The confirmed class, else the proposed one; "" where it is left to a person."""
        if self.decision is None:
            return self.row.text("confirmed_class")
        return self.decision.topic_class or ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Every request of a workbook with its proposal."""

    book: Book
    decider: Decider
    workdays: Workdays
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...]


def classify_sheet(
    source: TableSource, *, today: date, model: TopicModel | None = None, forced: bool = False
) -> Sheet:
    """Propose topic, class, owner and deadlines by the policy that the workbook holds itself.

    Raises:
        Unreadable: the source cannot be read, or holds no table that is known.
        UsageError: it holds no 客户要求.
    """
    book = read_book(source, Settings(today=today))
    if not book.of(REQUESTS):
        raise UsageError(f"{source.path} 中没有“{REQUESTS.name}”这张表。请检查工作表和表头。")
    decider = decider_of(book.frames, book.context, model=model, forced=forced)
    office = workdays(book.frames)
    proposals = tuple(_proposals(book, decider, office))
    dues = [day for one in proposals if one.row.open for day in (one.reply_due, one.due) if day]
    remarks = (*book.remarks, *office.remarks(dues))
    return Sheet(book=book, decider=decider, workdays=office, proposals=proposals, remarks=remarks)


def _proposals(book: Book, decider: Decider, office: Workdays) -> Iterator[Proposal]:
    knowledge = Knowledge(book=book, authorities=decider.authorities)
    rows = requests_of(book)
    asked = [row for row in rows if not row.confirmed]
    decided = decider.decide([Asked(text=row.text("text"), facts=knowledge.facts(row)) for row in asked])
    decisions = iter(_with_examples(decided, asked, rows, decider))
    for row in rows:
        if row.confirmed:
            yield _proposal(row, None, _confirmed(row, decider, knowledge), office)
        else:
            decision = next(decisions)
            yield _proposal(row, decision, decision.ruling, office)


def _with_examples(
    decided: Sequence[Decision], asked: Sequence[Request], rows: Sequence[Request], decider: Decider
) -> list[Decision]:
    """The decisions with the newest confirmed requests that resemble theirs."""
    if not asked:
        return list(decided)
    known = [row for row in rows if row.confirmed and row.text("confirmed_topic")]
    newest = sorted(known, key=lambda row: row.day("received_on") or date.min)[-EXAMPLES:]
    examples = [
        Example(key=row.key, text=row.text("text"), topic=row.text("confirmed_topic"), similarity=1.0)
        for row in newest
    ]
    least = decider.authorities.context.number(SIMILARITY)
    confirmed = Confirmed.of(examples, decider.lexicon.synonyms, least)
    nearest = confirmed.nearest([row.text("text") for row in asked])
    return [
        replace(one, evidence=(*one.evidence, *map(alike, near)))
        for one, near in zip(decided, nearest, strict=True)
    ]


def _confirmed(row: Request, decider: Decider, knowledge: Knowledge) -> Ruling | None:
    """The row of 权限表 of a confirmed topic whose class is the confirmed one."""
    topic, wanted = row.text("confirmed_topic"), row.text("confirmed_class")
    judged = decider.authorities.judge(topic, knowledge.facts(row))
    if judged and wanted in ("", judged.ruling.topic_class):
        return judged.ruling
    return ruling_of(decider.authorities.rulings.get(topic, ()), wanted)


def ruling_of(rulings: Sequence[Ruling], topic_class: str) -> Ruling | None:
    """The first row of that class."""
    return next((ruling for ruling in rulings if ruling.topic_class == topic_class), None)


def _proposal(row: Request, decision: Decision | None, ruling: Ruling | None, office: Workdays) -> Proposal:
    received = row.day("received_on")
    reply, close = (ruling.reply_days, ruling.close_days) if ruling else (None, None)
    return Proposal(
        row=row,
        decision=decision,
        ruling=ruling,
        reply_due=deadline(received, reply, office),
        due=deadline(received, close, office),
    )


def deadline(received: date | None, days: int | None, office: Workdays) -> date | None:
    """So many working days after the day of receipt; None where one of the two is unknown."""
    return None if received is None or days is None else office.later(received, days)
