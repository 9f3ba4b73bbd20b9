"""Lines of 变更记录: what they say, where they go, and what they keep for undoing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.grids import cell_of, grid_of
from tests.jobs.logbook import Logbook
from zlxl.changes import CellChange, Formula, RowAppended
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.grid import Area, Kind, Layout, ListObject, MemoryGrid
from zlxl.jobs.history import LogEntry, entries_of, find_log, sign, with_history
from zlxl.jobs.new import new_workbook
from zlxl.schema.restore import cell_restore, read_restore, row_restore
from zlxl.schema.stored import Stored, StoredCells, after
from zlxl.sheet import Kind as Allowed
from zlxl.sheet import Workbook
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS

SIGNED = sign("zlxl fix", operator="张敏", moment=datetime(2026, 11, 24, 9, 30, 5), token="7f3a")
ROW = {
    "contract_no": "ZL20260001-QE",
    "certificate_no": "01626Q00001R0M",
    "client": "甲公司",
    "postcode": 50000,
}
POSTCODE = list(CLIENTS.columns).index("postcode") + 1


def log_grid(headers: tuple[str, ...] = CHANGES.headers, sheet: str = "变更记录") -> MemoryGrid:
    return MemoryGrid(sheet=sheet, cells={1: {n: cell_of(text) for n, text in enumerate(headers, 1)}})


def book(*grids: MemoryGrid) -> Logbook:
    return Logbook([grid_of(CLIENTS, [ROW, {**ROW, "contract_no": None, "certificate_no": None}]), *grids])


def change(row: int = 2, column: int = POSTCODE, value: object = "050000", **more: object) -> CellChange:
    told = {"sheet": "客户台账", "row": row, "column": column, "value": value, **more}
    return CellChange(**told)  # type: ignore[arg-type]


MENDED = change(number_format="@")


def appended(source: Logbook, *changes: CellChange) -> tuple[RowAppended, ...]:
    return with_history(source, Edits(cells=changes), SIGNED).rows


def test_a_line_says_when_who_where_what_and_how() -> None:
    [row] = appended(book(log_grid()), MENDED)
    assert (row.table, row.because) == ("变更记录", MENDED)
    assert row.values == {
        "时间": "2026-11-24 09:30:05",
        "操作人": "张敏",
        "表": "客户台账",
        "行标识": "ZL20260001-QE",
        "字段": "邮编",
        "单元格": "M2",
        "旧值": "50000",
        "新值": "050000",
        "方式": "批处理",
        "命令": "zlxl fix",
        "运行编号": "20261124-093005-7f3a",
        "还原信息": '{"old":["n",50000,"General"],"new":["s","050000","@"],'
        '"key":["ZL20260001-QE","01626Q00001R0M",""]}',
    }


def test_what_changes_nothing_leaves_no_line() -> None:
    source = book(log_grid())
    assert appended(source, change(value=50000)) == ()
    assert len(appended(source, change(value=50000, number_format="000000"))) == 1
    assert with_history(source, Edits(), SIGNED) == Edits()


def test_the_key_is_the_one_after_the_change() -> None:
    first, second = appended(book(log_grid()), change(column=1, value="ZL9"), MENDED)
    assert {first.values["行标识"], second.values["行标识"]} == {"ZL9"}


def test_rows_without_key_and_cells_without_table_go_by_their_place() -> None:
    lines = appended(book(log_grid()), change(row=3), change(row=1, column=POSTCODE, value="邮政编码"))
    assert [(line.values["行标识"], line.values["字段"]) for line in lines] == [
        ("M1", "单元格"),
        ("第3行", "邮编"),
    ]


def test_the_users_own_columns_are_called_as_the_sheet_does() -> None:
    source = book(log_grid())
    source.sheet("客户台账").cells[1][40] = cell_of(" 我的列 ")  # type: ignore[index]
    assert appended(source, change(column=40))[0].values["字段"] == "我的列"


def test_rows_under_a_merged_key_have_its_key() -> None:
    grid = grid_of(CLIENTS, [ROW, {"postcode": 50000}])
    layout = Layout(merges=(Area(2, 1, 3, 1), Area(2, 2, 3, 2)))
    source = Logbook([replace(grid, sheet_layout=layout), log_grid()])
    assert appended(source, change(row=3))[0].values["行标识"] == "ZL20260001-QE"


def test_a_table_far_down_has_its_headers() -> None:
    grid = grid_of(CLIENTS, [ROW])
    cells = {row + 40: cells for row, cells in grid.cells.items()}
    area = ListObject(name="客户台账", area=Area(41, 1, 42, len(CLIENTS.columns)))
    far = replace(grid, cells=cells, sheet_layout=Layout(list_objects=(area,)))
    assert appended(Logbook([far, log_grid()]), change(row=42))[0].values["字段"] == "邮编"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (("操作时间", "修改人", "工作表", "关键字", "列名", "修改前", "修改后", "操作方式"), 8),
        (tuple(h for h in CHANGES.headers if h not in ("单元格", "还原信息")), 10),
        (("时间", "表", "行标识", "字段"), 4),
    ],
)
def test_a_log_of_other_make_is_filled_as_far_as_it_goes(headers: tuple[str, ...], told: int) -> None:
    [row] = appended(book(log_grid(headers)), MENDED)
    assert len(row.values) == told
    assert set(row.values) <= set(headers)


def test_the_excel_table_is_called_by_its_name() -> None:
    columns = len(CHANGES.headers)
    layout = Layout(list_objects=(ListObject(name="日志", area=Area(1, 1, 2, columns)),))
    source = book(replace(log_grid(sheet="我的日志"), sheet_layout=layout), log_grid(sheet="别的日志"))
    assert appended(source, MENDED)[0].table == "日志"
    assert appended(book(log_grid(sheet="别的日志"), log_grid()), MENDED)[0].table == "变更记录"


def test_long_texts_are_cut_at_what_a_cell_holds() -> None:
    source = book(log_grid())
    [row] = appended(source, change(column=3, value="𠮷" * 16_000 + "x" * 900))
    assert len(row.values["新值"].encode("utf-16-le")) <= 2 * 32_767  # type: ignore[union-attr]
    assert str(row.values["新值"]).endswith("…（过长，已截断）")
    assert row.number_formats == {"新值": "General"}
    assert "还原信息" not in row.values


def test_letters_that_no_cell_holds_are_replaced() -> None:
    entry = LogEntry(sheet="客户台账", row_key="\ud800", field="邮编", old="", new="")
    [row] = with_history(book(log_grid()), Edits(), SIGNED, [entry]).rows
    assert row.values["行标识"] == "\ufffd"
    told = cell_restore(Stored(Kind.TEXT, "\udfff"), Stored())
    assert told.isascii()
    assert read_restore(told).old == Stored(Kind.TEXT, "\udfff")


def test_a_csv_has_no_log() -> None:
    grid = replace(grid_of(CLIENTS, [ROW]), typed=False)
    edits = Edits(cells=(MENDED,))
    assert with_history(Logbook([grid]), edits, SIGNED) is edits


# --- a workbook without a log -------------------------------------------------------------------------------


def test_the_sheet_is_made_where_there_is_none(tmp_path: Path) -> None:
    """It opens as a log that the next run finds, and refers to nothing the workbook lacks."""
    told = with_history(book(), Edits(cells=(MENDED, change(row=3))), SIGNED, refused={change(row=3)})
    [sheet] = told.sheets
    assert (sheet.name, [table.name for table in sheet.tables]) == ("变更记录", ["变更记录"])
    assert not [v for v in sheet.validations if v.kind is Allowed.LIST]
    write_workbook(Workbook(sheets=(sheet,)), tmp_path / "a.xlsx")
    place = find_log(open_source(tmp_path / "a.xlsx"))
    assert place is not None
    cells = StoredCells(place.grid, [4], 1)
    assert [cells.at(row, 4).value for row in (2, 3, 4)] == ["行标识", "ZL20260001-QE", None]


def test_a_sheet_of_the_users_own_is_not_written_over() -> None:
    source = book(MemoryGrid(sheet="变更记录", cells={1: {1: cell_of("我的便条")}}))
    [sheet] = with_history(source, Edits(cells=(MENDED,)), SIGNED).sheets
    assert (sheet.name, sheet.tables[0].name) == ("变更记录2", "变更记录2")


def test_nothing_but_refused_changes_makes_no_sheet() -> None:
    edits = Edits(cells=(MENDED,))
    assert with_history(book(), edits, SIGNED, refused={MENDED}) == edits


# --- new rows -----------------------------------------------------------------------------------------------


def test_a_new_row_is_one_line() -> None:
    row = RowAppended(table="客户台账", values={"合同编号": "ZL9", "邮编": "050000", "企业名称": None})
    [entry] = entries_of(book(log_grid()), Edits(rows=(row,)))
    assert (entry.row_key, entry.field, entry.new) == ("ZL9", "新增行", "合同编号=ZL9；邮编=050000")
    assert json.loads(entry.restore) == {"row": {"合同编号": ["s", "ZL9"], "邮编": ["s", "050000"]}}


def test_a_new_row_of_a_table_that_is_not_known() -> None:
    [entry] = entries_of(book(), Edits(rows=(RowAppended(table="我的", values={"甲": 7, "乙": "x" * 400}),)))
    assert (entry.sheet, entry.row_key) == ("我的", "7")
    assert entry.new.startswith("甲=7；乙=xxx")
    assert entry.new.endswith("…")


# --- what is kept -------------------------------------------------------------------------------------------

STORED = st.one_of(
    st.builds(Stored, st.just(Kind.EMPTY)),
    st.builds(Stored, st.just(Kind.NUMBER), st.floats(allow_nan=False), st.none() | st.text()),
    st.builds(Stored, st.sampled_from([Kind.TEXT, Kind.ERROR]), st.text(), st.none() | st.text()),
    st.builds(Stored, st.just(Kind.BOOL), st.sampled_from([0.0, 1.0]), st.text()),
)


@given(STORED, STORED, st.lists(st.text(min_size=1), max_size=3))
def test_what_is_kept_reads_back(old: Stored, new: Stored, key: list[str]) -> None:
    told = read_restore(cell_restore(old, new, key))
    assert (told.old, told.new, told.key) == (old, new, tuple(key))
    assert read_restore(row_restore("row", {"甲": old, "乙": new})).row == {"甲": old, "乙": new}


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_reads_as_nothing(text: str) -> None:
    told = read_restore(text)
    assert (told.old, told.new, told.row) == (None, None, {})


VALUES = (
    "050000",
    " 甲\n",
    "x" * 300,
    7,
    -0.1,
    1e300,
    True,
    date(2024, 2, 29),
    datetime(2026, 11, 24, 9, 30, 5),
    time(6),
    timedelta(days=2, hours=12),
    "",
    None,
)


@pytest.mark.parametrize("date1904", [False, True])
def test_what_will_be_stored_is_what_the_writer_stores(tmp_path: Path, date1904: bool) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": date1904}) as made:
        sheet = made.add_worksheet("甲")
        texts = made.add_format({"num_format": "@"})
        for row in range(len(VALUES)):
            sheet.write(row, 0, "alt")
            sheet.write(row, 1, 5.0, texts)
    opened = open_source(path)
    cells = StoredCells(opened.grids()[0], [1, 2], 1)
    changes = [
        CellChange(sheet="甲", row=row, column=column, value=value, number_format=code, over=over)
        for row, value in enumerate(VALUES, 1)
        for column, code, over in ((1, "0.00", ("@",)), (2, "General", ("@",)))
    ]
    foretold = [after(c, cells.at(c.row, c.column), date1904=date1904) for c in changes]
    save(opened, Edits(cells=tuple(changes)))
    found = StoredCells(open_source(path).grids()[0], [1, 2], 1)
    for told, c in zip(foretold, changes, strict=True):
        stored = found.at(c.row, c.column)
        assert told.same(stored), c
        assert stored.kind is Kind.EMPTY or told.number_format == stored.number_format, c


def test_a_formula_counts_as_the_value_it_has() -> None:
    assert after(change(value=Formula(text="=1+1", value=2)), Stored()) == Stored(Kind.NUMBER, 2)


def test_a_new_database_has_the_log_in_full(tmp_path: Path) -> None:
    write_workbook(new_workbook(), tmp_path / "a.xlsx")
    opened = open_source(tmp_path / "a.xlsx")
    [row] = with_history(opened, Edits(cells=(change(row=3),)), SIGNED).rows
    assert (row.table, len(row.values)) == ("变更记录", 11)
