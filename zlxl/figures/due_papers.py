"""What papers and payments of certificates fall due: licences, editions, surveillance fees (4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zlxl.figures.certificates import SUSPENDED, VALID, Certificate, Ledger
from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, plausible
from zlxl.schema.values import plain_number
from zlxl.tables.intervals import SUCCESSOR, transition_end

LICENCE, TRANSITION, FEE = "许可资质到期", "标准换版截止", "监审费未收"
_WEEK: Final = 7


@dataclass(frozen=True, kw_only=True)
class PaperDues:
    """The due items of every live certificate whose row says something of them."""

    ledger: Ledger

    @property
    def desk(self) -> Desk:
        """The workbook on its day."""
        return self.ledger.desk

    def dues(self) -> Iterator[Due]:
        """Everything that falls due, ever: the caller decides how far to look."""
        for certificate in self.ledger.certificates:
            status = certificate.line.text("status")
            if status not in (VALID, SUSPENDED) or self.ledger.superseded(certificate):
                continue
            yield from self._licence(certificate)
            yield from self._transition(certificate)
            if status == VALID:
                yield from self._fee(certificate)

    def _licence(self, certificate: Certificate) -> Iterator[Due]:
        until = certificate.line.day("licence_until")
        if until is None:
            return
        item = "资质到期提醒天数"
        late = until < self.desk.today
        yield self.desk.due(
            certificate.line,
            self.desk.term(item),
            "licence_until",
            kind=LICENCE,
            due_on=until,
            urgent=self.desk.number(item) // 2,
            near=self.desk.number(item),
            basis=f"{certificate.line.text('licence') or '许可资质'} 有效期至 {until}",
            action="已换证的更新许可资质和有效期；换证中的按规定办理暂停"
            if late
            else "通知客户换证，收取换发的许可或资质",
            owner="市场部",
        )

    def _transition(self, certificate: Certificate) -> Iterator[Due]:
        line = certificate.line
        until = plausible(transition_end(line.frame, self.desk.tables.context)[line.position].item())
        if until is None:
            return
        item, standard = "标准换版提醒天数", line.text("standard")
        choice = self.desk.tables.context.lists["标准"].by_value.get(standard)
        successor = choice.attributes.get(SUCCESSOR, "新版标准") if choice else "新版标准"
        late = until < self.desk.today
        yield self.desk.due(
            line,
            self.desk.term(item),
            "standard" if line.empty("transition_until") else "transition_until",
            kind=TRANSITION,
            due_on=until,
            urgent=self.desk.number("监审紧急提醒天数"),
            near=self.desk.number(item),
            basis=f"{standard or '本证书的标准'} 换版截止 {until}",
            action="未换版的证书按规定暂停或撤销，并上报"
            if late
            else f"结合监审或再认证安排换到{successor}，换发证书",
            owner="市场部",
        )

    def _fee(self, certificate: Certificate) -> Iterator[Due]:
        """The fee of the surveillance ahead, where nothing came in since the last audit."""
        line = certificate.line
        planned, fee = line.day("planned_on"), line.number("surveillance_fee")
        paid, last = line.day("surveillance_paid_on"), certificate.last or date.min
        unpaid = line.empty("surveillance_paid_on") or (paid is not None and paid <= last)
        ahead = planned is not None and planned > last and planned >= self.desk.today
        if planned is None or not fee or not unpaid or not ahead:
            return
        days = self.desk.number("费用未收提醒天数")
        yield self.desk.due(
            line,
            self.desk.term("费用未收提醒天数"),
            "surveillance_paid_on",
            kind=FEE,
            due_on=planned - timedelta(days=days),
            urgent=_WEEK,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"{planned} 监审前 {days} 天，监审费用 {plain_number(fee)} 元",
            action="通知客户缴费（由委托人直接支付），填写监审费到账日期",
            owner="财务部",
        )
