"""Working days of the office: weekends and 节假日 left out, shifted working weekends counted (4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from zlxl.schema.facts import Days
from zlxl.schema.frame import Frame
from zlxl.tables.holidays import HOLIDAYS
from zlxl.tables.policy import PolicyRow, rows_in_force

_FIRST, _LAST = np.datetime64("1900-01-01"), np.datetime64("2200-01-01")  #: weekends are known between
_MONDAY = np.datetime64("1900-01-01")
_EPOCH = date(1970, 1, 1)
_EVERY_DAY = "1111111"  #: weekends are listed as days off, so that a shifted one can be worked
WORKED = "调休上班"
OFF = "休息日"


@dataclass(frozen=True, kw_only=True, eq=False)
class Workdays:
    """The office's calendar; a period of n working days begins on the day after."""

    calendar: np.busdaycalendar
    years: frozenset[int]  #: with days off in 节假日
    shifted: frozenset[int]  #: with shifted working days in 节假日

    def works(self, day: date) -> bool:
        """Whether the office works on the day."""
        return bool(np.is_busday(np.datetime64(day), busdaycal=self.calendar))

    def on_or_after(self, day: date) -> date:
        """The day itself, or the next working day."""
        return _date(np.busday_offset(np.datetime64(day), 0, roll="forward", busdaycal=self.calendar))

    def on_or_before(self, day: date) -> date:
        """The day itself, or the working day before."""
        return _date(np.busday_offset(np.datetime64(day), 0, roll="backward", busdaycal=self.calendar))

    def later(self, day: date, workdays: int) -> date:
        """The n-th working day after the day (before it, where n is negative); 0: itself or the next."""
        return _date(self.all_later(np.array([day], dtype="datetime64[D]"), workdays)[0])

    def all_later(self, days: Days, workdays: int | NDArray[np.int64]) -> Days:
        """``later`` for days of shape (rows,) and one or as many counts; NaT stays NaT."""
        counts = np.broadcast_to(np.asarray(workdays, dtype=np.int64), days.shape)
        back = np.busday_offset(days, np.maximum(counts, 0), roll="backward", busdaycal=self.calendar)
        ahead = np.busday_offset(days, np.minimum(counts, 0), roll="forward", busdaycal=self.calendar)
        return np.where(counts > 0, back, ahead)

    def between(self, first: date, last: date) -> int:
        """Working days after the first day up to and with the last; negative when the last comes first."""
        return int(self.all_between(np.array([first], dtype="datetime64[D]"), np.datetime64(last))[0])

    def all_between(self, first: Days, last: Days | np.datetime64) -> NDArray[np.int64]:
        """``between`` for days of shape (rows,); neither side may hold NaT."""
        one_day = np.timedelta64(1, "D")
        return np.busday_count(first + one_day, last + one_day, busdaycal=self.calendar)

    def remarks(self, days: Iterable[date]) -> tuple[str, ...]:
        """What a reader must know of the years of these days, in the clerk's words; each year once."""
        return tuple(remark for year in sorted({day.year for day in days}) if (remark := self._remark(year)))

    def _remark(self, year: int) -> str:
        if year not in self.years:
            return f"“节假日”没有 {year} 年的日期，该年的工作日只除去周末；请在国务院办公厅通知后补充。"
        if year not in self.shifted:
            return f"“节假日”{year} 年还没有调休上班日，期限可能差一两天；请在国务院办公厅通知后补充。"
        return ""


def workdays(frames: Sequence[Frame] = ()) -> Workdays:
    """The calendar of the workbook's 节假日, of the shipped rows where it holds none (4.5)."""
    return of_rows(rows_in_force(HOLIDAYS, frames))


def of_rows(rows: Iterable[PolicyRow]) -> Workdays:
    """The calendar of rows of 节假日; rows without date or kind are passed over, the last of a day holds."""
    kinds = {day: row.text("kind") for row in rows if (day := row.day("day"))}
    worked = {day for day, kind in kinds.items() if kind == WORKED}
    off = {day for day, kind in kinds.items() if kind == OFF}
    holidays = np.union1d(np.setdiff1d(_weekends(), _array(worked)), _array(off))
    return Workdays(
        calendar=np.busdaycalendar(weekmask=_EVERY_DAY, holidays=holidays),
        years=frozenset(day.year for day in off),
        shifted=frozenset(day.year for day in worked),
    )


def _weekends() -> Days:
    days = np.arange(_FIRST, _LAST)
    return days[(days - _MONDAY).astype(np.int64) % 7 >= 5]


def _array(days: Iterable[date]) -> Days:
    return np.array(sorted(days), dtype="datetime64[D]")


def _date(day: np.datetime64) -> date:
    since = int((day - np.datetime64(_EPOCH)).astype(np.int64))
    return _EPOCH + timedelta(days=min(since, (date.max - _EPOCH).days))
