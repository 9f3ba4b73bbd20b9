"""How long the steps of the service take, by department: median, 90th percentile, share in time (4.10.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.pipeline import Open, pipeline
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.workdays import Workdays
from zlxl.schema.table import Table
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.deliveries import DELIVERIES
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.services import SERVICES

DAYS, WORKDAYS = "天", "工作日"
NOBODY: Final = "未定部门"
MANY: Final = "各部门"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the service: who does it, in which days it is counted, how long it may take."""

    name: str
    department: str = ""  #: empty: told by each row
    unit: str = DAYS
    limit: str = ""  #: parameter of 时限规则; empty: none, or each row's own


@dataclass(frozen=True, kw_only=True)
class Between:
    """A step between two dates of one row."""

    step: Step
    table: Table
    begin: str
    end: str


RETURN = Step(name="申请书收回", department="委托方", limit="申请书催收天数")
REVIEW = Step(name="申请评审", department="市场部", limit="申请评审天数")
SIGNING = Step(name="受理到签约", department="市场部", limit="受理后签约天数")
AUDIT = Step(name="签约到审核", department="审核部")
DECISION = Step(name="审核到颁证", department="评定部")
WHOLE = Step(name="受理到颁证", department="全过程")
ENTRY = Step(name="评价表录入", department="市场部", unit=WORKDAYS, limit="评价表录入工作日")
DELIVERY = Step(name="名录报送", department="市场部", unit=WORKDAYS, limit="名录报送工作日")
PUBLISHING = Step(name="网站更新", department="网管", unit=WORKDAYS)
SERVICE = Step(name="增值服务", department="市场部")
REPLY = Step(name="要求首次答复", unit=WORKDAYS)
CLOSING = Step(name="要求办结", unit=WORKDAYS)
STEPS: Final = (
    RETURN, REVIEW, SIGNING, AUDIT, DECISION, WHOLE, REPLY, CLOSING, ENTRY, SERVICE, DELIVERY, PUBLISHING,
)  # fmt: skip
ROWS: Final = (
    Between(step=RETURN, table=APPLICATIONS, begin="form_sent_on", end="form_returned_on"),
    Between(step=REVIEW, table=APPLICATIONS, begin="form_returned_on", end="reviewed_on"),
    Between(step=ENTRY, table=EVALUATIONS, begin="audited_on", end="entered_on"),
    Between(step=SERVICE, table=SERVICES, begin="raised_on", end="delivered_on"),
    Between(step=DELIVERY, table=DELIVERIES, begin="as_of", end="delivered_on"),
    Between(step=PUBLISHING, table=DELIVERIES, begin="delivered_on", end="published_on"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One step that was finished in the period."""

    step: Step
    department: str
    key: str  #: of its row
    client: str
    begin: date
    end: date
    days: int  #: in the unit of the step, without those that the client was waited for
    latest: date | None  #: by which it had to be finished

    @property
    def in_time(self) -> bool | None:
        """Whether it was; None where there is no limit."""
        return None if self.latest is None else self.end <= self.latest


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of a step, of one department or of all."""

    step: Step
    department: str
    cases: tuple[Case, ...]

    @cached_property
    def _days(self) -> NDArray[np.float64]:
        return np.array([case.days for case in self.cases], dtype=np.float64)

    @property
    def median(self) -> float:
        """Half of the cases took no longer."""
        return float(np.median(self._days))

    @property
    def ninth(self) -> float:
        """Nine of ten cases took no longer (interpolated as PERCENTILE does)."""
        return float(np.percentile(self._days, 90))

    @property
    def longest(self) -> int:
        """The longest case."""
        return int(self._days.max())

    @property
    def judged(self) -> int:
        """Cases with a limit."""
        return sum(case.in_time is not None for case in self.cases)

    @property
    def in_time(self) -> int:
        """Cases within their limit."""
        return sum(case.in_time is True for case in self.cases)

    @property
    def share(self) -> float | None:
        """Share within the limit; None where none has one."""
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True, kw_only=True)
class Turnaround:
    """All steps that were finished in a period, and what is still on its way."""

    period: Period
    today: date
    cases: tuple[Case, ...]
    open: tuple[Open, ...]  #: as of today, whatever the period
    limits: Mapping[str, int]  #: days by step, where 时限规则 has one for all
    remarks: tuple[str, ...] = ()

    @cached_property
    def steps(self) -> tuple[Summary, ...]:
        """One line a step, in the order of the procedure."""
        found = self._grouped(lambda case: (case.step.name, ""))
        return tuple(
            Summary(step=step, department=step.department or MANY, cases=cases)
            for step in STEPS
            if (cases := found.get((step.name, "")))
        )

    @cached_property
    def departments(self) -> tuple[Summary, ...]:
        """One line a department of those steps that every row gives its own."""
        found = self._grouped(lambda case: (case.step.name, case.department))
        return tuple(
            Summary(step=step, department=name, cases=cases)
            for step in STEPS
            if not step.department
            for (of, name), cases in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
            if of == step.name
        )

    def _grouped(self, key: Callable[[Case], tuple[str, str]]) -> dict[tuple[str, str], tuple[Case, ...]]:
        found: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in self.cases:
            found[key(case)].append(case)
        return {name: tuple(cases) for name, cases in found.items()}


def turnaround(tables: Tables, workdays: Workdays, period: Period) -> Turnaround:
    """Every step finished in the period and to today; dates in the wrong order are not counted, but said."""
    clock = _Clock(tables=tables, workdays=workdays, period=period)
    cases = [*clock.rows(), *clock.contracts(), *clock.requests()]
    order = {step.name: place for place, step in enumerate(STEPS)}
    cases.sort(key=lambda case: (order[case.step.name], case.end, case.key))
    return Turnaround(
        period=period,
        today=tables.context.today,
        cases=tuple(cases),
        open=pipeline(tables),
        limits={step.name: int(tables.context.number(step.limit)) for step in STEPS if step.limit},
        remarks=tuple(clock.remarks(cases)),
    )


@dataclass(kw_only=True)
class _Clock:
    """Takes the time of every case."""

    tables: Tables
    workdays: Workdays
    period: Period
    backwards: int = 0  #: cases that ended before they began
    _last: date = field(init=False)

    def __post_init__(self) -> None:
        self._last = min(self.period.end, self.tables.context.today)

    def rows(self) -> Iterator[Case]:
        """Steps between two dates of a row."""
        for between in ROWS:
            for frame in self.tables.of(between.table):
                begins, ends = frame.days(between.begin), frame.days(between.end)
                for position in np.flatnonzero(~np.isnat(begins) & self._within(ends)).tolist():
                    row = Line(frame=frame, position=position)
                    yield from self._case(between.step, row, begins[position].item(), ends[position].item())

    def _within(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (days >= np.datetime64(self.period.start, "D")) & (
            days <= np.datetime64(self._last, "D")
        )
        return inside

    def _case(
        self,
        step: Step,
        row: Line,
        begin: date | None,
        end: date | None,
        *,
        latest: date | None = None,
        department: str = "",
        waited: int = 0,
    ) -> Iterator[Case]:
        """The case, where both days are known and it ended in the period."""
        if begin is None or end is None or not self.period.start <= end <= self._last:
            return
        if end < begin:
            self.backwards += 1
            return
        days = self.workdays.between(begin, end) if step.unit == WORKDAYS else (end - begin).days
        yield Case(
            step=step,
            department=department or step.department or NOBODY,
            key=row.frame.key(row.position),
            client=row.text("client"),
            begin=begin,
            end=end,
            days=max(0, days - waited),
            latest=latest or self._latest(step, begin),
        )

    def _latest(self, step: Step, begin: date) -> date | None:
        if not step.limit:
            return None
        days = int(self.tables.context.number(step.limit))
        return self.workdays.later(begin, days) if step.unit == WORKDAYS else begin + timedelta(days=days)

    # ---- application to certificate

    def contracts(self) -> Iterator[Case]:
        """Acceptance to signature to audit to certificate, joined by the contract number."""
        accepted = _first_days(self.tables, APPLICATIONS, "accepted_on")
        signed = _first_days(self.tables, CONTRACTS, "signed_on")
        issued = _first_days(self.tables, CLIENTS, "issued_on")
        audits = self._audits()
        for row in lines(self.tables, CONTRACTS):
            number, day = row.text("contract_no"), row.day("signed_on")
            yield from self._case(SIGNING, row, accepted.get(number), day)
            before = [a for a in audits[number] if day and day <= a <= issued.get(number, date.max)]
            yield from self._case(AUDIT, row, day, min(before, default=None))
        for row in lines(self.tables, CLIENTS):
            number, day = row.text("contract_no"), row.day("issued_on")
            began = signed.get(number) or accepted.get(number) or row.day("applied_on")
            before = [a for a in audits[number] if day and began and began <= a <= day]
            yield from self._case(DECISION, row, max(before, default=None), day)
            yield from self._case(WHOLE, row, accepted.get(number) or row.day("applied_on"), day)

    def _audits(self) -> Mapping[str, list[date]]:
        """Days of audits by contract, from 有效性评价 and 客户台账, which holds the last one only."""
        found: dict[str, list[date]] = defaultdict(list)
        for row in (*lines(self.tables, EVALUATIONS), *lines(self.tables, CLIENTS)):
            if (day := row.day("audited_on")) is not None:
                found[row.text("contract_no")].append(day)
        return found

    # ---- requests

    def requests(self) -> Iterator[Case]:
        """Receipt to first reply and to settlement, in working days, by the department that owns it."""
        for row in lines(self.tables, REQUESTS):
            received = row.day("received_on")
            kind = row.text("confirmed_class") or row.text("suggested_class")
            owner = row.text("owner")
            reply = row.day("reply_due_on") or self._due(received, f"{kind}类首次答复工作日")
            yield from self._case(REPLY, row, received, row.day("replied_on"), latest=reply, department=owner)
            waited = int(max(0.0, row.number("waiting_days") or 0.0))
            close = row.day("due_on") or self._due(received, f"{kind}类办结工作日")
            close = self.workdays.later(close, waited) if close and waited else close
            yield from self._case(
                CLOSING, row, received, row.day("closed_on"), latest=close, department=owner, waited=waited
            )

    def _due(self, received: date | None, parameter: str) -> date | None:
        if received is None or parameter not in self.tables.context.parameters:
            return None
        return self.workdays.later(received, int(self.tables.context.number(parameter)))

    def remarks(self, cases: Sequence[Case]) -> Iterator[str]:
        """What to know of the figures."""
        if self.backwards:
            yield f"{self.backwards} 处结束早于开始，没有计入；用 zlxl validate 查看（ZL160）。"
        yield from self.workdays.remarks(case.end for case in cases if case.step.unit == WORKDAYS)


def _first_days(tables: Tables, table: Table, name: str) -> dict[str, date]:
    """The earliest day of a field by contract number."""
    found: dict[str, date] = {}
    for row in lines(tables, table):
        number, day = row.text("contract_no"), row.day(name)
        if number and day is not None:
            found[number] = min(day, found.get(number, day))
    return found
