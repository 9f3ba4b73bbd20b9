"""Who ought to be asked in a period (4.7.1: first service cycle) and who was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from zlxl.figures.satisfaction_answers import Questionnaires
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.satisfaction_profiles import UNKNOWN, Profile, profile_of
from zlxl.schema.context import Context
from zlxl.schema.facts import Days, Mask, add_months
from zlxl.schema.frame import Frame

CERTIFIED: Final = ("有效", "暂停")  #: states of a client that holds a certificate
CYCLE: Final = "监审最长间隔月数"  #: parameter: how long the first service cycle lasts
SEND: Final = "满意度首发天数"
REMINDERS: Final = ("满意度首次催收天数", "满意度再次催收天数")
NO: Final = "否"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One who ought to be asked, or was: a questionnaire, or a contract without one (row -1)."""

    contract: str
    client: str
    profile: Profile
    audit: str
    due: bool  #: counted once a contract
    row: int = -1  #: of Questionnaires
    certified_on: date | None = None  #: of a contract without questionnaire


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A questionnaire that did not come back, or was never sent, and what to do."""

    subject: Subject
    since: date
    days: int
    advice: str


def cycle_start(period: Period, context: Context) -> date:
    """Whoever was certified after this day is still in the first service cycle when the period begins."""
    return add_months(period.start, -int(context.number(CYCLE)))


def subjects(
    clients: Sequence[Frame],
    answers: Questionnaires,
    period: Period,
    context: Context,
    known: Mapping[str, Profile],
) -> tuple[Subject, ...]:
    """Questionnaires sent in the period by their order, then contracts due that got none."""
    due = due_contracts(clients, answers, period, context)
    asked: list[Subject] = []
    met: set[str] = set()
    for row in np.flatnonzero([period.holds(quarter) for quarter in answers.quarters]).tolist():
        contract = answers.contracts[row] or ""
        key = contract.upper()
        asked.append(
            Subject(
                contract=contract,
                client=answers.clients[row] or "",
                profile=profile_of(row, answers, known),
                audit=answers.audits[row] or UNKNOWN,
                due=key in due and key not in met,
                row=row,
            )
        )
        met.add(key)
    left = (entry for key, entry in due.items() if key not in met)
    return (
        *asked,
        *(
            Subject(
                contract=contract,
                client=client,
                profile=known.get(contract.upper(), Profile()),
                audit="初审",
                due=True,
                certified_on=day,
            )
            for contract, client, day in left
        ),
    )


def due_contracts(
    clients: Sequence[Frame], answers: Questionnaires, period: Period, context: Context
) -> dict[str, tuple[str, str, date]]:
    """Contract, client and day of certification by the number in capitals.

    Due is who holds a certificate, was first certified before the period ends, is in the first service cycle
    when it begins, and was never asked before.
    """
    before = np.datetime64(period.start)
    sent = zip(answers.contracts, answers.sent < before, strict=True)
    asked = {contract.upper() for contract, early in sent if contract and early}
    found: dict[str, tuple[str, str, date]] = {}
    for frame in clients:
        first = first_certified(frame)
        fits = (first > np.datetime64(cycle_start(period, context))) & (first <= np.datetime64(period.end))
        fits &= frame.where("status", frozenset(CERTIFIED))
        contracts, names = frame.column("contract_no"), frame.column("client")
        for at in np.flatnonzero(fits).tolist():
            contract = contracts[at]
            if contract and contract.upper() not in asked:
                found.setdefault(contract.upper(), (contract, names[at] or "", first[at].astype(object)))
    return found


def first_certified(frame: Frame) -> Days:
    """首次获证日期, else 颁证日期, shape (rows,)."""
    first, issued = frame.days("first_issued_on"), frame.days("issued_on")
    missing: Mask = np.isnat(first)
    return np.where(missing, issued, first)


def reminders(
    asked: Sequence[Subject], answers: Questionnaires, today: date, context: Context
) -> tuple[Reminder, ...]:
    """What is overdue on that day, longest first: to be sent, to be asked for once, to be asked for again."""
    found = [
        reminder for subject in asked if (reminder := _reminder(subject, answers, today, context)) is not None
    ]
    return tuple(sorted(found, key=lambda reminder: (-reminder.days, reminder.subject.contract)))


def _reminder(subject: Subject, answers: Questionnaires, today: date, context: Context) -> Reminder | None:
    if subject.row < 0:
        return _unsent(subject, today, context)
    row = subject.row
    if answers.answered[row] or np.isnat(answers.sent[row]):
        return None
    since: date = answers.sent[row].astype(object)
    reminded: date | None = answers.reminded[row].astype(object)
    first, again = (timedelta(days=int(context.number(name))) for name in REMINDERS)
    advice = "已催收，继续跟踪"
    if today < since + first:
        return None
    if answers.delivered[row] == NO:
        advice = "未送达，换一种方式重发"
    elif reminded is None:
        advice = "首次催收" if today < since + again else "再次催收（从未催收）"
    elif today >= since + again and reminded < since + again:
        advice = "再次催收"
    return Reminder(subject=subject, since=since, days=(today - since).days, advice=advice)


def _unsent(subject: Subject, today: date, context: Context) -> Reminder | None:
    since = subject.certified_on
    late = timedelta(days=int(context.number(SEND)))
    if since is None or today < since + late:
        return None
    return Reminder(subject=subject, since=since, days=(today - since).days, advice="尚未下发，立即下发")
