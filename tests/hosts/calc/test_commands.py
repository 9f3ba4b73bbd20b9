"""Every entry of the menu on a real workbook in LibreOffice writes what the batch writes, once agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.calc_office import Calc
from tests.hosts.calc.desk import LOG, NO, OK, READ, YES, Desk, copied, database, desk, parts
from zlxl.changes import CellChange
from zlxl.decisions.model_file import shipped_model
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.workbook import Workbook
from zlxl.hosts.buttons import BUTTONS
from zlxl.hosts.cli import main
from zlxl.jobs.classifying.sheet import classify_sheet
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate

TODAY = date.today()
QUARTER = (TODAY.month + 2) // 3
#: What the command line does for an entry that writes.
COMMANDS = {
    "apply_fixes": "fix --write",
    "classify_requests": "classify --write",
    "satisfaction_quarter": f"satisfaction --write --period {TODAY.year}Q{QUARTER}",
    "satisfaction_year": f"satisfaction --write --period {TODAY.year}",
    "yearend_report": "yearend --write",
    "grade_clients": "grade --write",
    "plan_service": "plan --write",
    "make_directory": "directory --write",
}
TELLS = ("check_selection", "next_finding", "preview_fixes", "list_overdue", "list_common", "explain_rule")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database, with requests that nobody has confirmed."""
    path = database(tmp_path_factory.mktemp("commands"))
    save(open_source(path), Edits(cells=tuple(unconfirmed(path))))
    return path


@pytest.fixture(scope="module")
def opened(calc: Calc, original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The database in a window, on which one test after the other works."""
    with desk(calc, copied(original, tmp_path_factory.mktemp("opened"))) as held:
        yield held


def unconfirmed(path: Path) -> Iterator[CellChange]:
    """Changes that make the last requests new ones."""
    frame = classify_sheet(open_source(path), today=TODAY, model=shipped_model()).proposals[-1].row.frame
    names = ("confirmed_topic", "confirmed_class", "confirmed_by", "confirmed_on", "answered_on", "closed_on")
    names = (*names, "suggested_topic", "suggested_class", "owner", "due_on", "reply_due_on")
    for row in map(int, frame.rows[-4:]):
        for name in (name for name in names if name in frame.cells):
            yield CellChange(sheet=frame.sheet, row=row, column=frame.cells[name].column, value=None)
        yield CellChange(sheet=frame.sheet, row=row, column=frame.cells["state"].column, value="待确认")


def log_part(path: Path) -> str:
    """The part of the log, whose lines bear the moment of the run."""
    source = open_source(path)
    assert isinstance(source, Workbook)
    return next(grid.part for grid in source.sheets if grid.sheet == LOG)


def differing(one: Path, other: Path) -> set[str]:
    """The parts in which two workbooks differ."""
    ours, theirs = parts(one), parts(other)
    return {name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)}


def test_what_only_tells_writes_nothing(opened: Desk) -> None:
    before = opened.file.read_bytes()
    opened.frame.Controller.select(opened.cell("客户台账", "A11:A14"))
    for button in TELLS:
        (told,) = opened.press(button, READ)
        assert told
        assert "内部错误" not in told, told
    assert opened.file.read_bytes() == before
    assert not opened.document.isModified()


def test_the_selected_rows_are_checked_as_the_batch_checks_them(opened: Desk) -> None:
    report = validate(open_source(opened.file), Settings(today=TODAY))
    finding = next(f for f in report.findings if f.sheet == "客户台账" and f.row)
    opened.frame.Controller.select(opened.cell("客户台账", f"B{finding.row}"))
    (told,) = opened.press("check_selection", READ)
    assert finding.message[:20] in told
    assert f"{finding.sheet}!{finding.cell}" in told


def test_the_next_finding_is_selected(opened: Desk) -> None:
    opened.frame.Controller.select(opened.cell("客户台账", "A1"))
    opened.press("next_finding", OK)
    first = opened.document.CurrentSelection.AbsoluteName
    opened.press("next_finding", OK)
    assert opened.document.CurrentSelection.AbsoluteName != first
    assert first.startswith("$客户台账.$")


def test_no_means_no(opened: Desk) -> None:
    before = opened.file.read_bytes()
    for button in ("grade_clients", "apply_fixes"):
        assert len(opened.press(button, NO)) == 1
    assert opened.file.read_bytes() == before
    assert not opened.file.with_name("zlxl-备份").exists()


def test_a_long_preview_is_shown_whole_in_a_new_document(opened: Desk) -> None:
    before = opened.file.read_bytes()
    findings = validate(open_source(opened.file), Settings(today=TODAY)).findings
    question, offer = opened.press("check_workbook", NO, YES)
    assert "先在新工作簿中看全部" in question
    assert "没有写入" in offer
    components = opened.calc.desktop.Components.createEnumeration()
    documents = []
    while components.hasMoreElements():
        documents.append(components.nextElement())
    (made,) = [document for document in documents if not document.URL]
    rows = made.Sheets.getByIndex(0).getCellRangeByName("A1:K200").getDataArray()
    assert made.Sheets.ElementNames == ("检查全表",)
    assert sum(any(row) for row in rows) > len(findings)
    made.close(True)
    assert opened.file.read_bytes() == before


@pytest.mark.parametrize("button", COMMANDS)
def test_a_button_writes_what_the_batch_writes(
    opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    """Part by part the file is the one that the command makes of it; the log's lines name another command."""
    before = copied(opened.file, tmp_path / "before")
    batch = copied(opened.file, tmp_path / "batch")
    opened.frame.Controller.setActiveSheet(opened.sheet("客户要求"))
    opened.frame.Controller.select(opened.cell("客户要求", "C7"))
    question, done = opened.press(button, YES, READ)
    assert "？" in question
    assert done.startswith(("已写入", "已修改")), done
    monkeypatch.chdir(tmp_path)
    name, *options = COMMANDS[button].split()
    with pytest.raises(SystemExit):
        main([name, str(batch), *options])
    assert differing(opened.file, batch) <= {log_part(batch)}
    assert differing(batch, before)
    assert opened.document.URL.endswith(".xlsx")
    assert not opened.document.isModified()
    assert opened.document.CurrentSelection.AbsoluteName == "$客户要求.$C$7"
    assert opened.file.with_name("zlxl-备份").is_dir()


def test_results_are_listed_and_cleared(opened: Desk) -> None:
    question, done = opened.press("check_workbook", YES, READ)
    assert "共查出" in question
    assert "校验结果" in done
    listed = opened.rows("校验结果")
    report = validate(open_source(opened.file), Settings(today=TODAY))
    rules = {f.rule for f in report.findings}
    assert rules <= {str(cell) for row in listed for cell in row}
    opened.press("clear_marks", YES, READ)
    assert "校验结果" not in opened.document.Sheets.ElementNames


def test_the_last_run_is_taken_back(opened: Desk) -> None:
    _, done = opened.press("undo_last", YES, READ)
    assert "已还原" in done


def test_every_entry_was_pressed() -> None:
    pressed = {*COMMANDS, *TELLS, "check_workbook", "clear_marks", "undo_last"}
    assert pressed == {button.function for button in BUTTONS}
