"""The machine as the add-in's commands see it."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hosts.machines import mac, windows
from zlxl import __version__
from zlxl.hosts.addin import XLWINGS
from zlxl.hosts.machine import Machine, ask_python, this_machine

KEY = "Software\\zlxl"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry with one key: a subkey and two values."""
    values = (("Platform", "x64"), ("Blob", "C:\\zlxl.xlam".encode("utf-16-le") + b"\x01"), ("Many", ["a"]))

    @contextmanager
    def opened(hive: str, path: str, *_: object) -> Iterator[str]:
        if path == "closed":
            raise PermissionError(13, "Access is denied")
        if (hive, path) != ("user", KEY):
            raise FileNotFoundError(path)
        yield path

    fake = types.ModuleType("winreg")
    fake.__dict__.update(
        HKEY_CURRENT_USER="user",
        HKEY_LOCAL_MACHINE="machine",
        KEY_READ=1,
        KEY_WOW64_64KEY=2,
        OpenKey=opened,
        QueryInfoKey=lambda key: (1, len(values), 0),
        EnumKey=lambda key, number: "Location0",
        EnumValue=lambda key, number: (*values[number], 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", fake)
    monkeypatch.setattr(sys, "platform", "win32")


def test_registry(registry: None) -> None:
    """Values by name, subkeys without one; a key that is not there is empty, one that is closed is not."""
    read = this_machine().registry
    assert read(f"HKCU\\{KEY}") == {
        "Location0": None,
        "Platform": "x64",
        "Blob": "C:\\zlxl.xlam",
        "Many": "['a']",
    }
    assert read(f"HKLM\\{KEY}") == {}
    with pytest.raises(PermissionError):
        read("HKCU\\closed")


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other systems have no registry and, but for Mac, no Excel."""
    monkeypatch.setattr(sys, "platform", "linux")
    machine = this_machine()
    assert machine.registry(f"HKCU\\{KEY}") == {}
    assert machine.startup() is None
    assert machine.scripts() is None


def test_paths_of_settings(tmp_path: Path) -> None:
    """Variables of both systems are filled in."""
    machine = windows(tmp_path, LOCALAPPDATA=str(tmp_path / "Local"))
    shipped = r"%LOCALAPPDATA%\zlxl\venv\Scripts\python.exe"
    assert machine.expanded(shipped) == tmp_path / "Local" / "zlxl" / "venv" / "Scripts" / "python.exe"
    assert mac(tmp_path).expanded("$HOME/.zlxl/venv/bin/python") == tmp_path / ".zlxl/venv/bin/python"
    assert Machine(system="linux", environment={}, home=tmp_path, interpreter="").registry("HKCU\\a") == {}
    assert machine.expanded(r"%localAppData%\%NONE%") == tmp_path / "Local" / "%NONE%"


def test_a_python_is_asked(tmp_path: Path) -> None:
    """This one tells all; what is none, or breaks off, says why."""
    told = ask_python(Path(sys.executable))
    assert (told.starts, told.versions["zlxl"], told.versions["xlwings"]) == (True, __version__, XLWINGS)
    assert told.base == sys.base_prefix
    for name, text in (("none", ""), ("broken", "#!/bin/sh\necho 'No Python at /usr/x' >&2\nexit 101\n")):
        path = tmp_path / name
        if text:
            path.write_text(text)
            path.chmod(0o755)
        asked = ask_python(path)
        assert not asked.starts
        assert asked.fault in ("路径不存在", "No Python at /usr/x")
