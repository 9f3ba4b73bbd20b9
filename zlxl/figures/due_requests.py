"""What customer requests wait for: confirmation, first reply, escalation, settlement (4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, Line, lines
from zlxl.figures.terms import Term
from zlxl.tables.requests import REQUESTS

CLOSED: Final = frozenset({"已办结", "已撤回"})
CLASSES: Final = frozenset({"a", "b", "c"})
_SOON: Final = 1  #: days before its last one on which an answer is urgent


@dataclass(frozen=True, kw_only=True)
class RequestDues:
    """The due items of every open request."""

    desk: Desk

    def dues(self) -> Iterator[Due]:
        """First reply, escalation and settlement of every request that is still open."""
        for line in lines(self.desk.tables, REQUESTS):
            received = line.day("received_on")
            if received is None or line.text("state") in CLOSED or not line.empty("closed_on"):
                continue
            kind = line.text("confirmed_class") or line.text("suggested_class")
            if line.text("confirmed_class") not in CLASSES:
                yield self._confirmation(line, received)
            if kind in CLASSES:
                yield from self._answers(line, received, kind)

    def _confirmation(self, line: Line, received: date) -> Due:
        """Nobody knows yet how long there is: the strictest time for a first word holds."""
        item = "a类首次答复工作日"
        return self._due(
            line,
            self.desk.term(item),
            "confirmed_class",
            kind="要求待确认",
            due_on=self.desk.workdays.later(received, self.desk.number(item)),
            basis=f"接收 {received} 后 {self.desk.number(item)} 个工作日",
            action="确认主题和 a、b、c 类别",
        )

    def _answers(self, line: Line, received: date, kind: str) -> Iterator[Due]:
        waited = int(max(0.0, line.number("waiting_days") or 0.0))
        if line.empty("replied_on"):
            yield self._step(line, received, f"{kind}类首次答复工作日", "reply_due_on", "要求首次答复")
        if kind == "c" and line.empty("escalated_on"):
            yield self._step(line, received, "c类上报工作日", "escalated_on", "要求上报")
        yield self._step(line, received, f"{kind}类办结工作日", "due_on", "要求办结", waited)

    def _step(self, line: Line, received: date, item: str, field: str, kind: str, waited: int = 0) -> Due:
        """A step by the deadline of the row; where it has none, by 时限规则 from the day of receipt."""
        days = self.desk.number(item)
        given = None if kind == "要求上报" else line.day(field)
        due_on = given or self.desk.workdays.later(received, days)
        basis = (
            f"{line.frame.table.columns[field].header} {given}"
            if given
            else f"接收 {received} 后 {days} 个工作日"
        )
        if waited:
            due_on = self.desk.workdays.later(due_on, waited)
            basis += f"，等待客户 {waited} 天顺延"
        return self._due(
            line, self.desk.term(item), field, kind=kind, due_on=due_on, basis=basis, action=_ACTIONS[kind]
        )

    def _due(self, line: Line, term: Term, field: str, **facts: object) -> Due:
        owner = line.text("owner") or "市场部"
        number = line.text("request_no")
        basis = f"{number}：{facts.pop('basis')}" if number else facts.pop("basis")
        return self.desk.due(
            line, term, field, urgent=_SOON, near=7, owner=owner, basis=basis, number=number, **facts
        )


_ACTIONS: Final = {
    "要求首次答复": "答复客户，填写首次答复日期",
    "要求上报": "职能部门无权处置的，上报上级领导并填写上报日期",
    "要求办结": "办结并请客户认可，填写办结日期",
}
