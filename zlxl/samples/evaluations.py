"""Rows of 有效性评价: one form a system and audit, as the audit teams brought them back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zlxl.samples import workdays
from zlxl.samples.dice import Dice
from zlxl.samples.history import Audit, Engagement, History
from zlxl.samples.numbering import Row, numbered
from zlxl.samples.staff import CLERKS, HEAD, LEADERS

#: weights of the form's items (domain.md 4); the team's own grade need not be the computed one
WEIGHTS: Final = {
    "leadership": 10,
    "planning": 10,
    "resources": 12,
    "operation": 20,
    "performance": 12,
    "internal_audit": 10,
    "management_review": 6,
    "correction": 10,
    "improvement": 10,
}
_BANDS: Final = ((90, "A"), (75, "B"), (60, "C"), (0, "D"))
_MAJOR, _MINOR, _MINOR_CAP = 8, 2, 10
_OUTSIDE: Final = (
    ("市场监管局网站公示抽查合格", "不调整"),
    ("获评省级绿色工厂", "升一级"),
    ("环保信用评价下调", "降一级"),
    ("媒体报道获质量奖", "升一级"),
    ("客户投诉较多，已核实", "降一级"),
)


def evaluation_rows(history: History) -> Iterator[Row]:
    """One row a system and audit, in the order in which they were entered."""
    dice = history.dice("有效性评价")
    rows = [
        _row(dice, engagement, system, audit)
        for engagement in history.engagements
        for audit in engagement.own_audits
        if audit.on >= history.begin
        for system in engagement.systems
    ]
    entered = [row for row in rows if row["entered_on"] <= history.today]
    yield from numbered(entered, "evaluation_no", "PJ", "entered_on", "contract_no")


def _row(dice: Dice, engagement: Engagement, system: str, audit: Audit) -> Row:
    leader = dice.pick(LEADERS)
    row: Row = {
        "contract_no": engagement.contract_no,
        "client": engagement.company.name,
        "system": system,
        "audit_type": audit.kind,
        "audited_on": audit.on,
        "leader": leader,
        **_scores(dice, engagement.company.quality),
        **_nonconformities(dice, engagement.company.quality),
        **_vetoes(dice),
        "assessor": leader,
        "assessed_on": audit.on,
        "entered_by": dice.pick(CLERKS),
        "entered_on": workdays.later(audit.on, dice.between(2, 9)),
    }
    grade = grade_of(row)
    return row | {"conclusion": _conclusion(grade), "grade": grade} | _outside(dice)


def _scores(dice: Dice, quality: float) -> dict[str, float]:
    """0 to 5 for every item, in halves, around what the client's system is worth."""
    return {item: round(dice.near(quality * 5.6, 0.45, 0, 5) * 2) / 2 for item in WEIGHTS}


def _nonconformities(dice: Dice, quality: float) -> Row:
    major = 1 if dice.chance((1 - quality) * 0.12) else 0
    minor = round(dice.near((1 - quality) * 8, 1.2, 0, 9))
    return {
        "major": major,
        "minor": minor,
        "repeated": 1 if minor and dice.chance(0.06) else 0,
        "major_closed": "否" if major and dice.chance(0.15) else "是",
    }


def _vetoes(dice: Dice) -> Row:
    return {
        "accident": "是" if dice.chance(0.004) else "否",
        "penalty": "是" if dice.chance(0.008) else "否",
        "spot_check": "是" if dice.chance(0.006) else "否",
        "false_material": "否",
        "resumed": "是" if dice.chance(0.01) else "否",
    }


def grade_of(row: Row) -> str:
    """The grade an audit team reads off the form."""
    total = sum(weight * row[item] / 5 for item, weight in WEIGHTS.items())
    total -= _MAJOR * row["major"] + min(_MINOR_CAP, _MINOR * row["minor"])
    return next(grade for low, grade in _BANDS if total >= low or low == 0)


def _conclusion(grade: str) -> str:
    return {"A": "有效", "B": "有效", "C": "基本有效", "D": "尚不符合"}[grade]


def _outside(dice: Dice) -> Row:
    """Information from elsewhere, and the change of grade it may have led to."""
    if not dice.chance(0.05):
        return {"adjustment": "不调整"}
    text, adjustment = dice.pick(_OUTSIDE)
    row: Row = {"other_information": text, "adjustment": adjustment}
    if adjustment != "不调整":
        row |= {"adjustment_reason": text, "approver": HEAD}
    return row
