"""What clients wait for beside audits: surveys, visits, verification of contact data (4.3, 4.7.1, 4.2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from zlxl.figures.certificates import Certificate
from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, Line, lines, plausible
from zlxl.figures.grade_criteria import UNGRADED, visits_of
from zlxl.figures.terms import Term
from zlxl.schema.facts import add_months
from zlxl.tables.intervals import verification_end
from zlxl.tables.plans import PLANS
from zlxl.tables.policy import PolicyRow
from zlxl.tables.surveys import SURVEYS

SURVEY, VISIT, VERIFICATION = "满意度调查", "电话回访", "信息核实"
VISITS: Final = frozenset({VISIT, "走访"})
ENDED: Final = frozenset({"撤销", "注销", "失效"})
_MONTHS: Final = 12
_YEAR: Final = 365
_WEEK: Final = 7


@dataclass(frozen=True, kw_only=True)
class ServiceDues:
    """The due items of every contract. ``grades`` are the clients' grades by compared name."""

    desk: Desk
    certificates: tuple[Certificate, ...]
    grades: Mapping[str, str] = field(default_factory=dict)

    def dues(self) -> Iterator[Due]:
        """Verification of every live client; surveys and visits of certified ones."""
        for rows in self._contracts.values():
            yield from self._verification(rows)
            valid = [row for row in rows if row.line.text("status") == "有效"]
            if valid:
                yield from self._survey(valid)
                yield from self._visit(valid)
        yield from self._reminders()

    @cached_property
    def _contracts(self) -> dict[tuple[str, str], list[Certificate]]:
        """Rows of live clients by contract number and client."""
        found: dict[tuple[str, str], list[Certificate]] = defaultdict(list)
        for row in self.certificates:
            if row.line.text("status") not in ENDED:
                found[row.line.text("contract_no"), row.owner_of[0]].append(row)
        return found

    def _verification(self, rows: list[Certificate]) -> Iterator[Due]:
        """The contract's oldest verification; rows that were never verified have no date to go by."""
        months = self.desk.number("联系人核实周期月数")
        ends = [
            (end, row)
            for row in rows
            if (end := plausible(verification_end(row.line.frame, months)[row.line.position].item()))
        ]
        if not ends:
            return
        end, row = min(ends, key=lambda found: found[0])
        yield self.desk.due(
            row.line,
            self.desk.term("联系人核实周期月数"),
            "verified_on",
            kind=VERIFICATION,
            service=VERIFICATION,
            system="",
            due_on=end,
            plan_on=self.desk.workdays.on_or_before(end),
            urgent=_WEEK,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"{row.line.day('verified_on')} 核实后 {months} 个月",
            action="与客户核对联系人、电话和地址，更新信息核实日期",
            owner="市场部",
        )

    @cached_property
    def _surveyed(self) -> dict[str, date]:
        """The day on which each contract last got a questionnaire."""
        return _newest(self.desk, lines(self.desk.tables, SURVEYS), "sent_on")

    @cached_property
    def _visited(self) -> dict[str, date]:
        """The day of the last visit of each contract."""
        visits = (line for line in lines(self.desk.tables, PLANS) if line.text("service") in VISITS)
        return _newest(self.desk, visits, "done_on")

    def _survey(self, rows: list[Certificate]) -> Iterator[Due]:
        """A questionnaire after the certificate was issued and after each audit."""
        starts = [(row.start, row) for row in rows if row.start is not None]
        if not starts or not self.desk.tables.of(SURVEYS):
            return
        start, row = max(starts, key=lambda found: found[0])
        sent = self._surveyed.get(row.line.text("contract_no"))
        if start > self.desk.today or (sent is not None and sent >= min(start, row.last or start)):
            return
        days = self.desk.number("满意度首发天数")
        end = start + timedelta(days=days)
        if end < add_months(self.desk.today, -_MONTHS):
            return  # of a cycle that is over
        yield self.desk.due(
            row.line,
            self.desk.term("满意度首发天数"),
            "issued_on",
            kind="满意度表下发",
            service=SURVEY,
            system="",
            due_on=end,
            plan_on=self.desk.workdays.on_or_before(end),
            urgent=_WEEK,
            near=days,
            basis=f"自 {start}（颁证或审核）起 {days} 天",
            action="下发《认证客户满意度调查表》并登记",
            owner="市场部",
        )

    def _reminders(self) -> Iterator[Due]:
        """Questionnaires that have not come back: reminded once, and once more."""
        for frame in self.desk.tables.of(SURVEYS):
            waiting = ~frame.filled("returned_on") & frame.judged("returned_on")
            known = waiting & ~np.isnat(frame.days("sent_on")) & ~frame.where("delivered", frozenset({"否"}))
            for position in np.flatnonzero(known).tolist():
                yield from self._reminder(Line(frame=frame, position=position))

    def _reminder(self, line: Line) -> Iterator[Due]:
        sent, reminded = line.day("sent_on"), line.day("reminded_on")
        first, second = self.desk.number("满意度首次催收天数"), self.desk.number("满意度再次催收天数")
        old = self.desk.today - timedelta(days=self.desk.number("待办展望天数"))
        if sent is None or not old <= sent <= self.desk.today:
            return  # nobody answers a questionnaire of last season
        if reminded is not None and (reminded - sent).days >= second:
            return
        item = "满意度首次催收天数" if reminded is None else "满意度再次催收天数"
        days = first if reminded is None else second
        yield self.desk.due(
            line,
            self.desk.term(item),
            "reminded_on",
            kind="满意度表催收",
            number=line.text("survey_no"),
            system="",
            due_on=sent + timedelta(days=days),
            urgent=1,
            near=_WEEK,
            basis=f"{line.text('survey_no')} {sent} 下发后 {days} 天未收回",
            action="打电话催收，填写催收日期",
            owner="市场部",
        )

    @cached_property
    def frequencies(self) -> dict[str, tuple[int, Term]]:
        """Visits a year by grade, with the criterion that says so."""
        rows = visits_of(self.desk.tables.frames)
        return {grade: _frequency(row) for grade, row in rows.items()}

    def _visit(self, rows: list[Certificate]) -> Iterator[Due]:
        """The next visit, or the last one missed: as often a year as the client's grade asks."""
        row = rows[0]
        grade = self.grades.get(row.owner_of[0], "")
        found = self.frequencies.get(grade or UNGRADED) if self.desk.tables.of(PLANS) else None
        begun = row.begun
        if found is None or begun is None or begun > self.desk.today:
            return
        times, term = found
        last = self._visited.get(row.line.text("contract_no"))
        start = max(begun, last) if last else begun
        end = _occurrence(start, times, self.desk.today)
        since = "上次回访" if last == start else "颁证"
        yield self.desk.due(
            row.line,
            term,
            "client",
            kind="客户回访",
            service=VISIT,
            system="",
            grade=grade,
            due_on=end,
            plan_on=self.desk.workdays.on_or_before(end),
            urgent=_WEEK,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"{f'{grade} 级' if grade else UNGRADED}客户每年 {times} 次，自 {start}（{since}）起",
            action="电话回访或走访，了解体系运行和变化",
            owner="市场部",
        )


def _frequency(row: PolicyRow) -> tuple[int, Term]:
    times = int(row.number("value") or 1)
    return times, Term(item=row.text("item"), value=times, profile="评价准则", source=row.text("source"))


def _occurrence(start: date, times: int, today: date) -> date:
    """Of so many times a year from the start on, the last that is over; where none is, the first."""
    number, day = 1, _later(start, times, 1)
    while (after := _later(start, times, number + 1)) < today:
        number, day = number + 1, after
    return day


def _later(start: date, times: int, number: int) -> date:
    """The n-th of so many times a year: by the month where the year divides so."""
    if _MONTHS % times == 0:
        return add_months(start, number * _MONTHS // times)
    return start + timedelta(days=number * _YEAR // times)


def _newest(desk: Desk, rows: Iterator[Line], name: str) -> dict[str, date]:
    """The newest day of each contract that is not ahead of today."""
    newest: dict[str, date] = {}
    for line in rows:
        day, contract = line.day(name), line.text("contract_no")
        if day is not None and contract and day <= desk.today:
            newest[contract] = max(day, newest.get(contract, day))
    return newest
