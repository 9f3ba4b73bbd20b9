"""Which province a postcode or an address tells of, by 码表 (domain.md 1.6)."""

from __future__ import annotations

import re
from typing import Final

from zlxl.schema.context import Choice, Context
from zlxl.tables.text import tidy

PROVINCES: Final = "省份"
PREFIXES: Final = "邮编前缀"  #: attribute of a province: what its postcodes begin with
#: 海南藏族自治州 lies in 青海, 海南区 in 内蒙古: a short name with such an end is another place's.
_ELSEWHERE = re.compile(r"[^省市区县]{1,8}自治[州县旗]|[州区县]")


def province_of_postcode(postcode: str, context: Context) -> str | None:
    """The province whose prefix tells most of the postcode; None where none or several do."""
    best: dict[int, set[str]] = {}
    for choice in context.lists[PROVINCES].choices:
        for prefix in _prefixes(choice):
            if postcode.startswith(prefix):
                best.setdefault(len(prefix), set()).add(choice.value)
    found = best[max(best)] if best else set()
    return found.pop() if len(found) == 1 else None


def _prefixes(choice: Choice) -> list[str]:
    return [prefix for prefix in choice.attributes.get(PREFIXES, "").split(",") if prefix]


def province_of_address(address: str, context: Context) -> str | None:
    """The province whose name or short name an address begins with; None where it begins otherwise."""
    text = "".join(tidy(address).split()).removeprefix("中国").removeprefix("中华人民共和国")
    known = context.lists[PROVINCES].choices
    named = [choice.value for choice in known if text.startswith(choice.value)]
    named += [choice.value for choice in known for name in choice.aliases if _begins(text, name)]
    return named[0] if named else None


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not _ELSEWHERE.match(text, len(name))
