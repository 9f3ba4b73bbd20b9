"""Figures above a list: tables side by side, a chart, the slim line; printed one page wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zlxl.grid import Area, column_letters
from zlxl.sheet import (
    Cell,
    Chart,
    Content,
    Formula,
    Link,
    Mark,
    Series,
    Sheet,
    Style,
    sheet_link,
)
from zlxl.sheets.data import FRONT, NAV_ROW

_ROW: Final = 19.0  # points
_NAV: Final = 30.0

Cells = Iterator[tuple[tuple[int, int], Cell]]


def absolute(row: int, column: int) -> str:
    """``$B$2``."""
    return f"${column_letters(column)}${row}"


def run(row: int, column: int, count: int) -> str:
    """So many cells from there down: ``$B$2:$B$5``."""
    return f"{absolute(row, column)}:{absolute(row + count - 1, column)}"


def across(row: int, contents: Sequence[Content], styles: Sequence[Style], left: int = 1) -> Cells:
    """Cells beside each other, from a column on."""
    for column, (content, style) in enumerate(zip(contents, styles, strict=True), left):
        yield (row, column), Cell(content=content, style=style)


def heads(row: int, texts: Sequence[str | None], left: int = 1) -> Cells:
    """Headers of a table; None under one that takes several columns."""
    return across(row, texts, [Style.HEADER] * len(texts), left)


def total(area: Area, value: float) -> Formula:
    """The sum of an area."""
    return Formula(text=f"=SUM({area})", value=value)


def joined(rows: Iterable[int], left: int, span: int) -> Iterator[Area]:
    """Cells of these rows that take so many columns."""
    return (Area(row, left, row, left + span - 1) for row in rows)


def way_back(*, front: bool) -> Cell:
    """The link to 首页; an empty cell where the workbook has none."""
    back = Link(target=sheet_link(FRONT), text=f"‹ {FRONT}", tip="回到首页")
    return Cell(content=back if front else None, style=Style.NAV)


def slim_line(title: str, hint: str, width: int, *, front: bool, places: tuple[int, int]) -> Cells:
    """The line over the whole sheet; ``places`` are the columns of title and hint."""
    for column in range(1, width + 1):
        yield (NAV_ROW, column), Cell(style=Style.NAV_TEXT)
    if front:
        yield (NAV_ROW, 1), way_back(front=front)
    yield (NAV_ROW, places[0]), Cell(content=title, style=Style.NAV_TITLE)
    yield (NAV_ROW, places[1]), Cell(content=hint, style=Style.NAV_TEXT)


def second_line(today: date, notes: Sequence[str], places: tuple[int, int]) -> Cells:
    """Today, which formulas look at, and what is to be known of the sheet, a row each."""
    yield (NAV_ROW + 1, 1), Cell(content="今天", style=Style.SMALL)
    yield (NAV_ROW + 1, places[0]), Cell(content=Formula(text="=TODAY()", value=today), style=Style.DATE)
    for row, text in enumerate(notes, NAV_ROW + 1):
        yield (row, places[1]), Cell(content=text, style=Style.SMALL)


def column_chart(chart: Chart, sheet: str, head: tuple[int, int], labels: int, count: int) -> Chart:
    """The chart with one series: the numbers below a header, named by the cells of another column.

    Args:
        head: row and column of the header.
        labels: column of the names.
        count: numbers below the header.
    """
    row, column = head
    series = Series(
        name=f"='{sheet}'!{absolute(row, column)}",
        values=f"='{sheet}'!{run(row + 1, column, count)}",
        categories=f"='{sheet}'!{run(row + 1, labels, count)}",
        labels=True,
    )
    return replace(chart, series=(series,))


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What stands above a list, from the slim line down."""

    cells: Iterable[tuple[tuple[int, int], Cell]]
    rows: tuple[int, int]  #: of the tables' headers, and of the list's
    printed: int  #: columns that are printed; what programs alone read stands behind them
    charts: tuple[Chart, ...] = ()
    merges: Iterable[Area] = ()
    marks: Iterable[Mark] = ()
    tab: str = ""


def over(listed: Sheet, above: Overview) -> Sheet:
    """A list made by ``table_sheet`` with its overview, printed one page wide under its repeated headers."""
    first, header = above.rows
    bottom = max(table.area.bottom for table in listed.tables)
    kept = {place: cell for place, cell in listed.cells.items() if place[0] != NAV_ROW}
    heights = dict.fromkeys(range(first, header), _ROW)
    return replace(
        listed,
        cells={**kept, **dict(above.cells)},
        row_heights={**heights, **listed.row_heights, NAV_ROW: _NAV},
        merges=tuple(above.merges),
        marks=(*listed.marks, *above.marks),
        charts=above.charts,
        freeze=None,
        print=replace(
            listed.print,
            fit_width=1,
            repeat_rows=(header, header),
            repeat_columns=None,
            area=Area(1, 1, bottom, above.printed),
        ),
        tab=above.tab or listed.tab,
        selected=(1, 1),
    )
