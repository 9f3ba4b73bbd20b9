"""Due items as a calendar file (RFC 5545), so that any calendar program reminds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from zlxl.figures.due import OVERDUE, URGENT, Due
from zlxl.figures.plan import Plan

CRLF: Final = "\r\n"
WIDTH: Final = 75  #: octets of a line
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_CONTROL: Final = dict.fromkeys([*range(9), *range(11, 32), 127])  # RFC 5545 3.1 admits none of them
_HEAD: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//ZhongLan//zlxl plan//ZH",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:中澜认证待办",
)
_PRIORITIES: Final = {OVERDUE: 1, URGENT: 3}


def calendar_chunks(plan: Plan, moment: datetime) -> Iterator[str]:
    """The file, line by line: one all-day event an item; ``moment`` is when it is made.

    An item keeps its UID from run to run as long as it is about the same row and kind.
    """
    yield from _lines(_HEAD)
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    seen: dict[str, int] = {}
    for due in plan.dues:
        name = _uid(due)
        seen[name] = seen.get(name, 0) + 1
        uid = name if seen[name] == 1 else f"{name}-{seen[name]}"
        yield from _lines(_event(due, plan.today, uid, stamp))
    yield from _lines(["END:VCALENDAR"])


def _event(due: Due, today: date, uid: str, stamp: str) -> Iterator[str]:
    whom = " ".join(part for part in (due.client, due.system) if part)
    told = [due.basis, f"怎么办：{due.action}", f"规则：{due.rule} {due.source}"]
    if due.contract_no:
        told.append(f"合同编号：{due.contract_no}")
    if due.plan_on:
        told.append(f"计划日期：{due.plan_on}")
    if due.sheet:
        told.append(f"位置：{due.sheet}!{due.cell}")
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@zlxl"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{due.due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due.due_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(f'{due.kind} {whom}'.strip())}"
    yield f"DESCRIPTION:{_text(chr(10).join(told))}"
    yield f"CATEGORIES:{_text(due.kind)},{_text(due.owner)}"
    yield f"PRIORITY:{_PRIORITIES.get(due.urgency(today), 5)}"
    yield "TRANSP:TRANSPARENT"
    if due.due_on >= today:
        yield from _alarm(due, whom)
    yield "END:VEVENT"


def _alarm(due: Due, whom: str) -> Iterator[str]:
    """A reminder at nine in the morning, as many days ahead as the item is urgent."""
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(f'{due.due_on} 前：{due.kind} {whom}'.strip())}"
    yield f"TRIGGER:{_before(timedelta(days=max(due.urgent, 0)) - timedelta(hours=9))}"
    yield "END:VALARM"


def _before(ahead: timedelta) -> str:
    """A duration before the start of the day, or after it where it is negative."""
    hours = int(abs(ahead).total_seconds()) // 3600
    days, rest = divmod(hours, 24)
    return f"{'-' if ahead > timedelta() else ''}P{f'{days}D' if days else ''}T{rest}H"


def _uid(due: Due) -> str:
    number = due.number or ("" if due.service else due.plan_no)
    parts = (due.kind, due.contract_no, due.client, due.system, number)
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _text(text: str) -> str:
    return text.translate(_CONTROL).translate(_ESCAPES)


def _lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines folded to 75 octets, no character cut in two."""
    for line in lines:
        yield from _folded(line)


def _folded(line: str) -> Iterator[str]:
    room, piece = WIDTH, ""
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if size > room:
            yield piece + CRLF
            piece, room = " ", WIDTH - 1
        piece += character
        room -= size
    yield piece + CRLF
