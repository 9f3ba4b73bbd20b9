"""Turnaround as a job: the figures of a period from a workbook, its sheet, its words (4.10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from zlxl.figures.pipeline import count
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.turnaround import Summary, Turnaround, turnaround
from zlxl.figures.workdays import workdays
from zlxl.grid import TableSource
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.reports.words import one_line
from zlxl.tables.holidays import HOLIDAYS

LISTED: Final = 10  #: open applications told one by one


def measure(source: TableSource, period: Period, *, today: date) -> Turnaround:
    """The steps finished in the period.

    Raises:
        Unreadable: the source cannot be read, or holds no table that is known.
    """
    book = read_book(source, Settings(today=today))
    return turnaround(book, workdays(book.of(HOLIDAYS)), period)


def turnaround_lines(figures: Turnaround) -> Iterator[str]:
    """The figures as a person reads them."""
    yield f"流程时效 {figures.period.chinese}：{len(figures.cases)} 件。"
    for line in (*figures.steps, *figures.departments):
        yield f"  {_line(line)}"
    if not figures.cases:
        yield "这个时期没有结束的环节。"
    yield from _open_lines(figures)


def _open_lines(figures: Turnaround) -> Iterator[str]:
    """Applications on their way, those that wait longest first."""
    counted = "，".join(f"{state} {number}" for state, number in count(figures.open).items())
    yield f"在办（截至 {figures.today}）：{counted or '没有'}。"
    longest = sorted(figures.open, key=lambda one: -one.days)
    for one in longest[:LISTED]:
        yield one_line(f"  {one.state} {one.days} 天　{one.number} {one.client}　还缺{one.missing}")
    if len(longest) > LISTED:
        yield f"  另有 {len(longest) - LISTED} 项，见工作表或 --format json。"


def _line(line: Summary) -> str:
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
        "open": [
            {
                "state": one.state,
                "number": one.number or None,
                "client": one.client or None,
                "since": one.since.isoformat() if one.since else None,
                "days": one.days,
                "missing": one.missing,
            }
            for one in figures.open
        ],
        "remarks": list(figures.remarks),
    }


def _object(line: Summary) -> dict[str, object]:
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
