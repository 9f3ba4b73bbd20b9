"""On the demo database a button writes what the batch writes: findings, repairs, classes, grades, figures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.xlwings_uno import office
from zlxl.edits import Edits
from zlxl.excel import save as saving
from zlxl.excel.app import LiveBook, active_book
from zlxl.excel.live_write import Written
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.findings import FileReport
from zlxl.hosts import ribbon
from zlxl.hosts.cli import main
from zlxl.jobs.demo import make_demo
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate
from zlxl.samples.database import CLIENTS, SEED

TODAY = date(2026, 11, 24)
LOG = "变更记录"
UNCALCULATED = "ZL004"  # of the file alone: what is open has been calculated
#: What the command line does for a button.
COMMANDS = {
    "apply_fixes": "fix --write",
    "classify_requests": "classify --write",
    "satisfaction_quarter": "satisfaction --write --period 2026Q4",
    "satisfaction_year": "satisfaction --write --period 2026",
    "yearend_report": "yearend --write",
    "grade_clients": "grade --write",
    "plan_service": "plan --write",
    "make_directory": "directory --write",
}


@dataclass(frozen=True, kw_only=True)
class Watched(LiveBook):
    """The open workbook, in which nothing is written: what would be is kept."""

    edits: list[Edits] = field(default_factory=list)

    def apply(self, edits: Edits) -> Written:
        """Keep the edits."""
        self.edits.append(edits)
        return Written(cells=len(edits.cells))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo database with its faults."""
    path = tmp_path_factory.mktemp("parity") / "客户服务数据库.xlsx"
    write_workbook(make_demo(seed=SEED, clients=CLIENTS, today=TODAY).faulty, path)
    return path


@pytest.fixture(scope="module")
def book(database: Path) -> Iterator[Watched]:
    """The same, open in a spreadsheet; it is read once for all buttons, since none writes."""
    with office() as app:
        app.books.open(str(database))
        yield Watched(api=active_book().api)


@pytest.fixture
def batch(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Edits]:
    """The edits with which a command ends."""
    written: list[Edits] = []
    save = saving.save

    def watched(opened: Any, edits: Edits, *more: Any, **named: Any) -> Any:
        written.append(edits)
        return save(opened, edits, *more, **named)

    def run(line: str) -> Edits:
        name, *options = line.split()
        path = Path(shutil.copy(database, tmp_path))
        with pytest.raises(SystemExit):
            main([name, str(path), *options, "--today", TODAY.isoformat()])
        return written[-1]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(saving, "save", watched)
    return run


def unlogged(edits: Edits) -> Edits:
    """Without the lines of the log, which bear the moment of the run."""
    return replace(edits, rows=tuple(row for row in edits.rows if row.table != LOG))


@pytest.mark.parametrize("button", COMMANDS)
def test_a_button_writes_what_the_command_writes(
    book: Watched, batch: Callable[[str], Edits], button: str
) -> None:
    told = ribbon.carried_out(f"zl_{button}", lambda: book, TODAY)
    assert "内部错误" not in told
    ours, theirs = unlogged(book.edits.pop()), unlogged(batch(COMMANDS[button]))
    assert ours.cells == theirs.cells
    assert ours.rows == theirs.rows
    assert [sheet.name for sheet in ours.sheets] == [sheet.name for sheet in theirs.sheets]
    for sheet, same in zip(ours.sheets, theirs.sheets, strict=True):
        assert sheet == same, sheet.name
    assert len(ours.cells) + sum(len(sheet.cells) for sheet in ours.sheets) > 10


def test_the_open_database_has_the_findings_of_its_file(book: Watched, database: Path) -> None:
    settings = Settings(today=TODAY)
    found = _findings(validate(book, settings))
    assert found == _findings(validate(open_source(database), settings))
    assert len(found) > 200


def _findings(report: FileReport) -> list[tuple[object, ...]]:
    return [
        (f.sheet, f.cell, f.rule, f.key, f.value, f.message, f.suggestion, f.fix, f.fingerprint)
        for f in report.findings
        if f.rule != UNCALCULATED
    ]
