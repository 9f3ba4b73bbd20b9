"""``zlxl satisfaction``: shows, writes the sheet of a period, opens requests for low scores."""

from __future__ import annotations

import json
import warnings
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.figures.surveyed import TODAY, client, incident, survey
from tests.hosts.conftest import Run
from tests.messy.book import Sheet, save
from zlxl.excel.write import write_workbook
from zlxl.sheet import Workbook
from zlxl.sheets.data import data_sheet
from zlxl.tables.catalog import table_named

DAY = ("--today", TODAY.isoformat())
Q3 = ("--period", "2026Q3", *DAY)


@pytest.fixture
def database(here: Path) -> Path:
    """Three questionnaires, two of them low, and the tables that belong to them."""
    rows = {
        "客户台账": [client(number) for number in range(1, 6)],
        "客户要求": [],
        "满意度调查": [
            survey(1, "很满意"),
            survey(2, schedule="不满意", worst="审核时间偏紧", filled_by="王丽", overall="不满意"),
            survey(3, integrity="很不满意", request_no="YQ2026-0007"),
            survey(4, report="不满意"),
            survey(5, None),
        ],
        "重大事件": [incident(1)],
        "变更记录": [],
    }
    path = here / "库.xlsx"
    write_workbook(
        Workbook(sheets=tuple(data_sheet(table_named(name), table) for name, table in rows.items())), path
    )
    return path


def load(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, data_only=True)


def rows_of(path: Path, sheet: str) -> list[dict[str, object]]:
    """Filled rows of a table by header."""
    found = load(path)[sheet]
    area = found.tables[sheet].ref
    heads, *rows = ([cell.value for cell in row] for row in found[area])
    return [dict(zip(heads, row, strict=True)) for row in rows if any(v is not None for v in row)]


def test_it_shows_and_writes_nothing(zlxl: Run, database: Path) -> None:
    before = database.read_bytes()
    told = zlxl("satisfaction", database, *Q3)
    assert told.code == 0
    assert "2026年第三季度客户满意度" in told.out
    assert "审核计划与时间安排" in told.out
    assert database.read_bytes() == before


def test_the_sheet_is_written_and_replaced(zlxl: Run, database: Path) -> None:
    assert zlxl("satisfaction", database, *Q3, "--write").code == 0
    assert zlxl("satisfaction", database, "--period", "2026", *DAY, "--write").code == 0
    assert zlxl("satisfaction", database, *Q3, "--write").code == 0
    assert load(database).sheetnames[-2:] == ["满意度_2026Q3", "满意度_2026"]
    assert load(database)["满意度_2026"]["A1"].value == "2026年度客户满意度分析报告"


def test_low_scores_become_requests_once(zlxl: Run, database: Path) -> None:
    told = zlxl("satisfaction", database, *Q3, "--write", "--low-scores")
    assert "转入“客户要求” 2 条" in told.err
    first, second = rows_of(database, "客户要求")
    assert (first["编号"], second["编号"]) == ("YQ2026-0001", "YQ2026-0002")
    assert first["要求原文"] == (
        "满意度调查低分：审核计划与时间安排、总体满意度；不满意之处：审核时间偏紧；问卷 MY2026-0002"
    )
    assert (first["收集方式"], first["要求内容"], first["要求状态"]) == (
        "满意度调查及评价表",
        "意见和建议",
        "待确认",
    )
    marks = [row["转入要求编号"] for row in rows_of(database, "满意度调查")]
    assert marks == [None, "YQ2026-0001", "YQ2026-0007", "YQ2026-0002", None]
    again = zlxl("satisfaction", database, *Q3, "--write", "--low-scores")
    assert again.code == 0
    assert len(rows_of(database, "客户要求")) == 2


def test_the_sheet_knows_the_numbers_it_opened(zlxl: Run, database: Path) -> None:
    zlxl("satisfaction", database, *Q3, "--write", "--low-scores")
    shown = [c.value for row in load(database)["满意度_2026Q3"].iter_rows() for c in row]
    assert "YQ2026-0002" in shown
    assert "未转入" not in shown


def test_requests_are_only_previewed_without_write(zlxl: Run, database: Path) -> None:
    told = zlxl("satisfaction", database, *Q3, "--low-scores")
    assert "有 2 份低分问卷可转入" in told.err
    assert rows_of(database, "客户要求") == []


def test_what_was_written_can_be_undone(zlxl: Run, database: Path) -> None:
    zlxl("satisfaction", database, *Q3, "--write", "--low-scores")
    assert zlxl("undo", database).code == 0
    assert [row["转入要求编号"] for row in rows_of(database, "满意度调查")][1] is None


def test_the_database_stays_valid(zlxl: Run, database: Path) -> None:
    before = zlxl("validate", database, *DAY, "--format", "json").report["summary"]["error"]
    zlxl("satisfaction", database, *Q3, "--write", "--low-scores")
    assert zlxl("validate", database, *DAY, "--format", "json").report["summary"]["error"] == before


def test_json_has_all_three_figures_of_the_year(zlxl: Run, database: Path) -> None:
    told = zlxl("satisfaction", database, "--period", "2026", *DAY, "--format", "json").report
    assert told["annual"] == pytest.approx(told["current"]["index"] - told["deduction"])
    assert (told["deduction"], told["integrity_flag"], told["response"]["sent"]) == (1.0, True, 5)
    assert [low["survey"] for low in told["low_scores"]] == ["MY2026-0003", "MY2026-0002", "MY2026-0004"]


def test_json_holds_nothing_that_is_no_json(zlxl: Run, database: Path) -> None:
    told = zlxl("satisfaction", database, "--period", "2024", *DAY, "--format", "json").out
    assert json.loads(told, parse_constant=pytest.fail)["current"]["index"] is None


def test_a_report_of_its_own(zlxl: Run, database: Path, here: Path) -> None:
    report = here / "报告" / "三季度.xlsx"
    assert zlxl("satisfaction", database, *Q3, "--output", f"xlsx={report}").code == 0
    assert load(report).sheetnames == ["满意度_2026Q3"]
    assert zlxl("satisfaction", database, *Q3, "--output", f"xlsx={report}").code == 2
    assert zlxl("satisfaction", database, *Q3, "--output", f"xlsx={report}", "--force").code == 0


@pytest.mark.parametrize("period", ["2026Q5", "第三季度", "26"])
def test_a_wrong_period_is_told(zlxl: Run, database: Path, period: str) -> None:
    told = zlxl("satisfaction", database, "--period", period)
    assert told.code == 2
    assert "2026Q3" in told.err


def test_a_workbook_without_questionnaires_is_told(zlxl: Run, here: Path) -> None:
    path = here / "台账.xlsx"
    write_workbook(Workbook(sheets=(data_sheet(table_named("客户台账"), [client(1)]),)), path)
    told = zlxl("satisfaction", path, *Q3)
    assert told.code == 2
    assert "满意度调查" in told.err


def test_low_scores_need_a_sheet_of_requests(zlxl: Run, here: Path) -> None:
    path = here / "少.xlsx"
    rows = [survey(1, "不满意")]
    write_workbook(Workbook(sheets=(data_sheet(table_named("满意度调查"), rows),)), path)
    told = zlxl("satisfaction", path, *Q3, "--write", "--low-scores")
    assert told.code == 2
    assert "客户要求" in told.err


def test_plain_sheets_with_other_headers_are_analysed_by_value(zlxl: Run, here: Path) -> None:
    """No Excel table, synonyms as headers, answers in other words: the numbers are values then."""
    heads = [
        "问卷号",
        "合同号",
        "公司名称",
        "审核类型",
        "下发时间",
        "回收时间",
        "是否有效",
        "专业能力",
        "服务态度",
    ]
    items = ["咨询与信息提供", "报价透明", "时间安排", "公正性", "廉洁", "报告质量", "证书时效"]
    line = [
        "A1",
        "ZL20260001-Q",
        "甲公司",
        "初次审核",
        date(2026, 7, 6),
        date(2026, 7, 9),
        "有效",
        "5",
        "比较满意",
    ]
    path = here / "旧.xlsx"
    save(path, Sheet("满意度调查").put(1, 1, heads + items).put(2, 1, [*line, *["满意"] * 7]))
    told = zlxl("satisfaction", path, *Q3, "--write")
    assert told.code == 0, told.err
    shown = zlxl("satisfaction", path, *Q3, "--format", "json").report
    assert shown["current"]["n"] == 1
    assert shown["current"]["index"] == pytest.approx((15 * 100 + 72 * 80) / 87)


def test_a_csv_can_be_analysed_but_not_written(zlxl: Run, here: Path) -> None:
    path = here / "满意度调查.csv"
    path.write_text("问卷编号,企业名称,下发日期,下发方式\nMY2026-0001,甲公司,2026-07-06,网络\n", "utf-8")
    assert zlxl("satisfaction", path, *Q3).code == 0
    assert zlxl("satisfaction", path, *Q3, "--write").code == 2
