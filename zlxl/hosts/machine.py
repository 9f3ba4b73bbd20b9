"""The machine that Excel runs on: its system, folders and registry, as the add-in's commands see them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from zlxl.errors import os_reason

Value = str | int
#: The values of a key by name, its subkeys by name with None; empty where there is no such key.
#: OSError where it may not be read.
Registry = Callable[[str], Mapping[str, Value | None]]

CLICK_TO_RUN: Final = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
CURRENT_EXCEL: Final = r"HKLM\SOFTWARE\Classes\Excel.Application\CurVer"

WINDOWS: Final = "win32"
MAC: Final = "darwin"

_PATIENCE: Final = 60  # seconds that a Python may take to start
#: What a Python is asked: its base, its packages, and whether all that a call from Excel needs can be loaded.
_QUESTION: Final = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
told = {"base": sys.base_prefix, "versions": {}, "fault": ""}
for name in ("zlxl", "xlwings"):
    try:
        told["versions"][name] = version(name)
    except PackageNotFoundError:
        pass
try:
    import udfs.zlxl_udfs
    if sys.platform == "win32":
        import xlwings.com_server
except Exception as error:
    told["fault"] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""

_MAC_STARTUP: Final = (
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)
_MAC_SCRIPTS: Final = "Library/Application Scripts/com.microsoft.Excel"


def no_registry(key: str) -> Mapping[str, Value | None]:
    """A machine without registry."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Python:
    """What a Python says of itself."""

    starts: bool
    fault: str = ""  #: why it does not start, or what it cannot load
    base: str = ""  #: the folder of the Python that a virtual environment was made from
    versions: Mapping[str, str] = field(default_factory=dict)  #: of zlxl and xlwings, where they are there


def ask_python(path: Path) -> Python:
    """Start an interpreter as the add-in does, and let it tell about itself."""
    try:
        done = subprocess.run(
            [path, "-B", "-P", "-c", _QUESTION], capture_output=True, timeout=_PATIENCE, check=False
        )
    except OSError as error:
        return Python(starts=False, fault=os_reason(error))
    except subprocess.TimeoutExpired:
        return Python(starts=False, fault=f"{_PATIENCE} 秒没有回答")
    try:
        return Python(starts=True, **json.loads(done.stdout))
    except (ValueError, TypeError):
        said = done.stderr.decode("utf-8", "replace").split("\n")
        return Python(
            starts=False, fault=next((line.strip() for line in said[::-1] if line.strip()), "没有回答")
        )


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the commands ask of a machine; tests give one of their own."""

    system: str
    environment: Mapping[str, str]
    home: Path
    interpreter: str
    registry: Registry = field(default=no_registry)
    ask: Callable[[Path], Python] = field(default=ask_python)
    code_page: str = "utf-8"  #: in which Excel hands over a command line

    @property
    def windows(self) -> bool:
        """Excel for Windows may be here."""
        return self.system == WINDOWS

    @property
    def mac(self) -> bool:
        """Excel for Mac may be here."""
        return self.system == MAC

    def startup(self) -> Path | None:
        """The folder whose files Excel opens when it starts; None where there is no Excel."""
        if self.mac:
            return self.home / _MAC_STARTUP
        roaming = self.environment.get("APPDATA", "")
        return Path(roaming) / "Microsoft" / "Excel" / "XLSTART" if self.windows and roaming else None

    def startups(self) -> tuple[Path, ...]:
        """All such folders: the user's, the one of all users, the one that Excel's options name besides."""
        found = [self.startup(), *self._common_startups()] if self.windows else [self.startup()]
        return tuple(dict.fromkeys(folder for folder in found if folder))

    def _common_startups(self) -> tuple[Path, ...]:
        office = f"Microsoft\\Office\\{self.office()}\\Excel"
        named = (
            (CLICK_TO_RUN, "InstallationPath", r"root\Office16\XLSTART"),
            (f"HKLM\\SOFTWARE\\{office}\\InstallRoot", "Path", "XLSTART"),
            (f"HKCU\\Software\\{office}\\Options", "AltStartup", ""),
        )
        values = [(self.registry(key).get(name), below) for key, name, below in named]
        return tuple(
            self.expanded(value) / self.expanded(below) for value, below in values if isinstance(value, str)
        )

    def office(self) -> str:
        """The version in the keys of Office, 16.0 since 2016."""
        found = re.search(r"Excel\.Application\.(\d+)$", str(self.registry(CURRENT_EXCEL).get("")))
        return f"{found[1]}.0" if found else "16.0"

    def scripts(self) -> Path | None:
        """The folder of scripts that Excel for Mac may run."""
        return self.home / _MAC_SCRIPTS if self.mac else None

    def expanded(self, path: str) -> Path:
        """A path of the settings with its variables filled in."""
        known = {name.upper(): value for name, value in {**self.environment, "HOME": str(self.home)}.items()}
        filled = re.sub(
            r"%(\w+)%|\$(\w+)(?=/)", lambda name: known.get((name[1] or name[2]).upper(), name[0]), path
        )
        return Path(filled.replace("\\", os.sep))


def this_machine() -> Machine:
    """The machine that runs the command."""
    return Machine(
        system=sys.platform,
        environment=dict(os.environ),
        home=Path.home(),
        interpreter=sys.executable,
        registry=_registry,
        code_page="mbcs" if sys.platform == "win32" else "utf-8",
    )


def _registry(key: str) -> Mapping[str, Value | None]:
    """A key such as ``HKCU\\Software\\...`` of the 64-bit registry."""
    if sys.platform != "win32":
        return {}
    import winreg

    root, _, path = key.partition("\\")
    hive = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[root]
    found: dict[str, Value | None] = {}
    try:
        with winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            subkeys, values, _ = winreg.QueryInfoKey(opened)
            found.update({winreg.EnumKey(opened, number): None for number in range(subkeys)})
            for number in range(values):
                name, value, _ = winreg.EnumValue(opened, number)
                found[name] = _readable(value)
    except FileNotFoundError:
        return {}
    return found


def _readable(value: object) -> Value:
    """A binary value as the text in it, which Windows writes as UTF-16."""
    if isinstance(value, bytes):
        return value.decode("utf-16-le", "ignore")
    return value if isinstance(value, (str, int)) else str(value)
