"""ZL_CLASSIFY, ZL_FIND_OWNER, ZL_FIND_DEADLINE: what a request is and who answers it until when (4.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Final

from zlxl.decisions.authority import ABOVE_US
from zlxl.decisions.decide import Asked, Decision
from zlxl.hosts.udf.dates import day_of
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, Rows, each, rows_of, text_of, word
from zlxl.jobs.classifying.edits import evidence_words
from zlxl.jobs.classifying.sheet import deadline

REPLY, CLOSE = "答复", "办结"


def classify(policy: Policy, text: object, part: object = None) -> Rows:
    """A part of the decision on each text; nothing where it is left to a person.

    Raises:
        BadArgumentError: no such part.
    """
    told = _PARTS[word(part, "类别", tuple(_PARTS))]
    known = decisions(policy, text)
    return each(lambda cell: _said(told(_decided(known, cell))), text)


def find_owner(policy: Policy, text: object) -> Rows:
    """The department in charge of each request."""
    known = decisions(policy, text)
    return each(lambda cell: _said(_decided(known, cell).owner), text)


def find_deadline(policy: Policy, text: object, received_on: object, stage: object = None) -> Rows:
    """The day until which each request is to be answered or closed.

    Raises:
        BadArgumentError: no such stage, or ``received_on`` is of another shape.
    """
    closing = word(stage, CLOSE, (REPLY, CLOSE)) == CLOSE
    judge = partial(_deadline, policy, decisions(policy, text), closing)
    return each(judge, text, received_on, known=policy.answers(("ZL_FIND_DEADLINE", closing)))


def _deadline(
    policy: Policy, known: Mapping[str, Decision], closing: bool, cell: object, received_on: object
) -> datetime:
    received = day_of(policy, received_on)
    ruling = _decided(known, cell).ruling
    days = None if ruling is None else ruling.close_days if closing else ruling.reply_days
    day: date | None = deadline(received, days, policy.workdays)
    if day is None:
        raise NoAnswerError
    return datetime.combine(day, time())


def decisions(policy: Policy, texts: object) -> Mapping[str, Decision]:
    """The decision on each text, or on a topic that is named itself; new ones are decided together."""
    known: dict[str, Decision] = policy.answers("requests")
    told = {cell.strip() for row in rows_of(texts) for cell in row if type(cell) is str}
    new = sorted(text for text in told if text and text not in known)
    known.update((text, topic) for text in new if (topic := _of_topic(policy, text)))
    asked = [text for text in new if text not in known]
    known.update(zip(asked, policy.decider.decide([Asked(text=text) for text in asked]), strict=True))
    return known


def _decided(known: Mapping[str, Decision], cell: object) -> Decision:
    """The decision on a cell.

    Raises:
        NoAnswerError: the cell is empty. BadArgumentError: it holds no text.
    """
    text = text_of(cell)
    if not isinstance(cell, str):
        raise BadArgumentError
    return known[text]


def _of_topic(policy: Policy, topic: str) -> Decision | None:
    authorities = policy.decider.authorities
    judged = authorities.judge(topic, {})
    if judged is None:
        return None
    escalates = topic in authorities.must_report
    return Decision(
        topics=(topic,),
        topic_class=ABOVE_US if escalates else judged.ruling.topic_class,
        ruling=judged.ruling,
        confidence=1.0,
        decided_by="phrase",
        escalates=escalates,
    )


def _said(answer: object) -> object:
    if answer is None or answer == "":
        raise NoAnswerError
    return answer


def _confidence(decision: Decision) -> float | None:
    return decision.confidence if decision.topics else None


_PARTS: Final[dict[str, Callable[[Decision], object]]] = {
    "类别": lambda decision: decision.topic_class,
    "主题": lambda decision: "；".join(decision.topics),
    "把握": _confidence,
    "依据": evidence_words,
    "答复口径": lambda decision: decision.ruling.answer if decision.ruling else "",
    "上报对象": lambda decision: decision.ruling.escalate_to if decision.ruling else "",
}
