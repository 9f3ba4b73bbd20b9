"""Repairs of repairs in thought: as if each round were written into a file and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.grid import Kind
from zlxl.jobs.demo import make_demo
from zlxl.jobs.fix import as_one, plan_fixes
from zlxl.jobs.overlay import Overlaid
from zlxl.jobs.settings import Settings
from zlxl.jobs.settle import settled
from zlxl.jobs.validate import validate
from zlxl.schema.stored import StoredCells

TODAY = date(2026, 11, 24)
SETTINGS = Settings(today=TODAY)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with faults in it."""
    path = tmp_path_factory.mktemp("db") / "库.xlsx"
    write_workbook(make_demo(seed=7, clients=12, today=TODAY).faulty, path)
    return path


def test_an_overlay_is_what_the_changed_file_would_be(faulty: Path, tmp_path: Path) -> None:
    """Same findings, but for formulas, whose values a file loses when cells beside them change."""
    source = open_source(faulty)
    changes = [change.cell_change() for change in plan_fixes(validate(source, SETTINGS))]
    target = tmp_path / "改.xlsx"
    save(source, Edits(cells=tuple(changes)), target)
    in_thought = validate(Overlaid(source, changes), SETTINGS)
    in_file = replace(validate(open_source(target), SETTINGS), path=in_thought.path)
    assert in_thought.findings == in_file.findings
    assert len(in_thought.findings) < len(validate(source, SETTINGS).findings)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("0123", Kind.TEXT), (5, Kind.NUMBER), (None, Kind.EMPTY), (True, Kind.BOOL), (TODAY, Kind.NUMBER)],
)
def test_cells_read_as_they_will_be(faulty: Path, value: object, kind: Kind) -> None:
    source = open_source(faulty)
    [grid] = [grid for grid in source.grids() if grid.sheet == "客户台账"]
    change = CellChange(sheet=grid.sheet, row=9, column=3, value=value, number_format="yyyy-mm-dd")
    [laid] = [g for g in Overlaid(source, [change]).grids() if g.sheet == grid.sheet]
    stored = StoredCells(laid, [3], 1).at(9, 3)
    assert stored.kind is kind
    assert stored.number_format == ("yyyy-mm-dd" if kind else None)
    other, same = (StoredCells(g, [3, 4], 1) for g in (grid, laid))
    assert all(other.at(r, c) == same.at(r, c) for r in other.rows() for c in (3, 4) if (r, c) != (9, 3))


def test_the_source_is_not_changed(faulty: Path) -> None:
    source = open_source(faulty)
    [grid] = [grid for grid in source.grids() if grid.sheet == "客户台账"]
    before = grid.block([3], 1).columns[3].data.copy()
    change = CellChange(sheet=grid.sheet, row=9, column=3, value=1)
    [laid] = [g for g in Overlaid(source, [change]).grids() if g.sheet == grid.sheet]
    laid.block([3], 1)
    assert np.array_equal(grid.block([3], 1).columns[3].data, before, equal_nan=True)


def test_rounds_go_on_until_nothing_safe_is_left(faulty: Path) -> None:
    source = open_source(faulty)
    done = settled(source, SETTINGS)
    assert done
    assert not plan_fixes(validate(Overlaid(source, as_one(done)[0]), SETTINGS))
