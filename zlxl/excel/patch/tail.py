"""What stands behind the rows of a worksheet: elements put where the schema wants them, or taken out."""

from __future__ import annotations

from collections.abc import Iterator

from zlxl.excel.patch.markup import Node, children, replaced, tags

#: Elements behind the rows in their order (ECMA-376 part 1, CT_Worksheet).
ORDER = (
    b"sheetCalcPr",
    b"sheetProtection",
    b"protectedRanges",
    b"scenarios",
    b"autoFilter",
    b"sortState",
    b"dataConsolidate",
    b"customSheetViews",
    b"mergeCells",
    b"phoneticPr",
    b"conditionalFormatting",
    b"dataValidations",
    b"hyperlinks",
    b"printOptions",
    b"pageMargins",
    b"pageSetup",
    b"headerFooter",
    b"rowBreaks",
    b"colBreaks",
    b"customProperties",
    b"cellWatches",
    b"ignoredErrors",
    b"smartTags",
    b"drawing",
    b"legacyDrawing",
    b"legacyDrawingHF",
    b"drawingHF",
    b"picture",
    b"oleObjects",
    b"controls",
    b"webPublishItems",
    b"tableParts",
    b"extLst",
)
#: Stands in for the objects or controls that it wraps.
WRAPPED = b"AlternateContent"
_RANKS = {name: rank for rank, name in enumerate(ORDER)} | {WRAPPED: ORDER.index(b"oleObjects")}


def tail_elements(tail: bytes) -> Iterator[Node]:
    """The elements of a tail, which ends with the sheet's own end tag; ValueError where tags do not pair."""
    return children(tail, 0, _end(tail))


def inserted(tail: bytes, name: bytes, markup: bytes) -> bytes:
    """The tail with an element in its place, behind those of the same name."""
    rank = ORDER.index(name)
    later = (node.start for node in tail_elements(tail) if _RANKS.get(node.name, -1) > rank)
    at = next(later, _end(tail))
    return tail[:at] + markup + tail[at:]


def without(tail: bytes, name: bytes) -> bytes:
    """The tail without the elements of a name."""
    return replaced(tail, [(n.start, n.end, b"") for n in tail_elements(tail) if n.name == name])


def _end(tail: bytes) -> int:
    """Where the sheet's own end tag begins."""
    last = None
    for tag in tags(tail, max(tail.rfind(b"</"), 0)):
        last = tag
    if last is None or not last["closing"]:
        raise ValueError("工作表部件没有结束标签")
    return last.start()
