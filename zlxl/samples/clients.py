"""Rows of 客户台账."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import Certificate, History
from zlxl.samples.numbering import Row
from zlxl.samples.papers import papers
from zlxl.schema.facts import add_months

STANDARDS: Final = {
    "QMS": "GB/T 19001-2016/ISO 9001:2015",
    "EMS": "GB/T 24001-2016/ISO 14001:2015",
    "OHSMS": "GB/T 45001-2020/ISO 45001:2018",
    "FSMS": "GB/T 22000/ISO 22000:2018",
    "ISMS": "GB/T 22080/ISO/IEC 27001:2022",
}
_ACTIVITIES: Final = {"EMS": "所涉及的环境管理活动", "OHSMS": "所涉及的职业健康安全管理活动"}
_RATES: Final = {"QMS": 1.0, "EMS": 0.9, "OHSMS": 0.9, "FSMS": 1.2, "ISMS": 1.3}
ROLL_OVER_DAYS: Final = 45  #: after a surveillance its date stands as 实施时间 for so long


def scope_of(system: str, scope: str) -> str:
    """The certified scope in a system's usual wording."""
    return scope + _ACTIVITIES.get(system, "")


def initial_fee(system: str, persons: int) -> int:
    """The price list's fee of a first audit, in full hundreds of yuan."""
    base = 7_000 + 70 * min(persons, 100) + 9 * max(0, min(persons, 1500) - 100)
    return round(base * _RATES[system] / 100) * 100


def surveillance_fee(system: str, persons: int) -> int:
    """The price list's fee of one surveillance."""
    return round(initial_fee(system, persons) * 0.4 / 100) * 100


def client_rows(history: History) -> Iterator[Row]:
    """One row a certificate, contract by contract."""
    dice, others = history.dice("客户台账"), history.dice("客户台账", "其他栏目")
    for certificate in history.certificates:
        row = _row(dice, certificate, history.today)
        yield row | papers(others, certificate, history.today)


def _row(dice: Dice, certificate: Certificate, today: date) -> Row:
    engagement, company = certificate.engagement, certificate.engagement.company
    return {
        "contract_no": engagement.contract_no,
        "certificate_no": certificate.number,
        "client": company.name,
        "applied_on": engagement.applied_on,
        **_audit_dates(certificate, today),
        "initial_fee": initial_fee(certificate.system, company.persons),
        "surveillance_fee": surveillance_fee(certificate.system, company.persons),
        "status": certificate.status,
        "province": company.place.province,
        "address": company.address,
        "postcode": company.place.postcode,
        "contact": company.contact,
        "phone": company.phone,
        "industry": company.industry.code,
        "scope": scope_of(certificate.system, company.industry.scope),
        "uscc": company.uscc,
        "system": certificate.system,
        "standard": STANDARDS[certificate.system],
        "issued_on": engagement.issued_on,
        "valid_until": engagement.valid_until,
        "suspended_on": certificate.suspended_on,
        "persons": company.persons,
        "email": company.email,
        "office": company.office,
        "verified_on": _verified(dice, certificate, today),
        "remark": _remark(certificate),
    }


def _audit_dates(certificate: Certificate, today: date) -> dict[str, date | None]:
    """Last audit, plan and implementation; a surveillance of late still stands against its plan."""
    audits, planned = certificate.engagement.audits, certificate.engagement.next_on
    if not audits:
        return {"audited_on": None, "planned_on": None, "carried_out_on": None}
    last = audits[-1]
    recent = (today - last.on).days <= ROLL_OVER_DAYS
    if len(audits) > 1 and (recent or planned is None):
        return {"audited_on": audits[-2].on, "planned_on": last.planned_on, "carried_out_on": last.on}
    return {"audited_on": last.on, "planned_on": planned, "carried_out_on": None}


def _verified(dice: Dice, certificate: Certificate, today: date) -> date:
    """When the contact data were last verified: within twelve months for a live client."""
    engagement = certificate.engagement
    end = today if engagement.live else min(today, certificate.ended_on or today)
    begin = max(engagement.applied_on, add_months(end, -12) + timedelta(days=8))
    return workdays.on_or_before(end - timedelta(days=dice.between(0, max(0, (end - begin).days))))


def _remark(certificate: Certificate) -> str | None:
    if certificate.engagement.succeeded:
        return "已再认证，换发新证"
    if certificate.status == "注销":
        return "客户申请注销"
    if certificate.status == "撤销":
        return "暂停期满未解决"
    if certificate.status == "暂停":
        return "未在规定间隔内接受监督审核"
    return "邮编为邻省编码，已核实" if certificate.engagement.company.place.border else None
