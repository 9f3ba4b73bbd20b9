"""``make bench``: ratios of reading, validating and changing ledgers; times of functions in cells."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_patch import ROWS, bench_cells, bench_sheet
from tests.benchmarks.bench_validate import compare
from tests.benchmarks.generate import write_ledger

SIZES = (10_000, 100_000)
REPEAT = 3


def main(sizes: tuple[int, ...]) -> None:
    """Every size, smallest first."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder, f"{rows}.xlsx")
            write_ledger(path, rows)
            compare(path, rows)
            if rows == ROWS:
                bench_cells(path, Path(folder), REPEAT)
                bench_sheet(path, Path(folder), REPEAT)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.bench_functions"], check=True)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
