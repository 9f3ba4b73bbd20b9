"""Rows of 合同: one row a contract, its review, signature, fees and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.clients import initial_fee, surveillance_fee
from zlxl.samples.dice import Dice
from zlxl.samples.history import Engagement, History
from zlxl.samples.numbering import Row
from zlxl.samples.staff import REVIEWERS
from zlxl.schema.facts import add_months

_STATES: Final = {"撤销": "已终止", "注销": "已终止", "失效": "已到期"}
_WHY: Final = {"撤销": "证书被撤销，合同终止", "注销": "客户申请注销证书"}


def contract_rows(history: History, applications: Sequence[Row]) -> Iterator[Row]:
    """One row a contract."""
    dice = history.dice("合同")
    numbers = {row.get("contract_no"): row["application_no"] for row in applications}
    for engagement in history.engagements:
        company = engagement.company
        yield {
            "contract_no": engagement.contract_no,
            "client": company.name,
            "uscc": company.uscc,
            "application_no": numbers[engagement.contract_no],
            "systems": ";".join(engagement.systems),
            "audit_type": engagement.kind,
            "scope": company.industry.scope,
            "persons": company.persons,
            "sites": 1 if company.persons < 300 else dice.between(1, 3),
            **_fees(engagement),
            **_dates(dice, engagement, history.today),
            "office": company.office,
            "handler": company.handler,
        }


def _fees(engagement: Engagement) -> Row:
    persons = engagement.company.persons
    initial = sum(initial_fee(system, persons) for system in engagement.systems)
    surveillance = sum(surveillance_fee(system, persons) for system in engagement.systems)
    return {
        "initial_fee": initial,
        "surveillance_fee": surveillance,
        "recertification_fee": round(initial * 0.7 / 100) * 100,
        "total": initial + 2 * surveillance,
    }


def _dates(dice: Dice, engagement: Engagement, today: date) -> Row:
    """Review, signature and end; what lies after today has not happened yet."""
    reviewed = workdays.later(engagement.applied_on, dice.between(0, 2))
    sent = workdays.later(reviewed, dice.between(0, 2))
    signed = workdays.later(sent, dice.between(2, 7))
    if reviewed > today:
        return {"status": "待评审"}
    row: Row = {"reviewed_on": reviewed, "reviewer": dice.pick(REVIEWERS), "review_result": "通过"}
    if signed > today:
        return row | {"status": "待签订", "sent_on": sent if sent <= today else None}
    paid = workdays.later(signed, dice.between(2, 15))
    until = engagement.valid_until or add_months(signed, 36) - timedelta(days=1)
    state = _STATES.get(engagement.status, "履行中")
    row |= {
        "sent_on": sent,
        "returned_on": signed,
        "signed_on": signed,
        "signer": engagement.company.handler,
        "valid_until": until,
        "paid_on": paid if paid <= today else None,
        "status": state,
    }
    if state == "已终止":
        row |= {"ended_on": engagement.ended_on, "ended_why": _WHY[engagement.status]}
    return row
