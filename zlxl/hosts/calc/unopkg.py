"""The extension in LibreOffice: put there, looked at, taken away, by LibreOffice's own unopkg."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote

from zlxl.errors import UsageError, os_reason
from zlxl.hosts.addin import sources_folder
from zlxl.hosts.calc.extension import BUILD, IDENTIFIER, NAME, extension, fingerprint, package
from zlxl.hosts.machine import Machine

SECONDS: Final = 180
#: What the extension starts (workbooks/addin/calc/pythonpath/zlxl_bridge/wire.py).
PROGRAM: Final = ("-P", "-X", "utf8", "-m", "zlxl.hosts.calc")
#: Where LibreOffice keeps its programs, beside what PATH says; variables are filled in.
_PLACES: Final = (
    *("%ProgramFiles%/LibreOffice/program", "%ProgramFiles(x86)%/LibreOffice/program"),
    *("/Applications/LibreOffice.app/Contents/MacOS", "/usr/lib/libreoffice/program"),
    *("/usr/lib64/libreoffice/program", "/opt/libreoffice/program", "/snap/bin"),
)
_PROGRAMS: Final = ("unopkg.com", "unopkg.exe", "unopkg", "libreoffice.unopkg")
_OFFICES: Final = ("soffice.bin", "soffice.exe", "soffice")
_PYTHON: Final = ("pythonloader.py", "../Resources/pythonloader.py")  # beside LibreOffice's programs
_BUILT: Final = re.compile(rf"{BUILD} (\w+) (\S+)")


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The extension as LibreOffice holds it."""

    interpreter: str  #: the Python that it calls, empty where it does not say
    current: bool  #: of this version: equal to what would be built


@dataclass(frozen=True, kw_only=True)
class Unopkg:
    """LibreOffice's program for extensions, for one user or, with ``shared``, for all."""

    program: Path
    shared: bool = False

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What the program says to a command.

        Raises:
            UsageError: it cannot be started, or does not come to an end.
        """
        line = [str(self.program), command, *(["--shared"] if self.shared else []), *arguments]
        try:
            return subprocess.run(
                line,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except OSError as error:
            raise UsageError(
                f"不能运行 {self.program}（{os_reason(error)}）。请用 --unopkg 指明它的位置。"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise UsageError(
                f"{self.program} 过了 {SECONDS} 秒还没有结束。请关闭 LibreOffice 的全部窗口后重试。"
            ) from error

    def demand(self, command: str, *arguments: str) -> None:
        """Run a command that must succeed.

        Raises:
            UsageError: it does not; with its own words, and the way out.
        """
        done = self.run(command, *arguments)
        if done.returncode == 0:
            return
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        why = next((line for line in said if ":" in line), *said[:1]) if said else "没有说明原因"
        raise UsageError(
            f"LibreOffice 的 unopkg 没有完成（{why.removeprefix('ERROR: ')}）。请关闭 LibreOffice 的全部窗口"
            "（包括右下角的快速启动）后重试；以 root 运行时请加 --shared，--shared 须有管理员权限。"
        )


def find(machine: Machine, given: Path | None, *, shared: bool) -> Unopkg:
    """The given program, or the one on PATH or where LibreOffice usually is.

    Raises:
        UsageError: there is none, or LibreOffice has no Python.
    """
    program = given or next(_found(machine), None)
    if program is None:
        raise UsageError(
            "没有找到 LibreOffice 的 unopkg。请先安装 LibreOffice（libreoffice.org），"
            "装在别处时用 --unopkg 指明 program 文件夹中的 unopkg。"
        )
    homes = [folder for folder in _folders(machine) if any((folder / name).is_file() for name in _OFFICES)]
    if given is None and homes and not any((home / name).is_file() for home in homes for name in _PYTHON):
        raise UsageError(
            f"{homes[0]} 中的 LibreOffice 不带 Python。请安装它的 Python 支持（如 python3-uno）后重试。"
        )
    return Unopkg(program=program, shared=shared)


def _folders(machine: Machine) -> list[Path]:
    return [machine.expanded(place) for place in _PLACES]


def _found(machine: Machine) -> Iterator[Path]:
    for name in _PROGRAMS:
        if known := shutil.which(name, path=machine.environment.get("PATH", "")):
            yield Path(known)
    for folder in _folders(machine):
        yield from (folder / name for name in _PROGRAMS if (folder / name).is_file())


def install(unopkg: Unopkg, interpreter: str) -> None:
    """Put the extension into LibreOffice; one of before is replaced.

    ``interpreter`` is the Python that it calls; a variable is filled in when LibreOffice starts it.

    Raises:
        UsageError: a source is missing, or unopkg does not do it.
    """
    python = interpreter if interpreter[:1] in "%$" else str(Path(interpreter).absolute())
    with TemporaryDirectory(prefix="zlxl-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / NAME
        file.write_bytes(package(extension(sources_folder() / "calc", python)))
        unopkg.demand("add", "--force", str(file))


def status(unopkg: Unopkg) -> Installed | None:
    """The extension as LibreOffice describes it; None where it is not installed."""
    done = unopkg.run("list", IDENTIFIER)
    if done.returncode:
        return None
    built = _BUILT.search(done.stdout)
    if built is None:
        return Installed(interpreter="", current=False)
    interpreter = unquote(built[2])
    made = fingerprint(extension(sources_folder() / "calc", interpreter))
    return Installed(interpreter=interpreter, current=built[1] == made)


def remove(unopkg: Unopkg) -> bool:
    """Take the extension away; False where it is not installed.

    Raises:
        UsageError: unopkg does not do it.
    """
    if unopkg.run("list", IDENTIFIER).returncode:
        return False
    unopkg.demand("remove", IDENTIFIER)
    return True


def fault_of(interpreter: str) -> str:
    """Why a Python cannot judge for LibreOffice, empty where it can: it is started as the extension does."""
    try:
        done = subprocess.run(
            [os.path.expandvars(interpreter), *PROGRAM],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except OSError as error:
        return os_reason(error)
    except subprocess.TimeoutExpired:
        return f"{SECONDS} 秒没有回答"
    said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return (said or ["没有说明原因"])[-1].strip() if done.returncode else ""
