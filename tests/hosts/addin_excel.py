"""An Excel without Excel: an interpreter runs the add-in, an object of the tests stands for the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._model import Application
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import (
    EMPTY,
    MISSING,
    VBAArray,
    VBADate,
    VBAErrorValue,
    VBAInt,
    VBAObject,
    _runtime,
    method,
)
from pyopenvba.interpreter._objects import MemberSpec

_runtime.parse_module = cache(_runtime.parse_module)  # the same modules, once for all tests

Call = Callable[[str, str, list[object]], object]
#: What the function wizard was told: macro, description, category, helps of the arguments.
DESCRIBED: list[tuple[object, ...]] = []

#: What the interpreter lacks: DLLs, a shell, the caller of a function.
_NO_SERVER = re.compile(r"(?ms)^Function XLPy\(\).*?^End Function\r?\n")
_OTHERWISE = (
    ('In Range(sht.Range("A1"), lastCell)', 'In sht.Range(sht.Range("A1"), lastCell)'),
    ('GetConfig("SHOW CONSOLE", False) = True', 'CStr(GetConfig("SHOW CONSOLE", False)) = "True"'),
)


class Server(VBAObject):
    """The object that xlwings' DLL gives to VBA."""

    def __init__(self, call: Call, run: Callable[[str], None]) -> None:
        super().__init__()
        self._call, self._run = call, run
        self.asked: list[str] = []  # the workbooks whose policy counted

    @method
    def CallUDF(self, module, name, arguments, book=None, caller=None):  # noqa: N802
        self.asked.append(str(book.vba_get("Name")))
        try:
            return to_vba(self._call(str(module), str(name), [from_vba(each) for each in arguments.items]))
        except ConnectionError as error:
            raise VBARuntimeError(-2147023174, str(error)) from error

    @method
    def Module(self, name):  # noqa: N802
        return str(name)

    @method
    def SetAttr(self, target, name, value):  # noqa: N802
        return EMPTY

    @method
    def Exec(self, line):  # noqa: N802
        self._run(str(line))
        return EMPTY


class Shell(VBAObject):
    """WScript.Shell."""

    @method
    def ExpandEnvironmentStrings(self, text):  # noqa: N802
        return str(text)


class Dictionary(VBAObject):
    """Scripting.Dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, object] = {}

    @method
    def Add(self, key, value):  # noqa: N802
        self._items[str(key)] = value
        return EMPTY

    @method
    def Exists(self, key):  # noqa: N802
        return str(key) in self._items

    @method
    def Item(self, key):  # noqa: N802
        return self._items[str(key)]


class Bridge(ExcelBridge):
    """Excel as the add-in's code sees it."""

    def __init__(self, application: Application, server: Callable[[], Server]) -> None:
        super().__init__(application)
        self._server = server

    def global_object(self, name: str) -> object:
        return self._server() if name == "xlpy" else super().global_object(name)

    def create(self, type_name_: str) -> object:
        made = {"wscript.shell": Shell, "scripting.dictionary": Dictionary}
        return made[type_name_.lower()]()


class Ribbon(VBAObject):
    """An IRibbonUI that counts how often its buttons are asked anew."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @method
    def Invalidate(self):  # noqa: N802
        self.asked += 1
        return EMPTY


class Linked(VBAObject):
    """A workbook whose formulas name files."""

    def __init__(self, *links: str, locked: bool = False) -> None:
        super().__init__()
        self.links, self.changed, self._locked = list(links), [], locked

    @method
    def LinkSources(self, kind=None):  # noqa: N802
        made = VBAArray([(1, len(self.links))]) if self.links else EMPTY
        for number, link in enumerate(self.links, 1):
            made.items[made.offset([number])] = link
        return made

    @method
    def ChangeLink(self, old, new, kind=None):  # noqa: N802
        if self._locked:
            raise VBARuntimeError(1004, "The sheet is protected.")
        self.changed.append((str(old), str(new)))
        return EMPTY


class Control(VBAObject):
    """An IRibbonControl."""

    def __init__(self, id_: str) -> None:
        super().__init__()
        self._id = id_

    def vba_get(self, name, args=None, named=None):
        return self._id


def opened(path: Path, server: Callable[[], Server]) -> ExcelApplication:
    """Excel with the add-in loaded and an empty workbook in front."""
    app = ExcelApplication.open(path, with_vba=False)
    app.interpreter.host = Bridge(app.application, server)
    Application._vba_members["caller"] = MemberSpec(
        name="Caller",
        kind="property",
        getter=lambda self: self.active_book.active_sheet.vba_get("Range", ["A1"]),
    )
    Application._vba_members["macrooptions"] = MemberSpec(
        name="MacroOptions",
        kind="method",
        getter=lambda self, *given: DESCRIBED.append(given) or EMPTY,
        parameters=("macro", "description", "category", "argumentdescriptions"),
    )
    with ExcelFile(path) as file:
        for module in file.vba_project().modules:
            if not module.name.startswith("Sheet"):
                app.add_module(
                    _runnable(module.name, module.source), name=module.name, kind=_kind(module.name)
                )
    app.activate_workbook(app.add_workbook())
    return app


def _kind(name: str) -> str:
    return {"Dictionary": "class", "ThisWorkbook": "document"}.get(name, "standard")


def _runnable(name: str, source: str) -> str:
    """The source without what the interpreter cannot do: events, DLLs, words compared with truth."""
    if name == "xlwings":
        source = _NO_SERVER.sub("", source)
        for old, new in _OTHERWISE:
            source = source.replace(old, new)
    return source.replace("WithEvents ", "")


def from_vba(value: object) -> object:
    """What arrives in Python for an argument."""
    if value is MISSING or value is EMPTY:
        return None
    if isinstance(value, VBAObject) and value.vba_type_name == "Range":
        return from_vba(value.vba_get("Value"))
    if isinstance(value, VBAArray):
        (first, last), (left, right) = value.bounds
        columns = range(left, right + 1)
        return [[from_vba(value.get([row, column])) for column in columns] for row in range(first, last + 1)]
    if isinstance(value, VBAErrorValue):
        return -2146826246
    if isinstance(value, VBADate):
        return value.to_datetime()
    return float(value) if isinstance(value, VBAInt) else value


def to_vba(value: object) -> object:
    """What comes back from Python."""
    if not isinstance(value, (list, tuple)):
        return value
    rows = [list(row) for row in value]
    made = VBAArray([(1, len(rows)), (1, len(rows[0]))])
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells, 1):
            made.items[made.offset([row, column])] = cell
    return made
