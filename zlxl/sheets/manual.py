"""使用说明: the clerk's manual, and the data dictionary that is generated from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zlxl.grid import Area
from zlxl.schema.facts import Agree, Fact, InOrder, RequiredWhen, RequiredWith, WithinMonths
from zlxl.schema.table import Table
from zlxl.sheet import (
    Block,
    Cell,
    ColumnLook,
    Content,
    ExcelTable,
    Link,
    Print,
    Sheet,
    Style,
    TableColumn,
    sheet_link,
)
from zlxl.sheets.data import FRONT, footer, row_height, wrapped_lines
from zlxl.sheets.look import NAVY
from zlxl.sheets.manual_text import COLOURS, SECTIONS
from zlxl.tables.catalog import TABLES

Cells = Iterator[tuple[tuple[int, int], Cell]]

NAME: Final = "使用说明"
DICTIONARY: Final = "数据字典"
HEADERS: Final = ("表", "列", "类型", "必填", "下拉列表", "说明", "要求", "示例", "也认的表头")
_WIDTHS: Final = (2, 13, 20, 14, 8, 13, 42, 36, 25, 36)
_STYLES: Final = (
    Style.STRONG,
    Style.BODY,
    Style.BODY,
    Style.CENTER,
    Style.BODY,
    Style.NOTE,
    Style.NOTE,
    Style.NOTE,
    Style.NOTE,
)
_TEXT: Final = (3, 7)  # columns that a step's text runs through
_TOP: Final = 5


def manual_sheet() -> Sheet:
    """The last sheet: how to do the daily work, then what each column means."""
    rows = dictionary_rows()
    header = _dictionary_row()
    block = Block(top=header + 1, left=2, rows=rows, styles=_STYLES)
    area = Area(header, 2, header + len(rows), 1 + len(HEADERS))
    columns = tuple(TableColumn(header=text) for text in HEADERS)
    return Sheet(
        name=NAME,
        cells=dict([*_cells(header), *_blanks(header, rows)]),
        blocks=(block,),
        columns={number: ColumnLook(width=width) for number, width in enumerate(_WIDTHS, 1)},
        row_heights=dict(_heights(header, rows)),
        merges=tuple(_merges()),
        tables=(ExcelTable(name=DICTIONARY, area=area, columns=columns),),
        text_numbers=(Area(header + 1, 9, header + len(rows), 9),),
        print=Print(
            repeat_rows=None, footer=footer(NAME), area=Area(1, 1, header + len(rows), 1 + len(HEADERS))
        ),
        tab=NAVY,
        selected=(1, 1),
    )


def dictionary_rows() -> list[list[Content]]:
    """One line a column of every table, in the order of the sheets."""
    return [
        [
            table.name,
            column.header,
            column.storage.chinese,
            "每行" if name in table.required else None,
            column.choices,
            column.prompt or None,
            "；".join(demands(table, name)) or None,
            column.example or None,
            "、".join(column.synonyms) or None,
        ]
        for table in TABLES
        for name, column in table.columns.items()
    ]


def demands(table: Table, field: str) -> list[str]:
    """What the facts of the table demand of a field, in the clerk's words."""
    return [fact.sentence for fact in table.model.facts if _accused(fact) == field]


def _accused(fact: Fact) -> str | None:
    match fact:
        case RequiredWhen() | RequiredWith():
            return fact.field
        case InOrder():
            return fact.later
        case WithinMonths():
            return fact.end
        case Agree():
            return fact.accused
    return None


def _lines() -> Iterator[tuple[int, str, int | None, str]]:
    """Row, heading, number and text of every line of the manual; a heading stands on a row of its own."""
    row = _TOP
    for heading, steps in SECTIONS:
        yield row, heading, None, ""
        for number, step in enumerate(steps, 1):
            yield row + number, "", number, step
        row += len(steps) + 2


def _colours_row() -> int:
    return _TOP + sum(len(steps) + 2 for _, steps in SECTIONS)


def _dictionary_row() -> int:
    """Row of the dictionary's header."""
    return _colours_row() + len(COLOURS) + 3


def _cells(header: int) -> Cells:
    yield (1, 2), Cell(content=Link(target=sheet_link(FRONT), text="‹ 首页", tip="回到首页"), style=Style.NAV)
    yield (2, 2), Cell(content=NAME, style=Style.TITLE)
    subtitle = "市场部客服日常工作的做法，和各表各列的说明。依据 ZL-CX-16 客户服务管理程序。"
    yield (3, 2), Cell(content=subtitle, style=Style.SUBTITLE)
    for row, heading, number, step in _lines():
        if heading:
            yield from _heading(row, heading)
        else:
            yield (row, 2), Cell(content=f"{number}.", style=Style.STEP)
            yield (row, _TEXT[0]), Cell(content=step, style=Style.PLAIN_WRAP)
    yield from _heading(_colours_row(), "颜色的意思")
    for row, (style, sample, meaning) in enumerate(COLOURS, _colours_row() + 1):
        yield (row, 2), Cell(content=sample, style=style)
        yield (row, _TEXT[0]), Cell(content=meaning, style=Style.PLAIN_WRAP)
    yield from _heading(header - 1, DICTIONARY, right=1 + len(HEADERS))


def _blanks(header: int, rows: Sequence[Sequence[Content]]) -> Cells:
    """Empty cells of the dictionary, so that its lines run through."""
    for row, contents in enumerate(rows, header + 1):
        for column, (content, style) in enumerate(zip(contents, _STYLES, strict=True), 2):
            if content is None:
                yield (row, column), Cell(style=style)


def _heading(row: int, text: str, *, right: int = _TEXT[1]) -> Cells:
    for column in range(2, right + 1):
        yield (row, column), Cell(style=Style.SECTION)
    yield (row, 2), Cell(content=text, style=Style.SECTION)


def _merges() -> Iterator[Area]:
    for row, heading, _, _ in _lines():
        if not heading:
            yield Area(row, _TEXT[0], row, _TEXT[1])
    for row in range(_colours_row() + 1, _colours_row() + 1 + len(COLOURS)):
        yield Area(row, _TEXT[0], row, _TEXT[1])


def _heights(header: int, rows: Sequence[Sequence[Content]]) -> Iterator[tuple[int, float]]:
    yield from {1: 21, 2: 36, 3: 18}.items()
    room = sum(_WIDTHS[_TEXT[0] - 1 : _TEXT[1]]) - 3
    for row, heading, _, step in _lines():
        yield row, 26 if heading else 15 * wrapped_lines(step, room) + 3
    for row in range(_colours_row() + 1, _colours_row() + 1 + len(COLOURS)):
        yield row, 19.5
    yield from {_colours_row(): 26, header - 1: 30, header: 24}.items()
    for row, contents in enumerate(rows, header + 1):
        yield row, row_height(contents, _WIDTHS[1:], _STYLES)
