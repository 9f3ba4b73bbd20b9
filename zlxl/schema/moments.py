"""Moments by number format: whether it shows days, times of day or durations, and what a number means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from zlxl.schema.values import from_serial, is_date_format

MILLISECONDS_A_DAY = 86_400_000
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_UNIT = re.compile(r"am/pm|a/p|\[[hms]+\]|y+|m+|d+|h+|s+|[年月日]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shows:
    """What a number format shows."""

    day: bool = False
    time: bool = False
    elapsed: bool = False  #: hours, minutes or seconds beyond their usual end


@lru_cache(maxsize=1024)
def shows(code: str) -> Shows:
    """What a number format shows; nothing where it shows a plain number or text."""
    if not is_date_format(code):
        return Shows()
    units = _UNIT.findall(_ASIDE.sub("", code.lower().partition(";")[0]))
    elapsed = any(unit.startswith("[") for unit in units)
    clock = [unit[0] in "hs[" or unit in ("am/pm", "a/p") for unit in units]
    pairs = zip(["", *units], units, [*units[1:], ""], strict=False)
    # An m beside hours or seconds is minutes, any other a month.
    minutes = [
        unit[0] == "m" and (before.startswith(("h", "[h")) or behind[:1] == "s")
        for before, unit, behind in pairs
    ]
    day = any(not a and not b for a, b in zip(clock, minutes, strict=True))
    return Shows(day=day, time=any(clock) or any(minutes), elapsed=elapsed)


def fits(value: date | time | timedelta, code: str) -> bool:
    """Whether a format shows the value for what it is."""
    if isinstance(value, date):
        return is_date_format(code)
    shown = shows(code)
    if isinstance(value, timedelta) and not timedelta() <= value < timedelta(days=1):
        return shown.elapsed
    return shown.time and not shown.day


def moment(serial: float, code: str, *, date1904: bool) -> date | time | timedelta | None:
    """The moment or duration that a number is under a format, to the millisecond; None where it is none."""
    shown = shows(code)
    if shown.elapsed:
        within = abs(serial) < timedelta.max.days
        return timedelta(milliseconds=round(serial * MILLISECONDS_A_DAY)) if within else None
    if shown.time and not shown.day and 0 <= serial < 1:
        milliseconds = min(round(serial * MILLISECONDS_A_DAY), MILLISECONDS_A_DAY - 1)
        return (datetime.min + timedelta(milliseconds=milliseconds)).time()
    day = from_serial(serial // 1, date1904=date1904) if shown.day or (shown.time and serial >= 1) else None
    if day is None:
        return None
    milliseconds = round(serial % 1 * MILLISECONDS_A_DAY)
    if shown.time or milliseconds:
        return day + timedelta(milliseconds=milliseconds)
    return day.date()
