"""Time of functions in cells, through xlwings' own server, beside a function that only gives back its cells.

Run by itself (``python -m tests.benchmarks.bench_functions``): pywin32 is made up in its process.
"""

from __future__ import annotations

import sys
import timeit
import types
from collections.abc import Callable, Iterator
from itertools import count
from time import process_time
from typing import Any

from tests.udfs.excel import Cells, call, server

CELLS = 10_000
REPEAT = 7
HEADER = "邮编"


def postcodes(number: int) -> Cells:
    """A column of values that no other number has: one in fifty is faulty."""
    first = number * CELLS
    values = (f"{'x' if at % 50 == 0 else ''}{(first + at) % 1_000_000:06d}" for at in range(CELLS))
    return Cells(tuple((value,) for value in values))


def best(work: Callable[[], object], number: int) -> float:
    """Microseconds of processor time, of the fastest of several rounds."""
    return min(timeit.repeat(work, timer=process_time, number=number, repeat=REPEAT)) / number * 1e6


def peer(excel: Any) -> Callable[..., object]:
    """A call of a function of xlwings that gives back what it gets."""
    import xlwings

    module = types.ModuleType("peer")
    module.__file__ = __file__
    module.BACK = xlwings.func(_back)  # type: ignore[attr-defined]
    sys.modules["peer"] = module
    from tests.udfs.excel import ComRange

    return lambda cells: excel.CallUDF("peer", "BACK", (ComRange(cells.rows),), None, ComRange((("",),)))


def _back(cells):
    return cells


def rounds(excel: Any) -> Iterator[tuple[str, float]]:
    """What is timed, and its microseconds."""
    back, numbers = peer(excel), count()
    one = Cells((("050000",),))
    check: Callable[[Any], object] = lambda cells: call(excel, "ZL_CHECK", cells, HEADER)  # noqa: E731
    fresh = iter([postcodes(next(numbers)) for _ in range(REPEAT)])
    again = postcodes(next(numbers))
    yield "one cell, given back", best(lambda: back(one), 2_000)
    yield "one cell, ZL_CHECK", best(lambda: check(one), 2_000)
    yield "one value never seen, ZL_CHECK", best(lambda: check(f"{next(numbers):06d}"), 2_000)
    yield f"{CELLS} cells, given back", best(lambda: back(again), 1)
    yield f"{CELLS} cells never seen, ZL_CHECK", best(lambda: check(next(fresh)), 1)
    yield f"{CELLS} cells again, ZL_CHECK", best(lambda: check(again), 3)


def main() -> None:
    """One line each."""
    excel = server()
    call(excel, "ZL_CHECK", "050000", HEADER)
    for name, microseconds in rounds(excel):
        print(f"{name:38} {microseconds:12,.1f} µs")


if __name__ == "__main__":
    main()
