"""Cell types of numbers: fees, scores and counts."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.values import StoredNumber, Value, issue, plain_number
from zlxl.tables.text import Read, refuse_blank, refuse_unknown, wrong_type

_DIGITS = r"([-+\u2212]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|[-+\u2212]?\d+(?:\.\d+)?)"
_MONEY = re.compile(rf"(?:人民币|RMB|CNY|[¥$])?\s*{_DIGITS}\s*(元整?|万元?整?|[wW])?")
_NUMBER = re.compile(rf"{_DIGITS}\s*(人|名|个|分|项|次|份|张|天|年|月|小时|学时|%)?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_TEN_THOUSAND = "万wW"


def read_money(raw: Any, context: Context) -> Value:
    """An amount in yuan, not negative."""
    if type(raw) is StoredNumber and raw >= 0:
        return float(raw)
    found = _read(raw, context, "金额（元）", _MONEY)
    if found is None:
        return None
    amount, unit = found
    if amount < 0:
        raise issue("ZL170")
    if unit and unit[0] in _TEN_THOUSAND:
        amount = round(amount * 10_000, 2)
        fix = Fix(new=plain_number(amount), confidence="review", stored="number")
        raise issue("ZL172", recovered=amount, meant=plain_number(amount), fix=fix)
    return _stored(amount, unit)


def read_number(low: float, high: float, *, whole: bool = False) -> Read:
    """A number from low to high, a whole one where asked for."""

    def read(raw: Any, context: Context) -> Value:
        found = _read(raw, context, "数字", _NUMBER)
        if found is None:
            return None
        number, unit = found
        if not low <= number <= high or (whole and number != int(number)):
            wanted = f"{plain_number(low)} 至 {plain_number(high)} 的{'整数' if whole else '数'}"
            raise issue("ZL173", wanted=wanted)
        return _stored(number, unit)

    return read


def _read(raw: Any, context: Context, wanted: str, form: re.Pattern[str]) -> tuple[float, str | None] | None:
    """The number of a cell and its unit; the unit is None where the cell is stored as it should be."""
    refuse_unknown(raw)
    if isinstance(raw, StoredNumber):
        return float(raw), None
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, wanted)
    if not raw:
        return None
    refuse_blank(raw)
    text = unicodedata.normalize("NFKC", raw).strip()
    if not context.typed and _PLAIN.fullmatch(text):
        return float(text), None
    found = form.fullmatch(text)
    if found is None:
        raise wrong_type(raw, wanted)
    return float(re.sub("[, ]", "", found[1]).replace("\u2212", "-")), found[2] or ""


def _stored(number: float, unit: str | None) -> float:
    """The number, unless it was stored as text."""
    if unit is None:
        return number
    fix = Fix(new=plain_number(number), confidence="safe", stored="number")
    raise issue("ZL171", recovered=number, meant=plain_number(number), fix=fix)
