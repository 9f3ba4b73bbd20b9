"""The page of a rule, and the list of rules, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zlxl.rules.rule import Rule

_BLANK = re.compile(r"\{(\w+)\}")
_WORDS = {
    "value": "现值",
    "header": "列名",
    "reason": "原因",
    "why": "原因",
    "meant": "正确值",
    "usual": "常见写法",
    "other": "另一处",
    "others": "其他单元格",
    "table": "表名",
    "area": "区域",
    "latest": "最晚日期",
    "months": "月数",
    "wanted": "应有的值",
}


def _example(template: str) -> str:
    """A message with its blanks shown as 〈…〉."""
    return _BLANK.sub(lambda found: f"〈{_WORDS.get(found[1], '…')}〉", template)


def page(rule: Rule) -> str:
    """What the rule looks for, on what ground, with an example and what to do."""
    lines = [
        f"{rule.code} {rule.name}（{rule.severity.chinese}）",
        "",
        f"现象　{_example(rule.message)}",
        f"应为　{_example(rule.expected)}",
        f"依据　ZL-CX-16 {rule.clause}" + (f"；{rule.source}" if rule.source else ""),
        f"建议　{_example(rule.suggestion)}",
        "",
        f"错误示例　{rule.wrong}",
        f"正确示例　{rule.right}",
    ]
    return "\n".join(lines)


def table(rules: Iterable[Rule]) -> str:
    """One line a rule."""
    return "\n".join(f"{rule.code}  {rule.severity.chinese}  {rule.clause:<6} {rule.name}" for rule in rules)
