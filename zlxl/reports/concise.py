"""One line a finding, for grep and for editors: ``path:客户台账!M12: 错误 ZL131 message``."""

from __future__ import annotations

from collections.abc import Iterator

from zlxl.findings import FileReport, Finding, Run
from zlxl.reports.text import summary_lines
from zlxl.reports.words import Rules, cell_order, one_line, place


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The lines, then the counts."""
    for file in run.files:
        yield from _file(file)
    for line in summary_lines(run):
        yield line + "\n"


def _file(file: FileReport) -> Iterator[str]:
    path = one_line(file.path)
    if file.reason is not None:
        yield f"{path}: 无法检查 {one_line(file.reason)}\n"
    fresh = [finding for finding in file.findings if finding.state == "new"]
    for finding in sorted(fresh, key=lambda finding: (finding.sheet, cell_order(finding))):
        yield f"{path}:{_line(finding)}\n"


def _line(finding: Finding) -> str:
    key = f" {finding.key}" if finding.key else ""
    return one_line(f"{place(finding)}: {finding.severity.chinese} {finding.rule}{key} {finding.message}")
