"""When two copies hold the same value, how a value is told, and how it is written into another workbook."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime, time
from typing import NamedTuple

from zlxl.changes import CellValue
from zlxl.grid import GENERAL
from zlxl.jobs.records import meant
from zlxl.schema.values import (
    ErrorValue,
    Pending,
    Raw,
    StoredNumber,
    shown,
    to_serial,
)

EMPTY = "（空）"
TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
_DAY_SECONDS = 86_400


def essence(value: Raw | None) -> Hashable:
    """What decides whether two values are the same: kind and content, never the number format."""
    match value:
        case None:
            return None
        case Pending():
            return ("?",)
        case bool():
            return "bool", value
        case ErrorValue():
            return "error", str(value)
        case str():
            return ("text", value) if value.strip() else None
        case date():
            return "number", float(f"{_serial(value):.15g}")
        case float() | int():
            return "number", float(f"{value:.15g}")  # Excel keeps no more digits
    raise TypeError(f"not a raw value: {value!r}")


def _serial(moment: date) -> float:
    if not isinstance(moment, datetime):
        return float(to_serial(moment))
    seconds = (moment - datetime.combine(moment.date(), time())).total_seconds()
    return to_serial(moment) + seconds / _DAY_SECONDS


def unknown(value: Raw | None) -> bool:
    """Whether a copy does not know the value itself: a formula never calculated, an error."""
    return isinstance(value, Pending | ErrorValue)


def told(value: Raw | None) -> str:
    """A value as a person reads it; dates as dates, nothing as （空）."""
    if essence(value) is None:
        return EMPTY
    return shown(value if value is None else meant(value))


class Stored(NamedTuple):
    """A value for the writer, its number format and the formats that this may take the place of."""

    value: CellValue
    number_format: str | None = None
    over: tuple[str, ...] = ()


def stored(value: Raw | None, old: Raw | None = None) -> Stored:
    """How a value is written over another: dates show as dates, numbers not, digits stay text.

    The cell's own format is kept wherever it shows the value rightly.
    """
    shows = value if value is None else meant(value)
    match shows:
        case None:
            return Stored(None)
        case bool():
            return Stored(shows)
        case date():
            code = value.number_format if isinstance(value, StoredNumber) else DATE_FORMAT
            return Stored(_plain_day(shows), code, () if _shows_number(old) else (GENERAL, TEXT_FORMAT))
        case str():
            return Stored(str(shows), TEXT_FORMAT if _like_number(shows) else None, (GENERAL,))
    code = value.number_format if isinstance(value, StoredNumber) else GENERAL
    return Stored(float(shows), code, () if _shows_day(old) else (TEXT_FORMAT,))  # type: ignore[arg-type]


def _shows_number(old: Raw | None) -> bool:
    """Whether the cell shows numbers as such, and so would show a date as its serial number."""
    return isinstance(old, float) and not _shows_day(old)


def _shows_day(old: Raw | None) -> bool:
    return old is not None and isinstance(meant(old), date)


def _plain_day(moment: date) -> date:
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date()
    return moment


def _like_number(text: str) -> bool:
    """Whether a program would take the text for a number when the cell is edited."""
    try:
        float(text)
    except ValueError:
        return False
    return True
