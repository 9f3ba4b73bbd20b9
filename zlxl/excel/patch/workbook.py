"""The workbook part with a full calculation asked for at the next opening."""

from __future__ import annotations

from zlxl.excel.patch.markup import children, replaced, root, with_attribute

#: What stands before ``calcPr`` (ECMA-376 part 1, CT_Workbook).
BEFORE = frozenset(
    {
        b"fileVersion",
        b"fileSharing",
        b"workbookPr",
        b"AlternateContent",
        b"revisionPtr",
        b"workbookProtection",
        b"bookViews",
        b"sheets",
        b"functionGroups",
        b"externalReferences",
        b"definedNames",
    }
)


def recalculated(text: bytes) -> bytes:
    """The part, in UTF-8, with ``fullCalcOnLoad``: formulas may depend on what was changed."""
    whole = root(text)
    at = whole.inner
    for node in children(text, whole.inner, whole.close):
        if node.name == b"calcPr":
            tag = with_attribute(node.tag(text), b"fullCalcOnLoad", "1")
            return replaced(text, [(node.start, node.inner, tag)])
        if node.name in BEFORE:
            at = node.end
    tag = with_attribute(b"<" + whole.prefix + b"calcPr/>", b"fullCalcOnLoad", "1")
    return replaced(text, [(at, at, tag)])
