"""What the Excel add-in is made of: text sources, the registries, and xlwings' VBA."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from zlxl.errors import UsageError
from zlxl.excel.addin import Addin, Cell
from zlxl.hosts.buttons import BUTTONS, GROUPS, Button
from zlxl.hosts.functions import CATEGORY, FUNCTIONS, MODULE, Function

NAME: Final = "zlxl.xlam"
XLWINGS: Final = "0.37.8"  #: its DLL, its VBA and its Python must be of one version
SCRIPT: Final = f"xlwings-{XLWINGS}.applescript"  #: what runs Python on a Mac
FRAME: Final = "customUI14.xml"
MODULES: Final = ("ZlxlLinks", "ZlxlRibbon", "ZlxlServer", "ZlxlText", "ZlxlWizard")

Settings = dict[str, str]

#: What xlwings' VBA does otherwise here, and why.
_XLWINGS_EDITS: Final = (
    ('PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME As String = "zlxl"'),
    # its functions are not for cells
    ('Attribute VB_Name = "xlwings"', 'Attribute VB_Name = "xlwings"\nOption Private Module'),
    # settings and code of a stranger's workbook are not ours, nor are modules in the folder it lies in
    ('If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then', "If False Then"),
    ('If Right$(sht.Name, 3) = ".py" Then', "If False Then"),
    ('" -B -c ""import sys, os;"', '" -B -P -c ""import sys, os, udfs;"'),  # udfs: xlwings without pandas
    ('& ";" & GetConfig("PYTHONPATH")', '& ZL_Further(GetConfig("PYTHONPATH"))'),
    # one server, not one for each workbook: the DLL tells servers apart by their command line
    ('AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName', 'AddExcelDir & ";;"'),
    ('AddExcelDir & ";" & ActiveFullName & ";" & ThisFullName', 'AddExcelDir & ";;"'),
    # Python without a shell around it: one that does not start is noticed at once, not after two minutes
    (
        'PYTHON_WIN = "cmd.exe " & ConsoleSwitch & " /K " & Chr(34) & Chr(34) & PYTHON_WIN & Chr(34)',
        "PYTHON_WIN = Chr(34) & PYTHON_WIN & Chr(34)",
    ),
    (
        "XLPyCommand = PYTHON_WIN & tail & Chr(34)",
        'XLPyCommand = PYTHON_WIN & tail & IIf(Left$(PYTHON_WIN, 4) = "cmd.", Chr(34), " " & ConsoleSwitch)',
    ),
    ('"|" + ActiveWorkbook.Name', '"|" + ZL_Plain(ActiveWorkbook.Name)'),
    # our own words
    ("On Error GoTo err_handling", "On Error GoTo 0"),
    (
        "MsgBox \"To enable RunPython, please run 'xlwings runpython install' in a terminal once"
        ' and try again.", vbCritical',
        "Err.Raise Err.Number, Err.Source, Err.Description",
    ),
    ('"Running..."', 'ZL_Text("running")'),
)
_PREPROCESSOR: Final = re.compile(r"(?m)^([ \t]*#(?:Const|If|ElseIf)\b[^'\r\n]*?)[ \t]*'[^\r\n]*")


def addin(sources: Path, changed: Settings) -> Addin:
    """The add-in of these text sources, with some settings changed.

    Raises:
        UsageError: a source, or xlwings of the pinned version, is not there.
    """
    settings = _settings(sources, changed)
    modules = {name: _vba(sources / f"{name}.bas") for name in MODULES}
    return Addin(
        sheets={
            "zlxl.conf": [(key, _cell(value)) for key, value in settings.items()],
            "zlxl.text": [*_pairs(sources / "text.csv"), ("category", CATEGORY)],
            "zlxl.buttons": [(button.id, button.sheet) for button in BUTTONS],
            "zlxl.functions": [_described(function) for function in FUNCTIONS],
        },
        ribbon=ribbon_xml(_text(sources / FRAME), BUTTONS),
        modules={**_xlwings_modules(), **modules, "ZlxlFunctions": function_stubs(FUNCTIONS)},
        workbook=_vba(sources / "ThisWorkbook.cls"),
    )


def sources_folder() -> Path:
    """Where the text sources are: beside the package, or where an installed one keeps them.

    Raises:
        UsageError: they are nowhere.
    """
    checkout = Path(__file__).parents[2] / "workbooks" / "addin"
    installed = Path(sys.prefix) / "share" / "zlxl" / "addin"
    for folder in (checkout, installed):
        if (folder / FRAME).is_file():
            return folder
    raise UsageError(f"没有找到加载项的源文件（{installed}）。请重新安装 zlxl，或用 --sources 指明文件夹。")


def ribbon_xml(frame: str, buttons: Sequence[Button]) -> str:
    """The frame with its tab filled: one group after the other, buttons in order."""
    groups = "".join(_group(number, name, buttons) for number, name in enumerate(GROUPS, 1))
    tab = re.compile(r"( *)(<tab [^>]*?)/>\n")
    return tab.sub(lambda found: f"{found[1]}{found[2]}>\n{groups}{found[1]}</tab>\n", frame, count=1)


def _group(number: int, name: str, buttons: Iterable[Button]) -> str:
    members = "".join(_button(button) for button in buttons if button.group == name)
    return f'        <group id="zlGroup{number}" label={quoteattr(name)}>\n{members}        </group>\n'


def _button(button: Button) -> str:
    attributes = {
        "id": button.id,
        "label": button.label,
        "size": "large" if button.large else "normal",
        "imageMso": button.icon,
        "keytip": button.keytip,
        "screentip": button.screentip,
        "supertip": button.supertip,
        "onAction": "ZlxlRibbon.ZL_OnAction",
        "getEnabled": "ZlxlRibbon.ZL_GetEnabled",
    }
    words = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    return f"          <button {words}/>\n"


def function_stubs(functions: Iterable[Function]) -> str:
    """A VBA module with one function a UDF: no import of functions, no trust in the VBA project is needed."""
    head = 'Attribute VB_Name = "ZlxlFunctions"\nOption Explicit\n\n'
    return f'{head}Public Const ZL_MODULE As String = "{MODULE}"\n' + "".join(
        _stub(function) for function in functions
    )


def _stub(function: Function) -> str:
    name = function.name
    names = ", ".join(argument.name for argument in function.arguments)
    declared = ", ".join(
        f"{'Optional ' if argument.optional else ''}{argument.name} As Variant"
        for argument in function.arguments
    )
    return (
        f"\nPublic Function {name}({declared}) As Variant\n"
        f'    {name} = ZL_Call("{name}", Array({names}), Application.Caller)\n'
        "End Function\n"
    )


def _described(function: Function) -> list[Cell]:
    """What the function wizard shows, which takes 255 characters each."""
    words = (function.help, *(argument.help for argument in function.arguments))
    return [function.name, *(text[:255] for text in words)]


def _settings(sources: Path, changed: Settings) -> Settings:
    return {**dict(_pairs(sources / "settings.csv")), "UDF MODULES": MODULE, **changed}


def _pairs(path: Path) -> list[tuple[str, str]]:
    head, *rows = [*csv.reader(_text(path).splitlines())] or [[]]
    if head != ["key", "value"] or any(len(row) != 2 for row in rows):
        raise UsageError(f"{path} 的表头应是 key,value，每行两栏。请改正后重试。")
    return [(key, value) for key, value in rows]


def _cell(value: str) -> Cell:
    return value == "TRUE" if value in ("TRUE", "FALSE") else value


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(f"缺少加载项的源文件 {path}。请重新安装 zlxl，或检查 --sources。") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} 不是 UTF-8 文本。请另存为 UTF-8。") from None


def _vba(path: Path) -> str:
    """A module, whose literals must not depend on the machine's code page."""
    text = _text(path)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.isascii():
            raise UsageError(
                f"{path} 第 {number} 行有非 ASCII 字符。请把文字移到 text.csv，用 ZL_Text 读取。"
            )
    return text


def _xlwings_modules() -> dict[str, str]:
    """VBA of xlwings and the dictionary it uses on Mac."""
    folder = _xlwings_folder()
    code = _text(folder / "xlwings_custom_addin.bas")
    for old, new in _XLWINGS_EDITS:
        if old not in code:
            raise UsageError(f"xlwings 的 VBA 中没有“{old}”。请安装 xlwings {XLWINGS}。")
        code = code.replace(old, new)
    return {
        "Dictionary": _text(folder / "addin" / "Dictionary.cls"),
        "xlwings": _PREPROCESSOR.sub(r"\1", code),
    }


def _xlwings_folder() -> Path:
    spec, found = find_spec("xlwings"), installed("xlwings")
    if spec is None or spec.origin is None or found != XLWINGS or not installed("pyopenvba"):
        raise UsageError(
            f"生成加载项需要 pyopenvba 和 xlwings {XLWINGS}（现在：{found or '没有安装'}）。"
            '请在 zlxl 的文件夹中运行 pip install -c constraints.txt ".[excel]" 后重试。'
        )
    return Path(spec.origin).parent


def mac_script() -> Path:
    """The script with which xlwings' VBA calls Python on a Mac."""
    return _xlwings_folder() / SCRIPT


def installed(package: str) -> str:
    """The version of a package, empty when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
