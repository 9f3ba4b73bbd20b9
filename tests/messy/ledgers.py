"""A small right ledger to be messed up, and how to look at what is accused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import zlxl
from tests.messy.book import Sheet, save
from zlxl.findings import FileReport
from zlxl.tables.clients import CLIENTS

TODAY = date(2024, 6, 30)
CORE = tuple(column.header for column in CLIENTS.columns.values() if column.core)
FIRST: Mapping[str, object] = {
    "合同编号": "ZL20230015-QE",
    "证书编号": "01623Q00015R0M",
    "企业名称": "石家庄恒泰机械有限公司",
    "受理申请时间": date(2023, 3, 1),
    "审核时间": date(2023, 4, 10),
    "初审费用": 18000,
    "监审费用": 8000,
    "计划监审时间": date(2024, 3, 20),
    "实施时间": date(2024, 3, 18),
    "状态": "有效",
    "企业省份": "河北省",
    "详细地址": "河北省石家庄市长安区建设北大街1号",
    "邮编": "050000",
    "联系人": "王丽",
    "联系电话": "0311-85551234",
    "专业代码": "18.02.03",
    "认证范围": "通用机械的设计、生产和销售",
}
SECOND = {**FIRST, "证书编号": "01623E00015R0M"}
THIRD = {
    **FIRST,
    "合同编号": "ZL20230028-Q",
    "证书编号": "01623Q00028R0S",
    "企业名称": "济南华瑞食品有限公司",
    "企业省份": "山东省",
    "详细地址": "山东省济南市历下区泉城路8号",
    "邮编": "250000",
    "联系人": "李",
    "联系电话": "13800000000",
    "专业代码": "03.05.02",
}
ROWS = (FIRST, SECOND, THIRD)
Lines = Sequence[Sequence[object]]


def lines(*rows: Mapping[str, object], headers: Sequence[str] = CORE) -> list[list[object]]:
    """Rows as lists in the order of the headers."""
    return [[row.get(header) for header in headers] for row in rows]


def faulty(row: Mapping[str, object], **faults: object) -> dict[str, object]:
    """A row with some cells replaced."""
    return {**row, **faults}


BROKEN = faulty(
    THIRD, 邮编="2500", 状态="在途", 审核时间="下周", 合同编号="ZL20230029-Q", 证书编号="01623Q00029R0S"
)
BROKEN_CODES = {"邮编": "ZL131", "状态": "ZL140", "审核时间": "ZL102"}


def check(path: Path, **options: object) -> FileReport:
    """Validate as a user does."""
    return zlxl.validate(path, **{"today": TODAY, **options})  # type: ignore[arg-type]


def check_sheets(folder: Path, *sheets: Sheet, name: str = "台账.xlsx", **made: bool) -> FileReport:
    """Save the sheets and validate them."""
    return check(save(folder / name, *sheets, **made))


def spots(report: FileReport, *, sheet: str | None = None) -> set[tuple[str, str]]:
    """Rule and cell of every finding (of one sheet)."""
    return {(f.rule, f.cell or str(f.row)) for f in report.findings if sheet in (None, f.sheet)}


def seen(report: FileReport) -> list[tuple[str, str, int, int]]:
    """Table, sheet, header row and number of rows of every table that was found."""
    return [(t.table, t.sheet, t.header_row, t.rows) for t in report.tables]
