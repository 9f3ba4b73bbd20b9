"""The machine that Excel runs on: its system, folders and registry, as the add-in's commands see them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Value = str | int
#: The values of a key by name, its subkeys by name with None; empty where there is no such key.
Registry = Callable[[str], Mapping[str, Value | None]]

WINDOWS: Final = "win32"
MAC: Final = "darwin"

_MAC_STARTUP: Final = (
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
)
_MAC_SCRIPTS: Final = "Library/Application Scripts/com.microsoft.Excel"


def no_registry(key: str) -> Mapping[str, Value | None]:
    """A machine without registry."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the commands ask of a machine; tests give one of their own."""

    system: str
    environment: Mapping[str, str]
    home: Path
    interpreter: str
    registry: Registry = field(default=no_registry)

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

    def scripts(self) -> Path | None:
        """The folder of scripts that Excel for Mac may run."""
        return self.home / _MAC_SCRIPTS if self.mac else None

    def expanded(self, path: str) -> Path:
        """A path of the settings with its variables filled in."""
        for name, value in {**self.environment, "HOME": str(self.home)}.items():
            path = path.replace(f"%{name}%", value).replace(f"${name}/", f"{value}/")
        return Path(path.replace("\\", os.sep))


def this_machine() -> Machine:
    """The machine that runs the command."""
    return Machine(
        system=sys.platform,
        environment=dict(os.environ),
        home=Path.home(),
        interpreter=sys.executable,
        registry=_registry,
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
                found[name] = value if isinstance(value, (str, int)) else str(value)
    except OSError:  # no such key, or not for us to read: nothing is known of it
        return found
    return found
