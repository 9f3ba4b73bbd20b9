"""Functions in cells of Calc: a call as it comes over the wire, and the document that holds the cell.

LibreOffice hands its add-ins numbers and texts only: a day is its serial number, TRUE is 1, and a single
empty cell is 0 (in a range it is empty).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from zlxl.grid import Area, ListObject
from zlxl.hosts.functions import FUNCTION
from zlxl.hosts.udf.call import Caller
from zlxl.hosts.udf.shape import BadArgumentError, word
from zlxl.schema.column import Storage
from zlxl.schema.headers import field_of
from zlxl.schema.table import Table
from zlxl.schema.values import ErrorValue, from_serial, to_serial
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS

if TYPE_CHECKING:
    from zlxl.hosts.calc.server import Office

#: Arguments, by function and place, whose single 0 is a number; any other is an empty cell.
_COUNTS: Final = frozenset({("ZL_ADD_WORKDAYS", 1)})
_BY_COLUMN: Final = frozenset({"ZL_CHECK", "ZL_SUGGEST_FIX"})  #: values, then their headers, then the table
_BY_NAME: Final = {table.name: table for table in TABLES}
_DAY_SECONDS: Final = 86_400

Rows = list[list[Any]]


@dataclass(frozen=True)
class WireSheet:
    """A sheet of the calling document."""

    office: Office
    name: str  #: of its tab

    def values(self, rows: int | None = None) -> object:
        """Values from A1 to the last used cell, or of the first rows only."""
        return received(self.office.ask("values", self.name, rows))

    def list_objects(self) -> Sequence[ListObject]:
        """Its database ranges, which tables of an .xlsx become."""
        return [
            ListObject(
                name=table["name"],
                area=Area(table["top"], table["left"], table["bottom"], table["right"]),
                totals_rows=int(table["totals"]),
            )
            for table in self.office.ask("tables", self.name)
        ]


@dataclass(frozen=True)
class WireBook:
    """The document that holds the calling cell."""

    office: Office
    name: str  #: what tells it from other open documents

    @property
    def file(self) -> str:
        """Its path, empty where it was never saved."""
        return str(self.office.ask("file"))

    def sheets(self) -> Sequence[WireSheet]:
        """In the order of the tabs."""
        return [WireSheet(self.office, name) for name in self.office.ask("sheets")]


class Calls:
    """Answers calls of functions, each by the policy of the document that it comes from."""

    def __init__(self, office: Office) -> None:
        self._office, self._book = office, ""
        self._caller = Caller(lambda: WireBook(office, self._book) if self._book else None)

    def __call__(self, message: Mapping[str, Any]) -> Rows:
        """The rows of the answer; days as serial numbers, errors as their texts.

        Asking may make other cells call before this call is answered; each has its own document.
        """
        name, arguments = message["call"], message["arguments"]
        outer, self._book = self._book, message.get("book", "")
        try:
            answer = self._caller(name, *given(name, arguments))
        finally:
            self._book = outer
        return sent(answer) if FUNCTION[name].dates else answer


def given(name: str, arguments: Sequence[Any]) -> list[Any]:
    """The arguments of a function as its body takes them."""
    meant = [
        None if argument == 0 and not isinstance(argument, bool) and (name, at) not in _COUNTS else argument
        for at, argument in enumerate(map(received, arguments))
    ]
    return with_days(*meant) if name in _BY_COLUMN and len(meant) > 1 else meant


def received(argument: Any) -> Any:
    """An argument or its rows, with errors and days as the functions take them."""
    if isinstance(argument, list):
        return [received(cell) if type(cell) in (list, dict) else cell for cell in argument]
    if not isinstance(argument, dict):
        return argument
    return _day(argument["day"]) if "day" in argument else ErrorValue(argument["error"])


def with_days(value: Any, column: Any, table: Any = None, *others: Any) -> list[Any]:
    """The arguments with the numbers in columns of days as days: of their formats nothing is known."""
    declared = _declared(table)
    rows = value if isinstance(value, list) else [[value]]
    headers = [cell for row in column for cell in row] if isinstance(column, list) else [column]
    if declared is not None and len(headers) in (1, len(rows[0])):
        days = [_holds_days(declared, header) for header in headers] * (len(rows[0]) // len(headers))
        rows = [
            [_day(cell) if day and type(cell) is float else cell for cell, day in zip(row, days, strict=True)]
            for row in rows
        ]
    return [rows, column, table, *others]


def _declared(table: object) -> Table | None:
    try:
        return _BY_NAME.get(word(table, CLIENTS.name))
    except BadArgumentError:  # the function will say so
        return None


def _holds_days(table: Table, header: object) -> bool:
    field = field_of(table, header) if isinstance(header, str) else None
    return field is not None and table.columns[field].storage is Storage.DATE


def _day(number: float) -> object:
    return from_serial(number) or number


def sent(rows: Rows) -> Rows:
    """Rows without days, which the wire does not know."""
    return [[_serial(cell) if isinstance(cell, datetime) else cell for cell in row] for row in rows]


def _serial(moment: datetime) -> float:
    return to_serial(moment) + (moment.hour * 3600 + moment.minute * 60 + moment.second) / _DAY_SECONDS
