"""The command on a console: pipes, code pages, terminals, processes of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.hosts.conftest import TODAY, ledger
from tests.messy.ledgers import FIRST, faulty

COMMAND = (sys.executable, "-m", "zlxl")


def start(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env=os.environ | environment)


def test_console_of_another_code_page(here: Path) -> None:
    """A GBK console that lacks a character shows a mark instead; the run goes on."""
    path = ledger(here / "台账.xlsx", faulty(FIRST, 联系人="王\U0001f600 "))
    done = start("validate", path, *TODAY, PYTHONIOENCODING="gbk")
    assert done.returncode == 0
    assert "多余的空格" in done.stdout.decode("gbk")
    assert done.stderr == b""


def test_ascii_console(here: Path) -> None:
    """A console without Chinese at all does not stop the run, and JSON stays UTF-8."""
    path = ledger(here / "台账.xlsx", faulty(FIRST, 邮编="1"))
    assert start("validate", path, PYTHONIOENCODING="ascii").returncode == 1
    done = start("validate", path, "--format", "json", PYTHONIOENCODING="ascii")
    assert "邮编" in done.stdout.decode("utf-8")


def test_broken_pipe(here: Path) -> None:
    """``zlxl validate … | head -1`` ends quietly."""
    path = ledger(here / "台账.xlsx", *(faulty(FIRST, 邮编="1", 联系人=None) for _ in range(3000)))
    command = [*COMMAND, "validate", str(path), "--format", "concise"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) in (0, 1)


def terminal(*arguments: object, **environment: str) -> tuple[str, str]:
    """Stdout and stderr of the command on two terminals."""
    ends = [pty.openpty(), pty.openpty()]
    environment = {"TERM": "xterm", "COLUMNS": "100", **environment}
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")}
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=ends[0][1], stderr=ends[1][1], env=kept | environment
    )
    for _, inner in ends:
        os.close(inner)
    texts = [_drained(outer) for outer, _ in ends]
    process.wait(60)
    return texts[0], texts[1]


def _drained(terminal: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode("utf-8", "replace")


def test_progress_on_a_terminal_only(here: Path) -> None:
    """A bar on stderr where someone watches, colours on stdout; none of both in a pipe."""
    path = ledger(here / "台账.xlsx", faulty(FIRST, 邮编="1"))
    out, err = terminal("validate", path, *TODAY)
    assert "检查" in err
    assert "\x1b[" in out
    assert start("validate", path, *TODAY).stderr == b""


def test_no_progress_and_no_colour_when_asked(here: Path) -> None:
    """``--no-progress`` and NO_COLOR are honoured on a terminal."""
    path = ledger(here / "台账.xlsx", faulty(FIRST, 邮编="1"))
    out, err = terminal("validate", path, *TODAY, "--no-progress", NO_COLOR="1")
    assert err == ""
    assert "\x1b[" not in out


def test_half_a_surrogate_pair_in_a_cell(here: Path) -> None:
    """A cell that spells half a character is reported in every format."""
    path = ledger(here / "台账.xlsx", faulty(FIRST, 联系人="_xD800_", 邮编="_xDFFF_1"))
    done = start(
        "validate",
        path,
        *TODAY,
        "--output",
        "json=a.json",
        "--output",
        "csv=a.csv",
        "--output",
        "xlsx=a.xlsx",
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert "ZL131" in (here / "a.json").read_text("utf-8")
