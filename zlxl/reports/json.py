"""The JSON contract: one object for a run, published as ``report.schema.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.reports.words import Rules, counts, unreadable

SCHEMA_VERSION = 1
_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema (draft 2020-12) that every report of this version satisfies."""
    text = files("zlxl.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The object, one finding a line."""
    yield f'{{"schema_version": {SCHEMA_VERSION}, "files": ['
    for index, file in enumerate(run.files):
        yield ",\n" if index else "\n"
        yield from _file(file)
    yield f'\n], "summary": {dump(_summary(run))}, "run": {dump(_about(run))}}}\n'


def dump(value: object) -> str:
    """JSON that any encoding of Unicode can hold: a lone surrogate stays, as its escape."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding with the keys of the contract."""
    fix = finding.fix
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "row": finding.row,
        "column": finding.column,
        "key": finding.key,
        "value": finding.value,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "clause": finding.clause,
        "fix": {"new": fix.new, "confidence": fix.confidence} if fix else None,
        "fingerprint": finding.fingerprint,
        "expected": finding.expected,
        "state": finding.state,
        "related": finding.related,
    }


def _file(file: FileReport) -> Iterator[str]:
    head = {
        "path": file.path,
        "status": file.status,
        "reason": file.reason,
        "tables": [
            {"table": t.table, "sheet": t.sheet, "rows": t.rows, "header_row": t.header_row}
            for t in file.tables
        ],
        "gone": file.gone,
        "remarks": file.remarks,
        "sha256": file.sha256,
    }
    yield dump(head)[:-1] + ', "findings": ['
    for index, finding in enumerate(file.findings):
        yield (",\n" if index else "\n") + dump(finding_object(finding))
    yield "\n]}" if file.findings else "]}"


def _summary(run: Run) -> dict[str, int]:
    seen = counts(run)
    summary = {severity.value: seen[severity, "new"] for severity in Severity}
    for state in ("new", "known", "waived"):
        summary[state] = run.in_state(state)
    summary["gone"] = sum(len(file.gone) for file in run.files)
    return summary | {"files": len(run.files), "unreadable": unreadable(run)}


def _about(run: Run) -> dict[str, object]:
    return {"version": run.version, "today": run.today, "rules": run.rules}
