"""The machine as the add-in's commands see it."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hosts.machines import mac, windows
from zlxl.hosts.machine import Machine, this_machine

KEY = "Software\\zlxl"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry with one key: a subkey and two values."""
    values = (("Platform", "x64"), ("Blob", b"\x01"))

    @contextmanager
    def opened(hive: str, path: str, *_: object) -> Iterator[str]:
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
    """Values by name, subkeys without one; a key that is not there is empty."""
    read = this_machine().registry
    assert read(f"HKCU\\{KEY}") == {"Location0": None, "Platform": "x64", "Blob": "b'\\x01'"}
    assert read(f"HKLM\\{KEY}") == {}


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
