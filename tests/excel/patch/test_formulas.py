"""Formulas that give way to values, are handed on, or are written."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from tests.excel import books
from zlxl.changes import CellChange, Formula
from zlxl.errors import Unreadable
from zlxl.excel.patch.row import RowPatch
from zlxl.excel.patch.sheet import patched_sheet
from zlxl.excel.patch.translate import NotMovableError, moved, with_prefixes
from zlxl.excel.patch.value import NotStorableError, content
from zlxl.grid import Area, a1

ROWS, COLUMNS = 6, 4
FORMULA = "$B2+C$3+SUM($A$1:D9)&Sheet2!E5&\"A1\"&'a b'!F6:G7&4:5&Table1[[x]:[A1]]"


def change(place: str, value: object, *, replaces: bool = True) -> CellChange:
    area = Area.parse(place)
    return CellChange(sheet="", row=area.top, column=area.left, value=value, replace_formula=replaces)


def patched(sheet: str, *changes: CellChange) -> tuple[bytes, RowPatch]:
    planned: dict[int, dict[int, CellChange]] = {}
    for wanted in changes:
        planned.setdefault(wanted.row, {})[wanted.column] = wanted
    rows = RowPatch(planned, lambda index, _: index, date1904=False)
    return b"".join(patched_sheet([sheet.encode()], rows)), rows


def rows_of(markup: str, *changes: CellChange) -> str:
    made, rows = patched(books.worksheet(markup), *changes)
    assert rows.refused == []
    text = made.decode()
    return text[text.index("<sheetData>") + 11 : text.index("</sheetData>")]


def refusals(markup: str, *changes: CellChange) -> list[str]:
    made, rows = patched(books.worksheet(markup), *changes)
    assert made == books.worksheet(markup).encode()
    return [refusal.reason for refusal in rows.refused]


def column(formulas: dict[str, str]) -> str:
    return "".join(f'<row r="{p[1:]}"><c r="{p}">{f}<v>1</v></c></row>' for p, f in formulas.items())


FIRST = '<f t="shared" ref="A1:A3" si="4">B1</f>'
NEXT = '<f t="shared" si="4"/>'


def test_a_formula_gives_way_only_where_it_may():
    markup = '<row r="1"><c r="A1" s="3" t="str"><f>T(1)</f><v>x</v></c></row>'

    assert refusals(markup, change("A1", 5, replaces=False)) == ["是公式单元格"]
    assert rows_of(markup, change("A1", 5)) == '<row r="1"><c r="A1" s="3"><v>5</v></c></row>'
    assert rows_of(markup, change("A1", None)) == '<row r="1"><c r="A1" s="3"/></row>'
    assert patched(books.worksheet(markup), change("A1", 5))[1].formulas_changed
    assert not patched(books.worksheet(markup), change("B1", 5))[1].formulas_changed


def test_the_next_cell_takes_a_shared_formula_over():
    markup = column({"A1": FIRST, "A2": NEXT, "A3": NEXT})
    heir = '<f t="shared" si="4" ref="A2:A3">B2</f>'

    assert rows_of(markup, change("A1", None)) == column({"A2": heir, "A3": NEXT}).replace(
        "<row", '<row r="1"><c r="A1"/></row><row', 1
    )
    assert rows_of(markup, change("A1", 5), change("A2", 6)).endswith(
        column({"A3": '<f t="shared" si="4" ref="A3">B3</f>'})
    )
    assert "<f" not in rows_of(markup, *(change(f"A{row}", 5) for row in (1, 2, 3)))
    assert FIRST in rows_of(markup, change("A2", 5))


def test_beside_the_first_cell_formulas_become_plain():
    """So that the one who takes over stands at the top left of its area."""
    names = [a1(row, number) for row in (1, 2) for number in (1, 2)]
    first = FIRST.replace("A1:A3", "A1:B2")
    markup = (
        f'<row r="1"><c r="A1">{first}</c><c r="B1">{NEXT}</c></row>'
        f'<row r="2"><c r="A2">{NEXT}</c><c r="B2">{NEXT}</c></row>'
    )
    assert rows_of(markup, change(names[0], 1)) == (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>C1</f></c></row><row r="2"><c r="A2">'
        f'<f t="shared" si="4" ref="A2:B2">B2</f></c><c r="B2">{NEXT}</c></row>'
    )


def test_a_number_of_a_shared_formula_may_be_used_again():
    again = FIRST.replace("A1:A3", "A2:A3").replace("B1", "C9")
    markup = column({"A1": FIRST, "A2": again, "A3": NEXT})

    assert rows_of(markup, change("A1", 1)).endswith(column({"A2": again, "A3": NEXT}))


@pytest.mark.parametrize(
    "formulas",
    [
        {"A1": NEXT, "A2": FIRST},  # used before it is defined
        {"A1": '<f t="shared" si="4">B1</f>', "A2": NEXT},  # without an area
        {"A2": FIRST.replace("B1", "A1").replace("A1:A3", "A1:A3")},  # would leave the sheet
        {"A1": FIRST.replace("B1", "B1#"), "A2": NEXT},  # not understood
        {"A1": FIRST.replace("B1", "B1048575"), "A2": NEXT},  # would leave the sheet
    ],
)
def test_shared_formulas_that_cannot_be_handed_on(formulas):
    place = next(place for place, formula in formulas.items() if "B1" in formula or "A1" in formula)
    reasons = refusals(column(formulas), change(place, 5))

    assert reasons == ["是公式单元格，其他单元格与它共用公式，且无法改写"]


def test_a_cell_that_shares_from_beyond_the_area(tmp_path):
    """What cannot be said there ends the edit; nothing is written."""
    markup = '<row r="2"><c r="B2">' + FIRST.replace("B1", "A1").replace("A1:A3", "B2:B3") + "</c></row>"
    markup += f'<row r="3"><c r="A3">{NEXT}</c></row>'
    path = books.write(tmp_path / "本.xlsx", books.parts({"S": books.worksheet(markup)}))
    wanted = CellChange(sheet="S", row=2, column=2, value=1, replace_formula=True)
    with pytest.raises(Unreadable, match="A3 不能共用公式 A1"):
        books.patch_cells(path, path, [wanted])


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ('<f t="array" ref="A1:A2">X</f>', "数组公式"),
        ('<f t="dataTable" ref="A1:B2" r1="C1"/>', "数组公式"),
        ('<f t="dataTable" ref="A1" r1="C1"/>', "数组公式"),
    ],
)
def test_formulas_of_areas_stay(formula, reason):
    markup = f'<row r="1"><c r="A1" cm="1">{formula}<v>1</v></c></row>'
    assert reason in refusals(markup, change("A1", 5))[0]


@pytest.mark.parametrize(
    ("formula", "stored"),
    [
        ("=SUM(A1:A3)", "<f>SUM(A1:A3)</f>"),
        (' = A1<B1&"&"', '<f>A1&lt;B1&amp;"&amp;"</f>'),
        ("=xlookup(1,A:A,B:B)", "<f>_xlfn.xlookup(1,A:A,B:B)</f>"),
        ("=SORT(UNIQUE(A1:A3))", "<f>_xlfn._xlws.SORT(_xlfn.UNIQUE(A1:A3))</f>"),
        ('=IFS(A1="IFS(",  NORM.DIST(1,2,3,1))', '<f>_xlfn.IFS(A1="IFS(", _xlfn.NORM.DIST(1,2,3,1))</f>'),
        ("=_xlfn.IFS(A1,CONCAT(B1))", "<f>_xlfn.IFS(A1,CONCAT(B1))</f>"),
        ("=LET(x,CONCAT(A1),x)", "<f>LET(x,CONCAT(A1),x)</f>"),
        ("=MYIFS(1)", "<f>MYIFS(1)</f>"),
        ("=IFS(A1#)", "<f>IFS(A1#)</f>"),
    ],
)
def test_formulas_as_they_are_stored(formula, stored):
    assert content(Formula(formula), b"", date1904=False) == (None, stored.encode())
    assert content(Formula(formula, value=True), b"x:", date1904=False) == (
        "b",
        stored.replace("<f>", "<x:f>").replace("</f>", "</x:f>").encode() + b"<x:v>1</x:v>",
    )


def test_formulas_that_do_not_end():
    with pytest.raises(NotMovableError):
        moved('A1&"x', (1, 1), (2, 1))
    assert with_prefixes('IFS("x') == 'IFS("x'
    with pytest.raises(NotStorableError, match="公式"):
        content(Formula("=a\x00"), b"", date1904=False)


places = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))


@st.composite
def shared_sheets(draw) -> tuple[str, list[tuple[int, int]]]:
    """Cells of one or two areas that share a formula, some of which have another or none."""
    top, left = draw(places)
    bottom, right = draw(st.integers(top, ROWS)), draw(st.integers(left, COLUMNS))
    area, markup, held = Area(top, left, bottom, right), "", []
    for row in range(top, bottom + 1):
        cells = ""
        for number in range(left, right + 1):
            kind = (
                "shared"
                if (row, number) == (top, left)
                else draw(st.sampled_from(["shared", "shared", "own", ""]))
            )
            first = f' ref="{area}"' if not held else ""
            text = FORMULA.replace("&", "&amp;") if not held else ""
            inner = {"shared": f'<f t="shared"{first} si="0">{text}</f>', "own": "<f>Z9</f>", "": "<v>3</v>"}[
                kind
            ]
            cells += f'<c r="{a1(row, number)}">{inner}</c>'
            held.append((row, number))
        markup += f'<row r="{row}">{cells}</row>'
    return books.worksheet(markup), held


def meanings(sheet: bytes) -> dict[str, str]:
    """The formula of every cell in its own terms, by ElementTree and openpyxl."""
    shared: dict[str, Translator] = {}
    found = {}
    for cell in ET.fromstring(sheet).iter(f"{{{books.MAIN}}}c"):
        formula = cell.find(f"{{{books.MAIN}}}f")
        if formula is None:
            continue
        place, name = cell.get("r"), formula.get("si")
        if formula.text and name:
            assert Area.parse(place).top == Area.parse(formula.get("ref")).top
            assert Area.parse(place).left == Area.parse(formula.get("ref")).left
            shared[name] = Translator("=" + formula.text, place)
        found[place] = shared[name].translate_formula(place) if name else f"={formula.text}"
    return found


@settings(deadline=None)
@given(shared_sheets(), st.data())
def test_other_cells_keep_their_meaning(made, data):
    """Whichever of the cells that share a formula are given values, the others say what they said."""
    sheet, held = made
    gone = data.draw(st.lists(st.sampled_from(held), unique=True))
    before = meanings(sheet.encode())
    after, rows = patched(sheet, *(change(a1(*place), 1) for place in gone))

    assert rows.refused == []
    left = {place: formula for place, formula in before.items() if place not in {a1(*p) for p in gone}}
    assert meanings(after) == left


def test_libre_readers_are_told_to_calculate(tmp_path):
    """The workbook asks for a full calculation, as formulas may depend on what was changed."""
    path: Path = books.write(tmp_path / "本.xlsx", books.parts({"S": books.worksheet("")}))
    books.patch_cells(path, path, [CellChange(sheet="S", row=1, column=1, value=Formula("=1+1", value=2))])
    with zipfile.ZipFile(path) as archive:
        assert 'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml").decode()
