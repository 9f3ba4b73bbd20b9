"""When two stored values are the same, and how they are told beside each other."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from math import isclose
from typing import Final

from zlxl.schema.values import (
    PENDING,
    ErrorValue,
    Pending,
    Raw,
    StoredNumber,
    from_serial,
    is_date_format,
    plain_number,
    shown,
    to_serial,
)

NOTHING: Final = "（空）"
AS_TEXT: Final = "（文本）"
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 0{1,2}:00(:00)?)?").fullmatch
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?").fullmatch  # 050000 is none
_EXACT: Final = 2**53  # whole numbers below it are exact as floats
_SAME: Final = 1e-14  # Excel keeps 15 to 17 digits of a number


def meant(raw: Raw) -> Raw:
    """A number that shows a date as that date, all else as it is."""
    if isinstance(raw, StoredNumber) and is_date_format(raw.number_format):
        return from_serial(raw) or raw
    return raw


def same(a: Raw | None, b: Raw | None) -> bool:
    """Whether two cells hold the same: type and content, whatever the number format.

    A formula that was never calculated is the same as another one only: its value is not known.
    """
    first, second = _essence(a), _essence(b)
    if first[0] == second[0] == "number":
        return isclose(first[1], second[1], rel_tol=_SAME)  # type: ignore[arg-type]
    return first == second


def alike(a: Raw | None, b: Raw | None) -> bool:
    """Whether two cells show the same, for copies that know no types: ``15,000.00`` is 15000."""
    return same(a, b) or _bare(a) == _bare(b)


def _bare(raw: Raw | None) -> str:
    text = told(raw).strip()
    if day := _DAY(text):
        return "-".join((day[1], day[2].zfill(2), day[3].zfill(2)))
    return plain_number(float(text.replace(",", ""))) if _NUMBER(text) else text


def _essence(raw: Raw | None) -> tuple[str, object]:
    """Kind and content."""
    match raw:
        case None:
            return "empty", None
        case Pending():
            return "formula", None
        case bool():
            return "bool", raw
        case ErrorValue():
            return "error", str(raw)
        case str():
            return "text", str(raw)
        case date():
            return "number", _serial(raw)
    return "number", float(raw)


def _serial(moment: date) -> float:
    if not isinstance(moment, datetime):
        return float(to_serial(moment))
    return to_serial(moment) + (moment - datetime.combine(moment.date(), time())) / timedelta(days=1)


def told(raw: Raw | None, beside: Raw | None = None) -> str:
    """A value in words; a text beside another type says that it is one, else both might look alike."""
    if raw is None:
        return NOTHING
    text = repr(PENDING) if isinstance(raw, Pending) else shown(meant(raw))
    if not _is_text(raw) or beside is None:
        return text
    if not _is_text(beside):
        return text + AS_TEXT
    return f"“{text}”" if text != beside and text.split() == str(beside).split() else text


def _is_text(raw: Raw | None) -> bool:
    return isinstance(raw, str) and not isinstance(raw, ErrorValue)


def kind(raw: Raw | None) -> str:
    """The stored type for a program: empty, number, date, text, bool, error or formula (not calculated)."""
    found, _ = _essence(raw)
    dated = found == "number" and isinstance(meant(raw), date)  # type: ignore[arg-type]
    return "date" if dated else found


def plain(raw: Raw | None) -> str | float | bool | None:
    """The value for JSON: dates as ISO 8601, errors as their text, None for a formula not calculated."""
    if raw is None or isinstance(raw, Pending):
        return None
    if isinstance(raw, bool) or _is_text(raw):
        return raw  # type: ignore[return-value]
    value = meant(raw)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else float(value)
    return shown(value)
