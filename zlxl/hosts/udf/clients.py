"""ZL_LOOKUP_CLIENT and ZL_FIND_PROVINCE: what the ledger and the lists know of a client (4.2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from itertools import accumulate
from typing import Final

from zlxl.grid import GENERAL
from zlxl.hosts.udf.policy import Policy
from zlxl.hosts.udf.shape import BadArgumentError, NoAnswerError, Rows, each, number_of, text_of, word
from zlxl.schema.frame import Frame
from zlxl.schema.headers import field_of
from zlxl.schema.read import judge_distinct
from zlxl.schema.values import NOT_JUDGED, StoredNumber
from zlxl.sheets.front_search import SEARCHED, Search
from zlxl.tables.clients import CLIENTS
from zlxl.tables.provinces import province_of_address, province_of_postcode

_POSTCODE: Final = re.compile(r"[0-9]{6}")
_MOST: Final = 100_000  # keys whose rows are kept
_APART: Final = "\0"  # in no text of a cell
_LITERAL: Final = re.compile(r"[^*?\0]+")


def find_province(policy: Policy, place: object) -> Rows:
    """The province of each postcode or address."""
    return each(partial(_province, policy), place, known=policy.answers("ZL_FIND_PROVINCE"))


def _province(policy: Policy, cell: object) -> str:
    if isinstance(cell, bool | datetime):
        raise BadArgumentError
    text = text_of(cell)
    postcode = text if _POSTCODE.fullmatch(text) else _meant_postcode(policy, cell)
    if postcode:
        found = province_of_postcode(postcode, policy.context)
    else:
        found = province_of_address(text, policy.context)
    if found is None:
        raise NoAnswerError
    return found


def _meant_postcode(policy: Policy, cell: object) -> str:
    """The postcode that a cell of the ledger would mean, "" where it means none."""
    raw = StoredNumber(cell, GENERAL) if isinstance(cell, float) else cell
    code = judge_distinct(CLIENTS, "postcode", [raw], policy.context)[0][0]
    return code if isinstance(code, str) else ""


def lookup_client(policy: Policy, key: object, column: object = None, nth: object = None) -> Rows:
    """A field of the n-th client in whom each key occurs, as the first sheet's look-up finds them.

    Raises:
        BadArgumentError: 客户台账 has no such column.
    """
    wanted = field_of(CLIENTS, word(column, "企业名称"))
    if wanted is None:
        raise BadArgumentError
    ledger = ledger_of(policy)

    def looked_up(cell: object, number: object) -> object:
        place = number_of(number, 1.0)
        if place < 1 or place != int(place):
            raise BadArgumentError
        return _value(ledger, wanted, text_of(cell), int(place))

    return each(looked_up, key, nth)


def _value(ledger: Ledger, name: str, key: str, nth: int) -> object:
    found = ledger.found(key)
    if nth > len(found):
        raise NoAnswerError
    frame, at = ledger.places[found[nth - 1] - 1]
    return _shown(frame, name, at)


def ledger_of(policy: Policy) -> Ledger:
    """The clients of the workbook as they are now."""
    frames, known = tuple(policy.ledger()), policy.answers(CLIENTS.name)
    ledger: Ledger | None = known.get("ledger")
    if ledger is None or ledger.frames != frames:
        ledger = known["ledger"] = Ledger.of(frames)
    return ledger


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The searched fields as one text: thousands of keys are looked for in it."""

    frames: tuple[Frame, ...]
    places: Sequence[tuple[Frame, int]]  #: of the rows
    rows: Sequence[Mapping[str, object]]  #: their searched fields
    text: str
    starts: Sequence[int]  #: where each row begins
    known: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, frames: tuple[Frame, ...]) -> Ledger:
        """Rows behind each other, fields and rows told apart."""
        rows = [row for frame in frames for row in _rows(frame)]
        fields = ([value for name in SEARCHED if isinstance(value := row.get(name), str)] for row in rows)
        texts = [_APART.join([*row, ""]) for row in fields]
        return cls(
            frames=frames,
            places=[(frame, at) for frame in frames for at in range(len(frame))],
            rows=rows,
            text="".join(texts),
            starts=[0, *accumulate(map(len, texts))][:-1],
        )

    def found(self, key: str) -> list[int]:
        """1-based positions of the rows that hold the key, as the first sheet's look-up finds them."""
        if key not in self.known:
            if len(self.known) > _MOST:
                self.known.clear()
            self.known[key] = self._found(key)
        return self.known[key]

    def _found(self, key: str) -> list[int]:
        if not _LITERAL.fullmatch(key):
            return Search(key="", rows=self.rows, text=key).found()
        places = (hit.start() for hit in re.finditer(re.escape(key), self.text, re.IGNORECASE))
        return list(dict.fromkeys(bisect_right(self.starts, place) for place in places))


def _rows(frame: Frame) -> Sequence[dict[str, object]]:
    """The searched fields of every row."""
    columns = {name: frame.column(name).tolist() for name in SEARCHED if name in frame.cells}
    return [{name: values[at] for name, values in columns.items()} for at in range(len(frame))]


def _shown(frame: Frame, name: str, at: int) -> object:
    """A cell as it is meant; as it stands where nobody knows."""
    value = frame.value(name, at)
    if value is NOT_JUDGED and name in frame.cells:
        value = frame.cells[name].raw(at)  # type: ignore[assignment]
    if value is None or value is NOT_JUDGED:
        raise NoAnswerError
    return datetime.combine(value, time()) if type(value) is date else value
