"""The validation report as a workbook: what was found, for people to work through, print and sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zlxl.findings import Run
from zlxl.rules.rule import Rule
from zlxl.sheet import Properties, Sheet, Workbook
from zlxl.sheets.report_info import info_sheet, rules_sheet
from zlxl.sheets.report_list import fixes_sheet, list_sheet
from zlxl.sheets.report_records import comparison_sheet, records_sheet
from zlxl.sheets.report_remarks import Remark, read_remarks
from zlxl.sheets.report_summary import summary_sheet
from zlxl.sheets.report_view import View
from zlxl.sheets.report_words import PROCEDURE, SUMMARY, verdict

__all__ = ["Remark", "read_remarks", "report_sheets", "report_workbook"]


def report_sheets(
    run: Run, rules: Mapping[str, Rule], remarks: Mapping[str, Remark], *, folder: str = "."
) -> list[Sheet]:
    """The sheets of the report; ``remarks`` are the lines of the report before it.

    ``folder`` is where the report will stand: links to the checked files are relative to it.
    """
    view = View(run=run, rules=rules, earlier=remarks, folder=folder)
    return [
        summary_sheet(view),
        list_sheet(view),
        records_sheet(view),
        fixes_sheet(view),
        comparison_sheet(view),
        rules_sheet(view),
        info_sheet(view),
    ]


def report_workbook(
    run: Run, rules: Mapping[str, Rule], remarks: Mapping[str, Remark], *, folder: str = "."
) -> Workbook:
    """The report as a workbook of its own."""
    return Workbook(
        sheets=tuple(report_sheets(run, rules, remarks, folder=folder)),
        properties=Properties(
            title="客户服务数据库校验报告",
            subject=f"{PROCEDURE} {verdict(run)}",
            category="校验报告",
            comments=f"zlxl {run.version}",
            created=_moment(run.started),
        ),
        active=SUMMARY,
    )


def _moment(started: str) -> datetime:
    try:
        return datetime.fromisoformat(started).replace(tzinfo=None)
    except ValueError:
        return datetime(2026, 1, 1)
