"""Rows of 客户要求: what clients asked for, how it was judged by 权限表, answered and closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import CLERKS, HEAD, OWNERS
from zlxl.samples.surveys import days_after
from zlxl.samples.words import records
from zlxl.tables.authority import AUTHORITY

PER_CONTRACT: Final = 1.3
#: topics of organisations that are not certified yet
_EARLY: Final = frozenset(
    {
        *(
            "公开文件与收费标准索取",
            "申请书与填表指导",
            "认证流程与周期咨询",
            "标准内报价",
            "合同模板与盖章邮寄",
        ),
        *("审核组名单告知", "保证通过认证", "审核人日低于规定", "代写体系文件或咨询", "食宿交通对接"),
    }
)
_WEIGHTS: Final = {"a": 0.45, "b": 3.0, "c": 1.1}
_DEPARTMENTS: Final = {"市场部": 78, "审核部": 10, "办事处": 6, "财务部": 3, "制证部": 3}
_AMOUNTS: Final = (300, 500, 2000, 3000, 5000, 8000)
_FEES, _OPINIONS, _POSTPONED, _PROOF = "费用减免分期退款", "意见建议登记", "审核日期调整", "投标用证明"
_COMMON: Final = frozenset({"流程改进共性建议"})
_REPLIES: Final = (
    "同意，纳入本年度流程改进清单",
    "请相关部门提出方案，下次例会讨论",
    "已安排整改，完成后回访客户",
)
_MEASURE: Final = "已列入流程改进清单，由相关部门制定措施"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it comes in."""

    engagement: Engagement
    record: Mapping[str, str]  #: of requests.csv
    received_on: date
    survey: Row | None = None  #: the questionnaire it was written on


def request_rows(history: History, surveys: Sequence[Row]) -> list[Row]:
    """One row a request; those written on questionnaires are entered there as well."""
    dice = history.dice("客户要求")
    asked = [*_from_surveys(dice, history, surveys), *_others(dice, history)]
    asked = [request for request in asked if request.received_on <= history.today]
    rows = [_row(dice, request, history.today) | {"survey": request.survey} for request in asked]
    told = list(numbered(rows, "request_no", "YQ", "received_on", "contract_no"))
    for row in told:
        survey = row.pop("survey")
        if survey is not None:
            survey["request_no"] = row["request_no"]
    _answer_feedback(history, told)
    return told


def _answer_feedback(history: History, rows: Sequence[Row]) -> None:
    """When common problems were reported, and what was answered."""
    dice = history.dice("即时反馈")
    for row in rows:
        if "fed_back_to" not in row:
            continue
        day = workdays.later(row["received_on"], dice.between(0, 3))
        if day > history.today:
            del row["fed_back_to"], row["measure"]
            continue
        row["fed_back_on"] = day
        if workdays.later(day, 5) <= history.today and dice.chance(0.85):
            row["feedback_reply"] = dice.pick(_REPLIES)


def _from_surveys(dice: Dice, history: History, surveys: Sequence[Row]) -> Iterator[Asked]:
    engagements = {engagement.contract_no: engagement for engagement in history.engagements}
    by_text = {record["要求原文"]: record for record in records("requests.csv")}
    for survey in surveys:
        if survey.get("suggestion"):
            yield Asked(
                engagement=engagements[survey["contract_no"]],
                record=by_text[survey["suggestion"]],
                received_on=days_after(survey, dice.between(0, 3)),
                survey=survey,
            )


def _others(dice: Dice, history: History) -> Iterator[Asked]:
    known = [record for record in records("requests.csv") if record["收集方式"] != "满意度调查及评价表"]
    weights = {index: _WEIGHTS[_usual(record["主题"])["topic_class"]] for index, record in enumerate(known)}
    early = [record for record in known if record["主题"] in _EARLY]
    for engagement in history.engagements:
        times = int(PER_CONTRACT) + dice.chance(PER_CONTRACT % 1) + dice.between(-1, 1)
        for _ in range(times):
            record = known[dice.weighted(weights)] if engagement.issued_on else dice.pick(early)
            received = _received_on(dice, engagement, history)
            if received is not None:
                yield Asked(engagement=engagement, record=record, received_on=received)


def _received_on(dice: Dice, engagement: Engagement, history: History) -> date | None:
    first = max(history.begin, engagement.issued_on or engagement.applied_on)
    last = min(history.today, engagement.ended_on or history.today)
    if first > last:
        return None
    return workdays.on_or_after(first + timedelta(days=dice.between(0, (last - first).days)))


@cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    """Rows of 权限表 by their number."""
    return {str(row["rule_no"]): row for row in AUTHORITY.shipped}


@cache
def _usual(topic: str) -> Mapping[str, Any]:
    """The row of 权限表 that holds for a topic without condition."""
    return next(
        row for row in AUTHORITY.shipped if row["topic"] == topic and row.get("condition_field") is None
    )


def _decided(topic: str, details: Row, engagement: Engagement) -> Mapping[str, Any]:
    """The row of 权限表 that holds for a request."""
    if topic == _FEES and details["amount"] <= 500:
        return _rules()["C19-1"]
    if topic == _OPINIONS and details["common"] == "是":
        return _rules()["B29-1"]
    if topic == _PROOF and engagement.status == "暂停":
        return _rules()["B26-1"]
    return _usual(topic)


def _row(dice: Dice, request: Asked, today: date) -> Row:
    company, topic = request.engagement.company, request.record["主题"]
    details = _details(dice, topic, request.received_on)
    row: Row = {
        "received_on": request.received_on,
        "contract_no": request.engagement.contract_no,
        "client": company.name,
        "contact": company.contact,
        "phone": company.phone,
        "content_kind": request.record["要求内容"],
        "way": request.record["收集方式"],
        "from_department": dice.weighted(_DEPARTMENTS),
        "text": request.record["要求原文"],
        "recorded_by": dice.pick(CLERKS),
        **details,
    }
    return row | _handled(dice, topic, _decided(topic, details, request.engagement), row, today)


def _details(dice: Dice, topic: str, received: date) -> Row:
    """What the class of the topic may depend on."""
    common = topic in _COMMON or (topic == _OPINIONS and dice.chance(0.1))
    row: Row = {"common": "是" if common else "否", "improvement": "是" if topic in _COMMON else "否"}
    if common:
        row |= {"fed_back_to": "主管副总", "measure": _MEASURE}
    if topic == _FEES:
        row["amount"] = dice.pick(_AMOUNTS)
    if topic == _POSTPONED:
        row["wanted_on"] = workdays.days_later(received, dice.between(8, 25))
    return row


def _handled(dice: Dice, topic: str, rule: Mapping[str, Any], row: Row, today: date) -> Row:
    """Class, owner, dates and answer as far as they have come by today."""
    received: date = row["received_on"]
    confirmed = workdays.later(received, dice.between(0, 1))
    if confirmed > today:
        return {"state": "待确认"}
    handled: Row = {
        "confirmed_topic": topic,
        "confirmed_class": rule["topic_class"],
        "confirmed_by": HEAD,
        "confirmed_on": confirmed,
        "owner": rule["owner"],
        "handler": dice.pick(OWNERS[rule["owner"]]),
        "reply_due_on": workdays.later(received, int(rule["reply_days"])),
        "due_on": workdays.later(received, int(rule["close_days"])),
        "waiting_days": 0,
    }
    if rule["topic_class"] == "c":
        handled |= {"escalated_to": rule["escalate_to"], "escalated_on": confirmed}
    return handled | _progress(dice, rule, received, confirmed, today)


def _progress(dice: Dice, rule: Mapping[str, Any], received: date, confirmed: date, today: date) -> Row:
    late = dice.between(1, 4) if dice.chance(0.02) else 0
    reply_days, close_days = int(rule["reply_days"]), int(rule["close_days"])
    replied = max(confirmed, workdays.later(received, dice.between(0, reply_days) + late))
    closed = max(replied, workdays.later(received, dice.between(reply_days, close_days) + late * 2))
    if closed <= today:
        return _closed(dice, rule, replied, closed)
    if replied <= today:
        return {"state": "已答复", "replied_on": replied, "answer": rule["answer"]}
    if dice.chance(0.3):
        return {"state": "等待客户", "waiting_days": dice.between(1, 5)}
    return {"state": "已上报" if rule["topic_class"] == "c" else "处理中"}


def _closed(dice: Dice, rule: Mapping[str, Any], replied: date, closed: date) -> Row:
    row: Row = {"replied_on": replied, "answer": rule["answer"]}
    if dice.chance(0.015):
        return row | {"state": "已撤回"}
    content = 0.75 if rule["topic_class"] == "a" else 0.94
    satisfied = "是" if dice.chance(content) else "否"
    return row | {"state": "已办结", "closed_on": closed, "satisfied": satisfied}
