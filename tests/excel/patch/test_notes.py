"""Notes of ours: beside the user's, which stay byte for byte, and gone without a trace."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel import books
from zlxl.changes import NoteChange
from zlxl.edits import Edits
from zlxl.errors import Unreadable
from zlxl.excel.patch.comments import Comments, OwnNote, new_comments, shown_text
from zlxl.excel.patch.note_box import Measures
from zlxl.excel.patch.tail import inserted, without
from zlxl.excel.patch.vml import Drawing, new_drawing
from zlxl.excel.save import Saved, save
from zlxl.excel.source import open_source
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area

SHEET = "表"
PART = "xl/worksheets/sheet1.xml"
ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'
RELATION = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
#: As old versions of Excel write it: ``br`` is never closed.
BROKEN_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit"'
    ' data="3"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="1,1"/><v:shape id="_x0000_s3073"'
    ' type="#_x0000_t202"><v:textbox><div>a<br>b</div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData>'
    "</v:shape></xml>"
)
COMMENTS = (
    '<comments xmlns="{}"><authors><author>张敏</author></authors><commentList>'
    '<comment ref="B2" authorId="0"><text><t>我的批注</t></text></comment></commentList></comments>'
)


def note(cell: str, text: str | None, sheet: str = SHEET) -> NoteChange:
    area = Area.parse(cell)
    return NoteChange(sheet=sheet, row=area.top, column=area.left, text=text)


def annotate(path: Path, *notes: NoteChange) -> Saved:
    return save(open_source(path), Edits(notes=notes), backups=0)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(path: Path, sheet: str = SHEET) -> dict[str, tuple[str, str]]:
    """Author and text of every note as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    cells = (cell for row in book[sheet].iter_rows(max_row=50, max_col=50) for cell in row)
    return {c.coordinate: (c.comment.author, c.comment.text) for c in cells if c.comment}


@pytest.fixture
def plain(tmp_path):
    """A workbook without notes."""
    return books.write(tmp_path / "本.xlsx", books.parts(ROWS))


@pytest.fixture
def noted(tmp_path):
    """A workbook with a note of the user on B2; its drawing is no well-formed XML."""

    def make(comments: str | bytes = COMMENTS.format(books.MAIN), **more: str) -> Path:
        sheet = books.worksheet(ROWS, behind='<legacyDrawing r:id="rId7"/><tableParts count="0"/>')
        made = books.parts({SHEET: sheet})
        relations = RELATION.format("rId7", books.OFFICE, "vmlDrawing", "../drawings/vmlDrawing1.vml")
        relations += RELATION.format("rId8", books.OFFICE, "comments", "../comments1.xml")
        relations += more.pop("relations", "")
        made["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships xmlns="{books.PACKAGE}/relationships">{relations}</Relationships>'
        )
        made |= {"xl/comments1.xml": comments, "xl/drawings/vmlDrawing1.vml": BROKEN_VML, **more}
        return books.write(tmp_path / "注.xlsx", made)

    return make


def test_a_note_where_none_was_and_gone_again(plain):
    before = parts(plain)
    annotate(plain, note("C3", "第一行\n第二行 <&>"), note("A1", "甲"))
    sheet = parts(plain)[PART].decode()
    assert sheet.endswith('</sheetData><legacyDrawing r:id="rId2"/></worksheet>')
    assert {cell: text.rpartition("\n")[0] for cell, (_, text) in read(plain).items()} == {
        "A1": "甲",
        "C3": "第一行\n第二行 <&>",
    }
    assert {author for author, _ in read(plain).values()} == {"zlxl"}

    annotate(plain, note("C3", None), note("A1", None))
    after = parts(plain)
    assert after.keys() == before.keys()
    assert after[PART] == before[PART]


def test_the_users_note_stays_byte_for_byte(noted):
    path = noted()
    before = parts(path)
    annotate(path, note("A1", "甲"), note("C2", "乙"))
    comments, drawing = parts(path)["xl/comments1.xml"], parts(path)["xl/drawings/vmlDrawing1.vml"]
    assert '<comment ref="B2" authorId="0"><text><t>我的批注</t></text></comment>'.encode() in comments
    assert [c.split('"')[0] for c in comments.decode().split('ref="')[1:]] == ["A1", "B2", "C2"]
    assert BROKEN_VML[:-6].encode() in drawing
    assert {"_x0000_s3074", "_x0000_s3075"} <= set(drawing.decode().split('"'))
    assert drawing.count(b"<v:shapetype") == 1
    assert parts(path)[PART] == before[PART]
    assert read(path)["B2"] == ("张敏", "我的批注")

    annotate(path, note("A1", None), note("C2", None), note("B2", None))
    assert {n: parts(path)[n] for n in before if n != "xl/workbook.xml"} == {
        n: t for n, t in before.items() if n != "xl/workbook.xml"
    }


def test_a_cell_with_a_note_of_the_user_is_skipped_and_told(noted):
    path = noted()
    before = parts(path)
    saved = annotate(path, note("B2", "甲"))
    assert "B2" in saved.remarks[0]
    assert "已有您的批注" in saved.remarks[0]
    assert parts(path)["xl/comments1.xml"] == before["xl/comments1.xml"]


def test_a_conversation_is_never_touched(noted):
    threads = '<ThreadedComments xmlns="urn:t"><threadedComment ref="D4" id="{1}"/></ThreadedComments>'
    relation = RELATION.format("rId9", "urn:x", "threadedComment", "../threadedComments/t1.xml")
    path = noted(relations=relation, **{"xl/threadedComments/t1.xml": threads})
    assert "D4" in annotate(path, note("D4", "甲")).remarks[0]
    assert "D4" not in read(path)


def test_a_note_that_somebody_wrote_into_is_the_users(plain):
    annotate(plain, note("A1", "甲"))
    found = parts(plain)
    found["xl/comments1.xml"] = found["xl/comments1.xml"].replace("甲".encode(), "甲，已核对".encode())
    books.write(plain, found)
    assert annotate(plain, note("A1", "乙")).remarks
    annotate(plain, note("A1", None))
    assert "已核对" in read(plain)["A1"][1]


def test_a_note_is_replaced(plain):
    annotate(plain, note("A1", "甲"))
    first = parts(plain)
    annotate(plain, note("A1", "甲"))
    assert parts(plain) == first
    annotate(plain, note("A1", "乙"))
    assert read(plain)["A1"][1].startswith("乙")
    assert parts(plain)["xl/drawings/vmlDrawing1.vml"].count(b"ObjectType") == 1


def test_parts_in_utf16_and_with_prefixes(noted):
    comments = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:comments xmlns:x="{books.MAIN}"><x:authors><x:author>张敏'
        "</x:author></x:authors><x:commentList/></x:comments>"
    )
    path = noted(comments.encode("utf-16"))
    annotate(path, note("A1", "甲"))
    written = parts(path)["xl/comments1.xml"]
    assert "<x:comment ref=" in written.decode("utf-16")
    assert read(path)["A1"][1].startswith("甲")


def test_a_strict_workbook_with_prefixes(tmp_path):
    sheet = (
        f'<x:worksheet xmlns:x="{books.STRICT_MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"/></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    made = books.parts({SHEET: sheet}, main=books.STRICT_MAIN, office=books.STRICT_OFFICE)
    path = books.write(tmp_path / "严.xlsx", made)
    annotate(path, note("A1", "甲"))
    found = parts(path)
    assert f'<x:legacyDrawing xmlns:r="{books.STRICT_OFFICE}" r:id="rId2"/>'.encode() in found[PART]
    assert books.STRICT_MAIN.encode() in found["xl/comments1.xml"]
    annotate(path, note("A1", None))
    assert parts(path)[PART] == sheet.encode()


def test_a_drawing_that_is_missing_is_told(noted):
    path = noted()
    found = parts(path)
    del found["xl/drawings/vmlDrawing1.vml"]
    books.write(path, found)
    assert "批注图形部件缺失" in annotate(path, note("A1", "甲")).remarks[0]
    assert "A1" not in read(path)


def test_notes_without_boxes_get_a_drawing_for_ours(noted):
    """A program dropped the drawing with its element; ours comes and goes."""
    path = noted()
    found = parts(path)
    del found["xl/drawings/vmlDrawing1.vml"]
    found[PART] = found[PART].replace(b'<legacyDrawing r:id="rId7"/>', b"")
    books.write(path, found)
    annotate(path, note("A1", "甲"))
    assert b"<legacyDrawing" in parts(path)[PART]
    annotate(path, note("A1", None))
    assert parts(path)[PART] == found[PART]
    assert parts(path)["xl/comments1.xml"] == found["xl/comments1.xml"]


def test_a_note_on_no_cell_is_left_alone(noted):
    odd = COMMENTS.format(books.MAIN).replace('ref="B2"', 'ref="?"')
    path = noted(odd)
    annotate(path, note("B2", "甲"))
    assert b'<comment ref="?" authorId="0">' in parts(path)["xl/comments1.xml"]


def test_a_drawing_that_cannot_be_added_to_is_refused(noted):
    path = noted()
    found = parts(path)
    drawing = found["xl/drawings/vmlDrawing1.vml"].replace(b"</v:shape>", b"")
    books.write(path, found | {"xl/drawings/vmlDrawing1.vml": drawing})
    held = path.read_bytes()
    with pytest.raises(Unreadable, match="批注图形部件不完整"):
        annotate(path, note("A1", "甲"))
    assert path.read_bytes() == held


FOREIGN_VML = (
    '<xml xmlns:ns1="urn:schemas-microsoft-com:vml" xmlns:v="urn:schemas-microsoft-com:office:excel">{}'
    '<ns1:shape type="#{}"><v:ClientData ObjectType="Note"><v:Row>1</v:Row><v:Column>1</v:Column>'
    "</v:ClientData></ns1:shape></xml>"
)


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ("", "_x0000_t202"),  # one that is not there, as exceljs writes
        ("", "own"),
        ('<ns1:shapetype id="_x0000_t202"/>', "_x0000_t202"),
    ],
)
def test_a_drawing_under_other_prefixes(noted, kinds, kind):
    """Ours declare what they need; the drawing is the user's alone again without them."""
    path = noted()
    name = "xl/drawings/vmlDrawing1.vml"
    found = parts(path) | {name: FOREIGN_VML.format(kinds, kind).encode()}
    books.write(path, found)
    annotate(path, note("A1", "甲"), note("C3", "乙"))

    root = ET.fromstring(parts(path)[name])
    vml, excel = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
    assert len(root.findall(f"{vml}shape/{excel}ClientData[@ObjectType='Note']")) == 3
    assert len(root.findall(f"{vml}shapetype")) == bool(kinds or kind == "own")
    annotate(path, note("A1", None), note("C3", None))
    assert parts(path)[name] == found[name]


def test_relationships_of_the_user_stay_though_empty(tmp_path):
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    empty = f'{declaration}<Relationships xmlns="{books.PACKAGE}/relationships"/>'.encode()
    path = books.write(tmp_path / "本.xlsx", books.parts(ROWS) | {name: empty})
    annotate(path, note("A1", "甲"))
    annotate(path, note("A1", None))
    assert parts(path)[name] == empty


def test_ids_of_shapes_do_not_run_out():
    places = {(row, 1): Measures().box(row, 1, "甲") for row in range(1, 1501)}
    drawing = Drawing(new_drawing(2)).with_notes(places, iter([7, 9]))
    ids = [shape.id for shape in drawing.shapes]
    assert len(set(ids)) == len(places)
    assert {number // 1024 for number in ids} == {2, 7}
    assert b'data="2,7"' in drawing.text
    assert drawing.without(set(places)).empty


@given(st.integers(1, MAX_ROWS), st.integers(1, MAX_COLUMNS), st.text(max_size=200))
def test_a_box_lies_on_the_sheet_and_grows_with_its_text(row, column, text):
    measures = Measures(columns=((2, 2, 0), (5, 9, 300)))
    box = measures.box(row, column, text)
    left, _, top, _, right, _, bottom, _ = box.anchor
    assert 0 <= left <= right < MAX_COLUMNS
    assert 0 <= top < bottom < MAX_ROWS
    assert measures.box(row, column, text + "\n再一行").height >= box.height


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.dictionaries(st.tuples(st.integers(1, 50), st.integers(1, 50)), TEXTS, max_size=8), st.data())
def test_any_text_is_known_again_and_taken_out(texts, data):
    """Whatever is added and in which order it goes, the part ends as it began."""
    empty = new_comments(strict=False)
    notes = {place: OwnNote(text=text.rstrip("\n"), kind="校验") for place, text in texts.items()}
    part = Comments(empty).changed(notes)
    assert dict(Comments(part).ours) == notes
    assert list(Comments(part).notes) == sorted(notes)
    for place in data.draw(st.permutations(list(notes))):
        part = Comments(part).changed({place: None})
    assert part == empty


def test_the_last_line_signs_the_text():
    assert shown_text(OwnNote(text="甲", kind="校验")).startswith("甲\n—— zlxl 校验 ")


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ("</sheetData></worksheet>", "</sheetData>|</worksheet>"),
        ("<drawing/><legacyDrawingHF/></worksheet>", "<drawing/>|<legacyDrawingHF/></worksheet>"),
        ("<m:AlternateContent><controls/></m:AlternateContent></w>", None),
        (
            "<mergeCells><mergeCell/></mergeCells><extLst/></w>",
            "<mergeCells><mergeCell/></mergeCells>|<extLst/></w>",
        ),
    ],
)
def test_elements_stand_where_the_schema_wants_them(tail, told):
    tail = tail.removeprefix("</sheetData>").encode()
    expected = (told or "|" + tail.decode()).removeprefix("</sheetData>").encode()
    made = inserted(tail, b"legacyDrawing", b"<legacyDrawing/>")
    assert made == expected.replace(b"|", b"<legacyDrawing/>")
    assert without(made, b"legacyDrawing") == tail
