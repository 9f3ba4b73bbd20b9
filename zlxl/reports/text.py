"""The report a person reads in a terminal: by file and sheet, address first, then what to do about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.reports.words import (
    Rules,
    all_findings,
    cell_order,
    clause,
    counts,
    fix_words,
    one_line,
    place,
    verdict,
)

Paint = Callable[[str, str], str]

COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
BOLD, DIM = "1", "2"
INDENT = "    "
RELATED = 8  # addresses told of other cells


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The report, plain."""
    return _report(run, _plain)


def write_coloured(run: Run, rules: Rules) -> Iterator[str]:
    """The report with ANSI colours; whether a terminal wants them is the host's to know."""
    return _report(run, _painted)


def summary_lines(run: Run) -> Iterator[str]:
    """What all came to: the counts, what was left out of the list and why."""
    seen = counts(run)
    numbers = "，".join(f"{severity.chinese} {seen[severity, 'new']}" for severity in Severity)
    yield f"共 {len(run.files)} 个文件：{numbers}。{verdict(run)}。"
    known, waived = run.in_state("known"), run.in_state("waived")
    if known or waived:
        yield f"另有上次已有的 {known} 条、已豁免的 {waived} 条没有列出，见 html、xlsx 或 json 报告。"
    gone = sum(len(file.gone) for file in run.files)
    if gone:
        yield f"上次的问题中有 {gone} 条已消除。"
    safe = sum(
        f.state == "new" and f.fix is not None and f.fix.confidence == "safe" for f in all_findings(run)
    )
    if safe:
        yield f"其中 {safe} 条可以自动修复：zlxl fix 先给出修改清单，加 --write 才写入。"


def _plain(text: str, _code: str) -> str:
    return text


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _report(run: Run, paint: Paint) -> Iterator[str]:
    for file in run.files:
        yield from _file(file, paint)
    for line in summary_lines(run):
        yield paint(line, BOLD) + "\n"


def _file(file: FileReport, paint: Paint) -> Iterator[str]:
    yield paint(one_line(file.path), BOLD) + "\n"
    if file.reason is not None:
        yield f"  {paint('无法检查', COLOURS[Severity.ERROR])}  {one_line(file.reason)}\n"
    for remark in file.remarks:
        yield paint(f"  注意  {one_line(remark)}", DIM) + "\n"
    for sheet, findings in _by_sheet(file).items():
        yield f"\n  {paint(_sheet_line(file, sheet, findings), BOLD)}\n"
        for finding in findings:
            yield _finding(finding, paint)
    yield "\n"


def _by_sheet(file: FileReport) -> dict[str, list[Finding]]:
    """New findings in reading order; sheets that were checked and are clean are there, empty."""
    sheets: dict[str, list[Finding]] = defaultdict(list, {table.sheet: [] for table in file.tables})
    for finding in file.findings:
        if finding.state == "new":
            sheets[finding.sheet].append(finding)
    for findings in sheets.values():
        findings.sort(key=cell_order)
    return sheets


def _sheet_line(file: FileReport, sheet: str, findings: Sequence[Finding]) -> str:
    rows = sum(table.rows for table in file.tables if table.sheet == sheet)
    seen = Counter(finding.severity for finding in findings)
    numbers = "，".join(f"{severity.chinese} {seen[severity]}" for severity in Severity if seen[severity])
    return f"{one_line(sheet) or '（工作簿）'}（{rows} 行）：{numbers or '未发现问题'}"


def _finding(finding: Finding, paint: Paint) -> str:
    level = paint(finding.severity.chinese, COLOURS[finding.severity])
    parts = (paint(one_line(place(finding)), BOLD), level, finding.rule, one_line(finding.key))
    head = " ".join(part for part in parts if part)
    lines = [f"  {head} {one_line(finding.message)}"]
    lines += [f"{INDENT}{paint(label, DIM)} {one_line(words)}" for label, words in _advice(finding) if words]
    return "\n".join(lines) + "\n"


def _advice(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "应为", finding.expected
    yield "依据", clause(finding)
    yield "建议", finding.suggestion
    if finding.fix:
        yield (
            "修复",
            f"{finding.value or '（空）'} → {finding.fix.new or '（空）'}（{fix_words(finding.fix)}）",
        )
    if finding.related:
        more = f" 等 {len(finding.related)} 处" if len(finding.related) > RELATED else ""
        yield "相关", "、".join(finding.related[:RELATED]) + more
