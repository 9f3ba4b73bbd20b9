"""Cell formats of one workbook as formats of another."""

from __future__ import annotations

from functools import cache, cached_property

from zlxl.excel.patch.markup import attribute, prefixed, root, with_attribute
from zlxl.excel.patch.styles import FIRST_OWN, RESERVED, StylesPatch

#: What a cell format says by the index of an item in a list.
LISTS = ((b"fontId", b"fonts"), (b"fillId", b"fills"), (b"borderId", b"borders"))


class FormatMap:
    """Gives the index that a format of a styles part has in the other part, where it is added."""

    def __init__(self, donor: bytes, styles: StylesPatch) -> None:
        self._donor = StylesPatch(donor)
        self._styles = styles
        self.cell = cache(self._cell)
        self.differential = cache(self._differential)

    def _cell(self, index: int) -> int:
        """Index of a cell format."""
        markup = self._donor.items(b"cellXfs")[index]
        tag = root(markup).tag(markup)
        rest = markup[len(tag) :]
        for name, items in LISTS:
            tag = with_attribute(tag, name, str(self._item(items, int(attribute(tag, name) or 0))))
        tag = with_attribute(tag, b"numFmtId", self._number_format(attribute(tag, b"numFmtId") or "0"))
        tag = with_attribute(tag, b"xfId", "0" if self._styles.items(b"cellStyleXfs") else None)
        return self._styles.append(b"cellXfs", prefixed(tag + rest, self._styles.prefix))

    def _item(self, items: bytes, index: int) -> int:
        if items == b"fills" and index < len(RESERVED[items]):
            return index
        return self._styles.append(items, prefixed(self._donor.items(items)[index], self._styles.prefix))

    def _number_format(self, number: str) -> str:
        if int(number) < FIRST_OWN:
            return number
        return self._styles.number_format_id(self._codes[number])

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {
            attribute(item, b"numFmtId") or "": attribute(item, b"formatCode") or ""
            for item in self._donor.items(b"numFmts")
        }

    def _differential(self, index: int) -> int:
        """Index of a format that is laid over cells, as tables and conditional formats use it."""
        markup = self._donor.items(b"dxfs")[index]
        return self._styles.append(b"dxfs", prefixed(markup, self._styles.prefix))
