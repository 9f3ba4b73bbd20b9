"""What the extension of LibreOffice is made of: text sources, and what follows from the registries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from zlxl import __version__
from zlxl.errors import UsageError
from zlxl.hosts.buttons import BUTTONS, GROUPS
from zlxl.hosts.calc.book import REPAIR, SAVE
from zlxl.hosts.calc.watched import known_tables
from zlxl.hosts.functions import FUNCTIONS, Argument, Function

NAME: Final = "zlxl.oxt"
IDENTIFIER: Final = "org.zlxl"
SETTINGS: Final = "settings.json"
DESCRIPTION: Final = "description.txt"
BUILD: Final = "zlxl-build"
TITLE: Final = "客户服务"
#: Entries of the menu that Excel does not need, in a group of their own.
DOCUMENT: Final = ("文件", {SAVE: "保存改动", REPAIR: "修复公式"})
#: The text sources; those that end with / are folders of Python files.
SOURCES: Final = (
    *("META-INF/manifest.xml", "description.xml", "zlxl.components", "zlxl_calc.py", "zlxl_functions.py"),
    *("Jobs.xcu", "CalcWindowState.xcu", "pythonpath/zlxl_bridge/"),
)
TOOLBAR: Final = "org.zlxl.toolbar"
TABLES: Final = "pythonpath/zlxl_bridge/tables.json"

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_DOCUMENT: Final = "com.sun.star.sheet.SpreadsheetDocument"
_ROWS: Final = "sequence< sequence< any > >"
_CONFIGURATION: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' oor:name="{}" oor:package="org.openoffice.Office">\n{}</oor:component-data>\n'
)

Parts = Mapping[str, bytes]


def extension(sources: Path, interpreter: str) -> Parts:
    """The files of the extension by name; ``interpreter`` is the Python that judges.

    Raises:
        UsageError: a source is not there.
    """
    parts = dict(_sources(sources))
    parts["description.xml"] = parts["description.xml"].replace(b"{version}", __version__.encode())
    parts["zlxl.idl"] = type_library(FUNCTIONS).encode()
    parts["CalcAddIns.xcu"] = _CONFIGURATION.format("CalcAddIns", _functions(FUNCTIONS)).encode()
    parts["Addons.xcu"] = _CONFIGURATION.format("Addons", _addons()).encode()
    parts[SETTINGS] = _json(
        {"interpreter": interpreter, "functions": {camel(each.name): each.name for each in FUNCTIONS}}
    )
    parts[TABLES] = _json(known_tables())
    parts[DESCRIPTION] = _description(parts, interpreter).encode()
    return parts


def fingerprint(parts: Parts) -> str:
    """What tells one build from another."""
    digest = sha256()
    for name in sorted(parts.keys() - {DESCRIPTION}):
        digest.update(name.encode() + b"\0" + parts[name] + b"\0")
    return digest.hexdigest()[:16]


def _description(parts: Parts, interpreter: str) -> str:
    """What LibreOffice shows of the extension; its last line is read back by ``zlxl addin status``."""
    return (
        "客户服务数据库（ZL-CX-16）：单元格函数 ZL_…，菜单和工具栏“客户服务”。\n"
        f"调用的 Python：{interpreter}\n{BUILD} {fingerprint(parts)} {quote(interpreter)}\n"
    )


def package(parts: Parts) -> bytes:
    """The ``.oxt`` file; equal parts give equal bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(parts):
            entry = ZipInfo(name, _EPOCH)
            entry.create_system = 0
            archive.writestr(entry, parts[name], ZIP_STORED)
    return buffer.getvalue()


def _sources(folder: Path) -> Iterable[tuple[str, bytes]]:
    for name in SOURCES:
        paths = sorted((folder / name).glob("*.py")) if name.endswith("/") else [folder / name]
        try:
            for path in paths:
                yield path.relative_to(folder).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")
        except FileNotFoundError:
            raise UsageError(
                f"缺少扩展的源文件 {folder / name}。请重新安装 zlxl，或检查 --sources。"
            ) from None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def camel(name: str) -> str:
    """A name as UNO wants it, which has no underscores: zlCheck for ZL_CHECK."""
    first, *others = name.lower().split("_")
    return first + "".join(map(str.capitalize, others))


def type_library(functions: Iterable[Function]) -> str:
    """The interface of the functions, which LibreOffice reads as text: every argument may be left out."""
    methods = "".join(
        f"    {_ROWS} {camel(function.name)}([in] com::sun::star::beans::XPropertySet document"
        + "".join(f", [in] any {camel(argument.name)}" for argument in function.arguments)
        + ");\n"
        for function in functions
    )
    return f"module org {{ module zlxl {{\n  interface XFunctions {{\n{methods}  }};\n}}; }};\n"


# --- configuration ------------------------------------------------------------------------------------------


def _node(name: str, *inside: str, new: bool = True) -> str:
    operation = ' oor:op="replace"' if new else ""
    return f'<node oor:name="{escape(name)}"{operation}>\n{"".join(inside)}</node>\n'


def _prop(name: str, value: str, *, words: bool = False) -> str:
    language = ' xml:lang="en"' if words else ""  # shown to all whose language has no words of its own
    return f'<prop oor:name="{name}" oor:type="xs:string"><value{language}>{escape(value)}</value></prop>\n'


def _functions(functions: Iterable[Function]) -> str:
    nodes = (_function(function) for function in functions)
    service = _node("org.zlxl.Functions", _node("AddInFunctions", *nodes, new=False))
    return _node("AddInInfo", service, new=False)


def _function(function: Function) -> str:
    return _node(
        camel(function.name),
        _prop("DisplayName", function.name, words=True),
        _prop("Description", function.help, words=True),
        _prop("Category", "Add-In"),
        _prop("CompatibilityName", function.name, words=True),
        _node("Parameters", *map(_argument, function.arguments), new=False),
    )


def _argument(argument: Argument) -> str:
    told = argument.help + ("（可省略）" if argument.optional else "")
    return _node(
        camel(argument.name),
        _prop("DisplayName", argument.name, words=True),
        _prop("Description", told, words=True),
    )


def _addons() -> str:
    submenus = [_submenu(f"g{number}", *group) for number, group in enumerate(_menu(), 1)]
    bar = [_entry(f"b{number:02}", id_, label) for number, (id_, label) in enumerate(_entries(), 1)]
    menu = _node(
        "org.zlxl.menu",
        _prop("Title", TITLE, words=True),
        _prop("Context", _DOCUMENT),
        _node("Submenu", *submenus, new=False),
    )
    shown = (
        _node("OfficeMenuBar", menu, new=False),
        _node("OfficeToolBar", _node(TOOLBAR, *bar), new=False),
    )
    return _node("AddonUI", *shown, new=False)


def _menu() -> list[tuple[str, Mapping[str, str]]]:
    """The groups of the menu with their entries: id and label."""
    groups = [
        (name, {button.id: button.label for button in BUTTONS if button.group == name}) for name in GROUPS
    ]
    return [*groups, DOCUMENT]


def _entries() -> Iterable[tuple[str, str]]:
    return (entry for _, entries in _menu() for entry in entries.items())


def _submenu(number: str, name: str, entries: Mapping[str, str]) -> str:
    inside = (_entry(f"e{at}", id_, label) for at, (id_, label) in enumerate(entries.items(), 1))
    return _node(
        number,
        _prop("Title", name, words=True),
        _prop("Context", _DOCUMENT),
        _node("Submenu", *inside, new=False),
    )


def _entry(number: str, id_: str, label: str) -> str:
    return _node(
        number,
        _prop("URL", f"service:org.zlxl.Command?{id_}"),
        _prop("Title", label, words=True),
        _prop("Target", "_self"),
        _prop("Context", _DOCUMENT),
    )
