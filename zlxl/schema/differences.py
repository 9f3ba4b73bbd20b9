"""What differs between two copies of a workbook, by table, record and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from zlxl.schema.values import Raw

What = Literal["removed", "changed", "added"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """A field of a record that holds something else."""

    column: str
    old: Raw | None  #: None where it is empty
    new: Raw | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowSeen:
    """A record that only one copy holds."""

    key: str  #: as shown
    row: int  #: 1-based
    values: Mapping[str, Raw]  #: by column, empty cells left out


@dataclass(frozen=True, kw_only=True, slots=True)
class RowChange:
    """A record that both copies hold, not alike."""

    key: str  #: as the new copy shows it, else the old one
    old_row: int
    new_row: int
    fields: tuple[FieldChange, ...]  #: at least one


@dataclass(frozen=True, kw_only=True)
class ColumnSeen:
    """A column that only one copy has; its values are counted, not told."""

    column: str
    filled: int  #: rows that hold something there, of records in both copies


@dataclass(frozen=True, kw_only=True)
class TableSeen:
    """A table that only one copy has; its rows are counted, not told."""

    table: str
    sheet: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class TableDifference:
    """One table in both copies. All lists are ordered by key, then by row."""

    table: str
    sheet: str  #: of the new copy
    old_sheet: str
    added: tuple[RowSeen, ...] = ()
    removed: tuple[RowSeen, ...] = ()
    changed: tuple[RowChange, ...] = ()
    columns_added: tuple[ColumnSeen, ...] = ()
    columns_removed: tuple[ColumnSeen, ...] = ()
    remarks: tuple[str, ...] = ()  #: what limits the comparison, Chinese sentences

    def __bool__(self) -> bool:
        """Whether the table differs."""
        return bool(self.added or self.removed or self.changed or self.columns_added or self.columns_removed)

    def by_key(self) -> Iterator[tuple[What, RowSeen | RowChange]]:
        """Removed, changed and added records together, each with what happened to it."""
        rows: list[tuple[What, RowSeen | RowChange]] = [("removed", row) for row in self.removed]
        rows += [("changed", row) for row in self.changed]
        rows += [("added", row) for row in self.added]
        return iter(sorted(rows, key=lambda told: (not told[1].key, told[1].key)))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two copies side by side."""

    old: str  #: path
    new: str  #: path
    tables: tuple[TableDifference, ...] = ()  #: those that both copies have, alike or not
    tables_added: tuple[TableSeen, ...] = ()
    tables_removed: tuple[TableSeen, ...] = ()
    sheets_added: tuple[str, ...] = ()  #: of the user's own, without known table
    sheets_removed: tuple[str, ...] = ()
    sheets_in_both: tuple[str, ...] = ()  #: compared by name only

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(
            any(self.tables)
            or self.tables_added
            or self.tables_removed
            or self.sheets_added
            or self.sheets_removed
        )

    def count(self, what: What) -> int:
        """How many records are ``added``, ``removed`` or ``changed``."""
        return sum(len(getattr(table, what)) for table in self.tables)

    @property
    def fields(self) -> int:
        """How many fields of changed records differ."""
        return sum(len(row.fields) for table in self.tables for row in table.changed)
