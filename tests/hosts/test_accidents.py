"""What must not happen, happens: one line, a code, and the other files are still checked."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path

import click
import pytest

from tests.hosts.conftest import TODAY, Run
from zlxl.findings import FileReport
from zlxl.hosts.progress import shown_progress


def raising(error: BaseException) -> object:
    """A function that raises."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_an_internal_error_in_one_file(
    zlxl: Run, good: Path, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is that file's reason; ZLXL_DEBUG shows where it came from."""
    monkeypatch.setattr("zlxl.hosts.check.read_book", raising(RuntimeError("so\nnicht")))
    done = zlxl("validate", good, bad, *TODAY, "--format", "concise")
    assert done.code == 3
    assert done.out.count("检查时发生内部错误（RuntimeError: so）") == 2
    monkeypatch.setenv("ZLXL_DEBUG", "1")
    with pytest.raises(RuntimeError, match="nicht"):
        zlxl("validate", good)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 2, "已中断"),
        (click.exceptions.Abort(), 2, "已中断"),
        (MemoryError("voll"), 2, "系统错误：内存不足。"),
        (OSError("voll"), 2, "系统错误：voll。"),
        (OSError(errno.ENOSPC, "No space", "a.xlsx"), 2, "系统错误：磁盘已满（a.xlsx）。"),
        (BrokenPipeError(), 0, ""),
        (ZeroDivisionError("a\nb"), 2, "内部错误（ZeroDivisionError: a）"),
    ],
)
def test_accidents_of_a_command(
    zlxl: Run, good: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    """One line on stderr and an exit code, whatever it is."""
    if isinstance(error, BrokenPipeError):
        monkeypatch.setattr("os.dup2", lambda *_: None)
    monkeypatch.setattr("zlxl.hosts.outputs.write_all", raising(error))
    done = zlxl("validate", good)
    assert done.code == code
    assert done.err.strip().startswith(f"zlxl: {words}" if words else "")
    assert len(done.err.strip().splitlines()) <= 1


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.mark.parametrize(
    ("wanted", "environment", "shown"),
    [(True, {}, True), (False, {}, False), (True, {"TERM": "dumb"}, False), (True, {"CI": "1"}, False)],
)
def test_progress_bar(
    monkeypatch: pytest.MonkeyPatch, wanted: bool, environment: dict[str, str], shown: bool
) -> None:
    """It counts on a terminal, not on a dumb one nor in CI; the reports pass through."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    reports = [FileReport(path="甲.xlsx"), FileReport(path="乙.xlsx")]
    assert list(shown_progress(iter(reports), 2, wanted=wanted)) == reports
    assert ("检查" in terminal.getvalue()) is shown


def test_a_baseline_on_another_drive(
    zlxl: Run, bad: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no way leads from the baseline to a file, the file is named by its whole path."""
    monkeypatch.setattr("os.path.relpath", raising(ValueError("path is on mount 'D:'")))
    zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--update-baseline")
    assert bad.as_posix() in (here / "b.json").read_text("utf-8")
    assert zlxl("validate", bad, *TODAY, "--baseline", "b.json").code == 0


def test_the_baseline_of_the_configuration(
    zlxl: Run, bad: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``baseline`` of zlxl.toml is seen from its folder."""
    (here / "zlxl.toml").write_text("baseline = '基线/b.json'\n", "utf-8")
    assert zlxl("validate", bad, *TODAY, "--update-baseline").code == 0
    (here / "子").mkdir()
    monkeypatch.chdir(here / "子")
    assert zlxl("validate", bad, *TODAY).code == 0
