"""Changing cells of a workbook: what is written, what is refused, and that nothing else is touched."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.excel import books
from tests.excel.books import patch_cells
from zlxl.changes import CellChange
from zlxl.errors import Unreadable, Unwritable, UsageError
from zlxl.excel.source import open_source
from zlxl.grid import Area, Cell, Kind

SHEET = "表"
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


def change(cell: str, value: object, number_format: str | None = None, over=(), sheet: str = SHEET):
    area = Area.parse(cell)
    return CellChange(
        sheet=sheet, row=area.top, column=area.left, value=value, number_format=number_format, over=over
    )


@pytest.fixture
def made(tmp_path):
    """Writes a workbook of one sheet from the markup of its rows."""

    def make(rows: str = "", *, name: str = "本.xlsx", **options: object) -> Path:
        sheet = books.worksheet(rows, before=options.pop("before", ""), behind=options.pop("behind", ""))
        return books.write(tmp_path / name, books.parts({SHEET: sheet}, **options))

    return make


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def rows_of(path: Path) -> str:
    text = part(path)
    return text[text.index("<sheetData>") + 11 : text.index("</sheetData>")]


def patched(path: Path, *changes: CellChange) -> str:
    """Rows of the sheet after the changes, made in place."""
    assert patch_cells(path, path, changes) == ()
    return rows_of(path)


def cells(path: Path) -> dict[str, Cell]:
    grid = open_source(path).grids()[0]
    return {f"{row}.{column}": cell for row, r in grid.head(99).items() for column, cell in r.items()}


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        (42, '<c r="A1" s="2"><v>42</v></c>'),
        (0.1, '<c r="A1" s="2"><v>0.1</v></c>'),
        (1e20, '<c r="A1" s="2"><v>1e+20</v></c>'),
        (3.0, '<c r="A1" s="2"><v>3</v></c>'),
        (True, '<c r="A1" s="2" t="b"><v>1</v></c>'),
        (None, '<c r="A1" s="2"/>'),
        ("", '<c r="A1" s="2"/>'),
        ("a<b&", '<c r="A1" s="2" t="inlineStr"><is><t>a&lt;b&amp;</t></is></c>'),
        (" a", '<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'),
    ],
)
def test_value_of_every_type_keeps_the_style(made, value, markup):
    path = made('<row r="1"><c r="A1" s="2" t="s" cm="1"><v>0</v></c><c r="B1"><v>7</v></c></row>')

    assert patched(path, change("A1", value)) == f'<row r="1">{markup}<c r="B1"><v>7</v></c></row>'


@pytest.mark.parametrize(
    ("value", "shown", "number_format"),
    [
        (dt.date(2024, 2, 29), 45351, "yyyy-mm-dd"),
        (dt.datetime(2024, 2, 29, 12), 45351.5, "yyyy-mm-dd hh:mm:ss"),
    ],
)
def test_a_date_is_shown_as_one_also_where_numbers_stood(made, value, shown, number_format):
    path = made('<row r="1"><c r="A1" s="2"/><c r="B1" s="1"/></row>')
    patched(path, change("A1", value), change("B1", value))

    grid = open_source(path).grids()[0]
    first, second = cells(path)["1.1"], cells(path)["1.2"]
    assert (first.value, grid.number_formats[first.style]) == (shown, number_format)
    assert second == Cell(Kind.NUMBER, shown, 1)


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.parametrize(
    "text", ["\x01\x1f\r", "_x0041_", "a\nb\tc", "\ufffe\uffff", "𠮷野家", " 首尾 ", "x_x", "_X0041_"]
)
def test_any_text_comes_back(made, text):
    """Control characters and what looks like their escape survive; three readers agree where they can."""
    path = made()
    patch_cells(path, path, [change("B2", text)])

    assert cells(path)["2.2"] == Cell(Kind.TEXT, text)
    if text.isprintable() or "\n" in text:
        assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0][0] == text
    if text.isprintable() and "_x0041_" not in text:
        assert openpyxl.load_workbook(path).active["B2"].value == text


def test_dates_of_a_1904_workbook(made):
    path = made(properties='<workbookPr date1904="1"/>')
    patch_cells(path, path, [change("A1", dt.date(2024, 2, 29), "yyyy-mm-dd")])

    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() == [[dt.date(2024, 2, 29)]]
    assert cells(path)["1.1"].value == 45351 - 1462


def test_missing_cells_and_rows_come_in_order(made):
    path = made('<row r="2" spans="2:3"><c r="B2"/><c r="D2"><v>4</v></c></row><row r="5"/><row r="7"></row>')
    places = ("A1", "A2", "C2", "E2", "B5", "A6", "A7", "A9")
    rows = patched(path, *(change(place, 1) for place in reversed(places)))

    one = '<c r="{}"><v>1</v></c>'.format
    assert rows == (
        f'<row r="1">{one("A1")}</row>'
        f'<row r="2" spans="1:5">{one("A2")}<c r="B2"/>{one("C2")}<c r="D2"><v>4</v></c>{one("E2")}</row>'
        f'<row r="5">{one("B5")}</row><row r="6">{one("A6")}</row><row r="7">{one("A7")}</row>'
        f'<row r="9">{one("A9")}</row>'
    )


def test_clearing_what_is_not_there_changes_nothing(made):
    path = made('<row r="2"><c r="B2"/></row><row r="4"/>')
    before = part(path)
    patch_cells(path, path, [change("A1", None), change("A2", None), change("A4", None), change("B9", "")])

    assert part(path) == before


def test_empty_sheet_data_in_one_tag(tmp_path):
    sheet = books.worksheet("").replace("<sheetData></sheetData>", "<sheetData/><x/>")
    path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: sheet}))

    assert patched(path, change("B2", 1)) == '<row r="2"><c r="B2"><v>1</v></c></row>'
    assert part(path).endswith("</sheetData><x/></worksheet>")


def test_new_cell_takes_the_format_of_its_row_or_column(made):
    path = made('<row r="1" s="1" customFormat="1"/>', before='<cols><col min="2" max="3" style="2"/></cols>')
    rows = patched(path, change("A1", 1), change("C2", 2), change("D2", 3))

    assert '<c r="A1" s="1"><v>1</v></c>' in rows
    assert '<c r="C2" s="2"><v>2</v></c><c r="D2"><v>3</v></c>' in rows


@pytest.mark.parametrize(
    ("stated", "cell", "reached"),
    [("A1:B2", "B2", "A1:B2"), ("B2", "A1", "A1:B2"), ("B2:C9", "Z3", "B2:Z9"), ("odd", "A1", "odd")],
)
def test_dimension_reaches_to_new_cells(made, stated, cell, reached):
    path = made(before=f'<dimension ref="{stated}"/>')
    patch_cells(path, path, [change(cell, 1), change("AA99", None)])

    assert f'<dimension ref="{reached}"/>' in part(path)


def test_spans_that_mean_nothing_are_dropped(made):
    path = made('<row r="1" spans="odd"><c r="A1"/></row>')

    assert patched(path, change("B1", 1)) == '<row r="1"><c r="A1"/><c r="B1"><v>1</v></c></row>'


def test_cells_and_rows_without_references_are_counted(made):
    path = made("<row><c><v>1</v></c><c><v>2</v></c></row><row><c/></row>")

    assert patched(path, change("B1", 9), change("C1", 8), change("A2", 7)) == (
        '<row><c><v>1</v></c><c><v>9</v></c><c r="C1"><v>8</v></c></row><row><c><v>7</v></c></row>'
    )


def test_what_a_cell_holds_beside_its_value_stays(made):
    extra = '<extLst><ext uri="x"/></extLst>'
    path = made(f'<row r="1"><c r="A1" vm="1" ph="1"><v>1</v>{extra}</c></row>')

    assert patched(path, change("A1", None)) == f'<row r="1"><c r="A1" ph="1">{extra}</c></row>'


@pytest.mark.parametrize("aside", ["<!-- <row r='2'> -->", "<?odd <row r='2'>?>", "<![CDATA[<row r='2'>]]>"])
def test_markup_in_comments_is_no_markup(made, aside):
    text = f"<is><t>{aside}</t></is>" if "CDATA" in aside else f"{aside}<v>1</v>"
    kind = ' t="inlineStr"' if "CDATA" in aside else ""
    path = made(f'<row r="1"><c r="A1"{kind}>{text}</c></row><row r="2"><c r="A2"/></row>')

    rows = patched(path, change("A2", 5))
    assert rows == f'<row r="1"><c r="A1"{kind}>{text}</c></row><row r="2"><c r="A2"><v>5</v></c></row>'


def test_prefixed_elements(tmp_path):
    sheet = (
        f'{PROLOG}<x:worksheet xmlns:x="{books.STRICT_MAIN}"><x:sheetData><x:row r="1"><x:c r="B1"/></x:row>'
        "<x:row r='3'/></x:sheetData></x:worksheet>"
    )
    options = {"main": books.STRICT_MAIN, "office": books.STRICT_OFFICE}
    path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: sheet}, **options))
    patch_cells(path, path, [change("A1", 1), change("B1", "乙"), change("B2", True), change("A3", 3)])

    assert '<x:c r="B1" t="inlineStr"><x:is><x:t>乙</x:t></x:is></x:c>' in part(path)
    assert {k: c.value for k, c in cells(path).items()} == {"1.1": 1, "1.2": "乙", "2.2": 1, "3.1": 3}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8-sig", "ascii", "iso8859-1"])
@pytest.mark.parametrize("marked", [True, False])
def test_other_encodings_keep_their_bytes(tmp_path, encoding, marked):
    """The part stays in its encoding, byte for byte outside the cell."""
    declared = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    row = "<row r='1'><c r='A1'>{}</c><c r='B1' t='str'><v>x</v></c></row>"
    mark = "\ufeff" if marked and "16" in encoding else ""

    def spelled(cell: str) -> bytes:
        sheet = books.worksheet(row.format(cell)).replace('encoding="UTF-8"', f'encoding="{declared}"')
        return (mark + sheet).encode(encoding, "xmlcharrefreplace")

    path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: spelled("<v>1</v>")}))
    patch_cells(path, path, [change("A1", 2), change("A2", "中𠮷")])

    with zipfile.ZipFile(path) as archive:
        new = archive.read("xl/worksheets/sheet1.xml")
    start, _, end = spelled("<v>2</v>").partition("</row>".encode(encoding.removesuffix("-sig")))
    assert new.startswith(start)
    assert new.endswith(end)
    assert cells(path)["2.1"].value == "中𠮷"


def test_unknown_encoding(tmp_path):
    sheet = books.worksheet("").replace("UTF-8", "klingon")
    path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: sheet}))

    with pytest.raises(Unreadable, match=r"本\.xlsx"):
        patch_cells(path, path, [change("A1", 1)])


# --- what is refused ---------------------------------------------------------------------------------------

FORMULAS = (
    '<row r="1"><c r="A1"><f>B9</f><v>0</v></c>'
    '<c r="C1"><f t="array" ref="C1:D3">X</f><v>1</v></c><c r="D1"><v>1</v></c></row>'
    '<row r="2"><c r="C2"><v>1</v></c><c r="F2"><f t="array" ref="F2">X</f></c>'
    '<c r="G2"><v>5</v></c></row><row r="8"><c r="A8"/></row>'
)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("A1", "公式单元格"),
        ("D1", "数组公式"),
        ("C2", "数组公式"),
        ("D3", "数组公式"),
        ("F2", "公式单元格"),
        ("J11", "合并单元格"),
    ],
)
def test_refused_cells(made, cell, reason):
    path = made(FORMULAS, behind='<mergeCells><mergeCell ref="I11:J12"/></mergeCells>')
    before = path.read_bytes()

    with pytest.raises(Unwritable, match=f"未改动.*{SHEET}!{cell}.*{reason}"):
        patch_cells(path, path, [change(cell, 1), change("A8", 1)])
    assert path.read_bytes() == before


def test_refused_cells_can_be_left_out(made):
    path = made(FORMULAS, behind='<mergeCells><mergeCell ref="I11:J12"/></mergeCells>')
    wanted = [change(cell, 1) for cell in ("A1", "G2", "D3", "D4", "I11", "J12")]
    refused = patch_cells(path, path, wanted, skip_refused=True)

    assert [r.change for r in refused] == [wanted[5], wanted[0], wanted[2]]
    rows = rows_of(path)
    assert rows.startswith(FORMULAS[: FORMULAS.index("<v>5</v>")])
    assert '<c r="G2"><v>1</v></c>' in rows
    assert '<row r="4"><c r="D4"><v>1</v></c></row>' in rows


def test_only_refused_cells_leave_all_parts_as_they_were(made):
    path = made(FORMULAS)
    before = {name: part(path, name) for name in zipfile.ZipFile(path).namelist()}

    assert len(patch_cells(path, path, [change("A1", 1), change("D1", 1)], skip_refused=True)) == 2
    assert {name: part(path, name) for name in before} == before


def test_merge_alone_leaves_the_sheet_alone(made):
    path = made("", behind='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')

    assert len(patch_cells(path, path, [change("B2", 1)], skip_refused=True)) == 1
    with pytest.raises(Unwritable, match="等 7 处"):
        patch_cells(path, path, [change("B1", 1), change("A2", 2), change("B2", 1), *TOO_LARGE])


TOO_LARGE = [change(f"A{row}", float("nan")) for row in range(3, 7)]


def test_table_headers_are_refused(tmp_path):
    """Their text stands in the table's part too; Excel repairs a file where the two differ."""
    files = books.parts({SHEET: books.worksheet("")})
    files["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{books.PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{books.OFFICE}/table" Target="../tables/table1.xml"/></Relationships>'
    )
    files["xl/tables/table1.xml"] = (
        f'<table xmlns="{books.MAIN}" id="1" name="T" displayName="T" ref="A1:B4" totalsRowCount="1"/>'
    )
    path = books.write(tmp_path / "本.xlsx", files)
    wanted = [change(cell, 1) for cell in ("A1", "A2", "B3", "B4", "C1")]

    assert [r.change for r in patch_cells(path, path, wanted, skip_refused=True)] == [wanted[0], wanted[3]]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("长" * 32_768, "32767"),
        ("\ud800", "无效字符"),
        (float("inf"), "无穷大"),
        (2**53 + 1, "按文本"),
        (dt.date(1900, 2, 28), "1900-02-28"),
        (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "时区"),
        (object(), "object"),
    ],
)
def test_values_no_cell_can_hold(made, value, reason):
    path = made('<row r="1"><c r="A1"/></row>')
    for cell in ("A1", "B1"):
        with pytest.raises(Unwritable, match=reason):
            patch_cells(path, path, [change(cell, value)])


def test_day_before_1904(made):
    path = made(properties='<workbookPr date1904="1"/>')
    with pytest.raises(Unwritable, match="1903-12-31"):
        patch_cells(path, path, [change("A1", dt.date(1903, 12, 31))])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([change("A1", 1, sheet="无")], "没有工作表“无”（现有：表）"),
        ([change("A1", 1), change("A1", 2)], "表!A1 有两个不同的新值"),
        ([CellChange(sheet=SHEET, row=0, column=1, value=1)], "超出工作表范围"),
    ],
)
def test_changes_without_sense(made, changes, message):
    path = made()
    with pytest.raises(UsageError, match=message):
        patch_cells(path, path, changes)


def test_other_suffix(made):
    path = made()
    with pytest.raises(UsageError, match="扩展名"):
        patch_cells(path, path.with_suffix(".xlsm"), [change("A1", 1)])


def test_signed_workbook(tmp_path):
    files = books.parts({SHEET: books.worksheet("")}) | {"_xmlsignatures/origin.sigs": ""}
    path = books.write(tmp_path / "本.xlsx", files)
    with pytest.raises(Unwritable, match="数字签名"):
        patch_cells(path, path, [change("A1", 1)])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="5"/><row r="3"/><row r="9"/>',
        '<row r="9"><c r="B9"/><c r="A9"/><c r="D9"/></row>',
        '<row r="9"><c r="A9"/><c r="A8"/></row>',
        '<row r="9"><c r="?"/></row>',
        '<row r="9"><c r="A9"><v>1</c></v></row>',
        '<row r="9"><x><y></x></row>',
        '<row r="9"><c r="A9"></row>',
        '<row r="1048577"/>',
        '<row r="1"><!-- ',
        '<row r="9"><!DOCTYPE x></row>',
        '<row r="8"/><!DOCTYPE x><row r="9"/>',
        '<row r="9"><c r="A9"/>',
    ],
)
def test_broken_sheets(tmp_path, rows):
    """Rows or cells out of order cannot be changed safely, nor can what is not XML."""
    sheet = books.worksheet("").replace("</sheetData>", f"{rows}</sheetData>")
    path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: sheet}))
    before = path.read_bytes()
    with pytest.raises(Unreadable, match=r"本\.xlsx"):
        patch_cells(path, path, [change("C9", 1)])
    assert path.read_bytes() == before


def test_unfinished_parts(tmp_path):
    for text in ("<worksheet>", "<worksheet><sheetData>", '<worksheet><sheetData><row r="1"><c r="A1"/>'):
        path = books.write(tmp_path / "本.xlsx", books.parts({SHEET: text}))
        with pytest.raises(Unreadable):
            patch_cells(path, path, [change("A1", 1)])


# --- styles and the workbook part ---------------------------------------------------------------------------


def test_formats_are_cloned_once_and_appended(made):
    path = made('<row r="1"><c r="A1" s="2"/><c r="B1" s="2"/><c r="C1"/><c r="D1" s="9"/></row>')
    before = part(path, "xl/styles.xml")
    formats = [("A1", "@"), ("B1", "@"), ("C1", "yyyy-mm-dd"), ("D1", "General"), ("E1", "@"), ("A2", "0.0x")]
    patch_cells(path, path, [change(cell, "1", code) for cell, code in formats])

    after = part(path, "xl/styles.xml")
    added = (
        '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
        '<xf numFmtId="166" applyNumberFormat="1"/>'
    )
    codes = '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/><numFmt numFmtId="166" formatCode="0.0x"/>'
    assert after == before.replace('<numFmts count="1">', '<numFmts count="3">').replace(
        "</numFmts>", codes + "</numFmts>"
    ).replace("</cellXfs>", added + "</cellXfs>")
    grid = open_source(path).grids()[0]
    assert {a: grid.number_formats[c.style] for a, c in cells(path).items()} == {
        "1.1": "@",
        "1.2": "@",
        "1.3": "yyyy-mm-dd",
        "1.4": "General",
        "1.5": "@",
        "2.1": "0.0x",
    }


def test_format_only_over_some(made):
    path = made('<row r="1"><c r="A1" s="2"/><c r="B1" s="1"/></row>')
    over = {"number_format": "General", "over": ("000000",)}
    patch_cells(path, path, [change("A1", 1, **over), change("B1", 1, **over)])

    grid = open_source(path).grids()[0]
    assert [grid.number_formats[c.style] for c in cells(path).values()] == ["General", "yyyy/m/d"]


def test_styles_in_other_spellings(made):
    """No list of formats, prefixes, an empty element with an end tag, a mark for apostrophes."""
    styles = (
        f'<x:styleSheet xmlns:x="{books.MAIN}"><x:fonts/><x:cellXfs count="2">'
        '<x:xf numFmtId="49" quotePrefix="1"><x:alignment/></x:xf><x:xf quotePrefix="1"></x:xf>'
        "</x:cellXfs></x:styleSheet>"
    )
    path = made('<row r="1"><c r="A1"/><c r="B1" s="1"/></row>', styles=styles)
    patch_cells(path, path, [change("A1", 5, 'y"年"&'), change("B1", 5), change("C1", "文", "@")])

    after = part(path, "xl/styles.xml")
    assert (
        '<x:numFmts count="1"><x:numFmt numFmtId="164" formatCode="y&quot;年&quot;&amp;"/></x:numFmts>'
        in after
    )
    assert '<x:cellXfs count="4">' in after
    assert (
        '<x:xf numFmtId="164" applyNumberFormat="1"><x:alignment/></x:xf><x:xf></x:xf></x:cellXfs>' in after
    )
    assert cells(path)["1.3"].style == 0
    again = part(path, "xl/styles.xml")
    patch_cells(path, path, [change("A2", 5, 'y"年"&'), change("B1", 6)])
    assert part(path, "xl/styles.xml") == again


def test_empty_list_of_formats(made):
    styles = f'<styleSheet xmlns="{books.MAIN}"><numFmts/><cellXfs><xf/></cellXfs></styleSheet>'
    path = made(styles=styles)
    patch_cells(path, path, [change("A1", 5, "0.0")])

    assert '<numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts>' in part(path, "xl/styles.xml")


def test_workbook_without_styles(made):
    """A plain value needs none; a format brings the part, with its relationship and content type."""
    path = made(styles=None)
    patch_cells(path, path, [change("A1", 5)])
    assert "xl/styles.xml" not in zipfile.ZipFile(path).namelist()
    patch_cells(path, path, [change("A1", 5, "0.0"), change("A2", dt.date(2024, 2, 29))])

    sheet = openpyxl.load_workbook(path).active
    assert (sheet["A1"].number_format, sheet["A2"].value) == ("0.0", dt.datetime(2024, 2, 29))
    assert part(path, "[Content_Types].xml").count('PartName="/xl/styles.xml"') == 1


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.parametrize("inner", ["", "<fonts/>", "<fonts count='1'><font/></fonts><cellXfs/>"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_styles_without_cell_formats(made, inner, prefix):
    """They get the format that every cell has anyway, and what it is made of."""
    inner = inner.replace("</", "<:/").replace("<", f"<{prefix}").replace(f"<{prefix}:/", f"</{prefix}")
    tag, declared = f"{prefix}styleSheet", f"xmlns:{prefix}".rstrip(":")
    path = made(styles=f'<{tag} {declared}="{books.MAIN}">{inner}</{tag}>')
    patch_cells(path, path, [change("A1", 5, "0.0")])
    sheet = openpyxl.load_workbook(path).active
    assert (sheet["A1"].value, sheet["A1"].number_format) == (5, "0.0")
    assert sheet["A2"].number_format == "General"
    root = ET.fromstring(part(path, "xl/styles.xml"))
    counts = {item.tag.rpartition("}")[2]: len(item) for item in root}
    expected = {"numFmts": 1, "fonts": 1, "fills": 2, "borders": 1, "cellXfs": 2}
    assert list(counts.items()) == list(expected.items())


def test_too_many_formats(made, monkeypatch):
    monkeypatch.setattr("zlxl.excel.patch.styles.MAX_FORMATS", 5)
    path = made()
    with pytest.raises(Unwritable, match="格式已接近"):
        patch_cells(path, path, [change("A1", 5, "0.0")])


@pytest.mark.parametrize(
    ("properties", "behind", "expected"),
    [
        ("", "", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ("", "<calcPr calcId='1'/>", "</sheets><calcPr calcId='1' fullCalcOnLoad=\"1\"/></workbook>"),
        ("", '<calcPr fullCalcOnLoad="0"></calcPr>', '<calcPr fullCalcOnLoad="1"></calcPr></workbook>'),
        ("", "<definedNames/><pivotCaches/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><pivotCaches/>'),
        ("<!-- <calcPr/> -->", "", "<!-- <calcPr/> --><sheets>"),
    ],
)
def test_full_calculation_is_asked_for(tmp_path, properties, behind, expected):
    files = books.parts({SHEET: books.worksheet("")}, properties=properties)
    files["xl/workbook.xml"] = str(files["xl/workbook.xml"]).replace("</workbook>", f"{behind}</workbook>")
    path = books.write(tmp_path / "本.xlsx", files)
    patch_cells(path, path, [change("A1", 5)])

    assert expected in part(path, "xl/workbook.xml")
    assert part(path, "xl/workbook.xml").count("fullCalcOnLoad") == 1


def test_sheet_names_are_as_blind_to_case_as_excel(tmp_path):
    path = books.write(tmp_path / "本.xlsx", books.parts({"Data": books.worksheet("")}))
    patch_cells(path, path, [change("A1", 5, sheet="DATA")])
    assert cells(path)["1.1"].value == 5


def test_a_built_in_format_gets_its_own_id_back(made):
    """Format 14 looks different in every country; its text alone would not be the same format."""
    path = made('<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="1"><v>2</v></c></row>')
    patched(path, change("A1", "x", "@"))
    patched(path, change("A1", 1, "yyyy/m/d"))

    index = int(rows_of(path).partition(' s="')[2].partition('"')[0])
    formats = part(path, "xl/styles.xml").partition("<cellXfs")[2].split("<xf ")[1:]
    assert formats[index].startswith('numFmtId="14"')


# --- CSV ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "mark"), [("gb18030", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_csv_is_written_anew(tmp_path, encoding, mark):
    source, target = tmp_path / "台账.csv", tmp_path / "新.csv"
    text = '邮编,名称,备注\r\n50000,"甲,乙","一\n二"\r\n短\r\n'.replace(",", mark).replace(
        f"甲{mark}乙", "甲,乙"
    )
    source.write_bytes(text.encode(encoding))
    values = {"A2": "050000", "B3": dt.date(2024, 1, 2), "C3": None, "A5": True, "B5": 2.0}
    values |= {"C5": dt.datetime(2024, 1, 2, 3, 4, 5), "D5": 0.5}
    patch_cells(source, target, [change(c, v, "@", sheet="台账") for c, v in values.items()])

    grid = open_source(target).grids()[0]
    assert grid.encoding == encoding
    found = {row: [cell.value for cell in row_cells.values()] for row, row_cells in grid.head(9).items()}
    assert found[1] == ["邮编", "名称", "备注"]
    assert found[2] == ["050000", "甲,乙", "一\n二"]
    assert found[3] == ["短", "2024-01-02"]
    assert found[5] == ["TRUE", "2", "2024-01-02 03:04:05", "0.5"]
    assert source.read_bytes() == text.encode(encoding)


@pytest.mark.parametrize("text", ["甲,乙\n1,2\n", "甲,乙\r\n1,2\r\n", "\ufeff甲,乙\r\n1,2\r\n"])
def test_of_a_csv_only_the_value_changes(tmp_path, text):
    path = tmp_path / "台账.csv"
    path.write_bytes(text.encode())
    patch_cells(path, path, [change("B2", "3", sheet="台账")])
    assert path.read_bytes() == text.replace("2", "3").encode()
