"""ZL_CLASSIFY, ZL_FIND_OWNER, ZL_FIND_DEADLINE: what a request is and who answers it until when (4.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Final

from zlxl.decisions.authority import ABOVE_US
from zlxl.decisions.decide import Asked, Decision
from zlxl.hosts.udf.dates import day_of
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, Rows, each, text_of, word
from zlxl.jobs.classifying.edits import evidence_words
from zlxl.jobs.classifying.sheet import deadline

REPLY, CLOSE = "答复", "办结"


def classify(policy: Policy, text: object, part: object = None) -> Rows:
    """A part of the decision on each text; nothing where it is left to a person.

    Raises:
        BadArgumentError: no such part.
    """
    told = _PARTS[word(part, "类别", tuple(_PARTS))]
    return each(lambda cell: _said(told(decided(policy, cell))), text)


def find_owner(policy: Policy, text: object) -> Rows:
    """The department in charge of each request."""
    return each(lambda cell: _said(decided(policy, cell).owner), text)


def find_deadline(policy: Policy, text: object, received_on: object, stage: object = None) -> Rows:
    """The day until which each request is to be answered or closed.

    Raises:
        BadArgumentError: no such stage, or ``received_on`` is of another shape.
    """
    closing = word(stage, CLOSE, (REPLY, CLOSE)) == CLOSE
    return each(partial(_deadline, policy, closing), text, received_on)


def _deadline(policy: Policy, closing: bool, cell: object, received_on: object) -> datetime:
    received = day_of(policy, received_on)
    ruling = decided(policy, cell).ruling
    days = None if ruling is None else ruling.close_days if closing else ruling.reply_days
    day: date | None = deadline(received, days, policy.workdays)
    if day is None:
        raise NoAnswerError
    return datetime.combine(day, time())


def decided(policy: Policy, cell: object) -> Decision:
    """The decision on a text, or on a topic that is named itself.

    Raises:
        NoAnswerError: the cell is empty. BadArgumentError: it holds no text.
    """
    text = text_of(cell)
    if not isinstance(cell, str):
        raise BadArgumentError
    known = policy.answers("requests")
    if text not in known:
        known[text] = _of_topic(policy, text) or policy.decider.decide([Asked(text=text)])[0]
    found: Decision = known[text]
    return found


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
