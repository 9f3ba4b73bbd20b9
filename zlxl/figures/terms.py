"""Numbers of 时限规则 with the rule they come from, by the profile in force on a day (4.3, domain.md 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from zlxl.schema.facts import add_months
from zlxl.schema.frame import Frame
from zlxl.tables.policy import PolicyRow, shipped_rows, workbook_rows
from zlxl.tables.timing import TIMING

_DAY: Final = timedelta(days=1)

_MOST: Final = 1_200  # months or days a term may have


@dataclass(frozen=True, kw_only=True)
class Term:
    """One number of 时限规则 and the days on which it holds."""

    item: str
    value: int
    profile: str  #: the rule it comes from
    source: str  #: the passage
    systems: frozenset[str] = frozenset()  #: empty: every system
    since: date = date.min
    until: date = date.max

    def holds(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The last day allowed, and the term that says so."""

    day: date
    term: Term


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Every term by its item; of rows that cannot be obeyed none."""

    by_item: dict[str, list[Term]] = field(default_factory=dict)

    @classmethod
    def of(cls, frames: Sequence[Frame] = ()) -> Terms:
        """The workbook's terms; items that it does not have as shipped."""
        shipped = _by_item(shipped_rows(TIMING))
        return cls(by_item=shipped | _by_item(workbook_rows(TIMING, frames)))

    def of_system(self, item: str, system: str = "") -> list[Term]:
        """The terms of an item that a system goes by: its own, else those of every system."""
        terms = self.by_item.get(item, [])
        own = [term for term in terms if system in term.systems]
        return own or [term for term in terms if not term.systems]

    def on(self, item: str, day: date, system: str = "") -> Term | None:
        """The term in force on a day, of several the one that began last; None when there is none."""
        holding = [term for term in self.of_system(item, system) if term.holds(day)]
        return max(holding, key=lambda term: term.since, default=None)

    def number(self, item: str, day: date, system: str = "") -> int:
        """The number in force on a day; of an item whose terms have all ended or not begun, the nearest.

        Raises:
            KeyError: nobody knows the item.
        """
        nearest = [*self.of_system(item, system), *self.by_item.get(item, [])]
        term = self.on(item, day, system) or next(iter(nearest), None)
        if term is None:
            raise KeyError(item)
        return term.value

    def months_from(self, item: str, start: date, system: str = "") -> Limit | None:
        """The last day on which no term of months is broken that is in force on that day.

        A term that ended before its months ran out is never broken. One that began when they had already
        run out is broken from its first day, so the last day is the one before.
        """
        limits = [_limit(term, start) for term in self.of_system(item, system)]
        return min((limit for limit in limits if limit), key=lambda limit: limit.day, default=None)


def _limit(term: Term, start: date) -> Limit | None:
    if term.until < start:
        return None
    last = add_months(start, term.value)
    if last > term.until:
        return None
    return Limit(day=last if last >= term.since else max(start, term.since - _DAY), term=term)


def _by_item(rows: Iterable[PolicyRow]) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = defaultdict(list)
    for row in rows:
        value = row.number("value")
        if value is not None and 0 <= value <= _MOST:
            found[row.text("item")].append(_term(row, int(value)))
    return dict(found)


def _term(row: PolicyRow, value: int) -> Term:
    systems = row.text("system").replace("；", ";").split(";")
    return Term(
        item=row.text("item"),
        value=value,
        profile=row.text("profile"),
        source=row.text("source"),
        systems=frozenset(system.strip() for system in systems if system.strip()),
        since=row.day("valid_from") or date.min,
        until=row.day("valid_until") or date.max,
    )
