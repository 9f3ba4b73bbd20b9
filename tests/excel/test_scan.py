"""The fast scan gives exactly what the exact parser gives, in every spelling of worksheet XML."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.excel.books import worksheet
from zlxl.excel import part as part_module
from zlxl.excel.exact import CellError, StoredCell, all_cells, row_cells
from zlxl.excel.part import SheetPart
from zlxl.excel.scan import NotCanonicalError, RowScanner, Scanned
from zlxl.grid import MAX_COLUMNS, Kind, column_letters

STYLES = 5


def plain(cells: list[StoredCell]) -> dict[tuple[int, int], tuple[int, float | str | None, int]]:
    """Cells by place, NaN as None."""
    return {
        (cell.row, cell.column): (
            int(cell.kind),
            None if isinstance(cell.value, float) and math.isnan(cell.value) else cell.value,
            cell.style,
        )
        for cell in cells
    }


def unpacked(found: Scanned) -> list[StoredCell]:
    """The scan's arrays as cells."""
    texts = dict(zip(found.text_at.tolist(), found.texts, strict=True))
    shared = set(found.shared_at.tolist())
    for at, kind in enumerate(found.kinds.tolist()):
        assert (kind in (Kind.TEXT, Kind.ERROR, Kind.ISO_DATE)) == (at in shared or at in texts)
    columns = zip(
        found.rows.tolist(),
        found.columns.tolist(),
        found.kinds.tolist(),
        found.data.tolist(),
        found.styles.tolist(),
        strict=True,
    )
    return [
        StoredCell(row, column, Kind(kind), texts.get(at, datum), style)
        for at, (row, column, kind, datum, style) in enumerate(columns)
    ]


def both(rows: str | bytes, wanted: list[int] | None = None) -> tuple[dict, dict]:
    """What the scan and the exact parser find."""
    raw = rows if isinstance(rows, bytes) else rows.encode()
    columns = wanted or list(range(1, MAX_COLUMNS + 1))
    try:
        exact = [cell for cell in row_cells(raw, STYLES) if cell.column in set(columns)]
    except CellError:  # rows beyond the sheet have tests of their own
        reject()
    try:
        fast = unpacked(RowScanner(columns, STYLES).scan(raw))
    except NotCanonicalError:
        fast = exact
    return plain(fast), plain(exact)


def same(rows: str | bytes, wanted: list[int] | None = None) -> dict:
    """What both find, after asserting that it is the same."""
    fast, exact = both(rows, wanted)
    assert fast == exact
    return fast


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    max_size=8,
) | st.sampled_from(["", " a ", "_x000D_", "a&b", "<v>1</v>", "_x005F_x000D_", "x\r\ny", "\t", "合同"])
numbers = (
    st.integers(-(10**17), 10**17).map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | st.sampled_from(
        ["0", "007", "1e5", "1E-7", "+1", ".5", "1.", " 12 ", "99999999", "100000000", "44927.5"]
    )
)
blanks = st.sampled_from(["", "", "", " ", "\n  ", "\r\n"])


@st.composite
def quoted(draw, name: str, value: str) -> str:
    quote = draw(st.sampled_from(['"', '"', '"', "'"]))
    return f"{draw(st.sampled_from([' ', ' ', ' ', '  ', chr(10)]))}{name}={quote}{value}{quote}"


@st.composite
def marked(draw, raw: str) -> str:
    """Character data in some spelling."""
    way = draw(st.sampled_from(["escaped", "escaped", "escaped", "cdata", "reference", "comment"]))
    if way == "cdata" and "]]>" not in raw:
        return f"<![CDATA[{raw}]]>"
    if way == "reference":
        return "".join(f"&#{ord(c)};" if ord(c) > 0x20 else c for c in raw)
    return escape(raw) + ("<!-- <c r='A1'> -->" if way == "comment" and draw(st.integers(0, 3)) == 0 else "")


def formula(draw) -> str:
    return draw(
        st.sampled_from(
            ["", "", "", "<f>A1+1</f>", '<f t="shared" si="0"/>', '<f t="array" ref="A1">B1&gt;1</f>', "<f/>"]
        )
    )


@st.composite
def contents(draw) -> tuple[str, str]:
    """Type attribute and inner markup of a cell."""
    kind = draw(st.sampled_from(["n", "n", "", "", "s", "s", "b", "e", "str", "inlineStr", "d", "nothing"]))
    f = formula(draw)
    if kind == "nothing":
        return draw(st.sampled_from(["", "s", "str", "b", "inlineStr"])), f + draw(
            st.sampled_from(["", "", "<v/>", "<v></v>", "<v />"])
        )
    if kind == "inlineStr":
        text = draw(marked(draw(texts)))
        space = draw(st.sampled_from(["", ' xml:space="preserve"', " xml:space='preserve'"]))
        one = f"<t{space}>{text}</t>"
        return kind, draw(
            st.sampled_from(
                [
                    f"<is>{one}</is>",
                    f"<is>{one}</is>",
                    f"<is><r><rPr><color rgb='1'/></rPr>{one}</r><r>{one}</r></is>",
                    f"<is>{one}<rPh sb='0' eb='1'><t>pinyin</t></rPh></is>",
                    f"<is> {one} </is>",
                    "<is/>",
                    "<is><t/></is>",
                ]
            )
        )
    value = {
        "n": numbers,
        "": numbers,
        "s": st.integers(0, 10**9).map(str),
        "b": st.sampled_from(["0", "1", "true", "false"]),
        "e": st.sampled_from(["#N/A", "#DIV/0!"]),
        "str": texts,
        "d": st.sampled_from(["2024-01-02", "2024-01-02T03:04:05Z"]),
    }[kind]
    text = draw(marked(draw(value)))
    opening = draw(st.sampled_from(["<v>", "<v>", "<v>", "<v >", '<v xml:space="preserve">']))
    extra = draw(st.sampled_from(["", "", "", "", "<extLst><ext><v>9</v></ext></extLst>"]))
    return kind, f"{f}{opening}{text}</v>{extra}"


@st.composite
def cells(draw, row: int, column: int) -> str:
    stored_type, inner = draw(contents())
    attributes = []
    if draw(st.integers(0, 9)):
        attributes.append(draw(quoted("r", f"{column_letters(column)}{row}")))
    if draw(st.booleans()):
        attributes.append(
            draw(quoted("s", draw(st.sampled_from(["0", "1", "4", "5", "99", "65536", "9999999999"]))))
        )
    if stored_type:
        attributes.append(draw(quoted("t", stored_type)))
    if draw(st.integers(0, 9)) == 0:
        attributes.append(draw(quoted(draw(st.sampled_from(["cm", "vm", "ph", "x"])), "1")))
    if draw(st.integers(0, 4)) == 0:
        attributes = draw(st.permutations(attributes))
    start = f"<c{''.join(attributes)}"
    if not inner and draw(st.booleans()):
        return start + "/>"
    blank = draw(blanks)
    return f"{start}>{blank}{inner}{blank}</c>"


@st.composite
def sheets(draw) -> str:
    rows = draw(st.lists(st.integers(1, 1_048_576), max_size=5, unique=True))
    if draw(st.integers(0, 4)):
        rows.sort()
    out = []
    for row in rows:
        columns = sorted(
            draw(st.lists(st.integers(1, 30) | st.integers(1, MAX_COLUMNS), max_size=4, unique=True))
        )
        inner = "".join(draw(cells(row, column)) + draw(blanks) for column in columns)
        label = draw(quoted("r", str(row))) if draw(st.integers(0, 9)) else ""
        spans = draw(st.sampled_from(["", "", ' spans="1:3"', ' x14ac:dyDescent="0.2"']))
        attributes = label + spans if draw(st.integers(0, 3)) else spans + label
        empty = draw(st.booleans()) and not inner
        out.append(f"<row{attributes}/>" if empty else f"<row{attributes}>{inner}</row>")
    joint = draw(blanks)
    return joint.join(out)


@settings(max_examples=600, deadline=None)
@given(sheets())
def test_scan_and_exact_parser_find_the_same_cells(rows):
    """Attribute order, quotes, blanks, entities, CDATA, comments, missing addresses: both roads agree."""
    same(rows)


@settings(max_examples=150, deadline=None)
@given(sheets(), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_scan_of_some_columns(rows, wanted):
    """Asking for some columns gives exactly their cells."""
    same(rows, wanted)


@settings(max_examples=100, deadline=None)
@given(sheets(), st.sampled_from(["", "x:"]), st.integers(64, 400))
def test_runs_cut_between_rows(rows, prefix, run_bytes):
    """A part cut into small runs, with or without prefix, gives the same cells as one parse."""
    document = worksheet(rows).replace("x14ac:", "")
    if prefix and "<!" not in document:
        document = (
            document.replace("</", "<\0").replace("<", f"<{prefix}").replace(f"<{prefix}\0", f"</{prefix}")
        )
        document = document.replace(f"<{prefix}?", "<?")
    raw = document.encode()
    before = part_module.RUN_BYTES
    part_module.RUN_BYTES = run_bytes
    try:
        scanner = RowScanner(range(1, MAX_COLUMNS + 1), STYLES)
        part = SheetPart(lambda: iter([raw[i : i + 50] for i in range(0, len(raw), 50)]))
        fast = [cell for run in part.runs() for cell in unpacked(scanner.scan(run))]
    except NotCanonicalError:
        return
    finally:
        part_module.RUN_BYTES = before
    exact = [cell for batch in all_cells([raw], STYLES) for cell in batch]
    assert plain(fast) == plain(exact)
    assert part.around is not None
    assert part.around[1].endswith(b"worksheet>")


CANONICAL = {
    "shared string": ('<c r="A1" s="1" t="s"><v>7</v></c>', (Kind.TEXT, 7.0, 1)),
    "type before style": ('<c r="A1" t="s" s="1"><v>7</v></c>', (Kind.TEXT, 7.0, 1)),
    "number": ('<c r="A1"><v>-1.5</v></c>', (Kind.NUMBER, -1.5, 0)),
    "sixteen digits": ('<c r="A1"><v>1234567890123456</v></c>', (Kind.NUMBER, 1234567890123456.0, 0)),
    "bool": ('<c r="A1" t="b"><v>1</v></c>', (Kind.BOOL, 1.0, 0)),
    "error": ('<c r="A1" t="e"><v>#N/A</v></c>', (Kind.ERROR, "#N/A", 0)),
    "date": ('<c r="A1" t="d"><v>2024-01-02</v></c>', (Kind.ISO_DATE, "2024-01-02", 0)),
    "formula": ('<c r="A1"><f>1+1</f><v>2</v></c>', (Kind.NUMBER, 2.0, 0)),
    "shared formula": ('<c r="A1"><f t="shared" si="0"/><v>2</v></c>', (Kind.NUMBER, 2.0, 0)),
    "formula without value": ('<c r="A1" s="2"><f>1+1</f></c>', (Kind.PENDING, None, 2)),
    "formula with empty value": ('<c r="A1"><f>1+1</f><v></v></c>', (Kind.PENDING, None, 0)),
    "formula with closed value": ('<c r="A1"><f>1+1</f><v/></c>', (Kind.PENDING, None, 0)),
    "text formula": ('<c r="A1" t="str"><f>B1</f><v> a&amp;b </v></c>', (Kind.TEXT, " a&b ", 0)),
    "empty text formula": ('<c r="A1" t="str"><f>B1</f><v></v></c>', (Kind.TEXT, "", 0)),
    "inline": ('<c r="A1" t="inlineStr"><is><t> 甲 </t></is></c>', (Kind.TEXT, "甲", 0)),
    "inline with space": (
        '<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>',
        (Kind.TEXT, " 甲 ", 1),
    ),
    "escaped": ('<c r="A1" t="str"><v>a_x000D__x005F_x000D_</v></c>', (Kind.TEXT, "a\r_x000D_", 0)),
    "style beyond": ('<c r="A1" s="77"><v>1</v></c>', (Kind.NUMBER, 1.0, 0)),
}


@pytest.mark.parametrize("name", CANONICAL)
def test_canonical_cell(name):
    """The usual spellings mean what they should, on both roads."""
    markup, wanted = CANONICAL[name]
    assert same(f'<row r="1" spans="1:1">{markup}</row>') == {(1, 1): wanted}


@pytest.mark.parametrize("name", CANONICAL)
def test_canonical_cells_are_scanned(name, monkeypatch):
    """The usual spellings do not need the exact parser."""
    monkeypatch.setattr("zlxl.excel.scan.row_cells", None)
    found = RowScanner([1, 2], STYLES).scan(
        f'<row r="1">{CANONICAL[name][0]}<c r="B1" s="1"/></row>'.encode()
    )
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A0"><v>1</v></c>',
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A1048577"><v>1</v></c>',
        '<c r="甲1"><v>1</v></c>',
        '<c r="A1" t="s"><v>x</v></c>',
        '<c r="A1" t="b"><v>2</v></c>',
        '<c r="A1" t="z"><v>2</v></c>',
        '<c r="A1"><v>1_0</v></c>',
        '<c r="A1"><v>nan</v></c>',
        '<c r="A1"><v>1e999</v></c>',
    ],
)
def test_impossible_cells_are_refused(cell):
    """An address or value that cannot be is an error with the cell, never a guess."""
    raw = f'<row r="1">{cell}</row>'.encode()
    with pytest.raises(CellError):
        row_cells(raw, STYLES)
    with pytest.raises(CellError):
        RowScanner([1], STYLES).scan(raw)


@pytest.mark.parametrize("label", ["0", "1048577", "99999999", "9" * 30])
def test_impossible_rows_are_refused(label):
    """A row beyond the sheet is an error."""
    raw = f'<row r="{label}"><c><v>1</v></c></row>'.encode()
    if label != "9" * 30:
        with pytest.raises(CellError):
            row_cells(raw, STYLES)
    with pytest.raises((CellError, NotCanonicalError)):
        RowScanner([1], STYLES).scan(raw)


def test_unknown_entity_is_refused():
    """Only the five entities of XML exist."""
    with pytest.raises(ValueError, match="实体"):
        RowScanner([1], STYLES).scan(b'<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>')


def test_many_distinct_attribute_tails():
    """More styles than the table of tails holds, and tails longer than its keys."""
    styles = 60_000
    markup = [f'<c r="A{i}" s="{i * 7}"  t="s"><v>{i}</v></c>' for i in range(1, 8001)]
    raw = "".join(f'<row r="{i}">{cell}</row>' for i, cell in enumerate(markup, 1)).encode()
    scanner = RowScanner([1], styles)
    for _ in range(2):
        found = scanner.scan(raw)
        assert found.styles.tolist() == [i * 7 if i * 7 < styles else 0 for i in range(1, 8001)]
        np.testing.assert_array_equal(found.data, np.arange(1, 8001))


def test_text_without_rows():
    """Blanks between the tags of sheetData hold no cell; cells outside rows need the parser."""
    assert same(" \n ") == {}
    with pytest.raises(NotCanonicalError):
        RowScanner([1], STYLES).scan(b'<c r="A1"><v>1</v></c>')
