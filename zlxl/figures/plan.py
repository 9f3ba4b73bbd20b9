"""The whole to-do list of a workbook on a day, and the rows that 服务计划 lacks (4.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from zlxl.figures.certificates import RECERTIFICATION, SUSPENDED, VALID, Certificate, Ledger
from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, Line, Tables, in_order, lines
from zlxl.figures.due_certificates import AUDIT, CertificateDues
from zlxl.figures.due_improvements import ImprovementDues
from zlxl.figures.due_office import DONE, OfficeDues
from zlxl.figures.due_papers import LICENCE, TRANSITION, PaperDues
from zlxl.figures.due_requests import RequestDues
from zlxl.figures.due_services import VISIT, VISITS, ServiceDues
from zlxl.tables.plans import PLANS

AUDITS: Final = frozenset({AUDIT, RECERTIFICATION})
FAR_KINDS: Final = frozenset(
    {AUDIT, "再认证启动", "再认证合同", "再认证现场审核", "证书到期", "暂停到期", LICENCE, TRANSITION}
)
_CANCELLED: Final = "取消"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A row that 服务计划 lacks; one row for all systems of a contract that fall due together."""

    contract_no: str
    client: str
    systems: tuple[str, ...]
    service: str
    grade: str
    due_on: date
    latest_on: date
    owner: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is due, in order of urgency, and what is to be planned."""

    today: date
    dues: tuple[Due, ...]
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...] = ()

    def counts(self) -> Counter[tuple[str, str]]:
        """How many items of each kind have each urgency."""
        return Counter((due.kind, due.urgency(self.today)) for due in self.dues)


def plan_of(
    tables: Tables, *, grades: Mapping[str, str] | None = None, sheets: frozenset[str] = frozenset()
) -> Plan:
    """The plan of a workbook on its context's day.

    ``grades`` are the clients' grades by compared name, ``sheets`` the names of all sheets.
    """
    desk = Desk.of(tables)
    ledger = Ledger(desk=desk)
    rows = ledger.certificates
    found = [
        *CertificateDues(ledger=ledger).dues(),
        *PaperDues(ledger=ledger).dues(),
        *ServiceDues(desk=desk, certificates=rows, grades=grades or {}).dues(),
        *RequestDues(desk=desk).dues(),
        *ImprovementDues(desk=desk, sheets=sheets).dues(),
        *OfficeDues(desk=desk, certificates=rows, sheets=sheets).dues(),
    ]
    shelf = _Shelf(desk, rows)
    dues = [due for due in shelf.joined(found) if due.due_on <= _horizon(desk, due)]
    proposals = _proposals(due for due in dues if due.service and not shelf.settled(due))
    years = [due.due_on for due in dues if due.due_on >= desk.today]
    return Plan(
        today=desk.today,
        dues=tuple(in_order(dues, desk.today)),
        proposals=tuple(proposals),
        remarks=desk.workdays.remarks(years),
    )


def _horizon(desk: Desk, due: Due) -> date:
    far = due.kind in FAR_KINDS
    return desk.today + timedelta(days=desk.number("审核展望天数" if far else "待办展望天数"))


class _Shelf:
    """The rows of 服务计划 and what they stand for."""

    def __init__(self, desk: Desk, certificates: Iterable[Certificate]) -> None:
        self._rows: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in lines(desk.tables, PLANS):
            self._rows[line.text("contract_no"), _family(line.text("service"))].append(line)
        self._states: dict[str, set[str]] = defaultdict(set)
        for certificate in certificates:
            self._states[certificate.line.text("contract_no")].add(certificate.line.text("status"))

    def joined(self, dues: Iterable[Due]) -> list[Due]:
        """Each thing once: what a row of 服务计划 stands for is told with its number."""
        told = [self._with_row(due) for due in dues]
        known = {due.plan_no for due in told if due.service and due.plan_no}
        return [due for due in told if due.service or not due.plan_no or self._own(due, known)]

    def _own(self, due: Due, known: set[str]) -> bool:
        """Whether a row of 服务计划 is listed for itself: not for clients whom nobody audits or serves."""
        states = self._states.get(due.contract_no, {VALID})
        served = {VALID} if _service(due) in AUDITS else {VALID, SUSPENDED, "受理", "审核中"}
        return due.plan_no not in known and bool(states & served)

    def _with_row(self, due: Due) -> Due:
        if not due.service:
            return due
        line = min(filter(_open, self._of(due)), key=lambda line: _apart(line, due), default=None)
        if line is None:
            return due
        number, state, day = line.text("plan_no"), line.text("status"), line.day("due_on")
        told = f"{due.basis}；{number} {state or '未安排'}{f' {day}' if day else ''}"
        due_on = due.due_on
        if day is not None and due.service == VISIT:  # no rule but the plan's own says when
            due_on = line.day("latest_on") or day
        return replace(due, plan_no=number, due_on=due_on, plan_on=day or due.plan_on, basis=told)

    def _of(self, due: Due) -> Iterator[Line]:
        for line in self._rows.get((due.contract_no, _family(due.service)), ()):
            if not line.text("system") or not due.system or line.text("system") == due.system:
                yield line

    def settled(self, due: Due) -> bool:
        """Whether 服务计划 has a row for it: open, or called off for this very time."""
        begin = due.due_on - timedelta(days=max(due.near, 1))
        return any(
            _open(line) or (line.text("status") == _CANCELLED and (line.day("due_on") or date.min) >= begin)
            for line in self._of(due)
        )


def _open(line: Line) -> bool:
    return line.text("status") not in DONE and line.empty("done_on")


def _apart(line: Line, due: Due) -> int:
    return abs(((line.day("due_on") or date.min) - due.due_on).days)


def _family(service: str) -> str:
    return VISIT if service in VISITS else service


def _service(due: Due) -> str:
    return due.kind.partition("：")[2]


def _proposals(dues: Iterable[Due]) -> Iterator[Proposal]:
    groups: dict[tuple[object, ...], list[Due]] = defaultdict(list)
    for due in dues:
        if due.contract_no and due.plan_on is not None:
            groups[due.contract_no, due.client, due.service, due.plan_on, due.due_on].append(due)
    for group in groups.values():
        yield _proposal(group)


def _proposal(group: Sequence[Due]) -> Proposal:
    first = group[0]
    return Proposal(
        contract_no=first.contract_no,
        client=first.client,
        systems=tuple(dict.fromkeys(due.system for due in group if due.system)),
        service=first.service,
        grade=first.grade,
        due_on=first.plan_on or first.due_on,
        latest_on=first.due_on,
        owner=first.owner,
        basis=first.basis,
    )
