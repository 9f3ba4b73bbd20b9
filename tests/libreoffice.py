"""LibreOffice as a second reader for tests: recalculates, converts, draws; its own profile each call."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

SOFFICE = shutil.which("soffice")
SECONDS = 240
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(paths: list[Path], target: str, folder: Path) -> list[Path]:
    """The files in another format (``pdf``, ``xlsx`` ...), all in one start of LibreOffice."""
    assert SOFFICE, "LibreOffice is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lo_profile_") as profile:
        user = Path(profile, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
        command += ["--convert-to", target, "--outdir", str(folder), *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    made = [folder / f"{path.stem}.{target.split(':')[0]}" for path in paths]
    missing = [path for path in made if not path.exists()]
    assert not missing, f"LibreOffice wrote no {missing}: {done.stderr}"
    return made


def recalculate(paths: list[Path], folder: Path) -> list[Path]:
    """Copies as .xlsx in which LibreOffice has computed every formula anew."""
    return convert(paths, "xlsx:Calc MS Excel 2007 XML", folder)


def pdf(path: Path, folder: Path) -> Path:
    """The workbook as it prints."""
    return convert([path], "pdf", folder)[0]


def pages(path: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """The printed pages as pictures."""
    printed = pdf(path, folder)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(printed), str(folder / path.stem)], check=True)
    return sorted(folder.glob(f"{path.stem}-*.png"))
