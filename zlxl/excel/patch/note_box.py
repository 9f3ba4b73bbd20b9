"""The box of a note: large enough for its text, beside its cell, as wide columns and tall rows let it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from zlxl.excel.patch.markup import attribute, tags
from zlxl.excel.patch.vml import Box
from zlxl.grid import MAX_COLUMNS, MAX_ROWS

WIDTH = 260  # pixels
LINE = 17  # pixels of a line at 9 points
UNIT = 6.4  # pixels of a half-width letter at 9 points
PADDING = 14
TALLEST = 480
ASIDE = 15  # pixels between the cell and its note
ABOVE = 10
PIXELS_A_POINT = 96 / 72
USUAL_COLUMN = 64  # pixels
USUAL_ROW = 15.0  # points
DIGIT = 7  # pixels of a digit of the usual font


@dataclass(frozen=True, kw_only=True)
class Measures:
    """How wide the columns of a sheet are, in pixels."""

    columns: tuple[tuple[int, int, int], ...] = ()  #: first, last, width
    column: int = USUAL_COLUMN
    row: float = USUAL_ROW * PIXELS_A_POINT

    @classmethod
    def of(cls, head: bytes) -> Measures:
        """The measures that stand before a sheet's rows."""
        column, row, columns = USUAL_COLUMN, USUAL_ROW, []
        for tag in tags(head):
            if tag["name"] == b"sheetFormatPr" and not tag["closing"]:
                column = _pixels(attribute(tag[0], b"defaultColWidth"), USUAL_COLUMN)
                row = _number(attribute(tag[0], b"defaultRowHeight")) or USUAL_ROW
            elif tag["name"] == b"col" and not tag["closing"]:
                first, last = (int(_number(attribute(tag[0], end))) for end in (b"min", b"max"))
                hidden = attribute(tag[0], b"hidden") in ("1", "true")
                columns.append((first, last, 0 if hidden else _pixels(attribute(tag[0], b"width"), column)))
        return cls(columns=tuple(columns), column=column, row=row * PIXELS_A_POINT)

    def width(self, column: int) -> int:
        """Width of a column (1-based)."""
        return next((w for first, last, w in self.columns if first <= column <= last), self.column)

    def box(self, row: int, column: int, text: str) -> Box:
        """The box of a note with this text on a cell (1-based)."""
        height = _height(text.split("\n"))
        left, right = self._beside(column)
        first = max(row - 2, 0)
        rows, rest = divmod(ABOVE + height, int(self.row) or 1)
        first = min(first, MAX_ROWS - 1 - rows)
        return Box(
            left=_points(sum(self.width(c) for c in range(1, left[0] + 1)) + left[1]),
            top=_points(first * self.row + ABOVE),
            width=_points(WIDTH),
            height=_points(height),
            anchor=(*left, first, ABOVE, right[0], right[1], first + rows, rest),
        )

    def _beside(self, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Columns (0-based) and pixels of both edges: right of the cell, or left of it at the sheet's end."""
        right = self._edge(column, ASIDE + WIDTH)
        if right[0] < MAX_COLUMNS:
            return (column, ASIDE), right
        start = column - 1
        while start > 0 and sum(self.width(c) for c in range(start, column)) < WIDTH + ASIDE:
            start -= 1
        return (start - 1, ASIDE), self._edge(start - 1, ASIDE + WIDTH)

    def _edge(self, column: int, pixels: int) -> tuple[int, int]:
        """The column (0-based), and how far into it, so many pixels right of the start of a column."""
        while column < MAX_COLUMNS and pixels >= self.width(column + 1):
            pixels -= self.width(column + 1)
            column += 1
        return column, pixels


def _height(lines: Iterable[str]) -> int:
    room = (WIDTH - PADDING) / UNIT
    count = sum(max(1, ceil(len(line.encode("gb18030", "replace")) / room)) for line in lines)
    return min(count * LINE + PADDING, TALLEST)


def _number(text: str | None) -> float:
    try:
        return min(max(float(text or 0), 0), 1e6)
    except ValueError:
        return 0


def _pixels(width: str | None, otherwise: int) -> int:
    """Pixels of a width in characters (ECMA-376 part 1, 18.3.1.13)."""
    return int((256 * _number(width) + 128 // DIGIT) / 256 * DIGIT) if width else otherwise


def _points(pixels: float) -> float:
    return round(pixels / PIXELS_A_POINT, 2)
