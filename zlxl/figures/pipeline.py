"""Where each open application stands on its way to the certificate, and what is missing (4.1.3, 4.1.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.figures.due import Line, Tables, lines
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS

RETURN, REVIEW, PAPERS, CONTRACT, AUDIT, DECISION = (
    "申请书未收回", "待评审", "待补资料", "待签约", "待审核", "待颁证",
)  # fmt: skip
STATES: Final[Mapping[str, str]] = {
    RETURN: "填好的申请书",
    REVIEW: "申请评审结论",
    PAPERS: "补充资料",
    CONTRACT: "签订的合同",
    AUDIT: "审核",
    DECISION: "认证决定和证书",
}
ACCEPTED, LACKING = "受理", "补充资料"
BEFORE_CERTIFICATE: Final = frozenset({"受理", "审核中"})  #: statuses of 客户台账


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """An application that waits for its next step."""

    state: str
    number: str  #: of the application or the contract
    client: str
    since: date | None  #: the day of the step before
    days: int  #: from then to today
    missing: str


def pipeline(tables: Tables) -> tuple[Open, ...]:
    """Open applications in the order of their steps, those that wait longest first."""
    contracts = {line.text("contract_no"): line for line in lines(tables, CONTRACTS)}
    found = [*_applications(tables, contracts), *_certificates(tables, contracts)]
    places = {state: place for place, state in enumerate(STATES)}
    return tuple(sorted(found, key=lambda one: (places[one.state], -one.days, one.number)))


def count(found: tuple[Open, ...]) -> dict[str, int]:
    """How many wait in each state, in the order of the steps; states without any are left out."""
    counted = Counter(one.state for one in found)
    return {state: counted[state] for state in STATES if counted[state]}


def _applications(tables: Tables, contracts: Mapping[str, Line]) -> Iterator[Open]:
    """Applications up to the signed contract."""
    for line in lines(tables, APPLICATIONS):
        where = _step(line, contracts)
        if where is not None:
            state, since = where
            missing = line.text("missing") if state == PAPERS else ""
            yield _open(state, line.text("application_no"), line, since, tables.context.today, missing)


def _step(line: Line, contracts: Mapping[str, Line]) -> tuple[str, date | None] | None:
    """The step that comes next, and the day of the last one; None where it is settled or not begun."""
    conclusion = line.text("conclusion")
    if conclusion == LACKING:
        return PAPERS, line.day("reviewed_on")
    if conclusion == ACCEPTED:
        contract = contracts.get(line.text("contract_no"))
        signed = contract is not None and (
            not contract.empty("signed_on") or contract.day("ended_on") is not None
        )
        return None if signed else (CONTRACT, line.day("accepted_on") or line.day("reviewed_on"))
    if not line.empty("conclusion") or not line.empty("reviewed_on"):
        return None
    if not line.empty("form_returned_on"):
        return REVIEW, line.day("form_returned_on")
    return (RETURN, line.day("form_sent_on")) if not line.empty("form_sent_on") else None


def _certificates(tables: Tables, contracts: Mapping[str, Line]) -> Iterator[Open]:
    """Systems under contract that have no certificate yet."""
    today = tables.context.today
    for line in lines(tables, CLIENTS):
        contract = contracts.get(line.text("contract_no"))
        signed = contract.day("signed_on") if contract else None
        if line.text("status") not in BEFORE_CERTIFICATE or signed is None or signed > today:
            continue
        number, audited = line.text("contract_no"), line.day("audited_on")
        if audited is not None and audited <= today:
            yield _open(DECISION, number, line, audited, today, line.text("system"))
        else:
            yield _open(AUDIT, number, line, signed, today, line.text("system"))


def _open(state: str, number: str, line: Line, since: date | None, today: date, detail: str) -> Open:
    missing = STATES[state]
    return Open(
        state=state,
        number=number,
        client=line.text("client"),
        since=since,
        days=max(0, (today - since).days) if since else 0,
        missing=f"{missing}：{detail}" if detail else missing,
    )
