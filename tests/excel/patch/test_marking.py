"""Marks: painted, annotated, and gone without a trace, on workbooks of any making."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator

from tests import libreoffice
from tests.excel import books
from tests.excel.patch.test_corpus import AUDITED
from tests.excel.test_corpus import BOOKS
from zlxl.changes import CellChange, CellMark, LookChange
from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.excel.patch.fills import COLOURS
from zlxl.excel.patch.marking import marked_sheets
from zlxl.excel.save import Saved, save
from zlxl.excel.source import open_source
from zlxl.grid import Area

SHEET = "表"
PART = "xl/worksheets/sheet1.xml"
LEVELS = ("error", "warning", "note")
#: What may differ after marking and unmarking: formats that are no longer used stay behind.
STAYS = {"xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"}
SOME = BOOKS[::12]
GREEN = '<patternFill patternType="solid"><fgColor rgb="FF00FF00"/><bgColor indexed="64"/></patternFill>'
STOPS = "".join(f'<stop position="{n / 5}"><color rgb="FF123456"/></stop>' for n in range(6))
GRADIENT = f"<gradientFill>{STOPS}</gradientFill>"
STYLES = (
    f'<styleSheet xmlns="{books.MAIN}"><fonts count="1"><font/></fonts><fills count="4"><fill><patternFill'
    f' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill>{GREEN}</fill>'
    f'<fill>{GRADIENT}</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="2" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="2" borderId="0" xfId="0"/>'
    '<xf numFmtId="9" fontId="0" fillId="3" borderId="0" xfId="0"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)


def mark(cell: str, level: str = "error", text: str = "邮编不对", sheet: str = SHEET) -> CellMark:
    area = Area.parse(cell)
    return CellMark(sheet=sheet, row=area.top, column=area.left, level=level, text=text)


def put(path: Path, *marks: CellMark, **others: object) -> Saved:
    return save(open_source(path), Edits(marks=marks, **others), backups=0)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def different(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def look(path: Path, cell: str, sheet: str = SHEET) -> tuple[str, str]:
    """Seen colour and note of a cell as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = openpyxl.load_workbook(path)[sheet][cell]
    colour = found.fill.fgColor.rgb[2:] if found.fill.fill_type == "solid" else ""
    return colour, found.comment.text.rpartition("\n")[0] if found.comment else ""


@pytest.fixture
def made(tmp_path):
    """A workbook of one sheet from the markup around and of its rows."""

    def make(rows: str, *, before: str = "", behind: str = "") -> Path:
        sheet = books.worksheet(rows, before=before, behind=behind)
        return books.write(tmp_path / "本.xlsx", books.parts({SHEET: sheet}, styles=STYLES))

    return make


@pytest.mark.parametrize("level", LEVELS)
def test_a_marked_cell_is_painted_and_annotated(made, level):
    path = made('<row r="1"><c r="A1" s="1"><v>7</v></c></row>')
    assert put(path, mark("A1", level)).remarks == ()
    word = {"error": "错误", "warning": "警告", "note": "提示"}[level]
    assert look(path, "A1") == (COLOURS[level], f"{word}：邮编不对")
    assert marked_sheets(open_source(path)) == (SHEET,)


def test_several_faults_of_a_cell_are_one_note_and_the_worst_colour(made):
    path = made('<row r="1"><c r="A1"/></row>')
    put(path, mark("A1", "note", "丙"), mark("A1", "error", "甲"), mark("A1", "warning", "乙"))
    assert look(path, "A1") == (COLOURS["error"], "1. 错误：甲\n2. 警告：乙\n3. 提示：丙")


CELLS = st.sampled_from(
    [
        '<c r="{}"/>',
        '<c r="{}" s="0"/>',
        '<c r="{}" s=""/>',
        "<c r='{}' s='1'><v>1</v></c>",
        '<c s="4" r="{}" t="b"><v>0</v></c>',
        '<c r="{}" s="2"></c>',
        '<c r="{}" s="3" ><v>2</v></c>',
        '<c r="{}" s="5" />',
        "",
    ]
)
ROW_TAGS = st.sampled_from(
    ['<row r="{}">', '<row r="{}" spans="1:3" s="5" customFormat="1">', '<row r="{}"/>', ""]
)


@st.composite
def sheets(draw):
    """The markup of rows in every spelling."""
    rows = ""
    for row in range(1, 6):
        tag = draw(ROW_TAGS).format(row)
        if tag.endswith("/>") or not tag:
            rows += tag
            continue
        cells = (draw(CELLS).format(f"{letter}{row}") for letter in "ABCD")
        rows += tag + "".join(cells) + "</row>"
    return rows or draw(st.just(""))


MARKS = st.lists(
    st.builds(
        CellMark,
        sheet=st.just(SHEET),
        row=st.integers(1, 8),
        column=st.integers(1, 6),
        level=st.sampled_from(LEVELS),
        text=st.sampled_from(["甲", "乙\n二"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sheets(), MARKS, MARKS, st.sampled_from(["", '<cols><col min="2" max="3" width="9" style="1"/></cols>'])
)
def test_marks_come_off_without_a_trace(made, rows, first, second, before):
    """Marked, marked otherwise and unmarked: every part but those that may grow is the same bytes."""
    path = made(rows, before=before)
    origin = parts(path)
    put(path, *first)
    put(path, *second)
    once = parts(path)
    put(path, *second)
    assert different(once, parts(path)) == set()
    put(path)
    assert different(origin, parts(path)) <= STAYS
    assert b"_zlxl" not in parts(path)["xl/workbook.xml"]
    assert marked_sheets(open_source(path)) == ()


def test_sheet_data_without_rows_is_closed_again(tmp_path):
    sheet = f'<worksheet xmlns="{books.MAIN}"><dimension ref="A1"/><sheetData /></worksheet>'
    path = books.write(tmp_path / "空.xlsx", books.parts({SHEET: sheet}, styles=STYLES))
    put(path, mark("B2"))
    assert look(path, "B2")[0] == COLOURS["error"]
    put(path)
    assert parts(path)[PART].decode() == sheet


@pytest.mark.skipif(not BOOKS, reason="the corpus of Excel's own workbooks is not there")
@pytest.mark.parametrize("group", range(4))
def test_marks_come_off_workbooks_of_excel(tmp_path, group):
    for source in SOME[group::4]:
        path = tmp_path / source.name
        path.write_bytes(source.read_bytes())
        put(path, *marks_of(path))
        once = parts(path)
        put(path, *marks_of(path))
        assert different(once, parts(path)) == set(), source.name
        put(path)
        assert different(parts(source), parts(path)) <= STAYS, source.name


def marks_of(path: Path) -> list[CellMark]:
    """Stored cells, and cells that are not there, on every sheet."""
    found = []
    for grid in open_source(path).grids():
        stored = [(row, column) for row, cells in grid.head(20).items() for column in cells][:4]
        for number, (row, column) in enumerate([*stored, (2, 2), (4, 9), (300, 5)]):
            level = LEVELS[number % 3]
            found.append(CellMark(sheet=grid.sheet, row=row, column=column, level=level, text="甲 <&>"))
    return found


@pytest.mark.parametrize("source", AUDITED[::4], ids=lambda path: path.stem)
def test_audit_finds_nothing_new(tmp_path, source):
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes())
    put(path, *marks_of(path))
    errors = [[f"{e.part_uri} {e.description}" for e in validator.validate(p).errors] for p in (source, path)]
    assert sorted(errors[1]) == sorted(errors[0])


def test_the_value_may_change_under_the_mark(made):
    path = made('<row r="1"><c r="A1" s="1"><v>7</v></c></row>')
    put(path, mark("A1"), cells=(CellChange(sheet=SHEET, row=1, column=1, value=8, number_format="0.00"),))
    assert look(path, "A1")[0] == COLOURS["error"]
    put(path)
    assert look(path, "A1") == ("00FF00", "")
    assert open_source(path).grids()[0].number_formats[-1] == "0.00"


def test_a_fill_that_the_user_chose_since_stays(made):
    path = made('<row r="1"><c r="A1" s="1"/><c r="B1" s="1"/></row>')
    put(path, mark("A1"), mark("B1"))
    look_change = LookChange(sheet=SHEET, row=1, column=1, fill="0000FF")
    save(open_source(path), Edits(looks=(look_change,)), backups=0)
    put(path)
    assert (look(path, "A1"), look(path, "B1")) == (("0000FF", ""), ("00FF00", ""))


def test_formats_that_were_numbered_anew_and_sorted(made):
    """As after Excel: other indexes, other rows, other spelling; fills still come back."""
    path = made('<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="5"/></row><row r="2"><c r="A2"/></row>')
    put(path, mark("A1"), mark("B1", "note"))
    found = parts(path)
    styles, sheet = found["xl/styles.xml"].decode(), found[PART].decode()
    formats = re.findall(r"<xf [^>]*?/>|<xf [^>]*[^/]>.*?</xf>", styles.partition("<cellXfs")[2])
    kept = [formats[0], *formats[6:]]
    listed = styles.partition("<cellXfs")[0] + "<cellXfs>" + "".join(kept) + "</cellXfs></styleSheet>"
    swapped = re.sub(r's="(\d+)"', lambda m: f's="{int(m[1]) - 5}"', sheet).replace("A1", "A3")
    rows = re.findall(r"<row.*?</row>", swapped)
    first = rows[0].replace('r="1"', 'r="3"').replace("B1", "B3")
    swapped = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows[1]}{first}</sheetData>", swapped)
    books.write(path, found | {"xl/styles.xml": listed, PART: swapped})
    assert look(path, "A3")[0] == COLOURS["error"]
    put(path)
    assert (look(path, "A3")[0], look(path, "B3")[0]) == ("00FF00", "")


def test_a_fill_too_long_to_keep_is_not_painted(made):
    path = made('<row r="1"><c r="A1" s="4"/></row>')
    before = parts(path)[PART]
    assert "只加了批注" in put(path, mark("A1")).remarks[0]
    assert look(path, "A1")[1] == "错误：邮编不对"
    assert b's="4"' in parts(path)[PART]
    put(path)
    assert parts(path)[PART] == before


def test_whole_rows_and_columns_that_took_the_paint_lose_it(made):
    path = made('<row r="1"><c r="A1" s="5"/></row>', before='<cols><col min="7" max="7" width="9"/></cols>')
    put(path, mark("A1"))
    found = parts(path)
    painted = re.search(r'r="A1" s="(\d+)"', found[PART].decode())[1]
    sheet = found[PART].decode().replace('width="9"', f'width="9" style="{painted}"')
    sheet = sheet.replace("</row>", f'</row><row r="9" s="{painted}" customFormat="1"/>')
    books.write(path, found | {PART: sheet})
    put(path)
    cleaned = parts(path)[PART].decode()
    assert '<col min="7" max="7" width="9" style="5"/>' in cleaned
    assert '<row r="9" s="5" customFormat="1"/>' in cleaned


def test_a_cell_that_a_merge_hides_is_marked_where_it_is_seen(made):
    path = made('<row r="1"><c r="A1"/></row>', behind='<mergeCells><mergeCell ref="A1:B3"/></mergeCells>')
    put(path, mark("B2", text="乙"), mark("A1", "note", text="甲"), mark("A3", text="丙"))
    assert look(path, "A1") == (COLOURS["error"], "1. 错误：乙\n2. 错误：丙\n3. 提示：甲")


def test_nothing_to_do_leaves_the_sheets_alone(made):
    path = made('<row r="1"><c r="A1"/></row>')
    before = parts(path)
    put(path)
    assert different(before, parts(path)) <= {"xl/workbook.xml"}


EMPTY_STYLES = f'<styleSheet xmlns="{books.MAIN}"/>'


@pytest.mark.parametrize("styles", [None, EMPTY_STYLES, EMPTY_STYLES.replace("/>", "></styleSheet>")])
def test_a_workbook_without_formats_gets_them(tmp_path, styles):
    path = books.write(tmp_path / "无.xlsx", books.parts('<row r="1"><c r="A1"/></row>', styles=styles))
    before = parts(path)[PART]
    assert put(path, mark("A1")).remarks == ()
    assert look(path, "A1") == (COLOURS["error"], "错误：邮编不对")
    put(path)
    assert parts(path)[PART] == before


def test_a_sheet_that_is_not_there_is_told(made):
    with pytest.raises(UsageError, match="没有工作表"):
        put(made(""), mark("A1", sheet="无"))


@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_the_notes_and_what_it_saved_is_unmarked(made, tmp_path):
    """It drops authors and hidden colours; the notes' last line and formats alike still tell."""
    path = made(
        '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="5"/><c r="C1" s="5"/><c r="D1" s="1"/></row>'
    )
    put(path, mark("A1"), mark("B1", "warning"))
    saved = libreoffice.convert([path], "xlsx:Calc MS Excel 2007 XML", tmp_path / "from")[0]
    assert look(saved, "A1") == (COLOURS["error"], "错误：邮编不对")
    assert look(saved, "B1") == (COLOURS["warning"], "警告：邮编不对")
    put(saved)
    assert [look(saved, cell) for cell in ("A1", "B1", "C1", "D1")] == [
        ("00FF00", ""),
        ("", ""),
        ("", ""),
        ("00FF00", ""),
    ]
