"""What clients need of the service: existing needs they told, latent ones the tables show (4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from zlxl.figures.due import Line, Tables
from zlxl.figures.improvements import Measure
from zlxl.schema.facts import Mask
from zlxl.schema.frame import Frame
from zlxl.tables.clients import CLIENTS
from zlxl.tables.text import compact

EXISTING, LATENT = "现有", "潜在"
VALID: Final = frozenset({"有效"})
MARKET: Final = "市场部"
LEAST: Final = "共性问题最少客户数"
SHOWN: Final = 6  #: rows that stand as evidence


@dataclass(frozen=True, kw_only=True)
class Need:
    """A need, what shows it, how many clients have it, and who could meet it."""

    kind: str
    name: str
    source: str  #: tables that it is read from
    evidence: str
    clients: tuple[str, ...]  #: each once
    proposal: str
    owner: str = MARKET
    topic: str = ""  #: 要求主题, where it is one
    words: tuple[str, ...] = ()  #: by which a measure is known to be about it
    rows: tuple[Line, ...] = ()  #: some rows that show it
    measures: tuple[Measure, ...] = ()

    @property
    def number(self) -> int:
        """How many clients have it."""
        return len(self.clients)


def with_measures(needs: Iterable[Need], measures: Sequence[Measure]) -> tuple[Need, ...]:
    """The needs with the measures that name their topic or speak of them."""
    return tuple(replace(need, measures=tuple(m for m in measures if _about(m, need))) for need in needs)


def _about(measure: Measure, need: Need) -> bool:
    if need.topic and measure.text("topic") == need.topic:
        return True
    told = f"{measure.text('problem')}{measure.text('measure')}"
    return any(word in told for word in need.words)


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """The names that are not empty, compared without spaces and brackets' width, each once."""
    found = {compact(name): name for name in reversed([*names]) if name}
    return tuple(reversed(found.values()))


def line_clients(rows: Iterable[Line]) -> tuple[str, ...]:
    """The clients of rows, each once."""
    return each_once(row.text("client") for row in rows)


def rows_where(frame: Frame, mask: Mask) -> Iterator[Line]:
    """The rows of a frame that the mask names."""
    return (Line(frame=frame, position=position) for position in np.flatnonzero(mask).tolist())


def certified(tables: Tables) -> tuple[Line, ...]:
    """Rows of 客户台账 whose certificate is valid."""
    frames = tables.of(CLIENTS)
    return tuple(row for frame in frames for row in rows_where(frame, frame.where("status", VALID)))


def within(rows: Iterable[Line], field: str, first: date, last: date) -> tuple[Line, ...]:
    """Rows whose day lies between two days."""
    return tuple(row for row in rows if (day := row.day(field)) and first <= day <= last)


def least(tables: Tables) -> int:
    """How many clients make a need worth telling."""
    return max(1, int(tables.context.number(LEAST)))
