"""Hostile packages meet zlxl.edit: one line, nothing written, little memory and time."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

import zlxl
from tests.excel import books
from tests.excel.books import MAIN, OFFICE, PACKAGE
from tests.excel.test_edit_foreign import STYLES, usual
from zlxl.changes import CellChange
from zlxl.excel.patch import row as row_module
from zlxl.excel.patch import rows as rows_module
from zlxl.excel.patch import shared as shared_module
from zlxl.excel.patch import styles as styles_module

SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SECONDS = 10  # ten times what the slowest takes


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "账.xlsx"


def edit(path: Path) -> None:
    with zlxl.edit(path) as book:
        book["表"]["A1"] = "文"
        book["表"]["B3"] = 5
        book["表"].number_format("B3", "0.000")


def refusal(path: Path, error: type[Exception] = zlxl.Unreadable) -> str:
    """The line that an edit of every kind is answered with; the file stays."""
    before, started = path.read_bytes(), time.monotonic()
    with pytest.raises(error) as caught:
        edit(path)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir() if item.suffix == path.suffix] == [path.name]
    assert "\n" not in str(caught.value)
    assert time.monotonic() - started < SECONDS
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "xl/../../evil",
        "xl\\..\\..\\evil",
        "/etc/passwd",
        "C:\\evil.txt",
        "c:/evil",
        "\\\\host\\evil",
        "..",
    ],
)
def test_names_that_point_out_of_the_package(path, name):
    books.write(path, usual() | {name: "x"})
    assert "部件名" in refusal(path)


@pytest.mark.parametrize("name", [SHEET, SHEET.upper(), "xl\\worksheets\\sheet1.xml", "xl/Workbook.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_part_twice(path, name):
    books.write(path, usual())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, books.worksheet(""))
    assert "重名" in refusal(path)


@pytest.mark.parametrize("part", sorted(usual()))
def test_entity_bomb_in_any_part(path, part):
    """Shared strings are not read by an edit, and stay as they are."""
    text = str(usual()[part])
    head, declaration, rest = text.rpartition("?>") if text.startswith("<?xml") else ("", "", text)
    books.write(path, usual() | {part: head + declaration + BOMB + rest})
    if part == "xl/sharedStrings.xml":
        with zlxl.edit(path) as book:
            book["表"]["A1"] = 1
            with pytest.raises(zlxl.Unreadable, match="DTD"):
                book["表"]["B1"]
    else:
        assert "攻击" in refusal(path)


def test_entity_bomb_in_a_table(path):
    parts = usual()
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/table" Target="../tables/table1.xml"/>'
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    )
    parts["xl/tables/table1.xml"] = f'{BOMB}<table xmlns="{MAIN}" ref="A1:B2" name="&b;"/>'
    books.write(path, parts)
    assert "攻击" in refusal(path)


def test_relations_in_a_circle(path):
    """A sheet that is its own table, and a workbook that is its own styles: followed once."""
    parts = usual()
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    circle = relation.format("drawing", "sheet1.xml") + relation.format("worksheet", "../workbook.xml")
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = rels.format(circle)
    parts["xl/_rels/_rels/workbook.xml.rels.rels"] = rels.format(relation.format("x", "workbook.xml.rels"))
    books.write(path, parts)
    with zlxl.edit(path) as book:
        book["表"]["A2"] = 1
    assert zlxl.edit(path)["表"]["A2"] == 1

    books.write(
        path,
        usual()
        | {
            "xl/_rels/workbook.xml.rels": str(usual()["xl/_rels/workbook.xml.rels"]).replace(
                "styles.xml", "workbook.xml"
            )
        },
    )
    assert "账.xlsx" in refusal(path)


def test_compression_bombs(path):
    """In the sheet before, in and behind its rows, and in the styles."""
    blanks = " " * (40 << 20)
    for part, text in {
        SHEET: books.worksheet("", before=blanks),
        "xl/styles.xml": STYLES.replace("<fonts", blanks + "<fonts"),
        "[Content_Types].xml": str(usual()["[Content_Types].xml"]).replace("</Types>", blanks + "</Types>"),
    }.items():
        books.write(path, usual() | {part: text})
        assert "异常巨大" in refusal(path)


def test_sizes_that_are_only_stated(path):
    """Counts, spans and style numbers of any size cost nothing."""
    rows = '<row r="1" spans="1:99999999999" s="99999999999"><c r="A1" s="99999999999"><v>1</v></c></row>'
    styles = STYLES.replace('count="2"', 'count="99999999999"').replace('fontId="0"', 'fontId="9999999999"')
    books.write(path, usual() | {SHEET: books.worksheet(rows), "xl/styles.xml": styles})
    with zlxl.edit(path) as book:
        book["表"]["A1"] = 2.5
        book["表"].number_format("A1", "0.000")
        book["表"].fill("A1", "FFF2CC")
    assert zlxl.edit(path)["表"]["A1"] == 2.5


def test_too_many_of_anything(path, monkeypatch):
    """Formats, arrays that overlap, shared formulas, rows that never end, what stands behind the rows."""
    monkeypatch.setattr(styles_module, "MAX_ITEMS", 20)
    formats = STYLES.replace("</cellXfs>", "<xf/>" * 30 + "</cellXfs>")
    books.write(path, usual() | {"xl/styles.xml": formats})
    assert "样式" in refusal(path)
    monkeypatch.undo()

    monkeypatch.setattr(row_module, "MANY_ARRAYS", 5)
    monkeypatch.setattr(row_module, "MAX_ARRAYS", 10)
    arrays = "".join(f'<c r="{c}1"><f t="array" ref="{c}1:Z9">X</f></c>' for c in "CDEFGHIJKLMNOP")
    books.write(path, usual() | {SHEET: books.worksheet(f'<row r="1">{arrays}</row>')})
    assert "数组公式" in refusal(path)

    monkeypatch.setattr(shared_module, "MAX_SHARED", 5)
    shared = "".join(f'<c r="{c}1"><f t="shared" si="{c}">X</f></c>' for c in "CDEFGHIJ")
    books.write(path, usual() | {SHEET: books.worksheet(f'<row r="1">{shared}</row>')})
    assert "共享公式" in refusal(path)

    monkeypatch.setattr(rows_module, "MAX_ROW_BYTES", 100)
    books.write(path, usual() | {SHEET: books.worksheet("<row r='1'>" + "<c><f a=''/></c>" * 99 + "</row>")})
    assert "巨大的行" in refusal(path)


def test_many_areas_below_each_other_are_no_attack(path, monkeypatch):
    monkeypatch.setattr(row_module, "MANY_ARRAYS", 5)
    monkeypatch.setattr(row_module, "MAX_ARRAYS", 10)
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><f t="array" ref="A{r}:B{r}">X</f><v>1</v></c></row>' for r in range(1, 40)
    )
    books.write(path, usual() | {SHEET: books.worksheet(rows)})
    with zlxl.edit(path) as book:
        book["表"]["C30"] = 1
    with pytest.raises(zlxl.Unwritable, match="B39 属于数组公式"), zlxl.edit(path) as book:
        book["表"]["B39"] = 1


def test_merges_that_overlap(path):
    """Also where only the saving looks at them."""
    merges = "<mergeCells>" + '<mergeCell ref="A1:Z99"/>' * 5000 + "</mergeCells>"
    books.write(path, usual() | {SHEET: books.worksheet("", behind=merges)})
    assert "合并单元格" in refusal(path, zlxl.Unwritable)
    changes = [CellChange(sheet="表", row=row, column=2, value=1) for row in range(1, 99)]
    with pytest.raises(zlxl.Unreadable, match="互相重叠"):
        books.patch_cells(path, path, changes)


def test_deep_nesting_in_the_styles(path):
    deep = STYLES.replace("<border/>", "<a>" * 50_000 + "</a>" * 50_000)
    books.write(path, usual() | {"xl/styles.xml": deep})
    assert "嵌套" in refusal(path)
