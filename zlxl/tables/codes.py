"""Cell types of codes: contract and certificate numbers, USCC, industry codes (domain.md 1.1-1.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.values import StoredNumber, Value, issue, plain_number
from zlxl.tables.text import compact, number_as_text, refuse_blank, refuse_unknown, spelled, wrong_type

_CERTIFICATE = re.compile(
    r"[0-9A-Z]{3}(?P<year>\d{2})(?P<system>QJ|IS|IT|EN|En|[QESOFH])\d{5}"
    r"R\d{1,2}(?P<size>[SML])(?:-\d{1,3})?",
    re.ASCII,
)
_LIKE_CERTIFICATE = re.compile(
    r"\d{3}\d{2}[A-Z]{0,2}\d{2,8}(R\d*)?[A-Z]{0,2}(-\d{0,4})?|\d{5}[A-Z]{1,2}\d+.*", re.ASCII
)
_OTHER_BODY = re.compile(r"[0-9A-Z][0-9A-Z\-/.]{5,39}")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {letter: value for value, letter in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = [3**i % 31 for i in range(17)]
_INDUSTRY = re.compile(
    r"(?:0[1-9]|[12]\d|3[0-9])\.\d{2}\.\d{2}(?:; ?(?:0[1-9]|[12]\d|3[0-9])\.\d{2}\.\d{2})*",
    re.ASCII,
)
_INDUSTRY_LOOSE = re.compile(r"(\d{1,2})[.\-](\d{1,2})[.\-](\d{1,2})", re.ASCII)
_INDUSTRY_RUN = re.compile(r"(0[1-9]|[12]\d|3[0-9])(\d{2})(\d{2})", re.ASCII)
_INDUSTRY_SHORT = re.compile(r"\d{1,2}(?:\.\d{1,2})?", re.ASCII)
_INDUSTRY_DATE = re.compile(r"(?:19|20)?(\d{2})[-/年](\d{1,2})[-/月](\d{1,2})日?(?: 0?0:00:00)?")
_OTHER_SCHEME = re.compile(r"[A-Z]{1,4}\d{0,3}(?:\.\d{1,3})*")
_SEPARATORS = re.compile(r"[;；,，、/\s|]+")
_LETTERS_FOR_DIGITS = str.maketrans("OISZ", "0152")


def _as_text(raw: Any, wanted: str) -> str | None:
    """The text of a code cell, None for an empty one; other stored types are refused."""
    refuse_unknown(raw)
    if isinstance(raw, StoredNumber):
        raise number_as_text(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, wanted)
    if not raw:
        return None
    refuse_blank(raw)
    return str(raw)


def read_contract(raw: Any, context: Context) -> Value:
    """A contract number by the body's pattern (parameter 合同编号格式)."""
    fits = context.contract_pattern.fullmatch
    if type(raw) is str and fits(raw) and (raw.isascii() or compact(raw) == raw):
        return raw
    text = _as_text(raw, "合同编号")
    if text is None:
        return None
    plain = compact(text)
    if fits(plain):
        raise spelled(text, plain)
    meant = [mended for mended in _mended_contracts(plain) if fits(mended)]
    fix = Fix(new=meant[0], confidence="review") if meant else None
    raise issue("ZL110", recovered=plain, example=context.parameters["合同编号示例"], fix=fix)


def _mended_contracts(plain: str) -> Iterator[str]:
    """What a contract number may have been meant as: letters for digits, a dash left out."""
    head, dash, letters = plain.rpartition("-")
    yield head[:2] + head[2:].translate(_LETTERS_FOR_DIGITS) + dash + letters
    yield re.sub(r"(?<=[0-9])(?=[A-Z]+$)", "-", plain)


def read_certificate(raw: Any, context: Context) -> Value:
    """A certificate number: body 3, year 2, system letters, serial 5, R and recertifications, size S/M/L."""
    if type(raw) is str and _CERTIFICATE.fullmatch(raw):
        return raw
    text = _as_text(raw, "证书编号")
    if text is None:
        return None
    plain = compact(text)
    if _CERTIFICATE.fullmatch(plain):
        return _well_formed(text, plain)
    if plain[:3] in context.body_numbers or _LIKE_CERTIFICATE.fullmatch(plain):
        raise _wrong_certificate(plain, context)
    if _OTHER_BODY.fullmatch(plain) and not _mended_certificate(plain, context):
        raise issue("ZL112", recovered=plain, bodies="、".join(sorted(context.body_numbers)))
    raise _wrong_certificate(plain, context)


def certificate_parts(number: Value) -> re.Match[str] | None:
    """The groups year, system and size of a well-formed certificate number."""
    return _CERTIFICATE.fullmatch(number) if isinstance(number, str) else None


def _wrong_certificate(plain: str, context: Context) -> Exception:
    fix = _mended_certificate(plain, context)
    return issue("ZL111", recovered=plain, why=_why_certificate(plain), fix=fix)


def _mended_certificate(plain: str, context: Context) -> Fix | None:
    """A number of the body's own that was meant: letters for digits, dashes, a lost leading zero."""
    bare = plain.replace("-", "")
    digits = bare[:5] + bare[5:7].upper() + bare[7:].translate(_LETTERS_FOR_DIGITS)
    for meant in (digits, bare, "0" + bare):
        if _CERTIFICATE.fullmatch(meant) and meant[:3] in context.body_numbers:
            return Fix(new=meant, confidence="review")
    return None


def is_certificate(text: str) -> bool:
    """Whether a certificate number has the form of domain.md 1.1, whoever's it is."""
    return _CERTIFICATE.fullmatch(text) is not None


def _well_formed(text: str, plain: str) -> str:
    if plain != text.replace("En", "EN"):
        raise spelled(text, plain)
    return plain


def _why_certificate(plain: str) -> str:
    """The first part of a certificate number that is wrong."""
    if not re.search(r"[0-9]", plain):
        return "不是证书编号的写法"
    parts = re.match(r"(\d{3})?(\d{2})?([A-Z]{1,2}(?=\d))?(\d*)(R\d{1,2})?([A-Z])?(.*)", plain)
    body, year, system, serial, recertified, size, rest = parts.groups() if parts else (None,) * 7
    if body is None or year is None:
        return "前五位应为机构批准号 3 位和年份 2 位"
    if system not in ("Q", "QJ", "E", "S", "O", "F", "H", "IS", "IT", "EN"):
        return f"体系字母“{system or ''}”应为 Q、QJ、E、S、O、F、H、IS、IT 或 En"
    if len(serial or "") != 5:
        return f"流水号应为 5 位，现为 {len(serial or '')} 位"
    if recertified is None:
        return "流水号后应为 R 加复评次数（数字），如 R0"
    if size not in ("S", "M", "L"):
        return f"规模字母“{size or ''}”应为 S、M 或 L"
    return f"结尾“{rest}”多余"


def uscc_check_digit(code: str) -> str:
    """Check character of the first 17 characters (GB 32100-2015); KeyError for an illegal character."""
    total = sum(_USCC_VALUE[letter] * weight for letter, weight in zip(code[:17], _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def read_uscc(raw: Any, context: Context) -> Value:
    """A unified social credit code with a right check character (GB 32100-2015)."""
    if type(raw) is str and _USCC.fullmatch(raw) and uscc_check_digit(raw) == raw[17]:
        return raw
    text = _as_text(raw, "统一社会信用代码")
    if text is None:
        return None
    plain = compact(text).replace("-", "")
    if _USCC.fullmatch(plain) and uscc_check_digit(plain) == plain[17]:
        raise spelled(text, plain)
    if _ORGANISATION.fullmatch(plain):
        raise issue("ZL121", recovered=plain)
    raise issue("ZL120", why=_why_uscc(plain), fix=_mended_uscc(plain))


def _why_uscc(plain: str) -> str:
    if len(plain) != 18:
        return f"应为 18 位，现为 {len(plain)} 位"
    illegal = sorted(set(plain) - set(USCC_ALPHABET))
    if illegal:
        return f"不应含有“{'、'.join(illegal)}”"
    if not _USCC.fullmatch(plain):
        return "第 3 至 8 位应为行政区划代码（数字）"
    return f"校验位应为“{uscc_check_digit(plain)}”，现为“{plain[17]}”"


def _mended_uscc(plain: str) -> Fix | None:
    """Letters that are often mistyped for digits, where the check character then agrees."""
    mended = plain.translate(_LETTERS_FOR_DIGITS)
    if mended != plain and _USCC.fullmatch(mended) and uscc_check_digit(mended) == mended[17]:
        return Fix(new=mended, confidence="review")
    return None


def read_industry(raw: Any, context: Context) -> Value:
    """Industry codes of 39 classes as 大类.中类.小类, several separated by ``;``."""
    if type(raw) is str and _INDUSTRY.fullmatch(raw):
        return raw
    refuse_unknown(raw)
    if isinstance(raw, datetime):
        raise _turned_into_date(f"{raw:%y.%m.%d}")
    if isinstance(raw, StoredNumber):
        raise _industry_as_number(plain_number(raw))
    text = _as_text(raw, "专业代码")
    if text is None:
        return None
    return _read_industry_text(text)


def _industry_as_number(text: str) -> Exception:
    run = _INDUSTRY_RUN.fullmatch(text.zfill(6)) if len(text) >= 5 else None
    why = f"存成了数字 {text}" if run else f"存成了数字 {text}，小类已丢失"
    return issue("ZL125", why=why, fix=_from_run(run))


def _from_run(run: re.Match[str] | None) -> Fix | None:
    return Fix(new=".".join(run.groups()), confidence="review") if run else None


def _turned_into_date(meant: str) -> Exception:
    return issue("ZL126", meant=meant, fix=Fix(new=meant, confidence="review"))


def _read_industry_text(text: str) -> Value:
    dated = _INDUSTRY_DATE.fullmatch(text.strip())
    if dated is not None:
        raise _turned_into_date(".".join(part.zfill(2) for part in dated.groups()))
    parts = [compact(part) for part in _SEPARATORS.split(text) if part.strip()]
    plain = ";".join(_padded(part) for part in parts)
    if _INDUSTRY.fullmatch(plain):
        raise spelled(text, plain)
    wrong = [part for part in parts if not _INDUSTRY.fullmatch(_padded(part))]
    if all(_OTHER_SCHEME.fullmatch(part) for part in wrong):
        raise issue("ZL127", recovered=plain, codes="、".join(wrong))
    fix = _from_run(_INDUSTRY_RUN.fullmatch(parts[0])) if len(parts) == 1 else None
    raise issue("ZL125", why=_why_industry(wrong[0]), fix=fix)


def _why_industry(part: str) -> str:
    if _INDUSTRY_SHORT.fullmatch(part):
        return f"“{part}”只写到{'中' if '.' in part else '大'}类，应写到小类"
    if _INDUSTRY_LOOSE.fullmatch(part):
        return f"“{part}”不在 01 至 39 大类中"
    return f"“{part}”不是 大类.中类.小类 的写法"


def _padded(part: str) -> str:
    loose = _INDUSTRY_LOOSE.fullmatch(part)
    return ".".join(number.zfill(2) for number in loose.groups()) if loose else part
