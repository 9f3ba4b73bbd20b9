"""What points to a totals row from outside of its table and would point to data once the row has moved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from zlxl.excel.package import MAX_PART_BYTES
from zlxl.excel.patch.book import BookPatch, SheetEdit
from zlxl.excel.patch.markup import as_utf8, attribute, child, children, root, tags, unescaped
from zlxl.excel.patch.references import Reference, references
from zlxl.grid import Area

LONGEST = 64 << 10  # bytes of a formula's element; Excel's formulas have at most 8,192 characters


def referring(book: BookPatch, edit: SheetEdit, row: Area, own: Collection[str]) -> str | None:
    """The first formula or note that refers to cells of a totals row, as words; None where there is none.

    ``own`` are the formulas of the row itself.
    """
    for other in book.sheets:
        for formula in _formulas(book, other, row.top):
            is_own = other is edit and formula in own
            if not is_own and _points(formula, edit.grid.sheet, row, unqualified=other is edit):
                return f"工作表“{other.grid.sheet}”的公式 ={formula}"
    for name, formula in _names(book):
        if _points(formula, edit.grid.sheet, row, unqualified=False):
            return f"名称“{name}”"
    return next((f"单元格 {place} 的批注" for place in _noted(book, edit) if _within(place, row)), None)


def _formulas(book: BookPatch, edit: SheetEdit, row: int) -> Iterator[str]:
    """Formulas of a sheet that seem to name a row."""
    pattern = re.compile(
        rb"<(?:[\w.-]+:)?(?:f|formula|formula[12])(?:\s[^<>]*)?>([^<]*[A-Za-z]\$?%d(?![0-9])[^<]*)<" % row
    )
    for piece in _overlapping(as_utf8(book.package.chunks(edit.grid.part, MAX_PART_BYTES))[1]):
        yield from (unescaped(found[1]).strip() for found in pattern.finditer(piece))


def _overlapping(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held = held[-LONGEST:] + chunk
        yield held


def _names(book: BookPatch) -> Iterator[tuple[str, str]]:
    text = book.parts.text(book.parts.main)
    names = child(text, root(text), b"definedNames")
    for node in children(text, names.inner, names.close) if names else ():
        name = attribute(node.tag(text), b"name") or ""
        if not name.startswith("_xlnm."):
            yield name, unescaped(text[node.inner : node.close])


def _noted(book: BookPatch, edit: SheetEdit) -> Iterator[str]:
    for relation in book.parts.relations(edit.grid.part):
        if relation.kind == "comments" and relation.target in book.parts:
            text = book.parts.text(relation.target)
            yield from (attribute(m[0], b"ref") or "" for m in tags(text) if m["name"] == b"comment")


def _within(place: str, row: Area) -> bool:
    try:
        area = Area.parse(place)
    except ValueError:
        return False
    return area.top == row.top and row.left <= area.left <= row.right


def _points(formula: str, sheet: str, row: Area, *, unqualified: bool) -> bool:
    """Whether a formula refers to cells of the row, or to a range that begins or ends with it."""
    return any(_meets(r, sheet, row, unqualified=unqualified) for r in references(formula))


def _meets(reference: Reference, sheet: str, row: Area, *, unqualified: bool) -> bool:
    named = reference.sheet.strip("'").replace("''", "'").casefold()
    if named != sheet.casefold() and (named or not unqualified):
        return False
    area = reference.area
    return row.top in (area.top, area.bottom) and area.left <= row.right and area.right >= row.left
