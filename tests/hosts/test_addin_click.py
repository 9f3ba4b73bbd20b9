"""From the click to the cells: callback, RunPython, the button's function, a workbook open in LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.addin_excel import Control, Server, opened
from tests.hosts.conftest import ledger
from tests.messy.ledgers import BROKEN, BROKEN_CODES, FIRST
from tests.xlwings_uno import App, office
from zlxl.excel.addin import package
from zlxl.hosts.addin import addin, sources_folder
from zlxl.sheets.results import RESULTS


def _execute(line: str) -> None:
    exec(line, {})


def _unused(module: str, name: str, arguments: list[object]) -> object:
    raise AssertionError(name)


@pytest.fixture(scope="module")
def spreadsheet() -> Iterator[App]:
    """A spreadsheet that runs."""
    with office() as app:
        yield app


def test_a_click_fills_the_sheet(spreadsheet: App, tmp_path: Path) -> None:
    """检查全表 asks first: “no” changes nothing, “yes” puts the findings on their sheet."""
    book = spreadsheet.books.open(str(ledger(tmp_path / "库.xlsx", dict(FIRST), BROKEN)))
    path = tmp_path / "zlxl.xlam"
    path.write_bytes(package(addin(sources_folder(), {})))
    excel = opened(path, lambda: Server(_unused, _execute))
    before = [sheet.name for sheet in book.sheets]
    spreadsheet.answer = "no"
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    assert [sheet.name for sheet in book.sheets] == before
    spreadsheet.answer = "yes"
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    shown = {cell for row in book.sheets(RESULTS).used_range.raw_value for cell in row}
    assert set(BROKEN_CODES.values()) <= shown
    assert spreadsheet.status_bar is False
