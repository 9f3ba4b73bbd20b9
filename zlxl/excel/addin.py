"""The add-in file: settings, a ribbon and VBA modules in one package, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from zlxl.excel.faults import unreadable
from zlxl.excel.package import Package
from zlxl.excel.xml import Element

Cell = str | bool
Parts = dict[str, bytes]

RIBBON: Final = "customUI/customUI14.xml"
SETTINGS: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"

_CONTENT_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = "_rels/.rels"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_CREATED: Final = datetime(2026, 1, 1)
_WORKBOOK: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN: Final = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RELATION: Final = (
    b'<Relationship Id="rIdRibbon" Target="customUI/customUI14.xml" '
    b'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"/></Relationships>'
)


@dataclass(frozen=True, kw_only=True)
class Addin:
    """What an add-in is made of."""

    sheets: Mapping[str, Sequence[Sequence[Cell]]]  #: name -> rows
    ribbon: str  #: customUI14 XML
    modules: Mapping[str, str]  #: name -> VBA source; ``.cls`` text begins with VERSION
    workbook: str  #: VBA of ThisWorkbook


def package(addin: Addin) -> bytes:
    """The ``.xlam`` file; equal input gives equal bytes.

    Raises:
        UnicodeEncodeError: VBA that is not ASCII, which the machine's code page would garble.
    """
    parts = _with_code(_with_type(_sheets(addin), _WORKBOOK, _MACRO), addin)
    parts = _with_type(parts, _MACRO, _ADDIN)
    parts[_RELATIONSHIPS] = parts[_RELATIONSHIPS].replace(b"</Relationships>", _RELATION)
    parts[RIBBON] = addin.ribbon.encode()
    return _zipped(parts)


def _sheets(addin: Addin) -> Parts:
    import xlsxwriter  # type: ignore[import-untyped]

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"author": "zlxl", "created": _CREATED})
    for name, rows in addin.sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                write = sheet.write_boolean if isinstance(value, bool) else sheet.write_string
                write(number, column, value)
    book.close()
    return _parts(buffer)


def _with_code(parts: Parts, addin: Addin) -> Parts:
    """The parts with the VBA project in them."""
    from pyopenvba import ExcelFile, VBAModuleKind  # type: ignore[import-untyped]

    with TemporaryDirectory(prefix="zlxl-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "addin.xlsm"
        path.write_bytes(_zipped(parts))
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            for name, source in addin.modules.items():
                text = _source(source)
                kind = VBAModuleKind.other if text.startswith("VERSION") else VBAModuleKind.standard
                project.add_module(name, text, kind=kind)
            project.get_module("ThisWorkbook").body = _source(addin.workbook)
            file.save()
        return _parts(path)


def _source(text: str) -> str:
    """VBA as Excel stores it: ASCII, lines that end with CR LF."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return lines.encode("ascii").decode("ascii")


def _with_type(parts: Parts, old: bytes, new: bytes) -> Parts:
    return parts | {_CONTENT_TYPES: parts[_CONTENT_TYPES].replace(old, new)}


def _parts(file: BytesIO | Path) -> Parts:
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Parts) -> bytes:
    """A package without clock, user, order or compression of its own: every Python packs otherwise."""
    buffer = BytesIO()
    first = (_CONTENT_TYPES, _RELATIONSHIPS)
    with ZipFile(buffer, "w") as archive:
        for name in (*first, *sorted(parts.keys() - set(first))):
            entry = ZipInfo(name, _EPOCH)
            entry.create_system = 0
            archive.writestr(entry, parts[name], ZIP_STORED)
    return buffer.getvalue()


def read_settings(path: Path) -> dict[str, str]:
    """The settings of an add-in that ``package`` made: the first sheet, TRUE and FALSE as words.

    Raises:
        Unreadable: not such a file.
    """
    parts = Package.open(path)
    if SETTINGS not in parts or STRINGS not in parts:
        raise unreadable(path, "不是 zlxl 的加载项", "请运行 zlxl addin install 重新安装")
    words = ["".join(text.text for text in item.all("t")) for item in parts.tree(STRINGS).all("si")]
    rows = [[_value(cell, words) for cell in row.all("c")] for row in parts.tree(SETTINGS).all("row")]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _value(cell: Element, words: Sequence[str]) -> str:
    found = cell.first("v")
    text = found.text if found else ""
    if cell.get("t") == "s":
        return words[int(text)]
    return {"1": "TRUE", "0": "FALSE"}.get(text, text)
