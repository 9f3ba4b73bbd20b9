"""An Excel that behaves badly: busy, protected, edited in mid-run, failing half way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings

from zlxl.changes import CellChange, RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable, UsageError
from zlxl.excel import app
from zlxl.excel.app import LiveBook, calm
from zlxl.excel.live_read import MIXED, uniform_runs
from zlxl.excel.live_write import guarded
from zlxl.grid import Area, Kind
from zlxl.hosts import ribbon
from zlxl.hosts.ribbon import repairs, steps

EDITING, REJECTED = -2146777998, -2147418111


class ComError(Exception):
    """As pywin32 raises it."""

    def __init__(self, hresult: int, inner: int | None = None) -> None:
        super().__init__(hresult)
        self.hresult = hresult
        self.excepinfo = (0, "Excel", "", None, 0, inner)


@dataclass
class Application:
    """The settings that a run changes."""

    screen_updating: bool = True
    enable_events: bool = True
    display_alerts: bool = True
    calculation: str = "automatic"
    status_bar: Any = False


@dataclass
class Stand:
    """Cells in memory, and what is to go wrong: an error for each call of a kind, in turn."""

    cells: dict[str, dict[tuple[int, int], Any]]
    codes: dict[tuple[str, int, int], str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    tables: dict[str, tuple[str, Area]] = field(default_factory=dict)
    on_read: list[Exception | None] = field(default_factory=list)
    on_write: list[Exception | None] = field(default_factory=list)
    app: Application = field(default_factory=Application)
    reads: int = 0
    writes: int = 0

    def read(self) -> None:
        self.reads += 1
        self._turn(self.on_read)

    def write(self) -> None:
        self.writes += 1
        self._turn(self.on_write)

    @staticmethod
    def _turn(errors: list[Exception | None]) -> None:
        if errors and (error := errors.pop(0)):
            raise error

    def book(self) -> LiveBook:
        """The open workbook, read anew."""
        sheets = [Sheet(self, name) for name in self.cells]
        api: Any = SimpleNamespace(
            name="库.xlsx", sheets=sheets, api=SimpleNamespace(Date1904=False, ProtectStructure=False)
        )
        api.app = self.app
        return LiveBook(api=api)


class Sheet:
    visible = True

    def __init__(self, stand: Stand, name: str) -> None:
        self.stand, self.name = stand, name
        self.api = SimpleNamespace(ProtectContents=name in stand.protected)

    @property
    def used_range(self) -> Range:
        held = self.stand.cells[self.name]
        return self.range((1, 1), (max(r for r, _ in held), max(c for _, c in held)))

    @property
    def tables(self) -> list[Any]:
        return [Table(self, name, area) for name, (on, area) in self.stand.tables.items() if on == self.name]

    def range(self, first: tuple[int, int], last: tuple[int, int] | None = None) -> Range:
        return Range(self, *first, *(last or first))


class Table:
    show_headers, show_totals = True, False

    def __init__(self, sheet: Sheet, name: str, area: Area) -> None:
        self.sheet, self.name, self.area = sheet, name, area

    @property
    def range(self) -> Range:
        return self.sheet.range((self.area.top, self.area.left), (self.area.bottom, self.area.right))

    def resize(self, cells: Range) -> None:
        self.sheet.stand.tables[self.name] = (self.sheet.name, Area(*cells.box))


class Range:
    def __init__(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet, self.stand = sheet, sheet.stand
        self.row, self.column, self.box = top, left, (top, left, bottom, right)
        self.shape = (bottom - top + 1, right - left + 1)

    def places(self) -> Iterator[tuple[int, int]]:
        top, left, bottom, right = self.box
        return ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))

    def rows(self, show: Any) -> Any:
        cells = self.stand.cells[self.sheet.name]
        flat = [show(cells.get(place)) for place in self.places()]
        width = self.shape[1]
        rows = tuple(tuple(flat[at : at + width]) for at in range(0, len(flat), width))
        return rows if len(flat) > 1 else flat[0]

    @property
    def raw_value(self) -> Any:
        self.stand.read()
        return self.rows(lambda v: 0.0 if isinstance(v, str) and v.startswith("=") else v)

    @property
    def formula(self) -> Any:
        return self.rows(lambda v: "" if v is None else str(v))

    @property
    def value(self) -> Any:
        return self.raw_value

    @value.setter
    def value(self, rows: Any) -> None:
        flat = [value for row in rows for value in row]
        for place, value in zip(self.places(), flat, strict=True):
            self.stand.cells[self.sheet.name][place] = self.taken(place, value)
        self.stand.write()

    def taken(self, place: tuple[int, int], value: Any) -> Any:
        """A value as Excel takes it: an apostrophe means text, and so does the format of texts."""
        if isinstance(value, str):
            return value.removeprefix("'")
        as_text = self.stand.codes.get((self.sheet.name, *place)) == "@"
        return f"{value:g}" if as_text and isinstance(value, float) else value

    @property
    def number_format(self) -> str | None:
        codes = {self.stand.codes.get((self.sheet.name, *place), "General") for place in self.places()}
        return codes.pop() if len(codes) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.stand.codes |= {(self.sheet.name, *place): code for place in self.places()}

    def clear_contents(self) -> None:
        for place in self.places():
            self.stand.cells[self.sheet.name].pop(place, None)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PAUSE", 0)


@pytest.fixture
def stand() -> Stand:
    cells = {(1, 1): "编号", (1, 2): "名称", (2, 1): "A1", (2, 2): "甲", (3, 1): "A2", (3, 2): "乙"}
    return Stand(cells={"台账": cells}, tables={"表": ("台账", Area(1, 1, 3, 2))})


def change(row: int, column: int, value: Any, code: str | None = None) -> CellChange:
    return CellChange(sheet="台账", row=row, column=column, value=value, number_format=code)


def read(book: LiveBook) -> LiveBook:
    """The workbook, its cells read now."""
    for grid in book.grids():
        grid.head(1)
    return book


def test_a_call_is_tried_again_while_a_cell_is_edited(stand: Stand) -> None:
    stand.on_read = [ComError(REJECTED), ComError(-2147352567, EDITING), None]
    assert read(stand.book()).grids()[0].value(2, 2) == "甲"
    assert stand.reads == 3


def test_waiting_ends_with_one_message(stand: Stand) -> None:
    stand.on_read = [ComError(REJECTED)] * 100
    with pytest.raises(Unwritable, match=r"Excel 正忙.*没有写入.*按 Enter 或 Esc"):
        read(stand.book())
    assert stand.reads == app.ATTEMPTS


def test_another_error_is_not_waited_for() -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise ComError(-2147352567, -2146827284)

    with pytest.raises(ComError):
        calm(fail)
    assert len(calls) == 1


def test_escape_stops_the_run(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc before the run does not count; in mid-run it ends the reading, and all is put back."""
    pressed = [True, False, True]
    monkeypatch.setattr(app, "escape_pressed", lambda: pressed.pop(0))
    stand.cells["二"] = {(1, 1): "a"}
    shown = []
    book = stand.book()

    def reading() -> None:
        with book.quiet():
            for grid in book.grids():
                grid.head(1)
                shown.append(stand.app.status_bar)

    with pytest.raises(Unwritable, match="已按 Esc 停止，没有写入"):
        reading()
    assert shown == ["客户服务：正在读取“台账”（1/2）（按 Esc 停止）"]
    assert stand.app.status_bar is False


def test_one_write_for_neighbouring_cells(stand: Stand) -> None:
    book = read(stand.book())
    cells = (change(2, 1, "B1"), change(2, 2, "丙"), change(3, 1, "B2"), change(3, 2, "丁"))
    assert book.apply(Edits(cells=cells)).cells == 4
    assert stand.writes == 1
    assert stand.cells["台账"][3, 2] == "丁"


def test_a_cell_edited_in_mid_run_is_left_alone(stand: Stand) -> None:
    book = read(stand.book())
    stand.cells["台账"][2, 2] = "用户刚改的"
    written = book.apply(Edits(cells=(change(2, 2, "丙"), change(3, 2, "丁"))))
    assert [(r.change.row, r.reason) for r in written.refused] == [(2, "在运行中被改动")]
    assert stand.cells["台账"][2, 2] == "用户刚改的"
    assert stand.cells["台账"][3, 2] == "丁"


def test_a_formula_is_left_alone(stand: Stand) -> None:
    stand.cells["台账"][2, 2] = "=A2"
    written = read(stand.book()).apply(Edits(cells=(change(2, 2, "丙"),)))
    assert written.refused[0].reason == "是公式单元格"
    assert stand.writes == 0


def test_a_protected_sheet_gets_nothing(stand: Stand) -> None:
    stand.protected = {"台账"}
    book = read(stand.book())
    with pytest.raises(Unwritable, match="“台账”受保护，没有写入"):
        book.apply(Edits(cells=(change(2, 2, "丙"),)))
    assert stand.writes == 0


@pytest.mark.parametrize("error", [RuntimeError("broken"), ComError(-2147352567, -2146827284)])
def test_a_failure_half_way_takes_everything_back(stand: Stand, error: Exception) -> None:
    """The second area fails: values and formats of the first come back, and the table has its size."""
    stand.cells["台账"][2, 2] = 13800.0
    before, tables = dict(stand.cells["台账"]), dict(stand.tables)
    stand.on_write = [None, None, error]
    edits = Edits(
        cells=(change(2, 2, "13800", "@"), change(3, 1, 5)),
        rows=(RowAppended(table="表", values={"编号": "A3", "名称": "戊"}),),
    )
    with pytest.raises(Unwritable, match="已经还原，工作簿与运行前相同"):
        read(stand.book()).apply(edits)
    assert {k: v for k, v in stand.cells["台账"].items() if v is not None} == before
    assert stand.tables == tables
    assert stand.codes["台账", 2, 2] == "General"


def test_new_rows_make_the_table_longer(stand: Stand) -> None:
    stand.codes["台账", 3, 1] = "@"
    rows = tuple(RowAppended(table="表", values={"编号": f"0{n}", "名称": "新"}) for n in range(2))
    read(stand.book()).apply(Edits(rows=rows))
    assert stand.tables["表"][1] == Area(1, 1, 5, 2)
    assert [stand.cells["台账"][row, 1] for row in (4, 5)] == ["00", "01"]
    assert stand.codes["台账", 5, 1] == "@"
    assert stand.writes == 1


def test_new_rows_have_no_room(stand: Stand) -> None:
    stand.cells["台账"][5, 2] = "备注"
    rows = tuple(RowAppended(table="表", values={"编号": "x"}) for _ in range(2))
    with pytest.raises(Unwritable, match="B5 有内容，表格不能延长，没有写入"):
        read(stand.book()).apply(Edits(rows=rows))
    assert stand.tables["表"][1] == Area(1, 1, 3, 2)


def test_a_row_typed_in_mid_run_is_not_written_over(stand: Stand) -> None:
    book = read(stand.book())
    stand.cells["台账"][4, 1] = "用户新录的"
    with pytest.raises(Unwritable, match="第 4 行起在运行中被改动"):
        book.apply(Edits(rows=(RowAppended(table="表", values={"编号": "A3"}),)))
    assert stand.cells["台账"][4, 1] == "用户新录的"
    assert stand.tables["表"][1] == Area(1, 1, 3, 2)


def test_the_state_of_excel_is_put_back(stand: Stand) -> None:
    before = dict(vars(stand.app))
    seen = []

    def fail() -> None:
        with stand.book().quiet():
            seen.append(stand.app.calculation)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == ["manual"]
    assert vars(stand.app) == before


@pytest.mark.parametrize(
    ("value", "code", "stored"),
    [
        ("050000", "General", "'050000"),
        ("050000", "@", "050000"),
        ("=1+1", "General", "'=1+1"),
        ("3月5日", None, "'3月5日"),
        ("TRUE", "General", "'TRUE"),
        ("北京", "General", "北京"),
        (5.0, "General", 5.0),
    ],
)
def test_a_text_stays_a_text(value: object, code: str | None, stored: object) -> None:
    assert guarded(value, code) == stored


def test_errors_and_bools_are_told_from_numbers(stand: Stand) -> None:
    stand.cells["台账"] |= {(2, 2): -2146826246, (3, 2): True}
    grid = read(stand.book()).grids()[0]
    column = grid.block([2], 2).columns[2]
    assert column.kinds.tolist() == [Kind.ERROR, Kind.BOOL]
    assert grid.strings[int(column.data[0])] == "#N/A"


def test_runs_are_found_with_few_questions() -> None:
    codes = ["@"] * 500 + ["0.00"] + ["@"] * 499
    asked = []

    def ask(first: int, last: int) -> object:
        asked.append(1)
        some = set(codes[first : last + 1])
        return some.pop() if len(some) == 1 else MIXED

    found = [(first, last) for first, last, code in uniform_runs(ask, 0, 999) if code == "0.00"]
    assert found == [(500, 500)]
    assert len(asked) < 30


@dataclass
class Shown:
    """An Excel without a workbook that can be edited, and what it shows."""

    views: int = 0
    told: list[str] = field(default_factory=list)
    busy: bool = False

    def __post_init__(self) -> None:
        self.books = SimpleNamespace(active=SimpleNamespace(impl=None))
        self.api = SimpleNamespace(ProtectedViewWindows=SimpleNamespace(Count=self.views))

    def alert(self, text: str, title: str) -> str:
        if self.busy:
            raise ComError(REJECTED)
        self.told.append(text)
        return "ok"


def test_a_workbook_of_the_old_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has 65,536 rows; what is asked of later ones would be an error inside Excel."""
    shown = Shown()
    shown.books.active = SimpleNamespace(impl=object(), name="客户库.XLS")
    monkeypatch.setattr(xlwings, "apps", SimpleNamespace(active=shown))
    with pytest.raises(Unwritable, match=r"旧格式 \.xls.*另存为"):
        app.active_book()


@pytest.mark.parametrize(("views", "says"), [(0, "没有打开的工作簿"), (1, "受保护的视图.*启用编辑")])
def test_without_a_workbook_the_reason_is_told(
    monkeypatch: pytest.MonkeyPatch, views: int, says: str
) -> None:
    shown = Shown(views)
    monkeypatch.setattr(xlwings, "apps", SimpleNamespace(active=shown))
    with pytest.raises(Unwritable, match=says):
        app.active_book()
    ribbon.run("zl_check_workbook")
    assert re.search(says, shown.told[0])


def test_without_excel_the_message_is_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings, "apps", SimpleNamespace(active=None))
    with pytest.raises(Unwritable, match="没有打开的工作簿"):
        ribbon.run("zl_check_workbook")


def test_a_message_that_excel_cannot_show_is_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings, "apps", SimpleNamespace(active=Shown(busy=True)))
    with pytest.raises(Unwritable, match="已修改"):
        app.tell("已修改 3 处。")


def test_an_error_of_ours_becomes_a_message(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback reaches Excel, and its state is put back; the developer may ask for the traceback."""
    told: list[str] = []
    monkeypatch.setattr(app, "active_book", stand.book)
    monkeypatch.setattr(app, "tell", told.append)
    monkeypatch.setattr(repairs, "preview_fixes", lambda _book, _today: 1 // 0)
    ribbon.run("zl_preview_fixes")
    assert re.match("“预览修复”发生内部错误（ZeroDivisionError", told[0])
    assert stand.app == Application()
    monkeypatch.setenv("ZLXL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        ribbon.run("zl_preview_fixes")


def test_a_message_is_short() -> None:
    lines = steps.shortened(["长" * 200, *map(str, range(100))]).split("\n")
    assert len(lines) == steps.SHOWN
    assert len(lines[0]) == steps.LONGEST + 1
    assert lines[-1] == f"……另有 {101 - steps.SHOWN + 1} 行。"


# --- one read and one write a sheet -------------------------------------------------------------------------


@pytest.fixture
def several(stand: Stand) -> Stand:
    """Three sheets, one of them with a table."""
    stand.cells |= {
        name: {(r, c): f"{name}{r}" for r in range(1, 6) for c in (1, 2)} for name in ("二", "三")
    }
    return stand


def test_a_sheet_is_read_once_whatever_is_asked_of_it(several: Stand) -> None:
    """Values come in one call a sheet, however often and however they are asked for."""
    book = several.book()
    for grid in (*book.grids(), *book.grids()):
        grid.head(20)
        grid.block([1, 2], 1)
        assert grid.value(2, 1)
    assert several.reads == len(several.cells)


def test_a_sheet_is_written_once_where_cells_are_neighbours(several: Stand) -> None:
    """Before writing each area is read once more, to see that nobody has changed it; then one write."""
    book = read(several.book())
    reads = several.reads
    cells = [
        CellChange(sheet=name, row=row, column=column, value="新")
        for name in ("二", "三")
        for row in (2, 3, 4)
        for column in (1, 2)
    ]
    assert book.apply(Edits(cells=tuple(cells))).cells == 12
    assert (several.reads - reads, several.writes) == (2, 2)


# --- what happens in mid-run --------------------------------------------------------------------------------


def test_a_row_inserted_in_mid_run_shifts_nothing(stand: Stand) -> None:
    """What stood in the cells stands lower: none of them is written."""
    book = read(stand.book())
    held = stand.cells["台账"]
    shifted = {(r + 1 if r > 1 else r, c): v for (r, c), v in held.items()} | {(2, 1): None, (2, 2): None}
    stand.cells["台账"] = dict(shifted)
    written = book.apply(Edits(cells=(change(2, 2, "丙"), change(3, 2, "丁"))))
    assert [refusal.reason for refusal in written.refused] == ["在运行中被改动"] * 2
    assert stand.cells["台账"] == shifted
    assert stand.writes == 0


def test_an_edit_that_begins_in_mid_writing_takes_all_back(stand: Stand) -> None:
    """Excel is busy before the second area: the first is as before, and the reason is told."""
    before = dict(stand.cells["台账"])
    stand.on_write = [None, *[ComError(REJECTED)] * app.ATTEMPTS]
    with pytest.raises(Unwritable, match="Excel 正忙"):
        read(stand.book()).apply(Edits(cells=(change(2, 2, "丙", "@"), change(3, 1, 5))))
    assert stand.cells["台账"] == before


def test_a_sheet_that_is_not_there_is_said(stand: Stand) -> None:
    edits = Edits(cells=(CellChange(sheet="没有", row=1, column=1, value=1),))
    with pytest.raises(UsageError, match="没有工作表“没有”，没有写入"):
        read(stand.book()).apply(edits)
    assert stand.writes == 0


def test_a_sheet_or_workbook_that_goes_in_mid_run_is_said(stand: Stand) -> None:
    """Excel then knows the cells no longer, and says so in an error that no waiting mends."""
    book = read(stand.book())
    stand.on_read = [ComError(-2147352567, -2146827864)]
    with pytest.raises(Unwritable, match=r"被关闭或删除.*没有写入"):
        book.apply(Edits(cells=(change(2, 2, "丙"),)))
    assert stand.writes == 0


@pytest.mark.parametrize("area", [Area(1, 1, 6, 2), None])
def test_a_table_resized_in_mid_run_keeps_its_size(stand: Stand, area: Area | None) -> None:
    """Rows that the user has just taken into the table stay in it; a table that is gone stays away."""
    book = read(stand.book())
    assert book.grids()[0].list_objects()
    stand.tables = {"表": ("台账", area)} if area else {}
    with pytest.raises(Unwritable, match="表格“表”在运行中被改动，没有写入"):
        book.apply(Edits(rows=(RowAppended(table="表", values={"编号": "A3"}),)))
    assert stand.tables == ({"表": ("台账", area)} if area else {})
    assert stand.writes == 0
