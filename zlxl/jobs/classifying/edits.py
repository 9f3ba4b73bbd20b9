"""What proposals change on the sheet 客户要求: never a confirmed cell, never a word that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.changes import CellChange, CellValue
from zlxl.decisions.decide import Decision
from zlxl.edits import Edits
from zlxl.grid import GENERAL
from zlxl.jobs.classifying.rows import Request
from zlxl.jobs.classifying.sheet import Proposal, Sheet, deadline, ruling_of
from zlxl.jobs.history import Reasons
from zlxl.schema.values import Value
from zlxl.tables.requests import REQUESTS

TO_A_PERSON: Final = "待人工"
LONGEST: Final = 500  # characters of the evidence in its cell
PROPOSED: Final = ("suggested_topic", "suggested_class", "confidence", "evidence")
FOLLOWING: Final = ("owner", "reply_due_on", "due_on")
_DATE, _SHARE, _TEXT = "yyyy-mm-dd", "0.00", "@"


def edits_of(sheet: Sheet) -> Edits:
    """The cells that would hold something else."""
    return Edits(cells=tuple(change for one in sheet.proposals for change in _changes(one, sheet)))


def reasons(sheet: Sheet) -> Reasons:
    """For the log: what the cells that change follow from."""
    return {
        (change.sheet, change.row, change.column): _reason(one)
        for one in sheet.proposals
        for change in _changes(one, sheet)
    }


def _reason(one: Proposal) -> str:
    if one.decision is None:
        return f"按确认主题“{one.topic}”推算"
    told = f"{one.topic_class} 类，{'、'.join(one.decision.topics)}" if one.topic else TO_A_PERSON
    return f"建议：{told}，把握 {one.decision.confidence:.2f}"


def missing_columns(sheet: Sheet) -> tuple[str, ...]:
    """Headers that proposals would be written under and a sheet of 客户要求 lacks."""
    frames = {one.row.frame.sheet: one.row.frame for one in sheet.proposals}.values()
    names = [name for name in (*PROPOSED, *FOLLOWING) if any(name not in frame.cells for frame in frames)]
    return tuple(REQUESTS.columns[name].header for name in names)


def _changes(one: Proposal, sheet: Sheet) -> Iterator[CellChange]:
    if not one.row.open:
        return
    if one.decision is not None:
        yield from _set(one.row, _proposed(one.decision))
    previous = _previous(one, sheet)
    following = dict(zip(FOLLOWING, _following(one), strict=True))
    for name, value in following.items():
        held = one.row.value(name)
        if held is None or (one.decision is not None and held == previous.get(name)):
            yield from _set(one.row, {name: value})


def _proposed(decision: Decision) -> dict[str, CellValue]:
    topics = decision.topics
    return {
        "suggested_topic": topics[0] if topics else None,
        "suggested_class": decision.topic_class,
        "confidence": decision.confidence,
        "evidence": evidence_words(decision),
    }


def evidence_words(decision: Decision) -> str:
    """The evidence in one cell."""
    told = [evidence.text for evidence in decision.evidence]
    if not decision.topics:
        told.insert(0, TO_A_PERSON)
    if len(decision.topics) > 1:
        told.insert(0, f"含 {len(decision.topics)} 项：{'、'.join(decision.topics)}")
    text = "；".join(told)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _following(one: Proposal) -> tuple[CellValue, CellValue, CellValue]:
    return (one.ruling.owner or None) if one.ruling else None, one.reply_due, one.due


def _previous(one: Proposal, sheet: Sheet) -> dict[str, Value]:
    """What followed from the proposal that the row holds: such a cell was written by a program."""
    row = one.row
    rulings = sheet.decider.authorities.rulings.get(row.text("suggested_topic"), ())
    before = ruling_of(rulings, row.text("suggested_class"))
    if before is None:
        return {}
    received = row.day("received_on")
    return {
        "owner": before.owner,
        "reply_due_on": deadline(received, before.reply_days, sheet.workdays),
        "due_on": deadline(received, before.close_days, sheet.workdays),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """The format a value needs, and the formats it may take the place of."""

    code: str
    over: tuple[str, ...]


def _set(row: Request, values: dict[str, CellValue]) -> Iterator[CellChange]:
    """Changes of the cells that do not hold their value yet; of missing columns none."""
    for name, value in values.items():
        cells = row.frame.cells.get(name)
        if cells is None or _same(row.value(name), value):
            continue
        look = _look(value)
        yield CellChange(
            sheet=row.frame.sheet,
            row=row.number_of_row,
            column=cells.column,
            value=value,
            number_format=look.code if look else None,
            over=look.over if look else (),
        )


def _same(held: Value, value: CellValue) -> bool:
    if isinstance(held, float | int) and isinstance(value, float):
        return abs(held - value) < 5e-4
    return held == value


def _look(value: CellValue) -> _Look | None:
    if isinstance(value, date):
        return _Look(code=_DATE, over=(GENERAL, _TEXT))
    return _Look(code=_SHARE, over=(GENERAL, _TEXT)) if isinstance(value, float) else None
