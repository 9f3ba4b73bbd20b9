"""Wall time and memory of reading all columns, against other readers in the same interleaved run.

``bench_read.py BOOK.xlsx [--repeat 3]``. Every reading is a process of its own, so that its peak memory
is its own; openpyxl takes minutes on a full sheet and is only asked up to 100,000 rows.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

MIB = 1 << 20
OPENPYXL_BYTES = 20 * MIB  # about 100,000 rows of the ledger


def read_zlxl(path: Path) -> int:
    """All columns as arrays, and the texts."""
    from zlxl.excel.source import open_source

    grid = open_source(path).grids()[0]
    grid.head(20)
    block = grid.block(range(1, 18), 1)
    grid.layout()
    return len(block.rows) + 0 * len(grid.strings)


def read_calamine(path: Path) -> int:
    """The reader of record: every cell as a Python value."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def read_openpyxl(path: Path) -> int:
    """The usual reader, in its streaming mode."""
    from openpyxl import load_workbook

    return sum(1 for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))


READERS = {"zlxl": read_zlxl, "calamine": read_calamine, "openpyxl": read_openpyxl}


def measured(name: str, path: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one reading in a fresh process, start of Python left out of the seconds."""
    command = [sys.executable, __file__, str(path), "--only", name]
    seconds, peak = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    return float(seconds), float(peak)


def peak_mib() -> float:
    """Peak resident memory of this process."""
    import psutil

    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):
        return memory.peak_wset / MIB
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("path", type=Path)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--only", choices=READERS)
    given = options.parse_args()
    if given.only:
        start = time.perf_counter()
        READERS[given.only](given.path)
        print(time.perf_counter() - start, peak_mib())
        return
    names = [n for n in READERS if n != "openpyxl" or given.path.stat().st_size <= OPENPYXL_BYTES]
    runs = {name: [] for name in names}
    for _ in range(given.repeat):
        for name in names:
            runs[name].append(measured(name, given.path))
    base = statistics.median(seconds for seconds, _ in runs["calamine"])
    for name, found in runs.items():
        seconds = statistics.median(seconds for seconds, _ in found)
        peak = max(peak for _, peak in found)
        print(f"{name:10} {seconds:8.2f} s  {seconds / base:6.3f} of calamine  {peak:7.0f} MiB")


if __name__ == "__main__":
    main()
