"""A VML drawing as bytes: boxes of notes added or taken out. Excel's own is not always well-formed XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from zlxl.excel.patch.markup import ATTRIBUTES, PREFIX, attribute, replaced, with_attribute

NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
DECLARED = b"".join(b' xmlns:%b="%b"' % pair for pair in NAMESPACES.items())
NEW = (
    b"<xml" + DECLARED + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>'
    b"</xml>"
)
KIND = b"_x0000_t202"  # the text box, by which Excel knows a note
SHAPE_KIND = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = (
    '<v:shape{declared} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:{left}pt;'
    "margin-top:{top}pt;width:{width}pt;height:{height}pt;z-index:{layer};visibility:hidden;"
    'mso-wrap-style:tight" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
BLOCK = 1024  # a number in the map of ids stands for so many ids

_SHAPE = re.compile(
    rb"<!--.*?-->|<" + PREFIX + rb"(?P<name>shape)(?=[\s/>])" + ATTRIBUTES, re.DOTALL | re.IGNORECASE
)
_ID = re.compile(rb"""\sid\s*=\s*["']_x0000_s([0-9]{1,9})["']""")
_NOTE = re.compile(rb"""<(?:[^\s/>:]+:)?ClientData\s[^>]*ObjectType\s*=\s*["']Note["']""")
_PLACE = re.compile(rb"<(?:[^\s/>:]+:)?(Row|Column)\s*>\s*([0-9]{1,7})\s*<")
_IDMAP = re.compile(rb"<(?:[^\s/>:]+:)?idmap(?=[\s/>])" + ATTRIBUTES)
_DRAWN = re.compile(
    rb"<" + PREFIX + rb"(?:shape|group|rect|roundrect|oval|line|polyline|curve|arc|image)[\s/>]",
    re.IGNORECASE,
)
_NAMESPACE = re.compile(rb"""\sxmlns:([^\s=]+)\s*=\s*["']([^"']*)["']""")

Place = tuple[int, int]  #: row and column


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """Where a note is shown: points from the sheet's corner, and the anchor as Excel writes it."""

    left: float
    top: float
    width: float
    height: float
    anchor: Sequence[int]  #: column, pixels, row, pixels of two corners


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    start: int
    end: int
    id: int  #: 0 where it has another kind of id
    place: Place | None  #: cell of the note, None when it is none


class Drawing:
    """The shapes of one VML part."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.shapes = list(_shapes(text))

    @property
    def blocks(self) -> list[int]:
        """Numbers of the id blocks that the part claims."""
        stated = [number for tag in _IDMAP.finditer(self.text) for number in _numbers(tag[0])]
        return list(dict.fromkeys([*stated, *(shape.id // BLOCK for shape in self.shapes if shape.id)]))

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn."""
        return not _DRAWN.search(self.text)

    @property
    def untouched(self) -> bool:
        """Whether it is as ``new_drawing`` makes it."""
        return self.blocks != [] and self.text == new_drawing(self.blocks[0])

    def without(self, places: set[Place]) -> Drawing:
        """The drawing without the notes of some cells; our shape kind goes with its last user."""
        doomed = [shape for shape in self.shapes if shape.place in places]
        text = replaced(self.text, [(shape.start, shape.end, b"") for shape in doomed])
        if doomed and text.count(KIND) == 1:
            text = text.replace(_shape_kind(b""), b"").replace(_shape_kind(DECLARED), b"")
        return Drawing(text)

    def with_notes(self, boxes: Mapping[Place, Box], free: Iterator[int]) -> Drawing:
        """The drawing with notes behind its shapes; ``free`` gives id blocks that no part claims."""
        end = self.text.rfind(b"</")
        if end < 0:
            raise ValueError("批注图形部件不完整")
        before = len(self.shapes)
        ids, taken = self._ids(free, len(boxes))
        declared = b"" if self._declares_ours() else DECLARED
        # Shapes of the user that have no kind do without; ours then do too.
        kind = b"" if KIND in self.text else _shape_kind(declared)
        numbered = enumerate(zip(boxes.items(), ids, strict=True), before + 1)
        shapes = (_markup(place, box, number, layer, declared) for layer, ((place, box), number) in numbered)
        text = self.text[:end] + kind + b"".join(shapes) + self.text[end:]
        return Drawing(_with_blocks(text, taken) if taken else text)

    def _ids(self, free: Iterator[int], count: int) -> tuple[list[int], list[int]]:
        """As many free shape ids, and the blocks that were newly taken for them."""
        used = {shape.id for shape in self.shapes}
        ids: list[int] = []
        taken: list[int] = []
        own = set(self.blocks)
        for block in chain(self.blocks, free):
            if len(ids) >= count:
                break
            if block not in own:
                taken.append(block)
            ids += [n for n in range(block * BLOCK + 1, (block + 1) * BLOCK) if n not in used]
        return ids[:count], taken

    def _declares_ours(self) -> bool:
        """Whether our prefixes mean what they should everywhere in the part."""
        declared = {pair for pair in _NAMESPACE.findall(self.text) if pair[0] in NAMESPACES}
        return declared == set(NAMESPACES.items())


def new_drawing(block: int) -> bytes:
    """A part without shapes, whose ids will be of the block."""
    return NEW % block


def _shapes(text: bytes) -> Iterator[_Shape]:
    at = 0
    while tag := _SHAPE.search(text, at):
        at = tag.end()
        if tag["name"] is None:
            continue
        if not tag["empty"]:
            ending = re.compile(rb"</" + re.escape(text[tag.start() + 1 : tag.end("name")]) + rb"\s*>")
            close = ending.search(text, at)
            if close is None:
                raise ValueError("批注图形部件不完整")
            at = close.end()
        yield _shape(text, tag, at)


def _shape(text: bytes, tag: re.Match[bytes], end: int) -> _Shape:
    number = _ID.search(tag[0])
    place = None
    if _NOTE.search(text, tag.end(), end):
        at = dict(_PLACE.findall(text, tag.end(), end))
        if len(at) == 2:
            place = int(at[b"Row"]) + 1, int(at[b"Column"]) + 1
    return _Shape(start=tag.start(), end=end, id=int(number[1]) if number else 0, place=place)


def _numbers(idmap: bytes) -> list[int]:
    return [int(n) for n in (attribute(idmap, b"data") or "").split(",") if n.strip().isdecimal()]


def _with_blocks(text: bytes, blocks: Sequence[int]) -> bytes:
    """The part with more id blocks in its map, where it has one."""
    idmap = _IDMAP.search(text)
    if idmap is None:
        return text
    data = ",".join(map(str, [*_numbers(idmap[0]), *blocks]))
    return text[: idmap.start()] + with_attribute(idmap[0], b"data", data) + text[idmap.end() :]


def _shape_kind(declared: bytes) -> bytes:
    return SHAPE_KIND.replace(b"<v:shapetype", b"<v:shapetype" + declared)


def _markup(place: Place, box: Box, number: int, layer: int, declared: bytes) -> bytes:
    return SHAPE.format(
        declared=declared.decode(),
        id=number,
        left=f"{box.left:g}",
        top=f"{box.top:g}",
        width=f"{box.width:g}",
        height=f"{box.height:g}",
        layer=layer,
        anchor=", ".join(map(str, box.anchor)),
        row=place[0] - 1,
        column=place[1] - 1,
    ).encode()
