"""Workflow commands that a GitHub runner shows as annotations.

A step shows ten errors and ten warnings and silently drops the rest, so the rest is one line of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from zlxl.findings import Finding, Run, Severity
from zlxl.reports.words import Rules, one_line, place, rule_name, unreadable, verdict

SHOWN = 10  # errors, and as many warnings


def write(run: Run, rules: Rules) -> Iterator[str]:
    """Files that could not be checked and errors, then warnings, then how many were left out."""
    commands = [*_first(run, rules, Severity.ERROR), *_first(run, rules, Severity.WARNING)]
    yield from commands
    left = unreadable(run) + sum(run.count(severity) for severity in Severity) - len(commands)
    if left:
        yield _command("notice", f"另有 {left} 条没有列出，完整清单见报告文件。", title="zlxl")
    yield _command("notice", f"{verdict(run)}。", title="zlxl")


def _first(run: Run, rules: Rules, severity: Severity) -> Iterator[str]:
    return islice(_all(run, rules, severity), SHOWN)


def _all(run: Run, rules: Rules, severity: Severity) -> Iterator[str]:
    if severity is Severity.ERROR:
        for file in run.files:
            if file.reason is not None:
                yield _command("error", file.reason, file=file.path, title="无法检查")
    for file in run.files:
        for finding in file.findings:
            if finding.severity is severity and finding.state == "new":
                yield _finding(file.path, finding, rules)


def _finding(path: str, finding: Finding, rules: Rules) -> str:
    where = {"file": path} | ({"line": str(finding.row)} if finding.row else {})
    title = f"{finding.rule} {rule_name(rules, finding.rule)}".rstrip()
    advice = f" {finding.suggestion}" if finding.suggestion else ""
    text = f"{place(finding)} {finding.message}{advice}"
    return _command(finding.severity.value, text, **where, title=title)


def _command(kind: str, message: str, **properties: str) -> str:
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {shown}::{_data(message)}\n"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
