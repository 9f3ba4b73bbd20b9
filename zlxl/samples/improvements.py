"""Rows of 改进措施: what was decided on the problems that several clients had, and on their needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import DEPUTY, OWNERS

ENOUGH: Final = 3  #: clients that make a problem a common one
_KEPT_BACK: Final = 0.8  #: share of the problems of a year that have a measure


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A measure that fits a topic."""

    owner: str
    problem: str
    measure: str
    effect: str
    origin: str = "共性问题"


_BY_TOPIC: Final = {
    "流程改进共性建议": _Known(
        owner="市场部",
        problem="多家客户建议简化资料提交、提前告知审核安排",
        measure="编制一次性告知清单，审核前 15 个工作日发预通知，资料改为网上提交",
        effect="抽查 20 份合同，资料一次提交合格率提高；同类建议减少",
        origin="流程改进建议",
    ),
    "证书邮寄与查询": _Known(
        owner="制证部",
        problem="客户反复询问证书寄送情况，个别寄错地址",
        measure="寄出前与客户核对地址，快递单号当天告知",
        effect="措施实施后三个月，询问寄送的电话减少一半以上",
    ),
    "审核日期调整": _Known(
        owner="审核部",
        problem="审核日期与客户生产安排冲突，调整频繁",
        measure="提前 60 天与客户商定三个备选日期，旺季的行业错开安排",
        effect="改期件数与上年同期比下降",
    ),
    "发票开具与补寄": _Known(
        owner="财务部",
        problem="开票信息不准、发票寄送慢",
        measure="合同评审时核对开票信息，电子发票两个工作日内发出",
        effect="抽查 30 份，发票均在两个工作日内发出",
    ),
    "内审员培训报名": _Known(
        owner="市场部",
        problem="内审员变动多，培训班次不足",
        measure="每季度开一期内审员培训，增加线上班",
        effect="报名后等待时间缩短到一个月以内",
        origin="现有需求",
    ),
    "费用减免分期退款": _Known(
        owner="财务部",
        problem="多体系客户希望监审费分期支付或给予优惠",
        measure="拟定多体系合同分期付款办法，报主管副总批准后执行",
        effect="按办法办理的不再逐件上报，办结时间缩短",
    ),
    "监审提醒与时间表": _Known(
        owner="市场部",
        problem="客户希望更早知道监审时间，便于安排生产",
        measure="监审窗口打开时即发时间表，到期前 60 天再提醒一次",
        effect="抽查 30 份监审，均提前 60 天通知",
    ),
    "加急出证": _Known(
        owner="评定部",
        problem="多家客户因投标要求加急出证，不清楚认证决定的进度",
        measure="报告提交、认证决定两个节点主动短信告知",
        effect="加急要求减少，催问进度的电话明显减少",
    ),
}
_NEEDS: Final = (
    _Known(
        owner="市场部",
        problem="标准换版临近，客户需要换版培训和转换安排",
        measure="举办换版公开课，按行业分批发出转换通知",
        effect="公开课满意率 95% 以上",
        origin="潜在需求",
    ),
    _Known(
        owner="市场部",
        problem="满意度调查中获证后服务得分偏低，客户希望得到法规更新",
        measure="每季度发送法规更新简报，节假日前回访重点客户",
        effect="下一季度该题平均分回升",
        origin="满意度分析",
    ),
)


def improvement_rows(history: History, requests: Sequence[Row]) -> Iterator[Row]:
    """One row a measure, in the order in which they were raised."""
    dice = history.dice("改进措施")
    rows = [*_of_problems(dice, requests, history.today), *_of_needs(dice, requests, history.today)]
    yield from numbered(rows, "measure_no", "GJ", "raised_on", "problem")


def _of_problems(dice: Dice, requests: Sequence[Row], today: date) -> Iterator[Row]:
    """Measures on the topics that enough clients of a year had."""
    asked: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in requests:
        if row.get("confirmed_topic") in _BY_TOPIC:
            asked[row["received_on"].year, row["confirmed_topic"]].append(row)
    for (_, topic), found in sorted(asked.items()):
        if len({row["client"] for row in found}) >= ENOUGH and dice.chance(_KEPT_BACK):
            told = found[ENOUGH - 1]["received_on"]
            row = _row(dice, _BY_TOPIC[topic], workdays.later(told, dice.between(1, 5)), today)
            records = "；".join(row["request_no"] for row in found[:ENOUGH])
            if row:
                yield {"topic": topic, "records": records} | row


def _of_needs(dice: Dice, requests: Iterable[Row], today: date) -> Iterator[Row]:
    for year in sorted({row["received_on"].year for row in requests}):
        for known in _NEEDS:
            raised = workdays.on_or_after(date(year, dice.between(2, 9), dice.between(1, 25)))
            if row := _row(dice, known, raised, today):
                yield row


def _row(dice: Dice, known: _Known, raised: date, today: date) -> Row:
    """The measure as far as it has come; nothing where it lies ahead."""
    if raised > today:
        return {}
    row: Row = {
        "year": raised.year,
        "origin": known.origin,
        "problem": known.problem,
        "measure": known.measure,
        "owner": known.owner,
        "handler": dice.pick(OWNERS[known.owner]),
        "raised_on": raised,
    }
    approved = workdays.later(raised, dice.between(2, 6))
    if approved > today:
        return row | {"status": "待批准"}
    due = workdays.days_later(approved, dice.between(40, 110))
    row |= {"approved_by": DEPUTY, "approved_on": approved, "due_on": due}
    return row | _carried_out(dice, known, approved, due, today)


def _carried_out(dice: Dice, known: _Known, approved: date, due: date, today: date) -> Row:
    late = dice.between(10, 60) if dice.chance(0.35) else -dice.between(1, 15)
    done = max(workdays.days_later(approved, 5), workdays.days_later(due, late))
    if done > today:
        return {"status": "实施中"}
    verified = workdays.days_later(done, dice.between(60, 95))
    if verified > today:
        return {"status": "已完成", "done_on": done}
    effective = "是" if dice.chance(0.9) else "否"
    effect = known.effect if effective == "是" else "同类要求没有减少，需重新分析原因"
    return {
        "status": "已验证",
        "done_on": done,
        "effect": effect,
        "effective": effective,
        "verified_on": verified,
    }
