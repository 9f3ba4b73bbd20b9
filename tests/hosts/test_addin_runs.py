"""The add-in at work without Excel: a click and a cell go through its VBA into Python and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError

from tests.hosts.addin_excel import DESCRIBED, Control, Server, opened
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
        self.dead = 0  # calls that still fail
        self.missing = False  # it cannot be started

    def server(self) -> Server:
        """A server, as xlwings' DLL gives one."""
        self.started += 1
        if self.missing:
            raise VBARuntimeError(1000, "Could not load the DLL.")
        return Server(self._call, self.lines.append)

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
