"""References in formulas: filled down as openpyxl and Excel do it, and found where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from zlxl.excel.patch.references import filled_down, references
from zlxl.grid import Area


@pytest.mark.parametrize(
    ("formula", "below"),
    [
        ("A1+$B2*C$3", "A3+$B4*C$3"),
        ("SUM(A1:B2,Sheet1!C3,'a b'!$D4)", "SUM(A3:B4,Sheet1!C5,'a b'!$D6)"),
        ("LOG10(A1)", "LOG10(A3)"),
        ('"A1"&A1&"""A1"', '"A1"&A3&"""A1"'),
        ("表1[[#This Row],[A1]]*A2", "表1[[#This Row],[A1]]*A4"),
        ("T[A']1]+A1", "T[A']1]+A3"),
        ("AB12[x]+表A1+x.A1+TRUE", "AB12[x]+表A1+x.A1+TRUE"),
        ("XYZ1+ABC123X+1E5+A0", "XYZ1+ABC123X+1E5+A0"),  # no cell of a sheet
        ("A1:INDEX(B:B,C3)", "A3:INDEX(B:B,C5)"),
        ("SUM(1:3,$1:4)", "SUM(3:5,$1:6)"),
        ("[1]Sheet!A1+'[1]a''b!c'!A1:B2", "[1]Sheet!A3+'[1]a''b!c'!A3:B4"),
        ("Sheet1!A1:Sheet1!B2+Q1:Q4", "Sheet1!A3:Sheet1!B4+Q3:Q6"),
        ("A1048575+A1", "#REF!+A3"),
    ],
)
def test_filling_down(formula, below):
    assert filled_down(formula, 2) == below


CELLS = st.builds(
    lambda a, column, b, row: f"{a}{column}{b}{row}",
    st.sampled_from(["", "$"]),
    st.sampled_from(["A", "Z", "AB", "XFD"]),
    st.sampled_from(["", "$"]),
    st.integers(1, 1_000_000),
)
OPERANDS = st.one_of(
    CELLS,
    st.tuples(CELLS, CELLS).map(":".join),
    CELLS.map(lambda cell: f"'甲 ''乙'!{cell}"),
    st.sampled_from(["1.5", '"A1"', "T[[#This Row],[B2]]", "名称", "LOG10(A1)", "TRUE"]),
)
FORMULAS = st.lists(OPERANDS, min_size=1, max_size=5).map("+".join)


@given(FORMULAS, st.integers(0, 40_000))
def test_the_same_as_openpyxl(formula, rows):
    assert f"={filled_down(formula, rows)}" == Translator(f"={formula}", "A1").translate_formula(
        row_delta=rows, col_delta=0
    )


def test_references_are_told_with_their_sheets():
    found = references("SUM(A1:b2,Sheet1!C3,'a b'!$D4:$D$5,1:3)")
    assert [(r.sheet, r.area) for r in found] == [
        ("", Area(1, 1, 2, 2)),
        ("Sheet1", Area(3, 3, 3, 3)),
        ("'a b'", Area(4, 4, 5, 4)),
        ("", Area(1, 1, 3, 16_384)),
    ]
