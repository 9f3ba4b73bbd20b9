"""Validate a workbook: sheets to frames, frames to accusations, accusations to findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from zlxl.errors import Unreadable
from zlxl.findings import Accusation, FileReport, Finding, State, TableSeen, fingerprint
from zlxl.grid import TableSource
from zlxl.jobs.settings import Settings
from zlxl.rules.catalog import RULES
from zlxl.rules.rule import Book, word
from zlxl.schema.frame import Frame
from zlxl.schema.headers import assign
from zlxl.schema.read import read_frame
from zlxl.tables.catalog import POLICY_TABLES, TABLES
from zlxl.tables.policy import policy_of, shipped_context

Accused = Iterator[tuple[Frame, Accusation]]


def validate(source: TableSource, settings: Settings) -> FileReport:
    """Check every known table of a workbook.

    Raises:
        Unreadable: no sheet holds a known table, or the source cannot be read.
    """
    return report_on(read_book(source, settings), source, settings)


def report_on(book: Book, source: TableSource, settings: Settings) -> FileReport:
    """What the rules hold against a book that was read."""
    worded = [word(settings.rule(a.code), frame, a) for frame, a in accusations(book, settings)]
    findings = _with_state(_told_apart(_in_order(worded, book)), source.path, settings)
    seen = [
        TableSeen(table=f.table.name, sheet=f.sheet, rows=len(f), header_row=f.header_row)
        for f in book.frames
    ]
    return FileReport(
        path=source.path,
        tables=tuple(seen),
        findings=tuple(findings),
        gone=_gone(findings, source.path, settings),
        remarks=(*getattr(source, "remarks", ()), *_hidden(book), *book.remarks),
    )


def read_book(source: TableSource, settings: Settings) -> Book:
    """The known tables of a source, judged by the policy that it holds itself."""
    found = [(grid, match) for grid in source.grids() for match in assign(grid, TABLES)]
    if not found:
        raise Unreadable(_no_table(source))
    policy = {table.name for table in POLICY_TABLES}
    base = replace(shipped_context(settings.today), typed=found[0][0].typed)
    frames = {id(match): read_frame(grid, match, base) for grid, match in found if match.table.name in policy}
    policy_in_force = policy_of(list(frames.values()), settings.today, typed=base.typed)
    context = policy_in_force.context
    for grid, match in found:
        if id(match) not in frames:
            frames[id(match)] = read_frame(grid, match, context)
    remarks = tuple(f"{p.sheet}第 {p.row} 行：{p.text}。" for p in policy_in_force.problems if p.row)
    return Book(frames=tuple(frames[id(match)] for _, match in found), context=context, remarks=remarks)


def _hidden(book: Book) -> Iterator[str]:
    for sheet in dict.fromkeys(frame.sheet for frame in book.frames if frame.grid.layout().hidden):
        yield f"工作表“{sheet}”是隐藏的，也已检查。"


def _no_table(source: TableSource) -> str:
    sheets = "、".join(grid.sheet for grid in source.grids()[:8])
    return (
        f"没有找到已知的表（现有工作表：{sheets or '无'}）。"
        "请确认表头在前 20 行内，列名与“客户台账”等一致；可用 zlxl new 生成空白模板对照。"
    )


def accusations(book: Book, settings: Settings) -> Accused:
    """Everything that types, row facts and rules hold against the book."""
    for frame in book.frames:
        yield from _judged_only(_cell_accusations(frame), settings)
        yield from _judged_only(_fact_accusations(frame, book), settings)
    for judge in dict.fromkeys(rule.judge for rule in RULES if rule.judge):
        yield from _judged_only(judge(book), settings)


def _judged_only(accused: Accused, settings: Settings) -> Accused:
    return ((frame, accusation) for frame, accusation in accused if settings.judged(accusation.code))


def _cell_accusations(frame: Frame) -> Accused:
    for name, cells in frame.cells.items():
        if not cells.verdicts:
            continue
        guilty = np.zeros(len(cells.raws) + 1, dtype=np.bool_)
        guilty[list(cells.verdicts)] = True
        accused = guilty[cells.codes] if cells.lent is None else guilty[cells.codes] & ~cells.lent
        for position in np.flatnonzero(accused).tolist():
            verdict = cells.verdicts[int(cells.codes[position])]
            row = int(frame.rows[position])
            yield (
                frame,
                Accusation(code=verdict.code, row=row, field=name, facts=verdict.facts, fix=verdict.fix),
            )


def _fact_accusations(frame: Frame, book: Book) -> Accused:
    for fact in frame.table.model.facts:
        for position in np.flatnonzero(fact.suspects(frame, book.context)).tolist():
            for name, accused in fact.judge(frame.values(position), book.context):
                context = accused.context or {}
                yield (
                    frame,
                    Accusation(
                        code=accused.type,
                        row=int(frame.rows[position]),
                        field=name,
                        facts=context["facts"],
                        fix=context["fix"],
                    ),
                )


def _with_state(findings: list[Finding], path: str, settings: Settings) -> list[Finding]:
    """Findings with their state: waived, known from the baseline, or new."""
    known = frozenset((settings.baseline or {}).get(path, {}))
    if not known and not settings.waivers:
        return findings
    return [replace(finding, state=_state(finding, known, settings)) for finding in findings]


def _state(finding: Finding, known: frozenset[str], settings: Settings) -> State:
    if any(waiver.covers(finding, settings.today) for waiver in settings.waivers):
        return "waived"
    return "known" if finding.fingerprint in known else "new"


def _told_apart(findings: Sequence[Finding]) -> list[Finding]:
    """Rows with the same key get fingerprints of their own, by their order among themselves."""
    seen: Counter[str] = Counter()
    apart = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        if (count := seen[finding.fingerprint]) > 1:
            finding = replace(finding, fingerprint=fingerprint(finding.fingerprint, str(count)))
        apart.append(finding)
    return apart


def _in_order(findings: list[Finding], book: Book) -> list[Finding]:
    """By sheet, row, column, rule."""
    sheets = {frame.sheet: index for index, frame in enumerate(book.frames)}
    return sorted(
        findings, key=lambda f: (sheets[f.sheet], f.row or 0, len(f.cell or ""), f.cell or "", f.rule)
    )


def _gone(findings: Sequence[Finding], path: str, settings: Settings) -> tuple[str, ...]:
    """Fingerprints of judged rules that were known and no longer occur."""
    known = (settings.baseline or {}).get(path, {})
    found = {finding.fingerprint for finding in findings}
    return tuple(sorted(mark for mark, rule in known.items() if mark not in found and settings.judged(rule)))
