"""Rules that depend on today: surveillance, expiry, suspension, contact data (时限规则). Never errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.facts import Mask, add_months_columns
from zlxl.schema.frame import Frame
from zlxl.schema.values import shown
from zlxl.tables.clients import CLIENTS
from zlxl.tables.intervals import (
    interval_start,
    last_audit,
    suspension_end,
    transition_end,
    verification_end,
)

Accused = Iterator[tuple[Frame, Accusation]]

CERTIFIED = frozenset({"有效"})
SUSPENDED = frozenset({"暂停"})
ENDED = frozenset({"撤销", "注销", "失效"})


def _accuse(frame: Frame, name: str, guilty: Mask, code: str, **facts: object) -> Accused:
    for row in frame.rows[guilty].tolist():
        yield frame, Accusation(code=code, row=row, field=name, facts=facts)


def _today(book: Book) -> np.datetime64:
    return np.datetime64(book.context.today, "D")


def overdue_surveillance(book: Book) -> Accused:
    """A valid certificate whose planned surveillance has passed without being carried out."""
    for frame in book.of(CLIENTS):
        undone = frame.judged("carried_out_on") & ~frame.filled("carried_out_on")
        guilty = frame.where("status", CERTIFIED) & (frame.days("planned_on") < _today(book)) & undone
        yield from _accuse(frame, "planned_on", guilty, "ZL201", today=shown(book.context.today))


def surveillance_interval(book: Book) -> Accused:
    """A valid certificate whose last audit, or issue after it, lies further back than the interval allows."""
    months = int(book.context.number("监审最长间隔月数"))
    for frame in book.of(CLIENTS):
        carried_out, start = frame.days("carried_out_on"), interval_start(frame)
        unplanned = ~frame.filled("planned_on") & frame.judged("planned_on")
        late = (add_months_columns(start, months) < _today(book)) & ~np.isnat(last_audit(frame))
        guilty = frame.where("status", CERTIFIED) & late & (unplanned | ~np.isnat(carried_out))
        for position in np.flatnonzero(guilty & frame.judged("planned_on")).tolist():
            facts = {"months": months, "last": str(start[position])}
            row = int(frame.rows[position])
            yield frame, Accusation(code="ZL206", row=row, field="planned_on", facts=facts)


def expired_yet_valid(book: Book) -> Accused:
    """A certificate past its expiry that still says 有效 or 暂停."""
    for frame in book.of(CLIENTS):
        guilty = frame.where("status", CERTIFIED | SUSPENDED) & (frame.days("valid_until") < _today(book))
        for position in np.flatnonzero(guilty).tolist():
            facts = {"until": shown(frame.value("valid_until", position))}
            yield frame, Accusation(code="ZL202", row=int(frame.rows[position]), field="status", facts=facts)


def suspended_too_long(book: Book) -> Accused:
    """A suspension longer than the policy allows."""
    months = int(book.context.number("暂停最长月数"))
    for frame in book.of(CLIENTS):
        late = suspension_end(frame, months) < _today(book)
        guilty = frame.where("status", SUSPENDED) & late
        yield from _accuse(frame, "suspended_on", guilty, "ZL203", months=months)


def unverified_contact(book: Book) -> Accused:
    """Contact data of a live client that nobody has verified for longer than the policy allows."""
    months = int(book.context.number("联系人核实周期月数"))
    for frame in book.of(CLIENTS):
        known = frame.judged("status") & frame.filled("status")
        live = known & ~frame.where("status", ENDED)
        guilty = live & (verification_end(frame, months) < _today(book))
        yield from _accuse(frame, "verified_on", guilty, "ZL205", months=months)


def expired_licence(book: Book) -> Accused:
    """A valid certificate whose scope rests on a licence that has run out."""
    for frame in book.of(CLIENTS):
        guilty = frame.where("status", CERTIFIED) & (frame.days("licence_until") < _today(book))
        yield from _accuse(frame, "licence_until", guilty, "ZL207", today=shown(book.context.today))


def transition_missed(book: Book) -> Accused:
    """A valid certificate to an edition of its standard whose transition is over."""
    for frame in book.of(CLIENTS):
        ends = transition_end(frame, book.context)
        late = frame.where("status", CERTIFIED) & (ends < _today(book))
        own = frame.filled("transition_until")
        for position in np.flatnonzero(late).tolist():
            field = "transition_until" if own[position] else "standard"
            facts = {"deadline": str(ends[position]), "standard": shown(frame.value("standard", position))}
            yield frame, Accusation(code="ZL208", row=int(frame.rows[position]), field=field, facts=facts)


def restored_yet_suspended(book: Book) -> Accused:
    """A certificate that was restored after its suspension and still says 暂停."""
    for frame in book.of(CLIENTS):
        restored = frame.days("restored_on") >= frame.days("suspended_on")
        guilty = frame.where("status", SUSPENDED) & restored
        yield from _accuse(frame, "restored_on", guilty, "ZL209")


W = Severity.WARNING

RULES = (
    Rule(
        code="ZL201",
        name="监审逾期",
        severity=W,
        clause="4.3",
        source="CNCA-QMS-01:2025 5.4.1.4；时限规则",
        message="计划监审时间 {value} 已过（今天 {today}），实施时间仍为空。",
        expected="按计划实施监审并填写实施时间",
        suggestion="已实施的补填实施时间；未实施的立即安排，超过间隔的办理暂停。",
        wrong="计划 2024-03-20，今天 2024-05-01，实施空",
        right="计划 2024-03-20，实施 2024-03-18",
        judge=overdue_surveillance,
    ),
    Rule(
        code="ZL202",
        name="证书过期状态未改",
        severity=W,
        clause="4.2.1",
        source="domain.md 1.5；时限规则",
        message="有效期至 {until} 已过，状态仍为“{value}”。",
        expected="状态为“失效”，或更新为再认证后的有效期",
        suggestion="已再认证的更新证书编号和有效期；没有的把状态改为“失效”，并上报。",
        wrong="有效期至 2024-05-05，状态 有效",
        right="有效期至 2024-05-05，状态 失效",
        judge=expired_yet_valid,
    ),
    Rule(
        code="ZL203",
        name="暂停超期",
        severity=W,
        clause="4.3",
        source="domain.md 2 Suspension；时限规则",
        message="自 {value} 起暂停，已超过 {months} 个月。",
        expected="暂停不超过 {months} 个月",
        suggestion="已恢复的把状态改为“有效”；未恢复的按规定撤销。",
        wrong="暂停日期 2023-01-10，今天 2024-01-10",
        right="状态 撤销",
        judge=suspended_too_long,
    ),
    Rule(
        code="ZL205",
        name="联系信息久未核实",
        severity=W,
        clause="4.2.1",
        source="domain.md 2；时限规则",
        message="联系信息最近一次核实为 {value}，已超过 {months} 个月。",
        expected="{months} 个月内核实过",
        suggestion="联系客户核对联系人、电话和地址，更新信息核实日期。",
        wrong="信息核实日期 2022-01-15",
        right="信息核实日期 2024-01-15",
        judge=unverified_contact,
    ),
    Rule(
        code="ZL206",
        name="超过监审间隔",
        severity=W,
        clause="4.3",
        source="CNCA-QMS-01:2025 5.4.1.4；时限规则",
        message="最近一次审核（或其后颁证）为 {last}，至今已超过 {months} 个月，状态仍为“有效”。",
        expected="两次审核间隔不超过 {months} 个月",
        suggestion="已审核的更新审核时间；没有的立即安排，或按规定办理暂停。",
        wrong="审核 2022-04-10，今天 2024-01-10，计划空",
        right="审核 2023-04-10，计划 2024-03-20",
        judge=surveillance_interval,
    ),
    Rule(
        code="ZL207",
        name="许可资质已过期",
        severity=W,
        clause="4.2.1",
        source="domain.md 2；时限规则",
        message="许可资质有效期至 {value} 已过（今天 {today}），证书状态仍为“有效”。",
        expected="换证后的有效期；换证中的按规定办理暂停",
        suggestion="向客户索取换发的许可或资质，更新有效期；无法提供的办理暂停（许可过期换证中）。",
        wrong="许可资质有效期至 2024-03-01，今天 2024-06-30",
        right="许可资质有效期至 2027-03-01",
        judge=expired_licence,
    ),
    Rule(
        code="ZL208",
        name="标准换版已截止",
        severity=W,
        clause="4.2.1",
        source="domain.md 2；码表 标准 的属性“换版截止”",
        message="标准“{standard}”的证书应在 {deadline} 前换版，状态仍为“有效”。",
        expected="换版后的标准和证书",
        suggestion="已换版的更新认证标准和证书；没有的按规定暂停或撤销，并上报。",
        wrong="换版截止日期 2024-03-31，今天 2024-06-30",
        right="认证标准为新版，换版截止日期留空",
        judge=transition_missed,
    ),
    Rule(
        code="ZL209",
        name="已恢复而状态仍为暂停",
        severity=W,
        clause="4.2.1",
        source="domain.md 1.5",
        message="恢复日期 {value} 不早于暂停日期，状态仍为“暂停”。",
        expected="恢复后状态为“有效”；再次暂停的填新的暂停日期",
        suggestion="已恢复的把状态改为“有效”；又暂停的把暂停日期改为新的日期。",
        wrong="暂停 2024-03-01，恢复 2024-05-10，状态 暂停",
        right="暂停 2024-03-01，恢复 2024-05-10，状态 有效",
        judge=restored_yet_suspended,
    ),
)
