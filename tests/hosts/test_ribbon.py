"""Every button on a real workbook in a running spreadsheet: before and after, and the batch beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import isclose
from pathlib import Path

import pytest

from tests.xlwings_uno import App, Book, office
from zlxl.changes import CellChange, Formula
from zlxl.decisions.model_file import shipped_model
from zlxl.edits import Edits
from zlxl.excel import live_sheets
from zlxl.excel.app import active_book
from zlxl.excel.live_read import serial
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.findings import FileReport
from zlxl.hosts import ribbon
from zlxl.hosts.buttons import BUTTONS
from zlxl.hosts.ribbon import steps
from zlxl.jobs.classifying.edits import edits_of
from zlxl.jobs.classifying.sheet import classify_sheet
from zlxl.jobs.demo import make_demo
from zlxl.jobs.fix import plan_fixes
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate
from zlxl.rules.catalog import RULES
from zlxl.sheet import Sheet, Workbook

TODAY = date(2026, 11, 24)
SHEETS = {
    *("客户台账", "有效性评价", "服务计划", "客户要求", "满意度调查", "重大事件", "名录报送", "变更记录"),
    *("码表", "权限表", "要求词库", "评价准则", "时限规则"),
}
#: The sheet that a button writes, beside those that only tell.
WRITES = {
    "check_workbook": "校验结果",
    "satisfaction_quarter": "满意度_2026Q4",
    "satisfaction_year": "满意度_2026",
    "yearend_report": "年终汇总_2026",
    "grade_clients": "企业分级",
    "plan_service": "待办提醒",
    "make_directory": "获证客户名录",
}
TELLS = ("check_selection", "preview_fixes", "list_overdue", "list_common", "explain_rule")
ADDS = {"plan_service": "服务计划", "make_directory": "名录报送"}

Values = dict[str, tuple[tuple[object, ...], ...]]


@pytest.fixture(scope="module")
def spreadsheet() -> Iterator[App]:
    with office() as app:
        yield app


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with faults in it, as a file, without the sheets that no button needs."""
    path = tmp_path_factory.mktemp("db") / "客户服务数据库.xlsx"
    made = make_demo(seed=7, clients=12, today=TODAY).faulty
    kept = tuple(sheet for sheet in made.sheets if sheet.name in SHEETS)
    lost = [sheet.name for sheet in made.sheets if sheet.name not in SHEETS]
    names = tuple(name for name in made.names if not any(sheet in name.formula for sheet in lost))
    write_workbook(Workbook(sheets=kept, names=names), path)
    return path


@dataclass
class Opened:
    """The database, open, with what is told and asked in it."""

    app: App
    book: Book
    file: Path

    def press(self, button: str, answer: str = "yes") -> list[str]:
        """Press a button, give one answer to every question; what was said."""
        self.app.answer, before = answer, len(self.app.alerts)
        ribbon.run(f"zl_{button}", TODAY)
        assert self.app.status_bar is False
        assert self.app.calculation == "automatic"
        assert self.app.screen_updating
        assert self.app.enable_events
        return self.app.alerts[before:]

    def values(self) -> Values:
        """All values by sheet."""
        return {sheet.name: sheet.used_range.raw_value for sheet in self.book.sheets}


@pytest.fixture
def opened(spreadsheet: App, database: Path, tmp_path: Path) -> Iterator[Opened]:
    file = tmp_path / database.name
    shutil.copy(database, file)
    book = spreadsheet.books.open(str(file))
    spreadsheet.books.current = book
    held = Opened(spreadsheet, book, file)
    yield held
    held.book.close()


def findings(report: FileReport) -> list[tuple[object, ...]]:
    """Findings but for formulas that only a file may hold uncalculated."""
    found = (f for f in report.findings if f.rule != "ZL004")
    return sorted((f.sheet, f.cell or "", f.rule, f.value, f.message, f.suggestion) for f in found)


def formulas(sheet: Sheet) -> dict[tuple[int, int], Formula]:
    """The formulas of a sheet by place."""
    found = {
        (block.top + r, block.left + c): content
        for block in sheet.blocks
        for r, row in enumerate(block.rows)
        for c, content in enumerate(row)
    }
    found |= {place: cell.content for place, cell in sheet.cells.items()}
    return {place: content for place, content in found.items() if isinstance(content, Formula)}


def same(shown: object, reckoned: object) -> bool:
    """Whether a cell shows what was reckoned; dates come with a time."""
    if isinstance(shown, datetime) and not isinstance(reckoned, datetime):
        shown = shown.date() if isinstance(reckoned, date) else serial(shown)
    if isinstance(shown, float | int) and isinstance(reckoned, float | int):
        return isclose(shown, reckoned, rel_tol=1e-9, abs_tol=1e-9)
    return (shown in (None, "") and reckoned in (None, "")) or shown == reckoned


def test_the_open_workbook_is_judged_as_the_file_is(opened: Opened) -> None:
    settings = Settings(today=TODAY)
    found = findings(validate(active_book(), settings))
    assert found == findings(validate(open_source(opened.file), settings))
    assert len(found) > 10


def test_every_button_is_there() -> None:
    """The registry names functions of the ribbon, and this module presses all of them."""
    pressed = {
        *WRITES,
        *TELLS,
        "apply_fixes",
        "undo_last",
        "classify_requests",
        "clear_marks",
        "next_finding",
    }
    assert {button.function for button in BUTTONS} == pressed
    for button in BUTTONS:
        assert callable(ribbon.work_of(button))


@pytest.mark.parametrize("button", WRITES)
def test_a_sheet_is_written_once_it_is_agreed_to(
    opened: Opened, button: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheet is added, its formulas give what was reckoned, and no value of another is touched."""
    before, written, write = opened.values(), list[Edits](), steps.write
    monkeypatch.setattr(
        steps, "write", lambda b, edits, *more: (written.append(edits), write(b, edits, *more))[1]
    )
    question, done = opened.press(button)
    assert WRITES[button] in question
    assert f"已写入工作表“{WRITES[button]}”" in done
    after = opened.values()
    assert len(after[WRITES[button]]) > 3
    changed = {name for name, values in before.items() if after[name] != values}
    assert changed == ({ADDS[button], "变更记录"} if button in ADDS else set())
    for name in changed:
        assert after[name][: len(before[name])] == before[name]
    shown = after[WRITES[button]]
    for place, formula in formulas(written[0].sheets[0]).items():
        assert same(shown[place[0] - 1][place[1] - 1], formula.value), (place, formula)


def test_a_sheet_takes_the_place_of_the_last_one(opened: Opened) -> None:
    opened.press("check_workbook")
    first = opened.values()
    opened.press("check_workbook")
    assert list(opened.values()) == list(first)
    assert len(opened.values()["校验结果"]) == len(first["校验结果"])
    assert "已删除" in opened.press("clear_marks")[-1]
    assert "校验结果" not in opened.values()
    assert "未改动" in opened.press("clear_marks")[-1]


@pytest.mark.parametrize("broken", ["_finish", "_deleted"])
def test_a_sheet_that_cannot_be_replaced_stays(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Whether the new one fails while it is made or the old one does not go: all is as before."""
    opened.press("grade_clients")
    before = opened.values()

    def fail(*_: object) -> None:
        raise RuntimeError(broken)

    monkeypatch.setattr(live_sheets, broken, fail)
    assert "工作簿与运行前相同" in opened.press("grade_clients")[-1]
    assert opened.values() == before
    assert [table.name for table in opened.book.sheets("企业分级").tables] == ["企业分级"]


def test_a_sheet_of_the_users_own_stays(opened: Opened) -> None:
    sheets = opened.book.doc.Sheets
    sheets.insertNewByName("校验结果", sheets.Count)
    sheets.getByName("校验结果").getCellByPosition(0, 0).String = "我的"
    assert "您自己的工作表" in opened.press("check_workbook")[-1]
    assert opened.values()["校验结果"] == "我的"


def test_a_sheet_that_a_name_of_the_users_refers_to_stays(opened: Opened) -> None:
    opened.press("grade_clients")
    before = opened.values()["企业分级"]
    sheet = opened.book.doc.Sheets.getByName("企业分级")
    place = sheet.getCellByPosition(0, 0).CellAddress
    opened.book.doc.NamedRanges.addNewByName("我的等级", "$企业分级.$A$1:$A$9", place, 0)
    assert "名称“我的等级”引用了「企业分级」" in opened.press("grade_clients")[-1]
    assert "REF" not in opened.book.doc.NamedRanges.getByName("我的等级").Content
    assert opened.values()["企业分级"] == before


def test_no_means_no(opened: Opened) -> None:
    before = opened.values()
    for button in ("apply_fixes", "plan_service"):
        asked, *more = opened.press(button, "no")
        assert len(more) == asked.endswith("看全部）")
    assert opened.values() == before


def test_what_only_tells_writes_nothing(opened: Opened) -> None:
    opened.book.sheets("客户台账").activate()
    before = opened.values()
    for button in TELLS:
        (told,) = opened.press(button)
        assert "内部错误" not in told
    assert opened.values() == before


def test_a_long_list_stands_in_a_new_workbook(opened: Opened) -> None:
    """Text by text as it was told, and nothing of it in the user's workbook."""
    opened.book.sheets("客户台账").activate()
    before = opened.values()
    (asked,) = opened.press("explain_rule")
    assert "在新工作簿中看全部" in asked
    made = opened.app.books.all[-1]
    sheet = made.sheets(1)
    shown = sheet.used_range.raw_value
    assert sheet.name == "规则说明"
    assert shown[0] == ("规则", "名称", "条款")
    assert [row[:2] for row in shown[1:]] == [(rule.code, rule.name) for rule in RULES]
    assert opened.values() == before
    made.close()


def test_the_next_finding_is_selected(opened: Opened) -> None:
    opened.book.sheets("客户台账").activate()
    seen = []
    for _ in range(3):
        opened.press("next_finding")
        seen.append(opened.book.at)
    assert len(set(seen)) == 3
    assert seen == sorted(seen)


def test_repairs_are_those_of_the_batch_and_are_taken_back(opened: Opened) -> None:
    """The planned cells change, to what a repaired file holds, and come back as they were."""
    before = opened.values()
    plan = plan_fixes(validate(open_source(opened.file), Settings(today=TODAY)))
    repaired = opened.file.with_name("修复.xlsx")
    edits = Edits(cells=tuple(change.cell_change() for change in plan))
    save(open_source(opened.file), edits, repaired)
    done = opened.press("apply_fixes")[-1]
    assert f"已修改 {len(plan)} 处" in done
    in_file = {grid.sheet: grid for grid in open_source(repaired).grids()}
    for grid in active_book().grids():
        for cell in edits.cells:
            if cell.sheet == grid.sheet:
                ours, theirs = (
                    g.block([cell.column], cell.row, cell.row).columns[cell.column]
                    for g in (grid, in_file[cell.sheet])
                )
                assert ours.kinds.tolist() == theirs.kinds.tolist()
    log = len(before["变更记录"])
    assert len(opened.values()["变更记录"]) == log + len(plan)
    opened.press("undo_last")
    after = opened.values()
    assert {name: v for name, v in after.items() if name != "变更记录"} == {
        name: v for name, v in before.items() if name != "变更记录"
    }
    assert len(after["变更记录"]) == log + 2 * len(plan)


def test_requests_get_the_proposals_of_the_batch(opened: Opened) -> None:
    """A request that nobody has confirmed gets topic, class, owner and dates; all others stay."""
    path = opened.file
    opened.book.close()
    save(open_source(path), Edits(cells=tuple(_unconfirmed(path))))
    opened.book = opened.app.books.open(str(path))
    opened.app.books.current = opened.book
    planned = edits_of(classify_sheet(open_source(path), today=TODAY, model=shipped_model())).cells
    assert planned
    before = opened.values()["客户要求"]
    assert "确认栏没有改动" in opened.press("classify_requests")[-1]
    after = opened.values()["客户要求"]
    changed = {
        (r, c)
        for r, (old, new) in enumerate(zip(before, after, strict=True), 1)
        for c, (x, y) in enumerate(zip(old, new, strict=True), 1)
        if x != y
    }
    assert changed == {(change.row, change.column) for change in planned}


def _unconfirmed(path: Path) -> Iterator[CellChange]:
    """Changes that make the last requests new ones: nothing confirmed, nothing answered."""
    sheet = classify_sheet(open_source(path), today=TODAY, model=shipped_model())
    names = ("confirmed_topic", "confirmed_class", "confirmed_by", "confirmed_on", "answered_on", "closed_on")
    for one in sheet.proposals[-4:]:
        for name in (*names, "suggested_topic", "suggested_class", "owner", "due_on", "reply_due_on"):
            if name in one.row.frame.cells:
                column = one.row.frame.cells[name].column
                row = int(one.row.frame.rows[one.row.position])
                yield CellChange(sheet=one.row.frame.sheet, row=row, column=column, value=None)
        column = one.row.frame.cells["state"].column
        row = int(one.row.frame.rows[one.row.position])
        yield CellChange(sheet=one.row.frame.sheet, row=row, column=column, value="待确认")
