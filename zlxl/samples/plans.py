"""Rows of 服务计划: audits, surveys, calls and verifications planned for clients, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import KINDS, Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import OWNERS
from zlxl.schema.facts import add_months

_CALLS: Final = {"A": 12, "B": 6, "C": 3, "D": 1}  #: months between calls, by grade
_CONTENT: Final = {"监一": "第一次监督审核", "监二": "第二次监督审核", "再认证": "再认证审核"}
_CALL_RESULTS: Final = (
    *(
        "体系运行正常，联系信息无变化",
        "联系人有变化，已更新",
        "客户询问监审时间，已答复",
        "客户有培训需求，已登记",
    ),
    "近期有新项目，提醒变更通报",
)
_PUT_OFF: Final = ("联系人出差，改期再访", "客户停产检修，推迟")
_ANSWERS: Final = {"接受": 92, "待定": 5, "不接受": 3}
_NOTICE_DAYS: Final = (18, 30)


def plan_rows(history: History, surveys: Sequence[Row], evaluations: Sequence[Row]) -> Iterator[Row]:
    """One row a planned service, in the order of their dates."""
    dice = history.dice("服务计划")
    grades = {row["contract_no"]: str(row["grade"]) for row in evaluations}
    rows = [row for e in history.engagements for row in _of(dice, e, history, grades)]
    rows += [_survey(row) for row in surveys if row["sent_on"] >= add_months(history.today, -12)]
    yield from numbered(rows, "plan_no", "FW", "due_on", "contract_no", "service")


def _of(dice: Dice, engagement: Engagement, history: History, grades: Mapping[str, str]) -> Iterator[Row]:
    if engagement.issued_on is None:
        return
    base: Row = {
        "contract_no": engagement.contract_no,
        "client": engagement.company.name,
        "grade": grades.get(engagement.contract_no),
    }
    for row in (
        *_audits(dice, engagement, history),
        *_calls(dice, engagement, history, grades.get(engagement.contract_no, "B")),
    ):
        yield base | row


def _audits(dice: Dice, engagement: Engagement, history: History) -> Iterator[Row]:
    """Surveillance and recertification: carried out, arranged, or called off."""
    audits = engagement.audits
    for before, audit in pairwise(audits):
        if audit.on >= history.begin:
            notified = workdays.on_or_before(audit.planned_on - timedelta(days=dice.between(*_NOTICE_DAYS)))
            yield _audit(audit.kind, audit.planned_on, before.on) | {
                "handler": dice.pick(OWNERS["审核部"]),
                "status": "已完成",
                "notified_on": notified,
                "receipt_on": workdays.later(notified, dice.between(0, 4)),
                "answer": "接受",
                "done_on": audit.on,
                "result": f"{audit.kind}完成，证书保持" if audit.kind != "再认证" else "再认证完成，换发新证",
            }
    if engagement.next_on is not None:
        kind = KINDS[len(audits)] if len(audits) < len(KINDS) else "再认证"
        row = _audit(kind, engagement.next_on, audits[-1].on)
        yield row | _ahead(dice, engagement, history.today)


def _audit(kind: str, planned: date, last: date) -> Row:
    return {
        "service": "再认证" if kind == "再认证" else "监督审核",
        "content": _CONTENT[kind],
        "due_on": planned,
        "latest_on": add_months(last, 12),
        "owner": "审核部",
        "origin": "批处理",
    }


def _ahead(dice: Dice, engagement: Engagement, today: date) -> Row:
    """State of the next audit."""
    if engagement.status == "暂停":
        return {"status": "延期", "result": "证书已暂停，恢复后再安排"}
    if not engagement.live:
        return {"status": "取消", "result": f"证书已{engagement.status}"}
    due = engagement.next_on or today
    notified = workdays.on_or_before(due - timedelta(days=dice.between(*_NOTICE_DAYS)))
    if notified > today:
        return {"status": "未安排"}
    row: Row = {"status": "已安排", "notified_on": notified, "handler": dice.pick(OWNERS["审核部"])}
    receipt = workdays.later(notified, dice.between(1, 5))
    if receipt > today:
        return row
    return row | {"receipt_on": receipt, "answer": dice.weighted(_ANSWERS)}


def _calls(dice: Dice, engagement: Engagement, history: History, grade: str) -> Iterator[Row]:
    """Calls of the last and the coming half year, as often as the grade asks."""
    if not engagement.live:
        return
    step, today = _CALLS[grade], history.today
    month = max(engagement.issued_on or today, add_months(today, -6))
    day = workdays.on_or_after(add_months(month, dice.between(1, step)))
    while day <= add_months(today, 6):
        yield {
            "service": "电话回访",
            "content": "了解体系运行和变化，核实联系信息",
            "due_on": day,
            "owner": "市场部",
            "handler": engagement.company.handler,
            "origin": "批处理",
            **_called(dice, day, today),
        }
        day = workdays.on_or_after(add_months(day, step))


def _called(dice: Dice, day: date, today: date) -> Row:
    if day > today:
        return {"status": "未安排"}
    if dice.chance(0.06):
        return {"status": "延期", "result": dice.pick(_PUT_OFF)}
    done = min(workdays.on_or_before(today), workdays.later(day, dice.between(0, 4)))
    return {"status": "已完成", "done_on": done, "result": dice.pick(_CALL_RESULTS)}


def _survey(row: Row) -> Row:
    answered = "已收回" if row.get("returned_on") else "尚未收回"
    return {
        "contract_no": row["contract_no"],
        "client": row["client"],
        "service": "满意度调查",
        "content": f"{row['audit_type']}后满意度调查",
        "due_on": row["sent_on"],
        "owner": "市场部",
        "handler": row["sent_by"],
        "status": "已完成",
        "done_on": row["sent_on"],
        "result": f"{row['survey_no']} 已下发，{answered}",
        "origin": "手工",
    }
