"""The sheet of any table: one Excel table, formats and drop-downs for whole columns, marks, print set-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Final
from unicodedata import east_asian_width

from zlxl.grid import MAX_ROWS, Area
from zlxl.schema.column import Column, Storage
from zlxl.schema.table import Table
from zlxl.sheet import (
    MAX_PROMPT,
    MAX_PROMPT_TITLE,
    Block,
    Cell,
    ColumnLook,
    Content,
    ExcelTable,
    Kind,
    Link,
    Print,
    Sheet,
    Strictness,
    Style,
    TableColumn,
    Validation,
    sheet_link,
)
from zlxl.sheets.look import FONT
from zlxl.sheets.marks import marks_of
from zlxl.sheets.names import list_name

Row = Mapping[str, object]

FRONT: Final = "首页"
NAV_ROW: Final = 1
HEADER_ROW: Final = 2
FIRST_ROW: Final = 3
EARLIEST: Final = date(2000, 1, 1)
_PAGE_WIDTH: Final = 190  # characters that stay legible on A4 landscape
_CENTERED: Final = 14  # choices up to this width are set in the middle
_WRAPPED: Final = 24  # texts from this width on are wrapped
_LINE_HEIGHT: Final = 13.5
_ROW_AIR: Final = 6
_MOST_LINES: Final = 24

_STYLES: Final = {
    Storage.TEXT: Style.BODY,
    Storage.CODE: Style.CODE,
    Storage.DATE: Style.DATE,
    Storage.MONEY: Style.MONEY,
    Storage.NUMBER: Style.NUMBER,
    Storage.NOTE: Style.NOTE,
}
_ANYTHING: Final = Validation(area=Area(1, 1, 1, 1))
_ALLOWED: Final = {
    Storage.DATE: Validation(
        area=_ANYTHING.area,
        kind=Kind.DATE,
        minimum=EARLIEST,
        error_title="不像日期",
        error="应为 2000-01-01 以后的日期，如 2026-03-01。确定要这样保存吗？",
    ),
    Storage.MONEY: Validation(
        area=_ANYTHING.area,
        kind=Kind.DECIMAL,
        minimum=0,
        error_title="不像金额",
        error="应为不小于 0 的数字，单位元，不写“元”“万”。确定要这样保存吗？",
    ),
    Storage.NUMBER: Validation(
        area=_ANYTHING.area,
        kind=Kind.DECIMAL,
        minimum=-1e9,
        maximum=1e9,
        error_title="不像数字",
        error="此处只填数字。确定要这样保存吗？",
    ),
}


def data_sheet(table: Table, rows: Sequence[Row] = (), *, tab: str | None = None) -> Sheet:
    """The table's sheet with these rows, or with one empty row to begin in."""
    bottom = HEADER_ROW + max(len(rows), 1)
    columns = list(table.columns.values())
    widths = [column_width(column) for column in columns]
    blocks = tuple(_body(table, rows))
    return Sheet(
        name=table.name,
        cells=dict(_navigation(table, widths)),
        blocks=blocks,
        columns={
            number: ColumnLook(width=width, style=body_style(column))
            for number, (column, width) in enumerate(zip(columns, widths, strict=True), 1)
        },
        row_heights={NAV_ROW: 27, HEADER_ROW: 36, **_heights(blocks, widths)},
        tables=(_excel_table(table, Area(HEADER_ROW, 1, bottom, len(columns))),),
        validations=tuple(_validations(columns)),
        marks=marks_of(table, FIRST_ROW),
        freeze=(FIRST_ROW, frozen_columns(table) + 1),
        text_numbers=tuple(_text_numbers(columns)),
        print=_print(table, sum(widths)),
        tab=tab,
        selected=(FIRST_ROW, 1),
    )


def column_width(column: Column) -> float:
    """Width that shows the header in two lines beside its filter button, and the declared contents."""
    header = ceil(len(column.header) / 2) * 2.2 + 4
    return max(column.width, header)


def body_style(column: Column) -> Style:
    """Style of a column's cells."""
    if column.machine:
        return Style.MACHINE
    if column.storage is Storage.CHOICE:
        return Style.CENTER if column.width <= _CENTERED else Style.BODY
    if column.storage is Storage.TEXT and column.width >= _WRAPPED:
        return Style.NOTE
    return _STYLES[column.storage]


def row_height(contents: Sequence[Content], widths: Sequence[float], styles: Sequence[Style]) -> float:
    """Height in which wrapped texts show in full: not every program fits heights when it opens."""
    lines = (
        wrapped_lines(content, width - 1)
        for content, width, style in zip(contents, widths, styles, strict=True)
        if style is Style.NOTE and isinstance(content, str)
    )
    return _LINE_HEIGHT * min(max(lines, default=1), _MOST_LINES) + _ROW_AIR


def wrapped_lines(text: str, width: float) -> int:
    """Lines a text takes in a cell so many characters wide; Chinese letters take two."""
    return sum(max(1, ceil(text_width(line) / width)) for line in text.split("\n"))


def text_width(text: str) -> float:
    """Width of a text in characters."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1.05 for letter in text)


def frozen_columns(table: Table) -> int:
    """How many columns stay in view: up to the client's name where it stands near the left."""
    fields = list(table.columns)
    if "client" in fields[:3]:
        return fields.index("client") + 1
    return 1


def _navigation(table: Table, widths: Sequence[float]) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The slim line above the table: way back, name, purpose."""
    for number in range(1, len(widths) + 1):
        yield (NAV_ROW, number), Cell(style=Style.NAV_TEXT)
    back = Link(target=sheet_link(FRONT), text="‹ 首页", tip="回到首页")
    yield (NAV_ROW, 1), Cell(content=back, style=Style.NAV)
    yield (NAV_ROW, 2), Cell(content=table.name, style=Style.NAV_TITLE)
    text = f"{table.clause}　{table.purpose}　深色表头每行必填。"
    yield (NAV_ROW, _purpose_column(table, widths)), Cell(content=text, style=Style.NAV_TEXT)


def _purpose_column(table: Table, widths: Sequence[float]) -> int:
    """First column that leaves the name its room and begins beyond the frozen ones."""
    column, room = 2, 0.0
    while column < len(widths) and (room < len(table.name) * 3 or column <= frozen_columns(table)):
        room += widths[column - 1]
        column += 1
    return column


def _body(table: Table, rows: Sequence[Row]) -> Iterator[Block]:
    if rows:
        fields = list(table.columns)
        yield Block(
            top=FIRST_ROW,
            left=1,
            rows=[[_content(row.get(field)) for field in fields] for row in rows],
            styles=[body_style(column) for column in table.columns.values()],
        )


def _heights(blocks: Sequence[Block], widths: Sequence[float]) -> dict[int, float]:
    return {
        row: row_height(contents, widths, block.styles)
        for block in blocks
        for row, contents in enumerate(block.rows, block.top)
    }


def _content(value: object) -> Content:
    """A value as a cell holds it; empty text is no content."""
    if value is None or value == "":
        return None
    if isinstance(value, str | float | int | date):
        return value
    raise TypeError(f"no cell content: {value!r}")


def _excel_table(table: Table, area: Area) -> ExcelTable:
    return ExcelTable(
        name=table.name,
        area=area,
        columns=tuple(
            TableColumn(
                header=column.header,
                style=Style.HEADER_REQUIRED if field in table.required else Style.HEADER,
            )
            for field, column in table.columns.items()
        ),
    )


def _validations(columns: Sequence[Column]) -> Iterator[Validation]:
    for number, column in enumerate(columns, 1):
        yield validation_of(column, Area(FIRST_ROW, number, MAX_ROWS, number))


def validation_of(column: Column, area: Area) -> Validation:
    """What an area of a column's cells allows, and what its cells say when they are entered."""
    prompt = column.prompt + (f"\n例：{column.example}" if column.example else "")
    if column.storage is Storage.CHOICE:
        allowed = Validation(
            area=area,
            kind=Kind.LIST,
            source=f"={list_name(str(column.choices))}",
            strictness=Strictness.STOP,
            error_title="不在列表中",
            error=f"请从下拉列表中选择。需要新的值，先在“码表”的列表“{column.choices}”中增加一行。",
        )
    else:
        allowed = _ALLOWED.get(column.storage, _ANYTHING)
    return replace(
        allowed, area=area, prompt_title=column.header[:MAX_PROMPT_TITLE], prompt=prompt[:MAX_PROMPT]
    )


def _text_numbers(columns: Sequence[Column]) -> Iterator[Area]:
    """Where digits stored as text are meant, so that Excel shows no green triangles."""
    for number, column in enumerate(columns, 1):
        if column.storage not in (Storage.DATE, Storage.MONEY, Storage.NUMBER):
            yield Area(FIRST_ROW, number, MAX_ROWS, number)


def _print(table: Table, width: float) -> Print:
    """A4 landscape; a table too wide to be legible on one page takes several, each with the key columns."""
    pages = max(1, ceil(width / _PAGE_WIDTH))
    return Print(
        fit_width=pages,
        repeat_rows=(NAV_ROW, HEADER_ROW),
        repeat_columns=(1, frozen_columns(table)) if pages > 1 else None,
        header="",
        footer=footer(f"{table.name}（{table.clause}）"),
    )


def footer(text: str) -> str:
    """The foot of every printed page: procedure, sheet, page of pages."""
    font = f'&"{FONT},常规"&8'
    return f"&L{font} ZL-CX-16 客户服务管理程序&C{font} {text}&R{font} 第 &P 页，共 &N 页"
