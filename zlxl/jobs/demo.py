"""The demonstration: a sample database, the same with known faults, and whether all of them are found."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from zlxl.findings import FileReport, Finding
from zlxl.jobs.new import new_workbook
from zlxl.rules.catalog import RULE
from zlxl.samples.damage import damaged
from zlxl.samples.database import Rows, sample_rows
from zlxl.samples.faults import Fault, inject
from zlxl.sheet import Workbook

_HEADERS = ("序号", "工作表", "单元格", "行", "列", "规则", "规则名称", "级别", "说明", "改动", "是否找到")


@dataclass(frozen=True, kw_only=True)
class Demo:
    """The two workbooks and what was put into the second."""

    clean: Workbook
    faulty: Workbook
    faults: tuple[Fault, ...]
    rows: Mapping[str, int]  #: of the clean one, by table
    today: date


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a validation found of the faults, and what it found beside them."""

    found: tuple[bool, ...]  #: for every fault
    unexpected: tuple[Finding, ...]  #: neither a fault nor a stated consequence of one


def make_demo(*, seed: int, clients: int, today: date) -> Demo:
    """The demonstration's workbooks; the same for the same arguments."""
    rows = sample_rows(seed=seed, clients=clients, today=today)
    spoilt, faults = inject(rows, seed, today=today)
    faulty, faults = damaged(new_workbook(spoilt, today=today), faults, seed, today)
    return Demo(
        clean=new_workbook(rows, today=today),
        faulty=faulty,
        faults=tuple(faults),
        rows=_counted(rows),
        today=today,
    )


def _counted(rows: Rows) -> dict[str, int]:
    return {name: len(table) for name, table in rows.items()}


def compare(faults: Sequence[Fault], report: FileReport) -> Outcome:
    """Hold the findings against the faults: code, sheet and cell must agree."""
    places = {_place(finding) for finding in report.findings}
    expected = {_wanted(fault) for fault in faults}
    follow = {(code, fault.sheet, fault.row) for fault in faults for code in fault.also}
    return Outcome(
        found=tuple(_wanted(fault) in places for fault in faults),
        unexpected=tuple(
            finding
            for finding in report.findings
            if _place(finding) not in expected and (finding.rule, finding.sheet, finding.row) not in follow
        ),
    )


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.sheet, finding.row, finding.column, finding.cell


def _wanted(fault: Fault) -> tuple[object, ...]:
    return fault.code, fault.sheet, fault.row, fault.column, fault.cell


def faults_csv(faults: Iterable[Fault], found: Iterable[bool]) -> str:
    """The list of faults as CSV, one line a fault."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADERS)
    writer.writerows(_lines(faults, found))
    return text.getvalue()


def _lines(faults: Iterable[Fault], found: Iterable[bool]) -> Iterator[tuple[object, ...]]:
    for number, (fault, hit) in enumerate(zip(faults, found, strict=True), 1):
        rule = RULE[fault.code]
        place = (fault.sheet, fault.cell or "", fault.row, fault.column)
        words = (rule.name, rule.severity.chinese, fault.note, fault.change, "是" if hit else "否")
        yield (number, *place, fault.code, *words)
