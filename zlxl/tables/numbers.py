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

_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|[¥$])?\s*([-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?)\s*(元整?|万元?)?"
)
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


def read_money(raw: Any, context: Context) -> Value:
    """An amount in yuan, not negative."""
    if type(raw) is StoredNumber and raw >= 0:
        return float(raw)
    amount = _read_amount(raw, context, "金额（元）")
    if amount is not None and amount < 0:
        raise issue("ZL170")
    return amount


def _read_amount(raw: Any, context: Context, wanted: str) -> float | None:
    refuse_unknown(raw)
    if isinstance(raw, StoredNumber):
        return float(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, wanted)
    if not raw:
        return None
    refuse_blank(raw)
    text = unicodedata.normalize("NFKC", raw).strip()
    if not context.typed and _PLAIN.fullmatch(text):
        return float(text)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise wrong_type(raw, wanted)
    raise _as_text(float(found[1].replace(",", "")), found[2] or "")


def _as_text(amount: float, unit: str) -> Exception:
    if amount < 0:
        return issue("ZL170")
    if unit.startswith("万"):
        amount = round(amount * 10_000, 2)
        fix = Fix(new=plain_number(amount), confidence="review", stored="number")
        return issue("ZL172", recovered=amount, meant=plain_number(amount), fix=fix)
    fix = Fix(new=plain_number(amount), confidence="safe", stored="number")
    return issue("ZL171", recovered=amount, meant=plain_number(amount), fix=fix)


def read_number(low: float, high: float, *, whole: bool = False) -> Read:
    """A number from low to high, a whole one where asked for."""

    def read(raw: Any, context: Context) -> Value:
        value = _read_amount(raw, context, "数字")
        if value is None:
            return None
        if not low <= value <= high or (whole and value != int(value)):
            wanted = f"{plain_number(low)} 至 {plain_number(high)} 的{'整数' if whole else '数'}"
            raise issue("ZL173", wanted=wanted)
        return value

    return read
