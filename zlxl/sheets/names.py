"""Defined names of the database: the lists of 码表, the thresholds of 时限规则, and today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zlxl.schema.facts import RequiredWhen
from zlxl.schema.table import Table
from zlxl.sheet import Name
from zlxl.tables.catalog import TABLES
from zlxl.tables.lists import LISTS
from zlxl.tables.timing import TIMING

TODAY: Final = "今天"

#: thresholds of 时限规则 that formulas and marks look at, with the value they fall back to
THRESHOLDS: Final[Mapping[str, int]] = {
    "监审紧急提醒天数": 30,
    "监审未排提醒天数": 60,
    "再认证合同提前天数": 90,
    "暂停最长月数": 6,
    "联系人核实周期月数": 12,
    "满意度首次催收天数": 15,
    "满意度再次催收天数": 30,
}


def ref(table: Table, field: str) -> str:
    """Reference to the data cells of a column; never the bare table, which Calc reads otherwise."""
    return f"{table.name}[{table.columns[field].header}]"


def list_name(choices: str) -> str:
    """Name of the cells of 码表 that hold a list's values."""
    return f"列表_{choices}"


def attributes_name(choices: str) -> str:
    """Name of the cells of 码表 that hold the attributes of a list's values."""
    return f"属性_{choices}"


def threshold_name(item: str) -> str:
    """Name of a number in 时限规则."""
    return f"时限_{item}"


def lists_used() -> tuple[str, ...]:
    """Lists of 码表 that some column draws on, sorted."""
    used = {column.choices for table in TABLES for column in table.columns.values()}
    return tuple(sorted(choices for choices in used if choices))


def _lists_with_attributes() -> tuple[str, ...]:
    facts = [fact for table in TABLES for fact in table.model.facts]
    return tuple(sorted({fact.choices for fact in facts if isinstance(fact, RequiredWhen)}))


def _run_of(choices: str, field: str) -> str:
    """The cells of a column of 码表 in the rows of one list: grows and moves with the list."""
    names, column = ref(LISTS, "list_name"), ref(LISTS, field)
    first = f'MATCH("{choices}",{names},0)'
    return f'=INDEX({column},{first}):INDEX({column},{first}+COUNTIF({names},"{choices}")-1)'


def _threshold(item: str, fallback: int) -> str:
    found = f'INDEX({ref(TIMING, "value")},MATCH("{item}",{ref(TIMING, "item")},0))'
    return f"=IFERROR({found},{fallback})"


def database_names(today_cell: str) -> Iterator[Name]:
    """Every name of the database; ``today_cell`` is the absolute address of the cell that holds today."""
    yield Name(name=TODAY, formula=f"={today_cell}")
    for choices in lists_used():
        yield Name(name=list_name(choices), formula=_run_of(choices, "value"))
    for choices in _lists_with_attributes():
        yield Name(name=attributes_name(choices), formula=_run_of(choices, "attributes"))
    for item, fallback in THRESHOLDS.items():
        yield Name(name=threshold_name(item), formula=_threshold(item, fallback))
