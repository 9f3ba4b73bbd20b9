"""A printed form drawn line by line on a grid of narrow columns: boxes, ticks, merged cells, print set-up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil
from typing import Final

from zlxl.grid import Area
from zlxl.schema.context import Context
from zlxl.schema.values import Value
from zlxl.sheet import Cell, ColumnLook, Content, Kind, Print, Sheet, Strictness, Style, Validation
from zlxl.tables.policy import PolicyRow

COLUMNS: Final = 24
WIDTH: Final = 3.5  #: of a column, in characters
LINE: Final = 25.0  #: height of a line, points
OPTIONS: Final = 21.0  #: of a line of boxes to tick
OFF, ON = "☐", "☑"
VERSION: Final = "A/0"
_PER_COLUMN: Final = 4.3  # letters of half width that go into a column
_HIGHEST: Final = 400.0  # points; Excel takes no row of more than 409
_TEXT_LINE: Final = 15.5  # height of a line of printed text, points
_WRITTEN_LINE: Final = 18.0  # of text that is filled in
_LONGEST_LIST: Final = 255  # characters of a drop-down that is written out

Facts = Mapping[str, Value]  #: what is known beforehand, by the label it stands beside


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the body's policy says of forms."""

    context: Context
    criteria: Sequence[PolicyRow] = ()  #: rows of 评价准则 in force

    @property
    def body(self) -> str:
        """Name of the certification body."""
        return self.context.parameters["机构名称"]

    def options(self, name: str) -> tuple[str, ...]:
        """Values of a list of 码表."""
        return tuple(choice.value for choice in self.context.lists[name].choices)

    def items(self, group: str) -> list[PolicyRow]:
        """Rows of a group of 评价准则, in their order."""
        return [row for row in self.criteria if row.text("group") == group and row.text("item")]

    def days(self, name: str) -> str:
        """A number of days, as text."""
        return f"{self.context.number(name):g}"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A cell of a form, some columns wide."""

    width: int
    content: Content = None
    style: Style = Style.FORM_FIXED
    choices: Sequence[str] = ()  #: of its drop-down
    low: float | date | None = None
    high: float | date | None = None


def label(text: str, width: int = 4) -> Box:
    """What the cell beside it means."""
    return Box(width=width, content=text, style=Style.FORM_LABEL)


def told(text: Content, width: int, style: Style = Style.FORM_FIXED) -> Box:
    """What is printed and not to be changed."""
    return Box(width=width, content=text, style=style)


def blank(value: Value, width: int, choices: Sequence[str] = (), *, long: bool = False) -> Box:
    """A text to be filled in, or prefilled and open to correction."""
    content = value if isinstance(value, str | int | float | date) else None
    return Box(
        width=width, content=content, style=Style.FORM_TEXT if long else Style.FORM_FIELD, choices=choices
    )


def known(facts: Facts, name: str, width: int, choices: Sequence[str] = ()) -> Box:
    """What is prefilled and not to be changed; open where it is not known."""
    value = facts.get(name)
    return blank(None, width, choices) if value is None else told(value, width)


def day(value: Value, width: int) -> Box:
    """A date to be filled in."""
    content = value if isinstance(value, date) else None
    return Box(
        width=width, content=content, style=Style.FORM_DATE, low=date(2000, 1, 1), high=date(2099, 12, 31)
    )


def number(value: Value, width: int, low: float, high: float, style: Style = Style.FORM_SCORE) -> Box:
    """A number to be filled in."""
    content = value if isinstance(value, int | float) else None
    return Box(width=width, content=content, style=style, low=low, high=high)


def money(value: Value, width: int) -> Box:
    """An amount to be filled in."""
    return number(value, width, 0, 1e9, Style.FORM_MONEY)


def chosen_of(value: Value) -> frozenset[str]:
    """Options that a field holds, several joined by ``;``."""
    return frozenset(str(value).split(";")) if value is not None else frozenset()


@dataclass
class Page:
    """A form in the making; every method adds below what is there."""

    title: str
    number: str
    terms: Terms
    row: int = 1
    _cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    _merges: list[Area] = field(default_factory=list)
    _heights: dict[int, float] = field(default_factory=dict)
    _validations: list[Validation] = field(default_factory=list)
    _breaks: list[int] = field(default_factory=list)
    _hidden: set[int] = field(default_factory=set)

    def head(self) -> None:
        """The body's name, the title, and the number and version that section 5 gives."""
        self.line(told(self.terms.body, COLUMNS, Style.FORM_BODY), height=20)
        self.line(told(self.title, COLUMNS, Style.FORM_TITLE), height=30)
        self.line(told(f"{self.number}　版本 {VERSION}", COLUMNS, Style.FORM_RIGHT), height=16)

    def part(self, heading: str) -> None:
        """Heading of a part."""
        self.line(told(heading, COLUMNS, Style.FORM_HEAD), height=20)

    def line(self, *boxes: Box, height: float = LINE) -> None:
        """Boxes beside each other, over the whole width."""
        left = 1
        for box in boxes:
            self._put(box, left, self.row)
            left += box.width
        self._heights[self.row] = height
        self.row += 1

    def text(self, content: str, style: Style = Style.FORM_NOTE) -> None:
        """Printed text over the whole width, as high as it needs."""
        self.line(told(content, COLUMNS, style), height=self._height(content, COLUMNS))

    def tall(self, name: str, value: Value, rows: int) -> None:
        """A label with room for several lines of writing."""
        height = max(rows * _WRITTEN_LINE + 6, self._height(str(value or ""), COLUMNS - 4, _WRITTEN_LINE))
        self.line(label(name), blank(value, COLUMNS - 4, long=True), height=height)

    def options(self, name: str, options: Sequence[str], value: Value, per_line: int) -> None:
        """A label and boxes to tick before each option, on as many lines as it takes."""
        width = (COLUMNS - 4) // per_line
        lines = [_of_options(some, chosen_of(value), width) for some in _batched(options, per_line)]
        self.beside(name, 4, *lines)

    def beside(self, name: str, width: int, *lines: Sequence[Box]) -> None:
        """A label beside several lines of boxes."""
        first = self.row
        for boxes in lines:
            left = width + 1
            for box in boxes:
                self._put(box, left, self.row)
                left += box.width
            self._heights[self.row] = OPTIONS
            self.row += 1
        self._cells[first, 1] = Cell(content=name, style=Style.FORM_LABEL)
        self._merges.append(Area(first, 1, self.row - 1, width))

    def new_page(self) -> None:
        """What follows is printed on the next page."""
        self._breaks.append(self.row - 1)

    def keep(self, *numbers: tuple[str, Value]) -> None:
        """Hidden lines below the form that say which row it is of, should the visible number be lost."""
        for name, value in numbers:
            if value is not None:
                self._put(told(name, 1, Style.PLAIN), 1, self.row)
                self._put(told(str(value), 1, Style.PLAIN), 2, self.row)
                self._hidden.add(self.row)
                self.row += 1

    def sheet(self, name: str) -> Sheet:
        """The form as a sheet of that name."""
        last = self.row - 1 - len(self._hidden)
        return Sheet(
            name=name,
            cells=self._cells,
            merges=tuple(self._merges),
            columns={column: ColumnLook(width=WIDTH) for column in range(1, COLUMNS + 1)},
            row_heights=self._heights,
            hidden_rows=frozenset(self._hidden),
            validations=tuple(self._validations),
            protected=True,
            selected=next(iter(self._open()), (1, 1)),
            print=Print(
                landscape=False,
                centered=True,
                margins=(0.5, 0.5, 0.6, 0.6),
                header=f"&L&9{self.terms.body}&R&9{self.number}　{VERSION}",
                footer="&C&9第 &P 页 共 &N 页",
                area=Area(1, 1, last, COLUMNS),
                breaks=tuple(self._breaks),
            ),
        )

    def _open(self) -> Iterator[tuple[int, int]]:
        typed = (Style.FORM_FIELD, Style.FORM_TEXT, Style.FORM_DATE, Style.FORM_SCORE)
        return (place for place, cell in self._cells.items() if cell.style in typed and cell.content is None)

    def _put(self, box: Box, left: int, row: int) -> None:
        area = Area(row, left, row, left + box.width - 1)
        self._cells[row, left] = Cell(content=box.content, style=box.style)
        if box.width > 1:
            self._merges.append(area)
        self._validations += _validations(box, area)

    def _height(self, text: str, columns: int, line: float = _TEXT_LINE) -> float:
        capacity = columns * _PER_COLUMN - 2
        lines = sum(max(1, ceil(_letters(part) / capacity)) for part in text.split("\n"))
        return min(lines * line + 6, _HIGHEST)


def tick(option: str, width: int, *, ticked: bool = False) -> list[Box]:
    """A box to tick and its option behind it."""
    mark = Box(width=1, content=ON if ticked else OFF, style=Style.FORM_TICK, choices=(OFF, ON))
    return [mark, told(option, width - 1, Style.FORM_OPTION)]


def _batched(options: Sequence[str], size: int) -> list[Sequence[str]]:
    return [options[at : at + size] for at in range(0, len(options), size)]


def _of_options(some: Sequence[str], chosen: frozenset[str], width: int) -> list[Box]:
    boxes = [box for option in some for box in tick(option, width, ticked=option in chosen)]
    rest = COLUMNS - 4 - width * len(some)
    boxes += [told(None, rest, Style.FORM_OPTION)] * (rest > 0)
    return [*boxes[:-1], replace(boxes[-1], style=Style.FORM_OPTION_END)]


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _validations(box: Box, area: Area) -> Iterator[Validation]:
    listed = ",".join(box.choices)
    if box.choices and len(listed) <= _LONGEST_LIST:
        yield Validation(
            area=area,
            kind=Kind.LIST,
            source=f'"{listed}"',
            strictness=Strictness.STOP,
            error_title="请从下拉列表中选择",
            error=f"只能填写：{'、'.join(box.choices)}"[:200],
        )
    elif isinstance(box.low, date):
        yield Validation(
            area=area,
            kind=Kind.DATE,
            minimum=box.low,
            maximum=box.high,
            error_title="日期",
            error="请填写日期，如 2026-03-01。",
        )
    elif box.low is not None and box.high is not None:
        yield Validation(
            area=area,
            kind=Kind.DECIMAL,
            minimum=box.low,
            maximum=box.high,
            strictness=Strictness.STOP,
            error_title="数字",
            error=f"请填写 {box.low:g} 至 {box.high:g} 的数字。",
        )
