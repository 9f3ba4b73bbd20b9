"""重大事件 of a year and what each of them takes from the year's satisfaction (4.7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from zlxl.figures.satisfaction_criteria import Criteria
from zlxl.figures.satisfaction_period import Period
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending, Value

CHARGED_AS: Final = "扣分项"  #: attribute of an 事件类型: the item of 评价准则 it is charged as
COUNTS: Final = "计扣分"  #: attribute of a 查实状态


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident of the period."""

    frame: Frame
    position: int
    number: str
    occurred_on: date
    client: str
    kind: str
    proof: str
    integrity: bool
    description: str
    charged_as: str  #: item of 评价准则
    standard: float  #: deduction by 评价准则
    decided: float | None  #: 核定扣分
    proven: bool

    @property
    def deduction(self) -> float:
        """Points taken off: what was decided, else by 评价准则; nothing while it is not proven."""
        if not self.proven:
            return 0.0
        return self.standard if self.decided is None else self.decided


def incidents(
    frames: Sequence[Frame], period: Period, criteria: Criteria, context: Context
) -> tuple[Incident, ...]:
    """The incidents that occurred in the period, by date."""
    found = [
        _incident(frame, int(at), criteria, context)
        for frame in frames
        for at in np.flatnonzero(_within(frame, period))
    ]
    return tuple(sorted(found, key=lambda incident: (incident.occurred_on, incident.number)))


def _within(frame: Frame, period: Period) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    days = frame.days("occurred_on")
    return (days >= np.datetime64(period.start)) & (days <= np.datetime64(period.end))


def _incident(frame: Frame, at: int, criteria: Criteria, context: Context) -> Incident:
    kind, proof = _text(frame.value("kind", at)), _text(frame.value("proof", at))
    decided = frame.numbers("deduction")[at]
    charged = attribute(context, "事件类型", kind, CHARGED_AS) or kind
    day: date = frame.days("occurred_on")[at].astype(object)
    return Incident(
        frame=frame,
        position=at,
        number=_text(frame.value("incident_no", at)),
        occurred_on=day,
        client=_text(frame.value("client", at)),
        kind=kind,
        proof=proof,
        integrity=_text(frame.value("integrity", at)) == "是",
        description=_text(frame.value("description", at)),
        charged_as=charged,
        standard=criteria.deductions.get(charged, 0.0),
        decided=None if np.isnan(decided) else float(decided),
        proven=attribute(context, "查实状态", proof, COUNTS) == "是",
    )


def attribute(context: Context, choices: str, value: str, name: str) -> str:
    """An attribute of a value in a list of 码表, empty where it has none."""
    choice = context.lists[choices].by_value.get(value)
    return choice.attributes.get(name, "") if choice else ""


def _text(value: Value | Pending) -> str:
    return value if isinstance(value, str) else ""
