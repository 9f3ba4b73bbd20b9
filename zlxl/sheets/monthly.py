"""证书状态月报: the regulator's list of certificates whose status changed in a month."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from zlxl.figures.monthly import HEADERS, MonthlyReport
from zlxl.sheet import Cell, Sheet, Style, Workbook
from zlxl.sheets.data import NAV_ROW
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

NAME: Final = "证书状态月报"
_WIDE: Final = {"单位名称": 30, "办公场所地址": 36, "认证范围": 40, "编号": 20, "合同号": 18, "邮箱": 22}
_WRAPPED: Final = frozenset({"单位名称", "办公场所地址", "认证范围"})


def monthly_workbook(report: MonthlyReport) -> Workbook:
    """The file of the report."""
    return Workbook(sheets=(monthly_sheet(report),), active=NAME)


def monthly_sheet(report: MonthlyReport) -> Sheet:
    """One row an event; everything is text, as it is to be copied into the regulator's form."""
    fields = [
        Field(
            header=header,
            width=_WIDE.get(header, 13),
            style=Style.NOTE if header in _WRAPPED else Style.CODE,
        )
        for header in HEADERS
    ]
    rows = [[cell_text(text) for text in row] for row in report.rows]
    sheet = table_sheet(NAME, told(report), fields, rows, frozen=2, title="中澜认证有限公司")
    return replace(sheet, cells={**sheet.cells, (NAV_ROW, 1): Cell(style=Style.NAV)})


def told(report: MonthlyReport) -> str:
    """What the report holds and which of its columns the ledger does not fill."""
    known = f"{report.month}，{len(report.rows)} 条，{report.due} 前上报。含联系人和费用，不得公开。"
    return f"{known}台账中没有填写、报表留空的列：{'、'.join(report.empty)}。" if report.empty else known
