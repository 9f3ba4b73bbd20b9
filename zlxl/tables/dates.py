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
from zlxl.tables.text import refuse_blank, refuse_unknown, tidy, wrong_type

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇零○一二三四五六七八九十]+")
_BETWEEN = r"(?:\s*[./\-、,。_\\\u2010-\u2015\u2212]\s*|\s+)"
_YEAR_FIRST = re.compile(
    rf"((?:19|20)\d{{2}})(?:\s*年\s*|{_BETWEEN})(\d{{1,2}})(?:\s*月\s*|{_BETWEEN})(\d{{1,2}})\s*[日号.]?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    rf"(?P<day>\d{{1,2}})[-\s/]*(?P<month>{'|'.join(_MONTHS)})[a-z]*[-\s/,.]*(?P<year>(?:19|20)\d{{2}})"
    rf"|(?P<month2>{'|'.join(_MONTHS)})[a-z]*[-\s/.]*(?P<day2>\d{{1,2}})[-\s/,.]+(?P<year2>(?:19|20)\d{{2}})",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s*(?:至|到|[~\-,\u2010-\u2015\u2212])\s*(?P<end>\d.*)")
_RUN = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2}|(?:19|20)\d{2})\s*日?")
_MONTH_ONLY = re.compile(r"((?:19|20)\d{2})\s*[年./\-]\s*(\d{1,2})\s*月?(?:份|初|底|中|上旬|中旬|下旬)?")
_MONTH_ONLY_RUN = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")
_TAIL = re.compile(
    r"[\sT]*(?:(?:上午|下午|[AP]M)?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AP]M|Z)?)?"
    r"\s*(?:\((?:周|星期).\)|(?:周|星期).)?\s*$",
    re.IGNORECASE,
)
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
    text = unicodedata.normalize("NFKC", tidy(raw)).strip().strip("'`‘’")
    if not context.typed and _ISO.fullmatch(text) and (day := _full_date(text)):
        return _in_range(day, context)
    text = _arabic(text)
    body = _TAIL.sub("", text) or text
    parts = _parts(body)
    if parts is not None:
        day = _date(*parts)
        if day is None:
            raise issue("ZL152", why=_why(*parts))
        raise issue("ZL150", recovered=_in_range(day, context), meant=shown(day), fix=_fix(day))
    _refuse_span(text)
    _refuse_partial(body)
    raise wrong_type(raw, "日期")


def _parts(body: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date whose order is plain."""
    full = _YEAR_FIRST.fullmatch(body) or _RUN.fullmatch(body)
    if full is not None:
        return int(full[1]), int(full[2]), int(full[3])
    english = _ENGLISH.fullmatch(body)
    if english is None:
        return None
    month = _MONTHS.index((english["month"] or english["month2"]).lower()) + 1
    return int(english["year"] or english["year2"]), month, int(english["day"] or english["day2"])


def _refuse_span(text: str) -> None:
    """Stop at a span of days, such as an audit of two: which day is meant is not ours to say."""
    start = _YEAR_FIRST.match(text)
    span = _SPAN.fullmatch(text, start.end()) if start else None
    if start is None or span is None:
        return
    first = _date(int(start[1]), int(start[2]), int(start[3]))
    last = _end_of_span(span["end"], start)
    if first and last:
        raise issue(
            "ZL151", why="写了一段时间，只应填一个日期", candidates=f"：{shown(first)} 或 {shown(last)}"
        )


def _end_of_span(end: str, start: re.Match[str]) -> date | None:
    numbers = [int(number) for number in re.findall(r"\d+", end)]
    if not 1 <= len(numbers) <= 3:
        return None
    lead = [int(start[1]), int(start[2])][: 3 - len(numbers)]
    return _date(*lead, *numbers)


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
        raise issue(
            "ZL151", why="年份只写了两位或年月日顺序不明", candidates=f"：{'、'.join(meant)}", fix=fix
        )


def _candidates(first: int, second: int, third: int) -> list[date]:
    """Every date the three numbers may mean."""
    if third >= 1900:
        orders = [(third, first, second), (third, second, first)]
    else:
        orders = [(2000 + first, second, third), (2000 + third, first, second), (2000 + third, second, first)]
    return [day for order in orders if (day := _date(*order))]
