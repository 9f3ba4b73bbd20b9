"""The styles part with formats appended: those in use keep their indexes, what is equal is used again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zlxl.errors import Unwritable
from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    children,
    opened,
    prefixed,
    replaced,
    root,
    with_attribute,
)
from zlxl.excel.styles import BUILTIN
from zlxl.grid import GENERAL

#: Built-in formats that look the same in every language of Excel.
SAME_EVERYWHERE = {BUILTIN[number]: number for number in (0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 49)}
FIRST_OWN = 164  # ids of number formats below are the program's
MAX_ITEMS = 250_000  # of one list: some writers pass Excel's limit of 65,490 cell formats
MAX_FORMATS = 65_000  # Excel stops at 65,490 cell formats
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
NO_FILL = b'<fill><patternFill patternType="none"/></fill>'
#: What the first items of a list are taken for, whatever they say; put there when a list has none.
RESERVED = {
    b"fonts": (b'<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    b"fills": (NO_FILL, b'<fill><patternFill patternType="gray125"/></fill>'),
    b"borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
}
#: Order of the lists (ECMA-376 part 1, CT_Stylesheet).
ORDER = (
    b"numFmts",
    b"fonts",
    b"fills",
    b"borders",
    b"cellStyleXfs",
    b"cellXfs",
    b"cellStyles",
    b"dxfs",
    b"tableStyles",
    b"colors",
    b"extLst",
)


class StylesPatch:
    """Formats of a workbook; asked for one, it gives the index of an equal or of an added one."""

    def __init__(self, text: bytes) -> None:
        self._text, self._root = _with_ending(text)
        nodes = _few(children(self._text, self._root.inner, self._root.close))
        self._lists: dict[bytes, Node] = {node.name: node for node in nodes}
        self._items: dict[bytes, list[bytes]] = {}
        self._indexes: dict[bytes, dict[bytes, int]] = {}
        self._counts: dict[bytes, int] = {}  # how many the part itself holds
        self._known: dict[object, int] = {}
        if self._root.name != b"styleSheet":
            raise ValueError("样式部件不是样式表")
        if not self.items(b"cellXfs"):
            self._add_plain()
        self._codes = self._stated_codes()

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return any(len(items) > self._counts[name] for name, items in self._items.items())

    @property
    def prefix(self) -> bytes:
        """Prefix of the part's elements, with its colon."""
        return self._root.prefix

    def items(self, name: bytes) -> list[bytes]:
        """Markup of the items of a list such as ``fills``, added ones included."""
        if name not in self._items:
            node = self._lists.get(name)
            nodes = _few(children(self._text, node.inner, node.close)) if node else ()
            self._items[name] = [self._text[n.start : n.end] for n in nodes]
            self._counts[name] = len(self._items[name])
            indexes: dict[bytes, int] = {}
            for index, markup in enumerate(self._items[name]):
                indexes.setdefault(markup, index)
            self._indexes[name] = indexes
        return self._items[name]

    def append(self, name: bytes, markup: bytes) -> int:
        """Index of the item in a list: of an equal one, else of this one, appended."""
        items = self.items(name)
        indexes = self._indexes[name]
        if markup not in indexes:
            for item in RESERVED.get(name, ())[len(items) :]:
                self._append(name, prefixed(item, self.prefix))
        if markup not in indexes:
            self._append(name, markup)
        return indexes[markup]

    def _add_plain(self) -> None:
        """The format that every cell has where the part has none."""
        for name, reserved in RESERVED.items():
            for item in reserved[len(self.items(name)) :]:
                self._append(name, prefixed(item, self.prefix))
        self._append(b"cellXfs", b"<" + self.prefix + b'xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>')

    def _append(self, name: bytes, markup: bytes) -> None:
        items = self.items(name)
        if len(items) >= MAX_FORMATS:
            raise Unwritable("工作簿的单元格格式已接近 Excel 上限，不能再添加；请先清理多余的样式。")
        self._indexes[name].setdefault(markup, len(items))
        items.append(markup)

    def variant(self, index: int, number_format: str | None, *, is_text: bool) -> int:
        """Index of the cell format with another number format, None for its own.

        A format that marks its cells as text typed behind an apostrophe loses the mark for other values.
        """
        return self._once(
            (index, number_format, is_text), lambda: self._variant(index, number_format, is_text)
        )

    def filled(self, index: int, fill: bytes) -> int:
        """Index of the cell format with another fill, given as unprefixed ``<fill>`` markup."""
        return self._once((index, fill), lambda: self._filled(index, prefixed(fill, self.prefix)))

    def solid(self, index: int, colour: str) -> int:
        """Index of the cell format filled with one colour, RRGGBB; with none for an empty text."""
        return self.filled(index, solid_fill(colour) if colour else NO_FILL)

    def fill_of(self, index: int) -> bytes:
        """Markup of the fill of a cell format, as the part spells it."""
        fills = self.items(b"fills")
        number = attribute(self._tag(index), b"fillId") or "0"
        return fills[int(number)] if number.isdecimal() and int(number) < len(fills) else NO_FILL

    def number_format_id(self, code: str) -> str:
        """Id of a number format: the built-in one, one of the workbook, or a new one."""
        if code in SAME_EVERYWHERE:
            return str(SAME_EVERYWHERE[code])
        if code not in self._codes:
            number = max(FIRST_OWN - 1, *self._codes.values(), 0) + 1
            self._codes[code] = number
            tag = b"<" + self.prefix + b"numFmt/>"
            tag = with_attribute(with_attribute(tag, b"numFmtId", str(number)), b"formatCode", code)
            self.append(b"numFmts", tag)
        return str(self._codes[code])

    def _once(self, key: object, make: Callable[[], int]) -> int:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _format(self, index: int) -> bytes:
        formats = self.items(b"cellXfs")
        return formats[index] if index < len(formats) else formats[0]

    def _tag(self, index: int) -> bytes:
        markup = self._format(index)
        return root(markup).tag(markup)

    def _variant(self, index: int, number_format: str | None, is_text: bool) -> int:
        tag = self._tag(index)
        if number_format is not None and attribute(tag, b"numFmtId") != (
            number := self.number_format_id(number_format)
        ):
            tag = with_attribute(tag, b"numFmtId", number)
            tag = with_attribute(tag, b"applyNumberFormat", "1")
        if not is_text and attribute(tag, b"quotePrefix") in ("1", "true"):
            tag = with_attribute(tag, b"quotePrefix", None)
        return self._retagged(index, tag)

    def _filled(self, index: int, fill: bytes) -> int:
        tag = with_attribute(self._tag(index), b"fillId", str(self.append(b"fills", fill)))
        return self._retagged(index, with_attribute(tag, b"applyFill", "1"))

    def _retagged(self, index: int, tag: bytes) -> int:
        """The format under another start tag; itself where the tag is the same."""
        markup = self._format(index)
        if tag == self._tag(index):
            return index if index < len(self.items(b"cellXfs")) else 0
        return self.append(b"cellXfs", tag + markup[root(markup).inner :])

    def _stated_codes(self) -> dict[str, int]:
        codes: dict[str, int] = {}
        for markup in self.items(b"numFmts"):
            number = attribute(markup, b"numFmtId") or ""
            if number.isdecimal():
                codes.setdefault(attribute(markup, b"formatCode") or GENERAL, int(number))
        # A built-in format in use is meant by its code: what is restored gets its own id back.
        for markup in self.items(b"cellXfs"):
            number = attribute(root(markup).tag(markup), b"numFmtId") or ""
            if number.isdecimal() and int(number) in BUILTIN:
                codes.setdefault(BUILTIN[int(number)], int(number))
        return codes

    def patched(self) -> bytes:
        """The part with what was added; every other byte as before."""
        names = [name for name, items in self._items.items() if len(items) > self._counts[name]]
        return replaced(self._text, [self._extended(name) for name in sorted(names, key=ORDER.index)])

    def _extended(self, name: bytes) -> Replacement:
        items = self._items[name]
        added = b"".join(items[self._counts[name] :])
        node = self._lists.get(name)
        if node is None:
            return self._new_list(name, len(items), added)
        tag = node.tag(self._text)
        if attribute(tag, b"count") is not None:
            tag = with_attribute(tag, b"count", str(len(items)))
        inner, ending = self._text[node.inner : node.close], self._text[node.close : node.end]
        ending = ending or b"</" + node.prefix + node.name + b">"
        return node.start, node.end, opened(tag) + inner + added + ending

    def _new_list(self, name: bytes, count: int, added: bytes) -> Replacement:
        before = [self._lists[n].end for n in ORDER[: ORDER.index(name)] if n in self._lists]
        at = max(before, default=self._root.inner)
        full = self.prefix + name
        tag = with_attribute(b"<" + full + b">", b"count", str(count))
        return at, at, tag + added + b"</" + full + b">"


def _with_ending(text: bytes) -> tuple[bytes, Node]:
    """The part and its root, which has an end tag also where it was a single empty one."""
    whole = root(text)
    tag = whole.tag(text)
    if not tag.endswith(b"/>"):
        return text, whole
    ending = b"</" + whole.prefix + whole.name + b">"
    text = text[: whole.start] + opened(tag) + ending + text[whole.end :]
    return text, root(text)


def _few(nodes: Iterator[Node]) -> Iterator[Node]:
    """The nodes, unless they are more than any program writes."""
    for number, node in enumerate(nodes):
        if number > MAX_ITEMS:
            raise SuspectError("内有异常多的样式")
        yield node


def plain_styles(*, strict: bool = False) -> bytes:
    """A styles part with nothing but the format of plain cells."""
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main" if strict else MAIN
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{main}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


def solid_fill(colour: str, mark: str = "") -> bytes:
    """Markup of a solid fill; ``mark`` is the background colour, which a solid fill does not show."""
    fore = f'<fgColor rgb="FF{colour.upper()}"/>'
    back = f'<bgColor rgb="{mark}"/>' if mark else '<bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{fore}{back}</patternFill></fill>'.encode()
