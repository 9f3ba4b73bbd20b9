"""Requests of a year: class, topic, department, in time or late; what was reported at once (4.5, 4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.workdays import Workdays
from zlxl.tables.requests import REQUESTS

UNKNOWN: Final = "待人工"  #: neither confirmed nor suggested
NOBODY: Final = "未定部门"
YES: Final = "是"
WITHDRAWN, SETTLED = "已撤回", "已办结"
IN_TIME, LATE, RUNNING, OVERDUE, UNDATED, BACK = "按期办结", "逾期办结", "未到期", "逾期未办", "未定", "撤回"
OUTCOMES: Final = (IN_TIME, LATE, RUNNING, OVERDUE, UNDATED, BACK)
CLASSES: Final = ("a", "b", "c")
UNTOLD, UNANSWERED, ANSWERED = "未反馈", "未答复", "已答复"
TOPICS, AT_ONCE, PRAISE = "要求主题", "即时反馈", "不计共性"  #: list of 码表, and attributes in it


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that came in during the year."""

    line: Line
    number: str
    received_on: date
    client: str
    kind: str  #: 要求内容
    topic_class: str
    topic: str
    owner: str
    state: str
    limit: date | None  #: by which it is to be settled, days that the client was waited for included
    closed_on: date | None
    today: date

    @property
    def key(self) -> str:
        """Its number, or its row where it has none."""
        return self.number or f"第{int(self.line.frame.rows[self.line.position])}行"

    @property
    def who(self) -> str:
        """The client, as far as it is told."""
        return self.client or self.line.text("contract_no") or self.key

    @cached_property
    def outcome(self) -> str:
        """In time or late, as of today."""
        if self.state == WITHDRAWN:
            return BACK
        if self.limit is None or (self.closed_on is None and self.state == SETTLED):
            return UNDATED
        if self.closed_on is not None:
            return IN_TIME if self.closed_on <= self.limit else LATE
        return OVERDUE if self.limit < self.today else RUNNING

    @property
    def open(self) -> bool:
        """Whether it is still to be settled."""
        return self.closed_on is None and self.state not in (WITHDRAWN, SETTLED)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A suggestion or common problem that is to be reported at once, and what became of that."""

    asked: Asked
    why: str
    to: str
    on: date | None
    days: int | None  #: working days from receipt
    reply: str

    @property
    def state(self) -> str:
        """Whether it was reported and answered."""
        if not self.to:
            return UNTOLD
        return ANSWERED if self.reply else UNANSWERED


def requests_of(tables: Tables, office: Workdays, period: Period) -> tuple[Asked, ...]:
    """Requests received in the period, in the order of their days."""
    found = (_asked(line, tables, office, period) for line in lines(tables, REQUESTS))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.received_on, one.key)))


def undated(tables: Tables) -> int:
    """How many requests have no day of receipt that can be read."""
    return sum(1 for line in lines(tables, REQUESTS) if line.text("text") and line.day("received_on") is None)


def _asked(line: Line, tables: Tables, office: Workdays, period: Period) -> Asked | None:
    received = line.day("received_on")
    if received is None or not period.start <= received <= min(period.end, tables.context.today):
        return None
    topic_class = line.text("confirmed_class") or line.text("suggested_class") or UNKNOWN
    return Asked(
        line=line,
        number=line.text("request_no"),
        received_on=received,
        client=line.text("client"),
        kind=line.text("content_kind") or "未填",
        topic_class=topic_class,
        topic=line.text("confirmed_topic") or line.text("suggested_topic") or UNKNOWN,
        owner=line.text("owner") or NOBODY,
        state=line.text("state") or "未填",
        limit=_limit(line, received, topic_class, tables, office),
        closed_on=line.day("closed_on"),
        today=tables.context.today,
    )


def _limit(line: Line, received: date, kind: str, tables: Tables, office: Workdays) -> date | None:
    """The row's own deadline, else the class's; later by the days that the client was waited for."""
    limit, name = line.day("due_on"), f"{kind}类办结工作日"
    if limit is None and name in tables.context.parameters:
        limit = office.later(received, int(tables.context.number(name)))
    waited = int(max(0.0, line.number("waiting_days") or 0.0))
    return office.later(limit, waited) if limit and waited else limit


def feedback_of(asked: Iterable[Asked], tables: Tables, office: Workdays) -> tuple[Told, ...]:
    """What is to be reported at once: what was marked so or reported, and topics that demand it (4.6)."""
    choices = tables.context.lists[TOPICS].choices
    process = frozenset(choice.value for choice in choices if choice.attributes.get(AT_ONCE) == YES)
    return tuple(told for one in asked if (told := _told(one, process, office)))


def _told(one: Asked, process: frozenset[str], office: Workdays) -> Told | None:
    line = one.line
    reasons = (
        (line.text("common") == YES, "共性问题"),
        (line.text("improvement") == YES, "流程改进建议"),
        (one.topic in process, f"主题“{one.topic}”"),
        (bool(line.text("fed_back_to")), "已反馈"),
    )
    held = [words for holds, words in reasons if holds]
    if not held:
        return None
    marked = [words for words in held if words in ("共性问题", "流程改进建议")]
    day = line.day("fed_back_on")
    return Told(
        asked=one,
        why="、".join(marked or held[:1]),
        to=line.text("fed_back_to"),
        on=day,
        days=office.between(one.received_on, day) if day else None,
        reply=line.text("feedback_reply"),
    )


def counted(asked: Iterable[Asked], key: Callable[[Asked], str]) -> Mapping[str, Counter[str]]:
    """Outcomes by what the key tells of a request, most requests first."""
    found: dict[str, Counter[str]] = {}
    for one in asked:
        found.setdefault(key(one), Counter())[one.outcome] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[1].total(), item[0])))


def share_in_time(outcomes: Counter[str]) -> float | None:
    """Share of those whose time is up or that are settled that were settled in time; None where none is."""
    judged = outcomes[IN_TIME] + outcomes[LATE] + outcomes[OVERDUE]
    return outcomes[IN_TIME] / judged if judged else None


def by_month(asked: Iterable[Asked]) -> Iterator[tuple[int, Counter[str]]]:
    """Classes by month, every month of the year."""
    found: dict[int, Counter[str]] = {month: Counter() for month in range(1, 13)}
    for one in asked:
        found[one.received_on.month][one.topic_class] += 1
    yield from found.items()
