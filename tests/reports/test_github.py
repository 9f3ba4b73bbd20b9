"""Annotations of a GitHub runner."""

from __future__ import annotations

from zlxl.findings import Severity
from zlxl.reports import github


def commands(run, rules):
    return "".join(github.write(run, rules)).splitlines()


def test_ten_errors_ten_warnings_and_the_rest_in_one_line(run_of, finding, rules):
    many = [finding(severity=severity) for severity in Severity for _ in range(12)]
    shown = commands(run_of(*many), rules)
    kinds = [line.split()[0] for line in shown]
    assert kinds == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 2
    assert shown[-2] == "::notice title=zlxl::另有 16 条没有列出，完整清单见报告文件。"


def test_known_and_waived_findings_are_silent(run_of, finding, rules):
    shown = commands(run_of(finding(state="known"), finding(state="waived")), rules)
    assert shown == ["::notice title=zlxl::通过：未发现问题。"]


def test_no_text_becomes_a_command(run_of, finding, rules):
    (line, _) = commands(run_of(finding(message="a%0A\n::error::b", column="x")), rules)
    assert "a%250A␊::error::b" in line


def test_properties_are_escaped(run_of, finding, rules):
    (line, _) = commands(run_of(finding(rule="A:b,c%", row=None)), rules)
    assert line.startswith("::error file=客户.xlsx,title=A%3Ab%2Cc%25::")
