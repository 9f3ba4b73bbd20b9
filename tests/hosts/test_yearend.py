"""``zlxl yearend`` on a file: its figures, its sheet, and another program that computes it alike."""

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

DAY = date(2026, 11, 24)
TODAY = ("--today", "2026-11-24")
DB, SHEET = "库.xlsx", "年终汇总_2026"

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample database."""
    path = tmp_path_factory.mktemp("stored") / DB
    write_workbook(new_workbook(sample_rows(seed=16, clients=40, today=DAY), today=DAY), path)
    return path


@pytest.fixture
def database(stored: Path, here: Path) -> Path:
    """The database, to work on."""
    return Path(shutil.copy(stored, here))


def report(run: Run, *args: object) -> dict[str, Any]:
    """The JSON of a run."""
    found: dict[str, Any] = json.loads(run("yearend", *args, "--format", "json", *TODAY).out)
    return found


def test_without_write_nothing_is_written(zlxl: Run, database: Path) -> None:
    """The conclusion is told on the screen, with its numbers."""
    before = database.read_bytes()
    done = zlxl("yearend", database, *TODAY)
    assert done.code == 0
    assert "1. 总体：2026年度收到" in done.out
    assert "共性问题：" in done.out
    assert database.read_bytes() == before


def test_write_puts_one_sheet_and_again_the_same(zlxl: Run, database: Path) -> None:
    """The sheet replaces its earlier self and is no table to check."""
    summary = zlxl("validate", database, "--format", "json", *TODAY).report["summary"]
    for _ in range(2):
        assert SHEET in zlxl("yearend", database, "--write", *TODAY).err
    assert load_workbook(database).sheetnames.count(SHEET) == 1
    assert zlxl("validate", database, "--format", "json", *TODAY).report["summary"] == summary


def test_counts_add_up(zlxl: Run, database: Path) -> None:
    """Every table of the summary counts every request of the year once."""
    asked = report(zlxl, database)["requests"]
    rows = sample_rows(seed=16, clients=40, today=DAY)["客户要求"]
    assert asked["n"] == sum(row["received_on"].year == 2026 for row in rows) > 20
    for name in ("by_class", "by_topic", "by_department", "by_kind", "by_state", "by_month"):
        assert sum(line["n"] for line in asked[name]) == asked["n"]
        for line in asked[name]:
            assert sum(number for key, number in line.items() if key not in ("name", "n")) == line["n"]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_every_cell_alike(zlxl: Run, database: Path, tmp_path: Path) -> None:
    """Recalculated over the tables of the workbook, no cell of the sheet differs."""
    zlxl("yearend", database, "--write", *TODAY)
    anew = recalculate([database], tmp_path / "lo")[0]
    formulas = load_workbook(database)[SHEET]
    ours, theirs = (load_workbook(path, data_only=True)[SHEET] for path in (database, anew))
    compared = 0
    for row in formulas.iter_rows():
        for cell in row:
            compared += cell.data_type == "f"
            one, other = (comparable(sheet[cell.coordinate].value) for sheet in (ours, theirs))
            assert one == other, (cell.coordinate, cell.value)
    assert compared > 500


def comparable(value: object) -> object:
    """A value without what two programs write differently: the last digits, and an empty text."""
    return round(value, 9) if isinstance(value, float) else None if value == "" else value


def test_an_empty_year_is_told_and_written(zlxl: Run, database: Path) -> None:
    """A year without requests has a sheet without error."""
    done = zlxl("yearend", database, "--period", "2019", "--output", "xlsx=汇总.xlsx", *TODAY)
    assert "没有登记" in done.out
    assert load_workbook("汇总.xlsx").sheetnames == ["年终汇总_2019"]


@pytest.mark.parametrize(("text", "told"), [("去年", "请写成 2026"), ("2026Q3", "按年度")])
def test_a_period_that_is_no_year_is_refused(zlxl: Run, database: Path, text: str, told: str) -> None:
    """With an example."""
    done = zlxl("yearend", database, "--period", text, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
