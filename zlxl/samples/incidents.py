"""Rows of 重大事件: the complaints among the requests, and answers that came too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import DEPUTY


@dataclass(frozen=True, kw_only=True)
class _Kind:
    name: str
    severity: str
    consequence: str
    deduction: float
    measure: str


_CONDUCT: Final = _Kind(
    name="一般投诉",
    severity="一般",
    consequence="客户书面投诉",
    deduction=1,
    measure="更换审核员并向客户致歉，组织审核员职业行为培训",
)
_BRIBE: Final = _Kind(
    name="重大投诉",
    severity="重大",
    consequence="涉及廉洁，移交调查",
    deduction=5,
    measure="停止有关人员审核工作，约谈并通报",
)
_LOSS: Final = _Kind(
    name="严重不满意",
    severity="严重",
    consequence="客户投标受影响，提出赔偿",
    deduction=3,
    measure="查明延误原因，缩短制证流程，与客户协商",
)
_LATE: Final = _Kind(
    name="逾期未回复",
    severity="一般",
    consequence="客户再次来电催问",
    deduction=0.5,
    measure="设置到期提醒，责任人说明原因",
)
_KINDS: Final = {"对审核员行为投诉": _CONDUCT, "廉洁举报": _BRIBE, "违约与赔偿": _LOSS}
_PROOF: Final = {"查实": 55.0, "部分查实": 15.0, "不属实": 30.0}
_LATE_DAYS: Final = 5


def incident_rows(history: History, requests: Sequence[Row]) -> Iterator[Row]:
    """One row an incident, in the order in which they were reported."""
    dice = history.dice("重大事件")
    rows = [_row(dice, request, kind, history.today) for request in requests if (kind := _kind_of(request))]
    yield from numbered(rows, "incident_no", "SJ", "reported_on", "request_no")


def _kind_of(request: Row) -> _Kind | None:
    kind = _KINDS.get(request.get("confirmed_topic", ""))
    closed = request.get("closed_on")
    if kind is None and closed and closed > request["due_on"] + timedelta(days=_LATE_DAYS):
        return _LATE
    return kind


def _row(dice: Dice, request: Row, kind: _Kind, today: date) -> Row:
    reported: date = request["due_on"] if kind is _LATE else request["received_on"]
    days = 0 if kind is _LATE else dice.between(1, 5)
    row: Row = {
        "occurred_on": workdays.on_or_before(reported - timedelta(days=days)),
        "reported_on": reported,
        "contract_no": request["contract_no"],
        "client": request["client"],
        "kind": kind.name,
        "severity": kind.severity,
        "description": f"{request['text']}（{request['request_no']}）",
        "consequence": kind.consequence,
        "way": request["way"],
        "request_no": request["request_no"],
        "integrity": "是" if kind is _BRIBE else "否",
        "investigator": "申诉调查组",
    }
    return row | _investigated(dice, kind, reported, today)


def _investigated(dice: Dice, kind: _Kind, reported: date, today: date) -> Row:
    proven = workdays.later(reported, dice.between(5, 20))
    if proven > today:
        return {"proof": "待查"}
    proof = "查实" if kind is _LATE else dice.weighted(_PROOF)
    row: Row = {"proof": proof, "proven_on": proven, "confirmed_by": DEPUTY}
    if proof == "不属实":
        return row | {"deduction": 0, "measure": "向客户说明调查结果", "closed_on": proven}
    row |= {"deduction": kind.deduction, "measure": kind.measure}
    closed = workdays.later(proven, dice.between(2, 10))
    return row | ({"closed_on": closed} if closed <= today else {})
