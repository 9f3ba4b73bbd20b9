"""What is to be written into which cell: jobs decide it, ``excel`` writes it, and neither sees the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CellValue = str | int | float | bool | date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """A value for one cell; everything else about the cell stays."""

    sheet: str
    row: int  #: 1-based
    column: int  #: 1-based
    value: CellValue  #: None empties the cell; a date becomes a serial number of the workbook's date system
    number_format: str | None = None  #: format code to show it under; None keeps the cell's
    over: tuple[str, ...] = ()  #: apply the format only where the cell's is one of these; none: over any


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A change that was not made, and why."""

    change: CellChange
    reason: str  #: Chinese, follows the address
