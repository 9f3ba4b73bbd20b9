"""However a sheet is spelled, an edit changes the wanted cells, and only their bytes."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.excel import books
from zlxl.changes import CellChange
from zlxl.excel.exact import all_cells
from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import as_utf8, attribute, children, closed, opened, root, tags, with_attribute
from zlxl.excel.patch.row import RowPatch
from zlxl.excel.patch.sheet import patched_sheet
from zlxl.excel.patch.splitter import Marks
from zlxl.grid import Kind, a1

ROWS, COLUMNS = 8, 6
STYLES = 9

quotes = st.sampled_from("'\"")
blanks = st.sampled_from(["", " ", "\n "])
asides = st.sampled_from(["", "", "<!-- <c r='A1'/> </row> > -->", "<?x <row r='1'> ?>", "\n"])
contents = st.sampled_from(
    ["", "<v>1</v>", "<v>0.50</v>", "<f>A1</f><v>3</v>", " <v>7</v> ", "<v>8</v><extLst><x a='>'/></extLst>"]
)


@st.composite
def tag(draw, name: str, attributes: dict[str, str]) -> str:
    """A start tag without its end: attributes in any order, with either quotes and any blanks."""
    text = f"<{name}"
    for key, value in draw(st.permutations(list(attributes.items()))):
        quote = draw(quotes)
        text += f" {draw(blanks)}{key}{draw(blanks)}={quote}{value}{quote}"
    return text + draw(blanks)


@st.composite
def element(draw, name: str, attributes: dict[str, str], inner: str) -> str:
    start = draw(tag(name, attributes))
    if not inner and draw(st.booleans()):
        return f"{start}/>"
    return f"{start}>{inner}</{name}{draw(blanks)}>"


@st.composite
def sheets(draw) -> str:
    """Rows of a sheet with cells of all spellings; a reference may be missing where counting gives it."""
    rows, last = "", 0
    for row in sorted(draw(st.sets(st.integers(1, ROWS)))):
        cells, previous = draw(asides), 0
        for column in sorted(draw(st.sets(st.integers(1, COLUMNS)))):
            named = column != previous + 1 or draw(st.booleans())
            attributes = {"r": a1(row, column)} if named else {}
            attributes |= draw(st.sampled_from([{}, {"s": "3"}, {"s": "1", "cm": "1"}, {"x:y": " r=&gt;"}]))
            inner = draw(contents)
            if draw(st.booleans()) and inner == "":
                attributes["t"], inner = "inlineStr", "<is><t>a</t></is>"
            cells, previous = cells + draw(element("c", attributes, inner)) + draw(asides), column
        attributes = {"r": str(row)} if row != last + 1 or draw(st.booleans()) else {}
        attributes |= draw(st.sampled_from([{}, {"spans": "1:16384"}, {"ht": "15", "x:r": "99"}]))
        rows, last = rows + draw(element("row", attributes, cells)) + draw(asides), row
    return books.worksheet(rows).replace("xmlns:r=", 'xmlns:x="x" xmlns:r=')


values = st.one_of(st.none(), st.integers(-5, 5), st.just("文"), st.booleans(), st.floats(-1, 1))
edits = st.dictionaries(st.tuples(st.integers(1, ROWS + 1), st.integers(1, COLUMNS + 1)), values, max_size=9)


def found(sheet: bytes) -> dict[tuple[int, int], object]:
    cells = [cell for batch in all_cells([sheet], STYLES) for cell in batch]
    return {(c.row, c.column): (c.kind, c.value, c.style) for c in cells if c.kind is not Kind.PENDING}


def patched(sheet: str, wanted: dict[tuple[int, int], object], size: int) -> tuple[bytes, RowPatch]:
    changes: dict[int, dict[int, CellChange]] = {}
    for (row, column), value in wanted.items():
        change = CellChange(sheet="", row=row, column=column, value=value)
        changes.setdefault(row, {})[column] = change
    rows = RowPatch(changes, lambda index, _: index, date1904=False)
    stream = io.BytesIO(sheet.encode())
    return b"".join(patched_sheet(iter(lambda: stream.read(size), b""), rows)), rows


def refused(rows: RowPatch) -> set[tuple[int, int]]:
    return {(refusal.change.row, refusal.change.column) for refusal in rows.refused}


@given(sheets(), edits, st.integers(1, 400))
def test_edit_changes_the_wanted_cells_alone(sheet, wanted, size):
    """Read by the exact parser, cut into chunks of any size; formulas are refused."""
    new, rows = patched(sheet, wanted, size)
    kept = refused(rows)
    before, after = found(sheet.encode()), found(new)

    ET.fromstring(new)
    for place in before.keys() | after.keys():
        if place not in wanted or place in kept:
            assert after.get(place) == before.get(place)
    for place, value in wanted.items():
        if place not in kept:
            kind, stored, style = after.get(place, (Kind.EMPTY, None, 0))
            assert stored == value
            assert (kind is Kind.BOOL) is isinstance(value, bool)
            assert value is None or place not in before or style == before[place][2]


@given(sheets(), edits, st.integers(1, 400))
def test_bytes_outside_the_wanted_cells_stay(sheet, wanted, size):
    """Every piece of markup outside these cells is in the new sheet, in the same order."""
    new, rows = patched(sheet, wanted, size)
    at = 0
    for piece in pieces_outside(sheet.encode(), {place for place in wanted if place not in refused(rows)}):
        at = new.find(piece, at) + len(piece)
        assert at >= len(piece), piece


def pieces_outside(sheet: bytes, places: set[tuple[int, int]]) -> Iterator[bytes]:
    """The bytes of a sheet without some cells, cut at its tags."""
    number, done, kept = 0, 0, []
    for row in children(sheet, sheet.index(b"<sheetData>") + 11, sheet.rindex(b"</sheetData>")):
        number = int(attribute(row.tag(sheet), b"r") or number + 1)
        column = 0
        for cell in children(sheet, row.inner, row.close):
            reference = attribute(cell.tag(sheet), b"r")
            column = ord(reference[0]) - 64 if reference else column + 1
            if (number, column) in places:
                kept.append(sheet[done : cell.start])
                done = cell.end
    for piece in (*kept, sheet[done:]):
        for markup in re.split(rb"(?=<)|(?<=>)", piece):
            yield from re.split(rb"\s*/>", markup) if markup.startswith(b"<row") else (markup,)


def test_unfinished_aside_at_the_end():
    for text in (b"<a><!-- <row", b"<a><![CDATA[ <row", b"<?xml <row", b"<a><!"):
        assert list(Marks([text[:5], b"", text[5:]])) == []


@pytest.mark.parametrize(
    "text", ["<worksheet/>", "<worksheet><sheetData><row/>", "<worksheet><sheetData><row r='1'><c r='A1'/>"]
)
def test_part_that_ends_early(text):
    with pytest.raises(EOFError):
        patched(text, {(1, 1): 1, (9, 1): 1}, 4096)


def test_document_without_element_or_known_encoding():
    with pytest.raises(ValueError, match="根元素"):
        root(b"<!-- -->")
    with pytest.raises(ValueError, match="klingon"):
        as_utf8([b'<?xml version="1.0" encoding="klingon"?><a/>'])


def test_document_type():
    with pytest.raises(SuspectError, match="DTD"):
        list(Marks([b"<!DOCTYPE a>", b"<row r='1'/>"]))
    with pytest.raises(SuspectError):
        list(tags(b"<a><!-- "))


def test_gap_that_never_ends(monkeypatch):
    monkeypatch.setattr("zlxl.excel.patch.splitter.MAX_GAP_BYTES", 10)
    with pytest.raises(SuspectError, match="异常巨大"):
        list(Marks([b"<a/>" * 9, b"<row r='1'/>"]))


def test_row_that_never_ends(monkeypatch):
    monkeypatch.setattr("zlxl.excel.patch.rows.MAX_ROW_BYTES", 10)
    sheet = books.worksheet("<row r='1'>" + "<c><v>1</v><f a=''/></c>" * 9 + "</row>")
    with pytest.raises(SuspectError, match="异常巨大"):
        patched(sheet, {(1, 1): 1}, 4096)


ESCAPES = {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\t": "&#x9;"}


@given(st.dictionaries(st.sampled_from(["a", "b", "x:a"]), st.text("a<>&\"'\n\t é中", max_size=4)), st.data())
def test_attributes_are_set_read_and_removed(attributes, data):
    """Whatever the spelling, an XML parser and we see the same, and the other attributes stay."""
    plain = {key: escape(value, ESCAPES) for key, value in attributes.items()}
    start = data.draw(tag("e", plain)) + "/>"
    value = data.draw(st.none() | st.text("a<>&\"'\n\t中"))
    changed = with_attribute(start.encode(), b"a", value)

    wanted = {k: v for k, v in attributes.items() if k != "a"} | ({} if value is None else {"a": value})
    parsed = ET.fromstring(b'<r xmlns:x="x">' + closed(opened(changed)) + b"</r>")[0].attrib
    assert {key.replace("{x}", "x:"): v for key, v in parsed.items()} == wanted
    assert {k: attribute(changed, k.encode()) for k in wanted} == wanted
