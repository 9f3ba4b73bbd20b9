"""What a returned questionnaire says without writing it down: when it came back, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zlxl.jobs.importing.rows import Given
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.values import Value, plain_number
from zlxl.tables.surveys import SURVEYS

LEVELS = "满意度等级"
NOT_APPLICABLE = "不适用"
SHARE = "有效应答比例"  # in 评价准则, percent
NUMBER, RETURNED, VALIDITY, OVERALL = "survey_no", "returned_on", "validity", "overall"
SUBMITTED = "提交答卷时间"  # header of the survey service's own
UNANSWERED = frozenset({"(空)", "（空）", "(跳过)", "（跳过）"})  # what it writes for no answer
WAY, ONLINE = "return_way", "网络"


def complete(given: Given, context: Context) -> None:
    """Judge a returned questionnaire by the share of items answered (4.7.1), where nobody has.

    What is told indirectly changes nothing that the database holds already.
    """
    offer = given.offer
    if offer.table is not SURVEYS or RETURNED not in given.values:
        return
    header = offer.frame.cells[RETURNED].header
    lent = offer.places is not None and header not in _own_headers()
    judged = {} if VALIDITY in offer.frame.cells or VALIDITY in given.values else _verdict(given, context)
    values = given.values
    if header == SUBMITTED:
        values = {name: value for name, value in values.items() if value not in UNANSWERED}
        judged |= {WAY: ONLINE} if WAY not in values else {}
    given.values = {**values, **judged}
    given.weak = frozenset({*judged, *([RETURNED] * lent)})


def find_questionnaires(rows: Sequence[Given], frames: Sequence[Frame]) -> None:
    """Give answers without our number that of the questionnaire they answer, by their contract.

    It is the one that came back on the same day, else the last one sent before that is still out. Who
    answers online spells the client's name anew, which does not change the one that is held.
    """
    sent = [sheet for frame in frames if frame.table is SURVEYS for sheet in _sent(frame)]
    for given in rows:
        contract, returned = given.values.get("contract_no"), given.values.get(RETURNED)
        if given.offer.table is not SURVEYS or NUMBER in given.values or not isinstance(returned, date):
            continue
        own = [sheet for sheet in sent if sheet.contract == contract]
        same = [sheet.number for sheet in own if sheet.returned == returned]
        out = [sheet for sheet in own if sheet.returned is None and (sheet.sent or returned) <= returned]
        number = same[-1] if same else max(out, key=lambda s: s.sent or date.min).number if out else None
        if number is not None:
            given.values = {NUMBER: number, **given.values}
            given.weak |= {"client"}


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """A questionnaire of the database."""

    number: str
    contract: str
    sent: date | None
    returned: date | None


def _sent(frame: Frame) -> Iterator[_Sent]:
    numbers, contracts = frame.column(NUMBER), frame.column("contract_no")
    sent, returned = (frame.days(name).astype(object) for name in ("sent_on", RETURNED))
    for number, contract, out, back in zip(numbers, contracts, sent, returned, strict=True):
        if number is not None and contract is not None:
            yield _Sent(number=number, contract=contract, sent=out, returned=back)


def _own_headers() -> frozenset[str]:
    column = SURVEYS.columns[RETURNED]
    return frozenset({column.header, *column.synonyms})


def _verdict(given: Given, context: Context) -> dict[str, Value]:
    columns = SURVEYS.columns
    asked = given.offer.asked or given.offer.frame.cells.keys()
    items = [n for n in asked if columns[n].choices == LEVELS and n != OVERALL]
    if not items:
        return {}
    counting = [name for name in items if given.values.get(name) != NOT_APPLICABLE]
    answered = [name for name in counting if name in given.values]
    share = context.number(SHARE)
    if counting and len(answered) * 100 >= share * len(counting):
        return {VALIDITY: "有效"}
    return {VALIDITY: "无效", "invalid_why": f"应答题目少于 {plain_number(share)}%"}
