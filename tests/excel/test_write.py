"""New files: what is described is what the file holds, in the same bytes on every run."""

from __future__ import annotations

import errno
import subprocess
import sys
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from zlxl.errors import OutputExists, Unwritable, UsageError
from zlxl.excel import write
from zlxl.excel.write import write_workbook
from zlxl.grid import Area
from zlxl.sheet import (
    Axis,
    Block,
    Cell,
    Chart,
    ChartKind,
    ColourScale,
    ColumnLook,
    DataBar,
    ExcelTable,
    Formula,
    Kind,
    Link,
    Mark,
    Name,
    Note,
    Print,
    Series,
    Sheet,
    Style,
    TableColumn,
    Validation,
    Workbook,
    sheet_link,
)
from zlxl.sheets.look import LOOKS

VALUES = "='甲'!$C$4:$C$6"
SERIES = Series(name="分", values=VALUES, categories="='甲'!$A$4:$A$6")


def charts() -> tuple[Chart, ...]:
    """One chart of each kind."""
    target = Chart(
        kind=ChartKind.LINE, row=1, column=1, series=(Series(name="目标", values=VALUES, dashed=True),)
    )
    spacer = Series(name="空", values=VALUES, invisible=True)
    points = Series(
        name="点",
        values=VALUES,
        categories=VALUES,
        label_cells=("='甲'!$A$4", "='甲'!$A$5", "='甲'!$A$6"),
        label_format="0",
        error_plus=VALUES,
    )
    first = Chart(
        kind=ChartKind.COLUMN, row=8, column=5, title="图", series=(SERIES,), overlay=target, alt_text="说明"
    )
    scatter = Chart(
        kind=ChartKind.SCATTER,
        row=60,
        column=5,
        series=(points,),
        x=Axis(title="重要", crossing=2.0),
        y=Axis(minimum=0, maximum=9, number_format="0"),
        legend=None,
    )
    kinds = [kind for kind in ChartKind if kind not in (ChartKind.COLUMN, ChartKind.SCATTER)]
    rest = [Chart(kind=kind, row=8, column=14, series=(spacer, SERIES)) for kind in kinds]
    return (first, scatter, *rest)


def everything() -> Workbook:
    """A workbook that uses all that can be described."""
    sheet = Sheet(
        name="甲",
        cells={
            (1, 1): Cell(content="题", style=Style.TITLE),
            (2, 5): Cell(content=Formula(text="=SUM(1,2)", value=3.0), style=Style.NUMBER),
            (2, 6): Cell(content=Formula(text='=""', value=None)),
            (2, 7): Cell(content=Formula(text="=DATE(2026,1,2)", value=date(2026, 1, 2)), style=Style.DATE),
            (3, 5): Cell(
                content=Link(target=sheet_link("甲", "B2"), text="回", tip="提示"), style=Style.LINK
            ),
            (3, 6): Cell(content=Link(target="https://example.com/", text="外"), style=Style.LINK),
            (4, 5): Cell(content="=1+1"),
            (5, 5): Cell(content=True),
            (6, 5): Cell(content=datetime(2026, 1, 2, 3, 4), style=Style.DATETIME),
            (7, 5): Cell(style=Style.INPUT),
        },
        blocks=(
            Block(
                top=4,
                left=1,
                rows=[["001", date(2026, 1, 2), 3], ["002", None, 4.5], ["003", None, 5]],
                styles=[Style.CODE, Style.DATE, Style.MONEY],
            ),
        ),
        columns={1: ColumnLook(width=20, style=Style.CODE), 9: ColumnLook(width=5, hidden=True)},
        row_heights={1: 30, 9: 12},
        hidden_rows=frozenset({9, 10}),
        tables=(
            ExcelTable(
                name="表甲",
                area=Area(3, 1, 6, 4),
                columns=(
                    TableColumn(header="码"),
                    TableColumn(header="日", style=Style.HEADER_REQUIRED),
                    TableColumn(header="钱"),
                    TableColumn(header="倍", formula="=[@钱]*2"),
                ),
            ),
        ),
        validations=(
            Validation(
                area=Area(4, 1, 99, 1), kind=Kind.LIST, source="=列表", prompt_title="码", prompt="说"
            ),
            Validation(area=Area(4, 2, 99, 2), kind=Kind.DATE, minimum=date(2000, 1, 1), error="错"),
            Validation(area=Area(4, 3, 99, 3), kind=Kind.DECIMAL, minimum=0, maximum=9),
            Validation(area=Area(4, 4, 99, 4), kind=Kind.INTEGER, maximum=9),
        ),
        marks=(
            Mark(area=Area(4, 1, 9, 3), formula="=$C4>3", style=Style.BAD, stop=True),
            Mark(area=Area(4, 1, 9, 3), formula="=$C4>9", style=Style.FADED),
        ),
        scales=(ColourScale(area=Area(4, 3, 9, 3)),),
        bars=(DataBar(area=Area(4, 3, 9, 3)),),
        merges=(Area(1, 1, 1, 3),),
        notes=(Note(row=4, column=1, text="注"),),
        charts=charts(),
        freeze=(4, 2),
        autofilter=Area(20, 1, 25, 3),
        text_numbers=(Area(4, 1, 99, 1),),
        print=Print(
            repeat_rows=(1, 3),
            repeat_columns=(1, 1),
            footer="&P/&N",
            area=Area(1, 1, 9, 9),
            breaks=(5,),
            centered=True,
        ),
        tab="1F3A5F",
        zoom=90,
        protected=True,
        unlocked=(Area(4, 1, 4, 1),),
        selected=(4, 1),
    )
    hidden = Sheet(name="乙", hidden=True, gridlines=True, print=Print(landscape=False))
    return Workbook(
        sheets=(sheet, hidden), names=(Name(name="列表", formula="='甲'!$A$4:$A$6"),), active="甲"
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("write") / "全.xlsx"
    write_workbook(everything(), path)
    return path


@pytest.fixture(scope="module")
def sheet(written):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(written)["甲"]


def test_the_same_bytes_on_every_run(written, tmp_path):
    write_workbook(everything(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_the_file_passes_the_open_xml_audit(written):
    audit = Path(sys.executable).with_name("openxml-audit")
    done = subprocess.run([audit, written], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_text_stays_text(sheet):
    assert (sheet["E4"].value, sheet["E4"].data_type) == ("=1+1", "s")
    assert (sheet["A4"].value, sheet["A4"].number_format) == ("001", "@")


def test_values_formulas_and_links_are_written(written, sheet):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = openpyxl.load_workbook(written, data_only=True)["甲"]
    assert values["E2"].value == 3.0
    assert values["G2"].value == datetime(2026, 1, 2)
    assert sheet["E5"].value is True
    assert sheet["E6"].value == datetime(2026, 1, 2, 3, 4)
    assert sheet["E3"].hyperlink.location == "'甲'!B2"
    assert sheet["F3"].hyperlink.target == "https://example.com/"


def test_tables_marks_notes_and_charts_are_real(sheet):
    assert [column.name for column in sheet.tables["表甲"].tableColumns] == ["码", "日", "钱", "倍"]
    assert sheet["A4"].comment.text == "注"
    assert len(sheet._charts) == len(charts())
    assert sheet.freeze_panes == "B4"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:C1"}


def test_only_input_cells_are_unlocked(sheet):
    assert sheet.protection.sheet
    assert not sheet["A4"].protection.locked
    assert not sheet["E7"].protection.locked
    assert sheet["A5"].protection.locked


def test_our_font_is_not_bound_to_the_theme(written):
    with zipfile.ZipFile(written) as package:
        styles = package.read("xl/styles.xml").decode()
    assert "微软雅黑" in styles
    assert "<scheme" not in styles


def test_every_style_has_a_look():
    assert set(LOOKS) == set(Style)


def test_an_existing_file_is_only_replaced_when_told(tmp_path):
    path = tmp_path / "有.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(OutputExists, match="已存在"):
        write_workbook(everything(), path)
    assert path.read_bytes() == b"old"
    write_workbook(everything(), path, overwrite=True)
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_open_in_excel_is_refused(tmp_path):
    path = tmp_path / "开.xlsx"
    path.write_bytes(b"old")
    (tmp_path / "~$开.xlsx").write_bytes(b"")
    with pytest.raises(Unwritable, match="关闭"):
        write_workbook(everything(), path, overwrite=True)
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(UsageError, match="无法写入"):
        write_workbook(everything(), tmp_path / "没有" / "x.xlsx")


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "旧.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(write, "_write", lambda workbook, stream: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_workbook(everything(), path, overwrite=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_of_as_such(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xlsxwriter.Workbook._store_workbook", full)
    with pytest.raises(UsageError, match="磁盘已满"):
        write_workbook(everything(), tmp_path / "新.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_links_beyond_excels_number_keep_their_text(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "MAX_LINKS", 1)
    cells = {(row, 1): Cell(content=Link(target="#'甲'!A1", text=f"第 {row}")) for row in (1, 2)}
    write_workbook(Workbook(sheets=(Sheet(name="甲", cells=cells),)), tmp_path / "links.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "links.xlsx")["甲"]
    assert (sheet["A2"].value, sheet["A2"].hyperlink) == ("第 2", None)


def test_text_longer_than_a_cell_is_cut(tmp_path):
    book = Workbook(sheets=(Sheet(name="甲", cells={(1, 1): Cell(content="长" * 40_000)}),))
    write_workbook(book, tmp_path / "long.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "long.xlsx")["甲"]["A1"].value) == 32_767
