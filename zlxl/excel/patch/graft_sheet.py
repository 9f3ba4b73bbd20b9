"""Worksheet and table parts of our own as another workbook holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from zlxl.excel.patch.graft_styles import FormatMap
from zlxl.excel.patch.markup import attribute, root, unescaped, with_attribute

_STYLED = re.compile(rb"<(?P<kind>c|row|col) (?P<attributes>[^<>]*?)(?P<end>/?>)(?:<v>(?P<value>\d+)</v>)?")
_STYLE = re.compile(rb' (s|style)="(\d+)"')
_SHARED = b' t="s"'
_DYNAMIC = re.compile(rb' cm="\d+"')
_DIFFERENTIAL = re.compile(rb'\b(dxfId|\w+DxfId)="(\d+)"')
_SELECTED = re.compile(rb' tabSelected="[^"]*"')
_FORMULA = re.compile(rb"(<(?:\w+:)?(?:f|formula[12]?|calculatedColumnFormula)(?: [^<>]*)?>)([^<]+)(?=</)")

_PROPERTIES = re.compile(rb"<sheetPr\b[^<>]*>")

Rename = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class ViewState:
    """What a sheet keeps of the one whose place it takes."""

    selected: bool = False
    code_name: str | None = None  #: by which macros know it


def grafted_sheet(
    text: bytes, strings: Sequence[bytes], formats: FormatMap, *, state: ViewState, rename: Rename | None
) -> bytes:
    """A worksheet part with the formats of the other workbook, and with its texts in its cells."""

    def restyled(match: re.Match[bytes]) -> bytes:
        attributes, value = b" " + match["attributes"], match["value"]
        style = _STYLE.search(attributes)
        if style is not None:
            index = str(formats.cell(int(style[2]))).encode()
            attributes = attributes[: style.start(2)] + index + attributes[style.end(2) :]
        elif match["kind"] == b"c" and (index := str(formats.cell(0)).encode()) != b"0":
            attributes += b' s="' + index + b'"'
        # Without the part that tells dynamic formulas apart they are array formulas of the older kind.
        attributes = _DYNAMIC.sub(b"", attributes)
        content = b"" if value is None else b"<v>" + value + b"</v>"
        if value is not None and _SHARED in attributes:
            attributes = attributes.replace(_SHARED, b' t="inlineStr"')
            content = b"<is>" + strings[int(value)] + b"</is>"
        return b"<" + match["kind"] + attributes + match["end"] + content

    rows = text.index(b"<sheetData")
    tail = max(text.find(b"</sheetData>"), rows)
    made = b"".join(
        (
            _STYLED.sub(restyled, _with_state(text[:rows], state)),
            _STYLED.sub(restyled, text[rows:tail]),
            _DIFFERENTIAL.sub(_differentials(formats), text[tail:]),
        )
    )
    return made if rename is None else _renamed_formulas(made, rename)


def _with_state(head: bytes, state: ViewState) -> bytes:
    """What stands before the rows; a sheet that is selected beside the active one is edited with it."""
    head = _SELECTED.sub(b"", head)
    if state.selected:
        head = head.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1)
    # Ours always have these properties, as all of them fit their pages.
    return _PROPERTIES.sub(lambda tag: with_attribute(tag[0], b"codeName", state.code_name), head, 1)


def grafted_table(text: bytes, formats: FormatMap, *, number: int, rename: Rename | None) -> bytes:
    """A table part with a number of its own, and with another name where it must have one."""
    node = root(text)
    tag = with_attribute(node.tag(text), b"id", str(number))
    if rename is not None:
        for spelling in (b"name", b"displayName"):
            tag = with_attribute(tag, spelling, rename(attribute(tag, spelling) or ""))
    made = _DIFFERENTIAL.sub(
        _differentials(formats), text[: node.start] + tag + text[node.start + len(node.tag(text)) :]
    )
    return made if rename is None else _renamed_formulas(made, rename)


def _differentials(formats: FormatMap) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: b'%s="%d"' % (match[1], formats.differential(int(match[2])))


def _renamed_formulas(text: bytes, rename: Rename) -> bytes:
    """The part with other names in its formulas."""
    return _FORMULA.sub(lambda f: f[1] + escape(rename(unescaped(f[2]))).encode(), text)
