"""Machines of the tests: Windows and Mac as folders, with a registry as a dictionary."""

from __future__ import annotations

import struct
from collections.abc import Container, Mapping
from functools import cache
from pathlib import Path

from pyopenvba import vba

from zlxl import __version__
from zlxl.hosts.addin import XLWINGS
from zlxl.hosts.machine import CLICK_TO_RUN, MAC, WINDOWS, Machine, Python, Value

vba.compress = cache(vba.compress)  # the same modules, once for all tests

SOUND = Python(starts=True, versions={"zlxl": __version__, "xlwings": XLWINGS})
Keys = dict[str, dict[str, Value | None]]


def windows(
    folder: Path,
    keys: Keys | None = None,
    *,
    python: Python = SOUND,
    unreadable: Container[str] = (),
    **environment: str,
) -> Machine:
    """A sound Windows: Python in a virtual environment with both DLLs, Office of 64 bits."""
    scripts = folder / "venv" / "Scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    (scripts / "python.exe").write_bytes(b"MZ")
    for bits, code in (("64", 0x8664), ("32", 0x014C)):
        (folder / "venv" / f"xlwings{bits}-{XLWINGS}.dll").write_bytes(dll(code))
    registry: Keys = {CLICK_TO_RUN: {"Platform": "x64"}, **(keys or {})}

    def read(key: str) -> Mapping[str, Value | None]:
        if key in unreadable:
            raise PermissionError(13, "Access is denied")
        return registry.get(key, {})

    return Machine(
        system=WINDOWS,
        environment={"APPDATA": str(folder / "Roaming"), **environment},
        home=folder,
        interpreter=str(scripts / "python.exe"),
        registry=read,
        ask=lambda path: python,
        code_page="gbk",
    )


def mac(folder: Path) -> Machine:
    """A Mac."""
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    return Machine(system=MAC, environment={}, home=folder, interpreter=str(python), ask=lambda path: SOUND)


def dll(machine: int) -> bytes:
    """The head of a DLL for that machine."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(20)
