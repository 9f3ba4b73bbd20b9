"""ZL_EXPLAIN_RULE: the page of a rule, or one line of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import NoAnswerError, Rows, each, text_of, word
from zlxl.reports.rulepage import example, page
from zlxl.rules.catalog import RULE
from zlxl.rules.rule import Rule

_CODE: Final = re.compile(r"\s*(ZL\d{3})\b", re.IGNORECASE | re.ASCII)
_PAGE: Final = "全文"
_PARTS: Final[dict[str, Callable[[Rule], str]]] = {
    _PAGE: page,
    "名称": lambda rule: rule.name,
    "严重程度": lambda rule: rule.severity.chinese,
    "现象": lambda rule: example(rule.message),
    "应为": lambda rule: example(rule.expected),
    "条款": lambda rule: rule.clause,
    "建议": lambda rule: example(rule.suggestion),
}


def explain_rule(policy: Policy, code: object, part: object = None) -> Rows:
    """What each rule says, by its code or by words that begin with it.

    Raises:
        BadArgumentError: no such part.
    """
    told = _PARTS[word(part, _PAGE, tuple(_PARTS))]
    return each(lambda cell: told(_rule(text_of(cell))), code)


def _rule(text: str) -> Rule:
    found = _CODE.match(text)
    if found is None or found[1].upper() not in RULE:
        raise NoAnswerError
    return RULE[found[1].upper()]
