"""What a run may be told: which rules, how severe, what is waived and what day it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from zlxl.errors import UsageError
from zlxl.findings import Finding, Severity
from zlxl.rules.catalog import RULE, RULES
from zlxl.rules.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A finding that a person accepts: which, why, by whom, until when."""

    rule: str
    reason: str
    fingerprint: str = ""  #: one finding; empty: every finding of the rule that the other fields fit
    key: str = ""
    column: str = ""
    by: str = ""
    expires: date | None = None

    def covers(self, finding: Finding, today: date) -> bool:
        """Whether the waiver holds for the finding on that day."""
        return self.fits(finding) and (self.expires is None or today <= self.expires)

    def fits(self, finding: Finding) -> bool:
        """Whether the waiver means the finding, expired or not."""
        if self.rule != finding.rule:
            return False
        wanted = (self.fingerprint, self.key, self.column)
        found = (finding.fingerprint, finding.key, finding.column or "")
        return all(not want or want == have for want, have in zip(wanted, found, strict=True))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to validate; every default is the house's."""

    today: date
    select: tuple[str, ...] = ()  #: codes or prefixes; empty: all
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)  #: by code
    waivers: tuple[Waiver, ...] = ()
    baseline: Mapping[str, Mapping[str, str]] | None = None  #: rules by fingerprint, by file

    def __post_init__(self) -> None:
        for code in (*self.select, *self.ignore, *self.severity, *(w.rule for w in self.waivers)):
            if not any(rule.code.startswith(code) for rule in RULES):
                raise UsageError(f"没有规则“{code}”。用 zlxl rule 查看全部规则代码。")

    def judged(self, code: str) -> bool:
        """Whether the rule is selected and not ignored; the longer prefix wins."""
        chosen = max(
            (len(p) for p in self.select if code.startswith(p)), default=0 if not self.select else -1
        )
        ignored = max((len(p) for p in self.ignore if code.startswith(p)), default=-1)
        return chosen >= 0 and chosen > ignored

    def rule(self, code: str) -> Rule:
        """The rule with the severity the settings give it."""
        rule = RULE[code]
        return replace(rule, severity=self.severity[code]) if code in self.severity else rule
