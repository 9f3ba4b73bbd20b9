"""The styles part with cell formats appended: clones of those in use under another number format."""

from __future__ import annotations

from dataclasses import dataclass

from zlxl.errors import Unwritable
from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    children,
    opened,
    replaced,
    root,
    with_attribute,
)
from zlxl.excel.styles import BUILTIN
from zlxl.grid import GENERAL

#: Built-in formats that look the same in every language of Excel.
SAME_EVERYWHERE = {BUILTIN[number]: number for number in (0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 49)}
FIRST_OWN = 164  # ids of number formats below are the program's
MAX_FORMATS = 65_000  # Excel stops at 65,490 cell formats


@dataclass(frozen=True, kw_only=True)
class _Section:
    """A counted list in the part."""

    node: Node
    items: tuple[Node, ...]


class StylesPatch:
    """Cell formats of a workbook; asked for a variant, it gives the index of an equal or an added one."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._root = root(text)
        self._formats = self._section(b"numFmts")
        cells = self._section(b"cellXfs")
        if cells is None or not cells.items:
            raise ValueError("样式部件缺少 cellXfs")
        self._cells = cells
        self._codes = self._stated_codes()
        self._indexes: dict[bytes, int] = {}
        for index, node in enumerate(cells.items):
            self._indexes.setdefault(text[node.start : node.end], index)
        self._added_codes: list[bytes] = []
        self._added_cells: list[bytes] = []
        self._known: dict[tuple[int, str | None, bool], int] = {}

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._added_cells)

    def variant(self, index: int, number_format: str | None, *, is_text: bool) -> int:
        """Index of the format with another number format, None for its own.

        A format that marks its cells as text typed behind an apostrophe loses the mark for other values.
        """
        key = index, number_format, is_text
        if key not in self._known:
            self._known[key] = self._variant(*key)
        return self._known[key]

    def _variant(self, index: int, number_format: str | None, is_text: bool) -> int:
        if index >= len(self._cells.items):
            index = 0
        node = self._cells.items[index]
        tag = node.tag(self._text)
        if number_format is not None and attribute(tag, b"numFmtId") != (number := self._id(number_format)):
            tag = with_attribute(tag, b"numFmtId", number)
            tag = with_attribute(tag, b"applyNumberFormat", "1")
        if not is_text and attribute(tag, b"quotePrefix") in ("1", "true"):
            tag = with_attribute(tag, b"quotePrefix", None)
        if tag == node.tag(self._text):
            return index
        return self._index(tag + self._text[node.inner : node.end])

    def _index(self, markup: bytes) -> int:
        if markup not in self._indexes:
            count = len(self._cells.items) + len(self._added_cells)
            if count >= MAX_FORMATS:
                raise Unwritable("工作簿的单元格格式已接近 Excel 上限，不能再添加；请先清理多余的样式。")
            self._indexes[markup] = count
            self._added_cells.append(markup)
        return self._indexes[markup]

    def _id(self, code: str) -> str:
        if code in SAME_EVERYWHERE:
            return str(SAME_EVERYWHERE[code])
        if code not in self._codes:
            number = max(FIRST_OWN - 1, *self._codes.values(), 0) + 1
            self._codes[code] = number
            tag = b"<" + self._root.prefix + b"numFmt/>"
            tag = with_attribute(with_attribute(tag, b"numFmtId", str(number)), b"formatCode", code)
            self._added_codes.append(tag)
        return str(self._codes[code])

    def _stated_codes(self) -> dict[str, int]:
        codes: dict[str, int] = {}
        for node in self._formats.items if self._formats else ():
            number = attribute(node.tag(self._text), b"numFmtId") or ""
            if number.isdecimal():
                codes.setdefault(attribute(node.tag(self._text), b"formatCode") or GENERAL, int(number))
        return codes

    def _section(self, name: bytes) -> _Section | None:
        node = child(self._text, self._root, name)
        if node is None:
            return None
        return _Section(node=node, items=tuple(children(self._text, node.inner, node.close)))

    def patched(self) -> bytes:
        """The part with what was added; every other byte as before."""
        edits = [self._extended(self._cells, self._added_cells)]
        if self._added_codes and self._formats is not None:
            edits.append(self._extended(self._formats, self._added_codes))
        elif self._added_codes:
            edits.append(self._new_formats())
        return replaced(self._text, edits)

    def _extended(self, section: _Section, added: list[bytes]) -> Replacement:
        node = section.node
        tag = node.tag(self._text)
        if attribute(tag, b"count") is not None:
            tag = with_attribute(tag, b"count", str(len(section.items) + len(added)))
        name = node.prefix + node.name
        inner, ending = self._text[node.inner : node.close], self._text[node.close : node.end]
        return node.start, node.end, b"".join((opened(tag), inner, *added, ending or b"</" + name + b">"))

    def _new_formats(self) -> Replacement:
        name = self._root.prefix + b"numFmts"
        tag = with_attribute(b"<" + name + b">", b"count", str(len(self._added_codes)))
        at = self._root.inner
        return at, at, b"".join((tag, *self._added_codes, b"</" + name + b">"))
