"""Time of functions in cells, through xlwings' own server, beside a function that only gives back its cells.

Run by itself (``python -m tests.benchmarks.bench_functions``): pywin32 is made up in its process.
"""

from __future__ import annotations

import importlib
import sys
import timeit
import types
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from time import process_time
from typing import Any

from tests.udfs.excel import Cells, OpenBook, call, server

ROWS = 10_000
WHOLE = 1_048_576
FILLED = 5_000  #: rows of a whole column that hold something
REPEAT = 5
HEADER = "邮编"
DAY = datetime(2026, 3, 2)
CLIENTS = 400

Make = Callable[[int], tuple[object, ...]]  #: from a number, a row that no other number makes

#: rows of the first argument, and the others
RANGES: dict[str, tuple[Make, tuple[object, ...]]] = {
    "ZL_CHECK": (lambda n: (f"{'x' if n % 50 == 0 else ''}{n % 1_000_000:06d}",), (HEADER,)),
    "ZL_SUGGEST_FIX": (lambda n: (float(n % 1_000_000) if n % 50 else f" {n:06d}",), (HEADER,)),
    "ZL_CHECK_USCC": (lambda n: (f"91110000{n % 1_000_000_000:09d}L",), ()),
    "ZL_FIND_PROVINCE": (lambda n: (f"{n % 1_000_000:06d}",), ()),
    "ZL_LOOKUP_CLIENT": (lambda n: (f"{n:08d}",), ("联系电话",)),
    "ZL_CLASSIFY": (lambda n: (f"贵公司第{n}号发票请补寄一下，另外请问证书何时能到",), ()),
    "ZL_FIND_OWNER": (lambda n: (f"请把第{n}号证书的地址改一下",), ()),
    "ZL_FIND_DEADLINE": (lambda n: (f"第{n}次要求推迟监督审核的时间",), (DAY,)),
    "ZL_PLAN_SURVEILLANCE": (lambda n: (DAY - timedelta(days=n % 9_000),), ()),
    "ZL_LIMIT_SURVEILLANCE": (lambda n: (DAY - timedelta(days=n % 9_000),), ()),
    "ZL_ADD_WORKDAYS": (lambda n: (DAY - timedelta(days=n % 9_000),), (30.0,)),
    "ZL_COUNT_WORKDAYS": (lambda n: (DAY - timedelta(days=n % 9_000),), (DAY,)),
    "ZL_GRADE_CLIENT": (lambda n: (*(float((n + at) % 11) for at in range(9)),), ()),
    "ZL_LOOKUP_GRADE": (lambda n: (f"石家庄恒泰{n % CLIENTS}机械有限公司",), ()),
    "ZL_SCORE_SATISFACTION": (lambda n: ("满意", "很满意") * 5 + ("一般",), ()),
    "ZL_AVERAGE_SATISFACTION": (lambda n: ("满意", "很满意") * 5 + ("一般",), ()),
    "ZL_ESTIMATE_INTERVAL": (lambda n: (float(n % 100),), (1e6,)),
    "ZL_SCORE_NPS": (lambda n: (float(n % 11),), ()),
    "ZL_EXPLAIN_RULE": (lambda n: (f"ZL{n % 1000:03d}",), ("名称",)),
}
LEDGER = (
    ("合同编号", "企业名称", "联系电话"),
    *((f"ZL2023{n:04d}-Q", f"石家庄恒泰{n}机械有限公司", f"0311-{n:08d}") for n in range(CLIENTS)),
)


def best(work: Callable[[], object], number: int, repeat: int = REPEAT) -> float:
    """Microseconds of processor time, of the fastest of several rounds."""
    return min(timeit.repeat(work, timer=process_time, number=number, repeat=repeat)) / number * 1e6


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


def rounds(excel: Any) -> Iterator[tuple[str, float, float, float]]:
    """A function with the microseconds of one cell, of 10,000 rows never seen, and of the same again."""
    numbers = count(1)
    back, one, rows = peer(excel), Cells((("050000",),)), Cells(tuple((f"{n:06d}",) for n in range(ROWS)))
    again = best(lambda: back(rows), 1)
    yield "given back", best(lambda: back(one), 2_000), again, again
    for name, (make, others) in RANGES.items():
        first = Cells((make(next(numbers)),))
        fresh = iter([Cells(tuple(make(next(numbers)) for _ in range(ROWS))) for _ in range(3)])
        known = Cells(tuple(make(next(numbers)) for _ in range(ROWS)))
        asked = partial(call, excel, name)
        asked(first, *others)
        single = best(lambda asked=asked, first=first, others=others: asked(first, *others), 500)
        new = best(lambda asked=asked, fresh=fresh, others=others: asked(next(fresh), *others), 1, 3)
        asked(known, *others)
        yield name, single, new, best(lambda a=asked, known=known, others=others: a(known, *others), 1)


def whole_columns(excel: Any) -> Iterator[tuple[str, float]]:
    """A function with the microseconds of a column of a million cells, most of them empty."""
    for name, (make, others) in RANGES.items():
        if len(make(0)) > 1:  # xlwings reads so many cells piece by piece, which needs more of Excel
            continue
        filled = tuple(make(number) for number in range(FILLED))
        column = Cells(filled + ((None,) * len(filled[0]),) * (WHOLE - FILLED))
        yield name, best(partial(call, excel, name, column, *others), 1, 1)


def main() -> None:
    """One line a function; with ``--whole`` of whole columns."""
    excel = server()
    book = OpenBook("库.xlsx", {"客户台账": LEDGER})
    functions = importlib.import_module("udfs.zlxl_udfs")
    functions._call = type(functions._call)(lambda: book)  # type: ignore[attr-defined]
    if "--whole" in sys.argv:
        for name, microseconds in whole_columns(excel):
            print(f"{name:26}{microseconds / 1e3:10,.0f} ms")
        return
    print(f"{'':26}{'one cell':>12}{'10,000 rows':>15}{'again':>12}")
    for name, single, new, again in rounds(excel):
        print(f"{name:26}{single:9,.1f} µs{new / 1e3:12,.1f} ms{again / 1e3:9,.1f} ms")


if __name__ == "__main__":
    main()
