"""Group 校验: findings listed, visited one by one, and the list deleted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from zlxl.hosts.ribbon.findings import checked, finding_line, listing_of, open_findings
from zlxl.hosts.ribbon.steps import Listing, put, told

if TYPE_CHECKING:
    from zlxl.findings import FileReport
    from zlxl.hosts.ribbon.book import OpenBook

CHECK: Final = "检查全表"


def check_workbook(book: OpenBook, today: date) -> str:
    """Check every row, and list the findings on 校验结果 (4.2.1)."""
    from zlxl.jobs.marks import mark

    report, run = checked(book, today)
    edits = replace(mark(book, report, run).edits, marks=None)
    head = (f"共查出：{_counts(report)}。", *report.remarks)
    return put(book, edits, listing_of(CHECK, report.findings, *head))


def _counts(report: FileReport) -> str:
    from zlxl.findings import Severity

    counts = [f"{severity.chinese} {report.count(severity)}" for severity in Severity]
    states = {"known": "基线中已有", "waived": "已豁免"}
    found = {state: sum(f.state == state for f in report.findings) for state in states}
    return "，".join([*counts, *(f"{states[state]} {count}" for state, count in found.items() if count)])


def check_selection(book: OpenBook, today: date) -> str:
    """List the findings of the selected rows."""
    sheet, top, bottom = book.selected_rows()
    found = [f for f in open_findings(book, today) if f.sheet == sheet and f.row and top <= f.row <= bottom]
    rows = f"“{sheet}”第 {top} 行" if top == bottom else f"“{sheet}”第 {top} 至 {bottom} 行"
    return told(book, listing_of("检查选中", found)) if found else f"{rows}没有问题。"


def next_finding(book: OpenBook, today: date) -> str:
    """Select the next cell at fault, behind the selected one; the reason stands in a message."""
    from zlxl.grid import Area

    sheet, top, _ = book.selected_rows()
    order = {grid.sheet: number for number, grid in enumerate(book.grids())}
    found = [f for f in open_findings(book, today) if f.cell and f.row]
    if not found:
        return "没有问题。"
    here = order.get(sheet, 0), top
    ahead = [f for f in found if (order[f.sheet], f.row or 0) > here]
    finding = min(ahead or found, key=lambda f: (order[f.sheet], f.row or 0))
    area = Area.parse(finding.cell or "A1")
    book.select(finding.sheet, area.top, area.left)
    return finding_line(finding)


def clear_marks(book: OpenBook, _today: date) -> str:
    """Delete 校验结果."""
    from zlxl.edits import Edits
    from zlxl.sheets.results import RESULTS

    if RESULTS not in {grid.sheet for grid in book.grids()}:
        return f"没有工作表“{RESULTS}”，未改动。"
    if not book.confirm(f"删除工作表“{RESULTS}”（连同其中写下的处理结果）？"):
        return ""
    written = book.apply(Edits(removed=(RESULTS,)))
    return told(book, Listing(title="清除结果", lines=[f"已删除工作表“{RESULTS}”。", *written.remarks]))
