"""The peer of the benchmark has the same rules: on a small ledger it accuses the same cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import zlxl
from tests.benchmarks.generate import write_ledger
from tests.benchmarks.row_loop import accused_by_rows
from zlxl.tables.clients import CLIENTS

TODAY = date(2026, 11, 24)


def test_the_row_loop_accuses_the_same_cells(tmp_path: Path) -> None:
    """2,000 rows with one fault in ten."""
    path = tmp_path / "ledger.xlsx"
    write_ledger(path, 2_000, faults=0.1)
    fields = {column.header: name for name, column in CLIENTS.columns.items()}
    found = zlxl.validate(path, today=TODAY).findings
    assert {(f.row, fields[f.column or ""], f.rule) for f in found} == accused_by_rows(path, TODAY)
    assert len(found) > 100
