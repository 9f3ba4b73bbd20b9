"""Rules of the way from application over review to contract: what is missing at which step (4.1.3, 4.1.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.facts import Mask
from zlxl.schema.frame import Frame
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.contracts import CONTRACTS

Accused = Iterator[tuple[Frame, Accusation]]

ACCEPTED = frozenset({"受理"})
LACKING = frozenset({"补充资料"})
UNSIGNED = frozenset({"待评审", "待签订"})
FAILED = frozenset({"不通过"})
NO = frozenset({"否"})


def _late(book: Book, frame: Frame, name: str, parameter: str) -> tuple[Mask, int]:
    """Whether a day lies further back than a parameter allows, and how many days that is."""
    days = int(book.context.number(parameter))
    limit = np.datetime64(book.context.today, "D") - np.timedelta64(days, "D")
    return frame.days(name) < limit, days


def _open(frame: Frame, *names: str) -> Mask:
    """Whether all of these cells are known to be empty."""
    empty = np.ones(len(frame), dtype=np.bool_)
    for name in names:
        empty &= ~frame.filled(name) & (frame.judged(name) | (name not in frame.cells))
    return empty


def _accuse(frame: Frame, name: str, guilty: Mask, code: str, **facts: object) -> Accused:
    for row in frame.rows[guilty].tolist():
        yield frame, Accusation(code=code, row=row, field=name, facts=facts)


def not_returned(book: Book) -> Accused:
    """A form that was sent and has not come back."""
    for frame in book.of(APPLICATIONS):
        late, days = _late(book, frame, "form_sent_on", "申请书催收天数")
        guilty = late & _open(frame, "form_returned_on", "reviewed_on", "conclusion")
        yield from _accuse(frame, "form_sent_on", guilty, "ZL321", days=days)


def not_reviewed(book: Book) -> Accused:
    """A form that came back and has not been reviewed."""
    for frame in book.of(APPLICATIONS):
        late, days = _late(book, frame, "form_returned_on", "申请评审天数")
        guilty = late & _open(frame, "reviewed_on", "conclusion")
        yield from _accuse(frame, "form_returned_on", guilty, "ZL322", days=days)


def still_lacking(book: Book) -> Accused:
    """An application that was sent back for more documents, long ago."""
    for frame in book.of(APPLICATIONS):
        late, days = _late(book, frame, "reviewed_on", "待补资料催收天数")
        guilty = late & frame.where("conclusion", LACKING)
        yield from _accuse(frame, "reviewed_on", guilty, "ZL323", days=days)


def without_legal_status(book: Book) -> Accused:
    """An application accepted although the proof of legal status is not there."""
    for frame in book.of(APPLICATIONS):
        guilty = frame.where("conclusion", ACCEPTED) & frame.where("legal_status", NO)
        yield from _accuse(frame, "legal_status", guilty, "ZL324")


def without_contract(book: Book) -> Accused:
    """An application accepted long ago without a contract, or whose contract is still not signed."""
    unsigned = _unsigned(book)
    for frame in book.of(APPLICATIONS):
        late, days = _late(book, frame, "accepted_on", "受理后签约天数")
        accepted = late & frame.where("conclusion", ACCEPTED)
        if "contract_no" not in frame.cells:
            continue
        waiting = frame.cells["contract_no"].spread(unsigned.__contains__)
        guilty = accepted & (_open(frame, "contract_no") | waiting)
        for position in np.flatnonzero(guilty).tolist():
            number = frame.value("contract_no", position)
            state = f"合同 {number} 尚未签订" if number else "还没有合同编号"
            row = int(frame.rows[position])
            facts = {"days": days, "state": state}
            yield frame, Accusation(code="ZL325", row=row, field="accepted_on", facts=facts)


def _unsigned(book: Book) -> frozenset[object]:
    """Contracts that 合同 holds as not signed."""
    return frozenset(
        frame.value("contract_no", position)
        for frame in book.of(CONTRACTS)
        for position in np.flatnonzero(frame.where("status", UNSIGNED) & _open(frame, "signed_on")).tolist()
        if frame.filled("contract_no")[position]
    )


def signed_too_early(book: Book) -> Accused:
    """A contract signed before its application was accepted."""
    accepted = _accepted(book)
    for frame in book.of(CONTRACTS):
        signed = frame.days("signed_on")
        for position, day in _of_applications(frame, accepted):
            if day is not None and not np.isnat(day) and signed[position] < day:
                facts = {"accepted": str(day)}
                yield (
                    frame,
                    Accusation(code="ZL326", row=int(frame.rows[position]), field="signed_on", facts=facts),
                )


def not_accepted(book: Book) -> Accused:
    """A contract whose application 申请受理 does not hold as accepted."""
    frames = book.of(APPLICATIONS)
    if not frames or not all(
        frame.judged("application_no").all() and frame.judged("conclusion").all() for frame in frames
    ):
        return
    accepted = _accepted(book)
    for frame in book.of(CONTRACTS):
        if "application_no" not in frame.cells:
            continue
        guilty = frame.cells["application_no"].spread(lambda value: value not in accepted)
        yield from _accuse(frame, "application_no", guilty, "ZL327")


def _accepted(book: Book) -> dict[object, np.datetime64]:
    """Day of acceptance by number, NaT where it is not told, of the applications that were accepted."""
    found: dict[object, np.datetime64] = {}
    for frame in book.of(APPLICATIONS):
        days = frame.days("accepted_on")
        codes, texts = frame.texts("application_no")
        for position in np.flatnonzero(frame.where("conclusion", ACCEPTED) & (codes >= 0)).tolist():
            found[texts[codes[position]]] = days[position]
    return found


def _of_applications(
    frame: Frame, accepted: Mapping[object, np.datetime64]
) -> Iterator[tuple[int, np.datetime64 | None]]:
    codes, texts = frame.texts("application_no")
    for position in np.flatnonzero(codes >= 0).tolist():
        yield position, accepted.get(texts[codes[position]])


def signed_though_failed(book: Book) -> Accused:
    """A contract signed although its review said no."""
    for frame in book.of(CONTRACTS):
        guilty = frame.where("review_result", FAILED) & frame.filled("signed_on")
        yield from _accuse(frame, "review_result", guilty, "ZL328")


W, E = Severity.WARNING, Severity.ERROR

RULES = (
    Rule(
        code="ZL321",
        name="申请书久未收回",
        severity=W,
        clause="4.1.3",
        source="时限规则",
        message="申请书于 {value} 发出，已超过 {days} 天没有收回。",
        expected="{days} 天内收回，或说明原因",
        suggestion="联系委托方，给予填表指导；不再申请的在备注说明并填写评审结论。",
        wrong="2024-01-10 发出，今天 2024-06-30，未收回",
        right="2024-01-10 发出，2024-01-18 收回",
        judge=not_returned,
    ),
    Rule(
        code="ZL322",
        name="申请书收回后未评审",
        severity=W,
        clause="4.1.4",
        source="时限规则",
        message="申请书于 {value} 收回，已超过 {days} 天没有评审。",
        expected="{days} 天内评审并通知委托方",
        suggestion="安排申请评审，填写评审日期、评审人和评审结论。",
        wrong="2024-03-01 收回，今天 2024-06-30，未评审",
        right="2024-03-01 收回，2024-03-03 评审",
        judge=not_reviewed,
    ),
    Rule(
        code="ZL323",
        name="待补资料久未补齐",
        severity=W,
        clause="4.1.3",
        source="时限规则",
        message="{value} 评审要求补充资料，已超过 {days} 天。",
        expected="资料补齐后重新评审，或不受理",
        suggestion="催要“待补资料”；补齐的重新评审，放弃的改为“不受理”并写明原因。",
        wrong="2024-01-10 要求补充，今天 2024-06-30",
        right="2024-01-10 要求补充，2024-02-01 受理",
        judge=still_lacking,
    ),
    Rule(
        code="ZL324",
        name="缺法律地位证明而受理",
        severity=E,
        clause="4.1.3",
        message="评审结论为“受理”，而法律地位证明为“{value}”。",
        expected="受理前已附法律地位证明文件",
        suggestion="补收证明文件后改为“是”；没有的改评审结论为“补充资料”。",
        wrong="受理，法律地位证明 否",
        right="受理，法律地位证明 是",
        judge=without_legal_status,
    ),
    Rule(
        code="ZL325",
        name="受理后未签合同",
        severity=W,
        clause="4.1.4",
        source="时限规则",
        message="{value} 受理，已超过 {days} 天，{state}。",
        expected="{days} 天内签订《管理体系认证合同》",
        suggestion="签订合同并登记合同编号；客户放弃的在备注说明并终止合同。",
        wrong="2024-01-10 受理，今天 2024-06-30，没有合同",
        right="2024-01-10 受理，2024-01-20 签订",
        judge=without_contract,
    ),
    Rule(
        code="ZL326",
        name="签订早于受理",
        severity=E,
        clause="4.1.4",
        message="合同于 {value} 签订，而申请到 {accepted} 才受理。",
        expected="不早于 {accepted}",
        suggestion="核对签订日期和申请受理的受理日期。",
        wrong="受理 2024-05-20，签订 2024-05-01",
        right="受理 2024-05-20，签订 2024-05-28",
        judge=signed_too_early,
    ),
    Rule(
        code="ZL327",
        name="合同没有受理的申请",
        severity=W,
        clause="4.1.4",
        message="申请受理中没有结论为“受理”的申请“{value}”。",
        expected="已受理的申请编号",
        suggestion="核对申请编号；申请未受理的不得签订合同。",
        wrong="合同的申请编号 SQ2019-9999",
        right="合同的申请编号 SQ2024-0003",
        judge=not_accepted,
    ),
    Rule(
        code="ZL328",
        name="评审未通过而签订合同",
        severity=E,
        clause="3.1 a)",
        message="合同评审结论为“{value}”，却已签订。",
        expected="评审通过后签订",
        suggestion="核对评审结论；修改后通过的改为“修改后通过”，确未通过的终止合同。",
        wrong="不通过，签订日期 2024-03-05",
        right="修改后通过，签订日期 2024-03-05",
        judge=signed_though_failed,
    ),
)
