"""Rows of 信息提供: documents given and explanations made, before and after certification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.documents import version_at
from zlxl.samples.history import Engagement, History
from zlxl.samples.numbering import Row, numbered

_WAYS: Final = {"电子邮件": 55, "微信": 20, "邮寄": 8, "面交": 8, "网站": 5, "传真": 4}
_SPECIAL: Final = {
    "申请范围含危险化学品运输": "说明该范围需先取得道路运输许可证",
    "申请范围含特种设备安装": "说明需持有相应等级的安装许可",
    "申请范围含食品生产": "说明需先取得食品生产许可证",
    "多个施工项目分布在外省": "说明临时场所的抽样和清单要求",
}


@dataclass(frozen=True, kw_only=True)
class _Occasion:
    name: str
    document: str  #: number in 公开文件
    explanation: str = ""


_INQUIRY: Final = _Occasion(name="认证意向咨询", document="GK-01")
_FEES: Final = _Occasion(name="认证意向咨询", document="GK-04")
_FORM: Final = _Occasion(name="申请指导", document="GK-12")
_RIGHTS: Final = _Occasion(
    name="权利义务说明", document="GK-02", explanation="说明变更通报、配合监督和事故通报的义务"
)
_MARKS: Final = _Occasion(
    name="证书标志使用说明", document="GK-03", explanation="说明标志不得用于产品及其包装，暂停期间停止使用"
)
_NEW_VERSION: Final = _Occasion(name="文件换版通知", document="GK-01")


def information_rows(history: History, documents: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """One row a document given, in the order of time."""
    dice = history.dice("信息提供")
    told = [row for engagement in history.engagements for row in _told(dice, engagement, history, documents)]
    yield from numbered(told, "information_no", "TG", "provided_on", "contract_no", "document_no")


def _told(
    dice: Dice, engagement: Engagement, history: History, documents: Sequence[Mapping[str, Any]]
) -> Iterator[Row]:
    for occasion, day in _occasions(dice, engagement, history, documents):
        if history.begin <= day <= history.today:
            document = version_at(documents, occasion.document, day)
            yield _row(dice, engagement, occasion, day, history.today) | {
                "document_no": document["document_no"],
                "document": document["title"],
                "version": document["version"],
            }


def _occasions(
    dice: Dice, engagement: Engagement, history: History, documents: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[_Occasion, date]]:
    asked = workdays.on_or_before(engagement.sent_on - timedelta(days=dice.between(1, 20)))
    yield _INQUIRY, asked
    if dice.chance(0.4):
        yield _FEES, asked
    yield _FORM, engagement.sent_on
    if engagement.issued_on:
        yield _RIGHTS, workdays.later(engagement.issued_on, dice.between(1, 5))
        if dice.chance(0.7):
            yield _MARKS, workdays.later(engagement.issued_on, dice.between(3, 40))
    changed = workdays.on_or_after(max(row["effective_on"] for row in documents))
    if engagement.live and engagement.applied_on < changed and dice.chance(0.5):
        yield _NEW_VERSION, workdays.later(changed, dice.between(1, 15))


def _row(dice: Dice, engagement: Engagement, occasion: _Occasion, day: date, today: date) -> Row:
    received = workdays.later(day, dice.between(0, 3))
    row = {
        "provided_on": day,
        "client": engagement.company.name,
        "contract_no": engagement.contract_no,
        "recipient": engagement.company.contact,
        "occasion": occasion.name,
        "way": dice.weighted(_WAYS),
        "explanation": occasion.explanation or None,
        "received_on": received if received <= today else None,
        "handler": engagement.company.handler,
    }
    if occasion is _INQUIRY and dice.chance(0.06):
        special, explanation = dice.pick(list(_SPECIAL.items()))
        row |= {"occasion": "特殊要求解释", "special": special, "explanation": explanation}
    return row
