"""Measures of 改进措施 and how far they have come: in time, late or without a date (4.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.satisfaction_period import Period
from zlxl.tables.improvements import IMPROVEMENTS

CANCELLED: Final = "取消"
IN_TIME, LATE, RUNNING, OVERDUE, UNDATED, OFF = "按期完成", "逾期完成", "未到期", "逾期未完成", "未定", "取消"
STATES: Final = (IN_TIME, LATE, RUNNING, OVERDUE, UNDATED, OFF)
_SEPARATORS: Final = re.compile(r"[;；,，、\s]+")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A row of 改进措施."""

    line: Line
    number: str
    year: int | None
    today: date

    def text(self, name: str) -> str:
        """A cell's text."""
        return self.line.text(name)

    def day(self, name: str) -> date | None:
        """A cell's date."""
        return self.line.day(name)

    @cached_property
    def records(self) -> frozenset[str]:
        """Numbers of the requests it goes back to."""
        return frozenset(part for part in _SEPARATORS.split(self.text("records")) if part)

    @cached_property
    def state(self) -> str:
        """How far it has come by today, from its dates."""
        due, done = self.day("due_on"), self.day("done_on")
        if self.text("status") == CANCELLED:
            return OFF
        if due is None:
            return UNDATED
        if done is not None:
            return IN_TIME if done <= due else LATE
        return OVERDUE if due < self.today else RUNNING

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.day("done_on") is None and self.text("status") != CANCELLED


def measures_of(tables: Tables, period: Period) -> tuple[Measure, ...]:
    """Measures of the year, and those of earlier years that were not finished before it began."""
    found = (_measure(line, tables.context.today) for line in lines(tables, IMPROVEMENTS))
    return tuple(measure for measure in found if _belongs(measure, period))


def _measure(line: Line, today: date) -> Measure:
    year, raised = line.number("year"), line.day("raised_on")
    told = int(year) if year is not None else raised.year if raised else None
    return Measure(line=line, number=line.text("measure_no"), year=told, today=today)


def _belongs(measure: Measure, period: Period) -> bool:
    if not measure.text("measure") and not measure.text("problem"):
        return False
    if measure.year == period.year:
        return True
    done = measure.day("done_on")
    earlier = measure.year is not None and measure.year < period.year
    return earlier and measure.text("status") != CANCELLED and (done is None or done >= period.start)


def measures_for(measures: Iterable[Measure], topic: str, numbers: Iterable[str]) -> tuple[Measure, ...]:
    """Those that name the topic, or one of the requests."""
    asked = frozenset(numbers)
    return tuple(m for m in measures if (topic and m.text("topic") == topic) or m.records & asked)


def measures_about(measures: Sequence[Measure], words: Iterable[str]) -> tuple[Measure, ...]:
    """Those whose problem speaks of one of the words."""
    told = tuple(words)
    return tuple(m for m in measures if any(word in m.text("problem") for word in told))


def states_in_words(measures: Iterable[Measure]) -> str:
    """Numbers and states of measures in one cell."""
    return "；".join(f"{measure.number or '（无编号）'} {measure.state}" for measure in measures)
