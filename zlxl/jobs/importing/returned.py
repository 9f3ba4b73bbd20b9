"""What a returned questionnaire says without writing it down: when it came back, and whether it counts."""

from __future__ import annotations

from zlxl.jobs.importing.rows import Given
from zlxl.schema.context import Context
from zlxl.schema.values import Value, plain_number
from zlxl.tables.surveys import SURVEYS

LEVELS = "满意度等级"
NOT_APPLICABLE = "不适用"
SHARE = "有效应答比例"  # in 评价准则, percent
RETURNED, VALIDITY, OVERALL = "returned_on", "validity", "overall"


def complete(given: Given, context: Context) -> None:
    """Judge a returned questionnaire by the share of items answered (4.7.1), where nobody has.

    What is told indirectly changes nothing that the database holds already.
    """
    offer = given.offer
    if offer.places is None or offer.table is not SURVEYS or RETURNED not in given.values:
        return
    lent = offer.frame.cells[RETURNED].header not in _own_headers()
    judged = {} if VALIDITY in given.values else _verdict(given, context)
    given.values = {**given.values, **judged}
    given.weak = frozenset({*judged, *([RETURNED] * lent)})


def _own_headers() -> frozenset[str]:
    column = SURVEYS.columns[RETURNED]
    return frozenset({column.header, *column.synonyms})


def _verdict(given: Given, context: Context) -> dict[str, Value]:
    columns = SURVEYS.columns
    items = [n for n in given.offer.asked if columns[n].choices == LEVELS and n != OVERALL]
    counting = [name for name in items if given.values.get(name) != NOT_APPLICABLE]
    answered = [name for name in counting if name in given.values]
    share = context.number(SHARE)
    if counting and len(answered) * 100 >= share * len(counting):
        return {VALIDITY: "有效"}
    return {VALIDITY: "无效", "invalid_why": f"应答题目少于 {plain_number(share)}%"}
