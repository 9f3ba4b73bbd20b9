"""A person at LibreOffice, for tests: clicks on entries of the menu, reads message boxes and answers them."""

from __future__ import annotations

import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.calc_office import Calc
from tests.xlwings_uno import _uno, _values
from zlxl.excel.write import write_workbook
from zlxl.jobs.demo import make_demo
from zlxl.sheet import Workbook

TITLE = "客户服务"
TEXT, BUTTON = 86, 44  # com.sun.star.accessibility.AccessibleRole
YES, NO, CANCEL, OK = "Yes", "No", "Cancel", "OK"
READ = "OK|No"  #: a message, which may offer to show the rest
SECONDS = 12
LOG = "变更记录"
#: What buttons need; the look-up sheets and the empty tables only make loading longer.
SHEETS = {
    *("客户台账", "有效性评价", "服务计划", "客户要求", "满意度调查", "重大事件", "名录报送", "变更记录"),
    *("码表", "权限表", "要求词库", "评价准则", "时限规则"),
}


@cache
def small_database() -> Workbook:
    """A small database with faults in it."""
    made = make_demo(seed=7, clients=12, today=date.today()).faulty
    kept = tuple(sheet for sheet in made.sheets if sheet.name in SHEETS)
    lost = [sheet.name for sheet in made.sheets if sheet.name not in SHEETS]
    names = tuple(name for name in made.names if not any(sheet in name.formula for sheet in lost))
    return Workbook(sheets=kept, names=names)


def database(folder: Path) -> Path:
    """The small database as a file of its own."""
    path = folder / "客户服务数据库.xlsx"
    write_workbook(small_database(), path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """What a workbook consists of."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@dataclass
class Desk:
    """A workbook in a window of LibreOffice, and who works with it."""

    calc: Calc
    file: Path
    frame: Any
    told: list[str] = field(default_factory=list)  #: texts of the boxes of the last action

    @property
    def document(self) -> Any:
        return self.frame.Controller.Model

    def sheet(self, name: str) -> Any:
        return self.document.Sheets.getByName(name)

    def cell(self, sheet: str, address: str) -> Any:
        return self.sheet(sheet).getCellRangeByName(address)

    def rows(self, sheet: str) -> list[tuple[Any, ...]]:
        """The values of a sheet."""
        cursor = self.sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = self.sheet(sheet).getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        return list(area.getDataArray())

    def press(self, button: str, *answers: str) -> list[str]:
        """Click on an entry of the menu, answer every box; their texts."""
        self.frame.activate()
        return self.dispatch(f"service:org.zlxl.Command?zl_{button}", *answers)

    def dispatch(self, url: str, *answers: str, **arguments: Any) -> list[str]:
        """Do what a key or an entry of the menu does; the texts of the boxes, which must be as many."""
        helper = self.calc.create("com.sun.star.frame.DispatchHelper")
        values = _values(**arguments)
        return self.act(lambda: helper.executeDispatch(self.frame, url, "_self", 0, values), *answers)

    def act(self, action: Callable[[], object], *answers: str) -> list[str]:
        """Do something, answer every box; their texts."""
        done = threading.Thread(target=action, daemon=True)
        done.start()
        told = [self._answered(answer) for answer in answers]
        done.join(SECONDS)
        assert not done.is_alive(), self._boxes()
        self._settle()
        return told

    def _answered(self, answer: str) -> str:
        """Wait for a box, click on one of its buttons; its text."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for box in self._boxes():
                if text := _clicked(box, answer):
                    self._wait_for(lambda box=box: box not in self._boxes())
                    return text
            time.sleep(0.02)
        raise AssertionError((answer, [list(_within(box)) for box in self._boxes()], self.calc.log))

    def _boxes(self) -> list[Any]:
        toolkit = self.calc.create("com.sun.star.awt.Toolkit")
        found = []
        for number in range(toolkit.getTopWindowCount()):
            with suppress(_gone(), AttributeError):  # None takes the place of what was closed meanwhile
                context = toolkit.getTopWindow(number).getAccessibleContext()
                if context.getAccessibleName() == TITLE:
                    found.append(context)
        return found

    def _settle(self) -> None:
        """Wait until LibreOffice has done what it was asked to do."""
        reached = threading.Event()
        self.calc.create("com.sun.star.awt.AsyncCallback").addCallback(_callback(reached), None)
        assert reached.wait(SECONDS)
        assert not (left := [list(_within(box)) for box in self._boxes()]), left

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.02)


@contextmanager
def desk(calc: Calc, file: Path) -> Iterator[Desk]:
    """The workbook, opened in a window, closed at the end without a question."""
    frame = calc.open(file, hidden=False).CurrentController.Frame
    opened = Desk(calc, file, frame)
    try:
        yield opened
    finally:
        with suppress(_gone(), AttributeError):  # closed in the test
            model = frame.Controller.Model
            model.setModified(False)
            model.close(True)


def copied(file: Path, folder: Path) -> Path:
    """A copy of a file in another folder."""
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(file, folder))


def _clicked(box: Any, answer: str) -> str:
    """Click on a button of a box; the box's text, empty where it is just being opened or closed."""
    with suppress(_gone(), AttributeError):
        items = list(_within(box))
        texts = [name for name, role, _ in items if role == TEXT and name]
        buttons = {name.replace("~", ""): item for name, role, item in items if role == BUTTON}
        clicked = next((buttons[name] for name in answer.split("|") if name in buttons), None)
        if texts and clicked is not None:
            with suppress(_gone()):  # closed before it could say so
                clicked.doAccessibleAction(0)
            return texts[0]
    return ""


def _within(context: Any) -> Iterator[tuple[str, int, Any]]:
    """Name, role and object of everything in a box."""
    yield context.getAccessibleName(), context.getAccessibleRole(), context
    for number in range(context.getAccessibleChildCount()):
        yield from _within(context.getAccessibleChild(number).getAccessibleContext())


@cache
def _gone() -> type[Exception]:
    return _uno().getClass("com.sun.star.uno.Exception")


def _callback(reached: threading.Event) -> Any:
    """What LibreOffice calls when its turn comes."""
    uno = _uno()
    names = "com.sun.star.awt.XCallback", "com.sun.star.lang.XTypeProvider"

    class Callback(*map(uno.getClass, names)):  # type: ignore[misc]
        def notify(self, _data: Any) -> None:
            reached.set()

        def getTypes(self) -> tuple[Any, ...]:  # noqa: N802 - a method of UNO
            return tuple(map(uno.getTypeByName, names))

        def getImplementationId(self) -> Any:  # noqa: N802 - a method of UNO
            return uno.ByteSequence(b"")

    return Callback()
