"""SARIF 2.1.0 for code scanning: the sheet row is the line, the column number the column.

A fix stands in the result's properties: SARIF's own ``fixes`` replace stretches of text, and a cell is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from zlxl.findings import FileReport, Finding, Run
from zlxl.grid import Area
from zlxl.reports.json import dump
from zlxl.reports.words import PROCEDURE, Rules, all_findings, clause, compared, legible, place
from zlxl.rules.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASELINE_STATES = {"new": "new", "known": "unchanged", "waived": "unchanged"}


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The log: one run, one result a finding."""
    codes = _codes(run)
    log = {
        "tool": {"driver": _driver(run, codes, rules)},
        "columnKind": "utf16CodeUnits",
        "invocations": [_invocation(run)],
        "artifacts": [_artifact(file) for file in run.files],
    }
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{dump(log)[:-1]}, "results": ['
    yield from _results(run, {code: index for index, code in enumerate(codes)})
    yield "\n]}]}\n"


def uri(path: str) -> str:
    """The path as a URI: relative paths stay relative, absolute ones become ``file:///``."""
    windows = PureWindowsPath(path)
    drive = windows.is_absolute()
    posix = windows.as_posix() if drive or "\\" in path else PurePosixPath(path).as_posix()
    quoted = quote(legible(posix), safe="/:" if drive else "/")
    if drive:
        return f"file:{quoted}" if quoted.startswith("//") else f"file:///{quoted}"
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _codes(run: Run) -> Sequence[str]:
    """Codes that were judged or found, in order."""
    return sorted({*run.rules, *(finding.rule for finding in all_findings(run))})


def _driver(run: Run, codes: Sequence[str], rules: Rules) -> dict[str, object]:
    described = [_rule(rules[code]) if code in rules else {"id": code} for code in codes]
    return {"name": "zlxl", "version": run.version, "language": "zh-CN", "rules": described}


def _rule(rule: Rule) -> dict[str, object]:
    example = f"错误：{rule.wrong}\n正确：{rule.right}"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": f"{rule.name}（{PROCEDURE} {rule.clause}）"},
        "help": {"text": f"{rule.suggestion}\n{example}"},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"clause": rule.clause, "source": rule.source, "tags": [f"{PROCEDURE} {rule.clause}"]},
    }


def _invocation(run: Run) -> dict[str, object]:
    missed = [file for file in run.files if file.reason is not None]
    invocation: dict[str, object] = {
        "executionSuccessful": not missed,
        "toolExecutionNotifications": [_notification(file) for file in missed],
        "properties": {"today": run.today, "started": run.started},
    }
    return invocation | _start(run.started)


def _start(started: str) -> dict[str, object]:
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return {}
    if moment.tzinfo is None:
        return {}
    return {"startTimeUtc": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _notification(file: FileReport) -> dict[str, object]:
    location = {"physicalLocation": {"artifactLocation": {"uri": uri(file.path)}}}
    return {"level": "error", "message": {"text": file.reason}, "locations": [location]}


def _artifact(file: FileReport) -> dict[str, object]:
    artifact: dict[str, object] = {"location": {"uri": uri(file.path)}, "roles": ["analysisTarget"]}
    return artifact | ({"hashes": {"sha-256": file.sha256}} if file.sha256 else {})


def _results(run: Run, indexes: Mapping[str, int]) -> Iterator[str]:
    with_baseline = compared(run)
    separator = "\n"
    for number, file in enumerate(run.files):
        location = {"uri": uri(file.path), "index": number}
        for finding in file.findings:
            result = _result(finding, location) | {"ruleIndex": indexes[finding.rule]}
            if with_baseline:
                result["baselineState"] = BASELINE_STATES[finding.state]
            yield separator + dump(result)
            separator = ",\n"


def _result(finding: Finding, artifact: Mapping[str, object]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "level": finding.severity.value,
        "message": {"text": finding.message or finding.rule},
        "locations": [_location(finding, artifact)],
        "partialFingerprints": {
            "zlxl/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",  # the only one GitHub looks at
        },
        "properties": _properties(finding),
    }
    if finding.state == "waived":
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _location(finding: Finding, artifact: Mapping[str, object]) -> dict[str, object]:
    physical = {"artifactLocation": artifact} | _region(finding)
    logical = {"fullyQualifiedName": place(finding), "name": finding.cell or finding.sheet, "kind": "member"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _region(finding: Finding) -> dict[str, object]:
    try:
        area = Area.parse(finding.cell or "")
    except ValueError:
        return {"region": {"startLine": finding.row}} if finding.row else {}
    return {"region": {"startLine": area.top, "startColumn": area.left}}


def _properties(finding: Finding) -> dict[str, object]:
    fix = finding.fix
    return {
        "key": finding.key,
        "column": finding.column,
        "value": finding.value,
        "expected": finding.expected,
        "clause": clause(finding),
        "suggestion": finding.suggestion,
        "related": finding.related,
        "fix": {"new": fix.new, "confidence": fix.confidence} if fix else None,
    }
