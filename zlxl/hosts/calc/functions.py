"""Functions in cells of Calc: a call as it comes over the wire, and the document that holds the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zlxl.grid import Area, ListObject
from zlxl.hosts.functions import FUNCTION
from zlxl.hosts.udf.call import Caller
from zlxl.schema.values import ErrorValue, to_serial

if TYPE_CHECKING:
    from zlxl.hosts.calc.server import Office

_DAY_SECONDS = 86_400


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

    def __call__(self, message: Mapping[str, Any]) -> list[list[Any]]:
        """The rows of the answer; days as serial numbers, errors as their texts.

        Asking may make other cells call before this call is answered; each has its own document.
        """
        outer, self._book = self._book, message.get("book", "")
        try:
            answer = self._caller(message["call"], *map(received, message["arguments"]))
        finally:
            self._book = outer
        return sent(answer) if FUNCTION[message["call"]].dates else answer


def received(argument: Any) -> Any:
    """An argument or its rows, with errors as the functions take them."""
    if isinstance(argument, list):
        return [received(cell) if type(cell) in (list, dict) else cell for cell in argument]
    return ErrorValue(argument["error"]) if isinstance(argument, dict) else argument


def sent(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows without days, which the wire does not know."""
    return [[_serial(cell) if isinstance(cell, datetime) else cell for cell in row] for row in rows]


def _serial(moment: datetime) -> float:
    return to_serial(moment) + (moment.hour * 3600 + moment.minute * 60 + moment.second) / _DAY_SECONDS
