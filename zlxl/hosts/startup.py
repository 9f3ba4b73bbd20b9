"""The add-in in the folder that Excel starts from: put there, looked at, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Final

from zlxl.errors import Unreadable, Unwritable, UsageError, os_reason
from zlxl.excel.addin import package, read_settings
from zlxl.excel.atomic import atomically
from zlxl.hosts.addin import NAME, addin, mac_script, sources_folder
from zlxl.hosts.machine import Machine

INTERPRETERS: Final = ("INTERPRETER_WIN", "INTERPRETER_MAC")


@dataclass(frozen=True, kw_only=True)
class Installed:
    """An add-in in its place."""

    path: Path
    settings: Mapping[str, str]
    current: bool  #: of this version: equal to what would be built


def startup_folder(machine: Machine, given: Path | None) -> Path:
    """The given folder, or Excel's own.

    Raises:
        UsageError: this machine has none.
    """
    folder = given or machine.startup()
    if folder is None:
        raise UsageError(
            "这台电脑没有 Excel 的启动文件夹。请在装有 Excel 的电脑上运行，或用 --folder 指明文件夹。"
        )
    return folder


def install(machine: Machine, folder: Path, interpreter: str | None) -> tuple[Path, ...]:
    """Write the add-in, and on a Mac the script it calls Python with; the files written.

    ``interpreter`` is the Python that Excel calls, by default the one that runs this.

    Raises:
        Unwritable: the folder, or a file that Excel holds open.
        UsageError: a source is missing.
    """
    key = INTERPRETERS[machine.mac]
    python = _absolute(interpreter or machine.interpreter)
    files = {folder / NAME: package(addin(sources_folder(), {key: python}))}
    if (scripts := machine.scripts()) is not None:
        script = mac_script()
        files = {scripts / script.name: script.read_bytes(), **files}
    for path, content in files.items():
        _write(path, content)
    return tuple(files)


def _absolute(interpreter: str) -> str:
    """Excel starts elsewhere than the command did; a variable is filled in by Excel."""
    known = Path(interpreter).is_absolute() or PureWindowsPath(interpreter).is_absolute()
    return interpreter if known or interpreter[:1] in "%$" else str(Path.cwd() / interpreter)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(
            f"不能建立文件夹“{path.parent}”（{os_reason(error)}）。请检查权限后重试。"
        ) from error
    try:
        with atomically(path) as file:
            file.write(content)
    except Unwritable as error:
        hint = "打开它的多半是 Excel：请关闭所有 Excel 窗口。" if path.exists() else ""
        raise Unwritable(f"{error}{hint}") from error


def status(folder: Path) -> Installed | None:
    """The add-in in the folder; None when there is none.

    Raises:
        Unreadable: a file of its name that is something else.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    settings = read_settings(path)
    return Installed(path=path, settings=settings, current=_equal(path, settings))


def holding(machine: Machine) -> Path | None:
    """The first of Excel's startup folders that has the add-in, else the user's own; None without Excel."""
    try:
        folders = machine.startups()
    except OSError:  # a registry that may not be read: the user's own is known without it
        folders = ()
    return next((folder for folder in folders if (folder / NAME).is_file()), machine.startup())


def look(folder: Path | None) -> Installed | None:
    """As ``status``, but what cannot be read is not there, and what cannot be compared not current."""
    try:
        return status(folder) if folder else None
    except Unreadable:
        return None
    except UsageError:  # nothing to compare it with
        path = folder / NAME if folder else Path(NAME)
        return Installed(path=path, settings=read_settings(path), current=False)


def _equal(path: Path, settings: Mapping[str, str]) -> bool:
    kept = {str(key): settings[key] for key in INTERPRETERS if key in settings}
    return path.read_bytes() == package(addin(sources_folder(), kept))


def remove(folder: Path) -> Path | None:
    """Take the add-in away; None when there is none. A Mac's script stays: other add-ins may call it.

    Raises:
        Unwritable: Excel holds it open, or it is not ours.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        read_settings(path)
        path.unlink()
    except Unreadable as error:
        raise Unwritable(f"“{path}”不是 zlxl 的加载项，没有删除。请确认后自行删除。") from error
    except OSError as error:
        raise Unwritable(f"不能删除“{path}”（{os_reason(error)}）。请关闭 Excel 后重试。") from error
    return path
