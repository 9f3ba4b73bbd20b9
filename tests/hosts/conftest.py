"""Commands run in this process, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.messy.book import Sheet, save
from tests.messy.ledgers import BROKEN, CORE, FIRST, faulty, lines
from zlxl.excel.write import write_workbook
from zlxl.hosts.cli import main
from zlxl.jobs.new import new_workbook
from zlxl.samples.database import sample_rows

SAMPLED = date(2026, 11, 24)
TODAY = ("--today", "2024-06-30")


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Stdout as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Outcome]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def zlxl(here: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command as the console script does."""

    def run(*arguments: object) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return Outcome(code, out, err)

    return run


def ledger(path: Path, *rows: dict[str, object]) -> Path:
    """A ledger of rows at the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, Sheet("客户台账").rows(1, 1, [CORE, *lines(*rows)]))


@pytest.fixture
def good(here: Path) -> Path:
    """A right workbook."""
    return ledger(here / "好.xlsx", dict(FIRST))


@pytest.fixture
def bad(here: Path) -> Path:
    """A workbook with three errors (M3, J3, E3)."""
    return ledger(here / "坏.xlsx", dict(FIRST), BROKEN)


@pytest.fixture
def doubtful(here: Path) -> Path:
    """A workbook with one warning (K2)."""
    return ledger(here / "疑.xlsx", faulty(FIRST, 企业省份="河北"))


@pytest.fixture
def broken(here: Path) -> Path:
    """A file that is no workbook."""
    path = here / "破.xlsx"
    path.write_bytes(b"PK\x03\x04 cut off")
    return path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of twelve clients without faults, which tests copy."""
    path = tmp_path_factory.mktemp("sample") / "库.xlsx"
    write_workbook(new_workbook(sample_rows(seed=3, clients=12, today=SAMPLED), today=SAMPLED), path)
    return path


@pytest.fixture
def database(here: Path, sample: Path) -> Path:
    """A copy of it in the folder to work in."""
    path = here / "库.xlsx"
    path.write_bytes(sample.read_bytes())
    return path
