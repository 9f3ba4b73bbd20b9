"""Rows of 申请受理: accepted applications, one a contract, and some that were not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.companies import Company, companies
from zlxl.samples.dice import Dice
from zlxl.samples.history import Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import REVIEWERS
from zlxl.schema.facts import add_months

REFUSED_SHARE: Final = 0.06  #: applications beside the accepted ones that did not get so far
_WAYS: Final = {"电子邮件": 60, "微信": 15, "网站": 10, "面交": 8, "邮寄": 5, "传真": 2}
_REFUSALS: Final = (
    "申请范围需要行政许可，委托方尚未取得",
    "体系运行不足三个月",
    "申请范围超出营业执照经营范围",
    "因自身原因被其他机构撤销证书未满一年",
    "近一年内有未结的重大行政处罚",
)
_MISSING: Final = ("环评批复", "安全生产许可证复印件", "营业执照副本", "临时场所清单", "内审和管理评审记录")
_GUIDANCE: Final = (
    "电话说明体系覆盖人数的填法",
    "说明多场所清单的填写要求",
    "说明需附的法律地位证明文件",
    "说明倒班人员如何计入",
)
_SPECIAL: Final = ("涉密场所需提前审批", "有夜班生产，需安排夜间审核", "施工项目分布在外省", "部分过程外包")


def application_rows(history: History) -> Iterator[Row]:
    """One row an application, numbered by the year its form was sent."""
    dice = history.dice("申请受理")
    rows = [_accepted(dice, engagement) for engagement in history.engagements]
    rows += [_turned_down(dice, company, history) for company in _strangers(history)]
    yield from numbered(rows, "application_no", "SQ", "form_sent_on", "client")


def _strangers(history: History) -> list[Company]:
    """Companies that applied and never became clients."""
    clients = {engagement.company.name for engagement in history.engagements}
    wanted = round(len(clients) * REFUSED_SHARE)
    made = companies(history.seed + 1_000_003, wanted * 2)
    return [company for company in made if company.name not in clients][:wanted]


def _asked(dice: Dice, company: Company, systems: tuple[str, ...]) -> Row:
    return {
        "client": company.name,
        "uscc": company.uscc,
        "province": company.place.province,
        "contact": company.contact,
        "phone": company.phone,
        "systems": ";".join(systems),
        "scope": company.industry.scope,
        "persons": company.persons,
        "form_way": dice.weighted(_WAYS),
        "attachments": "营业执照、组织机构图、工艺流程图",
        "special": dice.pick(_SPECIAL) if dice.chance(0.07) else None,
        "guidance": dice.pick(_GUIDANCE) if dice.chance(0.35) else None,
        "handler": company.handler,
    }


def _accepted(dice: Dice, engagement: Engagement) -> Row:
    return {
        **_asked(dice, engagement.company, engagement.systems),
        "form_sent_on": engagement.sent_on,
        "form_returned_on": engagement.returned_on,
        "legal_status": "是",
        "reviewed_on": engagement.applied_on,
        "reviewer": dice.pick(REVIEWERS),
        "conclusion": "受理",
        "accepted_on": engagement.applied_on,
        "notified_on": engagement.applied_on,
        "contract_no": engagement.contract_no,
    }


def _turned_down(dice: Dice, company: Company, history: History) -> Row:
    """An application that was refused, or still lacks something."""
    today = history.today
    begin = add_months(today, -36)
    late = dice.chance(0.15)
    reviewed = workdays.on_or_before(
        today - timedelta(days=dice.between(0, 40 if late else (today - begin).days))
    )
    returned = workdays.on_or_before(reviewed - timedelta(days=dice.between(1, 6)))
    sent = workdays.on_or_before(returned - timedelta(days=dice.between(2, 14)))
    lacking = late and dice.chance(0.7)
    return {
        **_asked(dice, company, dice.pick([("QMS",), ("QMS", "EMS", "OHSMS"), ("EMS",)])),
        "form_sent_on": sent,
        "form_returned_on": returned,
        "legal_status": "是" if dice.chance(0.8) else "否",
        "reviewed_on": reviewed,
        "reviewer": dice.pick(REVIEWERS),
        **_verdict(dice, reviewed, lacking=lacking),
    }


def _verdict(dice: Dice, reviewed: date, *, lacking: bool) -> Row:
    if lacking:
        return {"conclusion": "补充资料", "missing": dice.pick(_MISSING), "notified_on": reviewed}
    return {"conclusion": "不受理", "refusal": dice.pick(_REFUSALS), "notified_on": reviewed}
