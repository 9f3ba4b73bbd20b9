"""zlxl.edit on workbooks as other programs spell them: they work, or are refused with one clear line."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

import zlxl
from tests.excel import books
from tests.excel.books import MAIN, OFFICE, PACKAGE, STRICT_MAIN, STRICT_OFFICE, TYPE
from zlxl.sheet import Cell
from zlxl.sheet import Sheet as Generated

SHEET = "xl/worksheets/sheet1.xml"
ROWS = (
    '<row r="1"><c r="A1" s="1"><v>45351</v></c><c r="B1" t="s"><v>0</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="7">B2+1</f><v>1</v></c></row>'
    '<row r="3"><c r="A3"><f t="shared" si="7"/><v>1</v></c></row>'
    '<row r="4"><c r="A4"><f t="shared" si="7"/><v>1</v></c></row>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
STRINGS = books.shared_strings("<si><t>甲</t></si>")
_DECLARED = re.compile(r"<\?xml.*?\?>\s*")
_UNPREFIXED = re.compile(r"(</?)(?=[A-Za-z])")
EDITS = {
    "A1": dt.date(2024, 3, 1),
    "B1": "乙 <&>",
    "A2": 7,
    "C3": True,
    "B9": dt.datetime(2024, 2, 29, 6, 30),
    "C9": 0.5,
    "D9": zlxl.Formula("=A2*2", value=14),
}
STRICT = {"main": STRICT_MAIN, "office": STRICT_OFFICE}


def prefixed(text: str) -> str:
    """The same document with a prefix on every element."""
    return _UNPREFIXED.sub(r"\1x:", text).replace("xmlns=", "xmlns:x=", 1)


def usual(**options) -> dict[str, str | bytes]:
    parts = books.parts({"表": books.worksheet(ROWS)}, strings=STRINGS, styles=STYLES, **options)
    return {name: str(part) for name, part in parts.items()}


def with_prefixes() -> dict[str, str | bytes]:
    """As ClosedXML writes: prefixes everywhere, targets from the root, all XML is a workbook by default."""
    parts = {name: prefixed(part) for name, part in usual().items() if name.startswith("xl/")}
    relations = str(usual()["xl/_rels/workbook.xml.rels"])
    relations = relations.replace('Target="', 'Target="/xl/')
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/></Types>'
    )
    rels = str(usual()["_rels/.rels"]).replace('Target="', 'Target="/')
    return parts | {
        "xl/_rels/workbook.xml.rels": relations,
        "[Content_Types].xml": types,
        "_rels/.rels": rels,
    }


def strict() -> dict[str, str | bytes]:
    return {name: part.replace(MAIN, STRICT_MAIN) for name, part in usual(**STRICT).items()}


def in_utf16() -> dict[str, str | bytes]:
    parts = usual()
    text = str(parts[SHEET]).replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return parts | {SHEET: text.encode("utf-16")}


def with_bom() -> dict[str, str | bytes]:
    return {name: b"\xef\xbb\xbf" + str(part).encode() for name, part in usual().items()}


def without_references() -> dict[str, str | bytes]:
    """Counted cells and rows, with blanks and comments between."""
    rows = re.sub(r' r="[A-Z]*\d+"', "", ROWS).replace("<c", "\n <!-- c --><c").replace("<row", "\n<row")
    return usual() | {SHEET: books.worksheet(rows)}


def elsewhere() -> dict[str, str | bytes]:
    """Parts in other places and of other case than their targets."""
    parts = usual()
    moved = {name: parts[name] for name in ("[Content_Types].xml", "_rels/.rels")}
    moved = {name: str(part).replace("xl/workbook.xml", "Book.XML") for name, part in moved.items()}
    relations = str(parts["xl/_rels/workbook.xml.rels"]).replace("worksheets/", "./tabs/../TABS/")
    return moved | {
        "book.xml": parts["xl/workbook.xml"],
        "_rels/book.xml.rels": relations,
        "tabs\\sheet1.xml": parts[SHEET],
        "styles.xml": parts["xl/styles.xml"],
        "sharedStrings.xml": parts["xl/sharedStrings.xml"],
    }


def with_alternates() -> dict[str, str | bytes]:
    """What Excel keeps for itself: alternate contents, extensions, names of other spaces."""
    parts = usual()
    markup = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    alternate = f'<mc:AlternateContent {markup}><mc:Choice Requires="x15"/></mc:AlternateContent>'
    book = str(parts["xl/workbook.xml"]).replace("<sheets>", alternate + "<sheets>")
    behind = '<extLst><ext uri="{1}"><x:f xmlns:x="y">A2</x:f></ext></extLst>\n<!-- end -->'
    sheet = books.worksheet(ROWS, before="<sheetPr/><dimension ref='A1'/>", behind=behind)
    return parts | {"xl/workbook.xml": book, SHEET: sheet.replace("<sheetData>", "<sheetData\n>")}


def with_escapes() -> dict[str, str | bytes]:
    """Names of parts escaped as in an address: in the package, in the targets or in both."""
    parts = usual()
    moved = {
        "xl/工作簿.xml": parts.pop("xl/workbook.xml"),
        "xl/worksheets/%E8%A1%A8%20sheet1.xml": parts.pop(SHEET),
    }
    relations = str(parts.pop("xl/_rels/workbook.xml.rels")).replace("sheet1.xml", "表%20sheet1.xml")
    escaped = "xl/%E5%B7%A5%E4%BD%9C%E7%B0%BF.xml"
    spelt = {
        "[Content_Types].xml": str(parts["[Content_Types].xml"]).replace("xl/workbook.xml", escaped),
        "_rels/.rels": str(parts["_rels/.rels"]).replace("xl/workbook.xml", escaped),
    }
    return parts | moved | spelt | {"xl/_rels/工作簿.xml.rels": relations}


def with_comments() -> dict[str, str | bytes]:
    """Before the root and behind it, with names in them that are looked for."""
    aside = "<!-- <sheetData> <sheets> <Types> <cellXfs> --><?other <x?>"
    return {name: f"{_DECLARED.sub('', str(part))}".join((aside, aside)) for name, part in usual().items()}


def rooted() -> dict[str, str | bytes]:
    return {f"/{name}": part for name, part in usual().items()}


SPELLINGS = {
    "usual": usual,
    "prefixes": with_prefixes,
    "strict": strict,
    "utf-16": in_utf16,
    "byte order mark": with_bom,
    "no references": without_references,
    "elsewhere": elsewhere,
    "alternates": with_alternates,
    "slash before every name": rooted,
    "escaped names": with_escapes,
    "comments around": with_comments,
}


@pytest.fixture
def made(tmp_path):
    return lambda parts: books.write(tmp_path / "外.xlsx", parts)


def element_texts(path: Path) -> dict[object, list[str | None]]:
    """Type, formula and value of every cell by its reference or, without one, its number, by ElementTree."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.lower().endswith("sheet1.xml"))
        root = ET.fromstring(archive.read(name))
    cells = [cell for cell in root.iter() if cell.tag.endswith("}c")]
    return {
        cell.get("r", number): [cell.get("t"), *("".join(item.itertext()) for item in cell)]
        for number, cell in enumerate(cells)
    }


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_is_edited(made, name):
    """The new values are read, the formulas that shared the replaced one keep their meaning."""
    path = made(SPELLINGS[name]())
    with zlxl.edit(path) as book:
        for place, value in EDITS.items():
            book["表"][place] = value
        book["表"].fill("B1", "FFF2CC")
        assert book.sheets == ("表",)

    sheet = zlxl.edit(path)["表"]
    for place, value in EDITS.items():
        assert sheet[place] == (14 if isinstance(value, zlxl.Formula) else value)
    assert [row[0] for row in sheet["A2:A4"]] == [7, 1, 1]
    found = element_texts(path)
    assert found["D9"] == [None, "A2*2", "14"]
    formulas = [texts[1] for texts in found.values() if texts[1:2] and len(texts) == 3]
    assert "B3+1" in formulas


@pytest.mark.filterwarnings("ignore:Unknown extension")
@pytest.mark.parametrize("name", ["usual", "prefixes", "alternates", "byte order mark"])
def test_openpyxl_reads_the_edit(made, name):
    path = made(SPELLINGS[name]())
    with zlxl.edit(path) as book:
        for place, value in EDITS.items():
            book["表"][place] = value
    sheet = openpyxl.load_workbook(path)["表"]
    assert sheet["A1"].value == dt.datetime(2024, 3, 1)
    assert sheet["B1"].value == "乙 <&>"
    assert sheet["B9"].value == dt.datetime(2024, 2, 29, 6, 30)
    assert [sheet[place].value for place in ("A2", "A3", "A4", "D9")] == [7, "=B3+1", "=B4+1", "=A2*2"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_is_annotated(made, name):
    """A note comes and goes; the sheet is the same bytes as before."""
    path = made(SPELLINGS[name]())
    part = next(part for part in zipfile.ZipFile(path).namelist() if part.lower().endswith("sheet1.xml"))
    before = zipfile.ZipFile(path).read(part)
    for text in ("说明", None):
        with zlxl.edit(path) as book:
            book["表"].note("B2", text)
        assert (zipfile.ZipFile(path).read(part) == before) is (text is None)
        folder, base = re.fullmatch(r"(.*[/\\])(.*)", part).groups()
        related = (folder + f"_rels/{base}.rels").replace("\\", "/")
        assert (related in zipfile.ZipFile(path).namelist()) is (text is not None)


@pytest.mark.parametrize("word", ["xl/styles.xml", "xl/sharedStrings.xml"])
def test_parts_that_may_be_missing(made, word):
    """Without shared strings or styles; a date and a colour bring the styles."""
    parts = {name: part for name, part in usual().items() if name != word}
    parts[SHEET] = books.worksheet('<row r="1"><c r="A1" t="str"><v>文</v></c></row>')
    path = made(parts)
    with zlxl.edit(path) as book:
        book["表"]["A2"] = dt.date(2024, 2, 29)
        book["表"].fill("A1", "FFF2CC")
        book["表"]["A3"] = "字"
    assert zlxl.edit(path)["表"]["A1:A3"] == [["文"], [dt.date(2024, 2, 29)], ["字"]]
    assert openpyxl.load_workbook(path)["表"]["A1"].fill.fgColor.rgb == "FFFFF2CC"


ODD_CELLS = {
    "formula without text": ('<c r="A1"><f/><v>1</v></c>', 5),
    "text of a formula": ('<c r="A1" t="str"><f>T(1)</f><v></v></c>', 5),
    "empty text in the cell": ('<c r="A1" t="inlineStr"><is/></c>', "x"),
    "rich text": ('<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r></is></c>', None),
    "stated number": ('<c r="A1" t="n"><v> 1 </v></c>', True),
    "lower case": ('<c r="a1"><v>1</v></c>', 2.5),
    "dollars": ('<c r="$A$1"><v>1</v></c>', "x"),
    "unknown style": ('<c r="A1" s="99"><v>1</v></c>', 3),
    "date of the strict format": ('<c r="A1" t="d"><v>2024-02-29</v></c>', 4),
    "single array": ('<c r="A1" cm="1"><f t="array" ref="A1">B1</f><v>1</v></c>', 4),
    "cell metadata": ('<c r="A1" vm="3" t="e"><v>#VALUE!</v></c>', 4),
}


@pytest.mark.parametrize("name", ODD_CELLS)
def test_odd_cells_take_a_value(made, name):
    cell, value = ODD_CELLS[name]
    path = made(usual() | {SHEET: books.worksheet(f"<row r='1'>{cell}<c r='B1'><v>8</v></c></row>")})
    with zlxl.edit(path) as book:
        book["表"]["A1"] = value
    assert zlxl.edit(path)["表"]["A1:B1"] == [[value, 8]]
    with zipfile.ZipFile(path) as archive:
        text = archive.read(SHEET).decode()
    assert "<f" not in text
    assert "cm=" not in text
    assert "vm=" not in text


REFUSED = {
    "rows out of order": ('<row r="2"/><row r="1"/>', "D9"),
    "row twice": ('<row r="1"/><row r="1"/>', "D9"),
    "cells out of order": ('<row r="1"><c r="C1"/><c r="B1"/></row>', "D1"),
    "cell of another row": ('<row r="1"><c r="A2"/></row>', "B1"),
    "unclosed cell": ('<row r="1"><c r="A1"></row>', "B1"),
    "unclosed row": ('<row r="1"><c r="A1"/>', "D9"),
    "row in a row": ('<row r="1"><row r="2"/></row>', "D9"),
    "row too far down": ('<row r="1048577"/>', "D9"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_changed_safely_is_refused(made, name):
    rows, place = REFUSED[name]
    path = made(usual() | {SHEET: books.worksheet(rows)})
    before = path.read_bytes()
    with pytest.raises(zlxl.Unreadable, match=r"「外\.xlsx」"), zlxl.edit(path) as book:
        book["表"][place] = 1
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_a_module_sheet_that_is_only_a_name(made):
    """Excel keeps it as a hidden tab without part; it stays, and sheets come and go behind it."""
    module = '<sheet name="模块1" sheetId="7" state="veryHidden" r:id=""/>'
    parts = usual()
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("<sheets>", f"<sheets>{module}")
    path = made(parts)
    with zlxl.edit(path) as book:
        book["表"]["A2"] = 5
        book.put(Generated(name="报告", cells={(1, 1): Cell(content="文")}))
    with zlxl.edit(path) as book:
        assert (book.sheets, book["表"]["A2"], book["报告"]["A1"]) == (("表", "报告"), 5, "文")
        book.remove("报告")
    assert zlxl.edit(path).sheets == ("表",)
    assert module in zipfile.ZipFile(path).read("xl/workbook.xml").decode()


def test_sheet_without_rows_element(made):
    sheet = f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetViews/></worksheet>'
    with pytest.raises(zlxl.Unreadable, match="不完整"), zlxl.edit(made(usual() | {SHEET: sheet})) as book:
        book["表"]["A1"] = 1
