"""A value as the markup of a cell: number, truth, inline text, date as serial number."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from xml.sax.saxutils import escape

from zlxl.changes import CellValue
from zlxl.schema.values import EPOCH_1904_DAYS, to_serial

MAX_TEXT_UNITS = 32_767  # UTF-16 code units in a cell, Excel's limit
FIRST_SERIAL = 61  # 1900-03-01: days before it differ between programs
SECONDS_A_DAY = 86_400

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EDGE_BLANK = re.compile(r"^\s|\s$|\n")


class NotStorableError(ValueError):
    """A value that no cell can hold; the message is Chinese."""


def content(value: CellValue, prefix: bytes, date1904: bool) -> tuple[str | None, bytes]:
    """Type attribute and inner markup of a cell; NotStorableError when no cell can hold the value.

    Text is written in the cell itself: the shared strings then stay as they are, with their counts, and
    Excel moves it there when it saves.
    """
    if value is None or value == "":
        return None, b""
    if isinstance(value, bool):
        return "b", _stored(str(int(value)), prefix)
    if isinstance(value, date):
        return None, _stored(number_text(serial(value, date1904)), prefix)
    if isinstance(value, int | float):
        return None, _stored(number_text(value), prefix)
    if isinstance(value, str):
        return "inlineStr", _inline(value, prefix)
    raise NotStorableError(f"{type(value).__name__} 类型的值不能写入单元格")


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
    if not math.isfinite(value):
        raise NotStorableError("无穷大或非数值不能写入单元格")
    if isinstance(value, int):
        if int(float(value)) != value:
            raise NotStorableError(f"{value} 超出数字的精度，请按文本写入")
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def serial(value: date, date1904: bool) -> float:
    """Serial number of a date or date and time; NotStorableError outside the years Excel knows."""
    days: float = to_serial(value)
    if days < FIRST_SERIAL or (date1904 and days < EPOCH_1904_DAYS):
        raise NotStorableError(f"日期 {value:%Y-%m-%d} 早于 Excel 能正确保存的范围")
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise NotStorableError("带时区的时间不能写入单元格，请先换算为当地时间")
        midnight = value.replace(hour=0, minute=0, second=0, microsecond=0)
        days += (value - midnight).total_seconds() / SECONDS_A_DAY
    return days - EPOCH_1904_DAYS if date1904 else days
