"""Rows of 变更记录: statuses, audit dates and contact data that were changed in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from zlxl.grid import Kind, a1
from zlxl.samples.companies import person
from zlxl.samples.dice import Dice
from zlxl.samples.history import Certificate, History
from zlxl.samples.mistake import FIRST_ROW
from zlxl.samples.numbering import Row
from zlxl.samples.staff import CLERKS
from zlxl.schema.column import Storage
from zlxl.schema.restore import cell_restore
from zlxl.schema.stored import Stored
from zlxl.schema.values import to_serial
from zlxl.tables.clients import CLIENTS

_COMMANDS: Final = {"手工": "", "按钮": "写入变更", "批处理": "zlxl import"}
_WAYS: Final = {"手工": 60, "按钮": 30, "批处理": 10}
_FIELDS: Final = {column.header: name for name, column in CLIENTS.columns.items()}


@dataclass(frozen=True, kw_only=True)
class _Site:
    """A row of the ledger and the dice of the log."""

    certificate: Certificate
    row: int
    dice: Dice


def change_rows(history: History) -> Iterator[Row]:
    """One row a changed cell, in the order of time."""
    dice = history.dice("变更记录")
    sites = (
        _Site(certificate=certificate, row=row, dice=dice)
        for row, certificate in enumerate(history.certificates, FIRST_ROW)
    )
    rows = [row for site in sites for row in _of(site)]
    told = [row for row in rows if str(history.begin) <= row["changed_at"] <= str(history.today)]
    yield from sorted(told, key=lambda row: (row["changed_at"], row["row_key"], row["field"]))


def _of(site: _Site) -> Iterator[Row]:
    certificate, dice = site.certificate, site.dice
    engagement = certificate.engagement
    if engagement.issued_on:
        yield _change(site, engagement.issued_on, ("状态", "审核中", "有效"), "颁发证书")
    if certificate.suspended_on:
        yield _change(site, certificate.suspended_on, ("状态", "有效", "暂停"), "暂停证书")
    if certificate.ended_on:
        before = "暂停" if certificate.suspended_on else "有效"
        new = certificate.status
        yield _change(site, certificate.ended_on, ("状态", before, new), f"证书{new}")
    if certificate.system != engagement.systems[0] or not engagement.audits:
        return
    for audit, later in pairwise(engagement.own_audits):
        yield _change(site, later.on, ("审核时间", audit.on, later.on), f"{later.kind}完成")
    if dice.chance(0.15):
        people = ("联系人", person(dice), engagement.company.contact)
        yield _change(site, engagement.audits[-1].on, people, "客户来电更新")


def _change(site: _Site, day: date, change: tuple[str, str | date, str | date], reason: str) -> Row:
    dice = site.dice
    way = dice.weighted(_WAYS)
    clock = f"{dice.between(8, 17):02d}:{dice.between(0, 59):02d}:{dice.between(0, 59):02d}"
    run = f"{day:%Y%m%d}-{clock.replace(':', '')}-{dice.between(4096, 65535):04x}"
    field, old, new = change
    return {
        "changed_at": f"{day} {clock}",
        "operator": dice.pick(CLERKS),
        "sheet": CLIENTS.name,
        "row_key": site.certificate.engagement.contract_no,
        "field": field,
        "address": a1(site.row, list(CLIENTS.columns).index(_FIELDS[field]) + 1),
        "old": str(old),
        "new": str(new),
        "way": way,
        "command": _COMMANDS[way] or None,
        "run_id": run if way != "手工" else None,
        "reason": reason,
        "restore": _restore(site.certificate, change) if way != "手工" else None,
    }


def _restore(certificate: Certificate, change: tuple[str, str | date, str | date]) -> str:
    key = (certificate.engagement.contract_no, certificate.number or "", certificate.system)
    field, old, new = change
    storage = CLIENTS.columns[_FIELDS[field]].storage
    return cell_restore(_stored(old, storage), _stored(new, storage), key)


def _stored(value: str | date, storage: Storage) -> Stored:
    if isinstance(value, date):
        return Stored(Kind.NUMBER, to_serial(value), storage.number_format)
    return Stored(Kind.TEXT, value, storage.number_format)
