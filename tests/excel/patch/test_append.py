"""Rows appended to tables: where they go, what grows with the table, and what is in the way."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import libreoffice
from tests.excel import books
from zlxl.changes import CellChange, CellMark, Formula, RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.save import Saved, save
from zlxl.excel.source import open_source

SHEET = "表"
TABLE = "xl/tables/table1.xml"
PART = "xl/worksheets/sheet1.xml"


def row(table: str = "T", **values: object) -> RowAppended:
    return RowAppended(table=table, values=values)


def append(path: Path, *rows: RowAppended, target: Path | None = None, **edits: object) -> Saved:
    return save(open_source(path), Edits(rows=rows, **edits), target, backups=0)


def read(path: Path, name: str = PART) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def sheet_of(path: Path, name: str = SHEET) -> openpyxl.worksheet.worksheet.Worksheet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep it warns of
        return openpyxl.load_workbook(path)[name]


def values(path: Path, area: str) -> list[list[object]]:
    return [[cell.value for cell in line] for line in sheet_of(path)[area]]


def table_part(ref: str, columns: Sequence[str], *, attributes: str = "", inner: str = "") -> str:
    made = "".join(
        column if column.startswith("<") else f'<tableColumn id="{number}" name="{column}"/>'
        for number, column in enumerate(columns, 1)
    )
    return (
        f'<table xmlns="{books.MAIN}" id="1" name="T" displayName="T" ref="{ref}"{attributes}>{inner}'
        f'<tableColumns count="{len(columns)}">{made}</tableColumns></table>'
    )


def with_table(path: Path, rows: str, table: str, *, before: str = "", behind: str = "", **options) -> Path:
    """A workbook of one sheet with one Excel table, spelled by hand."""
    main = options.pop("main", books.MAIN)
    office = books.STRICT_OFFICE if main == books.STRICT_MAIN else books.OFFICE
    sheet = books.worksheet(rows, before=before, behind=behind, main=main)
    parts = books.parts({SHEET: sheet}, main=main, office=office, **options)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{books.PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/table" Target="../tables/table1.xml"/></Relationships>'
    )
    parts[TABLE] = table.replace(books.MAIN, main)
    return books.write(path, parts)


def cell(place: str, value: object, style: int = 0) -> str:
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{place}" s="{style}"><f>{value[1:]}</f><v>1</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    return (
        f'<c r="{place}" s="{style}"/>' if value is None else f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    )


def line(number: int, *contents: object, first: str = "A", style: int = 0) -> str:
    cells = "".join(
        cell(f"{chr(ord(first) + at)}{number}", value, style) for at, value in enumerate(contents)
    )
    return f'<row r="{number}">{cells}</row>'


@pytest.fixture
def simple(tmp_path):
    """T at A1:B3 with two rows, and a range of each kind that ends with it."""
    rows = line(1, "甲", "乙") + line(2, "a", 1, style=2) + line(3, "b", 2, style=2)
    behind = (
        '<protectedRanges><protectedRange sqref="A2:B3" name="p"/></protectedRanges>'
        '<conditionalFormatting sqref="B2:B3 D1:D3"><cfRule type="top10" priority="1" rank="1"/>'
        '</conditionalFormatting><conditionalFormatting sqref="A1:F3">'
        '<cfRule type="top10" priority="2" rank="1"/></conditionalFormatting>'
        '<dataValidations count="2"><dataValidation type="list" sqref="A2:A3"><formula1>"x"</formula1>'
        '</dataValidation><dataValidation sqref="B2:B1048576"/></dataValidations>'
        '<hyperlinks><hyperlink ref="B3" location="A1"/></hyperlinks>'
        '<ignoredErrors><ignoredError sqref="A2:B3" numberStoredAsText="1"/></ignoredErrors>'
        '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
        '<extLst><ext uri="{1}" xmlns:x14="u" xmlns:xm="v"><x14:conditionalFormattings>'
        "<x14:conditionalFormatting><xm:sqref>B2:B3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "<x14:dataValidations><x14:dataValidation><xm:sqref>A2:A3</xm:sqref></x14:dataValidation></x14:dataValidations>"
        "<x14:sparklines><x14:sparkline><xm:f>表!A2:A3</xm:f><xm:sqref>B3</xm:sqref></x14:sparkline></x14:sparklines></ext></extLst>"
    )
    names = (
        '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">表!$A$1:$F$3</definedName>'
        '<definedName name="别处" localSheetId="0">表!$A$2:$A$3</definedName></definedNames>'
    )
    table = table_part("A1:B3", ["甲", "乙"], inner='<autoFilter ref="A1:B3"/>')
    path = with_table(tmp_path / "本.xlsx", rows, table, behind=behind)
    parts = {name: read(path, name) for name in zipfile.ZipFile(path).namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("</workbook>", f"{names}</workbook>")
    return books.write(path, parts)


def test_the_table_and_what_ends_with_it_grow(simple):
    append(simple, row(甲="c", 乙=3), row(甲="d", 乙=4))

    assert values(simple, "A1:B5") == [["甲", "乙"], ["a", 1], ["b", 2], ["c", 3], ["d", 4]]
    part, book, table = read(simple), read(simple, "xl/workbook.xml"), read(simple, TABLE)
    assert 'ref="A1:B5"><autoFilter ref="A1:B5"/>' in table
    assert re.findall(r'sqref="([^"]*)"', part) == [
        "A2:B5",
        "B2:B5 D1:D3",
        "A1:F3 A4:B5",
        "A2:A5",
        "B2:B1048576",
        "A2:B5",
    ]
    assert re.findall(r"<xm:sqref>([^<]*)", part) == ["B2:B5", "A2:A5", "B3"]
    assert '<hyperlink ref="B3"' in part
    assert "表!$A$1:$F$5<" in book
    assert "表!$A$2:$A$3<" in book


def test_new_cells_look_like_those_of_the_last_row(simple):
    append(simple, RowAppended(table="t", values={"甲": dt.date(2024, 5, 6)}, number_formats={"甲": "m/d"}))

    sheet = sheet_of(simple)
    assert (sheet["A4"].value, sheet["A4"].number_format) == (dt.datetime(2024, 5, 6), "m/d")
    assert '<c r="B4" s="2"/>' in read(simple)  # an empty cell looks so too


def test_a_mark_on_the_last_row_is_not_handed_on(simple):
    mark = CellMark(sheet=SHEET, row=3, column=1, level="error", text="错")
    save(open_source(simple), Edits(marks=(mark,)), backups=0)
    assert sheet_of(simple)["A3"].fill.fgColor.rgb != "00000000"

    append(simple, row(甲="c"))

    assert sheet_of(simple)["A4"].fill.fgColor.rgb == "00000000"
    assert sheet_of(simple)["A4"].number_format == "000000"


def test_blank_rows_at_the_end_are_used_first(tmp_path):
    rows = line(1, "甲", "乙") + line(2, "a", 1) + line(3, None, None, style=1) + line(4, None)
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:B4", ["甲", "乙"]))

    append(path, row(甲="b"), row(乙=3), row(甲="d"))

    assert values(path, "A2:B5") == [["a", 1], ["b", None], [None, 3], ["d", None]]
    assert 'ref="A1:B5"' in read(path, TABLE)
    assert '<c r="A3" s="1" t="inlineStr">' in read(path)


def test_the_row_of_an_empty_table_that_is_there_to_type_into(tmp_path):
    part = table_part("A1:B2", ["甲", "乙"], attributes=' insertRow="1"')
    path = with_table(tmp_path / "a.xlsx", line(1, "甲", "乙"), part)

    append(path, row(甲="a"))

    assert 'ref="A1:B2"><' in read(path, TABLE)
    assert values(path, "A2:A2") == [["a"]]


def test_a_table_may_be_called_by_its_sheet(tmp_path):
    path = with_totals(tmp_path / "a.xlsx")

    append(path, row("T", 名="c"), row(SHEET, 名="d"), row("t", 名="e"))

    assert values(path, "A3:A7") == [["b"], ["c"], ["d"], ["e"], ["合计"]]


def test_what_a_change_of_the_same_write_fills_counts_as_filled(tmp_path):
    rows = line(1, "甲", "乙") + line(2, "a", 1)
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:B4", ["甲", "乙"]))

    append(path, row(甲="c"), cells=(CellChange(sheet=SHEET, row=3, column=2, value=7),))

    assert values(path, "A2:B4") == [["a", 1], [None, 7], ["c", None]]


CALCULATED = (
    '<tableColumn id="{}" name="{}"><calculatedColumnFormula{}>{}</calculatedColumnFormula></tableColumn>'
)
TWICE = "T[[#This Row],[数]]*2"


def test_calculated_columns_are_filled_down(tmp_path):
    columns = [
        "数",
        CALCULATED.format(2, "倍", "", TWICE),
        CALCULATED.format(3, "和", "", "A2+$A$1"),
    ]
    rows = line(1, "数", "倍", "和", "旁", "例外") + line(2, 3, f"={TWICE}", "=A2+$A$1", "=SUM(A2:B2)", 1)
    rows += line(3, 4, f"={TWICE}", "=A3+$A$1", "=SUM(A3:B3)", "=A3*9")
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:E3", [*columns, "旁", "例外"]))

    append(path, row(数=5), row(数=6, 倍=1))

    assert values(path, "A4:E5") == [
        [5, f"={TWICE}", "=A4+$A$1", "=SUM(A4:B4)", None],
        [6, 1, "=A5+$A$1", "=SUM(A5:B5)", None],
    ]
    assert "<f>A4+$A$1</f></c>" in read(path)  # no value that would be wrong


def test_formulas_alone_do_not_make_a_row(tmp_path):
    columns = ["数", CALCULATED.format(2, "倍", "", TWICE)]
    rows = line(1, "数", "倍") + "".join(line(n, v, f"={TWICE}") for n, v in ((2, 1), (3, None), (4, None)))
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:B4", columns))

    append(path, row(数=2), row(数=3, 倍=0), row(数=4))

    assert values(path, "A2:B5") == [[1, f"={TWICE}"], [2, f"={TWICE}"], [3, 0], [4, f"={TWICE}"]]


def test_shared_formulas_are_filled_down_as_what_they_say(tmp_path):
    rows = line(1, "数", "倍")
    rows += '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="shared" ref="B2:B3" si="0">A2*2</f></c></row>'
    rows += '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><f t="shared" si="0"/></c></row>'
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:B3", ["数", "倍"]))

    append(path, row(数=5))

    assert "<f>A4*2</f>" in read(path)


def test_array_formulas_are_refused_unless_a_value_is_given(tmp_path):
    columns = ["数", CALCULATED.format(2, "倍", ' array="1"', "SUM(A2:A3)")]
    rows = (
        line(1, "数", "倍")
        + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="array" ref="B2">1</f></c></row>'
    )
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:B2", columns))

    with pytest.raises(Unwritable, match="“倍”列是数组公式"):
        append(path, row(数=5))
    append(path, row(数=5, 倍=6))
    assert values(path, "A3:B3") == [[5, 6]]


def test_formulas_drop_the_calculation_chain(tmp_path):
    path = with_table(tmp_path / "a.xlsx", line(1, "甲") + line(2, "a"), table_part("A1:A2", ["甲"]))
    parts = {name: read(path, name) for name in zipfile.ZipFile(path).namelist()}
    rels = "xl/_rels/workbook.xml.rels"
    chain = (
        f'<Relationship Id="rId9" Type="{books.OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>'
    )
    parts[rels] = parts[rels].replace("</Relationships>", chain)
    books.write(
        path, parts | {"xl/calcChain.xml": f'<calcChain xmlns="{books.MAIN}"><c r="A2" i="1"/></calcChain>'}
    )

    append(path, row(甲=Formula("=1+1", value=2)))

    assert "xl/calcChain.xml" not in zipfile.ZipFile(path).namelist()
    assert 'fullCalcOnLoad="1"' in read(path, "xl/workbook.xml")
    assert '<c r="A3"><f>1+1</f><v>2</v></c>' in read(path)


# --- totals -------------------------------------------------------------------------------------------------


def with_totals(
    path: Path, *, total: str = "=SUBTOTAL(109,T[数])", behind: str = "", rows: str = "", **options
) -> Path:
    made = line(1, "名", "数") + line(2, "a", 1) + line(3, "b", 2)
    made += f'<row r="4">{cell("A4", "合计", 1)}{cell("B4", total, 2)}{cell("D4", "旁")}</row>'
    part = table_part(
        "A1:B4", ["名", "数"], attributes=' totalsRowCount="1"', inner='<autoFilter ref="A1:B3"/>'
    )
    return with_table(path, made + rows, part, behind=behind, **options)


def test_the_totals_row_moves_down(tmp_path):
    behind = '<conditionalFormatting sqref="B4"/><conditionalFormatting sqref="A1:B4"/>'
    behind += '<hyperlinks><hyperlink ref="A4"/></hyperlinks>'
    path = with_totals(
        tmp_path / "a.xlsx", behind=behind, before='<dimension ref="A1:D4"/>', rows=line(9, "远")
    )

    append(path, row(名="c", 数=3), row(名="d", 数=4))

    assert values(path, "A3:D6") == [
        ["b", 2, None, None],
        ["c", 3, None, "旁"],
        ["d", 4, None, None],
        ["合计", "=SUBTOTAL(109,T[数])", None, None],
    ]
    part = read(path)
    assert '<c r="A6" s="1" t="inlineStr">' in part
    assert '<c r="B6" s="2"><f>' in part
    assert '<c r="B4"><v>3</v></c>' in part
    assert 'sqref="B6"' in part
    assert 'sqref="A1:B6"' in part
    assert '<hyperlink ref="A6"/>' in part
    assert '<dimension ref="A1:D6"/>' in part
    assert 'ref="A1:B6" totalsRowCount="1"><autoFilter ref="A1:B5"/>' in read(path, TABLE)


def test_ranges_of_totals_that_end_with_the_data_grow(tmp_path):
    path = with_totals(tmp_path / "a.xlsx", total="=SUM(B2:B3)+SUM(表!$B$2:$B$3)+B2+SUM(别的!B2:B3)")

    append(path, row(名="c", 数=3))

    assert values(path, "B5:B5") == [["=SUM(B2:B4)+SUM(表!$B$2:$B$4)+B2+SUM(别的!B2:B3)"]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"total": "=SUM(B1:B4)"}, "汇总行 B4 的公式不能随表格下移"),
        ({"rows": line(9, "=B4*2")}, "公式 =B4\\*2指向汇总行"),
        ({"rows": line(6, None, "挡")}, "B6 有内容"),
        ({"behind": '<mergeCells><mergeCell ref="A4:B4"/></mergeCells>'}, "合并单元格 A4:B4"),
    ],
)
def test_totals_that_cannot_move_are_refused(tmp_path, options, said):
    path = with_totals(tmp_path / "a.xlsx", **options)
    before = path.read_bytes()

    with pytest.raises(Unwritable, match=said):
        append(path, row(名="c", 数=3), row(名="c", 数=3))
    assert path.read_bytes() == before


def test_the_totals_row_moves_into_a_row_that_is_there(tmp_path):
    """Cells beside the table stay, those without an address too."""
    beside = f'<row r="5" spans="1:4"><c><v/></c>{cell("D5", "邻")}</row>'
    path = with_totals(tmp_path / "a.xlsx", rows=beside + line(6, None, None, None, "远"))

    append(path, row(名="c", 数=3))

    assert values(path, "A4:D6") == [
        ["c", 3, None, "旁"],
        ["合计", "=SUBTOTAL(109,T[数])", None, "邻"],
        [None, None, None, "远"],
    ]


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (
            lambda book, _: book.add_worksheet("别的 表").write_formula("A1", f"={SHEET}!$B$4*2"),
            r"工作表“别的 表”的公式 =表!\$B\$4\*2指向汇总行",
        ),
        (lambda book, _: book.define_name("总数", f"={SHEET}!$B$4"), "名称“总数”指向汇总行"),
        (lambda _, sheet: sheet.write_comment("B4", "核过"), "单元格 B4 的批注指向汇总行"),
    ],
)
def test_what_points_to_the_totals_row_from_elsewhere_is_told(tmp_path, point, said):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    columns = [{"header": "名"}, {"header": "数", "total_function": "sum"}]
    data = [["a", 1], ["b", 2]]
    sheet.add_table("A1:B4", {"name": "T", "columns": columns, "total_row": True, "data": data})
    point(book, sheet)
    book.close()

    with pytest.raises(Unwritable, match=said):
        append(path, row(名="c"))


# --- what is in the way -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "behind", "said"),
    [
        (line(5, None, "挡"), "", "B5 有内容"),
        (line(4, None, "=1+1"), "", "B4 有内容"),
        ("", '<mergeCells><mergeCell ref="B4:C9"/></mergeCells>', "合并单元格 B4:C9"),
    ],
)
def test_what_stands_below_is_in_the_way(tmp_path, rows, behind, said):
    made = line(1, "甲", "乙") + line(2, "a", 1) + line(3, "b", 2) + rows
    path = with_table(tmp_path / "a.xlsx", made, table_part("A1:B3", ["甲", "乙"]), behind=behind)
    before = path.read_bytes()

    with pytest.raises(Unwritable, match=said):
        append(path, row(甲="c"), row(甲="d"))
    assert path.read_bytes() == before


def test_the_end_of_the_sheet(tmp_path):
    made = line(1, "甲") + line(1_048_575, "a")
    path = with_table(tmp_path / "a.xlsx", made, table_part("A1:A1048575", ["甲"]))

    with pytest.raises(Unwritable, match="放不下 2 个新行"):
        append(path, row(甲="c"), row(甲="d"))
    append(path, row(甲="c"))
    assert 'ref="A1:A1048576"' in read(path, TABLE)


def test_a_value_that_no_cell_holds_refuses_all(simple):
    with pytest.raises(Unwritable, match="表!A4"):
        append(simple, row(甲="长" * 40_000))


def test_unknown_tables_and_columns_are_named(simple):
    with pytest.raises(UsageError, match="没有名为“无”的表格"):
        append(simple, row("无", 甲=1))
    with pytest.raises(UsageError, match="表“T”没有列“丙”（现有列：甲、乙）"):
        append(simple, row(丙=1))


# --- tables side by side, without header, spelled otherwise -------------------------------------------------


def test_tables_side_by_side_grow_alone(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    sheet.add_table(
        "A1:B3", {"name": "左", "columns": [{"header": "甲"}, {"header": "乙"}], "data": [["a", 1], ["b", 2]]}
    )
    sheet.add_table(
        "D1:E5", {"name": "右", "columns": [{"header": "甲"}, {"header": "乙"}], "data": [["p", 1]] * 4}
    )
    book.close()

    append(path, row("左", 甲="c"), row("右", 甲="q"), row("左", 甲="d"))

    assert values(path, "A4:E6") == [
        ["c", None, None, "p", 1],
        ["d", None, None, "p", 1],
        [None, None, None, "q", None],
    ]
    assert dict(sheet_of(path).tables.items()) == {"左": "A1:B5", "右": "D1:E6"}


def test_a_table_above_another_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    for name, ref in (("上", "A1:B3"), ("下", "B5:C6")):
        sheet.add_table(ref, {"name": name, "columns": [{"header": "甲"}, {"header": "乙"}]})
    book.close()

    append(path, row("上", 甲=1), row("上", 甲=2), row("上", 甲=3))
    with pytest.raises(Unwritable, match=r"B5 有内容|表格“下”"):
        append(path, row("上", 甲="c"))


def test_a_table_without_header_row(tmp_path):
    part = table_part("A1:B2", ["列1", "列2"], attributes=' headerRowCount="0"')
    path = with_table(tmp_path / "a.xlsx", line(1, "a", 1) + line(2, "b", 2), part)

    append(path, row(列1="c", 列2=3))

    assert values(path, "A1:B3") == [["a", 1], ["b", 2], ["c", 3]]
    assert 'ref="A1:B3" headerRowCount="0"' in read(path, TABLE)


def test_prefixed_elements(simple, tmp_path):
    def prefixed(text: str) -> str:
        text = text.replace(f'xmlns="{books.MAIN}"', f'xmlns:x="{books.MAIN}"')
        return re.sub(r"<(/?)(?=[A-Za-z]+[\s/>])", r"<\1x:", text)

    parts = {name: read(simple, name) for name in zipfile.ZipFile(simple).namelist()}
    for name in (PART, TABLE, "xl/workbook.xml"):
        parts[name] = prefixed(parts[name])
    path = books.write(tmp_path / "前缀.xlsx", parts)

    append(path, row(甲="c", 乙=3))

    assert values(path, "A1:B4") == [["甲", "乙"], ["a", 1], ["b", 2], ["c", 3]]
    assert 'ref="A1:B4"><x:autoFilter ref="A1:B4"/>' in read(path, TABLE)
    assert 'sqref="B2:B4 D1:D3"' in read(path)
    assert "表!$A$1:$F$4<" in read(path, "xl/workbook.xml")


def test_utf_16(simple, tmp_path):
    parts: dict[str, str | bytes] = {name: read(simple, name) for name in zipfile.ZipFile(simple).namelist()}
    for name in (PART, TABLE):
        parts[name] = str(parts[name]).replace("UTF-8", "UTF-16").encode("utf-16")
    path = books.write(tmp_path / "宽.xlsx", parts)

    append(path, row(甲="c", 乙=3))

    with zipfile.ZipFile(path) as archive:
        assert 'ref="A1:B4"' in archive.read(TABLE).decode("utf-16")
    assert values(path, "A4:B4") == [["c", 3]]


def test_strict(tmp_path):
    rows = line(1, "甲") + line(2, "a")
    path = with_table(tmp_path / "严.xlsx", rows, table_part("A1:A2", ["甲"]), main=books.STRICT_MAIN)

    append(path, row(甲="c"))

    assert 'ref="A1:A3"' in read(path, TABLE)
    assert [c[1].value for c in open_source(path).grids()[0].head(9).values()] == ["甲", "a", "c"]


def test_line_breaks_in_headers(tmp_path):
    path = with_table(
        tmp_path / "a.xlsx", line(1, "甲\n乙") + line(2, "a"), table_part("A1:A2", ["甲_x000a_乙"])
    )

    append(path, RowAppended(table="T", values={"甲\n乙": "b"}))

    assert values(path, "A3:A3") == [["b"]]


# --- plain lists --------------------------------------------------------------------------------------------


def plain(path: Path, rows: str, *, name: str = SHEET, behind: str = "", names: str = "") -> Path:
    parts = books.parts({name: books.worksheet(rows, behind=behind)})
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("</workbook>", f"{names}</workbook>")
    return books.write(path, parts)


def test_a_plain_list_of_a_sheet_grows_with_its_filter(tmp_path):
    names = (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        "表!$A$2:$B$4</definedName></definedNames>"
    )
    rows = line(1, "我的清单") + line(2, "甲", "乙") + line(3, "a", 1) + line(4, "b", 2) + line(5, None, None)
    behind = '<autoFilter ref="A2:B4"/><dataValidations><dataValidation sqref="A3:A4"/></dataValidations>'
    path = plain(tmp_path / "a.xlsx", rows, behind=behind, names=names)

    append(path, row(SHEET, 甲="c", 乙=3))

    assert values(path, "A4:B5") == [["b", 2], ["c", 3]]
    assert '<autoFilter ref="A2:B5"/>' in read(path)
    assert 'sqref="A3:A5"' in read(path)
    assert "表!$A$2:$B$5<" in read(path, "xl/workbook.xml")


def test_a_plain_list_without_rows(tmp_path):
    behind = '<autoFilter ref="A1:B1"/><dataValidations><dataValidation sqref="A1:B1"/></dataValidations>'
    path = plain(tmp_path / "a.xlsx", line(1, "甲", "乙"), behind=behind)

    append(path, row(SHEET, 甲="a"), row(SHEET, 甲="b"))

    assert values(path, "A2:B3") == [["a", None], ["b", None]]
    assert '<autoFilter ref="A1:B3"/>' in read(path)
    assert 'sqref="A1:B1"' in read(path)


def test_a_formula_is_never_taken_for_a_place(tmp_path):
    """It stands alone below the header, and is none of a calculated column."""
    path = plain(tmp_path / "a.xlsx", line(1, "甲", "乙") + line(2, None, "=SUM(D1:D9)"))
    before = path.read_bytes()

    with pytest.raises(Unwritable, match="表!B2 是公式单元格"):
        append(path, row(SHEET, 甲="a", 乙=1))
    assert path.read_bytes() == before


def test_formulas_filled_down_in_advance(tmp_path):
    rows = line(1, "数", "倍") + line(2, 1, "=A2*2") + line(3, None, "=A3*2") + line(4, None, "=A4*2")
    path = plain(tmp_path / "a.xlsx", rows)

    append(path, row(SHEET, 数=2), row(SHEET, 数=3, 倍=0), row(SHEET, 数=4))

    assert values(path, "A2:B5") == [[1, "=A2*2"], [2, "=A3*2"], [3, 0], [4, "=A5*2"]]


def test_a_known_plain_sheet_with_columns_of_the_user(tmp_path):
    rows = line(1, "客户台账") + line(2, "合同编号", "单位名称", "备注一") + line(3, "ZL1", "甲公司", "x")
    path = plain(tmp_path / "a.xlsx", rows, name="客户台账")

    append(path, row("客户台账", 合同编号="ZL2", 单位名称="乙公司", 备注一="y"))

    assert [c.value for c in sheet_of(path, "客户台账")[4]] == ["ZL2", "乙公司", "y"]


def test_a_typed_total_is_not_passed_over(tmp_path):
    rows = line(1, "甲", "乙") + line(2, "a", 1) + line(3, "合 计", "=SUM(B2:B2)")
    path = plain(tmp_path / "a.xlsx", rows)

    with pytest.raises(Unwritable, match="第 3 行）是“合 计”"):
        append(path, row(SHEET, 甲="c"))


def test_a_formula_that_is_none_of_a_calculated_column_counts_as_a_value(tmp_path):
    rows = line(1, "甲", "乙") + line(2, "a", 1) + line(3, "b", 2) + line(4, None, "=SUM(B2:B3)")
    path = plain(tmp_path / "a.xlsx", rows)

    append(path, row(SHEET, 甲="c", 乙=3))

    assert values(path, "A4:B5") == [[None, "=SUM(B2:B3)"], ["c", 3]]


def test_csv_files_get_records(tmp_path):
    path = tmp_path / "单.csv"
    path.write_text("甲,乙\na,1\n,\n", encoding="utf-8")

    append(path, row("单", 乙=2, 甲="b"), row("单", 甲=dt.date(2024, 1, 2)))

    assert path.read_text("utf-8-sig").splitlines() == ["甲,乙", "a,1", "b,2", "2024-01-02,"]
    with pytest.raises(UsageError, match="没有列“丙”"):
        append(path, row("单", 丙=1))
    with pytest.raises(UsageError, match="没有表“无”"):
        append(path, row("无", 甲=1))


# --- because ------------------------------------------------------------------------------------------------


def test_rows_that_tell_of_refused_changes_are_left_out(tmp_path):
    """The change of a formula cell of the same sheet, of a formula cell elsewhere, and one that is made."""
    rows = line(1, "记") + line(2, "a") + '<row r="9"><c r="H9"><f>1+1</f><v>2</v></c></row>'
    path = with_table(tmp_path / "a.xlsx", rows, table_part("A1:A2", ["记"]))
    changes = [CellChange(sheet=SHEET, row=9, column=c, value=7) for c in (8, 9)]
    told = tuple(RowAppended(table="T", values={"记": f"{c.column}"}, because=c) for c in changes)

    saved = save(open_source(path), Edits(cells=tuple(changes), rows=told), skip_refused=True, backups=0)

    assert [refusal.change for refusal in saved.refused] == changes[:1]
    assert values(path, "A2:A4") == [["a"], ["9"], [None]]
    assert values(path, "H9:I9") == [["=1+1", 7]]


# --- others agree -------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.text("甲乙 <&>\n'=_x0041_", min_size=1, max_size=8),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**9), 10**9).map(lambda number: number / 8),
    st.booleans(),
)
LINES = st.lists(
    st.tuples(CELLS, CELLS, CELLS).filter(lambda line: any(v is not None for v in line)), max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=LINES, blank=st.integers(0, 3), new=LINES.filter(bool), totals=st.booleans())
def test_reading_back_gives_the_old_rows_and_the_new(tmp_path, old, blank, new, totals):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet(SHEET)
    bottom = 3 + max(len(old) + blank, 1)
    heads = [{"header": h, "total_string": "总" if totals else ""} for h in "甲乙丙"]
    sheet.add_table(2, 1, bottom - 1 + totals, 3, {"name": "T", "columns": heads, "total_row": totals})
    for at, cells in enumerate(old):
        for column, value in enumerate(cells, 1):
            sheet.write(3 + at, column, value)
    book.close()

    append(path, *(row(**dict(zip("甲乙丙", cells, strict=True))) for cells in new))

    grid = open_source(path).grids()[0]
    head = grid.head(99)
    expected = [*old, *new]
    for at, cells in enumerate(expected):
        stored = head.get(4 + at, {})
        assert [stored[c].value if c in stored else None for c in (2, 3, 4)] == list(cells)
    area = grid.list_objects()[0].area
    assert area.bottom == max(bottom, 3 + len(expected)) + totals
    assert 3 + len(expected) + 1 not in head or totals
    assert not totals or head[area.bottom][2].value == "总"


@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_calculated_columns_and_totals(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    columns = [
        {"header": "数", "total_function": "=SUBTOTAL(109,账[数])"},
        {"header": "价"},
        {
            "header": "额",
            "formula": "=账[[#This Row],[数]]*账[[#This Row],[价]]",
            "total_function": "=SUM(D3:D4)",
        },
        {"header": "累", "total_function": "=MAX(账[累])"},
    ]
    columns[2]["total_function"] = "=SUM(D3:D4)"
    sheet.add_table("B2:E5", {"name": "账", "columns": columns, "total_row": True})
    for at, (number, price) in enumerate(((2, 3), (4, 5))):
        sheet.write_row(2 + at, 1, [number, price])
        sheet.write_formula(2 + at, 4, f"=SUM($B$3:B{3 + at})")
    book.close()

    append(path, row("账", 数=6, 价=7), row("账", 数=8, 价=9))

    made = libreoffice.recalculate([path], tmp_path / "lo")[0]
    sheet = openpyxl.load_workbook(made, data_only=True)[SHEET]
    assert [[c.value for c in cells] for cells in sheet["B3:E7"]] == [
        [2, 3, 6, 2],
        [4, 5, 20, 6],
        [6, 7, 42, 12],
        [8, 9, 72, 20],
        [20, None, 140, 20],
    ]


def test_the_template_takes_rows_in_every_table(tmp_path):
    """Twice: the second row goes behind the first, and only the parts concerned change."""
    template = Path(__file__).parents[3] / "workbooks" / "客户服务数据库.xlsx"
    path = tmp_path / "库.xlsx"
    shutil.copy(template, path)
    rows = [
        RowAppended(table=table.name, values={str(head[c].value): f"新{n}" for c in sorted(head)[-3:]})
        for grid in open_source(path).grids()
        for table in grid.list_objects()
        if (
            head := {
                c: x for c, x in grid.head(table.area.top)[table.area.top].items() if c >= table.area.left
            }
        )
        for n in (1, 2)
    ]

    append(path, *rows)

    was, now = (open_source(p).grids() for p in (template, path))
    for old, new in zip(was, now, strict=True):
        for before, after in zip(old.list_objects(), new.list_objects(), strict=True):
            columns = range(before.area.left, before.area.right + 1)
            last = new.block(columns, before.area.top, after.area.bottom).rows[-1]
            assert last == after.area.bottom
            assert after.area.bottom - before.area.bottom in (1, 2)  # the blank row of a new table is used
    with zipfile.ZipFile(template) as one, zipfile.ZipFile(path) as two:
        changed = {name for name in one.namelist() if one.read(name) != two.read(name)}
    assert {re.sub(r"\d+", "#", name) for name in changed} <= {
        "xl/worksheets/sheet#.xml",
        "xl/tables/table#.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
    }
