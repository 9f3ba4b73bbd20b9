"""One thing that is due: for whom, until when, by which rule, and what to do about it (4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.table import Table

OVERDUE, URGENT, NEAR, AHEAD = "逾期", "紧急", "临近", "未到"
_YEARS = range(1980, 2200)
URGENCIES = (OVERDUE, URGENT, NEAR, AHEAD)


class Tables(Protocol):
    """The tables of one workbook with the policy in force."""

    @property
    def frames(self) -> Sequence[Frame]:
        """Every frame."""

    @property
    def context(self) -> Context:
        """Lists, parameters and today."""

    def of(self, table: Table) -> Sequence[Frame]:
        """Every frame of a table."""


def plausible(value: object) -> date | None:
    """The value where it is a day that people mean: far ones are slips, and some sums of them no date."""
    return value if isinstance(value, date) and value.year in _YEARS else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a frame."""

    frame: Frame
    position: int

    def text(self, name: str) -> str:
        """A cell's text, empty where there is none or it could not be read."""
        value = self.frame.value(name, self.position)
        return value.strip() if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """A cell's date, None where there is none, it could not be read, or it is a slip."""
        return plausible(self.frame.value(name, self.position))

    def number(self, name: str) -> float | None:
        """A cell's number, None where there is none or it could not be read."""
        value = self.frame.value(name, self.position)
        return float(value) if isinstance(value, float | int) else None

    def empty(self, name: str) -> bool:
        """Whether the cell is known to be empty; False where the column is missing or unreadable."""
        return self.frame.value(name, self.position) is None

    def address(self, name: str) -> str:
        """Address of the cell, of the row's first where the column is missing."""
        row = int(self.frame.rows[self.position])
        return self.frame.address(name, row) or f"A{row}"


def lines(tables: Tables, table: Table) -> Iterator[Line]:
    """Every row of a table, on whichever sheets it stands."""
    for frame in tables.of(table):
        yield from (Line(frame=frame, position=position) for position in range(len(frame)))


@dataclass(frozen=True, kw_only=True)
class Due:
    """A thing to be done. ``due_on`` is the last day on which it is in time."""

    kind: str  #: in the clerk's words
    due_on: date
    urgent: int  #: days before ``due_on`` from which it is urgent
    near: int  #: days before ``due_on`` from which it is to be taken up
    client: str = ""
    contract_no: str = ""
    system: str = ""
    grade: str = ""
    plan_on: date | None = None  #: the working day on which it is planned or best done
    basis: str  #: what the date was computed from
    action: str  #: what to do
    owner: str
    rule: str  #: profile of 时限规则 or the body's own table
    source: str  #: the passage
    sheet: str = ""  #: where the row stands
    cell: str = ""
    service: str = ""  #: 服务类型 of the row of 服务计划 that it is worth, empty for none
    number: str = ""  #: of the row or the period that it is about, where contract and system do not tell
    plan_no: str = ""  #: row of 服务计划 that stands for it

    def days_left(self, today: date) -> int:
        """Calendar days until it is overdue; negative when it is."""
        return (self.due_on - today).days

    def urgency(self, today: date) -> str:
        """逾期, 紧急, 临近 or 未到."""
        left = self.days_left(today)
        if left < 0:
            return OVERDUE
        if left <= self.urgent:
            return URGENT
        return NEAR if left <= self.near else AHEAD


def in_order(dues: Iterable[Due], today: date) -> list[Due]:
    """By urgency, overdue first, then by day; those of a day by kind, client, contract and system."""

    def place(due: Due) -> tuple[object, ...]:
        urgency = URGENCIES.index(due.urgency(today))
        return urgency, due.due_on, due.kind, due.client, due.contract_no, due.system

    return sorted(dues, key=place)
