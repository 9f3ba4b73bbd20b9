"""The Excel add-in as a file: the same bytes, a valid package, sound VBA that runs, a ribbon by the rules."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from lxml import etree
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from zlxl.excel.addin import RIBBON, package
from zlxl.hosts import ribbon as functions
from zlxl.hosts.addin import MODULES, addin, sources_folder
from zlxl.hosts.buttons import BUTTONS, GROUPS
from zlxl.hosts.functions import FUNCTIONS, MODULE

NS = "{http://schemas.microsoft.com/office/2009/07/customui}"
SCHEMA = "data/openxml/schemas/schemas_microsoft_com_office_2009_07_customui.json"
#: Of the gallery of Office 2010 (Microsoft's "Office 2010 Add-In: Icons Gallery").
OFFICE_2010 = {
    "AcceptInvitation",
    "AddToFavorites",
    "CalendarInsert",
    "ChartInsert",
    "Consolidate",
    "CreateReport",
    "DataValidation",
    "FilePrintPreview",
    "Filter",
    "FindDialog",
    "Help",
    "HyperlinkInsert",
    "ReviewDeleteComment",
    "ReviewNextComment",
    "SortFilterMenu",
    "StartTimer",
    "Undo",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in of the shipped sources."""
    path = tmp_path_factory.mktemp("addin") / "zlxl.xlam"
    path.write_bytes(package(addin(sources_folder(), {})))
    return path


@pytest.fixture(scope="module")
def modules(built: Path) -> dict[str, str]:
    """Its VBA, as it is read back."""
    with ExcelFile(built) as file:
        return {module.name: module.source for module in file.vba_project().modules}


@pytest.fixture(scope="module")
def ribbon(built: Path) -> etree._Element:
    """Its ribbon."""
    with ZipFile(built) as archive:
        return etree.fromstring(archive.read(RIBBON))


def test_built_by_command(zlxl: Run, built: Path) -> None:  # noqa: F811
    """The command writes these bytes, and not over another file without being asked."""
    assert zlxl("addin", "build").code == 0
    assert Path("zlxl.xlam").read_bytes() == built.read_bytes()
    again = zlxl("addin", "build")
    assert again.code == 2
    assert "--force" in again.err
    assert zlxl("addin", "build", "--force", "--interpreter", r"D:\py\python.exe").code == 0
    assert Path("zlxl.xlam").read_bytes() != built.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("settings.csv", None, "缺少"),
        ("settings.csv", b"a,b\n", "key,value"),
        ("text.csv", "key,value\ntitle,客户服务\n".encode("gb18030"), "UTF-8"),
        ("ZlxlRibbon.bas", 'Const A = "客户"\n'.encode(), "第 1 行"),
    ],
)
def test_unfit_sources_are_told(
    zlxl: Run,  # noqa: F811
    tmp_path: Path,
    name: str,
    content: bytes | None,
    word: str,
) -> None:
    """A source that is missing, or garbled on another machine, is named with what to do."""
    folder = shutil.copytree(sources_folder(), tmp_path / "sources")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    done = zlxl("addin", "build", "--sources", str(folder))
    assert (done.code, name in done.err, word in done.err) == (2, True, True)
    assert zlxl("addin", "build", "--sources", str(folder), "zlxl.xlsx").code == 2


def test_an_installed_zlxl_has_all_sources() -> None:
    """Each source is a data file in its place, and nothing but files is one: else no wheel can be built."""
    root = Path(__file__).parents[2]
    texts = root / "workbooks" / "addin"
    data = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["data-files"]
    shipped = {
        Path(folder).relative_to("share/zlxl/addin") / path.name: path
        for folder, patterns in data.items()
        for pattern in patterns
        for path in root.glob(pattern)
    }
    assert [path for path in shipped.values() if not path.is_file()] == []
    sources = (path for path in texts.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert {path.relative_to(texts): path for path in sources} == shipped


def test_opens_cleanly(built: Path) -> None:
    """The package holds what Excel wants of it."""
    audit = Path(sys.executable).with_name("openxml-audit")
    done = subprocess.run([audit, built], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    with ZipFile(built) as archive:
        types = archive.read("[Content_Types].xml")
    assert b"application/vnd.ms-excel.addin.macroEnabled.main+xml" in types
    assert b"application/vnd.ms-office.vbaProject" in types


def test_packed_the_same_by_every_python(built: Path) -> None:
    """Nothing in the file tells when, where or with which library it was packed."""
    with ZipFile(built) as archive:
        entries = archive.infolist()
        properties = archive.read("docProps/core.xml").decode()
    assert {(entry.compress_type, entry.date_time, entry.create_system) for entry in entries} == {
        (ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0)
    }
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]+", properties)) == {"2026-01-01T00:00:00Z"}


def test_cells_see_only_the_functions(modules: dict[str, str]) -> None:
    """What VBA needs for itself is not offered as a function in cells."""
    for name in {*MODULES, "xlwings"} - {"ZlxlRibbon"}:
        assert "Option Private Module" in modules[name].splitlines()[:4], name
    assert "Public Function" not in modules["ZlxlRibbon"]
    offered = re.findall(r"(?m)^Public Function (\w+)", modules["ZlxlFunctions"])
    assert offered == [function.name for function in FUNCTIONS]


def test_vba_has_no_errors(built: Path) -> None:
    """Static analysis finds no error anywhere, and nothing at all in our own modules."""
    command = [sys.executable, "-m", "pyvbaanalysis", str(built), "--format", "json", "--fail-level", "error"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    [project] = json.loads(done.stdout)
    told = {module["module"]: module["diagnostics"] for module in project["modules"]}
    for name in (*MODULES, "ZlxlFunctions", "ThisWorkbook"):
        assert told[name] == [], name


def test_vba_knows_the_ribbon(built: Path) -> None:
    """IRibbonUI and IRibbonControl are of Office's library, without which nothing would compile."""
    with ExcelFile(built) as file:
        references = [reference.libid for reference in file.vba_project().references]
    assert any("{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}" in reference for reference in references)


def test_vba_is_plain_ascii(modules: dict[str, str]) -> None:
    """Nothing depends on the machine's code page; each module is the text it was made from."""
    assert {*MODULES, "ZlxlFunctions", "xlwings", "Dictionary", "ThisWorkbook"} <= modules.keys()
    for name, source in modules.items():
        assert source.isascii(), name
    for name in MODULES:
        text = (sources_folder() / f"{name}.bas").read_text("ascii")
        assert modules[name].replace("\r\n", "\n").rstrip() == text.rstrip()


def test_ribbon_keeps_the_schema(ribbon: etree._Element) -> None:
    """Elements and attributes are those of customUI14."""
    types = {
        kind["Name"]: kind for kind in json.loads((files("openxml_audit") / SCHEMA).read_text())["Types"]
    }
    root = next(name for name in types if name.endswith("/mso14:customUI"))
    assert list(_strays(ribbon, types[root], types)) == []


def _strays(element: etree._Element, kind: dict[str, Any], types: dict[str, Any]) -> list[str]:
    known = {attribute["QName"].lstrip(":") for attribute in kind.get("Attributes", [])}
    found = [f"{element.tag} {name}" for name in element.attrib if name not in known]
    children = _children(kind)
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        if name not in children:
            found.append(f"{element.tag}/{name}")
        else:
            found += _strays(child, types[children[name]], types)
    return found


def _children(kind: dict[str, Any]) -> dict[str, str]:
    names = {child["Name"] for child in kind.get("Children") or []}
    parts = [kind.get("Particle")]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            parts += part.get("Items", [])
            names |= {part["Name"]} if "/" in part.get("Name", "") else set()
    return {name.split(":")[-1]: name for name in names}


def test_ribbon_follows_the_rules(ribbon: etree._Element, modules: dict[str, str]) -> None:
    """Groups of 3 to 5, each id once, keytips as Office wants them, callbacks that exist."""
    groups = ribbon.findall(f".//{NS}group")
    assert [group.get("label") for group in groups] == list(GROUPS)
    assert [len(group) for group in groups if not 3 <= len(group) <= 5] == []
    ids = [element.get("id") for element in ribbon.iter("*") if element.get("id")]
    assert len(ids) == len(set(ids))
    tips = [element.get("keytip") for element in ribbon.iter(f"{NS}button", f"{NS}tab")]
    assert len(tips) == len(set(tips))
    assert [tip for tip in tips if not re.fullmatch("[A-IK-X][A-Z0-9]{0,2}", tip)] == []
    assert [tip for tip in tips if any(other != tip and other.startswith(tip) for other in tips)] == []
    callbacks = {
        value for e in ribbon.iter("*") for key, value in e.attrib.items() if key[:2] in ("on", "ge")
    }
    for module, _, name in (callback.partition(".") for callback in callbacks):
        assert f"Public Sub {name}(" in modules[module]


def test_buttons_say_what_they_do() -> None:
    """Words that fit, do not repeat the label, and say whether the button writes."""
    for button in BUTTONS:
        assert 2 <= len(button.label) <= 4, button.id
        assert button.label not in (button.screentip, button.supertip)
        assert len(button.supertip) < 1024
        assert ("只看不写" in button.supertip) != button.writes
        assert ("写入" in button.supertip.replace("只看不写", "")) == button.writes, button.id
        assert button.icon in OFFICE_2010, button.icon
        assert callable(functions.work_of(button)), button.function


@pytest.fixture
def excel(built: Path, modules: dict[str, str]) -> ExcelApplication:
    """An interpreter with the add-in's modules; it knows no WithEvents, which wires the same subs."""
    app = ExcelApplication.open(built, with_vba=False)
    for name, source in modules.items():
        if name.startswith("Sheet"):
            continue
        kind = {"Dictionary": "class", "ThisWorkbook": "document"}.get(name, "standard")
        app.add_module(source.replace("WithEvents ", ""), name=name, kind=kind)
    return app


def test_texts_come_from_the_sheets(excel: ExcelApplication) -> None:
    """Chinese reaches VBA without a literal."""
    assert excel.run("ZL_Text", "title") == "客户服务"
    assert excel.run("ZL_Text", "unknown") == "unknown"
    assert excel.run("ZL_Lookup", "zlxl.functions", "ZL_CHECK", 2) == FUNCTIONS[0].help


def test_buttons_apply_where_their_sheet_is(excel: ExcelApplication) -> None:
    """A button of requests waits for a workbook with requests."""
    book = excel.add_workbook()
    excel.activate_workbook(book)
    assert excel.run("ZL_Applies", "zl_check_workbook") is True
    assert excel.run("ZL_Applies", "zl_classify_requests") is False
    excel.add_module(
        "Sub Rename(ByVal title As String)\n  ActiveSheet.Name = title\nEnd Sub\n", name="Probes"
    )
    excel.run("Rename", "客户要求")
    assert excel.run("ZL_Applies", "zl_classify_requests") is True


def test_settings_hold_every_key(excel: ExcelApplication, modules: dict[str, str]) -> None:
    """No key is looked for in files, so that a call stays quick and a stranger's workbook sets nothing."""
    read = set(re.findall(r'GetConfig\("([^"]+)"', modules["xlwings"]))
    sheet = excel.sheet("zlxl.conf")
    kept = {str(sheet.value(f"A{row}")) for row in range(1, 40)}
    assert read <= kept
    assert excel.run("ZL_Lookup", "zlxl.conf", "UDF MODULES", 2) == MODULE


@pytest.mark.parametrize(("given", "shown"), [("#N/A", 2042), ("#VALUE!", 2015)])
def test_error_texts_become_errors(excel: ExcelApplication, given: str, shown: int) -> None:
    """What Python says in words is an error value in the cell."""
    lines = (
        "Function Probe() As Variant",
        f'Dim a(0, 1) As Variant: a(0, 0) = "{given}": a(0, 1) = "b"',
        f'Dim b As Variant: b = ZL_WithErrors(a): Probe = CLng(ZL_WithErrors("{given}"))',
        'Probe = Probe & "," & CLng(b(0, 0)) & b(0, 1)',
        "End Function",
    )
    excel.add_module("\n".join(lines), name="Probes")
    assert excel.run("Probe") == f"{shown},{shown}b"
