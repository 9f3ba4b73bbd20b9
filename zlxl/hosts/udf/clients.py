"""ZL_LOOKUP_CLIENT and ZL_FIND_PROVINCE: what the ledger and the lists know of a client (4.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

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


def find_province(policy: Policy, place: object) -> Rows:
    """The province of each postcode or address."""
    return each(lambda cell: _province(policy, cell), place)


def _province(policy: Policy, cell: object) -> str:
    if isinstance(cell, bool | datetime):
        raise BadArgumentError
    text = text_of(cell)
    raw = StoredNumber(cell, "General") if isinstance(cell, float) else text
    code = judge_distinct(CLIENTS, "postcode", [raw], policy.context)[0][0]
    postcode = text if _POSTCODE.fullmatch(text) else "" if code is None or code is NOT_JUDGED else code
    found = province_of_postcode(postcode, policy.context) if postcode else None
    found = found or (None if postcode else province_of_address(text, policy.context))
    if found is None:
        raise NoAnswerError
    return found


def lookup_client(policy: Policy, key: object, column: object = None, nth: object = None) -> Rows:
    """A field of the n-th client in whom each key occurs, as the first sheet's look-up finds them.

    Raises:
        BadArgumentError: 客户台账 has no such column.
    """
    field = field_of(CLIENTS, word(column, "企业名称"))
    if field is None:
        raise BadArgumentError

    def looked_up(cell: object, number: object) -> object:
        place = number_of(number, 1.0)
        if place < 1 or place != int(place):
            raise BadArgumentError
        return _value(policy, field, text_of(cell), int(place))

    return each(looked_up, key, nth)


def _value(policy: Policy, field: str, key: str, nth: int) -> object:
    frames = policy.ledger()
    known = policy.answers(CLIENTS.name)
    if "rows" not in known:
        known["rows"] = [row for frame in frames for row in _rows(frame)]
        known["places"] = [(frame, at) for frame in frames for at in range(len(frame))]
    if ("key", key) not in known:
        known["key", key] = Search(key="", rows=known["rows"], text=key).found()
    found: list[int] = known["key", key]
    if nth > len(found):
        raise NoAnswerError
    frame, at = known["places"][found[nth - 1] - 1]
    return _shown(frame, field, at)


def _rows(frame: Frame) -> Sequence[dict[str, object]]:
    """The searched fields of every row."""
    columns = {name: frame.column(name).tolist() for name in SEARCHED if name in frame.cells}
    return [{name: values[at] for name, values in columns.items()} for at in range(len(frame))]


def _shown(frame: Frame, field: str, at: int) -> object:
    """A cell as it is meant; as it stands where nobody knows."""
    value = frame.value(field, at)
    if value is NOT_JUDGED and field in frame.cells:
        value = frame.cells[field].raw(at)  # type: ignore[assignment]
    if value is None or value is NOT_JUDGED:
        raise NoAnswerError
    return datetime.combine(value, time()) if type(value) is date else value
