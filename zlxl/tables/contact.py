"""Cell types of contact data: telephone numbers and postcodes (domain.md 1.6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
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
    rf"1[3-9]\d{{9}}|{_AREA}-\d{{7,8}}(?:-\d{{1,6}})?|[48]00-?\d{{3}}-?\d{{4}}|\+?(?:852|853|886)-?\d{{6,10}}",
    re.ASCII,
)
_RUN_TOGETHER = re.compile(rf"({_AREA})(\d{{7,8}})(?:-?(\d{{1,6}}))?")
_PHONE_SEPARATOR = re.compile(r"[;；,，、/\n|]+|\s{2,}|\s+(?=1[3-9]\d{9})|(?<=\d{7})\s+(?=0\d{2,3}-)")
_LABEL = re.compile(
    r"(?:联系|办公|固定|移动)?(?:手机|电话|座机|号码|固话)号?\s*[:：]?\s*|(?:tel|mobile|phone)[.:：]?\s*",
    re.I,
)
_COUNTRY = re.compile(
    r"(?<!\d)(?:\+|00)86[-\s]?(?=[1-9(0])|(?<!\d)86-(?=0?\d{2,3}-)|(?<!\d)86-?(?=1[3-9]\d{9}(?!\d))"
)
_WITHIN = re.compile(rf"(?<!\d)(?:1[3-9]\d{{9}}|{_AREA}-?\d{{7,8}})(?!\d)", re.ASCII)
_ABROAD = re.compile(r"(?<!\d)(?:\+|00)86[-\s]?\(?(10|2[0-57-9]|[3-9]\d{2})\)?[-\s]?(?=\d{7,8}(?!\d))")
_NO_ZERO = re.compile(r"(10|2[0-57-9]|[3-9]\d{2})-\d{7,8}(?:-\d{1,6})?")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_POSTCODE = re.compile(r"[0-9]{6}")
_SHORT_POSTCODE = re.compile(r"[1-7][0-9]{4}")  # 01-07: 内蒙古, 山西, 河北


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
    parts = [part for part in _PHONE_SEPARATOR.split(_bare(text)) if part.strip()]
    plain = [plain_phone(part) for part in parts]
    wrong = [part for part, number in zip(parts, plain, strict=True) if number is None]
    if wrong or not parts:
        raise issue("ZL130", why=_why_phone(wrong[0] if wrong else text), fix=_probable(parts, plain))
    joined = "; ".join(number for number in plain if number)
    if len(parts) > 1 and all(part.strip() == number for part, number in zip(parts, plain, strict=True)):
        return raw
    raise spelled(raw, joined)


def _bare(text: str) -> str:
    """The text without a word such as 手机 before a number and without the country's code."""
    return _COUNTRY.sub("", _ABROAD.sub(r"0\1-", _LABEL.sub("", text)))


def _probable(parts: Sequence[str], plain: Sequence[str | None]) -> Fix | None:
    """Numbers that stand among other words, or share the area code of the first one."""
    area = (plain[0] or "").partition("-")[0] if plain else ""
    found: list[str] = []
    for part, number in zip(parts, plain, strict=True):
        if number is None and re.fullmatch(r"\d{7,8}", part.strip()) and area.startswith("0"):
            found.append(f"{area}-{part.strip()}")
        elif number is None and _NO_ZERO.fullmatch(part.strip()):
            found.append(f"0{part.strip()}")
        else:
            within = [number] if number else [n for n in map(plain_phone, _WITHIN.findall(part)) if n]
            if not within and re.search(r"\d", part):
                return None
            found += within
    return Fix(new="; ".join(found), confidence="review") if found else None


def plain_phone(text: str) -> str | None:
    """A number in canonical form, None when it is none."""
    bare = re.sub(r"\s*(?:转|分机|ext\.?|EXT\.?|x)\s*", "-", text.strip())
    bare = re.sub(r"[—–－_~]", "-", bare)
    if _PHONE.fullmatch(bare):
        return bare
    digits = re.sub(r"[\s\-.]", "", bare)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    dashed = re.sub(r"-+", "-", re.sub(r"[()\s]+", "-", bare)).strip("-")
    for candidate in (dashed, re.sub(r"(?<=\d)\s+(?=\d)", "", bare)):
        if _PHONE.fullmatch(candidate):
            return candidate
    run = _RUN_TOGETHER.fullmatch(re.sub(r"[()\s]", "", bare)) if "-" not in bare else None
    return "-".join(part for part in run.groups() if part) if run else None


def _why_phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"\d{7,8}", digits):
        return "缺少区号"
    if digits.startswith("1") and len(digits) != 11:
        return f"手机号应为 11 位，现为 {len(digits)} 位"
    if re.fullmatch(r"1\d{10}", digits) and digits == text.strip():
        return "手机号第二位应为 3 至 9"
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
    inside = re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", text)
    mended = text.upper().translate(str.maketrans("OIL", "011"))
    new = inside[0] if len(inside) == 1 else mended if _POSTCODE.fullmatch(mended) else None
    return issue("ZL131", count=len(text), fix=Fix(new=new, confidence="review") if new else None)
