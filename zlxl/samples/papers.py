"""What 客户台账 holds of a certificate beside its audits: persons, payments, licences, its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.companies import person
from zlxl.samples.dice import Dice
from zlxl.samples.history import Certificate, Engagement
from zlxl.samples.numbering import Row
from zlxl.schema.facts import add_months

_LICENCES: Final = {
    "食品": "食品生产许可证 SC1",
    "乳业": "食品生产许可证 SC1",
    "粮油": "食品生产许可证 SC1",
    "饮品": "食品生产许可证 SC1",
    "餐饮管理": "食品经营许可证 JY3",
    "医药": "药品生产许可证 YP2",
    "燃气": "燃气经营许可证 RQ2",
    "建设工程": "建筑业企业资质证书 D3",
    "市政工程": "建筑业企业资质证书 D3",
    "装饰工程": "建筑业企业资质证书 D3",
}
_ENDS: Final = {"撤销": "暂停期满未解决", "注销": "主动放弃"}
_WHY: Final = {"两次审核间隔超过12个月": 6, "不符合逾期未整改": 2, "未交费": 1}
_RESTORED_SHARE: Final = 23  #: one of so many clients was suspended once and restored
_TRANSITION_SHARE: Final = 37  #: one of so many is to move to a new edition before long
_ADVANCE: Final = 20  #: days before an audit in which some have paid already


def papers(dice: Dice, certificate: Certificate, today: date) -> Row:
    """The optional columns of a row; what has not happened by today stays empty."""
    engagement = certificate.engagement
    row = _company(dice, engagement)
    if engagement.issued_on is None:
        return row
    return {
        **row,
        "first_issued_on": add_months(engagement.issued_on, -36 * engagement.recertified),
        "accreditation": "CNAS" if certificate.system != "ISMS" else "未认可",
        "audit_days": _audit_days(engagement.company.persons),
        "surveillance_paid_on": _paid(dice, engagement, today),
        **_interruption(dice, certificate),
        "ended_on": certificate.ended_on,
        "ended_why": "换发新证" if engagement.succeeded else _ENDS.get(certificate.status),
        "transition_until": _transition(certificate, today),
        **_licence(certificate, today),
    }


def _company(dice: Dice, engagement: Engagement) -> Row:
    company = engagement.company
    start = dice.pick("68") + "555" if company.place.digits == 8 else dice.pick("2345678") + "55"
    fax = f"{company.place.area_code}-{start}{dice.between(0, 9999):04d}"
    return {
        "legal_person": person(Dice(company.number, "法定代表人")),
        "staff": round(company.persons * (1 + company.number % 5 / 10)),
        "fax": fax if company.number % 3 else None,
    }


def _audit_days(persons: int) -> float:
    """Days of the last surveillance, by size: a third of a first audit's."""
    steps = (15, 45, 85, 175, 425, 875)
    return 1.0 + 0.5 * sum(persons > step for step in steps)


def _paid(dice: Dice, engagement: Engagement, today: date) -> date | None:
    """When the last surveillance was paid; of those shortly ahead, some have paid already."""
    ahead = engagement.next_on
    if ahead is not None and 0 <= (ahead - today).days <= _ADVANCE and dice.chance(0.5):
        return workdays.on_or_before(today - timedelta(days=dice.between(0, 6)))
    if len(engagement.audits) < 2:
        return None
    return workdays.on_or_before(engagement.audits[-1].on - timedelta(days=dice.between(8, 25)))


def _interruption(dice: Dice, certificate: Certificate) -> Row:
    """Why it was suspended, or that it was once and was restored."""
    if certificate.suspended_on:
        return {"suspended_why": dice.weighted(_WHY)}
    audits, number = certificate.engagement.audits, certificate.engagement.company.number
    if certificate.status != "有效" or len(audits) < 2 or number % _RESTORED_SHARE != 4:
        return {}
    restored = workdays.on_or_before(audits[-1].on)
    suspended = workdays.on_or_before(restored - timedelta(days=dice.between(30, 120)))
    return {"suspended_on": suspended, "suspended_why": "不符合逾期未整改", "restored_on": restored}


def _transition(certificate: Certificate, today: date) -> date | None:
    number, live = certificate.engagement.company.number, certificate.engagement.live
    wanted = certificate.system == "EMS" and live and number % _TRANSITION_SHARE == 5
    return workdays.on_or_before(today + timedelta(days=30 + number % 120)) if wanted else None


def _licence(certificate: Certificate, today: date) -> Row:
    """The licence that the scope rests on; a live certificate's has not run out."""
    name = _LICENCES.get(certificate.engagement.company.industry.word)
    if name is None:
        return {}
    company = Dice(certificate.engagement.company.number, "许可资质")
    number = f"{name}{company.between(0, 10**9 - 1):09d}"
    end = certificate.ended_on or today
    return {"licence": number, "licence_until": end + timedelta(days=company.between(12, 1500))}
