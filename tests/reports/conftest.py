from __future__ import annotations

import pytest

from zlxl.findings import FileReport, Finding, Fix, Run, Severity, TableSeen
from zlxl.rules.rule import Rule

CLIENTS = TableSeen(table="客户台账", sheet="客户台账", rows=400, header_row=1)
REQUESTS = TableSeen(table="客户要求", sheet="客户要求", rows=31, header_row=2)

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "<!--",
    "]]>",
    "&amp;&#60;",
    "\"quoted\" 'single' `tick` ${x}",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@cmd",
    "\tcmd",
    "\rcmd",
    "line\nbreak\r\nand\u2028more\x85",
    "\x00\x01\x08\x0b\x1b[31mred\x1b[0m\x7f\x9b",
    "lone \ud800 and \udcff",
    "\ufffe\uffff\U0001f600",
    "\u202eright to left",
    "%0A::error::injected",
    "a,b:c",
    "长" * 40_000,
    "",
)


def make_finding(**changes: object) -> Finding:
    fields: dict[str, object] = {
        "rule": "ZL131",
        "severity": Severity.ERROR,
        "sheet": "客户台账",
        "cell": "M12",
        "row": 12,
        "column": "邮编",
        "key": "ZL20230015-QEO",
        "value": "0500",
        "message": "邮编“0500”不是 6 位数字。",
        "expected": "6 位数字，如 050000",
        "clause": "4.2.1",
        "suggestion": "按地址查询邮编后改正。",
        "fix": None,
        "fingerprint": "00aa11bb22cc33dd",
    }
    return Finding(**(fields | changes))  # type: ignore[arg-type]


def build_run(*files: FileReport, **changes: object) -> Run:
    fields: dict[str, object] = {
        "started": "2026-11-02T09:00:00+08:00",
        "version": "0.1.0",
        "today": "2026-11-02",
        "rules": ("ZL131", "ZL132", "ZL301"),
    }
    return Run(files=files, **(fields | changes))  # type: ignore[arg-type]


SMALL = (
    make_finding(),
    make_finding(
        rule="ZL132",
        severity=Severity.WARNING,
        cell="M9",
        row=9,
        value="50000",
        message="邮编“50000”只有 5 位，开头的 0 被 Excel 去掉了。",
        expected="050000",
        suggestion="用“修复”补 0 并存为文本。",
        fix=Fix(new="050000", confidence="safe"),
        fingerprint="1111111111111111",
    ),
    make_finding(
        rule="ZL301",
        severity=Severity.NOTE,
        sheet="客户要求",
        cell=None,
        row=7,
        column=None,
        key="YQ-0007",
        value="",
        message="该要求已转交，尚未答复。",
        expected="",
        clause="4.6",
        suggestion="",
        fingerprint="2222222222222222",
        related=("B7", "C7"),
    ),
    make_finding(cell="M20", row=20, state="known", fingerprint="3333333333333333"),
    make_finding(cell="M21", row=21, state="waived", fingerprint="4444444444444444"),
)


@pytest.fixture
def finding():
    """Makes a finding that differs from a plain one as told."""
    return make_finding


@pytest.fixture
def make_run():
    """Makes a run over the files."""
    return build_run


@pytest.fixture
def run_of():
    """Makes a run over one file that holds the findings."""

    def build(*findings, **changes):
        return build_run(FileReport(path="客户.xlsx", tables=(CLIENTS,), findings=findings), **changes)

    return build


@pytest.fixture
def small_run():
    """A checked file with one finding of each kind, and one that could not be checked."""
    checked = FileReport(
        path="台账/客户.xlsx",
        tables=(CLIENTS, REQUESTS),
        findings=SMALL,
        gone=("5555555555555555",),
        remarks=("评价准则没有填写，按建议值计算",),
        sha256="ab" * 32,
        seconds=0.25,
    )
    return build_run(checked, FileReport(path="坏.xlsx", reason="文件已加密，请先取消密码"))


@pytest.fixture
def hostile_run():
    """Every text of every finding is something a format may stumble over."""
    findings = tuple(
        make_finding(
            rule="ZL131",
            sheet=text[:31],
            cell=None if number % 2 else "M12",
            column=text,
            key=text,
            value=text,
            message=text,
            expected=text,
            clause=text,
            suggestion=text,
            fix=Fix(new=text, confidence="review"),
            related=(text,),
        )
        for number, text in enumerate(HOSTILE)
    )
    tables = tuple(TableSeen(table=text, sheet=text[:31], rows=1, header_row=1) for text in HOSTILE)
    files = [
        FileReport(path=text or "x", tables=tables, findings=findings, remarks=(text,))
        for text in HOSTILE[:19]
    ]
    return build_run(*files, FileReport(path=HOSTILE[19], reason=HOSTILE[0] + HOSTILE[12]))


@pytest.fixture
def rules():
    """Two rules in words; ZL301 is known by its code only."""
    postcode = Rule(
        code="ZL131",
        name="邮编不是 6 位",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="domain.md 1.6",
        message="邮编“{value}”不是 6 位数字。",
        expected="6 位数字，如 050000",
        suggestion="按地址查询邮编后改正。",
        wrong="0500",
        right="050000",
    )
    lost_zero = Rule(
        code="ZL132",
        name="邮编丢了开头的 0",
        severity=Severity.WARNING,
        clause="4.2.1",
        message="邮编“{value}”只有 5 位，开头的 0 被 Excel 去掉了。",
        expected="{meant}",
        suggestion="用“修复”补 0 并存为文本。",
        wrong="50000",
        right="050000",
    )
    return {rule.code: rule for rule in (postcode, lost_zero)}
