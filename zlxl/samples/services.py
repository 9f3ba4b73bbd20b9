"""Rows of 增值服务: training and information that clients asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import TEACHERS
from zlxl.schema.facts import add_months

SHARE: Final = 0.35  #: contracts with a need
_KINDS: Final = {
    "内审员培训": 45,
    "体系知识培训": 22,
    "标准换版培训": 12,
    "法规信息服务": 10,
    "公开课": 8,
    "研讨交流": 3,
}
_NEEDS: Final = {
    "内审员培训": "希望培训内审员，原内审员已离岗",
    "体系知识培训": "新员工较多，希望讲解体系基础知识",
    "标准换版培训": "想了解标准换版的变化和准备工作",
    "法规信息服务": "希望定期收到环境和安全法规更新",
    "公开课": "希望参加线上公开课",
    "研讨交流": "希望与同行业企业交流体系运行经验",
}
_TAUGHT: Final = {"内审员培训": 16, "体系知识培训": 6, "标准换版培训": 6, "公开课": 2}  #: hours
_FEES: Final = {"内审员培训": 600, "标准换版培训": 300}  #: yuan a person
_WAYS: Final = {"电话走访电子文档": 62, "满意度调查及评价表": 30, "其它途径": 8}
_FEEDBACK: Final = {"很满意": 55, "满意": 38, "一般": 7}
_DECLINED: Final = (
    "报名人数不足，推迟到下一期",
    "客户时间冲突，改为自学资料",
    "需求属于咨询，依公正性要求不提供",
)


def service_rows(history: History) -> Iterator[Row]:
    """One row a need, in the order in which they were raised."""
    dice = history.dice("增值服务")
    rows = [
        _row(dice, engagement, raised, history.today)
        for engagement in history.engagements
        if engagement.issued_on and dice.chance(SHARE)
        if (raised := _raised_on(dice, engagement, history)) is not None
    ]
    yield from numbered(rows, "service_no", "ZZ", "raised_on", "contract_no")


def _raised_on(dice: Dice, engagement: Engagement, history: History) -> date | None:
    first = max(engagement.issued_on or history.today, add_months(history.today, -36))
    last = min(history.today, engagement.ended_on or history.today)
    if first >= last:
        return None
    return workdays.on_or_before(first + timedelta(days=dice.between(1, (last - first).days)))


def _row(dice: Dice, engagement: Engagement, raised: date, today: date) -> Row:
    kind, company = dice.weighted(_KINDS), engagement.company
    persons = dice.between(2, 8) if kind == "内审员培训" else dice.between(2, 30)
    row: Row = {
        "raised_on": raised,
        "contract_no": engagement.contract_no,
        "client": company.name,
        "contact": company.contact,
        "phone": company.phone,
        "kind": kind,
        "need": _NEEDS[kind],
        "way": dice.weighted(_WAYS),
        "persons": persons,
        "handler": company.handler,
    }
    return row | _arranged(dice, kind, persons, raised, today)


def _arranged(dice: Dice, kind: str, persons: int, raised: date, today: date) -> Row:
    planned = workdays.days_later(raised, dice.between(20, 70))
    if workdays.days_later(raised, 10) > today:
        return {"status": "待安排"}
    if planned > today:
        return {"status": "已安排", "planned_on": planned}
    if dice.chance(0.08):
        return {"status": "未开展", "planned_on": planned, "declined_why": dice.pick(_DECLINED)}
    row: Row = {
        "status": "已开展",
        "planned_on": planned,
        "delivered_on": planned,
        "fee": _FEES.get(kind, 0) * persons,
        "feedback": dice.weighted(_FEEDBACK),
    }
    if kind in _TAUGHT:
        row |= {"hours": _TAUGHT[kind], "teacher": dice.pick(TEACHERS)}
    return row | ({"certificates": persons} if kind == "内审员培训" else {})
