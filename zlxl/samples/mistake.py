"""What a mistake is: where it can be made, how it changes a row, and the rule that should notice it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from zlxl.grid import a1
from zlxl.samples.dice import Dice
from zlxl.samples.numbering import Row
from zlxl.schema.table import Table

FIRST_ROW: Final = 3  #: of the data on a sheet that ``new_workbook`` describes

Edit = Mapping[str, object]  #: new content by field: a value, or a Cell where it is stored in another way


@dataclass(frozen=True, kw_only=True)
class Site:
    """A row in which a mistake may be made."""

    table: Table
    rows: Sequence[Row]
    position: int
    dice: Dice
    today: date
    number: int = 0  #: of the mistakes made before, for values that must not repeat
    partner: int = -1  #: position of the other row that is part of the mistake

    @property
    def row(self) -> Row:
        """The row."""
        return self.rows[self.position]

    @property
    def other(self) -> Row:
        """The partner's row."""
        return self.rows[self.partner]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self.row.get(name)

    def address(self, name: str) -> str:
        """A1 address of a field of the row."""
        return a1(FIRST_ROW + self.position, list(self.table.columns).index(name) + 1)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One kind of mistake."""

    code: str  #: of the rule that notices it
    table: str
    field: str  #: that is accused
    note: str  #: what went wrong, for the list of faults
    make: Callable[[Site], Edit | None]  #: None where the row does not suit
    partner: Callable[[Site], int | None] | None = None  #: the other row, which is accused as well
    appended: bool = False  #: whether the changed row is added below the table instead
    loses_dropdown: bool = False
    also: tuple[str, ...] = ()  #: codes that the same row then breaks as a consequence


def constant(name: str, value: object) -> Callable[[Site], Edit | None]:
    """A mistake that puts the same value wherever the field is filled."""
    return lambda site: {name: value} if site[name] is not None else None


def changed(name: str, change: Callable[[Any], object]) -> Callable[[Site], Edit | None]:
    """A mistake that changes what the field holds; a change to None or the same does not suit."""

    def make(site: Site) -> Edit | None:
        old = site[name]
        new = change(old) if old is not None else None
        return {name: new} if new is not None and new != old else None

    return make
