"""What the year-end report tells: requests, common problems, needs, services, measures (4.6, 4.8.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from zlxl.figures.due import Tables
from zlxl.figures.improvements import Measure, measures_for, measures_of, states_in_words
from zlxl.figures.needs import Need, with_measures
from zlxl.figures.needs_existing import existing_needs
from zlxl.figures.needs_latent import Signs
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.value_added import ServiceYear, value_added
from zlxl.figures.workdays import workdays
from zlxl.figures.yearend_requests import Asked, Told, feedback_of, requests_of, undated


@dataclass(frozen=True, kw_only=True)
class Group:
    """Similar requests of several clients, as they were grouped."""

    topic: str
    text: str  #: the commonest wording
    rows: frozenset[tuple[str, int]]  #: sheet and row of each request
    owner: str  #: who is to propose a measure, by 权限表
    fed_back_to: tuple[str, ...]
    noted: tuple[str, ...]  #: measures that were noted with the requests


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A common problem of the year with what is done about it."""

    group: Group
    asked: tuple[Asked, ...]
    measures: tuple[Measure, ...]

    @cached_property
    def clients(self) -> tuple[str, ...]:
        """Who asked, each once."""
        return tuple(dict.fromkeys(one.who for one in self.asked))

    @cached_property
    def months(self) -> tuple[int, ...]:
        """In which months."""
        return tuple(sorted({one.received_on.month for one in self.asked}))

    @property
    def open(self) -> int:
        """Requests that are still to be settled."""
        return sum(one.open for one in self.asked)

    @property
    def owner(self) -> str:
        """Who is responsible: of the first measure, else by 权限表."""
        return next((m.text("owner") for m in self.measures if m.text("owner")), self.group.owner)

    @property
    def state(self) -> str:
        """How far it has come."""
        if self.measures:
            return states_in_words(self.measures)
        return self.stage

    @property
    def stage(self) -> str:
        """The same in a word."""
        if self.measures:
            return "已有措施"
        if self.group.noted:
            return "未立项"
        return "待措施" if self.group.fed_back_to else "未反馈"


@dataclass(frozen=True, kw_only=True)
class YearEnd:
    """Everything the year-end report tells."""

    period: Period
    today: date
    asked: tuple[Asked, ...]
    problems: tuple[Problem, ...]
    feedback: tuple[Told, ...]
    measures: tuple[Measure, ...]
    before: Counter[str]  #: requests of the year before by topic
    services: ServiceYear
    needs: tuple[Need, ...]  #: existing ones first
    remarks: tuple[str, ...] = field(default=())

    @cached_property
    def outcomes(self) -> Counter[str]:
        """Requests by outcome."""
        return Counter(one.outcome for one in self.asked)

    @property
    def clients(self) -> int:
        """How many clients asked."""
        return len({one.who.casefold() for one in self.asked})

    def needs_of(self, kind: str) -> tuple[Need, ...]:
        """Existing or latent needs."""
        return tuple(need for need in self.needs if need.kind == kind)

    @property
    def unmeasured(self) -> tuple[Problem, ...]:
        """Common problems without a measure."""
        return tuple(problem for problem in self.problems if not problem.measures)


def yearend(tables: Tables, period: Period, groups: Sequence[Group]) -> YearEnd:
    """The year up to today; ``groups`` are the common problems among its requests."""
    office = workdays(tables.frames)
    asked = requests_of(tables, office, period)
    measures = measures_of(tables, period)
    before = Counter(one.topic for one in requests_of(tables, office, period.previous))
    services = value_added(tables, period)
    signs = Signs(tables=tables, period=period, asked=asked, before=before)
    needs = (*existing_needs(tables, asked, before, services), *signs.needs())
    days = [one.limit for one in asked if one.limit is not None]
    return YearEnd(
        period=period,
        today=tables.context.today,
        asked=asked,
        problems=tuple(_problem(group, asked, measures) for group in groups),
        feedback=feedback_of(asked, tables, office),
        measures=measures,
        before=before,
        services=services,
        needs=with_measures(needs, measures),
        remarks=(*_remarks(tables, asked), *office.remarks(days)),
    )


def _problem(group: Group, asked: Sequence[Asked], measures: Sequence[Measure]) -> Problem:
    own = tuple(one for one in asked if _place(one) in group.rows)
    return Problem(
        group=group,
        asked=own,
        measures=measures_for(measures, group.topic, (one.number for one in own if one.number)),
    )


def _place(one: Asked) -> tuple[str, int]:
    return one.line.frame.sheet, int(one.line.frame.rows[one.line.position])


def _remarks(tables: Tables, asked: Sequence[Asked]) -> list[str]:
    told = []
    if missing := undated(tables):
        told.append(f"“客户要求”有 {missing} 条没有可识别的接收日期，没有计入年终汇总；请补填。")
    unknown = sum(not one.line.text("confirmed_topic") for one in asked)
    if unknown:
        told.append(
            f"本年有 {unknown} 条要求还没有确认主题，按建议主题计入；请先运行 zlxl classify 并由人确认。"
        )
    return told
