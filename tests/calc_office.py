"""An unseen LibreOffice with the extension in it, for tests: its own profile, its own shared extensions."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.libreoffice import SOFFICE
from tests.xlwings_uno import _uno, _values
from zlxl.hosts.addin import sources_folder
from zlxl.hosts.calc.extension import NAME, extension, package

UNOPKG = shutil.which("unopkg")
QUIETLY = ("--norestore", "--nologo", "--nodefault")
#: Draws nowhere, and yet has windows: with --headless a message box is answered as soon as it is asked.
UNSEEN = {"SAL_USE_VCLPLUGIN": "svp"}


class Calc:
    """The running LibreOffice."""

    def __init__(self, context: Any, folder: Path, process: int) -> None:
        self.context, self.folder, self.process = context, folder, process
        self.desktop = self.create("com.sun.star.frame.Desktop")

    def create(self, service: str) -> Any:
        """A service of it."""
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    @property
    def log(self) -> str:
        """What the process that judges, and the extension, have told."""
        path = self.folder / "profile" / "user" / "zlxl.log"
        return path.read_text("utf-8") if path.exists() else ""

    def new(self) -> Any:
        """An empty document."""
        return self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, _values(Hidden=True))

    def open(self, path: Path, *, hidden: bool = True) -> Any:
        """The document of a file; entries of the menu work on one that is shown."""
        url = path.resolve().as_uri()
        return self.desktop.loadComponentFromURL(url, "_blank", 0, _values(Hidden=hidden))

    def press(self, button: str) -> None:
        """What a click on an entry of the menu does, and as it does: it is carried out a moment later."""
        frame, url = self.desktop.getCurrentFrame(), f"service:org.zlxl.Command?{button}"
        self.create("com.sun.star.frame.DispatchHelper").executeDispatch(frame, url, "_self", 0, ())


@contextmanager
def calc_office(interpreter: str = sys.executable) -> Iterator[Calc]:
    """LibreOffice, started with the extension that judges by this interpreter.

    The extension is a shared one of a folder of its own, since unopkg installs no other for root.
    """
    assert SOFFICE, "LibreOffice is not installed"
    assert UNOPKG, "unopkg is not installed"
    folder = Path(tempfile.mkdtemp(prefix="lo_calc_"))
    (folder / "shared").mkdir()
    file = folder / NAME
    file.write_bytes(package(extension(sources_folder() / "calc", interpreter)))
    subprocess.run(
        [UNOPKG, "add", "--shared", *own_folders(folder), str(file)], check=True, capture_output=True
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"socket,host=127.0.0.1,port={port};urp"
    process = subprocess.Popen(
        [SOFFICE, *own_folders(folder), *QUIETLY, f"--accept={where};"],
        env={**os.environ, **UNSEEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        calc = Calc(_connected(process, where), folder, process.pid)
        yield calc
        calc.desktop.terminate()
        process.wait(10)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        shutil.rmtree(folder, ignore_errors=True)


def own_folders(folder: Path) -> list[str]:
    """Where LibreOffice keeps the user's profile and the extensions of all users."""
    profile, shared = (folder / "profile").as_uri(), (folder / "shared").as_uri()
    return [f"-env:UserInstallation={profile}", f"-env:UNO_SHARED_PACKAGES_CACHE={shared}"]


def _connected(process: subprocess.Popen[bytes], where: str) -> Any:
    uno = _uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    refused = uno.getClass("com.sun.star.connection.NoConnectException")
    for _ in range(600):
        assert process.poll() is None, "LibreOffice ended"
        try:
            return resolver.resolve(f"uno:{where};StarOffice.ComponentContext")
        except refused:
            time.sleep(0.1)
    raise AssertionError("LibreOffice did not start")
