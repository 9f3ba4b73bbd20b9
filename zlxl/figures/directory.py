"""The certified-customer directory (4.10.2): which certificates are published, and what is new in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np

from zlxl.schema.context import Context
from zlxl.schema.facts import Mask
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending, shown
from zlxl.tables.clients import CLIENTS

LISTED: Final = "名录"  #: attribute of a status in 码表; 是: the directory names it
LIVE: Final = frozenset({"有效", "暂停"})  #: statuses that a certificate past its expiry cannot have
#: What may leave the house, declared column by column: no contact, no fee, no remark.
PUBLIC: Final = tuple(name for name, column in CLIENTS.columns.items() if column.public)
HEADERS: Final = {name: CLIENTS.columns[name].header for name in PUBLIC}
FIELD: Final = {header: name for name, header in HEADERS.items()}
NUMBER, CLIENT, STATUS = "certificate_no", "client", "status"

Kind = Literal["新增", "变更", "减少"]
Certificate = dict[str, str]  #: public fields as shown; empty where the ledger has none
GONE: Final = "台账中已没有这张证书"


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """A certificate that is not published although its status is listed, and why."""

    number: str
    client: str
    sheet: str
    row: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What is published on a day: one certificate a row, by province, client and number."""

    as_of: date
    certificates: tuple[Certificate, ...]
    withheld: tuple[Withheld, ...] = ()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The certificates' numbers."""
        return frozenset(certificate[NUMBER] for certificate in self.certificates)

    @cached_property
    def reasons(self) -> Mapping[str, str]:
        """Why certificates are withheld, by number."""
        return {held.number: held.reason for held in self.withheld}

    def count(self, field: str) -> Counter[str]:
        """How many certificates have each value of a field."""
        return Counter(certificate[field] for certificate in self.certificates)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is new about one field of a certificate; new and removed ones have one change for the whole."""

    kind: Kind
    number: str
    client: str
    field: str = ""  #: header
    old: str = ""
    new: str = ""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """All changes since a day, ``since`` None where there is nothing to compare with."""

    since: date | None
    changes: tuple[Change, ...] = ()
    compared: bool = False  #: with the list that was delivered, else told by the dates of the ledger

    def count(self, kind: Kind) -> int:
        """How many certificates have a change of the kind."""
        return len({change.number for change in self.changes if change.kind == kind})

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def told(self) -> str:
        """What the changes are measured against, in words."""
        if self.since is None:
            return "还没有报送过名录，没有可比较的上一次。"
        if self.compared:
            return f"与 {self.since} 的名录逐张比较。"
        return f"{self.since} 以后的变化，按台账中的颁证、暂停、撤销注销日期和有效期推算。"


def directory(frames: Sequence[Frame], context: Context) -> Directory:
    """The directory of the context's day from the frames of 客户台账 (4.10.2).

    A certificate past its expiry, not yet issued, without number, or named twice is withheld and said.
    """
    listed = _listed(context)
    published: dict[str, Certificate] = {}
    withheld: list[Withheld] = []
    for frame in frames:
        reasons = _reasons(frame, context)
        for position in np.flatnonzero(frame.where(STATUS, listed)).tolist():
            certificate = _certificate(frame, position)
            number = certificate[NUMBER]
            reason = next((text for text, guilty in reasons if guilty[position]), "")
            if not reason and number in published:
                reason = "证书编号与前面的行重复"
            if reason:
                withheld.append(
                    Withheld(
                        number=number,
                        client=certificate[CLIENT],
                        sheet=frame.sheet,
                        row=int(frame.rows[position]),
                        reason=reason,
                    )
                )
            else:
                published[number] = certificate
    return Directory(
        as_of=context.today,
        certificates=tuple(sorted(published.values(), key=_Order(context))),
        withheld=tuple(withheld),
    )


def _listed(context: Context) -> frozenset[str]:
    choices = context.lists["状态"].choices
    return frozenset(choice.value for choice in choices if choice.attributes.get(LISTED) == "是")


def _reasons(frame: Frame, context: Context) -> list[tuple[str, Mask]]:
    """Why a row is not published, worst first, each with shape (rows,)."""
    today = np.datetime64(context.today, "D")
    issued, until = frame.days("issued_on"), frame.days("valid_until")
    return [
        ("没有证书编号", frame.texts(NUMBER)[0] < 0),
        ("没有企业名称", frame.texts(CLIENT)[0] < 0),
        ("有效期至已过，状态仍为有效或暂停", frame.where(STATUS, LIVE) & (until < today)),
        ("有效期至无法识别，不能确认未过期", frame.filled("valid_until") & ~frame.judged("valid_until")),
        ("颁证日期晚于数据截止日期", issued > today),
    ]


def _certificate(frame: Frame, position: int) -> Certificate:
    """Public fields only: the one place where a row of the ledger becomes an entry of the directory."""
    values = ((name, frame.value(name, position)) for name in PUBLIC)
    return {name: "" if isinstance(value, Pending) else shown(value) for name, value in values}


class _Order:
    """Sorts by province as 码表 lists them, then by client and number."""

    def __init__(self, context: Context) -> None:
        choices = context.lists["省份"].choices
        self._places = {choice.value: place for place, choice in enumerate(choices)}

    def __call__(self, certificate: Certificate) -> tuple[int, str, str]:
        place = self._places.get(certificate["province"], len(self._places))
        return place, certificate[CLIENT], certificate[NUMBER]


# ---- what is new


def compare(
    before: Iterable[Certificate], now: Directory, frames: Sequence[Frame], since: date | None
) -> Changes:
    """What differs from the list that was delivered; a field it did not hold is not compared."""
    old = {certificate[NUMBER]: certificate for certificate in before}
    new = {certificate[NUMBER]: certificate for certificate in now.certificates}
    changes = [
        *(_new(certificate) for number, certificate in new.items() if number not in old),
        *(change for number in new if number in old for change in _differences(old[number], new[number])),
        *_removed([certificate for number, certificate in old.items() if number not in new], now, frames),
    ]
    return Changes(since=since, changes=tuple(changes), compared=True)


def _new(certificate: Certificate) -> Change:
    return Change(
        kind="新增", number=certificate[NUMBER], client=certificate[CLIENT], new=certificate[STATUS]
    )


def _differences(old: Certificate, new: Certificate) -> Iterator[Change]:
    for name in PUBLIC:
        if name in old and old[name] != new[name]:
            yield Change(
                kind="变更",
                number=new[NUMBER],
                client=new[CLIENT],
                field=HEADERS[name],
                old=old[name],
                new=new[name],
            )


def _removed(gone: Sequence[Certificate], now: Directory, frames: Sequence[Frame]) -> Iterator[Change]:
    states = _states(frames, {certificate[NUMBER] for certificate in gone})
    for certificate in gone:
        number = certificate[NUMBER]
        why = now.reasons.get(number) or states.get(number, GONE)
        yield Change(
            kind="减少", number=number, client=certificate[CLIENT], old=certificate.get(STATUS, ""), new=why
        )


def _states(frames: Sequence[Frame], numbers: set[str]) -> dict[str, str]:
    """Status that the ledger now gives these certificates."""
    found: dict[str, str] = {}
    for frame in frames:
        codes, texts = frame.texts(NUMBER)
        wanted = np.array([*(text in numbers for text in texts), False], dtype=np.bool_)[codes]
        for position in np.flatnonzero(wanted).tolist():
            status = shown(frame.value(STATUS, position)) or "状态为空"
            found.setdefault(texts[int(codes[position])], status)
    return found


def told_by_dates(now: Directory, frames: Sequence[Frame], since: date) -> Changes:
    """What the ledger's own dates tell to have happened after ``since`` and to the day of the directory."""
    changes: list[Change] = []
    for frame in frames:
        for field, kind in _DATED.items():
            for position in np.flatnonzero(_within(frame, field, since, now.as_of)).tolist():
                certificate = _certificate(frame, position)
                if certificate[NUMBER] and _fits(kind, certificate, now):
                    changes.append(_dated(kind, certificate, now))
    return Changes(since=since, changes=tuple(dict.fromkeys(changes)))


#: What a date of the ledger tells.
_DATED: Final[Mapping[str, Kind]] = {
    "issued_on": "新增",
    "suspended_on": "变更",
    "ended_on": "减少",
    "valid_until": "减少",
}


def _within(frame: Frame, field: str, since: date, until: date) -> Mask:
    """Whether it happened in these days; a certificate goes the day after its last one."""
    days = frame.days(field) + np.timedelta64(int(field == "valid_until"), "D")
    return (days > np.datetime64(since, "D")) & (days <= np.datetime64(until, "D"))


def _fits(kind: Kind, certificate: Certificate, now: Directory) -> bool:
    """Whether the certificate is, or is no more, in the directory, as the kind of change says."""
    published = certificate[NUMBER] in now.numbers
    if kind == "变更":
        return published and certificate[STATUS] == "暂停"
    return published == (kind == "新增")


def _dated(kind: Kind, certificate: Certificate, now: Directory) -> Change:
    suspended = kind == "变更"
    return Change(
        kind=kind,
        number=certificate[NUMBER],
        client=certificate[CLIENT],
        field=HEADERS[STATUS] if suspended else "",
        old="有效" if suspended else "",
        new=now.reasons.get(certificate[NUMBER], certificate[STATUS]),
    )
