"""满意度调查 as columns: who was asked, who answered, the score of each item and of the whole (4.7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zlxl.figures.satisfaction_criteria import OWN, Criteria
from zlxl.figures.satisfaction_period import quarter_of
from zlxl.grid import Kind
from zlxl.schema.facts import Days, Mask
from zlxl.schema.frame import Frame
from zlxl.schema.headers import extra_columns

INVALID: Final = "无效"
NOT_APPLICABLE: Final = "不适用"

Texts = NDArray[Any]  #: str objects, None where empty; shape (rows,)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Questionnaires:
    """Every row of 满意度调查; arrays have shape (rows,), scores (rows, items)."""

    frames: tuple[Frame, ...]
    places: Sequence[tuple[int, int]]  #: frame and position of each row
    numbers: Texts
    contracts: Texts
    clients: Texts
    own_systems: Texts  #: as the questionnaire itself says
    audits: Texts
    ways: Texts
    delivered: Texts
    requests: Texts  #: 转入要求编号
    quarters: Texts
    sent: Days
    reminded: Days
    returned: Days
    scores: Numbers  #: NaN where an item was not answered or does not apply
    overall: Numbers
    recommendation: Numbers
    index: Numbers  #: customer index: weighted mean of the items answered
    counted: Mask  #: valid, and the latest answer on its audit
    answered: Mask  #: came back, whatever it says

    def __len__(self) -> int:
        return len(self.places)

    def value(self, row: int, field: str) -> object:
        """What a cell of the row means."""
        frame, position = self.places[row]
        return self.frames[frame].value(field, position)


def read_questionnaires(frames: Sequence[Frame], criteria: Criteria) -> Questionnaires:
    """The questionnaires of every sheet that holds some."""
    texts = {
        name: joined(frames, name)
        for name in (
            *("survey_no", "contract_no", "client", "system", "audit_type", "way", "delivered"),
            *("request_no", "quarter", "validity"),
        )
    }
    days = {name: joined_days(frames, name) for name in ("sent_on", "reminded_on", "returned_on")}
    scores = _scores(frames, criteria)
    index = customer_index(scores, np.array([item.weight for item in criteria.items]))
    quarters = _quarters(texts["quarter"], days["sent_on"])
    filled = np.array([value is not None for value in texts["validity"]], dtype=np.bool_)
    answered = ~np.isnat(days["returned_on"]) | filled
    share = _share(scores, frames, criteria) * 100 >= criteria.parameters["有效应答比例"]
    valid = answered & (texts["validity"] != INVALID) & share & ~np.isnan(index)
    audit = (texts["contract_no"], texts["system"], texts["audit_type"], quarters)
    return Questionnaires(
        frames=tuple(frames),
        places=[(number, at) for number, frame in enumerate(frames) for at in range(len(frame))],
        numbers=texts["survey_no"],
        contracts=texts["contract_no"],
        clients=texts["client"],
        own_systems=texts["system"],
        audits=texts["audit_type"],
        ways=texts["way"],
        delivered=texts["delivered"],
        requests=texts["request_no"],
        quarters=quarters,
        sent=days["sent_on"],
        reminded=days["reminded_on"],
        returned=days["returned_on"],
        scores=scores,
        overall=_scored(frames, "overall", criteria),
        recommendation=_numbers(frames, "recommendation"),
        index=index,
        counted=_latest(audit, days["returned_on"], valid),
        answered=answered,
    )


def customer_index(scores: Numbers, weights: Numbers) -> Numbers:
    """Weighted mean of the items answered, weights made to sum to one anew; NaN where none was.

    Args:
        scores: (rows, items), NaN for an item not answered.
        weights: (items,).
    """
    known = ~np.isnan(scores)
    total = known @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, scores, 0.0) @ weights / total


def _scores(frames: Sequence[Frame], criteria: Criteria) -> Numbers:
    columns = [_scored(frames, item.field, criteria) for item in criteria.items]
    rows = sum(map(len, frames))
    return np.stack(columns, axis=1) if columns else np.full((rows, 0), np.nan)


def _scored(frames: Sequence[Frame], field: str, criteria: Criteria) -> Numbers:
    scores = {level.name: level.score for level in criteria.levels}
    texts = _own_column(frames, field) if field.startswith(OWN) else joined(frames, field)
    return np.array([scores.get(text, np.nan) for text in texts], dtype=np.float64)


def _own_column(frames: Sequence[Frame], field: str) -> list[str]:
    """Texts of a column that the body added; empty where a cell holds none."""
    found: list[str] = []
    for frame in frames:
        headers = extra_columns(frame.grid, frame.match)
        column = next((at for at, text in headers.items() if OWN + text == field), None)
        found += [""] * len(frame) if column is None else _texts_of(frame, column)
    return found


def _texts_of(frame: Frame, column: int) -> list[str]:
    if not len(frame):
        return []
    first = int(frame.rows[0])
    raw = frame.grid.block([column], first, int(frame.rows[-1])).columns[column]
    strings = frame.grid.strings
    return [
        strings[int(raw.data[at])].strip() if at < len(raw.kinds) and raw.kinds[at] == Kind.TEXT else ""
        for at in (frame.rows - first).tolist()
    ]


def joined(frames: Sequence[Frame], name: str) -> Texts:
    """A column of texts over several sheets; shape (rows,)."""
    parts = [frame.column(name) for frame in frames]
    return np.concatenate(parts) if parts else np.array([], dtype=object)


def joined_days(frames: Sequence[Frame], name: str) -> Days:
    """A column of days over several sheets; shape (rows,)."""
    parts = [frame.days(name) for frame in frames]
    return np.concatenate(parts) if parts else np.array([], dtype="datetime64[D]")


def _numbers(frames: Sequence[Frame], name: str) -> Numbers:
    parts = [frame.numbers(name) for frame in frames]
    return np.concatenate(parts) if parts else np.array([], dtype=np.float64)


def _share(scores: Numbers, frames: Sequence[Frame], criteria: Criteria) -> Numbers:
    """Share of the items answered, of those that apply to the client."""
    fields = [item.field for item in criteria.items if not item.field.startswith(OWN)]
    absent = np.array([[text == NOT_APPLICABLE for text in joined(frames, field)] for field in fields])
    applying = scores.shape[1] - (absent.sum(axis=0) if len(absent) else np.zeros(len(scores)))
    answered = np.sum(~np.isnan(scores), axis=1)
    return answered / np.maximum(applying, 1)  # type: ignore[no-any-return]


def _quarters(told: Texts, sent: Days) -> Texts:
    """The quarter a row belongs to: as it says, else that of the day it was sent."""
    by_day = {day: quarter_of(day.astype(object)) for day in np.unique(sent[~np.isnat(sent)])}
    return np.array(
        [quarter or by_day.get(day, "") for quarter, day in zip(told, sent, strict=True)], dtype=object
    )


def _latest(audit: tuple[Texts, ...], returned: Days, valid: Mask) -> Mask:
    """Of several valid answers of a client on one audit in a year the one that came last."""
    latest: dict[tuple[object, ...], int] = {}
    kept = valid.copy()
    for row in sorted(np.flatnonzero(valid).tolist(), key=lambda row: (str(returned[row]), row)):
        contract, system, kind, quarter = (column[row] for column in audit)
        if contract is None or kind is None:
            continue
        key = (contract.upper(), system, kind, quarter[:4])
        if key in latest:
            kept[latest[key]] = False
        latest[key] = row
    return kept
