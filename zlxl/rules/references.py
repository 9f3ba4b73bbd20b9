"""Rules between sheets: contracts, certificates and clients named elsewhere stand in 客户台账."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zlxl.findings import Accusation, Severity
from zlxl.rules.rule import Book, Rule
from zlxl.schema.frame import Frame
from zlxl.tables.clients import CLIENTS

Accused = Iterator[tuple[Frame, Accusation]]

BEFORE_LEDGER = ("客户台账", "申请受理")  # an application may be refused before it reaches the ledger


def _ledger(book: Book, name: str) -> frozenset[str]:
    return frozenset(text for frame in book.of(CLIENTS) for text in frame.texts(name)[1])


def _referring(book: Book, name: str) -> Iterator[Frame]:
    if any(name in frame.cells for frame in book.of(CLIENTS)):
        yield from (f for f in book.frames if f.table.name not in BEFORE_LEDGER and name in f.cells)


def _unknown(book: Book, name: str, code: str) -> Accused:
    known = _ledger(book, name)
    for frame in _referring(book, name):
        for row in frame.rows[frame.cells[name].spread(lambda value: value not in known)].tolist():
            yield frame, Accusation(code=code, row=row, field=name)


def unknown_contract(book: Book) -> Accused:
    """A contract number that 客户台账 does not hold."""
    return _unknown(book, "contract_no", "ZL301")


def unknown_certificate(book: Book) -> Accused:
    """A certificate number that 客户台账 does not hold."""
    return _unknown(book, "certificate_no", "ZL302")


def other_client(book: Book) -> Accused:
    """A client's name that is not the one 客户台账 gives the contract."""
    names = {}
    for ledger in book.of(CLIENTS):
        contracts, numbers = ledger.texts("contract_no")
        clients, texts = ledger.texts("client")
        held = np.flatnonzero((contracts >= 0) & (clients >= 0))
        names.update({numbers[contracts[i]]: texts[clients[i]] for i in held[::-1].tolist()})
    for frame in _referring(book, "contract_no"):
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
        name="证书不在客户台账",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="design.md",
        message="证书编号“{value}”在客户台账中找不到。",
        expected="客户台账中已有的证书编号",
        suggestion="核对编号；新证书先在客户台账登记。",
        wrong="有效性评价：01623Q99999R0M",
        right="有效性评价：01623Q00015R0M",
        judge=unknown_certificate,
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
