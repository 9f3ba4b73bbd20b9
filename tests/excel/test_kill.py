"""Killed at any moment, a write leaves the old file or the new one, and whole backups."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.excel import books
from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.excel.backup import FOLDER
from zlxl.excel.save import save
from zlxl.excel.source import open_source

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes the POSIX way")

KILLS = 200
ROWS = 4_000


def write(path: Path, edits: Edits, dies_at: int = 0) -> None:
    """What the victim does; it kills itself before the n-th thing that it does to files."""
    events = itertools.count(1)

    def count(event: str, _: object) -> None:
        if event in ("open", "os.rename", "os.remove", "os.mkdir") and next(events) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    if dies_at:
        sys.addaudithook(count)
    save(open_source(path), edits)


@pytest.fixture(scope="module")
def forks():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.excel.test_kill"])
    return context


@pytest.fixture
def victim(tmp_path):
    """A workbook, its bytes, the edits to be made, and the bytes that these give."""
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}" t="inlineStr"><is><t>客户{r}</t></is></c></row>'
        for r in range(1, ROWS + 1)
    )
    path = books.write(tmp_path / "库.xlsx", books.parts({"表": books.worksheet(rows)}))
    changes = (CellChange(sheet="表", row=row, column=2, value=f"改{row}") for row in range(1, ROWS + 1, 7))
    edits = Edits(cells=tuple(changes))
    made = tmp_path / "对照.xlsx"
    save(open_source(path), edits, made)
    return path, path.read_bytes(), edits, made.read_bytes()


def check(path: Path, old: bytes, new: bytes) -> bytes:
    """What the file is: whole, and one of the two; so are the backups."""
    found = path.read_bytes()
    assert found in (old, new)
    for backup in (path.parent / FOLDER).glob("*.xlsx"):
        assert backup.read_bytes() == old
        assert zipfile.ZipFile(backup).testzip() is None
    return found


def clean(path: Path, old: bytes) -> None:
    for left in path.parent.glob(".zlxl-*.tmp"):
        left.unlink()
    if path.read_bytes() != old:
        path.write_bytes(old)


def test_killed_at_any_time(forks, victim):
    path, old, edits, new = victim
    run(forks, path, edits, None)  # the server of forks starts with the first one
    clean(path, old)
    begun = time.monotonic()
    run(forks, path, edits, None)
    whole = time.monotonic() - begun
    assert check(path, old, new) == new
    seen = set()
    for number in range(KILLS):
        clean(path, old)
        run(forks, path, edits, 1.2 * whole * number / KILLS)
        seen.add(check(path, old, new) == new)
    assert False in seen


def test_killed_before_each_thing_it_does_to_files(forks, victim):
    path, old, edits, new = victim
    outcomes = []
    for number in itertools.count(1):
        clean(path, old)
        code = run(forks, path, edits, None, number)
        outcomes.append(check(path, old, new) == new)
        if code == 0:
            break
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 10


def run(forks, path: Path, edits: Edits, delay: float | None, dies_at: int = 0) -> int:
    """Start a write, kill it after a while unless it ends before; its exit code."""
    process = forks.Process(target=write, args=(path, edits, dies_at))
    process.start()
    if delay is not None:
        time.sleep(delay)
        process.kill()
    process.join()
    return process.exitcode
