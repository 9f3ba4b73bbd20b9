"""The extension of LibreOffice: what is in it, what LibreOffice makes of it, and how it gets there."""

from __future__ import annotations

import json
import sys
import tomllib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from tests.calc_office import UNOPKG, own_folders
from tests.hosts.conftest import here, zlxl  # noqa: F401 (fixtures)
from tests.hosts.machines import windows
from tests.xlwings_uno import _values
from zlxl.errors import UsageError
from zlxl.hosts.addin import sources_folder
from zlxl.hosts.buttons import BUTTONS, GROUPS
from zlxl.hosts.calc.extension import DOCUMENT, NAME, SOURCES, extension, package
from zlxl.hosts.calc.unopkg import Unopkg, fault_of, find
from zlxl.hosts.functions import FUNCTIONS

ROOT = Path(__file__).parents[3]
LABELS = [button.label for group in GROUPS for button in BUTTONS if button.group == group]
LABELS += DOCUMENT[1].values()


@pytest.fixture(scope="module")
def parts():
    return extension(sources_folder() / "calc", sys.executable)


def test_equal_sources_make_equal_bytes(parts):
    made = package(parts)
    assert made == package(extension(sources_folder() / "calc", sys.executable))
    assert made != package(extension(sources_folder() / "calc", "/another/python"))
    with ZipFile(BytesIO(made)) as archive:
        assert archive.namelist() == sorted(parts)
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_the_manifest_names_what_is_there(parts):
    path = "{http://openoffice.org/2001/manifest}full-path"
    named = [entry.get(path) for entry in ElementTree.fromstring(parts["META-INF/manifest.xml"])]
    assert set(named) <= parts.keys()
    xml = [name for name in parts if name.endswith((".xcu", ".xml", ".components"))]
    assert set(xml) - {"META-INF/manifest.xml", "description.xml"} <= set(named)
    for name in xml:
        ElementTree.fromstring(parts[name])


def test_a_missing_source_is_told(tmp_path):
    with pytest.raises(UsageError, match="缺少扩展的源文件"):
        extension(tmp_path, sys.executable)


def test_what_is_installed_holds_the_sources():
    """What pyproject.toml puts beside an installed package makes the same extension."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["data-files"]
    shipped = {path for patterns in declared.values() for glob in patterns for path in ROOT.glob(glob)}
    folder = ROOT / "workbooks" / "addin" / "calc"
    sources = {path for name in SOURCES for path in folder.glob(f"{name}*.py" if name[-1] == "/" else name)}
    assert len(sources) > len(SOURCES)
    assert sources <= shipped


def test_menu_and_toolbar_hold_every_button(calc):
    found = configured(calc, "/org.openoffice.Office.Addons/AddonUI")
    menu = found.OfficeMenuBar.getByName("org.zlxl.menu")
    groups = items(menu.Submenu)
    assert [group.Title for group in groups] == [*GROUPS, DOCUMENT[0]]
    entries = [entry for group in groups for entry in items(group.Submenu)]
    assert [entry.Title for entry in entries] == LABELS
    assert [entry.URL.rpartition("?")[2] for entry in entries][: len(BUTTONS)] == [b.id for b in BUTTONS]
    bar = items(found.OfficeToolBar.getByName("org.zlxl.toolbar"))
    assert [(item.Title, item.URL) for item in bar] == [(entry.Title, entry.URL) for entry in entries]


def items(node):
    return [node.getByName(name) for name in node.ElementNames]


def configured(calc, path):
    provider = calc.create("com.sun.star.configuration.ConfigurationProvider")
    access = "com.sun.star.configuration.ConfigurationAccess"
    return provider.createInstanceWithArguments(access, _values(nodepath=path))


def test_the_function_wizard_knows_functions_and_arguments(calc):
    calc.new().close(True)
    described = calc.create("com.sun.star.sheet.FunctionDescriptions")
    for function in FUNCTIONS:
        told = {value.Name: value.Value for value in described.getByName(function.name)}
        assert told["Description"] == function.help
        arguments = [(each.Description, each.IsOptional) for each in told["Arguments"]]
        assert [words.removesuffix("（可省略）") for words, _ in arguments] == [
            argument.help for argument in function.arguments
        ]


def test_build(zlxl, here):  # noqa: F811
    assert zlxl("addin", "build", "--host", "calc").out == f"{NAME}\n"
    assert zlxl("addin", "build", "--host", "calc").code == 2
    assert zlxl("addin", "build", "--host", "calc", "--force", "--interpreter", "/x/python").code == 0
    with ZipFile(here / NAME) as archive:
        assert json.loads(archive.read("settings.json"))["interpreter"] == "/x/python"
    assert ".oxt" in zlxl("addin", "build", "--host", "calc", "x.xlam").err


@pytest.fixture
def unopkg(tmp_path):
    """LibreOffice's program with a profile and shared extensions of the test."""
    path = tmp_path / "unopkg"
    (tmp_path / "shared").mkdir()
    path.write_text(f'#!/bin/sh\nexec {UNOPKG} "$@" {" ".join(own_folders(tmp_path))}\n')
    path.chmod(0o755)
    return "--host", "calc", "--shared", "--unopkg", path


def test_install_status_remove(zlxl, unopkg):  # noqa: F811
    found = zlxl("addin", "status", *unopkg)
    assert (found.code, found.out) == (1, "没有安装。请运行 zlxl addin install --host calc --shared。\n")
    assert "重新打开" in zlxl("addin", "install", *unopkg).err
    found = zlxl("addin", "status", *unopkg)
    assert found.code == 0
    assert sys.executable in found.out
    assert "不能用" in zlxl("addin", "install", *unopkg, "--interpreter", "no python").err
    found = zlxl("addin", "status", *unopkg)
    assert found.code == 1
    assert str(Path("no python").absolute()) in found.out
    assert "已从 LibreOffice 删除" in zlxl("addin", "remove", *unopkg).out
    assert "没有安装" in zlxl("addin", "remove", *unopkg).out


def test_what_unopkg_says_is_told(zlxl, tmp_path):  # noqa: F811
    path = tmp_path / "unopkg"
    path.write_text("#!/bin/sh\necho\necho 'ERROR: The lock file indicates it is running.' >&2\nexit 1\n")
    path.chmod(0o755)
    found = zlxl("addin", "install", "--host", "calc", "--unopkg", path)
    assert found.code == 2
    assert "The lock file indicates it is running" in found.err
    assert "关闭 LibreOffice" in found.err
    path.chmod(0o644)
    assert zlxl("addin", "install", "--host", "calc", "--unopkg", tmp_path / "none").code == 2


def test_options_of_the_other_host_are_refused(zlxl):  # noqa: F811
    assert "--folder" in zlxl("addin", "install", "--host", "calc", "--folder", "x").err
    assert "--host calc" in zlxl("addin", "status", "--shared").err


def test_a_machine_without_libreoffice(tmp_path, monkeypatch):
    monkeypatch.setattr("zlxl.hosts.calc.unopkg._PLACES", ("%ProgramFiles%/LibreOffice/program",))
    programs = tmp_path / "LibreOffice" / "program"
    machine = windows(tmp_path, PATH="", ProgramFiles=str(tmp_path))
    with pytest.raises(UsageError, match="没有找到 LibreOffice"):
        find(machine, None, shared=False)
    programs.mkdir(parents=True)
    for name in ("unopkg.com", "soffice.exe"):
        (programs / name).touch()
    with pytest.raises(UsageError, match="不带 Python"):
        find(machine, None, shared=False)
    (programs / "pythonloader.py").touch()
    assert find(machine, None, shared=False) == Unopkg(program=programs / "unopkg.com")


def test_a_python_that_cannot_judge_is_told(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho No module named zlxl >&2\nexit 1\n")
    python.chmod(0o755)
    assert fault_of(str(python)) == "No module named zlxl"
    assert fault_of(str(tmp_path / "none")) == "路径不存在"
    assert fault_of(sys.executable) == ""
