"""What every format says alike: names of states, places, the verdict, text that is safe to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from zlxl.findings import Finding, Fix, Run, Severity, State
from zlxl.grid import column_number
from zlxl.rules.rule import Rule

Rules: TypeAlias = Mapping[str, Rule]

PROCEDURE = "ZL-CX-16"
STATES: Mapping[State, str] = MappingProxyType({"new": "新增", "known": "仍在", "waived": "豁免"})
REPLACEMENT = "\ufffd"

_SURROGATE = re.compile("[\ud800-\udfff]")
# what would move a terminal's cursor, break a line or turn the reading direction
_UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_PICTURES = {chr(c): chr(0x2400 + c) for c in range(32)} | {"\x7f": "\u2421", "\x85": "\u240a"}
_PICTURES |= {"\u2028": "\u240a", "\u2029": "\u240a"}


def legible(text: str) -> str:
    """The text without lone surrogates, which no encoding can hold."""
    return _SURROGATE.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """The text on one line, its control characters shown as pictures: a cell never commands a terminal."""
    return _UNPRINTABLE.sub(lambda found: _PICTURES.get(found[0], REPLACEMENT), text)


def place(finding: Finding) -> str:
    """Where the finding is: ``客户台账!M12``."""
    sheet = finding.sheet or "（工作簿）"
    if finding.cell:
        return f"{sheet}!{finding.cell}"
    return f"{sheet}!第{finding.row}行" if finding.row else sheet


def clause(finding: Finding) -> str:
    """The clause with its procedure in front."""
    return f"{PROCEDURE} {finding.clause}" if finding.clause[:1].isdigit() else finding.clause


def fix_words(fix: Fix) -> str:
    """Whether a fix may be applied unseen."""
    return "可自动修复" if fix.confidence == "safe" else "须人工确认"


def rule_name(rules: Rules, code: str) -> str:
    """The few words of a rule, empty when it is not known."""
    return rules[code].name if code in rules else ""


def cell_order(finding: Finding) -> tuple[int, int, str]:
    """Sorts findings as the eye goes over a sheet: by row, then by column."""
    letters = re.match("[A-Z]{1,3}", finding.cell or "")
    return finding.row or 0, column_number(letters[0]) if letters else 0, finding.rule


def all_findings(run: Run) -> Iterator[Finding]:
    """Every finding of every file, in order."""
    return (finding for file in run.files for finding in file.findings)


def counts(run: Run) -> Counter[tuple[Severity, State]]:
    """How many findings have the severity and the state, in one pass."""
    return Counter((finding.severity, finding.state) for finding in all_findings(run))


def compared(run: Run) -> bool:
    """Whether the run was held against an earlier one and anything is known from it."""
    return any(file.gone for file in run.files) or any(f.state == "known" for f in all_findings(run))


def unreadable(run: Run) -> int:
    """How many files could not be checked."""
    return sum(file.reason is not None for file in run.files)


def verdict(run: Run) -> str:
    """The run in one sentence."""
    errors, warnings, notes = (run.count(severity) for severity in Severity)
    missed = unreadable(run)
    if missed:
        return f"{missed} 个文件无法检查，结论不完整" + (f"；另有 {errors} 个错误须改正" if errors else "")
    if errors:
        return f"不通过：有 {errors} 个错误须改正"
    if warnings:
        return f"通过，但有 {warnings} 条警告请核对"
    return f"通过，有 {notes} 条提示" if notes else "通过：未发现问题"
