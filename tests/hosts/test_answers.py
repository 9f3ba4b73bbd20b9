"""An answer proposed for a request cites the document with the version in force (4.8.1)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tests.hosts.conftest import Run
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.tables.catalog import TABLES
from zlxl.tables.documents import DOCUMENTS
from zlxl.tables.requests import REQUESTS

DAY = date(2026, 11, 24)


def test_an_enquiry_about_marks_is_answered_with_the_passage(zlxl: Run, here: Path) -> None:
    """Version and day are those of 公开文件, not of the text in 权限表."""
    request = {
        "request_no": "YQ2026-0001",
        "received_on": DAY,
        "client": "恒泰",
        "contact": "王丽",
        "phone": "13800000000",
        "text": "认证标志的使用规定不清楚，请解释一下标志怎么用",
    }
    document = {**DOCUMENTS.shipped[2], "version": "C/5", "effective_on": date(2026, 6, 1)}
    rows = {table.name: [] for table in TABLES} | {REQUESTS.name: [request], DOCUMENTS.name: [document]}
    write_workbook(new_workbook(rows, today=DAY), here / "库.xlsx")
    told = json.loads(zlxl("classify", "库.xlsx", "--today", "2026-11-24", "--format", "json").out)
    assert told["requests"][0]["topics"] == ["标志使用规定解释"]
    assert (
        "《认证证书和认证标志使用规定》（GK-03，版本 C/5，2026-06-01 起实施）"
        in told["requests"][0]["answer"]
    )
    shown = zlxl("classify", "库.xlsx", "--today", "2026-11-24").out
    assert "建议答复（确认后使用）：1 条\n  YQ2026-0001  标志使用规定解释：" in shown
    assert "GK-03，版本 C/5" in shown
