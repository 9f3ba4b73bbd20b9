"""Rows passed on unseen: the same bytes as when every tag is looked at."""

from __future__ import annotations

import io
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.excel import books
from zlxl.changes import CellChange, Formula
from zlxl.excel.patch.row import RowPatch
from zlxl.excel.patch.sheet import patched_sheet
from zlxl.excel.patch.splitter import Marks
from zlxl.grid import a1

ROWS, COLUMNS = 9, 4
CONTENTS = (
    "<v>1</v>",
    "",
    "<f>A1</f><v>3</v>",
    '<f t="shared" si="0"/><v>1</v>',
    '<f t="array" ref="{0}:D7">A1</f><v>1</v>',
    "<is><t>a</t></is>",
    "<!-- x -->",
)


@st.composite
def sheets(draw) -> str:
    """Rows as Excel spells them, now and then one otherwise; one shared formula."""
    rows, shared = "", False
    for row in sorted(draw(st.sets(st.integers(1, ROWS)))):
        cells = ""
        for column in sorted(draw(st.sets(st.integers(1, COLUMNS)))):
            inner = draw(st.sampled_from(CONTENTS)).format(a1(row, column))
            if "shared" in inner and not shared:
                shared, inner = True, f'<f t="shared" ref="{a1(row, column)}:D9" si="0">$A1+$B$2</f>'
            cells += f'<c r="{a1(row, column)}">{inner}</c>' if inner else f'<c r="{a1(row, column)}" s="1"/>'
        odd = draw(st.integers(0, 9)) == 0
        rows += f"<row r='{row}'>{cells}</row>" if odd else f'<row r="{row}" spans="1:4">{cells}</row>'
    return books.worksheet(rows, behind="<rowBreaks/>")


changes = st.dictionaries(
    st.tuples(st.integers(1, ROWS + 1), st.integers(1, COLUMNS + 1)),
    st.tuples(st.sampled_from([None, 5, "文", Formula("=B2", value=1)]), st.booleans()),
    max_size=6,
)


def patched(sheet: str, wanted: dict[tuple[int, int], tuple[object, bool]], size: int) -> object:
    planned: dict[int, dict[int, CellChange]] = {}
    for (row, column), (value, replaces) in wanted.items():
        change = CellChange(sheet="", row=row, column=column, value=value, replace_formula=replaces)
        planned.setdefault(row, {})[column] = change
    rows = RowPatch(planned, lambda index, _: index, date1904=False)
    stream = io.BytesIO(sheet.encode())
    made = b"".join(patched_sheet(iter(lambda: stream.read(size), b""), rows))
    return made, {(r.change, r.reason) for r in rows.refused}, rows.formulas_changed


@settings(deadline=None)  # the first formula loads openpyxl
@given(sheets(), changes, st.integers(50, 900))
def test_both_ways_give_the_same(sheet, wanted, size):
    quick = patched(sheet, wanted, size)
    with patch.object(Marks, "runs", lambda _: iter(())):
        assert patched(sheet, wanted, size) == quick
