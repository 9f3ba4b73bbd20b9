"""Cell types of text: what a clerk types, what a paste brings, and what was meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from pydantic import PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from zlxl.findings import Fix
from zlxl.schema.context import Context
from zlxl.schema.values import PENDING, Broken, ErrorValue, StoredNumber, Value, issue, plain_number, shown

Read = Callable[[Any, Context], Value]

PRECISION: Final = 1e15  # Excel keeps 15 significant digits
_ODD = r"\x00-\x09\x0b-\x1f\x7f\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\ufffc"
_WIDE = r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"  # full-width digits and letters
_LOOKALIKE = r"\u2f00-\u2fdf\uf900-\ufaff"  # radicals and compatibility ideographs, as PDFs give them
_SUSPECT = re.compile(rf"[{_ODD}{_WIDE}{_LOOKALIKE}]|^[\s=+\-@]|\s$").search
_ZERO_WIDTH = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_BLANKS = re.compile(r"[\t\r\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_PLAIN = re.compile(rf"[{_WIDE}{_LOOKALIKE}]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58_]+")
PLACEHOLDERS: Final = frozenset(
    (
        *("/", "／", "\\", "-", "--", "－", "—", "——", "…", "……", "?", "？"),
        *("无", "暂无", "空", "未填"),
        *("(空)", "（空）", "(跳过)", "（跳过）"),  # what survey services write for no answer
        *("N/A", "n/a", "NA", "null", "NULL", "None"),
    )
)


def cell(read: Read) -> PlainValidator:
    """The pydantic validator of a reading; the model is validated with a Context."""

    def validate(raw: Any, info: ValidationInfo) -> Value | Broken:
        context: Any = info.context
        try:
            return read(raw, context)
        except PydanticCustomError as accused:
            if context.collect:
                return Broken(accused)
            raise

    return PlainValidator(validate)


def tidy(text: str) -> str:
    """Text without invisible characters, outer blanks and full-width letters and digits."""
    text = _BLANKS.sub(" ", _ZERO_WIDTH.sub("", text))
    return _PLAIN.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).strip()


def compact(text: str) -> str:
    """A code for comparing: NFKC, one kind of dash, no blanks at all, upper case."""
    plain = unicodedata.normalize("NFKC", tidy(text))
    return re.sub(r"\s+", "", _DASHES.sub("-", plain)).upper()


def refuse_unknown(raw: object) -> None:
    """Stop at a cell whose value is an error or was never calculated."""
    if isinstance(raw, ErrorValue):
        raise issue("ZL005", error=str(raw))
    if raw is PENDING:
        raise issue("ZL004")


def refuse_blank(raw: str) -> None:
    """Stop at text that stands for an empty cell."""
    plain = tidy(raw)
    if not plain:
        raise issue(
            "ZL103", recovered=None, what="只有空格", fix=Fix(new="", confidence="safe", stored="empty")
        )
    if plain in PLACEHOLDERS:
        raise issue("ZL107", recovered=None, fix=Fix(new="", confidence="review", stored="empty"))


def wrong_type(raw: object, wanted: str) -> Exception:
    """The accusation of a cell whose stored type cannot be meant."""
    kind = (
        "逻辑值"
        if isinstance(raw, bool)
        else "日期"
        if isinstance(raw, date)
        else "数字"
        if isinstance(raw, float)
        else "文字"
    )
    return issue("ZL102", kind=kind, wanted=wanted)


def number_as_text(raw: StoredNumber, text: str | None = None) -> Exception:
    """The accusation of a number in a text column: fixed where no digit is lost."""
    if abs(raw) >= PRECISION:
        return issue("ZL105", digits=plain_number(raw))
    text = plain_number(raw) if text is None else text
    return issue("ZL104", recovered=text, text=text, fix=Fix(new=text, confidence="safe"))


def spelled(raw: str, plain: str) -> Exception:
    """The accusation of a recoverable spelling."""
    return issue("ZL103", recovered=plain, what=_what(raw), fix=Fix(new=plain, confidence="safe"))


def _what(raw: str) -> str:
    if re.search(rf"[{_WIDE}]", raw):
        return "全角字母或数字"
    if _ZERO_WIDTH.search(raw):
        return "看不见的字符"
    if re.search(rf"[{_LOOKALIKE}]", raw):
        return "形似的部首字符（多由 PDF 粘贴带来）"
    if "\xa0" in raw or "\u3000" in raw:
        return "不间断空格或全角空格"
    return "多余的空格" if re.search(r"\s", raw) else "不统一的写法"


def read_text(raw: Any, context: Context) -> Value:
    """Free text on one line or several (Alt+Enter)."""
    if type(raw) is str and not _SUSPECT(raw) and raw not in PLACEHOLDERS:
        return raw or None
    return _read_odd_text(raw, context)


def _read_odd_text(raw: Any, context: Context) -> Value:
    refuse_unknown(raw)
    if isinstance(raw, StoredNumber):
        raise number_as_text(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, "文字")
    if not raw:
        return None
    refuse_blank(raw)
    plain = tidy(raw)
    if plain[0] in "=+-@":
        bare = plain.lstrip("=+-@ ")
        raise issue("ZL106", recovered=plain, first=plain[0], fix=Fix(new=bare, confidence="review"))
    if plain != raw:
        raise spelled(raw, plain)
    return plain


def read_note(raw: Any, context: Context) -> Value:
    """Long text of the user's own words: only what Excel could run as a formula is accused."""
    if isinstance(raw, StoredNumber):
        return shown(raw)
    if isinstance(raw, datetime):
        return shown(raw)
    try:
        return read_text(raw, context)
    except Exception as error:
        if getattr(error, "type", "") in ("ZL103", "ZL107"):
            return tidy(raw) or None
        raise


def read_verbatim(raw: Any, context: Context) -> Value:
    """Text kept as it stands: codes, word lists, and values of other cells in 变更记录."""
    if isinstance(raw, str):
        return str(raw) or None
    refuse_unknown(raw)
    return None if raw is None else shown(raw)
