"""JUnit XML for a build server: a suite a file, a test case for each rule on each sheet.

Rules without finding are there as passed, so that a server's history shows when a rule turned good.
Errors fail the case; warnings and notes are told in its output.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.reports.words import REPLACEMENT, Rules, place, rule_name

LISTED = 50  # findings told in one test case
Cases = Mapping[tuple[str, str], Sequence[Finding]]  # by sheet and rule

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="zlxl">\n'
    for file in run.files:
        yield from _suite(file, run, rules)
    yield "</testsuites>\n"


def _suite(file: FileReport, run: Run, rules: Rules) -> Iterator[str]:
    cases = _cases(file, run)
    failures = sum(any(_fails(finding) for finding in found) for found in cases.values())
    broken = int(file.reason is not None)
    yield (
        f"  <testsuite name={_attribute(file.path)} tests={_attribute(len(cases) + broken)}"
        f" failures={_attribute(failures)} errors={_attribute(broken)} skipped={_attribute(0)}"
        f" time={_attribute(f'{file.seconds:.3f}')} timestamp={_attribute(run.started)}>\n"
    )
    if file.reason is not None:
        yield _unreadable(file.reason)
    for (sheet, code), found in cases.items():
        yield _case(sheet, f"{code} {rule_name(rules, code)}".rstrip(), found)
    yield "  </testsuite>\n"


def _cases(file: FileReport, run: Run) -> Cases:
    """Every judged rule on every sheet, then what was found outside of them."""
    sheets = dict.fromkeys(table.sheet for table in file.tables)
    cases: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    cases.update({(sheet, code): [] for sheet in sheets for code in run.rules})
    for finding in file.findings:
        if finding.state == "new":
            cases[finding.sheet, finding.rule].append(finding)
    return cases


def _fails(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _case(sheet: str, name: str, found: Sequence[Finding]) -> str:
    head = f"    <testcase classname={_attribute(sheet)} name={_attribute(name)}"
    failed = [finding for finding in found if _fails(finding)]
    told = [finding for finding in found if not _fails(finding)]
    if not found:
        return head + "/>\n"
    body = _failure(name, failed) if failed else ""
    body += f"      <system-out>{_text(_listed(told))}</system-out>\n" if told else ""
    return f"{head}>\n{body}    </testcase>\n"


def _failure(name: str, failed: Sequence[Finding]) -> str:
    head = (
        f"      <failure type={_attribute(failed[0].rule)} message={_attribute(f'{len(failed)} 处：{name}')}>"
    )
    return f"{head}{_text(_listed(failed))}</failure>\n"


def _unreadable(reason: str) -> str:
    error = f'      <error type="unreadable" message={_attribute(reason)}/>\n'
    return f'    <testcase classname="文件" name="可以检查">\n{error}    </testcase>\n'


def _listed(findings: Sequence[Finding]) -> str:
    lines = [f"{place(f)} {f.severity.chinese} {f.key} {f.message}" for f in islice(findings, LISTED)]
    left = len(findings) - LISTED
    return "\n".join(lines + [f"另有 {left} 处"] * (left > 0))


def _attribute(value: object) -> str:
    return quoteattr(_NOT_XML.sub(REPLACEMENT, str(value)), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(value: str) -> str:
    return escape(_NOT_XML.sub(REPLACEMENT, value), {"\r": "&#13;"})
