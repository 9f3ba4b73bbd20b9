"""Shared formulas whose first cell is given a value: the cells that share them keep their meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from zlxl.excel.faults import SuspectError
from zlxl.excel.patch.markup import Node, Replacement, attribute, opened, with_attribute
from zlxl.excel.xml import tree
from zlxl.grid import Area, a1

MAX_SHARED = 1 << 20  # of one sheet that are remembered


@dataclass(frozen=True, kw_only=True)
class _Orphan:
    """A shared formula without the cell that says what it is."""

    formula: str
    origin: tuple[int, int]  #: row and column of that cell
    area: Area


class SharedFormulas:
    """The shared formulas of a sheet, while its rows pass by.

    The first remaining cell takes the formula over, said in its own terms. In an area of several columns,
    cells beside the one that goes get a formula of their own, so that the one who takes over is at the top
    left of its area, as everywhere.
    """

    def __init__(self) -> None:
        self.orphans: dict[str, _Orphan] = {}  # by si
        self._defined: set[str] = set()
        self._early: set[str] = set()  # used before they are defined

    def note(self, tag: bytes) -> None:
        """Remember what the start tag of a formula defines or uses."""
        if attribute(tag, b"t") != "shared":
            return
        name = attribute(tag, b"si") or ""
        if attribute(tag, b"ref") is not None:
            self._defined.add(name)
        elif name not in self._defined:
            self._early.add(name)
        if len(self._defined) + len(self._early) > MAX_SHARED:
            raise SuspectError("内有异常多的共享公式")

    def leave(self, markup: bytes, formula: Node, place: tuple[int, int]) -> bool:
        """Take the formula out of its cell; False where those that share it would lose their meaning."""
        tag = formula.tag(markup)
        name, area = attribute(tag, b"si") or "", attribute(tag, b"ref")
        text = _text(markup, formula)
        if attribute(tag, b"t") != "shared" or not text or (area is None and name in self._defined):
            return True
        if area is None or name in self._early:
            return False
        orphan = _Orphan(formula=text, origin=place, area=Area.parse(area))
        if not _movable(orphan):
            return False
        self.orphans[name] = orphan
        return True

    def heir(self, markup: bytes, formula: Node, place: tuple[int, int]) -> Replacement | None:
        """The edit by which a cell that shares an orphaned formula says it itself; None for other cells."""
        tag = formula.tag(markup)
        name = attribute(tag, b"si") or ""
        orphan = self.orphans.get(name) if attribute(tag, b"t") == "shared" else None
        if orphan is None:
            return None
        if _text(markup, formula):
            if attribute(tag, b"ref") is not None:
                del self.orphans[name]  # the name means something else from here on
            return None
        text = escape(_said_at(orphan, place)).encode()
        if self._takes_over(orphan, place):
            del self.orphans[name]
            area = replace(orphan.area, top=place[0], left=place[1])
            reached = Area(*place, max(area.bottom, place[0]), max(area.right, place[1]))
            tag = with_attribute(tag, b"ref", str(reached))
        else:
            for word in (b"t", b"si", b"ref"):
                tag = with_attribute(tag, word, None)
        ending = markup[formula.close : formula.end] or b"</" + formula.prefix + b"f>"
        return formula.start, formula.end, opened(tag) + text + ending

    @staticmethod
    def _takes_over(orphan: _Orphan, place: tuple[int, int]) -> bool:
        return place[1] <= orphan.area.left or place[0] >= orphan.area.bottom


def _text(markup: bytes, formula: Node) -> str:
    if formula.close == formula.inner:
        return ""
    return tree((markup[formula.start : formula.end],)).text.strip()


def _movable(orphan: _Orphan) -> bool:
    """Whether the formula can be said in its whole area: where it can at the corners, it can within."""
    area = orphan.area
    try:
        for row in (area.top, area.bottom):
            for column in (area.left, area.right):
                _said_at(orphan, (row, column))
    except ValueError:
        return False
    return True


def _said_at(orphan: _Orphan, place: tuple[int, int]) -> str:
    """The formula in the terms of a cell; ValueError where it would refer to what is not on the sheet."""
    from zlxl.excel.patch.translate import NotMovableError, moved

    try:
        return moved(orphan.formula, orphan.origin, place)
    except NotMovableError as error:
        raise ValueError(f"单元格 {a1(*place)} 不能共用公式 {orphan.formula[:40]}") from error
