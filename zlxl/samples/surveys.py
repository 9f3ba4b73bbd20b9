"""Rows of 满意度调查: one questionnaire after every audit, most of them answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import Audit, Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import CLERKS
from zlxl.samples.words import records

RESPONSE_RATE: Final = 0.77
ITEMS: Final = (
    *("advice", "contract_clarity", "schedule", "competence", "attitude", "impartiality"),
    *("integrity", "report", "certificate", "aftercare", "complaints"),
)
#: how much better or worse an item is seen than the whole, in levels
_LEAN: Final = {
    "certificate": -0.45,
    "aftercare": -0.25,
    "schedule": -0.15,
    "integrity": 0.4,
    "attitude": 0.2,
}
_LEVELS: Final = ("很不满意", "不满意", "一般", "满意", "很满意")
_NOT_APPLICABLE: Final = {"complaints": 0.35, "aftercare": 0.08, "contract_clarity": 0.03}
_WAYS: Final = {"网络": 72, "传真": 14, "电话": 12, "手动传真": 2}
_CYCLES: Final = {
    "初审": "第一服务周期",
    "监一": "第二服务周期",
    "监二": "第三服务周期",
    "再认证": "再认证周期",
}
_BEST: Final = (
    *("审核员经验丰富，指出的问题有帮助", "客服答复及时", "审核安排充分考虑了生产", "末次会讲解清楚"),
    *("流程清楚，沟通顺畅", "审核组公正客观", "报告条理清晰", "培训很实用"),
)
_WORST: Final = (
    *("证书寄出较慢", "审核计划收到得晚", "电话有时打不通", "报告用语偏专业，一线看不懂"),
    *("回访较少", "资料要重复提交", "审核时间偏紧", "发票寄送慢"),
)
_INVALID: Final = ("回答不足六成", "填写人不了解审核情况", "整份答案相同且自相矛盾")
_FIRST_REMINDER: Final = 15
_QUICK: Final = {True: (1, 14), False: (16, 40)}  #: days to the answer, without and with a reminder


def survey_rows(history: History) -> list[Row]:
    """One row a questionnaire sent, numbered by the year of sending."""
    dice = history.dice("满意度调查")
    sent = [
        _row(dice, engagement, audit, day, history.today)
        for engagement in history.engagements
        for audit in engagement.own_audits
        if history.begin <= (day := _sent_on(dice, engagement, audit)) <= history.today
    ]
    return list(numbered(sent, "survey_no", "MY", "sent_on", "contract_no"))


def _sent_on(dice: Dice, engagement: Engagement, audit: Audit) -> date:
    """Within thirty days of the certificate, or of a surveillance."""
    first = audit is engagement.audits[0]
    begin = engagement.issued_on if first and engagement.issued_on else audit.on
    return workdays.later(begin, dice.between(2, 18))


def _row(dice: Dice, engagement: Engagement, audit: Audit, sent: date, today: date) -> Row:
    company = engagement.company
    way = dice.weighted(_WAYS)
    row: Row = {
        "contract_no": engagement.contract_no,
        "client": company.name,
        "audit_type": audit.kind,
        "cycle": _CYCLES[audit.kind],
        "quarter": f"{sent.year}Q{(sent.month + 2) // 3}",
        "sent_on": sent,
        "way": way,
        "sent_by": dice.pick(CLERKS),
        "delivered": "是",
    }
    quick = dice.chance(0.7)
    returned = workdays.days_later(sent, dice.between(*_QUICK[quick]))
    reminded = workdays.days_later(sent, _FIRST_REMINDER)
    answered = dice.chance(RESPONSE_RATE) and returned <= today
    if not (answered and quick) and reminded <= today:
        row["reminded_on"] = reminded
    if answered:
        row |= {"returned_on": returned, "return_way": way, "filled_by": company.contact}
        row |= _answers(dice, company.mood) | {"entered_by": dice.pick(CLERKS)}
    elif dice.chance(0.12):
        row["delivered"] = "否"
    return row


def _answers(dice: Dice, mood: float) -> Row:
    """Validity, levels and comments of a returned questionnaire."""
    if dice.chance(0.02):
        return {"validity": "无效", "invalid_why": dice.pick(_INVALID), "overall": "一般"}
    spirit = dice.near(mood * 4.15, 0.3, 0, 4.4)
    levels = {item: _level(dice, item, spirit) for item in ITEMS}
    overall = _LEVELS[round(dice.near(spirit, 0.25, 0, 4))]
    return {
        "validity": "有效",
        **levels,
        "overall": overall,
        "recommendation": round(dice.near(spirit * 2.35, 0.8, 0, 10)),
        "best": dice.pick(_BEST) if dice.chance(0.3) else None,
        "worst": dice.pick(_WORST) if dice.chance(0.45 - spirit * 0.09) else None,
        "suggestion": dice.pick(suggestions())["要求原文"] if dice.chance(0.1) else None,
    }


def _level(dice: Dice, item: str, spirit: float) -> str:
    if dice.chance(_NOT_APPLICABLE.get(item, 0)):
        return "不适用"
    return _LEVELS[round(dice.near(spirit + _LEAN.get(item, 0), 0.5, 0, 4))]


def suggestions() -> list[dict[str, str]]:
    """What clients write on questionnaires and what then becomes a request."""
    return [dict(row) for row in records("requests.csv") if row["收集方式"] == "满意度调查及评价表"]


def days_after(row: Row, days: int) -> date:
    """A workday so long after the questionnaire came back."""
    returned: date = row["returned_on"]
    return workdays.on_or_after(returned + timedelta(days=days))
