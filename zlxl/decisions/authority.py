"""权限表: topic -> class, owner, escalation and deadlines, with the conditions that move the class (4.5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.values import Value, shown
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.policy import PolicyRow, rows_in_force

UNREASONABLE, OURS, ABOVE_US = "a", "b", "c"
CLASSES: Final = (
    ABOVE_US,
    UNREASONABLE,
    OURS,
)  #: the most severe first: c goes upwards
TEXT: Final = "要求原文"
TOPICS: Final = "要求主题"
MUST_REPORT: Final = "必须上报"  #: attribute of a topic in 码表: complaints, appeals, integrity
CHANNEL: Final = "询问渠道"  #: attribute of a topic in 码表: only asks where to complain
_SEPARATORS = re.compile(r"[;；\n]+")

Facts = Mapping[str, Sequence[Value]]  #: what is known of a request, by header of the tables


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A row of 权限表 as it holds for a topic."""

    number: str
    topic: str
    topic_class: str
    owner: str
    escalate_to: str
    basis: str
    clause: str
    answer: str
    reply_days: int | None
    close_days: int | None
    condition: str = ""  #: in words; "" without
    field: str = ""
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The ruling of a topic for one request."""

    ruling: Ruling
    met: str = ""  #: the condition that moved the class, in words
    open: tuple[str, ...] = ()  #: conditions that nothing is known for


@dataclass(frozen=True, kw_only=True, eq=False)
class Authorities:
    """权限表 by topic, and the topics that go upwards in any case."""

    rulings: Mapping[str, tuple[Ruling, ...]]
    context: Context

    def judge(self, topic: str, facts: Facts) -> Judged | None:
        """The row whose condition is met, else the one without condition; None for a topic without rows."""
        usual: Ruling | None = None
        undecided: list[str] = []
        for ruling in self.rulings.get(topic, ()):
            if not ruling.field:
                usual = usual or ruling
                continue
            met = self._met(ruling, facts)
            if met:
                return Judged(ruling=ruling, met=ruling.condition or ruling.field, open=tuple(undecided))
            if met is None:
                undecided.append(ruling.condition or ruling.field)
        return Judged(ruling=usual, open=tuple(undecided)) if usual else None

    def usual_class(self, topic: str) -> str:
        """The class of a topic without regard to conditions; "" for one that 权限表 does not hold."""
        return next((r.topic_class for r in self.rulings.get(topic, ()) if not r.field), "")

    def _met(self, ruling: Ruling, facts: Facts) -> bool | None:
        """Whether the condition holds for any known value; None where nothing is known."""
        known = [value for value in facts.get(ruling.field, ()) if value is not None]
        wanted = self._wanted(ruling.value, facts)
        if not known or not wanted:
            return None
        answers = [_compare(ruling.comparison, value, wanted) for value in known]
        return any(answers)

    def _wanted(self, value: str, facts: Facts) -> list[Value]:
        """What is compared with: a column of what is known, a parameter, or the words as they stand."""
        if value in facts:
            return [found for found in facts[value] if found is not None]
        if value in self.context.parameters:
            return [_number(self.context.parameters[value])]
        return [_number(part) for part in _SEPARATORS.split(value) if part.strip()]

    @property
    def must_report(self) -> frozenset[str]:
        """Topics that are reported upwards whatever else is asked: complaints, appeals, integrity."""
        return self._marked(MUST_REPORT)

    @property
    def channels(self) -> frozenset[str]:
        """Topics that only ask where to complain."""
        return self._marked(CHANNEL)

    @property
    def grave(self) -> frozenset[str]:
        """Topics whose words must be meant: unreasonable demands and complaints."""
        refused = {topic for topic in self.rulings if self.usual_class(topic) == UNREASONABLE}
        return frozenset(refused | self.must_report)

    def _marked(self, attribute: str) -> frozenset[str]:
        known = self.context.lists[TOPICS].choices if TOPICS in self.context.lists else ()
        return frozenset(choice.value for choice in known if choice.attributes.get(attribute) == "是")


def authorities_of(frames: Sequence[Frame], context: Context) -> Authorities:
    """The workbook's 权限表, the shipped rows where it holds none."""
    found: dict[str, list[Ruling]] = defaultdict(list)
    for ruling in _rulings(rows_in_force(AUTHORITY, frames)):
        found[ruling.topic].append(ruling)
    return Authorities(rulings={topic: tuple(rows) for topic, rows in found.items()}, context=context)


def _rulings(rows: Sequence[PolicyRow]) -> Iterator[Ruling]:
    for row in rows:
        if row.text("topic") and row.text("topic_class") in CLASSES:
            yield Ruling(
                number=row.text("rule_no"),
                topic=row.text("topic"),
                topic_class=row.text("topic_class"),
                owner=row.text("owner"),
                escalate_to=row.text("escalate_to"),
                basis=row.text("basis"),
                clause=row.text("clause"),
                answer=row.text("answer"),
                reply_days=_days(row, "reply_days"),
                close_days=_days(row, "close_days"),
                condition=row.text("condition"),
                field=row.text("condition_field"),
                comparison=row.text("comparison"),
                value=row.text("condition_value"),
            )


def _days(row: PolicyRow, name: str) -> int | None:
    number = row.number(name)
    return None if number is None else int(number)


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _compare(comparison: str, value: Value, wanted: Sequence[Value]) -> bool:
    match comparison:
        case "等于":
            return any(_same(value, one) for one in wanted)
        case "不等于":
            return not any(_same(value, one) for one in wanted)
        case "包含任一":
            return any(shown(one) in shown(value) for one in wanted)
        case "不包含":
            return not any(shown(one) in shown(value) for one in wanted)
    return any(_ordered(comparison, value, one) for one in wanted)


def _same(value: Value, other: Value) -> bool:
    return value == other or shown(value).strip() == shown(other).strip()


def _ordered(comparison: str, value: Value, other: Value) -> bool:
    """Order of two numbers or two dates; others have none."""
    sides = _sides(value, other)
    if sides is None:
        return False
    left, right = sides
    match comparison:
        case "大于" | "晚于":
            return left > right
        case "小于" | "早于":
            return left < right
        case "不小于":
            return left >= right
        case "不大于":
            return left <= right
    return False


def _sides(value: Value, other: Value) -> tuple[float, float] | None:
    if isinstance(value, date) and isinstance(other, date):
        return float(value.toordinal()), float(other.toordinal())
    if isinstance(value, int | float) and isinstance(other, int | float):
        return float(value), float(other)
    return None
