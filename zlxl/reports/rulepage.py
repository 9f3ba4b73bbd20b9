"""The page of a rule, and the list of rules, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zlxl.rules.rule import Rule

_BLANK = re.compile(r"\{(\w+)\}")
_WORDS = {
    "accepted": "受理日期",
    "allowed": "可选的值",
    "area": "区域",
    "bodies": "机构批准号",
    "candidates": "可能的日期",
    "codes": "代码",
    "contract": "合同编号",
    "current": "现行版本",
    "days": "天数",
    "deadline": "截止日期",
    "digits": "号码",
    "document": "文件编号",
    "earliest": "最早日期",
    "error": "错误值",
    "example": "示例",
    "first": "另一项",
    "first_value": "另一项的值",
    "found": "现有数字",
    "header": "列名",
    "kind": "现有类型",
    "last": "最近日期",
    "latest": "最晚日期",
    "ledger": "台账中的名称",
    "letter": "现有字母",
    "letters": "现有字母",
    "list": "码表名称",
    "meant": "正确值",
    "months": "月数",
    "near": "最接近的值",
    "newest": "新版版本号",
    "other": "另一处",
    "others": "其他单元格",
    "persons": "体系人数",
    "prefixes": "邮编前缀",
    "province": "省份",
    "reason": "原因",
    "rule": "先后要求",
    "since": "代替或作废日期",
    "standard": "认证标准",
    "start": "起算日期",
    "state": "合同情况",
    "systems": "已有体系",
    "table": "表名",
    "text": "文本",
    "today": "今天",
    "until": "有效期至",
    "usual": "常见写法",
    "value": "现值",
    "versions": "已登记的版本",
    "wanted": "应有的值",
    "what": "多余的字符",
    "why": "原因",
    "year": "年份",
}


def example(template: str) -> str:
    """A message with its blanks shown as 〈…〉."""
    return _BLANK.sub(lambda found: f"〈{_WORDS[found[1]]}〉", template)


def page(rule: Rule) -> str:
    """What the rule looks for, on what ground, with an example and what to do."""
    lines = [
        f"{rule.code} {rule.name}（{rule.severity.chinese}）",
        "",
        f"现象　{example(rule.message)}",
        f"应为　{example(rule.expected)}",
        f"依据　ZL-CX-16 {rule.clause}" + (f"；{rule.source}" if rule.source else ""),
        f"建议　{example(rule.suggestion)}",
        "",
        f"错误示例　{rule.wrong}",
        f"正确示例　{rule.right}",
    ]
    return "\n".join(lines)


def table(rules: Iterable[Rule]) -> str:
    """One line a rule."""
    return "\n".join(f"{rule.code}  {rule.severity.chinese}  {rule.clause:<6} {rule.name}" for rule in rules)
