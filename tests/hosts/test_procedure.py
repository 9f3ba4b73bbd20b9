"""The procedure carried out on one database: what each job leaves in it, and what is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from tests import libreoffice
from zlxl.excel.write import write_workbook
from zlxl.hosts.check import check_file
from zlxl.hosts.cli import cli
from zlxl.hosts.procedure import FILES, carry_out
from zlxl.jobs.new import new_workbook
from zlxl.jobs.settings import Settings
from zlxl.samples.database import sample_rows
from zlxl.sheets.front_analyses import ANALYSES, NOT_YET

TODAY = date(2026, 11, 24)
SHEETS = (
    "企业分级",
    "待办提醒",
    "满意度_2026Q3",
    "满意度_2026",
    "流程时效_2026",
    "流程时效_在办",
    "年终汇总_2026",
    "获证客户名录",
)
COMMANDS = (
    *("classify", "grade", "plan", "satisfaction", "satisfaction", "turnaround", "yearend", "directory"),
)


def _database(folder: Path, today: date = TODAY, clients: int = 30) -> Path:
    folder.mkdir()
    path = folder / "库.xlsx"
    write_workbook(new_workbook(sample_rows(seed=16, clients=clients, today=today), today=today), path)
    return path


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    path = _database(tmp_path_factory.mktemp("procedure") / "a")
    return path, tuple(carry_out(path, TODAY))


@pytest.fixture(scope="module")
def book(done):
    return openpyxl.load_workbook(done[0], read_only=True)


def _said(*args: object) -> str:
    return CliRunner().invoke(cli, [*map(str, args), "--today", str(TODAY)]).output


def test_every_job_says_what_it_found_and_where(done, book):
    path, steps = done
    assert tuple(step.command for step in steps) == tuple(f"zlxl {name}" for name in COMMANDS)
    places = [place for step in steps for place in step.places]
    assert {*SHEETS, *FILES, "客户要求"} <= set(places)
    assert all(place in book.sheetnames or (path.parent / place).is_file() for place in places)
    assert all(step.found and "\n" not in step.found for step in steps)


def test_nothing_lies_beside_it_but_the_files_it_names(done):
    path, _ = done
    assert {file.name for file in path.parent.iterdir()} == {path.name, *FILES}


def test_the_database_stays_without_findings(done):
    report = check_file(done[0], Settings(today=TODAY))
    assert report.reason is None
    assert report.findings == ()


def test_the_first_sheet_leads_to_every_analysis_that_was_made(tmp_path):
    """By formulas alone: a link and the day where there is such a sheet, else how to make it."""
    today = date.today()
    path = _database(tmp_path / "today", today, clients=5)
    tuple(carry_out(path, today))
    (theirs,) = libreoffice.recalculate([path], tmp_path / "recalculated")
    with CalamineWorkbook.from_path(theirs) as book:
        front, sheets = book.get_sheet_by_name("首页").to_python(skip_empty_area=False), book.sheet_names
    top = next(number for number, row in enumerate(front) if row[1] == "分析与报告") + 2
    told = {row[1]: row[4] for row in front[top : top + len(ANALYSES)]}
    assert len(told) == len(ANALYSES)
    assert {name for name, said in told.items() if said != NOT_YET} == told.keys() & set(sheets)
    assert {*told.values()} == {NOT_YET, today.isoformat()}
    assert told["待办提醒"] == told["企业分级"] == told[f"年终汇总_{today.year}"] == today.isoformat()


def test_the_workbook_holds_the_charts_of_the_analysis(done):
    with ZipFile(done[0]) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 6


def test_the_commands_find_the_same_and_nothing_more_to_do(done):
    path, steps = done
    assert steps[1].found in _said("grade", path)
    assert "服务计划中缺少" not in _said("plan", path)
    assert "不再写入" in _said("directory", path, "--write")


def test_the_log_bears_the_day_and_a_run_for_each_job_that_changed_rows(book):
    lines = [row for row in book["变更记录"].iter_rows(values_only=True) if row and "演示" in row]
    commands = {cell for row in lines for cell in row if str(cell).startswith("zlxl ")}
    assert {"zlxl plan", "zlxl directory"} <= commands <= {f"zlxl {name}" for name in COMMANDS}
    assert all(any(str(cell).startswith(f"{TODAY} 17:") for cell in row) for row in lines)


def test_one_client_is_enough_and_the_quarter_is_the_last_full_one(tmp_path):
    steps = tuple(carry_out(_database(tmp_path / "a", date(2025, 1, 2), clients=1), date(2025, 1, 2)))
    assert [step.places for step in steps[3:5]] == [("满意度_2024Q4",), ("满意度_2025",)]
