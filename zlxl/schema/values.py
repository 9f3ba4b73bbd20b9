"""The raw values a cell type judges, and how a type says what is wrong with one."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from pydantic_core import PydanticCustomError

from zlxl.findings import Fix

EPOCH_1904_DAYS: Final = 1462
LAST_SERIAL: Final = 2_958_465  # 9999-12-31
_DAY_ZERO: Final = datetime(1899, 12, 30)
_NOT_DATE_CODE = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.')


class StoredNumber(float):
    """A number cell together with the number format it is shown under."""

    number_format: str

    def __new__(cls, value: float, number_format: str) -> StoredNumber:
        """Make one from the stored value and its format code."""
        number = super().__new__(cls, value)
        number.number_format = number_format
        return number


class ErrorValue(str):
    """An error cell such as ``#N/A``."""

    __slots__ = ()


class Pending:
    """A formula that was never calculated: its value is unknown, not empty."""

    def __repr__(self) -> str:
        return "公式未计算"


class Broken:
    """An accusation in the place of a value, where one bad value must not stop the list."""

    __slots__ = ("accused",)

    def __init__(self, accused: PydanticCustomError) -> None:
        self.accused = accused


PENDING: Final = Pending()
NOT_JUDGED: Final = Pending()  # a value that is there but could not be read

Raw = str | float | bool | date | datetime | ErrorValue | Pending
Value = str | float | date | None


def is_date_format(code: str) -> bool:
    """Whether a number format shows dates (ECMA-376 part 1, 18.8.31)."""
    if code == "General":
        return False
    bare = _NOT_DATE_CODE.sub("", code.split(";")[0]).lower()
    return "general" not in bare and any(letter in bare for letter in "ymdhs年月日")


def from_serial(serial: float, *, date1904: bool = False) -> datetime | None:
    """Date and time of an Excel serial number; None when there is none (before 1900-03-01, after 9999)."""
    days = serial + (EPOCH_1904_DAYS if date1904 else 0)
    if not 61 <= days <= LAST_SERIAL:
        return None
    return _DAY_ZERO + timedelta(days=int(days), seconds=round(days % 1 * 86400))


def to_serial(day: date) -> int:
    """Excel serial number of a date (1900 system, from 1900-03-01)."""
    return day.toordinal() - 693_594


def shown(value: object) -> str:
    """A value as a person would read it in a message."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time().isoformat() != "00:00:00" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return plain_number(value)
    return "" if value is None else f"{value}"


def plain_number(value: float) -> str:
    """A number without exponent and without a trailing ``.0``."""
    if abs(value) < 1e22 and value == int(value):
        return str(int(value))
    return repr(float(value))


def issue(
    code: str, *, recovered: Value | Pending = NOT_JUDGED, fix: Fix | None = None, **facts: object
) -> PydanticCustomError:
    """What a cell type raises: the rule's code, what the value means all the same, facts for its words."""
    context: dict[str, Any] = {"recovered": recovered, "fix": fix, "facts": facts}
    return PydanticCustomError(cast("Any", code), cast("Any", code), context)
