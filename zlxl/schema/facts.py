"""Facts that hold within one row, each judged by row and, as a cheap superset, by column."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from zlxl.schema.context import Context
from zlxl.schema.values import NOT_JUDGED, Pending, Value, issue, shown

Values = Mapping[str, Value | Pending]
Accused = tuple[str, PydanticCustomError]
Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]


class Columns(Protocol):
    """The column view a fact looks at; every array has shape (rows,)."""

    def filled(self, name: str) -> Mask:
        """Whether a cell holds anything."""

    def judged(self, name: str) -> Mask:
        """Whether the cell is empty or could be read: False also where the column is missing."""

    def days(self, name: str) -> Days:
        """Dates as datetime64[D], NaT where there is none."""

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Numbers, NaN where there is none."""

    def where(self, name: str, wanted: frozenset[str]) -> Mask:
        """Whether the cell's text is one of the wanted."""

    def pairs(self, first: str, second: str) -> tuple[list[tuple[Value, Value]], NDArray[np.int64]]:
        """Distinct pairs of two columns' read values and, per row, which one; -1 where one is missing."""


class Fact(Protocol):
    """Something that must hold within a row."""

    @property
    def always(self) -> tuple[str, ...]:
        """Fields it requires in every row."""

    @property
    def sentence(self) -> str:
        """The fact in the clerk's words, for the data dictionary ({field} stands for its header)."""

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        """Accuse fields of one row."""

    def suspects(self, columns: Columns, context: Context) -> Mask:
        """Rows that judge may accuse: none is missed, a few may be innocent."""


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of the month where there is none (29 Feb -> 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_months_columns(days: Days, months: int) -> Days:
    """add_months of every date of a column, shape (rows,); NaT stays NaT."""
    month = days.astype("datetime64[M]")
    offset = days - month.astype("datetime64[D]")
    later = month + np.timedelta64(months, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = later.astype("datetime64[D]") + offset
    return np.where(np.isnat(days), days, np.minimum(moved, last))


@dataclass(frozen=True)
class Required:
    """These fields are filled in every row."""

    fields: tuple[str, ...]
    code: str = "ZL101"

    @property
    def always(self) -> tuple[str, ...]:
        return self.fields

    @property
    def sentence(self) -> str:
        return "必填"

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        for name in self.fields:
            if values[name] is None:
                yield name, issue(self.code, reason="每行必填")

    def suspects(self, columns: Columns, context: Context) -> Mask:
        mask = columns.judged(self.fields[0]) & ~columns.filled(self.fields[0])
        for name in self.fields[1:]:
            mask |= columns.judged(name) & ~columns.filled(name)
        return mask


@dataclass(frozen=True)
class RequiredWhen:
    """A field is filled where another one says so, by an attribute of that one's choice in 码表.

    The attribute is named like the field's header and says 必填 (must), 不得填 (must not) or nothing (may).
    """

    field: str
    by: str
    choices: str  #: list in 码表 of ``by``
    attribute: str
    code: str = "ZL101"
    surplus_code: str = "ZL181"

    @property
    def always(self) -> tuple[str, ...]:
        return ()

    @property
    def sentence(self) -> str:
        return f"按{self.choices}（见码表属性“{self.attribute}”）"

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        chosen = values[self.by]
        if not isinstance(chosen, str) or chosen not in context.lists[self.choices].by_value:
            return
        demand = context.lists[self.choices].by_value[chosen].attributes.get(self.attribute)
        if demand == "必填" and values[self.field] is None:
            yield self.field, issue(self.code, reason=f"{self.choices}为“{chosen}”时必填")
        if demand == "不得填" and values[self.field] is not None:
            reason = f"{self.choices}为“{chosen}”时不应填写"
            yield self.field, issue(self.surplus_code, reason=reason, status=chosen)

    def suspects(self, columns: Columns, context: Context) -> Mask:
        choices = context.lists[self.choices].choices
        must = frozenset(c.value for c in choices if c.attributes.get(self.attribute) == "必填")
        must_not = frozenset(c.value for c in choices if c.attributes.get(self.attribute) == "不得填")
        filled = columns.filled(self.field)
        empty = columns.judged(self.field) & ~filled
        return (columns.where(self.by, must) & empty) | (columns.where(self.by, must_not) & filled)


@dataclass(frozen=True)
class RequiredWith:
    """A field is filled where another one is."""

    field: str
    by: str
    reason: str
    code: str = "ZL101"

    @property
    def always(self) -> tuple[str, ...]:
        return ()

    @property
    def sentence(self) -> str:
        return self.reason

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        if values[self.field] is None and values[self.by] not in (None, NOT_JUDGED):
            yield self.field, issue(self.code, reason=self.reason)

    def suspects(self, columns: Columns, context: Context) -> Mask:
        return columns.filled(self.by) & columns.judged(self.field) & ~columns.filled(self.field)


@dataclass(frozen=True)
class InOrder:
    """One date is not before another."""

    earlier: str
    later: str
    names: tuple[str, str]  #: their headers
    strictly: bool = False
    code: str = "ZL160"

    @property
    def always(self) -> tuple[str, ...]:
        return ()

    @property
    def sentence(self) -> str:
        return f"{self.names[1]}应{'晚于' if self.strictly else '不早于'}{self.names[0]}"

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        first, second = values[self.earlier], values[self.later]
        if not (isinstance(first, date) and isinstance(second, date)):
            return
        if second < first or (self.strictly and second == first):
            yield (
                self.later,
                issue(self.code, first=self.names[0], first_value=shown(first), rule=self.sentence),
            )

    def suspects(self, columns: Columns, context: Context) -> Mask:
        first, second = columns.days(self.earlier), columns.days(self.later)
        return second <= first if self.strictly else second < first


@dataclass(frozen=True)
class WithinMonths:
    """A date is at most so many months after another; the number is a parameter of the policy."""

    start: str
    end: str
    names: tuple[str, str]
    parameter: str
    code: str = "ZL161"

    @property
    def always(self) -> tuple[str, ...]:
        return ()

    @property
    def sentence(self) -> str:
        return f"距{self.names[0]}不超过“{self.parameter}”个月（见时限规则）"

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        start, end = values[self.start], values[self.end]
        months = int(context.number(self.parameter))
        if isinstance(start, date) and isinstance(end, date) and end > add_months(start, months):
            latest = shown(add_months(start, months))
            yield self.end, issue(self.code, start=self.names[0], months=months, latest=latest)

    def suspects(self, columns: Columns, context: Context) -> Mask:
        latest = add_months_columns(columns.days(self.start), int(context.number(self.parameter)))
        return columns.days(self.end) > latest


class PairCheck(Protocol):
    """Judges two values of a row; an accusation, or None when they agree."""

    def __call__(self, first: Value, second: Value, context: Context) -> PydanticCustomError | None:
        """Both values are present and were read."""


@dataclass(frozen=True)
class Agree:
    """Two fields of a row agree, else ``accused`` is held guilty. Judged once per distinct pair."""

    first: str
    second: str
    accused: str
    check: PairCheck
    sentence: str

    @property
    def always(self) -> tuple[str, ...]:
        return ()

    def judge(self, values: Values, context: Context) -> Iterator[Accused]:
        first, second = values[self.first], values[self.second]
        if isinstance(first, Pending) or isinstance(second, Pending) or first is None or second is None:
            return
        found = self.check(first, second, context)
        if found is not None:
            yield self.accused, found

    def suspects(self, columns: Columns, context: Context) -> Mask:
        pairs, which = columns.pairs(self.first, self.second)
        guilty = [self.check(first, second, context) is not None for first, second in pairs]
        return np.array([*guilty, False], dtype=np.bool_)[which]
