"""Rows of 名录报送: the certified-customer directory, delivered every month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.history import Certificate, History
from zlxl.samples.numbering import Row
from zlxl.samples.staff import CLERKS, WEBMASTER
from zlxl.schema.facts import add_months

_PROBLEMS: Final = ("一家企业名称与证书不一致，已更正", "两张暂停证书未及时标注，已更正")
_WAYS: Final = {"电子邮件": 80, "共享文件夹": 20}


def delivery_rows(history: History) -> Iterator[Row]:
    """One row a month: what the directory held at its end, and how that differs from the month before."""
    dice = history.dice("名录报送")
    serials: Counter[int] = Counter()
    month = history.begin.replace(day=1)
    before = _directory(history, month - timedelta(days=1))
    while (end := add_months(month, 1) - timedelta(days=1)) < history.today:
        held = _directory(history, end)
        delivered = workdays.later(end + timedelta(days=1), dice.between(0, 2))
        month = add_months(month, 1)
        if delivered > history.today:
            return
        serials[delivered.year] += 1
        yield {
            "delivery_no": f"ML{delivered.year}-{serials[delivered.year]:03d}",
            "delivered_on": delivered,
            "as_of": end,
            "total": len(held),
            "added": len(held - before),
            "changed": dice.between(0, 6),
            "removed": len(before - held),
            "way": dice.weighted(_WAYS),
            "file": f"获证客户名录_{end}.xlsx",
            "sender": dice.pick(CLERKS),
            "receiver": WEBMASTER,
            **_online(workdays.later(delivered, dice.between(0, 2)), history.today),
            "problem": dice.pick(_PROBLEMS) if dice.chance(0.1) else None,
        }
        before = held


def _directory(history: History, day: date) -> set[str]:
    return {str(c.number) for c in history.certificates if _published(c, day)}


def _published(certificate: Certificate, day: date) -> bool:
    """Whether the directory of the day names the certificate."""
    issued, ended = certificate.engagement.issued_on, certificate.ended_on
    return issued is not None and issued <= day and (ended is None or ended > day)


def _online(published: date, today: date) -> Row:
    return {"published_on": published, "checked_by": CLERKS[0]} if published <= today else {}
