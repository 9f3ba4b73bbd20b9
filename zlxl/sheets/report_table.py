"""A sheet of the report that is one Excel table below a slim line with the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from zlxl.findings import Severity
from zlxl.grid import Area, column_letters
from zlxl.sheet import (
    Block,
    Cell,
    ColumnLook,
    Content,
    ExcelTable,
    Kind,
    Link,
    Mark,
    Print,
    Sheet,
    Strictness,
    Style,
    TableColumn,
    Validation,
    sheet_link,
)
from zlxl.sheets.data import FIRST_ROW, HEADER_ROW, NAV_ROW, footer
from zlxl.sheets.report_words import SUMMARY

_TEXT: Final = frozenset(
    {Style.BODY, Style.NOTE, Style.CENTER, Style.CODE, Style.STRONG, Style.LINK, Style.MUTED}
)
_LEVELS: Final = {Severity.ERROR: Style.BAD, Severity.WARNING: Style.WARN, Severity.NOTE: Style.INFO}
RULED: Final = 5_000  # rows whose empty cells have lines too
_PAGE_WIDTH: Final = 190  # characters that stay legible on A4 landscape
_LINE: Final = 14.5  # points of a line of text
_ROW_SPARE: Final = 6
_TALLEST: Final = 409  # points; Excel takes no more
_PADDING: Final = 1.5  # characters of a cell that its text cannot use
_TITLE_ROOM: Final = 14  # characters the sheet's name needs in the slim line


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column of a report's table."""

    header: str
    width: float
    style: Style = Style.BODY
    choices: tuple[str, ...] = ()  #: a drop-down of these
    filled: bool = False  #: filled in by a person
    hidden: bool = False


def table_sheet(
    name: str,
    hint: str,
    fields: Sequence[Field],
    rows: Sequence[Sequence[Content]],
    *,
    blocks: tuple[Block, ...] | None = None,
    frozen: int = 0,
    tab: str | None = None,
    title: str = "校验报告",
    header_row: int = HEADER_ROW,
) -> Sheet:
    """The sheet; ``blocks`` in place of rows where one column has more than one look.

    ``title`` is the report that its foot names.
    """
    first, bottom = header_row + 1, header_row + max(len(rows), 1)
    area = Area(header_row, 1, bottom, len(fields))
    return Sheet(
        name=name,
        cells=dict([*_slim_line(name, hint, fields), *_blanks(fields, rows[:RULED], first)]),
        blocks=body(fields, rows, first) if blocks is None else blocks,
        columns={n: ColumnLook(width=f.width, hidden=f.hidden) for n, f in enumerate(fields, 1)},
        row_heights={NAV_ROW: 27, header_row: 24, **dict(_heights(fields, rows, first))},
        tables=(ExcelTable(name=name, area=area, columns=tuple(map(_column, fields))),),
        validations=tuple(_drop_downs(fields, first, bottom)),
        marks=tuple(_marks(fields, first, bottom)),
        freeze=(first, frozen + 1),
        text_numbers=tuple(_columns_of_text(fields, first, bottom)),
        print=_print(name, fields, frozen, title),
        tab=tab,
        selected=(first, 1),
    )


def _blanks(
    fields: Sequence[Field], rows: Sequence[Sequence[Content]], first: int
) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Empty cells with the look of their column: lines to write on."""
    for number, row in enumerate(rows, first):
        for column, (content, field) in enumerate(zip(row, fields, strict=True), 1):
            if content is None:
                yield (number, column), Cell(style=field.style)


def _print(name: str, fields: Sequence[Field], frozen: int, title: str) -> Print:
    """A4 landscape; a table too wide to be legible takes several pages, each with the frozen columns."""
    width = sum(field.width for field in fields if not field.hidden)
    pages = ceil(width / _PAGE_WIDTH) if frozen else 1
    return Print(
        fit_width=pages,
        repeat_rows=(NAV_ROW, HEADER_ROW),
        repeat_columns=(1, frozen) if pages > 1 else None,
        footer=footer(f"{title} {name}"),
    )


def _heights(
    fields: Sequence[Field], rows: Sequence[Sequence[Content]], first: int
) -> Iterator[tuple[int, float]]:
    """Height of each row, told by its longest wrapped text: not every program works it out by itself."""
    wrapped = [(n, field.width - _PADDING) for n, field in enumerate(fields) if field.style is Style.NOTE]
    for number, row in enumerate(rows, first):
        lines = max((text_lines(row[column], width) for column, width in wrapped), default=1)
        yield number, height_of(lines)


def height_of(lines: int) -> float:
    """Height of a row of so many lines, in points."""
    return min(_LINE * lines + _ROW_SPARE, _TALLEST)


def text_lines(content: Content, width: float) -> int:
    """Lines that a text takes in a cell so many characters wide."""
    if not isinstance(content, str):
        return 1
    return sum(max(1, ceil(len(part.encode("gb18030", "replace")) / width)) for part in content.split("\n"))


def body(
    fields: Sequence[Field], rows: Sequence[Sequence[Content]], top: int = FIRST_ROW
) -> tuple[Block, ...]:
    """The rows below the header."""
    return (Block(top=top, left=1, rows=rows, styles=[f.style for f in fields]),) if rows else ()


def _column(field: Field) -> TableColumn:
    return TableColumn(header=field.header, style=Style.HEADER_REQUIRED if field.filled else Style.HEADER)


def _slim_line(name: str, hint: str, fields: Sequence[Field]) -> Iterator[tuple[tuple[int, int], Cell]]:
    for number in range(1, len(fields) + 1):
        yield (NAV_ROW, number), Cell(style=Style.NAV_TEXT)
    back = Link(target=sheet_link(SUMMARY), text=f"‹ {SUMMARY}", tip="回到汇总")
    yield (NAV_ROW, 1), Cell(content=back, style=Style.NAV)
    yield (NAV_ROW, 2), Cell(content=name, style=Style.NAV_TITLE)
    yield (NAV_ROW, _hint_column(fields)), Cell(content=hint, style=Style.NAV_TEXT)


def _hint_column(fields: Sequence[Field]) -> int:
    column, room = 2, 0.0
    while room < _TITLE_ROOM and column < len(fields):
        room += fields[column - 1].width
        column += 1
    return column


def _drop_downs(fields: Sequence[Field], first: int, bottom: int) -> Iterator[Validation]:
    for number, field in enumerate(fields, 1):
        if field.choices:
            yield Validation(
                area=Area(first, number, bottom, number),
                kind=Kind.LIST,
                source=f'="{",".join(field.choices)}"',
                strictness=Strictness.STOP,
                error_title="不在列表中",
                error=f"请选择：{'、'.join(field.choices)}。",
            )


def _marks(fields: Sequence[Field], first: int, bottom: int) -> Iterator[Mark]:
    """Levels by colour, beside their word; what is settled steps back."""
    at: Mapping[str, int] = {field.header: number for number, field in enumerate(fields, 1)}
    if "级别" in at:
        letters = column_letters(at["级别"])
        area = Area(first, at["级别"], bottom, at["级别"])
        for severity, style in _LEVELS.items():
            yield Mark(area=area, formula=f'=${letters}{first}="{severity.chinese}"', style=style)
    if "状态" in at:
        letters = column_letters(at["状态"])
        area = Area(first, 1, bottom, len(fields))
        yield Mark(area=area, formula=f'=${letters}{first}="豁免"', style=Style.FADED)


def _columns_of_text(fields: Sequence[Field], first: int, bottom: int) -> Iterator[Area]:
    for number, field in enumerate(fields, 1):
        if field.style in _TEXT:
            yield Area(first, number, bottom, number)
