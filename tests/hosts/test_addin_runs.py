"""The add-in at work without Excel: a click and a cell go through its VBA into Python and back."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError

from tests.hosts.addin_excel import DESCRIBED, Control, Linked, Ribbon, Server, opened
from udfs import zlxl_udfs
from zlxl.excel.addin import package
from zlxl.hosts import addin
from zlxl.hosts.buttons import BUTTONS
from zlxl.hosts.functions import CATEGORY, FUNCTIONS, MODULE


class Python:
    """The other side: what was called, and how often it was looked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.lines: list[str] = []
        self.started = 0
        self.servers: list[Server] = []
        self.dead = 0  # calls that still fail
        self.missing = False  # it cannot be started
        self.takes: Callable[[], None] = lambda: None  # what happens while it starts
        self.says = ""  # a line ends with this error

    def server(self) -> Server:
        """A server, as xlwings' DLL gives one."""
        self.started += 1
        self.takes()
        if self.missing:
            raise VBARuntimeError(1000, "Could not load the DLL.")
        self.servers.append(Server(self._call, self._run))
        return self.servers[-1]

    def _run(self, line: str) -> None:
        if self.says:
            raise VBARuntimeError(-2147467259, self.says)
        self.lines.append(line)

    def _call(self, module: str, name: str, arguments: list[object]) -> object:
        assert module == MODULE
        self.calls.append((name, len(arguments)))
        if self.dead:
            self.dead -= 1
            raise ConnectionError("The RPC server is unavailable.")
        return getattr(zlxl_udfs, name)(*arguments)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in of the shipped sources."""
    path = tmp_path_factory.mktemp("addin") / "zlxl.xlam"
    path.write_bytes(package(addin.addin(addin.sources_folder(), {})))
    return path


@pytest.fixture
def python() -> Python:
    """Python, which nobody has called yet."""
    return Python()


@pytest.fixture
def excel(built: Path, python: Python) -> ExcelApplication:
    """Excel with the add-in."""
    return opened(built, python.server)


def macro(excel: ExcelApplication, *lines: str) -> None:
    """Run these lines of VBA."""
    excel.add_module("\n".join(("Sub Probe()", *lines, "End Sub")), name="Probes")
    excel.run("Probe")


def test_a_click_reaches_its_line(excel: ExcelApplication, python: Python) -> None:
    """Callback, xlwings' RunPython with the settings sheet, the line that Python executes."""
    for button in BUTTONS:
        excel.run("ZL_OnAction", Control(button.id))
    assert python.lines == [f"import zlxl.hosts.ribbon as r;r.run('{button.id}')" for button in BUTTONS]
    compile("\n".join(python.lines), "lines", "exec")


def test_a_workbook_sets_nothing(excel: ExcelApplication, python: Python) -> None:
    """Settings and code that a stranger's workbook brings along are not taken."""
    macro(
        excel,
        'ActiveSheet.Name = "zlxl.conf"',
        'Range("A1").Value = "INTERPRETER_WIN"',
        'Range("B1").Value = "evil.exe"',
        "Worksheets.Add",
        'ActiveSheet.Name = "evil.py"',
    )
    assert str(excel.run("GetConfig", "INTERPRETER_WIN")).endswith("python.exe")
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    assert python.lines == ["import zlxl.hosts.ribbon as r;r.run('zl_check_workbook')"]


def test_cells_get_what_python_says(excel: ExcelApplication, python: Python) -> None:
    """A scalar, a range, a missing argument, an error; one server for all."""
    macro(
        excel,
        'Range("A1").Value = "100032"',
        'Range("A2").Value = "1000"',
        'Range("C1").Value = ZL_FIND_PROVINCE(Range("A1"))',
        'Range("D1:D2").Value = ZL_FIND_PROVINCE(Range("A1:A2"))',
        'Range("E1").Value = ZL_FIND_PROVINCE(Range("A2"))',
        'Range("E2").Value = IsError(Range("E1").Value)',
        'Range("F1").Value = ZL_COUNT_WORKDAYS(DateSerial(2026, 11, 2), DateSerial(2026, 11, 6))',
    )
    sheet = excel.sheet(1, workbook=excel.workbooks()[-1])
    assert [sheet.value(cell) for cell in ("C1", "D1", "E2", "F1")] == ["北京市", "北京市", True, 4]
    assert python.started == 1


def test_every_stub_calls_its_function(excel: ExcelApplication, python: Python) -> None:
    """Each with as many arguments as the registry says."""
    for function in FUNCTIONS:
        given = ", ".join('""' for argument in function.arguments if not argument.optional)
        excel.evaluate(f"IsError({function.name}({given}))")
    assert python.calls == [(function.name, len(function.arguments)) for function in FUNCTIONS]


def test_cells_ask_their_own_workbook(excel: ExcelApplication, python: Python) -> None:
    """Its policy counts, whichever workbook is in front; a call from no cell asks the one in front."""
    excel.activate_workbook(excel.add_workbook())
    first, second = (str(book.vba_get("Name")) for book in excel.workbooks()[-2:])
    cell = f'Workbooks("{first}").Worksheets(1).Range("A1")'
    for caller in (cell, "CVErr(2023)"):
        macro(excel, f'ZL_Call "ZL_FIND_PROVINCE", Array("100032"), {caller}')
    assert python.servers[0].asked == [first, second]


def test_one_python_for_all_workbooks(excel: ExcelApplication) -> None:
    """Servers are told apart by their command line, which names neither workbook nor folder, and no shell."""
    line = str(excel.run("XLPyCommand"))
    excel.activate_workbook(excel.add_workbook())
    assert excel.run("XLPyCommand") == line
    found = re.fullmatch(r'"([^"]+\\python\.exe)" -B -P -c "(.+)" ', line)
    assert found is not None
    code = found[2].replace('\\"', '"').replace("$(CLSID)", "{0}")
    compile(code, "command", "exec")
    before = list(sys.path)
    exec(code.partition(";import xlwings;")[0], {})
    assert sys.path == before


def test_a_click_without_python(excel: ExcelApplication, python: Python) -> None:
    """One message in Chinese, with the line to type and the reason."""
    python.missing = True
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    [(_, words, title, _)] = excel.dialogs
    assert title == "客户服务"
    assert words.startswith("没有连上 zlxl")
    assert 'cmd /k ""' in words
    assert '\\python.exe" -m zlxl doctor"' in words
    assert words.endswith("Could not load the DLL.")


def test_a_click_on_another_version(excel: ExcelApplication, python: Python) -> None:
    """Of a traceback only its last line is shown."""
    python.says = "Traceback (most recent call last):\r\n  File\r\nKeyError: 'zl_check_workbook'\r\n"
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    [(_, words, _, _)] = excel.dialogs
    assert words.endswith("\n\nKeyError: 'zl_check_workbook'")
    assert "Traceback" not in words


def test_in_protected_view_buttons_wait(excel: ExcelApplication, python: Python) -> None:
    """Whatever workbook lies behind: grey, and a click says what to do; editing enabled, they live."""
    ribbon = Ribbon()
    excel.run("ZL_OnLoad", ribbon)
    excel.run("ThisWorkbook.zl_app_ProtectedViewWindowActivate", Linked())
    assert excel.run("ZL_Applies", "zl_check_workbook") is False
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    assert [("启用编辑" in words) for _, words, _, _ in excel.dialogs] == [True]
    excel.run("ThisWorkbook.zl_app_ProtectedViewWindowDeactivate", Linked())
    assert excel.run("ZL_Applies", "zl_check_workbook") is True
    assert (ribbon.asked, python.lines) == (2, [])


@pytest.mark.parametrize(
    ("event", "count"),
    [
        *(("WorkbookActivate", 1), ("WorkbookDeactivate", 1)),
        *(("WorkbookNewSheet", 2), ("SheetActivate", 1)),
    ],
)
def test_buttons_follow_the_workbook(excel: ExcelApplication, event: str, count: int) -> None:
    """Opened, closed, a sheet more or less: they are asked anew; without a ribbon nothing happens."""
    given = [excel.workbooks()[-1]] * count
    excel.run(f"ThisWorkbook.zl_app_{event}", *given)
    ribbon = Ribbon()
    excel.run("ZL_OnLoad", ribbon)
    excel.run(f"ThisWorkbook.zl_app_{event}", *given)
    assert ribbon.asked == 1


def test_formulas_of_another_user_are_relinked(excel: ExcelApplication) -> None:
    """They name the add-in where it lies on the other computer; nothing else is touched."""
    excel.add_module("Function Here()\nHere = ThisWorkbook.FullName\nEnd Function\n", name="Probes")
    here = str(excel.run("Here"))
    theirs = ("C:\\Users\\li\\XLSTART\\ZLXL.XLAM", "https://d/zlxl.xlam")
    book = Linked("D:\\other.xlsx", here, *theirs, "D:\\not zlxl.xlam")
    excel.run("ThisWorkbook.zl_app_WorkbookOpen", book)
    assert book.changed == [(link, here) for link in theirs]
    for quiet in (Linked(), Linked(*theirs, locked=True)):
        excel.run("ThisWorkbook.zl_app_WorkbookOpen", quiet)
        assert quiet.changed == []


@pytest.mark.parametrize("name", ["$(x).xlsx", "`x`.xlsx", 'a"b.xlsx', "a|b.xlsx", "a\\b.xlsx"])
def test_no_name_becomes_a_command(excel: ExcelApplication, name: str) -> None:
    """What a shell on a Mac would carry out is not handed to it."""
    assert excel.run("ZL_Plain", name) == ""
    assert excel.run("ZL_Plain", "客户 (2)'s.xlsx") == "客户 (2)'s.xlsx"


def test_a_dead_server_is_started_once(excel: ExcelApplication, python: Python) -> None:
    """A server that ended is replaced, and the cell never knows."""
    python.dead = 1
    macro(excel, 'Range("C1").Value = ZL_FIND_PROVINCE("100032")')
    assert excel.sheet(1, workbook=excel.workbooks()[-1]).value("C1") == "北京市"
    assert python.started == 2


def test_without_server_cells_do_not_wait(excel: ExcelApplication, python: Python) -> None:
    """No answer is #N/A, and the next cells do not try again at once."""
    python.missing = True
    told = [excel.evaluate('ZL_FIND_PROVINCE("100032")') for _ in range(20)]
    assert {str(error) for error in told} == {"Error 2042"}
    assert python.started == 1


def test_the_longer_the_wait_the_longer_the_pause(excel: ExcelApplication, python: Python) -> None:
    """A server that took a minute to fail is not tried again for ten; a click that works ends the pause."""
    start = datetime(2026, 11, 24, 9, 0)
    python.missing, python.takes = True, lambda: excel.freeze_clock(start + timedelta(minutes=1))
    excel.freeze_clock(start)
    excel.evaluate('ZL_FIND_PROVINCE("100032")')
    for minutes, tries in ((10, 1), (12, 2)):
        excel.freeze_clock(start + timedelta(minutes=minutes))
        excel.evaluate('ZL_FIND_PROVINCE("100032")')
        assert python.started == tries
    python.missing = False
    excel.run("ZL_OnAction", Control("zl_check_workbook"))
    assert excel.evaluate('ZL_FIND_PROVINCE("100032")') == [["北京市"]]


def test_a_call_that_fails_is_no_traceback(excel: ExcelApplication, python: Python) -> None:
    """An error of ours is #VALUE! in that cell; the others go on."""
    python.dead = 2
    assert str(excel.evaluate('ZL_FIND_PROVINCE("100032")')) == "Error 2015"
    macro(excel, 'Range("C1").Value = ZL_FIND_PROVINCE("100032")')
    assert excel.sheet(1, workbook=excel.workbooks()[-1]).value("C1") == "北京市"


def test_the_wizard_is_told(excel: ExcelApplication) -> None:
    """Every function with its Chinese help and that of each argument."""
    DESCRIBED.clear()
    assert excel.run("ZL_Describe") is True
    told = [(str(macro).rpartition("!")[2], help_, category) for macro, help_, category, *_ in DESCRIBED]
    assert told == [(function.name, function.help, CATEGORY) for function in FUNCTIONS]
    helps = [[str(each) for each in array.items] for *_, array in DESCRIBED]
    assert helps == [[argument.help for argument in function.arguments] for function in FUNCTIONS]
