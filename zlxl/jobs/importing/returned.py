"""What a returned questionnaire says without writing it down: when it came back, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zlxl.jobs.importing.rows import Given, Reason
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.values import Value, plain_number
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.text import compact

LEVELS = "满意度等级"
NOT_APPLICABLE = "不适用"
SHARE = "有效应答比例"  # in 评价准则, percent
CONTRACT = "contract_no"
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
    answers online spells the client's name anew, which does not change the one that is held; who tells no
    contract is known by that name, where it is plain which contract is meant. Of several answers of one
    client to a survey service the last one counts.
    """
    sent = [sheet for frame in frames if frame.table is SURVEYS for sheet in _sent(frame)]
    answers = [row for row in rows if row.offer.table is SURVEYS and NUMBER not in row.values]
    for given in answers:
        returned = given.values.get(RETURNED)
        if not isinstance(returned, date):
            continue
        sheet = _meant(given, returned, _own(given, sent))
        if sheet is not None:
            given.values = {NUMBER: sheet.number, **given.values, CONTRACT: sheet.contract}
            given.weak |= {"client"}
    _refuse_earlier([given for given in answers if _online(given)])


def _own(given: Given, sent: Sequence[_Sent]) -> list[_Sent]:
    """The questionnaires of the client that answers; none where its name alone leaves several contracts."""
    contract, client = given.values.get(CONTRACT), given.values.get("client")
    if contract is not None:
        return [sheet for sheet in sent if sheet.contract == contract]
    named = [sheet for sheet in sent if isinstance(client, str) and sheet.client == compact(client)]
    returned = given.values[RETURNED]
    waiting = [sheet for sheet in named if sheet.returned in (None, returned)]
    return waiting if len({sheet.contract for sheet in waiting}) == 1 else []


def _meant(given: Given, returned: date, own: Sequence[_Sent]) -> _Sent | None:
    same = [sheet for sheet in own if sheet.returned == returned]
    before = [sheet for sheet in own if (sheet.sent or returned) <= returned]
    out = [sheet for sheet in before if sheet.returned is None]
    later = [sheet for sheet in before if sheet.returned is not None and sheet.returned > returned]
    if not same and not out and later and _online(given):
        given.reject(_superseded(f"库中 {later[-1].number}（{later[-1].returned} 收回）"))
        return None
    return same[-1] if same else max(out, key=lambda sheet: sheet.sent or date.min, default=None)


def _online(given: Given) -> bool:
    """Whether it comes from a survey service, where one may answer twice."""
    cells = given.offer.frame.cells.get(RETURNED)
    return cells is not None and cells.header == SUBMITTED


def _refuse_earlier(answers: Sequence[Given]) -> None:
    """Of answers to one questionnaire keep the one handed in last; of one day, the lower in the list."""
    last: dict[Value, Given] = {}
    for given in sorted(answers, key=lambda given: str(given.values.get(RETURNED))):
        number = given.values.get(NUMBER)
        if number is None:
            continue
        if number in last:
            last[number].reject(_superseded(given.offer.place(given.position)))
        last[number] = given


def _superseded(by: str) -> Reason:
    return Reason(
        message=f"同一份问卷另有更晚的答卷：{by}，按最后一份计。",
        suggestion="不用处理；要改用这一份的，先在来源中删去另一份。",
    )


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """A questionnaire of the database."""

    number: str
    contract: str
    client: str  #: compared name
    sent: date | None
    returned: date | None


def _sent(frame: Frame) -> Iterator[_Sent]:
    numbers, contracts, clients = (frame.column(name) for name in (NUMBER, CONTRACT, "client"))
    sent, returned = (frame.days(name).astype(object) for name in ("sent_on", RETURNED))
    for number, contract, client, out, back in zip(numbers, contracts, clients, sent, returned, strict=True):
        if number is not None and contract is not None:
            name = compact(client or "")
            yield _Sent(number=number, contract=contract, client=name, sent=out, returned=back)


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
