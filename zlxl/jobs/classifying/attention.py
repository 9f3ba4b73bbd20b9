"""What a person must see to now: confirmation, escalation, lateness, immediate feedback (4.5, 4.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from zlxl.decisions.authority import ABOVE_US, OURS, TOPICS, UNREASONABLE
from zlxl.jobs.classifying.rows import Request
from zlxl.jobs.classifying.sheet import Proposal, Sheet, deadline

Reason = Literal["complaint", "escalate", "refuse", "undecided", "reply", "close", "feedback"]

FEEDBACK: Final = "即时反馈"  #: attribute of a topic in 码表: suggestions on the process of certification
WAYS, CLAUSE, COMPLAINTS = "收集方式", "条款", "4.4.2 b)"  #: complaints handed on by the body's own team
ESCALATION_DAYS: Final = "c类上报工作日"
_ORDER: Final = ("complaint", "escalate", "undecided", "refuse")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One request and why a person must see to it."""

    proposal: Proposal
    reason: Reason
    words: str
    since: date | None = None  #: the day that has passed, of what is late

    @property
    def row(self) -> Request:
        """The request."""
        return self.proposal.row


def waiting(sheet: Sheet) -> list[Item]:
    """Requests that a person must confirm or escalate, complaints first, then by day of receipt."""
    ways = sheet.book.context.lists[WAYS].choices
    complaints = frozenset(way.value for way in ways if way.attributes.get(CLAUSE) == COMPLAINTS)
    found = [item for one in sheet.proposals if one.row.open for item in _waiting(one, complaints)]
    return sorted(found, key=lambda item: (_ORDER.index(item.reason), *_age(item)))


def _waiting(one: Proposal, complaints: frozenset[str]) -> Iterator[Item]:
    if one.decision is None:
        if one.topic_class == ABOVE_US and one.row.value("escalated_on") is None:
            yield Item(proposal=one, reason="escalate", words="已确认 c 类，还没有上报")
    elif one.decision.escalates:
        yield Item(proposal=one, reason="complaint", words="投诉、申诉或廉洁问题：确认后即上报")
    elif one.row.text("way") in complaints:
        yield Item(proposal=one, reason="complaint", words=f"{one.row.text('way')}：确认是否投诉，并上报")
    elif not one.topic_class:
        yield Item(proposal=one, reason="undecided", words="待人工确定主题和类别")
    elif one.topic_class == ABOVE_US:
        yield Item(proposal=one, reason="escalate", words="建议 c 类：确认后上报")
    elif one.topic_class == UNREASONABLE:
        yield Item(proposal=one, reason="refuse", words="建议 a 类：确认后解释并婉拒")
    elif one.topic_class != OURS:
        raise AssertionError(one.topic_class)


def overdue(sheet: Sheet) -> list[Item]:
    """Open requests whose first reply, escalation or settlement is late, the longest late first."""
    found = [item for one in sheet.proposals if one.row.open for item in _overdue(one, sheet)]
    return sorted(found, key=lambda item: (item.since or date.max, item.row.key))


def _overdue(one: Proposal, sheet: Sheet) -> Iterator[Item]:
    row, today = one.row, sheet.book.context.today
    waited = int(max(row.number("waiting_days") or 0, 0))
    reply = row.day("reply_due_on") or one.reply_due
    close = row.day("due_on") or one.due
    close = sheet.workdays.later(close, waited) if close and waited else close
    if row.value("replied_on") is None and reply and reply < today:
        yield Item(proposal=one, reason="reply", words=f"首次答复期限 {reply} 已过", since=reply)
    if close and close < today:
        yield Item(proposal=one, reason="close", words=f"办结期限 {close} 已过", since=close)
    if one.topic_class == ABOVE_US and row.value("escalated_on") is None:
        days = int(sheet.book.context.number(ESCALATION_DAYS))
        report = deadline(row.day("received_on"), days, sheet.workdays)
        if report and report < today:
            yield Item(proposal=one, reason="escalate", words=f"应在 {report} 前上报", since=report)


def feedback(sheet: Sheet) -> list[Item]:
    """Common problems and suggestions on the process that nobody was told of yet (4.6)."""
    choices = sheet.book.context.lists[TOPICS].choices
    process = frozenset(choice.value for choice in choices if choice.attributes.get(FEEDBACK) == "是")
    untold = [one for one in sheet.proposals if not one.row.text("fed_back_to")]
    found = [
        Item(proposal=one, reason="feedback", words=why) for one in untold if (why := _why(one, process))
    ]
    return sorted(found, key=_age)


def _age(item: Item) -> tuple[date, str]:
    return item.row.day("received_on") or date.max, item.row.key


def _why(one: Proposal, process: frozenset[str]) -> str:
    """Why a request must be fed back at once, "" where it need not."""
    marked = (
        (one.row.text("common") == "是", "共性问题"),
        (one.row.text("improvement") == "是", "流程改进建议"),
        (one.topic in process, f"主题“{one.topic}”"),
    )
    return "、".join(words for holds, words in marked if holds)
