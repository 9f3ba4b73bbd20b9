"""Terms of the first sheet: each condition is a COUNTIFS criterion and a Python test of a row alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import ge, le, lt
from typing import Final

from zlxl.schema.facts import add_months
from zlxl.schema.table import Table
from zlxl.sheets.names import THRESHOLDS, TODAY, ref, threshold_name
from zlxl.tables.timing import TIMING

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The day and the thresholds that hold, as the formulas see them."""

    today: date
    thresholds: Mapping[str, int]

    @classmethod
    def of(cls, rows: Rows, today: date) -> Moment:
        """The thresholds as the first row of each item in 时限规则 says."""
        found = dict(THRESHOLDS)
        for row in reversed(rows.get(TIMING.name, ())):
            item, value = row.get("item"), row.get("value")
            if item in THRESHOLDS and isinstance(value, int | float):
                found[str(item)] = int(value)
        return cls(today=today, thresholds=found)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as a formula and as a computation."""

    formula: str
    of: Callable[[Moment], date]


NOW: Final = Day(formula=TODAY, of=lambda moment: moment.today)
MONTH_START: Final = Day(formula=f"{TODAY}-DAY({TODAY})+1", of=lambda moment: moment.today.replace(day=1))
MONTH_END: Final = Day(
    formula=f"EOMONTH({TODAY},0)",
    of=lambda moment: add_months(moment.today.replace(day=1), 1) - timedelta(days=1),
)


def in_days(item: str, sign: int = 1) -> Day:
    """Today and so many days as the threshold says (or, with sign -1, before)."""
    return Day(
        formula=f"{TODAY}{'+' if sign > 0 else '-'}{threshold_name(item)}",
        of=lambda moment: moment.today + timedelta(days=sign * moment.thresholds[item]),
    )


def months_ago(item: str) -> Day:
    """So many months before today as the threshold says."""
    return Day(
        formula=f"EDATE({TODAY},-{threshold_name(item)})",
        of=lambda moment: add_months(moment.today, -moment.thresholds[item]),
    )


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A test of one field: as the criterion COUNTIFS takes, and of a value."""

    field: str
    criterion: str
    holds: Callable[[object, Moment], bool]


def equal(field: str, text: str) -> Condition:
    """The field is this text."""
    return Condition(field=field, criterion=f'"{text}"', holds=lambda value, _: value == text)


def unequal(field: str, text: str) -> Condition:
    """The field is not this text."""
    return Condition(field=field, criterion=f'"<>{text}"', holds=lambda value, _: value != text)


def empty(field: str) -> Condition:
    """The field holds nothing."""
    return Condition(field=field, criterion='""', holds=lambda value, _: value in (None, ""))


def filled(field: str) -> Condition:
    """The field holds a text."""
    return Condition(
        field=field, criterion='"?*"', holds=lambda value, _: isinstance(value, str) and value != ""
    )


_COMPARISONS: Final[Mapping[str, Callable[[date, date], bool]]] = {"<": lt, "<=": le, ">=": ge}


def dated(field: str, comparison: str, day: Day) -> Condition:
    """The field is a date before, until or from the day (``<``, ``<=``, ``>=``)."""
    compare = _COMPARISONS[comparison]
    return Condition(
        field=field,
        criterion=f'"{comparison}"&{day.formula}',
        holds=lambda value, moment: isinstance(value, date) and compare(value, day.of(moment)),
    )


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number of the first sheet: as an expression, and counted from the table's rows."""

    table: Table
    expression: str  #: the formula without ``=``
    count: Callable[[Sequence[Row], Moment], int]


def rows_with(table: Table, *alternatives: tuple[Condition, ...]) -> Quantity:
    """Rows in which all conditions of an alternative hold; the alternatives exclude each other."""
    parts = [
        f"COUNTIFS({','.join(f'{ref(table, c.field)},{c.criterion}' for c in conditions)})"
        for conditions in alternatives
    ]

    def count(rows: Sequence[Row], moment: Moment) -> int:
        return sum(
            all(c.holds(row.get(c.field), moment) for c in conditions)
            for row in rows
            for conditions in alternatives
        )

    return Quantity(table=table, expression="+".join(parts), count=count)


def different(table: Table, field: str) -> Quantity:
    """Different texts in a column."""
    cells = ref(table, field)
    return Quantity(
        table=table,
        expression=f'ROUND(SUMPRODUCT(({cells}<>"")/COUNTIF({cells},{cells}&"")),0)',
        count=lambda rows, _: len(_tally(field, rows)),
    )


def doubled(table: Table, field: str) -> Quantity:
    """Cells of a column whose text occurs more than once."""
    cells = ref(table, field)
    return Quantity(
        table=table,
        expression=f'SUMPRODUCT(({cells}<>"")*(COUNTIF({cells},{cells}&"")>1))',
        count=lambda rows, _: sum(times for times in _tally(field, rows).values() if times > 1),
    )


def _tally(field: str, rows: Sequence[Row]) -> Counter[str]:
    """How often each text occurs; Excel does not tell capitals from small letters."""
    values = (row.get(field) for row in rows)
    return Counter(str(value).casefold() for value in values if value not in (None, ""))
