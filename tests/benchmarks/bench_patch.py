"""Wall time and memory of setting 10,000 cells, against openpyxl's load, modify and save of the same file.

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


WAYS: Mapping[str, Callable[[Path, Path], None]] = {"zlxl.edit": with_zlxl, "openpyxl": with_openpyxl}


def measured(way: str, source: Path, folder: Path) -> tuple[float, float]:
    """Seconds of a whole process, and its peak MiB."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_patch", str(source), "--only", way]
    started = time.perf_counter()
    told = subprocess.run(
        [*command, "--target", str(folder / f"{way}.xlsx")], stdout=-1, check=True, text=True
    )
    return time.perf_counter() - started, float(told.stdout)


def compare(source: Path, folder: Path, repeat: int) -> None:
    """Print medians of interleaved runs, and the ratio to openpyxl."""
    runs: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(repeat):
        for way in WAYS:
            runs[way].append(measured(way, source, folder))
    base = statistics.median(seconds for seconds, _ in runs["openpyxl"])
    print(f"{CELLS:,} cells of {ROWS:,} rows set, {repeat} interleaved runs, whole processes")
    for way, found in runs.items():
        seconds = statistics.median(seconds for seconds, _ in found)
        peak = max(peak for _, peak in found)
        print(f"  {way:10} {seconds:8.2f} s  1/{base / seconds:<5.1f} of openpyxl  {peak:7.0f} MiB")


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
        compare(given.path, Path(folder), given.repeat)


if __name__ == "__main__":
    main()
