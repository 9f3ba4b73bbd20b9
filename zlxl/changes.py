"""What is to be changed in a workbook: jobs decide it, ``excel`` writes it, and neither sees the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (with its ``=``) and the value it has now, shown until the workbook is calculated."""

    text: str
    value: float | int | str | bool | date | time | timedelta | None = field(default=None, kw_only=True)


CellValue = str | int | float | bool | date | time | timedelta | Formula | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """A value for one cell; everything else about the cell stays."""

    sheet: str
    row: int  #: 1-based
    column: int  #: 1-based
    value: CellValue  #: None empties the cell; a date becomes a serial number of the workbook's date system
    number_format: str | None = None  #: format code to show it under; None keeps the cell's
    over: tuple[str, ...] = ()  #: apply the format only where the cell's is one of these; none: over any
    replace_formula: bool = False  #: whether a formula in the cell may give way to the value


@dataclass(frozen=True, kw_only=True, slots=True)
class LookChange:
    """A look for one cell; its value and everything else of its style stay."""

    sheet: str
    row: int  #: 1-based
    column: int  #: 1-based
    fill: str | None = None  #: solid colour as RRGGBB, "" for no fill; None keeps the cell's
    number_format: str | None = None  #: format code; None keeps the cell's


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteChange:
    """A note of ours on one cell; notes of the user are never touched."""

    sheet: str
    row: int  #: 1-based
    column: int  #: 1-based
    text: str | None  #: None removes our note


@dataclass(frozen=True, kw_only=True, slots=True)
class CellMark:
    """A fault shown on its cell: painted, with a note; taken off again without a trace."""

    sheet: str
    row: int  #: 1-based
    column: int  #: 1-based
    level: str  #: "error", "warning" or "note"
    text: str  #: of the note


@dataclass(frozen=True, kw_only=True, slots=True)
class RowAppended:
    """A new row behind the last one of a table."""

    table: str  #: name of the Excel table, or of the sheet that holds a plain one
    values: Mapping[str, CellValue]  #: by header as the sheet spells it
    number_formats: Mapping[str, str] | None = None  #: by header, where the column's own does not fit
    because: CellChange | None = None  #: left out when this change is refused


Change = CellChange | LookChange | NoteChange | CellMark | RowAppended


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A change that was not made, and why."""

    change: CellChange
    reason: str  #: Chinese, follows the address
