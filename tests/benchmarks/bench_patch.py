"""Wall time and memory of setting 10,000 cells, and of adding a report, against openpyxl on the same file.

``bench_patch.py [BOOK.xlsx] [--repeat 3]``: whole processes, interleaved; without a file, a ledger of
100,000 rows is made.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks.bench_read import peak_mib
from tests.benchmarks.generate import write_ledger

ROWS = 100_000
CELLS = 10_000
COLUMNS = "CFGLMNO"
SEED = 20261124
FINDINGS = 100  # of each of five kinds


def places() -> dict[str, object]:
    """New values by address, spread over all rows: texts and numbers."""
    dice = random.Random(SEED)
    found: dict[str, object] = {}
    while len(found) < CELLS:
        column = dice.choice(COLUMNS)
        number = dice.randint(1, 99_999)
        found[f"{column}{dice.randint(2, ROWS + 1)}"] = number if column in "FG" else f"新值{number}"
    return found


def with_zlxl(source: Path, target: Path) -> None:
    """The patch."""
    import zlxl

    book = zlxl.edit(source)
    sheet = book[book.sheets[0]]
    for place, value in places().items():
        sheet[place] = value
    book.save(target)


def with_openpyxl(source: Path, target: Path) -> None:
    """The usual way, which loses what openpyxl does not know."""
    from openpyxl import load_workbook

    book = load_workbook(source)
    sheet = book.worksheets[0]
    for place, value in places().items():
        sheet[place] = value
    book.save(target)


def sheet_with_zlxl(source: Path, target: Path) -> None:
    """The report of a validation and a sheet with charts, grafted."""
    from tests.excel.patch.grafts import NAMES, everything
    from zlxl.edits import Edits
    from zlxl.excel.save import save
    from zlxl.excel.source import open_source

    save(open_source(source), Edits(sheets=everything(FINDINGS), names=NAMES), target, backups=0)


def sheet_with_openpyxl(source: Path, target: Path) -> None:
    """One plain sheet with a chart, which is less than the report has."""
    from openpyxl import load_workbook
    from openpyxl.chart import BarChart, Reference

    book = load_workbook(source)
    sheet = book.create_sheet("问题清单")
    for number in range(FINDINGS):
        sheet.append([f"问题{number}", number])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=FINDINGS))
    sheet.add_chart(chart, "D2")
    book.save(target)


Ways = Mapping[str, Callable[[Path, Path], None]]
CELL_WAYS: Ways = {"zlxl.edit": with_zlxl, "openpyxl": with_openpyxl}
SHEET_WAYS: Ways = {"zlxl report": sheet_with_zlxl, "openpyxl sheet": sheet_with_openpyxl}
WAYS: Ways = {**CELL_WAYS, **SHEET_WAYS}


def measured(way: str, source: Path, folder: Path) -> tuple[float, float]:
    """Seconds of a whole process, and its peak MiB."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_patch", str(source), "--only", way]
    started = time.perf_counter()
    told = subprocess.run(
        [*command, "--target", str(folder / f"{way}.xlsx")], stdout=-1, check=True, text=True
    )
    return time.perf_counter() - started, float(told.stdout)


def compare(ways: Ways, what: str, source: Path, folder: Path, repeat: int) -> None:
    """Print medians of interleaved runs, and the ratio to the last way."""
    runs: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(repeat):
        for way in ways:
            runs[way].append(measured(way, source, folder))
    base = statistics.median(seconds for seconds, _ in list(runs.values())[-1])
    print(f"{what}, {repeat} interleaved runs, whole processes")
    for way, found in runs.items():
        seconds = statistics.median(seconds for seconds, _ in found)
        peak = max(peak for _, peak in found)
        print(f"  {way:14} {seconds:8.2f} s  1/{base / seconds:<5.1f} of openpyxl  {peak:7.0f} MiB")


def bench_cells(source: Path, folder: Path, repeat: int) -> None:
    """Cells of a large sheet set."""
    compare(CELL_WAYS, f"{CELLS:,} cells of {ROWS:,} rows set", source, folder, repeat)


def bench_sheet(source: Path, folder: Path, repeat: int) -> None:
    """A report added to a workbook with a large sheet."""
    compare(SHEET_WAYS, f"A report added beside {ROWS:,} rows", source, folder, repeat)


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("path", type=Path, nargs="?")
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--only", choices=WAYS)
    options.add_argument("--target", type=Path)
    given = options.parse_args()
    if given.only:
        WAYS[given.only](given.path, given.target)
        print(peak_mib())
        return
    with tempfile.TemporaryDirectory() as folder:
        if given.path is None:
            given.path = Path(folder, "ledger.xlsx")
            write_ledger(given.path, ROWS)
        bench_cells(given.path, Path(folder), given.repeat)
        bench_sheet(given.path, Path(folder), given.repeat)


if __name__ == "__main__":
    main()
