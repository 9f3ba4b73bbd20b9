"""What certificates fall due for: surveillance, recertification, suspension, expiry (4.3, domain.md 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zlxl.figures.certificates import RECERTIFICATION, SUSPENDED, VALID, Certificate, Ledger
from zlxl.figures.desk import Desk
from zlxl.figures.due import Due
from zlxl.figures.terms import Term, Terms
from zlxl.figures.workdays import Workdays
from zlxl.schema.facts import add_months

INTERVAL, FIRST_INTERVAL = "监审最长间隔月数", "首次监审最长间隔月数"
USUAL: Final = "监审计划提前月数"
AUDIT: Final = "监督审核"
_DAY: Final = timedelta(days=1)
_LATE: Final = "已审核的补填实施时间；未审核的立即办理暂停并上报"
_STEPS: Final = {
    "再认证启动": ("再认证启动提前天数", "通知客户并发再认证申请书"),
    "再认证合同": ("再认证合同提前天数", "完成合同评审并签订再认证合同"),
}


@dataclass(frozen=True, kw_only=True)
class CertificateDues:
    """The due items of every certificate of the ledger."""

    ledger: Ledger

    @property
    def desk(self) -> Desk:
        """The workbook on its day."""
        return self.ledger.desk

    def dues(self) -> Iterator[Due]:
        """Everything that falls due for a certificate, ever: the caller decides how far to look."""
        for certificate in self.ledger.certificates:
            status = certificate.line.text("status")
            if status in (VALID, SUSPENDED) and self.ledger.superseded(certificate):
                continue
            if status == VALID:
                yield from self._valid(certificate)
            elif status == SUSPENDED:
                yield from self._suspended(certificate)
            yield from self._reports(certificate)
            yield from self._bans(certificate)

    def valid_until(self, certificate: Certificate) -> date | None:
        """有效期至; where it is empty, issue and 证书有效月数 less a day."""
        line = certificate.line
        issued = line.day("issued_on")
        if not line.empty("valid_until") or issued is None:
            return line.day("valid_until")
        return add_months(issued, self.desk.number("证书有效月数")) - _DAY

    def _valid(self, certificate: Certificate) -> Iterator[Due]:
        until = self.valid_until(certificate)
        surveillance = self._surveillance(certificate)
        before = timedelta(days=self.desk.number("再认证启动提前天数"))
        if until is None:
            yield from [surveillance] if surveillance else []
        elif surveillance is not None and surveillance.due_on < until - before:
            yield surveillance
            yield from self._recertification(certificate, until, None)
        else:
            yield from self._recertification(certificate, until, surveillance)

    def surveillance_limit(self, certificate: Certificate) -> tuple[date, Term] | None:
        """The latest day of the next surveillance by the profile in force on it."""
        if certificate.start is None:
            return None
        issued = certificate.line.day("issued_on")
        return surveillance_limit(
            self.desk.terms, certificate.start, certificate.last, issued, certificate.system
        )

    def _surveillance(self, certificate: Certificate) -> Due | None:
        limit = self.surveillance_limit(certificate)
        if limit is None or certificate.start is None:
            return None
        latest, term = limit
        planned = self._planned(certificate, latest)
        late = latest < self.desk.today
        return self._due(
            certificate,
            kind=AUDIT,
            service=AUDIT,
            due_on=latest,
            plan_on=planned,
            urgent=self.desk.number("监审紧急提醒天数"),
            near=self.desk.number("监审窗口提醒天数"),
            basis=f"自 {certificate.start}（{_from(certificate)}）起 {term.value} 个月",
            action="已审核的补填实施时间；未审核的立即办理暂停并上报"
            if late
            else "与客户定日期，发审核预通知",
            owner="审核部",
            term=term,
            field="planned_on",
        )

    def _planned(self, certificate: Certificate, latest: date) -> date:
        """The planned day of the ledger while it lies ahead of an audit, else the body's usual one."""
        planned, start = certificate.line.day("planned_on"), certificate.start or latest
        if planned is not None and certificate.line.empty("carried_out_on") and planned > start:
            return planned
        return usual_surveillance(self.desk.workdays, start, latest, self.desk.number(USUAL))

    def _recertification(
        self, certificate: Certificate, until: date, surveillance: Due | None
    ) -> Iterator[Due]:
        begun = certificate.begun or date.min
        client = certificate.owner_of[0]
        renewals = self.ledger.renewals.get(certificate.owner_of, ())
        applied = any((line.day("applied_on") or date.min) > begun for line in renewals)
        audited = any((line.day("audited_on") or date.max) <= self.desk.today for line in renewals if applied)
        signed = any(day > begun for day in self.ledger.signed.get(client, ()))
        if until < self.desk.today:
            yield self._expired(certificate, until)
            return
        if not applied and not signed:
            yield self._step(certificate, until, "再认证启动")
        if not signed:
            yield self._step(certificate, until, "再认证合同")
        if not audited:
            yield self._on_site(certificate, until, surveillance)
        yield self._expiry(certificate, until)

    def _step(self, certificate: Certificate, until: date, kind: str) -> Due:
        item, action = _STEPS[kind]
        return self._due(
            certificate,
            kind=kind,
            due_on=until - timedelta(days=self.desk.number(item)),
            urgent=7,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"有效期至 {until} 前 {self.desk.number(item)} 天",
            action=action,
            owner="市场部",
            term=self.desk.term(item),
            field="valid_until",
        )

    def _on_site(self, certificate: Certificate, until: date, surveillance: Due | None) -> Due:
        """The recertification audit: in time for the decision, and within the interval of audits."""
        item = "再认证现场提前天数"
        days, term = self.desk.number(item), self.desk.term(item)
        early = until - timedelta(days=days)
        by_interval = surveillance if surveillance is not None and surveillance.due_on < early else None
        due_on = by_interval.due_on if by_interval else early
        basis = f"有效期至 {until} 前 {days} 天"
        return self._due(
            certificate,
            kind="再认证现场审核",
            service=RECERTIFICATION,
            due_on=due_on,
            plan_on=self.desk.workdays.on_or_before(due_on),
            urgent=self.desk.number("监审紧急提醒天数"),
            near=self.desk.number("监审窗口提醒天数"),
            basis=f"{by_interval.basis}，早于{basis}" if by_interval else basis,
            action="安排再认证现场审核，须在证书到期前完成",
            owner="审核部",
            term=term,
            field="valid_until",
            **({"rule": by_interval.rule, "source": by_interval.source} if by_interval else {}),
        )

    def _expiry(self, certificate: Certificate, until: date) -> Due:
        return self._due(
            certificate,
            kind="证书到期",
            due_on=until,
            urgent=self.desk.number("再认证现场提前天数"),
            near=self.desk.number("再认证合同提前天数"),
            basis=f"有效期至 {until}",
            action="到期前完成再认证现场审核和认证决定，否则到期失效",
            owner="评定部",
            term=self.desk.term("证书有效月数", certificate.system),
            field="valid_until",
        )

    def _expired(self, certificate: Certificate, until: date) -> Due:
        """A certificate past its day that still says otherwise; older rules knew a time to restore it."""
        limit = self.desk.terms.months_from("过期恢复最长月数", until, certificate.system)
        restore = limit is not None and self.desk.today <= limit.day
        term = limit.term if limit and restore else self.desk.term("证书有效月数")
        told = f"可在 {limit.day} 前完成未尽活动后恢复" if limit and restore else "须按初次认证重新申请"
        return self._due(
            certificate,
            kind="证书过期",
            due_on=until,
            urgent=0,
            near=0,
            basis=f"有效期至 {until} 已过，状态仍为“{certificate.line.text('status')}”",
            action=f"已再认证的更新证书；没有的状态改为“失效”并上报，{told}",
            owner="市场部",
            term=term,
            field="status",
        )

    def _suspended(self, certificate: Certificate) -> Iterator[Due]:
        until = self.valid_until(certificate)
        if certificate.suspended_until is not None:
            yield self._suspension_end(certificate, certificate.suspended_until)
        if until is not None:
            yield (
                self._expired(certificate, until)
                if until < self.desk.today
                else self._expiry(certificate, until)
            )

    def _suspension_end(self, certificate: Certificate, end: date) -> Due:
        months = self.desk.number("暂停最长月数")
        late = end < self.desk.today
        return self._due(
            certificate,
            kind="暂停到期",
            due_on=end,
            urgent=self.desk.number("暂停到期紧急天数"),
            near=self.desk.number("暂停到期提醒天数"),
            basis=f"自 {certificate.line.day('suspended_on')} 暂停起 {months} 个月",
            action="已恢复的改状态；未恢复的按规定撤销并上报" if late else "联系客户恢复；到期未恢复的撤销",
            owner="评定部",
            term=self.desk.term("暂停最长月数"),
            field="suspended_on",
        )

    def _reports(self, certificate: Certificate) -> Iterator[Due]:
        """A change of status is reported within working days; who reported it is not recorded."""
        item = "状态变更上报工作日"
        changes = {"suspended_on": "暂停", "restored_on": "恢复", "ended_on": certificate.line.text("status")}
        for field, what in changes.items():
            changed = certificate.line.day(field)
            if changed is None or changed > self.desk.today or changed.year < self.desk.today.year - 1:
                continue
            days = self.desk.number(item)
            due_on = self.desk.workdays.later(changed, days)
            if due_on >= self.desk.today:
                yield self._due(
                    certificate,
                    kind="状态变更上报",
                    due_on=due_on,
                    urgent=days,
                    near=days,
                    basis=f"{changed} {what}后 {days} 个工作日",
                    action="向认监委系统上报状态变更",
                    owner="制证部",
                    term=self.desk.term(item),
                    field=field,
                )

    def _bans(self, certificate: Certificate) -> Iterator[Due]:
        """After a withdrawal the client may not apply again for a time; the clerk is told when it ends."""
        ended, item = certificate.line.day("ended_on"), "撤销后禁止申请月数"
        status = certificate.line.text("status")
        banned = status == "撤销" or (status == "注销" and certificate.system == "OHSMS")
        term = self.desk.terms.on(item, ended, certificate.system) if ended and banned else None
        if ended is None or term is None:
            return
        end = add_months(ended, term.value)
        if end >= self.desk.today:
            yield self._due(
                certificate,
                kind="再次申请限制期满",
                due_on=end,
                urgent=0,
                near=7,
                basis=f"自 {ended} {status}起 {term.value} 个月",
                action="因自身原因被撤销的，期满前不受理其申请；期满后可联系客户",
                owner="市场部",
                term=term,
                field="ended_on",
            )

    def _due(self, certificate: Certificate, *, term: Term, field: str, **facts: object) -> Due:
        return self.desk.due(certificate.line, term, field, **facts)


def surveillance_limit(
    terms: Terms, start: date, last: date | None, issued: date | None, system: str
) -> tuple[date, Term] | None:
    """The latest day of the next surveillance, counted from ``start``, and the term that says so.

    The first one after certification is that of a certificate whose last audit was not after its issue.
    """
    first = last is None or last <= (issued or date.min)
    items = (FIRST_INTERVAL, INTERVAL) if first else (INTERVAL,)
    found = [limit for item in items if (limit := terms.months_from(item, start, system))]
    if not found:
        return None
    day = min(limit.day for limit in found)
    return day, next(limit.term for limit in reversed(found) if limit.day == day)


def usual_surveillance(office: Workdays, start: date, latest: date, months: int) -> date:
    """The working day on which the body plans a surveillance: so many months on, and never too late."""
    usual = add_months(start, months) - _DAY
    return max(office.on_or_before(min(usual, latest)), start)


def _from(certificate: Certificate) -> str:
    return "颁证日期" if certificate.start == certificate.line.day("issued_on") else "最近一次审核"
