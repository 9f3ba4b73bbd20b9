"""Cell types of contact data: telephone numbers and postcodes (domain.md 1.6)."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.values import StoredNumber, Value, issue, plain_number
from zlxl.tables.text import (
    PRECISION,
    number_as_text,
    refuse_blank,
    refuse_unknown,
    spelled,
    tidy,
    wrong_type,
)

_AREA = r"0(?:10|2[0-57-9]|[3-9]\d{2})"
_PHONE = re.compile(
    rf"1[3-9]\d{{9}}|{_AREA}-\d{{7,8}}(?:-\d{{1,6}})?|[48]00-?\d{{3}}-?\d{{4}}|\+?(?:852|853|886)-?\d{{6,10}}"
)
_RUN_TOGETHER = re.compile(rf"({_AREA})(\d{{7,8}})(?:-?(\d{{1,6}}))?")
_PHONE_SEPARATOR = re.compile(r"[;；,，、/\n|]+|\s{2,}|\s+(?=1[3-9]\d{9})")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_POSTCODE = re.compile(r"\d{6}")
_SHORT_POSTCODE = re.compile(r"[1-7]\d{4}")  # 01-07: 内蒙古, 山西, 河北


def read_phone(raw: Any, context: Context) -> Value:
    """One or several telephone numbers: mobile, land line with area code and extension, 400/800, 港澳台."""
    if type(raw) is str and _PHONE.fullmatch(raw):
        return raw
    refuse_unknown(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, "电话号码（文本）")
    if isinstance(raw, StoredNumber):
        raise _phone_as_number(raw)
    if not raw:
        return None
    refuse_blank(raw)
    return _read_phone_text(raw)


def _phone_as_number(raw: StoredNumber) -> Exception:
    text = plain_number(raw)
    if abs(raw) >= PRECISION or _PHONE.fullmatch(text):
        return number_as_text(raw)
    run = _RUN_TOGETHER.fullmatch("0" + text)
    if run is None:
        return issue("ZL130", why=f"存成了数字 {text}")
    fix = Fix(new=f"{run[1]}-{run[2]}", confidence="review")
    return issue("ZL130", why=f"存成了数字 {text}，区号开头的 0 已丢失", fix=fix)


def _read_phone_text(raw: str) -> Value:
    text = unicodedata.normalize("NFKC", tidy(raw))
    if _SCIENTIFIC.fullmatch(text):
        raise issue("ZL105", digits=text)
    parts = [part for part in _PHONE_SEPARATOR.split(text) if part.strip()]
    plain = [plain_phone(part) for part in parts]
    wrong = [part for part, number in zip(parts, plain, strict=True) if number is None]
    if wrong:
        raise issue("ZL130", why=_why_phone(wrong[0]))
    joined = "; ".join(number for number in plain if number)
    if len(parts) > 1 and all(part.strip() == number for part, number in zip(parts, plain, strict=True)):
        return raw
    raise spelled(raw, joined)


def plain_phone(text: str) -> str | None:
    """A number in canonical form, None when it is none."""
    bare = re.sub(r"^(?:\+|00)?86[-\s]?(?=1[3-9]|0?\d{2,3}[-\s])", "", text.strip())
    bare = re.sub(r"\s*(?:转|分机|ext\.?|EXT\.?|x)\s*", "-", bare)
    bare = re.sub(r"[—–－_~]", "-", bare)
    if _PHONE.fullmatch(bare):
        return bare
    digits = re.sub(r"[\s\-.]", "", bare)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    dashed = re.sub(r"-+", "-", re.sub(r"[()\s]+", "-", bare)).strip("-")
    if _PHONE.fullmatch(dashed):
        return dashed
    run = _RUN_TOGETHER.fullmatch(re.sub(r"[()\s]", "", bare)) if "-" not in bare else None
    return "-".join(part for part in run.groups() if part) if run else None


def _why_phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"\d{7,8}", digits):
        return "缺少区号"
    if digits.startswith("1") and len(digits) != 11:
        return f"手机号应为 11 位，现为 {len(digits)} 位"
    if re.search(r"[^\d\-+()\s;转]", text):
        return "含有不是号码的文字"
    return "位数或区号不对"


def read_postcode(raw: Any, context: Context) -> Value:
    """A postcode of six digits, as text."""
    if type(raw) is str and _POSTCODE.fullmatch(raw):
        return raw
    refuse_unknown(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, "6 位数字（文本）")
    if isinstance(raw, StoredNumber):
        raise _postcode_as_number(raw)
    if not raw:
        return None
    refuse_blank(raw)
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", tidy(raw)))
    if _POSTCODE.fullmatch(plain):
        raise spelled(raw, plain)
    raise _short_or_wrong(plain)


def _postcode_as_number(raw: StoredNumber) -> Exception:
    text = plain_number(raw)
    if _POSTCODE.fullmatch(text):
        return number_as_text(raw)
    if raw.number_format == "000000" and 0 <= raw < 1e6 and raw.is_integer():
        return number_as_text(raw, text.zfill(6))
    return _short_or_wrong(text)


def _short_or_wrong(text: str) -> Exception:
    if _SHORT_POSTCODE.fullmatch(text):
        padded = text.zfill(6)
        return issue("ZL132", recovered=padded, meant=padded, fix=Fix(new=padded, confidence="safe"))
    return issue("ZL131", count=len(text))
