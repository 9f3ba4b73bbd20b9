"""Rules between sheets: contracts, their systems and clients named elsewhere stand in 客户台账."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.frame import Frame
from zlxl.schema.values import Value
from zlxl.tables.clients import CLIENTS

Accused = Iterator[tuple[Frame, Accusation]]

BEFORE_LEDGER = ("客户台账", "申请受理")  # an application may be refused before it reaches the ledger


def _referring(book: Book) -> list[Frame]:
    """Tables with a contract number, where there is a ledger to compare it with."""
    if not any("contract_no" in ledger.cells for ledger in book.of(CLIENTS)):
        return []
    return [f for f in book.frames if f.table.name not in BEFORE_LEDGER and "contract_no" in f.cells]


def unknown_contract(book: Book) -> Accused:
    """A contract number that 客户台账 does not hold."""
    if not (frames := _referring(book)):
        return
    known = frozenset(text for ledger in book.of(CLIENTS) for text in ledger.texts("contract_no")[1])
    for frame in frames:
        for row in frame.rows[frame.cells["contract_no"].spread(lambda value: value not in known)].tolist():
            yield frame, Accusation(code="ZL301", row=row, field="contract_no")


def unknown_system(book: Book) -> Accused:
    """A management system that 客户台账 does not hold for the contract, where it holds any."""
    if not (frames := _referring(book)):
        return
    systems: dict[Value, set[str]] = defaultdict(set)
    for ledger in book.of(CLIENTS):
        for contract, system in ledger.pairs("contract_no", "system")[0]:
            systems[contract].add(str(system))
    for frame in frames:
        pairs, which = frame.pairs("contract_no", "system")
        wrong = [contract in systems and system not in systems[contract] for contract, system in pairs]
        for position in np.flatnonzero(np.array([*wrong, False], dtype=np.bool_)[which]).tolist():
            contract = pairs[which[position]][0]
            facts = {"contract": contract, "systems": "、".join(sorted(systems[contract]))}
            yield frame, Accusation(code="ZL302", row=int(frame.rows[position]), field="system", facts=facts)


def other_client(book: Book) -> Accused:
    """A client's name that is not the one 客户台账 gives the contract."""
    if not (frames := _referring(book)):
        return
    names = {}
    for ledger in book.of(CLIENTS):
        contracts, numbers = ledger.texts("contract_no")
        clients, texts = ledger.texts("client")
        held = np.flatnonzero((contracts >= 0) & (clients >= 0))
        names.update({numbers[contracts[i]]: texts[clients[i]] for i in held[::-1].tolist()})
    for frame in frames:
        pairs, which = frame.pairs("contract_no", "client")
        wrong = [names.get(str(contract), client) != client for contract, client in pairs]
        for position in np.flatnonzero(np.array([*wrong, False], dtype=np.bool_)[which]).tolist():
            facts = {"ledger": names[str(pairs[which[position]][0])]}
            yield frame, Accusation(code="ZL303", row=int(frame.rows[position]), field="client", facts=facts)


RULES = (
    Rule(
        code="ZL301",
        name="合同不在客户台账",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="design.md",
        message="合同编号“{value}”在客户台账中找不到。",
        expected="客户台账中已有的合同编号",
        suggestion="核对编号；新客户先在客户台账登记。",
        wrong="客户要求：ZL20239999-Q",
        right="客户要求：ZL20230015-QEO",
        judge=unknown_contract,
    ),
    Rule(
        code="ZL302",
        name="合同没有该体系",
        severity=Severity.WARNING,
        clause="4.2.1",
        source="domain.md 1.2",
        message="合同 {contract} 在客户台账中没有体系“{value}”。",
        expected="{systems}",
        suggestion="核对合同编号和体系；新增的体系先在客户台账登记一行。",
        wrong="有效性评价：ZL20230015-QE、OHSMS",
        right="有效性评价：ZL20230015-QE、QMS",
        judge=unknown_system,
    ),
    Rule(
        code="ZL303",
        name="企业名称与客户台账不同",
        severity=Severity.WARNING,
        clause="4.2.1",
        source="design.md",
        message="企业名称“{value}”与客户台账的“{ledger}”不同。",
        expected="{ledger}",
        suggestion="以营业执照为准统一；更名的先改客户台账。",
        wrong="恒太机械有限公司",
        right="恒泰机械有限公司",
        judge=other_client,
    ),
)
