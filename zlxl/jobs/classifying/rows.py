"""Rows of 客户要求, and what else the workbook knows of the client who asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from zlxl.decisions.authority import Authorities, Facts
from zlxl.figures.due import Line, lines
from zlxl.rules.rule import Book
from zlxl.schema.facts import add_months
from zlxl.schema.table import Table
from zlxl.schema.values import Pending, Value
from zlxl.tables.clients import CLIENTS
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS

CLOSED: Final = frozenset({"已办结", "已撤回"})
DONE: Final = frozenset({"已完成", "取消"})
AUDITS: Final = frozenset({"监督审核", "再认证"})
LATEST: Final = "最晚日期"
INTERVAL: Final = "监审最长间隔月数"
FIELDS: Final = {column.header: name for name, column in REQUESTS.columns.items()}


@dataclass(frozen=True, kw_only=True)
class Row(Line):
    """One row of a table."""

    def value(self, name: str) -> Value:
        """What a cell means, None where it is empty, unreadable or missing."""
        value = self.frame.value(name, self.position)
        return None if isinstance(value, Pending) else value

    @property
    def number_of_row(self) -> int:
        """Row of the sheet."""
        return int(self.frame.rows[self.position])


@dataclass(frozen=True, kw_only=True)
class Request(Row):
    """One row of 客户要求."""

    @cached_property
    def key(self) -> str:
        """Its number, or its row where it has none."""
        return self.text("request_no") or f"第{self.number_of_row}行"

    @cached_property
    def confirmed(self) -> bool:
        """Whether a person has confirmed its topic or class."""
        return bool(self.text("confirmed_class") or self.text("confirmed_topic"))

    @cached_property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.text("state") not in CLOSED and self.value("closed_on") is None

    @property
    def topic(self) -> str:
        """The confirmed topic, else the one the sheet holds as suggested."""
        return self.text("confirmed_topic") or self.text("suggested_topic")


def rows_of(book: Book, table: Table) -> Iterator[Row]:
    """Every row of a table, on whichever sheets it stands."""
    return (Row(frame=line.frame, position=line.position) for line in lines(book, table))


def requests_of(book: Book) -> list[Request]:
    """Every request that has a text, in the order of the sheets."""
    rows = (Request(frame=row.frame, position=row.position) for row in rows_of(book, REQUESTS))
    return [row for row in rows if row.text("text")]


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """What the conditions of 权限表 ask about a request."""

    book: Book
    authorities: Authorities

    def facts(self, row: Request) -> Facts:
        """The values that conditions name, by header."""
        own = {header: (row.value(FIELDS[header]),) for header in self._asked if header in FIELDS}
        return own | {header: self._of_client(row, header) for header in self._asked if header not in FIELDS}

    @cached_property
    def _asked(self) -> frozenset[str]:
        """Headers that conditions name."""
        rulings = [ruling for rows in self.authorities.rulings.values() for ruling in rows if ruling.field]
        named = {ruling.field for ruling in rulings} | {ruling.value for ruling in rulings}
        return frozenset(named & {*REQUESTS.headers, *CLIENTS.headers, *PLANS.headers})

    def _of_client(self, row: Request, header: str) -> Sequence[Value]:
        if header == LATEST:
            return self._latest(row)
        table = CLIENTS if header in CLIENTS.headers else PLANS
        field = next(name for name, column in table.columns.items() if column.header == header)
        return tuple(known.value(field) for known in self._rows(row, table))

    def _latest(self, row: Request) -> Sequence[Value]:
        """The latest dates of audits to come; of the last audits plus the longest interval without a plan."""
        planned = [
            plan.day("latest_on")
            for plan in self._rows(row, PLANS)
            if plan.text("service") in AUDITS and plan.text("status") not in DONE
        ]
        if any(planned):
            return [day for day in planned if day]
        months = int(self.book.context.number(INTERVAL))
        lasts = (max(_audits(client), default=None) for client in self._rows(row, CLIENTS))
        return [add_months(last, months) for last in lasts if last]

    def _rows(self, row: Request, table: Table) -> Sequence[Row]:
        """Rows of the request's contract, of its client where the contract is not told or not known."""
        by_contract, by_client = self._index[table.name]
        return by_contract.get(row.text("contract_no")) or by_client.get(row.text("client"), [])

    @cached_property
    def _index(self) -> Mapping[str, tuple[Mapping[str, list[Row]], Mapping[str, list[Row]]]]:
        return {table.name: self._indexed(table) for table in (CLIENTS, PLANS)}

    def _indexed(self, table: Table) -> tuple[Mapping[str, list[Row]], Mapping[str, list[Row]]]:
        contracts: dict[str, list[Row]] = defaultdict(list)
        clients: dict[str, list[Row]] = defaultdict(list)
        for row in rows_of(self.book, table):
            for found, name in ((contracts, "contract_no"), (clients, "client")):
                if text := row.text(name):
                    found[text].append(row)
        return contracts, clients


def _audits(client: Row) -> Iterator[date]:
    for name in ("audited_on", "carried_out_on"):
        if day := client.day(name):
            yield day
