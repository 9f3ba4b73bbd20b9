"""A value as the markup of a cell: number, truth, inline text, moment as serial number, formula."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

from zlxl.changes import CellValue, Formula
from zlxl.excel.patch.functions import PREFIXED, UNTOUCHED
from zlxl.schema.values import EPOCH_1904_DAYS, ErrorValue, to_serial

MAX_TEXT_UNITS = 32_767  # UTF-16 code units in a cell, Excel's limit
MAX_FORMULA = 8_192  # characters
FIRST_SERIAL = 61  # 1900-03-01: days before it differ between programs
DAY = timedelta(days=1)

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EDGE_BLANK = re.compile(r"^\s|\s$|\n")
_FUNCTION = re.compile(r"[A-Za-z][\w.]*(?=\()")


class NotStorableError(ValueError):
    """A value that no cell can hold; the message is Chinese."""


def content(value: CellValue, prefix: bytes, date1904: bool) -> tuple[str | None, bytes]:
    """Type attribute and inner markup of a cell; NotStorableError when no cell can hold the value.

    Text is written in the cell itself: the shared strings then stay as they are, with their counts, and
    Excel moves it there when it saves.
    """
    if isinstance(value, Formula):
        kind, cached = _result(value.value, prefix, date1904)
        return kind, b"<%bf>%b</%bf>" % (prefix, formula_markup(value.text), prefix) + cached
    if isinstance(value, str) and value and not isinstance(value, ErrorValue):
        return "inlineStr", _inline(value, prefix)
    return _result(value, prefix, date1904)


def _result(value: CellValue, prefix: bytes, date1904: bool) -> tuple[str | None, bytes]:
    """Type and ``<v>`` of a value; a text is one that a formula gives."""
    match value:
        case None | "":
            return None, b""
        case bool():
            return "b", _stored(str(int(value)), prefix)
        case ErrorValue():
            return "e", _stored(text_markup(value), prefix)
        case str():
            return "str", _stored(text_markup(value), prefix)
        case int() | float():
            return None, _stored(number_text(value), prefix)
        case date() | time() | timedelta():
            return None, _stored(number_text(serial(value, date1904)), prefix)
    raise NotStorableError(f"{type(value).__name__} 类型的值不能写入单元格")


def formula_markup(text: str) -> bytes:
    """A formula as character data: without its ``=``, newer functions by the names they are stored under.

    One that holds LET, LAMBDA or a prefix already is stored as it is given.
    """
    formula = text.strip().removeprefix("=").strip()
    if not formula:
        raise NotStorableError("公式为空")
    if len(formula) > MAX_FORMULA:
        raise NotStorableError(f"公式超过 Excel 上限 {MAX_FORMULA} 个字符")
    if _UNPRINTABLE.search(formula):
        raise NotStorableError("公式含有无效字符")
    upper = formula.upper()
    newer = any(name in PREFIXED for name in _FUNCTION.findall(upper))
    if newer and not any(word in upper for word in UNTOUCHED):
        from zlxl.excel.patch.translate import with_prefixes

        formula = with_prefixes(formula)
    return escape(formula).encode()


def _stored(text: str, prefix: bytes) -> bytes:
    return b"<%bv>%b</%bv>" % (prefix, text.encode(), prefix)


def _inline(text: str, prefix: bytes) -> bytes:
    space = b' xml:space="preserve"' if _EDGE_BLANK.search(text) else b""
    inner = text_markup(text).encode()
    return b"<%bis><%bt%b>%b</%bt></%bis>" % (prefix, prefix, space, inner, prefix, prefix)


def text_markup(text: str) -> str:
    """Text as character data: what XML cannot hold, and what looks like its escape, as ``_xHHHH_``."""
    if _SURROGATE.search(text):
        raise NotStorableError("文本含有无效字符（半个代理对）")
    if len(text.encode("utf-16-le")) > 2 * MAX_TEXT_UNITS:
        raise NotStorableError(f"文本超过 Excel 单元格上限 {MAX_TEXT_UNITS} 个字符")
    return escape(_UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def number_text(value: float) -> str:
    """A number as stored: the shortest text that reads back as the same double."""
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double):
        raise NotStorableError("无穷大或非数值不能写入单元格")
    if isinstance(value, int):
        if int(double) != value:
            raise NotStorableError(f"{value} 超出数字的精度，请按文本写入")
        return str(int(value))
    return str(int(double)) if double == int(double) and abs(double) < 1e15 else repr(double)


def serial(value: date | time | timedelta, date1904: bool) -> float:
    """Serial number of a moment or duration; NotStorableError outside the years Excel knows."""
    if isinstance(value, timedelta):
        return value / DAY
    if isinstance(value, datetime | time) and value.tzinfo is not None:
        raise NotStorableError("带时区的时间不能写入单元格，请先换算为当地时间")
    if isinstance(value, time):
        return _since_midnight(value) / DAY
    days: float = to_serial(value)
    if days < FIRST_SERIAL or (date1904 and days < EPOCH_1904_DAYS):
        raise NotStorableError(f"日期 {value.isoformat()[:10]} 早于 Excel 能正确保存的范围")
    if isinstance(value, datetime):
        days += _since_midnight(value.time()) / DAY
    return days - EPOCH_1904_DAYS if date1904 else days


def _since_midnight(value: time) -> timedelta:
    return datetime.combine(date.min, value) - datetime.combine(date.min, time())
