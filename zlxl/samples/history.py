"""What happened to every client: applications, audits, certificates, suspensions, as dates that fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.companies import Company
from zlxl.samples.dice import Dice
from zlxl.schema.facts import add_months

BODY: Final = "016"
FIRST_MONTHS: Final = 40  #: how long ago the oldest contract began; three years of valid certificates
KINDS: Final = ("初审", "监一", "监二")
LETTERS: Final = {"QMS": "Q", "EMS": "E", "OHSMS": "S", "FSMS": "F", "ISMS": "IS"}  #: of certificates
CONTRACT_LETTERS: Final = {"QMS": "Q", "EMS": "E", "OHSMS": "O", "FSMS": "F", "ISMS": "I"}
_SYSTEMS: Final = {
    ("QMS",): 34,
    ("QMS", "EMS"): 16,
    ("QMS", "EMS", "OHSMS"): 38,
    ("EMS", "OHSMS"): 8,
    ("EMS",): 4,
}
_FATES: Final = {"有效": 84.0, "暂停": 6.0, "撤销": 4.0, "注销": 6.0}
_DAY: Final = timedelta(days=1)
_ENDS: Final = ("撤销", "注销", "失效")


@dataclass(frozen=True, kw_only=True)
class Audit:
    """An audit that took place."""

    kind: str
    planned_on: date
    on: date


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """One contract of one company, from its application to what became of its certificates."""

    company: Company
    systems: tuple[str, ...]
    recertified: int  #: R of the certificates
    sent_on: date  #: application form given to the company
    returned_on: date
    applied_on: date
    audits: tuple[Audit, ...] = ()
    next_on: date | None = None  #: planned date of the next audit
    issued_on: date | None = None
    status: str = "受理"
    suspended_on: date | None = None
    ended_on: date | None = None  #: revoked, withdrawn or expired
    succeeded: bool = False  #: whether a recertification took the certificates' place
    contract_no: str = ""

    @property
    def kind(self) -> str:
        """Kind of the first audit."""
        return "再认证" if self.recertified else "初审"

    @property
    def valid_until(self) -> date | None:
        """Last day of the certificates."""
        return add_months(self.issued_on, 36) - _DAY if self.issued_on else None

    @property
    def own_audits(self) -> tuple[Audit, ...]:
        """Audits under this contract: the one that recertifies belongs to the next contract."""
        return self.audits[: len(KINDS)]

    @property
    def live(self) -> bool:
        """Whether the client is still served under this contract."""
        return self.status not in _ENDS


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One management system of a contract."""

    engagement: Engagement
    system: str
    number: str | None
    status: str
    suspended_on: date | None
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything that the tables are derived from."""

    seed: int
    today: date
    engagements: tuple[Engagement, ...]
    certificates: tuple[Certificate, ...]

    @property
    def begin(self) -> date:
        """First day of the three years that are told in full."""
        return add_months(self.today, -36)

    def dice(self, *purpose: str) -> Dice:
        """Chance for one table, or for a part of one."""
        return Dice(self.seed, *purpose)


def history_of(seed: int, clients: Sequence[Company], today: date) -> History:
    """The histories of the clients up to today."""
    dice = Dice(seed, "history")
    told = [engagement for company in clients for engagement in _engagements(dice, company, today)]
    numbered = tuple(_with_contract_numbers(told))
    certificates = tuple(_certificates(dice, numbered, today))
    return History(seed=seed, today=today, engagements=numbered, certificates=certificates)


def _engagements(dice: Dice, company: Company, today: date) -> Iterator[Engagement]:
    """The company's contract and, where it ran out in time, the one that recertified it."""
    systems = _systems(dice, company)
    first = add_months(today, -FIRST_MONTHS)
    applied = workdays.on_or_before(today - timedelta(days=dice.between(2, (today - first).days)))
    recertified = dice.weighted({0: 76, 1: 15, 2: 6, 3: 3})
    engagement = _begun(dice, company, systems, applied, recertified)
    engagement = _audited(dice, engagement, today)
    successor = _successor(dice, engagement, today)
    if successor is None:
        yield _fated(dice, engagement, today)
        return
    yield _succeeded(engagement, successor, today)
    yield successor


def _systems(dice: Dice, company: Company) -> tuple[str, ...]:
    if company.industry.extra and dice.chance(0.7):
        return ("QMS", company.industry.extra) if dice.chance(0.6) else (company.industry.extra,)
    return dice.weighted(_SYSTEMS)


def _begun(
    dice: Dice, company: Company, systems: tuple[str, ...], applied: date, recertified: int
) -> Engagement:
    returned = workdays.on_or_before(applied - timedelta(days=dice.between(1, 5)))
    sent = workdays.on_or_before(returned - timedelta(days=dice.between(2, 15)))
    return Engagement(
        company=company,
        systems=systems,
        recertified=recertified,
        sent_on=sent,
        returned_on=returned,
        applied_on=applied,
    )


def _audited(dice: Dice, engagement: Engagement, today: date, first: date | None = None) -> Engagement:
    """The contract with its audits up to today, as long as nothing unusual happens."""
    on = first or workdays.later(engagement.applied_on, dice.between(18, 50))
    issued = workdays.later(on, dice.between(10, 28))
    if on > today:
        return replace(engagement, next_on=on)
    audits = [Audit(kind=engagement.kind, planned_on=on, on=on)]
    if issued > today:
        return replace(engagement, audits=tuple(audits), status="审核中")
    engagement = replace(engagement, issued_on=issued, status="有效")
    planned = _planned(engagement, on)
    for kind in KINDS[1:]:
        took_place = _took_place(dice, audits[-1].on, planned, today)
        if took_place is None:
            break
        audits.append(Audit(kind=kind, planned_on=planned, on=took_place))
        planned = _planned(engagement, took_place)
    return replace(engagement, audits=tuple(audits), next_on=planned)


def _planned(engagement: Engagement, last: date) -> date:
    """When the next audit is due: eleven months later, and well before the certificates run out."""
    usual = workdays.on_or_before(add_months(last, 11) - _DAY)
    until = engagement.valid_until
    return min(usual, workdays.on_or_before(until - timedelta(days=55))) if until else usual


def _took_place(dice: Dice, last: date, planned: date, today: date) -> date | None:
    """The day of a planned surveillance, None where it still lies ahead; what is due was done."""
    latest = workdays.on_or_before(add_months(last, 12))
    day = min(latest, workdays.days_later(planned, dice.between(-12, 14)))
    if day > today and planned <= today:
        day = workdays.on_or_before(today)
    return day if day <= today else None


def _successor(dice: Dice, engagement: Engagement, today: date) -> Engagement | None:
    """The recertification's contract, once its application has come in; most clients stay."""
    if len(engagement.audits) < len(KINDS) or engagement.next_on is None or not dice.chance(0.88):
        return None
    applied = workdays.on_or_before(engagement.next_on - timedelta(days=dice.between(35, 65)))
    if applied > today:
        return None
    begun = _begun(dice, engagement.company, engagement.systems, applied, engagement.recertified + 1)
    return _audited(dice, begun, today, first=engagement.next_on)


def _succeeded(engagement: Engagement, successor: Engagement, today: date) -> Engagement:
    """The old contract, whose certificates end when the new ones are issued."""
    audits = (*engagement.audits, *successor.audits[:1])
    if successor.issued_on is None:
        done = bool(successor.audits)
        return replace(engagement, audits=audits, next_on=None if done else engagement.next_on)
    return replace(
        engagement, audits=audits, next_on=None, status="失效", ended_on=successor.issued_on, succeeded=True
    )


def _fated(dice: Dice, engagement: Engagement, today: date) -> Engagement:
    """The contract with what became of its certificates."""
    issued, until = engagement.issued_on, engagement.valid_until
    if issued is None or until is None:
        return engagement
    if until < today:
        return replace(engagement, next_on=None, status="失效", ended_on=until + _DAY)
    gone = engagement.next_on is not None and engagement.next_on <= today
    fate = "注销" if gone else dice.weighted(_FATES)
    age = (today - issued).days
    if fate == "注销" and age > 60:
        return _ended(engagement, fate, today - timedelta(days=dice.between(5, min(age - 30, 400))))
    if fate == "暂停" and age > 240:
        return _ended(engagement, fate, today - timedelta(days=dice.between(10, 165)))
    if fate == "撤销" and age > 430:
        return _ended(engagement, fate, today - timedelta(days=dice.between(200, age - 210)))
    return engagement


def _ended(engagement: Engagement, fate: str, day: date) -> Engagement:
    """The contract whose certificates were suspended, revoked or given back on the day."""
    day = workdays.on_or_before(day)
    audits = tuple(audit for audit in engagement.audits if audit.on < day)
    ended = {"暂停": None, "注销": day, "撤销": workdays.on_or_after(add_months(day, 6) + _DAY)}[fate]
    return replace(
        engagement,
        audits=audits,
        next_on=_planned(engagement, audits[-1].on),
        status=fate,
        suspended_on=None if fate == "注销" else day,
        ended_on=ended,
    )


def _with_contract_numbers(told: Sequence[Engagement]) -> Iterator[Engagement]:
    """Contracts in the order of their application, numbered within each year."""
    serials: Counter[int] = Counter()
    for engagement in sorted(told, key=lambda e: (e.applied_on, e.company.number)):
        year = engagement.applied_on.year
        serials[year] += 1
        letters = "".join(CONTRACT_LETTERS[system] for system in engagement.systems)
        yield replace(engagement, contract_no=f"ZL{year}{serials[year]:04d}-{letters}")


def _certificates(dice: Dice, engagements: Sequence[Engagement], today: date) -> Iterator[Certificate]:
    numbers = _numbers(engagements)
    for engagement in engagements:
        given_up = _given_up(dice, engagement, today)
        for system in engagement.systems:
            alone = given_up if given_up and system == engagement.systems[-1] else None
            yield Certificate(
                engagement=engagement,
                system=system,
                number=numbers.get((engagement.contract_no, system)),
                status="注销" if alone else engagement.status,
                suspended_on=None if alone else engagement.suspended_on,
                ended_on=alone or engagement.ended_on,
            )


def _given_up(dice: Dice, engagement: Engagement, today: date) -> date | None:
    """The day on which the client gave one of its systems back, in a few cases."""
    chosen = dice.chance(0.03)
    last = engagement.audits[-1].on if engagement.audits else today
    if not chosen or engagement.status != "有效" or len(engagement.systems) < 2 or last >= today:
        return None
    return workdays.on_or_before(today - timedelta(days=dice.between(0, (today - last).days)))


def _numbers(engagements: Iterable[Engagement]) -> dict[tuple[str, str], str]:
    """Certificate numbers: a serial of each system and year in the order of issue."""
    issued = [(e.issued_on, e.contract_no, e) for e in engagements if e.issued_on]
    serials: dict[tuple[int, str], Iterator[int]] = {}
    numbers = {}
    for day, contract, engagement in sorted(issued, key=lambda item: item[:2]):
        for system in engagement.systems:
            serial = next(serials.setdefault((day.year, system), count(1)))
            numbers[contract, system] = _number(engagement, system, day, serial)
    return numbers


def _number(engagement: Engagement, system: str, issued: date, serial: int) -> str:
    persons = engagement.company.persons
    size = "S" if persons <= 50 else "M" if persons <= 1000 else "L"
    return f"{BODY}{issued:%y}{LETTERS[system]}{serial:05d}R{engagement.recertified}{size}"
