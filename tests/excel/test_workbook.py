"""Workbooks: heads, blocks, layouts, strings and styles in the spellings of different writers."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from tests.excel.books import (
    MAIN,
    OFFICE,
    PACKAGE,
    STRICT_MAIN,
    STRICT_OFFICE,
    parts,
    shared_strings,
    worksheet,
    write,
)
from zlxl.excel import part as part_module
from zlxl.excel.source import open_source
from zlxl.excel.strings import TextPool
from zlxl.grid import Area, Cell, Dropdown, Kind, ListObject, MemoryGrid

STRINGS = shared_strings(
    '<si><t>合同编号</t></si><si><t xml:space="preserve"> 甲 </t></si><si><t>a_x000D_&amp;b</t></si>'
)
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44927</v></c></row>'
    '<row r="2" ht="20"><c r="A2" t="s"><v>1</v></c><c r="B2" s="2"/><c r="D2"><f>1+1</f></c></row>'
    '<row r="4"><c r="A4" s="3" t="inlineStr"><is><t>乙</t></is></c><c r="B4" t="b"><v>1</v></c>'
    '<c r="D4" t="e"><v>#N/A</v></c></row><row r="6"><c r="B6" s="1"/></row>'
)


@pytest.fixture
def grid(tmp_path):
    """Opens a workbook of given parts and gives its first sheet."""

    numbers = count()

    def make(*arguments, **options):
        path = tmp_path / f"账{next(numbers)}.xlsx"
        return open_source(write(path, parts(*arguments, **options))).grids()[0]

    return make


def shown(grid, columns, first=1, last=1_048_576) -> dict:
    """Cells of a block with their values, by place."""
    block = grid.block(columns, first, last)
    found = {}
    for column, raw in block.columns.items():
        assert raw.kinds.dtype == np.uint8
        assert raw.data.dtype == np.float64
        assert raw.styles.dtype == np.uint16
        assert len(raw.kinds) == len(raw.data) == len(raw.styles) == len(block.rows)
        for row, kind, datum, style in zip(block.rows.tolist(), raw.kinds, raw.data, raw.styles, strict=True):
            if kind in (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE):
                found[row, column] = Cell(Kind(kind), grid.strings[int(datum)], int(style))
            elif kind:
                value = None if np.isnan(datum) else float(datum)
                found[row, column] = Cell(Kind(kind), value, int(style))
            else:
                assert np.isnan(datum)
    return found


def test_block_and_head_agree(grid):
    """The block gives what the head gives, row by row; empty rows are there, blank tails are not."""
    sheet = grid(ROWS, strings=STRINGS)
    assert sheet.sheet == "表"
    assert sheet.typed
    assert not sheet.date1904
    head = sheet.head(10)
    assert head == {
        1: {1: Cell(Kind.TEXT, "合同编号"), 2: Cell(Kind.NUMBER, 44927.0, 1)},
        2: {1: Cell(Kind.TEXT, " 甲 "), 4: Cell(Kind.PENDING, None)},
        4: {1: Cell(Kind.TEXT, "乙", 3), 2: Cell(Kind.BOOL, 1.0), 4: Cell(Kind.ERROR, "#N/A")},
    }
    assert shown(sheet, [1, 2, 3, 4]) == {
        (r, c): cell for r, cells in head.items() for c, cell in cells.items()
    }
    assert sheet.block([1, 2], 1).rows.tolist() == [1, 2, 3, 4]
    assert sheet.block([3], 1).rows.tolist() == []
    assert list(sheet.strings)[:4] == ["合同编号", " 甲 ", "a\r&b", "乙"]


def test_same_block_as_memory_grid(grid):
    """A workbook and the same cells in memory give the same block."""
    sheet = grid(ROWS, strings=STRINGS)
    memory = MemoryGrid(sheet="表", cells=sheet.head(10))
    for span in ((1, 1_048_576), (2, 3), (3, 3), (5, 9)):
        assert shown(sheet, [4, 1, 2], *span) == shown(memory, [4, 1, 2], *span)
        assert sheet.block([4, 1], *span).rows.tolist() == memory.block([4, 1], *span).rows.tolist()


def test_head_stops_early(grid):
    """The head does not look behind its last row, not even at broken XML."""
    late = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 5000))
    sheet = grid(late + "<broken")
    assert list(sheet.head(3)) == [1, 2, 3]
    assert sheet.head(0) == {}


def test_rows_and_cells_without_address(grid):
    """Rows and cells are counted where they have no r."""
    sheet = grid(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c r='C5'><v>3</v></c><c><v>4</v></c></row>"
    )
    assert list(shown(sheet, range(1, 6))) == [(1, 1), (1, 2), (5, 3), (5, 4)]


def test_rows_out_of_order(grid):
    """Order in the file does not matter; the later of two same cells wins."""
    sheet = grid(
        '<row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>4</v></c></row>'
    )
    assert {row: cell.value for (row, _), cell in shown(sheet, [1]).items()} == {1: 1.0, 3: 4.0}


@pytest.mark.parametrize("run_bytes", [1, 300, 1 << 20])
def test_lying_dimension_and_styled_empty_rows(grid, monkeypatch, run_bytes):
    """Neither the dimension nor styled blank rows make rows."""
    monkeypatch.setattr(part_module, "RUN_BYTES", run_bytes)
    blank = "".join(
        f'<row r="{i}" s="1"><c r="A{i}" s="1"/></row><row r="{i + 1}"/>' for i in range(2, 400, 2)
    )
    part = worksheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>' + blank, before='<dimension ref="A1:XFD1048576"/>'
    )
    assert grid({"表": part}).block([1, 2], 1).rows.tolist() == [1]


SPELLINGS = {
    "prefix": lambda part: (
        part.replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x=")
    ),
    "utf-16": lambda part: part.replace("UTF-8", "UTF-16").encode("utf-16"),
    "byte order mark": lambda part: part.encode("utf-8-sig"),
    "comment in the rows": lambda part: part.replace('<row r="2"', '<!-- </sheetData> --><row r="2"'),
    "comment in the head": lambda part: part.replace("<sheetData>", "<!-- <sheetData> --><sheetData>"),
    "latin-1": lambda part: part.replace("乙", "&#20057;").replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    "pretty": lambda part: part.replace("><", ">\r\n  <"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_spellings_of_a_part(grid, name):
    """Prefixes, encodings, comments and indentation change nothing."""
    behind = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    part = worksheet(ROWS, behind=behind)
    usual = grid({"表": part}, strings=STRINGS)
    odd = grid({"表": SPELLINGS[name](part)}, strings=STRINGS)
    assert odd.head(9) == usual.head(9)
    assert odd.layout().merges == usual.layout().merges == (Area(1, 1, 1, 2),)
    assert shown(odd, range(1, 5)) == shown(usual, range(1, 5))
    assert odd.layout() == usual.layout()


def test_sheet_without_rows(grid):
    """An empty sheet is a sheet."""
    for part in (worksheet(""), worksheet("").replace("<sheetData></sheetData>", "<sheetData/>")):
        sheet = grid({"表": part})
        assert sheet.head(5) == {}
        assert sheet.block([1], 1).rows.tolist() == []
        assert sheet.layout().merges == ()
    assert grid({"表": f'<worksheet xmlns="{MAIN}"/>'}).block([1], 1).rows.tolist() == []


def test_giant_row_is_left_to_the_parser(grid, monkeypatch):
    """A row longer than a run is parsed, not cut."""
    monkeypatch.setattr(part_module, "RUN_BYTES", 100)
    monkeypatch.setattr(part_module, "MAX_RUN_BYTES", 200)
    assert len(shown(grid(ROWS, strings=STRINGS), range(1, 5))) == 7


def test_long_head_is_left_to_the_parser(grid, monkeypatch):
    """So is a part whose rows do not come."""
    monkeypatch.setattr(part_module, "MAX_HEAD_BYTES", 10)
    part = worksheet(ROWS, before=f"<sheetViews>{'<x/>' * 400_000}</sheetViews>")
    assert len(shown(grid({"表": part}, strings=STRINGS), range(1, 5))) == 7


STRING_SPELLINGS = {
    "plain": "<si><t>{}</t></si>",
    "phonetic property": '<si><t>{}</t><phoneticPr fontId="1" type="noConversion"/></si>',
    "rich": "<si><r><rPr><b/></rPr><t>{}</t></r></si>",
    "phonetic run": '<si><t>{}</t><rPh sb="0" eb="1"><t>pin</t></rPh></si>',
    "preserved": '<si><t xml:space="preserve">{}</t></si>',
    "blank ends": "<si><t> {} </t></si>",
    "indented": "<si>\n <t>{}</t>\n</si>\n",
    "cdata": "<si><t><![CDATA[{}]]></t></si>",
    "closed item before": "<si/><si><t>{}</t></si>",
    "prefix": "<x:si><x:t>{}</x:t></x:si>",
}


@pytest.mark.parametrize("name", STRING_SPELLINGS)
@pytest.mark.parametrize("batch", [100, 1 << 20])
def test_spellings_of_shared_strings(grid, monkeypatch, name, batch):
    """Every spelling of an item gives its text, alone and among plain ones, in small batches and large."""
    monkeypatch.setattr("zlxl.excel.strings.BATCH_BYTES", batch)
    monkeypatch.setattr("zlxl.excel.package.INFLATE_BYTES", 64)
    wanted = [f"第{i}条" for i in range(40)]
    spelled = STRING_SPELLINGS[name]
    items = "".join(
        (spelled if i % 3 else "<si><t>{}</t></si>").format(text) for i, text in enumerate(wanted)
    )
    found = [text for text in grid("", strings=shared_strings(items)).strings if text]
    assert found == wanted


def test_strings_are_decoded(grid):
    """Entities, line ends, escapes, surrogates and significant blanks."""
    items = (
        "<si><t>a&lt;&#65;&#x4E00;</t></si><si><t>x\r\ny</t></si><si><t>_x000D__x005F_x000D_</t></si>"
        "<si><t>_xD83D__xDE00_ _xD83D_</t></si><si><t>  </t></si><si><t xml:space='preserve'>  </t></si>"
        "<si><r><t> a </t></r><r><t xml:space='preserve'> b</t></r></si><si></si>"
    )
    assert list(grid("", strings=shared_strings(items)).strings) == [
        "a<A一",
        "x\ny",
        "\r_x000D_",
        "\U0001f600 \ufffd",
        "",
        "  ",
        "a b",
        "",
    ]
    assert list(grid("", strings=f'<sst xmlns="{MAIN}"/>').strings) == []
    assert list(grid("").strings) == []


def test_pool_reads_only_as_far_as_asked():
    """An index reads to its batch; the length reads all."""
    read = []

    def batches():
        for start in range(0, 9, 3):
            read.append(start)
            yield [str(i) for i in range(start, start + 3)]

    pool = TextPool(batches())
    assert pool[1] == "1"
    assert read == [0]
    assert pool.has(3)
    assert read == [0, 3]
    assert pool.add(["x", "1", "x"]) == [9, 10, 9]
    assert not pool.has(9)
    assert len(pool) == 11
    assert pool[-1] == "1"
    assert pool[8:10] == ["8", "x"]
    with pytest.raises(IndexError):
        pool[11]


def test_number_formats(grid):
    """Own, built-in, Chinese built-in and unknown formats by cellXfs index; cellStyleXfs do not count."""
    assert grid("").number_formats == ("General", "yyyy/m/d", "000000", 'yyyy"年"m"月"d"日"', "General")
    assert grid("", styles=None).number_formats == ("General",)
    absurd = '<row r="1"><c r="A1" s="4000000000"><v>1</v></c><c r="B1" s="5"><v>1</v></c></row>'
    assert [cell.style for cell in shown(grid(absurd), [1, 2]).values()] == [0, 0]


@pytest.mark.parametrize("value", ["1", "true"])
def test_date1904(grid, value):
    """The date system is the workbook's."""
    assert grid(ROWS, strings=STRINGS, properties=f'<workbookPr date1904="{value}"/>').date1904
    assert not grid("", properties='<workbookPr date1904="0"/>').date1904


def test_strict_workbook(grid):
    """Strict OOXML: other namespaces, ISO dates."""
    part = worksheet('<row r="1"><c r="A1" t="d"><v>2024-01-02</v></c></row>', main=STRICT_MAIN)
    sheet = grid({"表": part.replace(OFFICE, STRICT_OFFICE)}, main=STRICT_MAIN, office=STRICT_OFFICE)
    assert shown(sheet, [1]) == {(1, 1): Cell(Kind.ISO_DATE, "2024-01-02")}


def test_odd_part_names(tmp_path):
    """Backslashes, absolute targets, other case and escaped blanks name the same parts."""
    files = parts(ROWS, strings=STRINGS)
    files["xl\\Worksheets\\Sheet 1.XML"] = files.pop("xl/worksheets/sheet1.xml")
    rels = files["xl/_rels/workbook.xml.rels"]
    files["xl/_rels/workbook.xml.rels"] = rels.replace(
        '"worksheets/sheet1.xml"', '"/xl/worksheets/Sheet%201.xml"'
    )
    files["_rels/.rels"] = files["_rels/.rels"].replace('"xl/workbook', '"./xl/../xl/workbook')
    assert len(shown(open_source(write(tmp_path / "账.XLSX", files)).grids()[0], range(1, 5))) == 7


def test_sheets_in_tab_order_without_charts(tmp_path):
    """Chart sheets are left out, hidden sheets are told."""
    files = parts(
        {"甲": worksheet(""), "图": "<chartsheet/>", "乙": worksheet(""), "丙": worksheet("")},
        states={"乙": "hidden", "丙": "veryHidden"},
    )
    rels = files["xl/_rels/workbook.xml.rels"].replace(
        '/worksheet" Target="worksheets/sheet2.xml"', '/chartsheet" Target="worksheets/sheet2.xml"'
    )
    source = open_source(write(tmp_path / "账.xlsx", files | {"xl/_rels/workbook.xml.rels": rels}))
    assert source.path == str(tmp_path / "账.xlsx")
    assert [(g.sheet, g.layout().hidden) for g in source.grids()] == [
        ("甲", False),
        ("乙", True),
        ("丙", True),
    ]


def test_layout(tmp_path):
    """Tables, merges, both kinds of drop-downs, column formats: before a block and after it the same."""
    behind = (
        '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="junk"/></mergeCells>'
        '<dataValidations><dataValidation type="list" sqref="A2:A9 C2"><formula1>"有效,暂停"</formula1>'
        '</dataValidation><dataValidation type="whole" sqref="B2"><formula1>1</formula1></dataValidation>'
        '</dataValidations><tableParts><tablePart r:id="rId1"/></tableParts>'
        '<extLst><ext xmlns:x14="x14" xmlns:xm="xm"><x14:dataValidations><x14:dataValidation type="list">'
        "<x14:formula1><xm:f>码表!$A$2:$A$9</xm:f></x14:formula1><xm:sqref>D2:D1048576</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    before = (
        '<cols><col min="1" max="2" style="2"/><col min="2" max="9" style="1"/>'
        '<col min="3" max="3"/><col min="16384" max="99999" style="3"/><col min="x"/></cols>'
    )
    files = parts({"表": worksheet(ROWS, before=before, behind=behind)}, strings=STRINGS)
    files["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/table" '
        f'Target="../tables/table1.xml"/><Relationship Id="rId2" Type="{OFFICE}/hyperlink" '
        'Target="http://x" TargetMode="External"/></Relationships>'
    )
    files["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="1" displayName="客户" ref="A1:D9" totalsRowCount="1">'
        '<autoFilter ref="A1:D8"/></table>'
    )
    path = write(tmp_path / "账.xlsx", files)
    fresh, used = open_source(path).grids()[0], open_source(path).grids()[0]
    used.block([1], 1)
    layout = fresh.layout()
    assert layout == used.layout()
    assert layout.list_objects == (ListObject(name="客户", area=Area(1, 1, 9, 4), totals_rows=1),)
    assert layout.merges == (Area(1, 1, 1, 3),)
    assert layout.dropdowns == (
        Dropdown(areas=(Area(2, 1, 9, 1), Area(2, 3, 2, 3)), formula='"有效,暂停"'),
        Dropdown(areas=(Area(2, 4, 1_048_576, 4),), formula="码表!$A$2:$A$9"),
    )
    assert layout.column_formats == {1: "000000", 2: "000000", 16384: 'yyyy"年"m"月"d"日"'}


def test_many_rows_over_threads(grid, monkeypatch):
    """Runs scanned by several threads arrive in order; bad rows among them are parsed."""
    monkeypatch.setattr(part_module, "RUN_BYTES", 2000)
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="B{i}" t="inlineStr"><is>{"<r>" if i % 7 == 0 else ""}'
        f"<t>第{i % 50}条</t>{'</r>' if i % 7 == 0 else ''}</is></c></row>"
        for i in range(1, 3001)
    )
    sheet = grid(rows)
    block = sheet.block([1, 2], 1)
    np.testing.assert_array_equal(block.columns[1].data, np.arange(1, 3001))
    assert [sheet.strings[int(i)] for i in block.columns[2].data] == [f"第{i % 50}条" for i in range(1, 3001)]
    assert len(sheet.strings) == 50
