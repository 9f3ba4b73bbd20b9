"""``zlxl turnaround`` on a file: a sheet of formulas that another program computes alike."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.hosts.conftest import Run
from tests.libreoffice import SOFFICE, recalculate
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.samples.database import sample_rows
from zlxl.sheets.turnaround import OPEN

DAY = date(2026, 11, 24)
TODAY = ("--today", "2026-11-24")
DB, SHEET = "库.xlsx", "流程时效_2026"

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample database."""
    path = tmp_path_factory.mktemp("stored") / DB
    write_workbook(new_workbook(sample_rows(seed=3, clients=12, today=DAY), today=DAY), path)
    return path


@pytest.fixture
def database(stored: Path, here: Path) -> Path:
    """The database, to work on."""
    return Path(shutil.copy(stored, here))


def test_without_write_nothing_is_written(zlxl: Run, database: Path) -> None:
    """Steps and departments are told on the screen."""
    before = database.read_bytes()
    done = zlxl("turnaround", database, *TODAY)
    assert done.code == 0
    assert "要求办结　各部门" in done.out
    assert "审核到颁证　评定部" in done.out
    assert database.read_bytes() == before


def test_write_puts_one_sheet_and_again_the_same(zlxl: Run, database: Path) -> None:
    """The sheet replaces its earlier self and is no table to check."""
    summary = zlxl("validate", database, "--format", "json", *TODAY).report["summary"]
    for _ in range(2):
        assert "流程时效_2026" in zlxl("turnaround", database, "--write", *TODAY).err
    assert load_workbook(database).sheetnames.count(SHEET) == 1
    assert zlxl("validate", database, "--format", "json", *TODAY).report["summary"] == summary


def test_screen_and_sheet_say_the_same(zlxl: Run, database: Path) -> None:
    """The cached values of the sheet are the figures of the JSON."""
    done = zlxl("turnaround", database, "--output", "xlsx=时效.xlsx", "--format", "json", *TODAY)
    told = json.loads(done.out)
    lines = values(Path("时效.xlsx"))[3 : 3 + len(told["steps"])]
    assert sum(row[1] for row in values(Path("时效.xlsx"), OPEN)[3:9]) == len(told["open"])
    assert [(line[0], line[4], line[5], line[6], line[7]) for line in lines] == [
        (s["step"], s["n"], s["median"], pytest.approx(s["p90"]), s["longest"]) for s in told["steps"]
    ]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_every_cell_alike(zlxl: Run, database: Path, tmp_path: Path) -> None:
    """Recalculated, no cell differs."""
    zlxl("turnaround", database, "--output", "xlsx=时效.xlsx", *TODAY)
    anew = recalculate([Path("时效.xlsx")], tmp_path / "lo")[0]
    for sheet in (SHEET, OPEN):
        ours, theirs = values(Path("时效.xlsx"), sheet), values(anew, sheet)
        assert [list(map(comparable, row)) for row in ours] == [list(map(comparable, row)) for row in theirs]


def comparable(value: object) -> object:
    """A value without what two programs write differently: the last digits, and an empty text."""
    return round(value, 9) if isinstance(value, float) else None if value == "" else value


def values(path: Path, sheet: str = SHEET) -> list[list[Any]]:
    """Values of the sheet, row by row."""
    return [list(row) for row in load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]


def test_an_empty_period_is_told_and_written(zlxl: Run, database: Path) -> None:
    """A sheet without cases has no chart and no error."""
    done = zlxl("turnaround", database, "--period", "2019Q1", "--output", "xlsx=时效.xlsx", *TODAY)
    assert "这个时期没有结束的环节" in done.out
    assert load_workbook("时效.xlsx").sheetnames == ["流程时效_2019Q1", OPEN]


def test_a_period_that_is_none_is_refused(zlxl: Run, database: Path) -> None:
    """With an example."""
    done = zlxl("turnaround", database, "--period", "去年", *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "请写成 2026 或 2026Q3" in done.err
