"""Texts as a workbook stores them: entities, line ends, escaped characters, insignificant blanks."""

from __future__ import annotations

import re

from zlxl.excel.faults import SuspectError

#: Excel keeps 32,767 characters a cell; other writers a little more. A longer one is an attack.
MAX_TEXT = 1 << 20
XML_BLANKS = " \t\r\n"

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[^;&]*);?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def unescaped(text: str) -> str:
    """The text with ``_xHHHH_`` decoded as Excel does (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def character_data(raw: str) -> str:
    """What an XML parser makes of character data without markup; ValueError on an unknown entity."""
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_entity, raw) if "&" in raw else raw


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMED and match[0].endswith(";"):
        return _NAMED[name]
    if not name.startswith("#") or not match[0].endswith(";"):
        raise ValueError(f"未知的实体 {match[0][:20]}")
    code = int(name[2:], 16) if name[1:2] == "x" else int(name[1:])
    if code < 32 and code not in (9, 10, 13):
        raise ValueError(f"不允许的字符 {match[0][:20]}")
    return chr(code)


def checked_length(length: int) -> None:
    """SuspectError when a single text is longer than any cell can hold."""
    if length > MAX_TEXT:
        raise SuspectError("内有超过单元格上限的超长文本")
