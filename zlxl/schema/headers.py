"""Finding a table's header among the first rows of a sheet."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from zlxl.grid import Area, Cell, Grid, Kind, ListObject
from zlxl.schema.table import Table

HEADER_ROWS = 20  # a header further down is not looked for
_UNIT = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]$")
_DECORATION = re.compile(r"[\s*＊:：★●※]+")
MIN_RECOGNISED = 3  # on a sheet that does not bear the table's name
ENOUGH = 6  # so many columns are a table even without its key
NOT_TABLES = (
    "首页",
    "使用说明",
    "校验结果",
    "待办提醒",
    "企业分级",
    "满意度_",
    "年终汇总_",
    "获证客户名录",
    "合并冲突",
)


@dataclass(frozen=True, kw_only=True)
class HeaderMatch:
    """Where a table's header stands and which column holds which field."""

    table: Table
    row: int
    fields: Mapping[str, int]  #: field -> 1-based column
    spelled: Mapping[str, str]  #: field -> header as the sheet spells it
    duplicates: tuple[tuple[str, int], ...] = ()  #: (field, column) of second and later columns of a field
    list_object: ListObject | None = None


def normalised(header: str) -> str:
    """A header for comparing: width, spaces, star and colon left out, upper case."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", header)).upper()


@cache
def spellings(table: Table) -> Mapping[str, str]:
    """Field by every normalised spelling of its header."""
    known: dict[str, str] = {}
    for name, column in table.columns.items():
        known[normalised(column.header)] = name
    for name, column in table.columns.items():
        for synonym in column.synonyms:
            known.setdefault(normalised(synonym), name)
    return known


def _field(table: Table, header: str) -> str | None:
    known = spellings(table)
    plain = normalised(header)
    return known.get(plain) or known.get(normalised(_UNIT.sub("", plain)))


def _row_texts(head: Mapping[int, Mapping[int, Cell]], row: int, merges: Sequence[Area]) -> dict[int, str]:
    """Texts of a row by column; a vertical merge that ends in or below the row lends its text."""
    texts = {
        c: str(cell.value) for c, cell in head.get(row, {}).items() if cell.kind == Kind.TEXT and cell.value
    }
    for area in merges:
        if area.top < row <= area.bottom and area.left == area.right and area.left not in texts:
            above = head.get(area.top, {}).get(area.left)
            if above is not None and above.kind == Kind.TEXT:
                texts[area.left] = str(above.value)
    return texts


def _match(table: Table, row: int, texts: Mapping[int, str], within: ListObject | None) -> HeaderMatch:
    fields: dict[str, int] = {}
    spelled: dict[str, str] = {}
    duplicates: list[tuple[str, int]] = []
    for column, text in sorted(texts.items()):
        name = _field(table, text)
        if name is None or (within and not within.area.left <= column <= within.area.right):
            continue
        if name in fields:
            duplicates.append((name, column))
        else:
            fields[name], spelled[name] = column, text.strip()
    return HeaderMatch(
        table=table, row=row, fields=fields, spelled=spelled, duplicates=tuple(duplicates), list_object=within
    )


def _candidates(grid: Grid, table: Table) -> list[HeaderMatch]:
    head, layout = grid.head(HEADER_ROWS), grid.layout()
    starts = {
        lo.area.top: [x for x in layout.list_objects if x.area.top == lo.area.top]
        for lo in layout.list_objects
    }
    matches = []
    for row in head:
        texts = _row_texts(head, row, layout.merges)
        for within in [None, *starts.get(row, [])]:
            matches.append(_match(table, row, texts, within))
    return matches


def _score(match: HeaderMatch) -> tuple[int, bool, int]:
    return len(match.fields), match.list_object is not None, -match.row


def find_header(grid: Grid, table: Table) -> HeaderMatch | None:
    """The best header of a table on a sheet, None when the sheet does not hold it."""
    best = max(_candidates(grid, table), key=_score, default=None)
    named = bears_name(grid, table)
    needed = 1 if named else max(MIN_RECOGNISED, len(table.required) // 2 + 1)
    if best is None or len(best.fields) < needed:
        return None
    keyed = named or any(name in best.fields for name in table.key)
    return best if keyed or len(best.fields) >= ENOUGH else None


def bears_name(grid: Grid, table: Table) -> bool:
    """Whether the sheet, or an Excel table on it, has the table's name."""
    names = {grid.sheet.strip(), *(lo.name for lo in grid.layout().list_objects)}
    return table.name in names


def assign(grid: Grid, tables: Sequence[Table]) -> list[HeaderMatch]:
    """Which tables a sheet holds: the one whose name it bears, else the one whose headers it shows best."""
    if any(grid.sheet.startswith(prefix) for prefix in NOT_TABLES):
        return []
    named = [table for table in tables if bears_name(grid, table)]
    if named:
        return [match for table in named if (match := find_header(grid, table))]
    found = [match for table in tables if (match := find_header(grid, table))]
    found = [m for m in found if len(m.fields) * 2 >= _texts_in(grid, m.row) or len(m.fields) >= 5]
    return sorted(found, key=lambda m: len(m.fields), reverse=True)[:1]


def _texts_in(grid: Grid, row: int) -> int:
    return Counter(cell.kind for cell in grid.head(HEADER_ROWS).get(row, {}).values())[Kind.TEXT]
