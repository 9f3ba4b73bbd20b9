"""A list of texts to classify: a CSV file or a sheet with the columns id and text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zlxl.decisions.decide import Asked, Decider, Decision
from zlxl.errors import UsageError
from zlxl.grid import Grid, Kind, RawColumn, TableSource
from zlxl.schema.headers import normalised
from zlxl.schema.values import plain_number

_IDS: Final = ("id", "编号", "要求编号", "序号", "key")
_HEADER_ROWS: Final = 20
_TEXTS: Final = ("text", "要求原文", "原文", "内容", "文本", "客户原话", "要求描述")


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One line of the list."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Classified:
    """A line of the list with its decision."""

    line: Text
    decision: Decision


def classify_texts(source: TableSource, decider: Decider) -> list[Classified]:
    """Every line of the list with its decision, in their order.

    Raises:
        UsageError: no sheet has a column of texts.
    """
    lines = read_texts(source)
    decided = decider.decide([Asked(text=line.text) for line in lines])
    return [Classified(line=line, decision=decision) for line, decision in zip(lines, decided, strict=True)]


def read_texts(source: TableSource) -> list[Text]:
    """The lines of the first sheet that has a column of texts; without ids they are numbered from 1."""
    for grid in source.grids():
        for row in sorted(grid.head(_HEADER_ROWS)):
            columns = _columns(grid, row)
            if "text" in columns:
                return list(_lines(grid, row, columns))
    raise UsageError(f"「{source.path}」没有 text 一列。前 20 行内应有列名：id,text（或 编号,要求原文）。")


def _columns(grid: Grid, row: int) -> Mapping[str, int]:
    """Columns of a row of headers by what they hold."""
    found: dict[str, int] = {}
    for column, cell in grid.head(row)[row].items():
        if cell.kind is not Kind.TEXT:
            continue
        header = normalised(str(cell.value))
        for name, known in (("id", _IDS), ("text", _TEXTS)):
            if header in {normalised(word) for word in known}:
                found.setdefault(name, column)
    return found


def _lines(grid: Grid, header: int, columns: Mapping[str, int]) -> Iterator[Text]:
    block = grid.block(columns.values(), header + 1)
    texts = _shown(block.columns[columns["text"]], grid.strings)
    numbers = [str(row - header) for row in block.rows.tolist()]
    ids = _shown(block.columns[columns["id"]], grid.strings) if "id" in columns else numbers
    for key, text in zip(ids, texts, strict=True):
        if key or text.strip():
            yield Text(id=key, text=text)


def _shown(column: RawColumn, strings: Sequence[str]) -> list[str]:
    cells = zip(column.kinds.tolist(), column.data.tolist(), strict=True)
    return [_cell(Kind(kind), data, strings) for kind, data in cells]


def _cell(kind: Kind, data: float, strings: Sequence[str]) -> str:
    if kind in (Kind.TEXT, Kind.ISO_DATE):
        return strings[int(data)]
    return plain_number(data) if kind is Kind.NUMBER else ""
