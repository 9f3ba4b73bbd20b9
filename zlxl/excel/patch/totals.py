"""The totals row of a table that grows: its cells move down, and their formulas still mean the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from xml.sax.saxutils import escape

from zlxl.errors import Unwritable
from zlxl.excel.patch.follow import Growth, grown
from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    opened,
    replaced,
    root,
    tags,
    unescaped,
    with_attribute,
)
from zlxl.excel.patch.references import Reference, mapped
from zlxl.excel.patch.row import cells_of, row_node
from zlxl.excel.patch.rows import rewritten
from zlxl.excel.patch.survey import NORMAL, Cells
from zlxl.grid import Area, a1

Filter = Callable[[Iterator[bytes]], Iterator[bytes]]


class TotalsMove:
    """Moves the totals row of a table down by as many rows as the table grows."""

    def __init__(self, growth: Growth, sheet: str, columns: Iterable[int]) -> None:
        self._growth, self._sheet = growth, sheet
        self._columns = set(columns)
        self._cells: list[tuple[int, bytes]] = []  # by column, while they are on their way

    @property
    def old(self) -> int:
        """Where the row stands."""
        return self._growth.old + 1

    @property
    def new(self) -> int:
        """Where it will stand."""
        return self._growth.new + 1

    def check(self, cells: Cells) -> None:
        """Unwritable when a formula of the row would mean something else below."""
        for column, cell in cells.items():
            if cell.kind not in ("", NORMAL):
                raise self._refused(column)
            self.revised(cell.text, column)

    def revised(self, formula: str, column: int = 0) -> str:
        """A formula of the row: ranges that end with the data grow, references to the row itself move."""

        def followed(reference: Reference) -> str:
            if reference.sheet and reference.sheet.strip("'").replace("''", "'") != self._sheet:
                return reference.text
            area = reference.area
            if not self._meets(area):
                return grown(reference, self._growth)
            if area.top < self.old or not self._growth.left <= area.left <= area.right <= self._growth.right:
                raise self._refused(column)
            return reference.with_rows(lambda _: self.new)

        return mapped(formula, followed)

    def _meets(self, area: Area) -> bool:
        growth = self._growth
        in_rows = area.top <= self.old <= area.bottom
        return in_rows and area.left <= growth.right and area.right >= growth.left

    def _refused(self, column: int) -> Unwritable:
        where = a1(self.old, column) if column else f"第 {self.old} 行"
        return Unwritable(
            f"工作表“{self._sheet}”的汇总行 {where} 的公式不能随表格下移；"
            "请先在 Excel 中关闭汇总行，追加后再打开。"
        )

    def dimension(self, head: bytes) -> bytes:
        """What stands before the rows, with a dimension that reaches to the moved row."""
        edits: list[Replacement] = []
        for mark in tags(head):
            if mark["name"] == b"dimension" and not mark["closing"]:
                stated = Area.parse(attribute(mark[0], b"ref") or "")
                reached = replace(stated, bottom=max(stated.bottom, self.new))
                edits.append((mark.start(), mark.end(), with_attribute(mark[0], b"ref", str(reached))))
        return replaced(head, edits)

    def filter(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The sheet with the row's cells moved."""
        return rewritten(chunks, {self.old: self._taken, self.new: self._put})

    def _taken(self, row: bytes, _: bytes) -> bytes:
        self._cells.clear()
        if not row:
            return row
        edits: list[Replacement] = []
        for column, cell in cells_of(row, row_node(row), self.old):
            if column in self._columns:
                self._cells.append((column, self._moved(row[cell.start : cell.end], column)))
                gap = b"" if attribute(cell.tag(row), b"r") else b"<%bc/>" % cell.prefix
                edits.append((cell.start, cell.end, gap))
        return replaced(row, edits)

    def _moved(self, markup: bytes, column: int) -> bytes:
        cell = root(markup)
        tag = with_attribute(cell.tag(markup), b"r", a1(self.new, column))
        edits: list[Replacement] = [(cell.start, cell.inner, tag)]
        formula = child(markup, cell, b"f")
        if formula is not None:
            text = self.revised(unescaped(markup[formula.inner : formula.close]), column)
            edits.append((formula.inner, formula.close, escape(text).encode()))
        return replaced(markup, edits)

    def _put(self, row: bytes, prefix: bytes) -> bytes:
        if not self._cells:
            return row
        if not row:
            cells = b"".join(markup for _, markup in self._cells)
            return b'<%brow r="%d">%b</%brow>' % (prefix, self.new, cells, prefix)
        node = row_node(row)
        stood = cells_of(row, node, self.new)
        kept = [(c, _placed(row, cell, a1(self.new, c))) for c, cell in stood if c not in self._columns]
        cells = b"".join(markup for _, markup in sorted([*kept, *self._cells]))
        tag = opened(with_attribute(node.tag(row), b"spans", None))
        return b"%b%b</%brow>" % (tag, cells, node.prefix)


def _placed(row: bytes, cell: Node, place: str) -> bytes:
    """A cell that says where it stands."""
    return with_attribute(cell.tag(row), b"r", place) + row[cell.inner : cell.end]
