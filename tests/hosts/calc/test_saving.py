"""What is typed in Calc arrives in the file by our patch alone; Calc itself never writes it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.calc_office import Calc
from tests.hosts.calc.desk import CANCEL, LOG, NO, OK, YES, Desk, copied, database, desk, parts
from zlxl.changes import CellChange, Formula
from zlxl.edits import Edits
from zlxl.errors import Unreadable, Unwritable
from zlxl.excel.source import ENCRYPTED_STREAM, OLE, open_source
from zlxl.excel.workbook import Workbook
from zlxl.hosts.calc import saving
from zlxl.hosts.calc.book import CalcBook
from zlxl.hosts.calc.saving import edits_of, formula_of, save_edits, value_of
from zlxl.hosts.calc.server import OfficeError

SHEET = "客户台账"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return database(tmp_path_factory.mktemp("saving"))


@pytest.fixture(scope="module")
def opened(calc: Calc, original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The database in a window, on which one test after the other works."""
    with desk(calc, copied(original, tmp_path_factory.mktemp("opened"))) as held:
        yield held


def stored(path: Path) -> Any:
    """The sheet as another program reads it."""
    return openpyxl.load_workbook(path)[SHEET]


def sheet_part(path: Path, name: str) -> str:
    source = open_source(path)
    assert isinstance(source, Workbook)
    return next(grid.part for grid in source.sheets if grid.sheet == name)


def kept(opened: Desk) -> list[Path]:
    return sorted(opened.file.parent.glob("*_未写入_*.ods"))


def test_what_was_typed_is_written_by_the_patch(opened: Desk, original: Path) -> None:
    """Each with its type, a new row into its table; every other part stays byte for byte."""
    last = len(opened.rows(SHEET))
    opened.cell(SHEET, "N3").setString("王五")
    opened.cell(SHEET, "F3").setValue(777)
    opened.cell(SHEET, "D3").setValue(45300)
    opened.cell(SHEET, "B4").setString("007")
    opened.cell(SHEET, "G4").setFormula("")
    opened.cell(SHEET, "AP3").setFormula('=IFS(SUM(F3:F4)>1;客户要求.A3;TRUE();"客户[a;b]")')
    opened.cell(SHEET, "AP4").setFormula("=SUM(客户台账[初审费用])")
    opened.cell(SHEET, f"A{last + 1}").setString("ZL20269999-Q")
    opened.cell(SHEET, f"D{last + 1}").setValue(46000)
    (told,) = opened.dispatch(".uno:Save", OK)
    assert "已把 9 个单元格的改动写入" in told
    sheet = stored(opened.file)
    assert [sheet[place].value for place in ("N3", "F3", "B4", "G4")] == ["王五", 777, "007", None]
    assert f"{sheet['D3'].value:%Y-%m-%d}" == "2024-01-09"
    assert sheet["AP3"].value == '=_xlfn.IFS(SUM(F3:F4)>1,客户要求!A3,TRUE(),"客户[a;b]")'
    assert sheet["AP4"].value == "=SUM(客户台账[初审费用])"
    assert sheet[f"A{last + 1}"].value == "ZL20269999-Q"
    assert sheet.tables[SHEET].ref.endswith(str(last + 1))
    before, after = parts(original), parts(opened.file)
    untouched = {name for name in before if name.startswith("xl/worksheets/sheet")}
    untouched -= {sheet_part(original, SHEET), sheet_part(original, LOG)}
    assert len(untouched) == 11
    assert all(before[name] == after[name] for name in untouched)
    assert not opened.document.isModified()
    assert opened.cell(SHEET, "N3").String == "王五"


def test_the_log_tells_of_it_and_a_backup_is_kept(opened: Desk, original: Path) -> None:
    lines = [line for line in opened.rows(LOG) if "保存改动（Calc）" in line]
    assert len(lines) == 8
    assert all("手工" in line for line in lines)
    assert any("联系人" in line and "N3" in line and "王五" in line for line in lines)
    assert sum("新增行" in line for line in lines) == 1
    (backup,) = opened.file.with_name("zlxl-备份").glob("*.xlsx")
    assert backup.read_bytes() == original.read_bytes()


def test_an_entry_of_the_menu_does_the_same(opened: Desk) -> None:
    assert opened.press("save_edits", OK) == ["没有未保存的改动。"]
    opened.cell(SHEET, "N5").setString("赵六")
    (told,) = opened.press("save_edits", OK)
    assert "已把 1 个单元格" in told
    assert stored(opened.file)["N5"].value == "赵六"


def test_a_button_has_the_edits_written_first(opened: Desk) -> None:
    """Who does not want that gets nothing done, and keeps what was typed."""
    before = opened.file.read_bytes()
    opened.cell(SHEET, "N5").setString("孙七")
    question, told = opened.press("list_overdue", NO, OK)
    assert "1 个单元格的改动" in question
    assert "没有运行" in told
    assert opened.file.read_bytes() == before
    assert opened.cell(SHEET, "N5").String == "孙七"
    opened.press("grade_clients", YES, NO)
    assert stored(opened.file)["N5"].value == "孙七"


def test_calc_does_not_save_it(opened: Desk) -> None:
    """Neither under another name, nor for a macro, nor when it is closed."""
    before = opened.file.read_bytes()
    opened.cell(SHEET, "N5").setString("周八")
    other = opened.file.with_name("另存.xlsx")
    (told,) = opened.dispatch(".uno:SaveAs", OK, URL=other.as_uri(), FilterName="Calc MS Excel 2007 XML")
    assert "不由 Calc 保存" in told
    assert not other.exists()
    (told,) = opened.act(opened.document.store, OK)
    assert "已撤回" in told
    (question,) = opened.dispatch(".uno:CloseDoc", CANCEL)
    assert "未保存的改动" in question
    assert opened.file.read_bytes() == before
    assert opened.document.isModified()
    assert opened.cell(SHEET, "N5").String == "周八"


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(opened: Desk) -> None:
    os.utime(opened.file)
    before = opened.file.read_bytes()
    (told,) = opened.dispatch(".uno:Save", OK)
    assert "被其他程序改动过" in told
    assert opened.file.read_bytes() == before
    assert len(kept(opened)) == 1
    opened.document.setModified(False)
    opened.press("list_common", OK)  # reads the file anew
    assert opened.cell(SHEET, "N5").String == "孙七"


def test_rows_that_were_moved_are_not_written(opened: Desk) -> None:
    before = opened.file.read_bytes()
    opened.sheet(SHEET).Rows.insertByIndex(4, 1)
    opened.cell(SHEET, "A5").setString("插入的行")
    (told,) = opened.dispatch(".uno:Save", OK)
    assert "没有改动" in told
    assert "不能写入文件" in told
    assert opened.file.read_bytes() == before
    assert len(kept(opened)) == 2
    assert opened.cell(SHEET, "A5").String == "插入的行"


def test_a_copy_of_calcs_own_format_is_calcs_affair(opened: Desk) -> None:
    """From then on the document is the copy, and no longer watched over."""
    before = opened.file.read_bytes()
    copy = opened.file.with_name("另存.ods")
    opened.dispatch(".uno:SaveAs", URL=copy.as_uri())
    assert copy.as_uri() == opened.document.URL
    opened.dispatch(".uno:Save")
    (told,) = opened.press("check_workbook", OK)
    assert "不是 .xlsx" in told
    assert opened.file.read_bytes() == before


def test_a_protected_sheet_is_not_written(calc: Calc, original: Path, tmp_path: Path) -> None:
    with desk(calc, copied(original, tmp_path)) as held:
        for sheet in held.document.Sheets:
            sheet.protect("")
        held.document.setModified(False)
        before = held.file.read_bytes()
        _, told = held.press("apply_fixes", YES, OK)
        assert "受保护，没有写入" in told
        assert held.file.read_bytes() == before


def test_a_document_without_a_file_is_told_so(calc: Calc) -> None:
    frame = calc.desktop.loadComponentFromURL(
        "private:factory/scalc", "_blank", 0, ()
    ).CurrentController.Frame
    held = Desk(calc, Path(), frame)
    (told,) = held.press("check_workbook", OK)
    assert "还没有保存成文件" in told
    held.document.close(True)


def test_closing_writes_it_where_that_is_wanted(calc: Calc, original: Path, tmp_path: Path) -> None:
    with desk(calc, copied(original, tmp_path)) as held:
        held.cell(SHEET, "N5").setString("吴九")
        question, told = held.dispatch(".uno:CloseDoc", YES, OK)
        assert "现在写入文件吗" in question
        assert "已把 1 个单元格" in told
        assert stored(held.file)["N5"].value == "吴九"


def test_moved_rows_are_seen_where_there_is_no_table(calc: Calc, original: Path, tmp_path: Path) -> None:
    """What was taken back again is no reason to refuse."""
    path = copied(original, tmp_path)
    book = openpyxl.load_workbook(path)
    own = book.create_sheet("自己的")
    for row in range(1, 5):
        own.cell(row, 1, row)
    book.save(path)
    with desk(calc, path) as held:
        held.frame.Controller.select(held.cell("自己的", "A2"))
        held.dispatch(".uno:InsertRowsBefore")
        (told,) = held.dispatch(".uno:Save", OK)
        assert "插入或删除了行" in told
        held.dispatch(".uno:Undo")
        (told,) = held.dispatch(".uno:Save", OK)
        assert "插入" not in told


# --- without LibreOffice ------------------------------------------------------------------------------------


def cell(**told: Any) -> dict[str, Any]:
    """A cell as the extension describes it."""
    plain = {"sheet": SHEET, "row": 3, "column": 1, "kind": "VALUE", "value": 1.0, "text": "1", "was": ""}
    formula = {"printed": "", "entered": "", "result": 1, "error": 0, "array": False}
    return {**plain, "format": "General", "type": 16, **formula, **told}


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ({"value": 45300.0, "type": 2}, "2024-01-09 00:00:00"),
        ({"value": 0.5, "type": 4}, "12:00:00"),
        ({"value": 1.0, "type": 1024}, "True"),
        ({"value": 2.5}, "2.5"),
        ({"kind": "TEXT", "text": "0071"}, "0071"),
        ({"kind": "EMPTY"}, "None"),
    ],
)
def test_a_value_has_the_type_that_its_format_shows(told: dict[str, Any], value: str) -> None:
    assert str(value_of(cell(**told))) == value


def test_tables_keep_their_names_in_formulas() -> None:
    told = cell(
        kind="FORMULA",
        entered='=SUM(甲[a])&"乙[b]"&SUM(丙[c])&zl_check(A1)',
        printed='SUM(#NAME?[a])&"乙[b]"&SUM(#NAME?[c])&zl_check(A1)',
    )
    assert formula_of(told) == '=SUM(甲[a])&"乙[b]"&SUM(丙[c])&ZL_CHECK(A1)'
    assert value_of(told) == Formula(formula_of(told), value=1.0)


@pytest.mark.parametrize("told", [{"error": 508, "printed": "SUM("}, {"array": True, "printed": "A1:A2"}])
def test_a_formula_that_excel_could_not_read_is_not_written(original: Path, told: dict[str, Any]) -> None:
    source = open_source(original)
    assert isinstance(source, Workbook)
    edits, words = edits_of(source, [cell(kind="FORMULA", entered="=SUM(", **told)])
    assert not edits
    assert len(words) == 1


def test_a_formula_that_we_entered_anew_is_no_edit(original: Path) -> None:
    source = open_source(original)
    assert isinstance(source, Workbook)
    told = cell(kind="FORMULA", was="=zl_check(A1)", entered="=ZL_CHECK(A1)", printed="ZL_CHECK(A1)")
    assert edits_of(source, [told]) == edits_of(source, [])


class Told:
    """An office that answers as it is told, for what LibreOffice cannot be made to do."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[str]()

    def ask(self, name: str, *_arguments: object) -> Any:
        self.asked.append(name)
        answer = self.answers.get(name)
        if isinstance(answer, Exception):
            raise answer
        return answer


def document(path: Path, **told: Any) -> dict[str, Any]:
    status = path.stat()
    stamp = [status.st_size, status.st_mtime_ns]
    return {"path": str(path), "readonly": False, "modified": False, "stamp": stamp, "windows": 1, **told}


TYPED = {"cells": [cell(column=14, kind="TEXT", text="王五")], "lost": []}
GRADES = Edits(cells=(CellChange(sheet=SHEET, row=3, column=14, value="王五"),))


def test_a_disk_that_fills_up_keeps_what_was_typed(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calc has let go of its document by then: the new file stays under a name of its own."""
    file = copied(original, tmp_path)
    before = file.read_bytes()
    office = Told(document=document(file), changes=TYPED)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving, "atomically", full)
    with pytest.raises(Unwritable, match="写好的内容另存为"):
        save_edits(office)
    (copy,) = file.parent.glob("*_未写入_*.xlsx")
    assert stored(copy)["N3"].value == "王五"
    assert file.read_bytes() == before
    assert office.asked[-2:] == ["release", "reload"]


def test_a_file_that_somebody_opened_meanwhile_keeps_its_content(original: Path, tmp_path: Path) -> None:
    """What was to be written is kept beside it, and the old file is loaded again."""
    path = copied(original, tmp_path)
    before = path.read_bytes()
    path.with_name(f"~${path.name}").write_bytes(b"\x06zhang ")
    office = Told(document=document(path), changes=TYPED)
    with pytest.raises(Unwritable, match="写好的内容另存为"):
        save_edits(office)  # type: ignore[arg-type]
    assert office.asked[-2:] == ["release", "reload"]
    assert path.read_bytes() == before
    (left,) = tmp_path.glob("*_未写入_*.xlsx")
    assert stored(left)["N3"].value == "王五"


def test_a_file_that_cannot_be_loaded_again_is_written_all_the_same(original: Path, tmp_path: Path) -> None:
    path = copied(original, tmp_path)
    office = Told(document=document(path), changes=TYPED, reload=OfficeError("坏了"))
    with pytest.raises(OfficeError, match="没能重新打开（坏了）"):
        save_edits(office)  # type: ignore[arg-type]
    assert stored(path)["N3"].value == "王五"


def test_a_document_that_is_not_let_go_of_stays_as_it_was(original: Path, tmp_path: Path) -> None:
    path = copied(original, tmp_path)
    before = path.read_bytes()
    office = Told(document=document(path), changes=TYPED, release=OfficeError("开着两个窗口"))
    with pytest.raises(OfficeError, match="两个窗口"):
        save_edits(office)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert "reload" not in office.asked
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("told", "words"), [({"readonly": True}, "只读"), ({"modified": True}, "在运行中被改动")]
)
def test_a_button_does_not_write_then(original: Path, told: dict[str, Any], words: str) -> None:
    office = Told(document=document(original, **told), protected=[])
    book = CalcBook(office=office, file=original)  # type: ignore[arg-type]
    with pytest.raises(Unwritable, match=words):
        book.apply(GRADES)


def test_an_encrypted_file_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "加密.xlsx"
    path.write_bytes(OLE + b"\0" * 600 + ENCRYPTED_STREAM)
    office = Told(document=document(path, modified=True), changes=TYPED)
    with pytest.raises(Unreadable, match="已加密"):
        save_edits(office)  # type: ignore[arg-type]
    assert office.asked == ["document", "changes"]
