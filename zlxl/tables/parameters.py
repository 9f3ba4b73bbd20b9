"""What a parameter of the policy sheets must be, so that a slip in a cell cannot stop a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

PARAMETER_LIST: Final = "参数"  #: the list in 码表 that holds parameters: 值 is the name, 代码 the value
CONTRACT_PATTERN: Final = "合同编号格式"
CONTRACT_EXAMPLE: Final = "合同编号示例"
BODY_NUMBERS: Final = "机构批准号"
EARLIEST: Final = "最早日期"
TRANSITION: Final = "换版截止"  #: attribute of a standard: the last day of its certificates
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_BODY = re.compile(r"[0-9A-Z]{3}")
_LIMITS: Final = (("月", 1200), ("年", 100), ("天", 36_500), ("日", 36_500))


class ParameterError(ValueError):
    """A value a parameter cannot have, in the clerk's words."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise ParameterError("不是正确的正则表达式") from None
    if re.fullmatch(text, ""):
        raise ParameterError("连空白也符合")
    return text


def _body_numbers(text: str) -> str:
    found = [part.zfill(3) for part in re.split(r"[;；,，、\s]+", text.upper()) if part]
    if not all(_BODY.fullmatch(part) for part in found):
        raise ParameterError("应为 3 位批准号，多个用分号隔开")
    return ";".join(found)


def _day(text: str) -> str:
    found = _DATE.match(text)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> str:
    raise ParameterError("不是日期")


_CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    CONTRACT_PATTERN: _pattern,
    BODY_NUMBERS: _body_numbers,
    EARLIEST: _day,
    TRANSITION: _day,
}


def checked_text(name: str, text: str) -> str:
    """A parameter of 码表 as the rules use it; ParameterError when it cannot be meant."""
    if not name or not text:
        raise ParameterError("没有名称或值")
    check = _CHECKS.get(name)
    return check(text) if check else text


def checked_number(name: str, value: float | None) -> float:
    """A number of 时限规则 or 评价准则; ParameterError when there is none or no calendar can hold it."""
    if not name or value is None:
        raise ParameterError("没有名称或数值")
    limit = next((most for word, most in _LIMITS if word in name), 1_000_000)
    if not -1_000_000 <= value <= limit or (limit < 1_000_000 and value < 0):
        raise ParameterError(f"的数值 {value:g} 超出 0 至 {limit}")
    return value
