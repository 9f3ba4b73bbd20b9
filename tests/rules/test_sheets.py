"""Rules that look across several sheets of the same table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.grids import FORMATS, grid_of
from zlxl.grid import Cell, Kind, MemoryGrid
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS

ROW: dict[str, Any] = {"contract_no": "ZL20260015-Q", "client": "某公司", "certificate_no": "01626Q00015R0M"}


def test_long_texts_that_only_programs_read_are_left_out_of_the_text_format() -> None:
    """So our own log is no finding."""
    styles = [FORMATS.index("@")] * 3 + [FORMATS.index("General")]
    log = [{field: Cell(Kind.TEXT, "x", style) for field in ("run_id", "restore")} for style in styles]
    report = validate(Log(grid_of(CHANGES, log)), Settings(today=date(2026, 11, 24), select=("ZL108",)))
    assert [(f.column, f.cell) for f in report.findings] == [("运行编号", "K5")]


@dataclass(frozen=True)
class Log:
    """A workbook with nothing but a log."""

    grid: MemoryGrid
    path: str = "库.xlsx"

    def grids(self) -> list[Any]:
        """The log."""
        return [self.grid]


class TwoYears:
    """A workbook with a ledger a year."""

    path = "台账.xlsx"

    def grids(self) -> list[Any]:
        """Both sheets."""
        later = [ROW | {"certificate_no": "01626Q00016R0M"}, dict(ROW)]
        return [grid_of(CLIENTS, [dict(ROW)], sheet="2025"), grid_of(CLIENTS, later, sheet="2026")]


def test_a_certificate_on_two_sheets_is_accused_on_the_later_one() -> None:
    report = validate(TwoYears(), Settings(today=date(2026, 11, 24), select=("ZL182",)))
    assert [(f.sheet, f.cell, f.related) for f in report.findings] == [("2026", "B3", ("2025!B2",))]
