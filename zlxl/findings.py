"""One thing a person should look at, and exactly where."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType
from typing import Literal

NOTHING: Mapping[str, object] = MappingProxyType({})


class Severity(StrEnum):
    """How bad a finding is; ``rank`` orders them, worst highest."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for an error, 2 for a warning, 1 for a note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]

    @property
    def chinese(self) -> str:
        """The word a clerk reads."""
        return {"error": "错误", "warning": "警告", "note": "提示"}[self.value]


Confidence = Literal["safe", "review"]
Stored = Literal["text", "number", "date", "empty"]
State = Literal["new", "known", "waived"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """A new value for the cell: ``safe`` may be applied unseen, ``review`` needs a person."""

    new: str  #: as shown: text, a plain number, or an ISO date
    confidence: Confidence
    stored: Stored = "text"  #: the type the cell is to be stored as


@dataclass(frozen=True, kw_only=True, slots=True)
class Accusation:
    """What a type or a rule holds against a row, before it is put into words."""

    code: str  #: of the rule, ZL###
    row: int  #: sheet row, 0 when it concerns the table as a whole
    field: str | None = None  #: the model's field, None when it concerns the row
    facts: Mapping[str, object] = dataclasses.field(
        default_factory=lambda: NOTHING
    )  #: fills the rule's words
    fix: Fix | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """An accusation in words, addressed (design.md, the JSON contract)."""

    rule: str
    severity: Severity
    sheet: str
    cell: str | None  #: A1 address
    row: int | None
    column: str | None  #: header as the sheet spells it
    key: str  #: of the row: contract, certificate or other number
    value: str  #: as shown
    message: str  #: 现象
    expected: str  #: 应为
    clause: str  #: 依据, clause of ZL-CX-16
    suggestion: str  #: 建议
    fix: Fix | None
    fingerprint: str
    related: tuple[str, ...] = ()  #: addresses of other cells that belong to it
    state: State = "new"  #: against the baseline and the waivers


def fingerprint(*parts: str) -> str:
    """Identity of a finding across runs: rule, sheet, row key, column; never a row number."""
    return blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSeen:
    """A table that was checked."""

    table: str
    sheet: str
    rows: int
    header_row: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReport:
    """The result of one file."""

    path: str
    reason: str | None = None  #: why it could not be checked
    tables: tuple[TableSeen, ...] = ()
    findings: tuple[Finding, ...] = ()
    gone: tuple[str, ...] = ()  #: fingerprints of the baseline that no longer occur
    remarks: tuple[str, ...] = ()  #: what a reader should know: encoding, policy values not used
    sha256: str = ""
    seconds: float = 0.0

    @property
    def status(self) -> Literal["checked", "unreadable"]:
        """Whether the file was checked."""
        return "checked" if self.reason is None else "unreadable"

    def count(self, severity: Severity) -> int:
        """How many new findings have the severity; known and waived ones do not count."""
        return sum(f.severity is severity and f.state == "new" for f in self.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """The result of one run over some files."""

    files: tuple[FileReport, ...]
    started: str  #: ISO 8601
    version: str
    today: str  #: ISO date the rules took as today
    rules: tuple[str, ...] = ()  #: codes that were judged

    def count(self, severity: Severity) -> int:
        """How many new findings have the severity."""
        return sum(file.count(severity) for file in self.files)

    def in_state(self, state: State) -> int:
        """How many findings are in the state."""
        return sum(finding.state == state for file in self.files for finding in file.findings)
