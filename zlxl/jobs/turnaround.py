"""Turnaround as a job: the figures of a period from a workbook, its sheet, its words (4.10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zlxl.figures.satisfaction_period import Period
from zlxl.figures.turnaround import Line, Turnaround, turnaround
from zlxl.figures.workdays import workdays
from zlxl.grid import TableSource
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.tables.catalog import table_named
from zlxl.tables.holidays import HOLIDAYS


def measure(source: TableSource, period: Period, *, today: date) -> Turnaround:
    """The steps finished in the period.

    Raises:
        Unreadable: the source cannot be read, or holds no table that is known.
    """
    book = read_book(source, Settings(today=today))
    return turnaround(
        lambda name: book.of(table_named(name)), book.context, workdays(book.of(HOLIDAYS)), period
    )


def turnaround_lines(figures: Turnaround) -> Iterator[str]:
    """The figures as a person reads them."""
    yield f"流程时效 {figures.period.chinese}：{len(figures.cases)} 件。"
    for line in (*figures.steps, *figures.departments):
        yield f"  {_line(line)}"
    if not figures.cases:
        yield "这个时期没有结束的环节。"


def _line(line: Line) -> str:
    share = "无期限" if line.share is None else f"按期 {line.in_time}/{line.judged}（{line.share:.1%}）"
    return (
        f"{line.step.name}　{line.department}　{len(line.cases)} 件，中位数 {line.median:g}，"
        f"九成不超过 {line.ninth:.1f}，最长 {line.longest} {line.step.unit}，{share}"
    )


def turnaround_object(figures: Turnaround) -> dict[str, object]:
    """The figures for a program."""
    return {
        "period": str(figures.period),
        "cases": len(figures.cases),
        "steps": [_object(line) for line in figures.steps],
        "departments": [_object(line) for line in figures.departments],
        "remarks": list(figures.remarks),
    }


def _object(line: Line) -> dict[str, object]:
    return {
        "step": line.step.name,
        "department": line.department,
        "unit": {"天": "days", "工作日": "workdays"}[line.step.unit],
        "n": len(line.cases),
        "median": line.median,
        "p90": line.ninth,
        "longest": line.longest,
        "with_limit": line.judged,
        "in_time": line.in_time,
        "share_in_time": line.share,
    }
