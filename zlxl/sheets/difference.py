"""What differs between two copies as a workbook: a summary by table, the details field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from zlxl.grid import Area, column_letters
from zlxl.schema.differences import Difference, TableDifference
from zlxl.sheet import (
    Cell,
    ColumnLook,
    Content,
    Link,
    Mark,
    Print,
    Properties,
    Sheet,
    Style,
    Workbook,
    sheet_link,
)
from zlxl.sheets.data import FIRST_ROW, footer
from zlxl.sheets.report_table import Field, height_of, table_sheet, text_lines
from zlxl.sheets.report_words import SUMMARY, cell_text

DETAILS: Final = "变化明细"
TITLE: Final = "工作簿对比报告"
LEFT: Final = 2
TOP: Final = 4
MOST: Final = 300_000  # lines of 变化明细; what exceeds a sheet is told in the other formats
_FIELDS: Final = (
    Field(header="表", width=13),
    Field(header="变化", width=11, style=Style.CENTER),
    Field(header="编号", width=22),
    Field(header="字段", width=18),
    Field(header="旧值", width=34, style=Style.NOTE),
    Field(header="新值", width=34, style=Style.NOTE),
    Field(header="旧行", width=8, style=Style.INTEGER),
    Field(header="新行", width=8, style=Style.INTEGER),
    Field(header="工作表", width=16),
)
_LOOKS: Final = {
    "新增": Style.GOOD,
    "删除": Style.BAD,
    "修改": Style.WARN,
    "注意": Style.INFO,
    "未比": Style.INFO,
}
_HEADS: Final = ("表", "工作表", "新增行", "删除行", "修改行", "修改字段", "列的变化和说明")
_WIDTHS: Final = (16, 18, 10, 10, 10, 10, 44)
_STYLES: Final = (
    Style.BODY,
    Style.BODY,
    Style.INTEGER,
    Style.INTEGER,
    Style.INTEGER,
    Style.INTEGER,
    Style.NOTE,
)
RIGHT: Final = LEFT + len(_HEADS) - 1

Line = tuple[str, str, str, str, int | None, int | None, str, str, str]  #: see zlxl.reports.difference_rows


def difference_workbook(
    difference: Difference, lines: Sequence[Line], verdict: str, notes: Sequence[str]
) -> Workbook:
    """The report; ``lines``, ``verdict`` and ``notes`` are the words that the other formats use."""
    if len(lines) > MOST:
        cut = f"变化共 {len(lines)} 条，{DETAILS}只列前 {MOST} 条；全部内容请用 --output csv=路径 输出。"
        lines, notes = lines[:MOST], [*notes, cut]
    return Workbook(
        sheets=(_summary(difference, verdict, notes), _details(lines)),
        properties=Properties(title=TITLE, subject=verdict, category="对比报告"),
        active=SUMMARY,
    )


def _details(lines: Sequence[Line]) -> Sheet:
    rows = [_detail(line) for line in lines]
    hint = "按表和编号排列；只有一边有的行列出全部字段。用筛选看某个表、某个编号或某个字段。"
    sheet = table_sheet(DETAILS, hint, _FIELDS, rows, frozen=3, title=TITLE)
    return replace(sheet, marks=tuple(_marks(len(rows))))


def _detail(line: Line) -> Sequence[Content]:
    table, sheet, change, key, old_row, new_row, field, old, new = line
    words = (table, change, key, field, old, new)
    return (*map(cell_text, words), old_row, new_row, cell_text(sheet))


def _marks(rows: int) -> Iterator[Mark]:
    column = 2
    area = Area(FIRST_ROW, column, FIRST_ROW + max(rows, 1) - 1, column)
    for word, style in _LOOKS.items():
        yield Mark(area=area, formula=f'=LEFT(${column_letters(column)}{FIRST_ROW},2)="{word}"', style=style)


def _summary(difference: Difference, verdict: str, notes: Sequence[str]) -> Sheet:
    told = [
        ("旧文件", difference.old),
        ("新文件", difference.new),
        ("结论", verdict),
        *(("注意", words) for words in notes),
    ]
    head = TOP + len(told) + 2
    return Sheet(
        name=SUMMARY,
        cells=dict([*_top(told), *_table(difference, head)]),
        columns={1: ColumnLook(width=2), **{n: ColumnLook(width=w) for n, w in enumerate(_WIDTHS, LEFT)}},
        row_heights={2: 30, head: 24, **dict(_heights(difference, told, head))},
        merges=tuple(Area(row, LEFT + 1, row, RIGHT) for row in range(TOP, TOP + len(told))),
        print=Print(footer=footer(f"{TITLE} {SUMMARY}"), repeat_rows=(head, head)),
        selected=(2, LEFT),
    )


def _top(told: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Title, what was compared, what came out, and the way to the details."""
    yield (2, LEFT), Cell(content=TITLE, style=Style.TITLE)
    for row, (label, text) in enumerate(told, TOP):
        yield (row, LEFT), Cell(content=label, style=Style.STRONG)
        for column in range(LEFT + 2, RIGHT + 1):
            yield (row, column), Cell(style=Style.NOTE)
        yield (row, LEFT + 1), Cell(content=cell_text(text), style=Style.NOTE)
    link = Link(target=sheet_link(DETAILS), text=f"逐行逐字段的变化见 {DETAILS} ›", tip=DETAILS)
    yield (TOP + len(told), LEFT), Cell(content=link, style=Style.LINK)


def _heights(
    difference: Difference, told: Sequence[tuple[str, str]], head: int
) -> Iterator[tuple[int, float]]:
    """Heights of rows whose text takes several lines."""
    for row, (_, text) in enumerate(told, TOP):
        yield row, height_of(text_lines(text, sum(_WIDTHS[1:])))
    for row, line in enumerate(_lines(difference), head + 1):
        yield row, height_of(text_lines(line[-1], _WIDTHS[-1] - 2))


def _table(difference: Difference, head: int) -> Iterator[tuple[tuple[int, int], Cell]]:
    for column, text in enumerate(_HEADS, LEFT):
        yield (head, column), Cell(content=text, style=Style.HEADER)
    for row, line in enumerate(_lines(difference), head + 1):
        for column, (content, style) in enumerate(zip(line, _STYLES, strict=True), LEFT):
            yield (row, column), Cell(content=content, style=style)


def _lines(difference: Difference) -> Iterator[Sequence[Content]]:
    for table in difference.tables:
        fields = sum(len(row.fields) for row in table.changed)
        counts = (len(table.added), len(table.removed), len(table.changed), fields)
        yield (table.table, cell_text(table.sheet), *(n or None for n in counts), cell_text(_columns(table)))
    for what, some in (
        ("整个表是新增的", difference.tables_added),
        ("整个表已删除", difference.tables_removed),
    ):
        for seen in some:
            words = f"{what}（{seen.rows} 行）"
            yield (seen.table, cell_text(seen.sheet), None, None, None, None, words)
    for what, names in (
        ("新增的工作表", difference.sheets_added),
        ("已删除的工作表", difference.sheets_removed),
    ):
        for name in names:
            yield (None, cell_text(name), None, None, None, None, what)


def _columns(table: TableDifference) -> str:
    told = [f"新增列 {column.column}（{column.filled} 行有值）" for column in table.columns_added]
    told += [f"删除列 {column.column}（{column.filled} 行有值）" for column in table.columns_removed]
    return "；".join((*told, *table.remarks))
