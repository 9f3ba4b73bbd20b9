"""A table as it would stand after changes and new rows: a frame the rules can judge beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import numpy as np

from zlxl.grid import GENERAL
from zlxl.schema.context import Context
from zlxl.schema.frame import Cells, Frame
from zlxl.schema.read import judge_distinct
from zlxl.schema.values import StoredNumber, Value

Row = Mapping[str, Value]  #: by field


def would_be(frame: Frame, changes: Mapping[int, Row], new: Sequence[Row], context: Context) -> Frame:
    """The frame with changed fields by position, and new rows behind its last one."""
    last = int(frame.rows[-1]) if len(frame) else frame.header_row
    rows = np.arange(last + 1, last + 1 + len(new), dtype=np.int32)
    cells = {name: _cells(frame, name, changes, new, context) for name in frame.cells}
    return replace(frame, rows=np.concatenate([frame.rows, rows]), cells=cells)


def _cells(
    frame: Frame, name: str, changes: Mapping[int, Row], new: Sequence[Row], context: Context
) -> Cells:
    held = frame.cells[name]
    put = {position: row[name] for position, row in changes.items() if name in row}
    put |= {len(frame) + number: row[name] for number, row in enumerate(new) if row.get(name) is not None}
    pool = _Pool(held.raws)
    codes = np.concatenate([held.codes, np.full(len(new), -1, dtype=np.int32)])
    for position, value in put.items():
        codes[position] = -1 if value is None else pool.code(stored(value))
    values, verdicts = judge_distinct(frame.table, name, pool.added, context)
    offset = len(held.raws)
    style = held.styles[-1:] if len(held.styles) else np.zeros(1, dtype=np.uint16)
    return replace(
        held,
        codes=codes,
        styles=np.concatenate([held.styles, np.repeat(style, len(new))]),
        raws=[*held.raws, *pool.added],
        values=[*held.values, *values],
        verdicts={**held.verdicts, **{offset + index: verdict for index, verdict in verdicts.items()}},
        lent=None if held.lent is None else np.concatenate([held.lent, np.zeros(len(new), dtype=np.bool_)]),
    )


class _Pool:
    """Distinct stored values, the known ones first."""

    def __init__(self, known: Sequence[object]) -> None:
        self._known = len(known)
        self._codes = {_identity(raw): code for code, raw in enumerate(known)}
        self.added: list[Any] = []

    def code(self, raw: object) -> int:
        """Index of a value, which is added where it is new."""
        found = self._codes.setdefault(_identity(raw), self._known + len(self.added))
        if found == self._known + len(self.added):
            self.added.append(raw)
        return found


def _identity(raw: object) -> tuple[type, object, str]:
    return type(raw), raw, getattr(raw, "number_format", "")


def stored(value: Value) -> object:
    """A value as a cell of the database would hold it."""
    match value:
        case datetime():
            return value
        case date():
            return datetime.combine(value, time())
        case float() | int():
            return StoredNumber(float(value), GENERAL)
    return value
