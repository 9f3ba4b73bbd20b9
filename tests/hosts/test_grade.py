"""``zlxl grade``: shows grades, writes 企业分级, and gives them to ``zlxl plan``."""

import warnings
from datetime import date

import openpyxl

TODAY = date(2026, 11, 24)
DAY = ("--today", "2026-11-24")


def sheets(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the extensions it does not know
        return openpyxl.load_workbook(path).sheetnames


def test_nothing_is_written_unasked(zlxl, database):
    before = database.read_bytes()
    outcome = zlxl("grade", database, *DAY)
    assert (outcome.code, "企业分级" in outcome.out) == (0, True)
    assert database.read_bytes() == before


def test_json_tells_every_client_and_why(zlxl, database):
    report = zlxl("grade", database, *DAY, "--format", "json").report
    assert sum(report["counts"].values()) == len(report["clients"])
    systems = [system for client in report["clients"] for system in client["systems"]]
    assert all(
        {"score", "deduction", "total", "band", "vetoes", "grade", "history"} <= set(s) for s in systems
    )


def test_written_twice_there_is_one_sheet(zlxl, database):
    assert zlxl("grade", database, *DAY, "--write").code == 0
    assert zlxl("grade", database, *DAY, "--write").code == 0
    assert sheets(database).count("企业分级") == 1
    assert zlxl("validate", database, *DAY).code == 0


def test_the_plan_visits_by_grade(zlxl, database):
    grades = {
        c["client"]: c["grade"] for c in zlxl("grade", database, *DAY, "--format", "json").report["clients"]
    }
    items = zlxl("plan", database, *DAY, "--format", "json").report["items"]
    visits = [item for item in items if item["kind"] == "客户回访"]
    assert visits
    assert all(item["grade"] in (grades[item["client"]], "") for item in visits)
    assert any(item["grade"] for item in visits)


def test_a_file_is_written_where_asked(zlxl, database, here):
    assert zlxl("grade", database, *DAY, "--output", "xlsx=分级.xlsx", "--output", "json=a.json").code == 0
    assert sheets(here / "分级.xlsx") == ["企业分级"]
    assert zlxl("grade", database, "--output", "xlsx=分级.xlsx").code == 2


def test_a_ledger_alone_has_no_grades_and_says_so(zlxl, good):
    outcome = zlxl("grade", good, "--today", "2024-06-30")
    assert (outcome.code, "未评级 1" in outcome.out) == (0, True)


def test_a_broken_file_is_code_3(zlxl, broken):
    assert zlxl("grade", broken).code == 3
