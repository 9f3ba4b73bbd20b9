"""What follows a table that grows: ranges of the sheet and of the workbook that end with its last row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    children,
    replaced,
    root,
    tags,
    unescaped,
    with_attribute,
)
from zlxl.excel.patch.references import Reference, mapped
from zlxl.grid import Area

#: Elements whose ``sqref`` follows: an attribute, or, in extensions, a child.
RANGED = frozenset({b"conditionalFormatting", b"dataValidation", b"ignoredError", b"protectedRange"})
FOLLOWING_NAMES = ("_xlnm.print_area", "_xlnm._filterdatabase")


@dataclass(frozen=True, kw_only=True)
class Growth:
    """A table whose data ended with one row and will end with another."""

    left: int
    right: int
    old: int
    new: int
    totals: bool = False  #: whether a totals row stands below, which moves along
    had_data: bool = True  #: whether the old last row is one of data, not the header

    @property
    def rows(self) -> int:
        """How many rows it grows by."""
        return self.new - self.old

    def bottom(self, area: Area) -> int:
        """Where a range that reaches into the table's last row is to end."""
        if area.right < self.left or area.left > self.right or not area.top <= self.old <= area.bottom:
            return area.bottom
        if self.totals and area.bottom == self.old + 1:
            return self.new + 1
        return max(area.bottom, self.new)

    def areas(self, area: Area) -> Iterator[Area]:
        """A range of a list of ranges, as it is to be: what lies beside the table stays as it is."""
        left, right = max(area.left, self.left), min(area.right, self.right)
        inside = (left, right) == (area.left, area.right)
        if self.totals and left <= right and area.top == area.bottom == self.old + 1:
            if not inside:
                yield area
            yield Area(self.new + 1, left, self.new + 1, right)
        elif not self.had_data or self.bottom(area) == area.bottom:
            yield area
        elif inside:
            yield replace(area, bottom=self.bottom(area))
        else:
            yield area
            yield Area(area.bottom + 1, left, self.bottom(area), right)

    def references(self, text: str) -> str:
        """A list of references divided by blanks, as it is to be; itself where nothing changes."""
        made = []
        for reference in text.split():
            try:
                area = Area.parse(reference)
            except ValueError:
                made.append(reference)
                continue
            areas = list(self.areas(area))
            made += [reference] if areas == [area] else map(str, areas)
        return text if made == text.split() else " ".join(made)

    def moved(self, text: str) -> str:
        """A reference to cells of the totals row, which move; others stay."""
        try:
            area = Area.parse(text)
        except ValueError:
            return text
        is_total = self.totals and area.top == area.bottom == self.old + 1
        if not is_total or area.left < self.left or area.right > self.right:
            return text
        return str(replace(area, top=self.new + 1, bottom=self.new + 1))

    def reference(self, text: str) -> str:
        """A single reference, which grows as a whole."""
        try:
            area = Area.parse(text)
        except ValueError:
            return text
        bottom = self.bottom(area)
        return text if bottom == area.bottom else str(replace(area, bottom=bottom))


def followed_tail(tail: bytes, growth: Growth) -> bytes:
    """What stands behind the rows of a sheet, with the ranges that follow."""
    edits: list[Replacement] = []
    path: list[bytes] = [b""]
    for mark in tags(tail):
        if mark["closing"]:
            path = path[:-1] or [b""]
            continue
        name, parent = mark["name"], path[-1]
        if name in RANGED:
            edits += _changed(mark, b"sqref", growth.references)
        elif name == b"autoFilter" and not parent:
            edits += _changed(mark, b"ref", growth.reference)
        elif name == b"hyperlink":
            edits += _changed(mark, b"ref", growth.moved)
        elif name == b"sqref" and parent in RANGED and not mark["empty"]:
            edits += _text(tail, mark.end(), growth)
        if not mark["empty"]:
            path.append(name)
    return replaced(tail, edits)


def _changed(mark: re.Match[bytes], name: bytes, change: Callable[[str], str]) -> Iterator[Replacement]:
    stated = attribute(mark[0], name)
    if stated is not None and (made := change(stated)) != stated:
        yield mark.start(), mark.end(), with_attribute(mark[0], name, made)


def _text(tail: bytes, start: int, growth: Growth) -> Iterator[Replacement]:
    end = tail.index(b"<", start)
    stated = tail[start:end].decode()
    if (made := growth.references(stated)) != stated:
        yield start, end, made.encode()


def followed_names(text: bytes, sheet: str, growth: Growth) -> bytes:
    """The workbook part with the sheet's print area and hidden filter area grown."""
    whole = root(text)
    sheets, names = child(text, whole, b"sheets"), child(text, whole, b"definedNames")
    if sheets is None or names is None:
        return text
    tabs = [attribute(n.tag(text), b"name") for n in children(text, sheets.inner, sheets.close)]
    index = str(tabs.index(sheet)) if sheet in tabs else None
    edits: list[Replacement] = []
    for node in children(text, names.inner, names.close):
        tag = node.tag(text)
        name = (attribute(tag, b"name") or "").casefold()
        if name in FOLLOWING_NAMES and index == attribute(tag, b"localSheetId") is not None:
            edits += _formula(text, node, growth)
    return replaced(text, edits)


def _formula(text: bytes, node: Node, growth: Growth) -> Iterator[Replacement]:
    stated = unescaped(text[node.inner : node.close])
    made = mapped(stated, lambda reference: grown(reference, growth))
    if made != stated:
        yield node.inner, node.close, escape(made).encode()


def grown(reference: Reference, growth: Growth) -> str:
    """A reference to the table's own sheet that grows as a whole."""
    area = reference.area
    bottom = growth.bottom(area)
    if ":" not in reference.text or bottom == area.bottom:
        return reference.text
    return reference.with_rows(lambda row: bottom if row == area.bottom != area.top else row)


def followed_table(text: bytes, growth: Growth, revised: Callable[[str], str]) -> bytes:
    """The part of an Excel table that gets rows and may grow; formulas of its totals are revised."""
    whole = root(text)
    tag = whole.tag(text)
    area = Area.parse(attribute(tag, b"ref") or "")
    for name in (b"insertRow", b"insertRowShift"):  # of a table whose only row was there to type into
        tag = with_attribute(tag, name, None)
    if not growth.rows:
        return replaced(text, [(whole.start, whole.inner, tag)])
    reached = replace(area, bottom=area.bottom + growth.rows)
    edits = [(whole.start, whole.inner, with_attribute(tag, b"ref", str(reached)))]
    for node in children(text, whole.inner, whole.close):
        if node.name == b"autoFilter":
            edits += _lengthened(text, node, growth)
        elif node.name == b"tableColumns":
            edits += _revised_totals(text, node, revised)
    return replaced(text, edits)


def _lengthened(text: bytes, node: Node, growth: Growth) -> Iterator[Replacement]:
    area = Area.parse(attribute(node.tag(text), b"ref") or "")
    reached = str(replace(area, bottom=max(area.bottom, growth.new)))
    yield node.start, node.inner, with_attribute(node.tag(text), b"ref", reached)


def _revised_totals(text: bytes, columns: Node, revised: Callable[[str], str]) -> Iterator[Replacement]:
    for column in children(text, columns.inner, columns.close):
        formula = child(text, column, b"totalsRowFormula")
        if formula is not None:
            stated = unescaped(text[formula.inner : formula.close])
            yield formula.inner, formula.close, escape(revised(stated)).encode()
