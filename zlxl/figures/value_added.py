"""Value-added services of a year by kind, and which clients are due an offer by their grade (4.8.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.grade import grades_of
from zlxl.figures.grade_criteria import UNGRADED
from zlxl.figures.satisfaction_period import Period
from zlxl.schema.facts import add_months
from zlxl.tables.clients import CLIENTS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.plans import PLANS
from zlxl.tables.policy import LEVELS, SCORE, rows_in_force
from zlxl.tables.services import SERVICES
from zlxl.tables.text import compact

FREQUENCIES: Final = "增值服务频次"  #: group of 评价准则: offers a year by grade
WAITING, ARRANGED, DELIVERED, DECLINED = "待安排", "已安排", "已开展", "未开展"
TRAINING: Final = "培训"  #: service of 服务计划 that is an offer too
VALID: Final = frozenset({"有效"})
_MONTHS: Final = 12
_CONTENT: Final = "满意率界限"  #: parameter: from this score on a client is content
_ORDER: Final = ("D", "C", UNGRADED, "B", "A")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A row of 增值服务: a need and what became of it."""

    line: Line
    number: str
    client: str
    kind: str
    status: str
    raised_on: date
    delivered_on: date | None
    score: float | None  #: of the client's opinion
    carried: bool  #: raised before the year

    @property
    def days(self) -> int | None:
        """Days from the need to its delivery."""
        return (self.delivered_on - self.raised_on).days if self.delivered_on else None


@dataclass(frozen=True, kw_only=True)
class ServiceKind:
    """The needs of one kind of service."""

    name: str
    rows: tuple[Wanted, ...]
    content_from: float

    def count(self, status: str) -> int:
        """Needs in a state."""
        return sum(row.status == status for row in self.rows)

    @property
    def delivered(self) -> int:
        """Needs that were met."""
        return self.count(DELIVERED)

    @property
    def arranged(self) -> int:
        """Needs with a date that lies ahead."""
        return self.count(ARRANGED)

    @property
    def waiting(self) -> int:
        """Needs that nobody has answered yet."""
        return self.count(WAITING)

    @property
    def declined(self) -> int:
        """Needs that were not met."""
        return self.count(DECLINED)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Days from need to delivery, of those delivered; negative ones are slips."""
        return tuple(row.days for row in self.rows if row.days is not None and row.days >= 0)

    @property
    def median(self) -> float | None:
        """Half of them took no longer; None where nothing was delivered."""
        return float(np.median(np.array(self.days))) if self.days else None

    @property
    def rated(self) -> int:
        """Deliveries that the client judged."""
        return sum(row.score is not None for row in self.rows)

    @property
    def content(self) -> int:
        """Deliveries that the client was content with."""
        return sum(row.score is not None and row.score >= self.content_from for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A certified client that is due an offer of value-added service."""

    line: Line  #: of 客户台账
    client: str
    grade: str
    last: date | None  #: of the last service
    last_kind: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class ServiceYear:
    """The year's value-added services."""

    kinds: tuple[ServiceKind, ...]  #: most needs first
    offers: tuple[Offer, ...]  #: low grades first, then the longest overdue
    by_grade: Mapping[str, tuple[int, float]]  #: certified clients and offers a year
    content: tuple[str, ...]  #: opinions of clients that are content

    @property
    def rows(self) -> tuple[Wanted, ...]:
        """Every need, in the order of their days."""
        found = (row for kind in self.kinds for row in kind.rows)
        return tuple(sorted(found, key=lambda row: (row.raised_on, row.number)))


def value_added(tables: Tables, period: Period) -> ServiceYear:
    """Needs raised in the year or still open when it began, and clients without an offer in time."""
    today = min(period.end, tables.context.today)
    wanted = [row for line in lines(tables, SERVICES) if (row := _wanted(line, tables, period, today))]
    grouped: dict[str, list[Wanted]] = defaultdict(list)
    for row in sorted(wanted, key=lambda row: (row.raised_on, row.number)):
        grouped[row.kind].append(row)
    content = tables.context.number(_CONTENT)
    scores = _scores(tables)
    kinds = [ServiceKind(name=k, rows=tuple(rows), content_from=content) for k, rows in grouped.items()]
    offering = _Offering(tables, today)
    return ServiceYear(
        kinds=tuple(sorted(kinds, key=lambda kind: (-len(kind.rows), kind.name))),
        offers=tuple(offering.offers()),
        by_grade=offering.by_grade,
        content=tuple(word for word, score in scores.items() if score >= content),
    )


def _scores(tables: Tables) -> Mapping[str, float]:
    """Scores of opinions, by 评价准则."""
    choices = tables.context.lists[LEVELS].choices
    return {c.value: float(c.attributes[SCORE]) for c in choices if SCORE in c.attributes}


def _wanted(line: Line, tables: Tables, period: Period, today: date) -> Wanted | None:
    raised, delivered, status = line.day("raised_on"), line.day("delivered_on"), line.text("status")
    if raised is None or raised > today:
        return None
    unfinished = status in (WAITING, ARRANGED) or (delivered is not None and delivered >= period.start)
    if raised < period.start and not unfinished:
        return None
    return Wanted(
        line=line,
        number=line.text("service_no"),
        client=line.text("client"),
        kind=line.text("kind") or "未填",
        status=status or "未填",
        raised_on=raised,
        delivered_on=delivered,
        score=_scores(tables).get(line.text("feedback")),
        carried=raised < period.start,
    )


class _Offering:
    """Who is due an offer, by the last one and the frequency of the grade."""

    def __init__(self, tables: Tables, today: date) -> None:
        self._today = today
        grades = grades_of(tables).by_client()
        self._frequency = {
            row.text("item"): number
            for row in rows_in_force(CRITERIA, tables.frames)
            if row.text("group") == FREQUENCIES and 0 < (number := row.number("value") or 0.0) <= _MONTHS
        }
        self._last = _last_services(tables)
        self._clients: dict[str, tuple[Line, str]] = {}
        for line in _oldest(tables):
            client = compact(line.text("client"))
            self._clients.setdefault(client, (line, grades.get(client, UNGRADED)))
        self.by_grade = self._counted()

    def _counted(self) -> dict[str, tuple[int, float]]:
        grades = [grade for _, grade in self._clients.values()]
        known = sorted(set(grades), key=_rank)
        return {grade: (grades.count(grade), self._frequency.get(grade, 0.0)) for grade in known}

    def offers(self) -> Iterator[Offer]:
        """Clients whose next offer is due by today."""
        found = [
            offer
            for client, (line, grade) in self._clients.items()
            if (offer := self._offer(client, line, grade))
        ]
        yield from sorted(found, key=lambda offer: (_rank(offer.grade), offer.due_on, offer.client))

    def _offer(self, client: str, line: Line, grade: str) -> Offer | None:
        frequency = self._frequency.get(grade)
        last, kind = self._last.get(client, (None, ""))
        start = last or line.day("issued_on") or line.day("audited_on")
        if frequency is None or start is None:
            return None
        due = add_months(start, round(_MONTHS / frequency))
        if due > self._today:
            return None
        return Offer(
            line=line, client=line.text("client"), grade=grade, last=last, last_kind=kind, due_on=due
        )


def _rank(grade: str) -> tuple[int, str]:
    return (_ORDER.index(grade) if grade in _ORDER else len(_ORDER), grade)


def _oldest(tables: Tables) -> Sequence[Line]:
    """Rows of valid certificates, the earliest issued first: a client is served from then on."""
    rows = (
        Line(frame=frame, position=position)
        for frame in tables.of(CLIENTS)
        for position in np.flatnonzero(frame.where("status", VALID)).tolist()
    )
    named = (row for row in rows if row.text("client"))
    return sorted(named, key=lambda row: row.day("issued_on") or date.max)


def _last_services(tables: Tables) -> Mapping[str, tuple[date, str]]:
    """The newest service of each client that was delivered, arranged or asked for, and its kind."""
    newest: dict[str, tuple[date, str]] = {}
    for client, day, kind in _services(tables):
        if client and day is not None and day > newest.get(client, (date.min, ""))[0]:
            newest[client] = (day, kind)
    return newest


def _services(tables: Tables) -> Iterable[tuple[str, date | None, str]]:
    for line in lines(tables, SERVICES):
        days = (line.day(name) for name in ("delivered_on", "planned_on", "raised_on"))
        yield compact(line.text("client")), next((day for day in days if day), None), line.text("kind")
    for line in lines(tables, PLANS):
        if line.text("service") == TRAINING:
            yield compact(line.text("client")), line.day("done_on"), TRAINING
