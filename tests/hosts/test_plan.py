"""``zlxl plan``: shows, writes 待办提醒 and the rows that 服务计划 lacks, and a calendar."""

import warnings
from datetime import date

import icalendar
import openpyxl

from tests.figures.books import certificate
from tests.messy.book import Sheet, save
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook

TODAY = date(2026, 11, 24)
DAY = ("--today", "2026-11-24")


def load(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the extensions it does not know
        return openpyxl.load_workbook(path)


def plans(path):
    rows = load(path)["服务计划"].iter_rows(min_row=3, max_col=1, values_only=True)
    return [number for (number,) in rows if number]


def test_what_is_overdue_is_a_result_and_no_error(zlxl, here):
    """However late: the plan was made. ``zlxl validate`` is the one that finds."""
    path = here / "晚.xlsx"
    write_workbook(new_workbook({"客户台账": [certificate(audited_on=date(2025, 1, 6))]}), path)
    outcome = zlxl("plan", path, *DAY)
    assert (outcome.code, "逾期 1" in outcome.out) == (0, True)
    assert zlxl("grade", path, *DAY).code == 0


def test_nothing_is_written_unasked(zlxl, database):
    before = database.read_bytes()
    outcome = zlxl("plan", database, *DAY)
    assert outcome.code == 0
    assert "2026-11-24 共" in outcome.out
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["库.xlsx"]


def test_json_tells_rule_source_and_days_left(zlxl, database):
    report = zlxl("plan", database, *DAY, "--format", "json").report
    audits = [item for item in report["items"] if item["kind"] == "监督审核"]
    assert audits
    assert all(item["rule"] == "CNCA-QMS-01:2025" and item["source"] for item in audits)
    order = ["逾期", "紧急", "临近", "未到"]
    places = [(order.index(item["urgency"]), item["days_left"]) for item in report["items"]]
    assert places == sorted(places)


def test_written_twice_adds_nothing_twice(zlxl, database):
    before = plans(database)
    report = zlxl("plan", database, *DAY, "--format", "json", "--write").report
    once = plans(database)
    assert len(once) == len(before) + len(report["proposals"]) > len(before)
    assert len(set(once)) == len(once)
    assert load(database).sheetnames.count("待办提醒") == 1
    again = zlxl("plan", database, *DAY, "--write", "--format", "json").report
    assert (again["proposals"], plans(database)) == ([], once)
    assert load(database).sheetnames.count("待办提醒") == 1
    assert zlxl("validate", database, *DAY).code == 0


def test_an_empty_plan_is_filled(zlxl, here):
    path = here / "新.xlsx"
    write_workbook(new_workbook({"客户台账": [certificate()]}, today=TODAY), path)
    assert zlxl("plan", path, *DAY, "--write").code == 0
    assert plans(path) == ["FW2026-0001", "FW2026-0002", "FW2026-0003"]


def test_what_was_written_can_be_undone(zlxl, database):
    before = plans(database)
    zlxl("plan", database, *DAY, "--write")
    assert zlxl("undo", database).code == 0
    assert plans(database) == before


def test_files_are_written_where_asked_and_nothing_is_overwritten(zlxl, database, here):
    arguments = (
        "plan",
        database,
        *DAY,
        "--ics",
        "待办.ics",
        "--output",
        "xlsx=待办.xlsx",
        "--output",
        "json=a.json",
    )
    assert zlxl(*arguments).code == 0
    calendar = icalendar.Calendar.from_ical((here / "待办.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) > 20
    assert load(here / "待办.xlsx").sheetnames == ["待办提醒"]
    refused = zlxl(*arguments)
    assert (refused.code, "已存在" in refused.err) == (2, True)
    assert zlxl(*arguments, "--force").code == 0
    assert zlxl("plan", database, "--ics", database).code == 2


def test_a_workbook_without_a_ledger_says_so(zlxl, here):
    path = save(
        here / "a.xlsx",
        Sheet("节假日").rows(1, 1, [["日期", "名称", "类型"], ["2026-01-01", "元旦", "休息日"]]),
    )
    outcome = zlxl("plan", path)
    assert (outcome.code, "客户台账" in outcome.err) == (2, True)


def test_a_foreign_ledger_alone_is_planned_and_lacks_only_the_plan(zlxl, good):
    outcome = zlxl("plan", good, "--today", "2024-06-30", "--write")
    assert outcome.code == 0
    assert "没有“服务计划”表" in outcome.err


def test_csv_is_planned_but_not_written(zlxl, here):
    path = here / "台账.csv"
    path.write_text("合同编号,企业名称,状态,审核时间\nZL20250001-Q,甲,有效,2025-12-10\n", "utf-8-sig")
    assert "监督审核" in zlxl("plan", path, *DAY).out
    assert zlxl("plan", path, *DAY, "--write").code == 2


def test_a_broken_file_is_code_3(zlxl, broken):
    assert zlxl("plan", broken).code == 3
