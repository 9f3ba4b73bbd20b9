"""Certificates whose status changed in a month, as the regulator's report lists them (domain.md 1.5, 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from zlxl.schema.context import Context
from zlxl.schema.facts import add_months
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending, shown

#: The list of certificates as certification bodies export it, in that order, by field of the ledger.
LISTED: Final[Mapping[str, str]] = {
    "编号": "certificate_no",
    "单位名称": "client",
    "办公场所地址": "address",
    "认证范围": "scope",
    "批准注册日期": "first_issued_on",
    "颁证日期": "issued_on",
    "有效期": "valid_until",
    "证书状态": "status",
    "邮编": "postcode",
    "电话": "phone",
    "传真": "fax",
    "法人": "legal_person",
    "企业总人数": "staff",
    "体系覆盖人数": "persons",
    "人日数": "audit_days",
    "认证费用": "initial_fee",
    "合同号": "contract_no",
    "联系人": "contact",
    "手机": "phone",
    "邮箱": "email",
}
STATUS_HEADERS: Final = (
    "证书状态代码", "变化", "变化日期", "变更类型代码", "原因代码", "原因", "统一社会信用代码", "体系代码",
)  # fmt: skip
HEADERS: Final = (*LISTED, *STATUS_HEADERS)
ISSUED, SUSPENDED, RESTORED, EXPIRED = "颁证", "暂停", "恢复", "过期"
_ENDS: Final = {"失效": EXPIRED}  #: the ending that a status names, where its word is another
_EXPIRES: Final = frozenset({"有效", "暂停", "失效"})
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")
_SEPARATORS = re.compile(r"[;；,，、\s]+")


@dataclass(frozen=True, kw_only=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def before(cls, day: date) -> Month:
        """The last month that is over on the day."""
        return cls(first=add_months(day.replace(day=1), -1))

    @property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, kw_only=True)
class MonthlyReport:
    """One row an event, texts by ``HEADERS``, in the order of the days."""

    month: Month
    rows: tuple[tuple[str, ...], ...]
    due: date  #: the day by which it is to be reported
    empty: tuple[str, ...] = ()  #: columns of the ledger's that no row fills


def monthly_report(frames: Sequence[Frame], context: Context, month: Month) -> MonthlyReport:
    """Certificates that were issued, suspended, restored, revoked, cancelled or that expired in the month."""
    events = [event for frame in frames for event in _events(frame, month, context.today)]
    ordered = sorted(events, key=lambda event: (event.on, event.place))
    day = int(context.number("监管上报日"))
    rows = tuple(tuple(_row(event, context)) for event in ordered)
    unfilled = (header for place, header in enumerate(LISTED) if not any(row[place] for row in rows))
    return MonthlyReport(
        month=month,
        rows=rows,
        due=add_months(month.first, 1) + timedelta(days=day - 1),
        empty=tuple(unfilled) if rows else (),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Event:
    frame: Frame
    position: int
    on: date
    kind: str
    reason: str = ""  #: field of the reason
    reasons: str = ""  #: list of 码表 that has its code

    @property
    def place(self) -> tuple[str, int]:
        return self.frame.sheet, int(self.frame.rows[self.position])

    def text(self, name: str) -> str:
        return _text(self.frame, name, self.position)


def _events(frame: Frame, month: Month, today: date) -> Iterator[_Event]:
    """What happened, told by the ledger's dates; an ending is called as the status that it led to."""
    for position, on in _in_month(frame, "issued_on", month, today):
        yield _Event(frame=frame, position=position, on=on, kind=ISSUED)
    for position, on in _in_month(frame, "suspended_on", month, today):
        yield _Event(
            frame=frame, position=position, on=on, kind=SUSPENDED, reason="suspended_why", reasons="暂停原因"
        )
    for position, on in _in_month(frame, "restored_on", month, today):
        yield _Event(frame=frame, position=position, on=on, kind=RESTORED)
    for position, on in _in_month(frame, "ended_on", month, today):
        kind = _ENDS.get(status := _text(frame, "status", position), status)
        yield _Event(frame=frame, position=position, on=on, kind=kind, reason="ended_why", reasons="撤销原因")
    ended = frame.filled("ended_on")
    for position, on in _in_month(frame, "valid_until", month, today, after=1):
        if _text(frame, "status", position) in _EXPIRES and not ended[position]:
            yield _Event(frame=frame, position=position, on=on, kind=EXPIRED)


def _text(frame: Frame, name: str, position: int) -> str:
    value = frame.value(name, position)
    return "" if isinstance(value, Pending) else shown(value)


def _in_month(
    frame: Frame, name: str, month: Month, today: date, *, after: int = 0
) -> Iterator[tuple[int, date]]:
    """Positions of certificates to which it happened in the month and to today, with the day."""
    days = frame.days(name) + np.timedelta64(after, "D")
    last = np.datetime64(min(month.last, today), "D")
    within = (days >= np.datetime64(month.first, "D")) & (days <= last) & frame.filled("certificate_no")
    for position in np.flatnonzero(within).tolist():
        yield position, days[position].item()


def _row(event: _Event, context: Context) -> Iterator[str]:
    for header, name in LISTED.items():
        made = _MADE.get(header)
        yield made(event.text(name)) if made else event.text(name)
    yield _code(context, "状态", event.text("status"))
    yield event.kind
    yield event.on.isoformat()
    yield _code(context, "变更类型", event.kind)
    reason = event.text(event.reason) if event.reason else ""
    yield _code(context, event.reasons, reason)
    yield reason
    yield event.text("uscc")
    system = context.lists["体系"].by_value.get(event.text("system"))
    yield system.attributes.get("上报代码", "") if system else ""


def _code(context: Context, name: str, value: str) -> str:
    choices = context.lists.get(name)
    choice = choices.by_value.get(value) if choices else None
    return choice.code if choice else ""


def _mobiles(text: str) -> str:
    return ";".join(part for part in _SEPARATORS.split(text) if _MOBILE.fullmatch(part))


def _landlines(text: str) -> str:
    return ";".join(part for part in _SEPARATORS.split(text) if part and not _MOBILE.fullmatch(part))


_MADE: Final[Mapping[str, Callable[[str], str]]] = {"电话": _landlines, "手机": _mobiles}
