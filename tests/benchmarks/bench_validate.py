"""Wall time and memory of the whole ``zlxl validate``, as ratios to peers in the same interleaved run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

TODAY = "2026-11-24"
LOOP_ROWS = 100_000  # the row loop takes minutes beyond
CALAMINE = (
    "import sys; from python_calamine import CalamineWorkbook as W; "
    "W.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
)


def commands(path: Path, rows: int) -> Mapping[str, Sequence[str]]:
    """The commands that are compared, each a process of its own."""
    found = {
        "zlxl validate": [
            sys.executable,
            "-m",
            "zlxl",
            "validate",
            str(path),
            "--format",
            "json",
            "--today",
            TODAY,
        ],
        "calamine, only reading": [sys.executable, "-c", CALAMINE, str(path)],
    }
    if rows <= LOOP_ROWS:
        found["openpyxl + pydantic loop"] = [
            sys.executable,
            "-m",
            "tests.benchmarks.row_loop",
            str(path),
            TODAY,
        ]
    return found


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak MiB of a command."""
    started = time.perf_counter()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    if process.wait() not in (0, 1):
        raise SystemExit(f"failed: {command}")
    return time.perf_counter() - started, peak / 2**20


def compare(path: Path, rows: int, repeat: int = 3) -> None:
    """Print seconds, MiB and the ratio to zlxl of every command, medians of interleaved runs."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands(path, rows)}
    for _ in range(repeat):
        for name, command in commands(path, rows).items():
            runs[name].append(timed(command))
    base = statistics.median(seconds for seconds, _ in runs["zlxl validate"])
    print(f"{rows:,} rows x 17 columns, {repeat} interleaved runs, whole processes")
    for name, found in runs.items():
        seconds = statistics.median(s for s, _ in found)
        peak = max(m for _, m in found)
        print(f"  {name:26s} {seconds:8.2f} s  {peak:7.0f} MiB  {seconds / base:6.2f} x")
