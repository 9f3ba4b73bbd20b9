"""The cell type of dates: real dates, dates as text in the common Chinese forms, and what is none."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.facts import add_months
from zlxl.schema.values import StoredNumber, Value, from_serial, is_date_format, issue, plain_number, shown
from zlxl.tables.text import refuse_blank, refuse_unknown, wrong_type

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇零○一二三四五六七八九十]+")
_YEAR_FIRST = re.compile(
    r"((?:19|20)\d{2})\s*[年./\-、,\\]\s*(\d{1,2})\s*[月./\-、,\\]\s*(\d{1,2})\s*[日号.]?"
)
_RUN = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2}|(?:19|20)\d{2})\s*日?")
_MONTH_ONLY = re.compile(r"((?:19|20)\d{2})\s*[年./\-]\s*(\d{1,2})\s*月?")
_MONTH_ONLY_RUN = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")
_TAIL = re.compile(r"[\sT]*(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*(\((周|星期).\)|(周|星期).)?\s*$")
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")


def read_date(raw: Any, context: Context) -> Value:
    """A date within the years that the policy allows."""
    if isinstance(raw, datetime):
        return _in_range(raw.date(), context)
    refuse_unknown(raw)
    if isinstance(raw, StoredNumber):
        return _read_number(raw, context)
    if isinstance(raw, bool):
        raise wrong_type(raw, "日期")
    if not raw:
        return None
    refuse_blank(raw)
    return _read_text(raw, context)


def _in_range(day: date, context: Context) -> date:
    earliest = date.fromisoformat(context.parameters["最早日期"])
    latest = add_months(context.today, int(context.number("最远日期年数")) * 12)
    if day < earliest:
        raise issue("ZL153", earliest=shown(earliest))
    if day > latest:
        raise issue("ZL154", recovered=day, latest=shown(latest))
    return day


def _fix(day: date) -> Fix:
    return Fix(new=shown(day), confidence="safe", stored="date")


def _read_number(raw: StoredNumber, context: Context) -> Value:
    if is_date_format(raw.number_format):
        raise issue("ZL153", earliest=context.parameters["最早日期"])
    day = _from_run(plain_number(raw))
    if day is not None:
        raise issue("ZL150", recovered=_in_range(day, context), meant=shown(day), fix=_fix(day))
    found = from_serial(raw)
    if (
        found is None
        or found.year < int(context.parameters["最早日期"][:4])
        or found.year > context.today.year + 50
    ):
        raise wrong_type(raw, "日期")
    day = _in_range(found.date(), context)
    raise issue("ZL156", recovered=day, meant=shown(day), fix=_fix(day))


def _from_run(text: str) -> date | None:
    run = _RUN.fullmatch(text)
    if run is None:
        return None
    return _date(int(run[1]), int(run[2]), int(run[3]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_text(raw: str, context: Context) -> Value:
    text = unicodedata.normalize("NFKC", raw).strip()
    if not context.typed and _ISO.fullmatch(text) and (day := _full_date(text)):
        return _in_range(day, context)
    text = _arabic(text)
    body = _TAIL.sub("", text) or text
    full = _YEAR_FIRST.fullmatch(body) or _RUN.fullmatch(body)
    if full is not None:
        day = _date(int(full[1]), int(full[2]), int(full[3]))
        if day is None:
            raise issue("ZL152", why=_why(int(full[1]), int(full[2]), int(full[3])))
        raise issue("ZL150", recovered=_in_range(day, context), meant=shown(day), fix=_fix(day))
    _refuse_partial(body)
    raise wrong_type(raw, "日期")


def _full_date(text: str) -> date | None:
    year, month, day = (int(part) for part in re.split(r"[-/]", text))
    return _date(year, month, day)


def _arabic(text: str) -> str:
    """Chinese numerals of a date as digits: 二〇一九年十二月五日 -> 2019年12月5日."""

    def digits(found: re.Match[str]) -> str:
        word = found[0]
        if "十" not in word:
            return word.translate(_DIGITS)
        tens, units = word.split("十", 1)
        return f"{tens.translate(_DIGITS) or 1}{units.translate(_DIGITS) or 0}"

    return _CHINESE.sub(digits, text) if re.search("[年月日]", text) else text


def _why(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"没有 {month} 月"
    return f"{year} 年 {month} 月没有 {day} 日"


def _refuse_partial(body: str) -> None:
    if _MONTH_ONLY.fullmatch(body) or _MONTH_ONLY_RUN.fullmatch(body):
        raise issue("ZL151", why="只有年月，没有日", candidates="")
    short = _SHORT.fullmatch(body)
    if short is not None:
        meant = sorted({shown(day) for day in _candidates(*(int(part) for part in short.groups()))})
        if not meant:
            raise issue("ZL152", why="年月日任何一种顺序都不成日期")
        fix = Fix(new=meant[0], confidence="review", stored="date") if len(meant) == 1 else None
        raise issue("ZL151", why="年份只写了两位或年月日顺序不明", candidates="、".join(meant), fix=fix)


def _candidates(first: int, second: int, third: int) -> list[date]:
    """Every date the three numbers may mean."""
    if third >= 1900:
        orders = [(third, first, second), (third, second, first)]
    else:
        orders = [(2000 + first, second, third), (2000 + third, first, second), (2000 + third, second, first)]
    return [day for order in orders if (day := _date(*order))]
