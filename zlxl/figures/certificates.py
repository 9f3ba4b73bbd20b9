"""The certificates of 客户台账 with what their deadlines are counted from, and what follows on them (4.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from zlxl.figures.desk import Desk
from zlxl.figures.due import Line, plausible
from zlxl.schema.facts import Days
from zlxl.schema.frame import Frame
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.intervals import interval_start, last_audit, suspension_end
from zlxl.tables.text import compact

VALID, SUSPENDED = "有效", "暂停"
APPLYING: Final = frozenset({"受理", "审核中"})
RECERTIFICATION: Final = "再认证"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate's row with the dates that its deadlines are counted from."""

    line: Line
    last: date | None  #: last audit
    start: date | None  #: of the surveillance interval
    suspended_until: date | None

    @property
    def system(self) -> str:
        """Its management system."""
        return self.line.text("system")

    @property
    def owner_of(self) -> tuple[str, str]:
        """Client and system, as other rows are compared by."""
        return compact(self.line.text("client")), self.system

    @property
    def begun(self) -> date | None:
        """The day of its issue; where it is unknown, of its last audit."""
        return self.line.day("issued_on") or self.last


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The certificates of a workbook, and what the ledger and the contracts know of their successors."""

    desk: Desk

    @cached_property
    def certificates(self) -> tuple[Certificate, ...]:
        """Every row of 客户台账 that has a status."""
        months = self.desk.number("暂停最长月数")
        found = (_certificates(frame, months) for frame in self.desk.tables.of(CLIENTS))
        return tuple(certificate for frame in found for certificate in frame)

    @cached_property
    def issued(self) -> dict[tuple[str, str], date]:
        """The newest issue of a certificate of each client and system."""
        newest: dict[tuple[str, str], date] = {}
        for certificate in self.certificates:
            issued = certificate.line.day("issued_on")
            if issued is not None and certificate.line.text("status") in (VALID, SUSPENDED):
                newest[certificate.owner_of] = max(issued, newest.get(certificate.owner_of, issued))
        return newest

    @cached_property
    def renewals(self) -> dict[tuple[str, str], list[Line]]:
        """Applications of each client for a system that are under way."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for certificate in self.certificates:
            if certificate.line.text("status") in APPLYING:
                found[certificate.owner_of].append(certificate.line)
        return found

    @cached_property
    def signed(self) -> dict[str, list[date]]:
        """When each client signed contracts of recertification."""
        found: dict[str, list[date]] = defaultdict(list)
        for frame in self.desk.tables.of(CONTRACTS):
            for position in np.flatnonzero(frame.where("audit_type", frozenset({RECERTIFICATION}))).tolist():
                line = Line(frame=frame, position=position)
                if (signed := line.day("signed_on")) is not None:
                    found[compact(line.text("client"))].append(signed)
        return found

    def superseded(self, certificate: Certificate) -> bool:
        """Whether a newer certificate of the same client and system has taken its place."""
        issued = certificate.line.day("issued_on")
        newest = self.issued.get(certificate.owner_of)
        return issued is not None and newest is not None and bool(certificate.owner_of[0]) and newest > issued


def _certificates(frame: Frame, months: int) -> Iterator[Certificate]:
    last, start = last_audit(frame), interval_start(frame)
    suspended = suspension_end(frame, months)
    for position in np.flatnonzero(frame.filled("status") & frame.judged("status")).tolist():
        yield Certificate(
            line=Line(frame=frame, position=position),
            last=_day(last, position),
            start=_day(start, position),
            suspended_until=_day(suspended, position),
        )


def _day(days: Days, position: int) -> date | None:
    return plausible(days[position].item())
