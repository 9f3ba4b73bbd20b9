"""Rows of 变更记录: statuses, audit dates and contact data that were changed in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from zlxl.samples.companies import person
from zlxl.samples.dice import Dice
from zlxl.samples.history import Certificate, History
from zlxl.samples.numbering import Row
from zlxl.samples.staff import CLERKS

_COMMANDS: Final = {"手工": "", "按钮": "写入变更", "批处理": "zlxl fix"}
_WAYS: Final = {"手工": 60, "按钮": 30, "批处理": 10}


def change_rows(history: History) -> Iterator[Row]:
    """One row a changed cell, in the order of time."""
    dice = history.dice("变更记录")
    rows = [row for c in history.certificates for row in _of(dice, c) if row]
    told = [row for row in rows if str(history.begin) <= row["changed_at"] <= str(history.today)]
    yield from sorted(told, key=lambda row: (row["changed_at"], row["row_key"], row["field"]))


def _of(dice: Dice, certificate: Certificate) -> Iterator[Row]:
    engagement = certificate.engagement
    if engagement.issued_on:
        yield _change(dice, certificate, engagement.issued_on, ("状态", "审核中", "有效"), "颁发证书")
    if certificate.suspended_on:
        yield _change(dice, certificate, certificate.suspended_on, ("状态", "有效", "暂停"), "暂停证书")
    if certificate.ended_on:
        before = "暂停" if certificate.suspended_on else "有效"
        new = certificate.status
        yield _change(dice, certificate, certificate.ended_on, ("状态", before, new), f"证书{new}")
    if certificate.system != engagement.systems[0] or not engagement.audits:
        return
    for audit, later in pairwise(engagement.own_audits):
        dates = ("审核时间", str(audit.on), str(later.on))
        yield _change(dice, certificate, later.on, dates, f"{later.kind}完成")
    if dice.chance(0.15):
        people = ("联系人", person(dice), engagement.company.contact)
        yield _change(dice, certificate, engagement.audits[-1].on, people, "客户来电更新")


def _change(
    dice: Dice, certificate: Certificate, day: date, change: tuple[str, str, str], reason: str
) -> Row:
    way = dice.weighted(_WAYS)
    clock = f"{dice.between(8, 17):02d}:{dice.between(0, 59):02d}:{dice.between(0, 59):02d}"
    run = f"{day:%Y%m%d}-{clock.replace(':', '')}-{dice.between(4096, 65535):04x}"
    return {
        "changed_at": f"{day} {clock}",
        "operator": dice.pick(CLERKS),
        "sheet": "客户台账",
        "row_key": certificate.engagement.contract_no,
        "field": change[0],
        "old": change[1],
        "new": change[2],
        "way": way,
        "command": _COMMANDS[way] or None,
        "run_id": run if way != "手工" else None,
        "reason": reason,
    }
