"""A process that calls functions as Excel does: xlwings' server, with ranges and a workbook that stand in.

It reads pickled (function, arguments, workbook) from stdin and writes pickled answers to stdout.
"""

from __future__ import annotations

import atexit
import importlib
import pickle
import sys
from dataclasses import dataclass
from typing import Any

MISSING = -2147352572  # an argument that was left out
RANGE = "{00020846-0000-0000-C000-000000000046}"


@dataclass(frozen=True)
class Cells:
    """An argument that is a range."""

    rows: tuple[tuple[Any, ...], ...]


class _Count:
    def __init__(self, count: int) -> None:
        self.Count = count


class _Type:
    iid = RANGE

    def GetTypeInfo(self) -> _Type:
        return self

    def GetTypeAttr(self) -> _Type:
        return self


class _Place:
    """Sheet, workbook and application at once."""

    Name, Hwnd, Version = "Sheet1", 1, "16.0"

    @property
    def Application(self) -> _Place:
        return self

    Parent = Worksheet = Application


class ComRange(_Place):
    """What xlwings touches of an Excel range."""

    _oleobj_ = _Type()

    def __init__(self, rows: tuple[tuple[Any, ...], ...]) -> None:
        self.rows = rows
        self.Rows, self.Columns, self.Row, self.Column = _Count(len(rows)), _Count(len(rows[0])), 1, 1
        self.Address = "$A$1"

    @property
    def Value(self) -> Any:
        return self.rows if len(self.rows) > 1 or len(self.rows[0]) > 1 else self.rows[0][0]

    def GetAddress(self, *_: object) -> str:
        return self.Address


class OpenBook:
    """The workbook that a test describes: values by sheet."""

    file = ""

    def __init__(self, name: str, sheets: dict[str, tuple[tuple[Any, ...], ...]]) -> None:
        self.name, self._sheets = name, sheets

    def sheets(self) -> list[OpenSheet]:
        return [OpenSheet(name, rows) for name, rows in self._sheets.items()]


@dataclass
class OpenSheet:
    """One sheet of it."""

    name: str
    rows: tuple[tuple[Any, ...], ...]

    def values(self, rows: int | None = None) -> Any:
        return self.rows[:rows]

    def list_objects(self) -> tuple[()]:
        return ()


def server() -> Any:
    """xlwings' server, and the module of functions registered with it."""
    from tests.udfs import pywin32

    pywin32.install()
    importlib.import_module("udfs")
    import xlwings
    import xlwings.main

    windows = importlib.import_module("xlwings._xlwindows")
    xlwings._xlwindows = windows  # type: ignore[attr-defined]
    engine = xlwings.main.Engine(impl=windows.engine)
    xlwings.engines.add(engine)
    xlwings.engines.active = engine
    atexit.unregister(windows.cleanup)
    udfs = importlib.import_module("xlwings.udfs")
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return importlib.import_module("xlwings.com_server").XLPython()


def call(excel: Any, name: str, *arguments: Any) -> Any:
    """One call from a cell."""
    given = tuple(ComRange(one.rows) if isinstance(one, Cells) else one for one in arguments)
    return excel.CallUDF("udfs.zlxl_udfs", name, given, None, ComRange((("",),)))


def main() -> None:
    """Answer until stdin ends."""
    excel = server()
    module = importlib.import_module("udfs.zlxl_udfs")
    active: list[OpenBook | None] = [None]
    module._call = type(module._call)(lambda: active[0])
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    while True:
        try:
            name, arguments, book = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        active[0] = OpenBook(*book) if book else None
        pickle.dump(call(excel, name, *arguments), answers)
        answers.flush()


if __name__ == "__main__":
    from tests.udfs.excel import main as run  # one class of Cells on both ends of the pipe

    run()
