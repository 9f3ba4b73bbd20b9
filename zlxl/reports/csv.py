"""A flat table for Excel: one finding a line, Chinese headers, UTF-8 with a byte order mark.

A field that Excel would take for a formula gets an apostrophe in front. It is part of the text in a
CSV file and seen as such; who needs the value unchanged takes ``jsonl`` or ``xlsx``. A file that could
not be checked is a line of the level 无法检查.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from zlxl.findings import FileReport, Finding, Run
from zlxl.reports.words import STATES, Rules, clause, fix_words, legible, rule_name

HEADERS = (
    "级别", "状态", "文件", "工作表", "单元格", "行", "编号", "字段", "现值", "应为", "说明", "依据条款",
    "建议", "规则", "规则名称", "修复", "修复值", "相关单元格", "指纹",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BATCH = 500  # lines a chunk


def write(run: Run, rules: Rules) -> Iterator[str]:
    """Header line and lines, ended as RFC 4180 says."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(HEADERS)
    for count, row in enumerate(_rows(run, rules), start=1):
        writer.writerow([inert(field) for field in row])
        if count % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def inert(field: str) -> str:
    """The field as no program takes it for a formula."""
    text = legible(field).replace("\0", "")
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _rows(run: Run, rules: Rules) -> Iterator[Iterable[str]]:
    for file in run.files:
        if file.reason is not None:
            yield _unreadable(file, file.reason)
        for finding in file.findings:
            yield _finding(file.path, finding, rules)


def _unreadable(file: FileReport, reason: str) -> Iterable[str]:
    known = {"级别": "无法检查", "文件": file.path, "说明": reason}
    return (known.get(header, "") for header in HEADERS)


def _finding(path: str, finding: Finding, rules: Rules) -> Iterable[str]:
    fix = finding.fix
    return (
        finding.severity.chinese,
        STATES[finding.state],
        path,
        finding.sheet,
        finding.cell or "",
        str(finding.row or ""),
        finding.key,
        finding.column or "",
        finding.value,
        finding.expected,
        finding.message,
        clause(finding),
        finding.suggestion,
        finding.rule,
        rule_name(rules, finding.rule),
        fix_words(fix) if fix else "",
        fix.new if fix else "",
        " ".join(finding.related),
        finding.fingerprint,
    )
