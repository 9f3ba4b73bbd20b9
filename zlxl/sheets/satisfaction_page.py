"""The page of an analysis: filled from the top on a grid of narrow columns, cells called by names of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil, isnan
from typing import Final

from zlxl.figures.satisfaction_period import Period
from zlxl.grid import Area, a1, column_letters
from zlxl.sheet import Cell, Chart, ColumnLook, Content, Formula, Mark, Print, Sheet, Style
from zlxl.sheets.data import footer

WIDTH: Final = 29  #: columns of the page
NARROW: Final = 5.0
BESIDE: Final = 9.0
HELPERS: Final = 20  #: hidden columns behind the page, for steps of a computation
ROW: Final = 20.0  #: points
PIXELS_A_COLUMN: Final = 40
UNKNOWN_PLACE: Final = "$A$1"

Part = tuple[int, Content, Style]  #: columns it takes, content, look


@dataclass(kw_only=True)
class Page:
    """What is on the sheet so far. ``known`` are the places of an earlier run over the same parts."""

    sheet: str
    known: Mapping[str, str]
    more: int = 0  #: columns behind the printed page, for items that it has no room for
    beside: int = 0  #: columns behind those
    linked: bool = True  #: whether the tables stand in the same workbook
    row: int = 1
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The last column that is shown."""
        return WIDTH + self.more + self.beside

    def at(self, name: str) -> str:
        """Absolute reference of a named cell or area."""
        return self.places.get(name) or self.known.get(name, UNKNOWN_PLACE)

    def full(self, name: str) -> str:
        """The same as charts take it, with ``=`` and the sheet."""
        return f"='{self.sheet}'!{self.at(name)}"

    def name(self, name: str, column: int, row: int | None = None) -> str:
        """Name a cell of the row that is written next; gives its reference."""
        row = row or self.row
        self.places[name] = absolute(Area(row, column, row, column))
        return self.places[name]

    def name_area(self, name: str, area: Area) -> None:
        """Name an area."""
        self.places[name] = absolute(area)

    def line(self, parts: Iterable[Part], height: float = ROW, column: int = 1, *, last: bool = True) -> None:
        """A row of parts from a column on; the next row then, unless more is to stand in this one."""
        for span, content, style in parts:
            for beside in range(column + 1, column + span):
                self.cells[self.row, beside] = Cell(style=style)
            self.cells[self.row, column] = Cell(content=content, style=style)
            if span > 1:
                self.merges.append(Area(self.row, column, self.row, column + span - 1))
            column += span
        self.heights[self.row] = max(height, self.heights.get(self.row, 0))
        if last:
            self.row += 1

    def helper(self, number: int, content: Content) -> str:
        """A step of a computation in a hidden column of the row that is written next; gives its reference."""
        self.cells[self.row, self.last + number] = Cell(content=content, style=Style.NUMBER)
        return a1(self.row, self.last + number)

    def gap(self, height: float = 8) -> None:
        """An empty row."""
        self.heights[self.row] = height
        self.row += 1

    def section(self, title: str, note: str = "") -> None:
        """A heading over the whole width, and what is to be known of the numbers."""
        self.gap(12)
        self.line([(WIDTH, title, Style.SECTION)], 24)
        if note:
            self.text(note, Style.SMALL)

    def text(self, text: str, style: Style = Style.PLAIN_WRAP, a_line: int = 0) -> None:
        """A paragraph over the whole width, as high as it needs to be."""
        fits = a_line or (104 if style is Style.SMALL else 84)
        lines = ceil(breadth(text) / 2 / fits) or 1
        shown = Style.SMALL_WRAP if style is Style.SMALL and lines > 1 else style
        self.line([(WIDTH, text, shown)], (13 if style is Style.SMALL else 17) * lines + 3)

    def head(self, heads: Iterable[tuple[int, str]], column: int = 1, *, last: bool = True) -> None:
        """Column headers."""
        self.line([(span, text, Style.HEADER) for span, text in heads], 32, column, last=last)

    def chart(self, *charts: Chart) -> None:
        """Charts beside each other, and the rows that they cover."""
        self.charts.extend(charts)
        for _ in range(ceil((max(chart.height for chart in charts) + 8) / (ROW / 0.75))):
            self.gap(ROW)

    def pages_end(self) -> None:
        """A new page of the print begins here."""
        self.breaks.append(self.row - 1)

    def columns(self) -> dict[int, ColumnLook]:
        """The grid."""
        shown = {column: ColumnLook(width=NARROW) for column in range(1, self.last + 1)}
        shown |= {
            column: ColumnLook(width=BESIDE) for column in range(self.last - self.beside + 1, self.last + 1)
        }
        hidden = range(self.last + 1, self.last + 1 + HELPERS)
        return shown | {column: ColumnLook(width=10, hidden=True) for column in hidden}

    def drawn(self, title: str, tab: str) -> Sheet:
        """The sheet, printed A4 across down to the place 印至; ``tab`` is the colour of its tab."""
        return Sheet(
            name=self.sheet,
            cells=self.cells,
            columns=self.columns(),
            row_heights=self.heights,
            merges=tuple(self.merges),
            marks=tuple(self.marks),
            charts=tuple(self.charts),
            print=Print(
                landscape=True,
                fit_width=1,
                fit_height=0,
                centered=True,
                margins=(0.4, 0.4, 0.5, 0.6),
                footer=footer(title),
                area=Area(1, 1, Area.parse(self.at("印至")).bottom, WIDTH),
                breaks=tuple(self.breaks),
            ),
            tab=tab,
            selected=(1, 1),
        )

    def conclusion(self, period: Period, today: date, paragraphs: Iterable[str], parts: str) -> None:
        """The written conclusion, with what it holds for; ``parts`` says what the appendix lists."""
        if today <= period.end:
            self.text(f"{period.chinese}到 {period.end} 才结束，以下是截至 {today} 的数字。", Style.WARN)
        for paragraph in paragraphs:
            self.text(paragraph)
        self.text(
            f"以上文字按 {today} 的数据写成，数据改动后请重新运行；以下各表的数字为公式，随数据重算。"
            f"附录为{parts}，不打印。",
            Style.SMALL,
        )


def breadth(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def absolute(area: Area) -> str:
    """``$B$2`` or ``$B$2:$C$9``."""
    first = f"${column_letters(area.left)}${area.top}"
    last = f"${column_letters(area.right)}${area.bottom}"
    return first if first == last else f"{first}:{last}"


def live(formula: str, value: float | int | str | None) -> Formula:
    """A formula and its value; NaN and None are shown as nothing."""
    missing = value is None or (isinstance(value, float) and isnan(value))
    return Formula(f"={formula}", value="" if missing else value)


def known_number(value: float) -> float | None:
    """A number for a cell, None for NaN."""
    return None if isnan(value) else value


def quoted(text: str) -> str:
    """A text inside a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def plain_criterion(text: str) -> bool:
    """Whether COUNTIF takes the text for itself: no comparison, wildcard or number."""
    bare = text.strip()
    return bool(bare) and bare[0] not in "<>=" and not set(bare) & set("*?~") and not _numeric(bare)


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
