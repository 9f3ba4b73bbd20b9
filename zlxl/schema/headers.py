"""Finding a table's header among the first rows of a sheet."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from zlxl.grid import Cell, Grid, Kind, ListObject
from zlxl.schema.column import Storage
from zlxl.schema.table import Table
from zlxl.schema.values import shown

HEADER_ROWS = 20  # a header further down is not looked for
_UNIT = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]$")
_ITEM = re.compile(r"^(?:Q?\d{1,2}[、.,)）]|\(\d{1,2}\))")  # as questionnaires number their items
TELLING = 4  # letters of a header that a question may be told by
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
    "流程时效_",
    "获证客户名录",
    "合并冲突",
)
REPORT_SHEETS = frozenset(
    {"变化明细", "问题清单", "按记录", "修复预览", "与上次对比", "规则说明", "运行信息"}
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


def field_of(table: Table, header: str) -> str | None:
    """The field that a header means, with or without its unit or number; None when the table knows none."""
    known = spellings(table)
    plain = normalised(header)
    bare = _ITEM.sub("", plain)
    spelled = (plain, _UNIT.sub("", plain), bare, _UNIT.sub("", bare))
    found = next((known[text] for text in spelled if text in known), None)
    return _asked(table, bare) if found is None and bare != plain else found


def _asked(table: Table, question: str) -> str | None:
    """The field that a numbered question names in its words: ``3、您对公正客观是否满意``; one or none.

    Of a word within another's the longer one tells: 不满意之处 in 最不满意之处.
    """
    told = {name: word for name, words in _words_of(table).items() if (word := _longest(words, question))}
    found = [
        name
        for name, word in told.items()
        if not any(word != other and word in other for other in told.values())
    ]
    return found[0] if len(found) == 1 else None


@cache
def _words_of(table: Table) -> Mapping[str, tuple[str, ...]]:
    """Words that a question tells a field by: of what is chosen, counted or written freely."""
    asked = {
        name: column
        for name, column in table.columns.items()
        if column.choices or column.storage in (Storage.NUMBER, Storage.NOTE)
    }
    return {
        name: tuple(
            word for text in (column.header, *column.synonyms) if len(word := normalised(text)) >= TELLING
        )
        for name, column in asked.items()
    }


def _longest(words: Sequence[str], question: str) -> str:
    return max((word for word in words if word in question), key=len, default="")


def _lent(grid: Grid, row: int) -> dict[int, str]:
    """Texts of a row by column; a vertical merge that ends in or below the row lends its text."""
    head = grid.head(HEADER_ROWS)
    texts = _texts(head.get(row, {}))
    for area in grid.layout().merges:
        if area.top < row <= area.bottom and area.left == area.right and area.left not in texts:
            above = _texts(head.get(area.top, {}))
            texts |= {area.left: above[area.left]} if area.left in above else {}
    return texts


def _texts(cells: Mapping[int, Cell]) -> dict[int, str]:
    return {c: str(cell.value) for c, cell in cells.items() if cell.kind == Kind.TEXT and cell.value}


def _match(table: Table, row: int, texts: Mapping[int, str], within: ListObject | None) -> HeaderMatch:
    fields: dict[str, int] = {}
    spelled: dict[str, str] = {}
    duplicates: list[tuple[str, int]] = []
    for column, text in sorted(texts.items()):
        name = field_of(table, text)
        if name is None or (within and not within.area.left <= column <= within.area.right):
            continue
        if name in fields:
            duplicates.append((name, column))
        else:
            fields[name], spelled[name] = column, text.strip()
    return HeaderMatch(
        table=table, row=row, fields=fields, spelled=spelled, duplicates=tuple(duplicates), list_object=within
    )


def _candidates(grid: Grid, table: Table, rows: Mapping[int, Mapping[int, str]]) -> list[HeaderMatch]:
    matches = []
    for row, texts in rows.items():
        starting = [lo for lo in grid.list_objects() if lo.area.top == row]
        matches += [_match(table, row, texts, within) for within in [None, *starting]]
    return matches


def _score(match: HeaderMatch) -> tuple[int, bool, int]:
    return len(match.fields), match.list_object is not None, -match.row


def find_header(grid: Grid, table: Table, *, sure: bool = False) -> HeaderMatch | None:
    """The best header of a table on a sheet, None when the sheet does not hold it.

    Who is ``sure`` that it does gets a header of few columns too.

    Merges, which stand behind the rows of a sheet, are read only where a header seems to have two rows.
    """
    rows = {row: _texts(cells) for row, cells in grid.head(HEADER_ROWS).items()}
    best = max(_candidates(grid, table, rows), key=_score, default=None)
    if best is not None and _has_two_rows(best, rows):
        rows = {row: _lent(grid, row) for row in rows}
        best = max(_candidates(grid, table, rows), key=_score, default=None)
    fits = best is not None and _suffices(best, named=sure or table.name in _names(grid))
    return best if fits else None


def _has_two_rows(match: HeaderMatch, rows: Mapping[int, Mapping[int, str]]) -> bool:
    beside = (rows.get(match.row - 1, {}), rows.get(match.row + 1, {}))
    return any(field_of(match.table, text) for texts in beside for text in texts.values())


def _suffices(match: HeaderMatch, *, named: bool) -> bool:
    """Whether so many headers make a table; under another name a key and several are needed."""
    if named:
        return bool(match.fields)
    needed = max(MIN_RECOGNISED, len(match.table.required) // 2 + 1)
    keyed = any(name in match.fields for name in match.table.key) or len(match.fields) >= ENOUGH
    return len(match.fields) >= needed and keyed


def _names(grid: Grid) -> set[str]:
    """Names of the sheet and of the Excel tables on it."""
    return {grid.sheet.strip(), *(lo.name for lo in grid.list_objects())}


def assign(grid: Grid, tables: Sequence[Table]) -> list[HeaderMatch]:
    """Which tables a sheet holds.

    Each Excel table is one by itself; else it is the table whose name the sheet bears, or the one whose
    headers it shows best.
    """
    if grid.sheet in REPORT_SHEETS or grid.sheet.startswith(NOT_TABLES):
        return []
    within = [m for lo in grid.list_objects() if (m := _in_list_object(grid, lo, tables))]
    left = [table for table in tables if table not in {match.table for match in within}]
    named = [table for table in left if table.name in _names(grid)]
    if within or named:
        return within + [match for table in named if (match := find_header(grid, table))]
    found = [match for table in tables if (match := find_header(grid, table))]
    found = [m for m in found if len(m.fields) * 2 >= _texts_in(grid, m.row) or len(m.fields) >= 5]
    return sorted(found, key=lambda m: len(m.fields), reverse=True)[:1]


def _in_list_object(grid: Grid, lo: ListObject, tables: Sequence[Table]) -> HeaderMatch | None:
    """The table that an Excel table is: by its name, else by its headers."""
    if not lo.header_rows:
        return None
    texts = _header_texts(grid, lo)
    matches = [_match(table, lo.area.top, texts, _widened(table, texts, lo)) for table in tables]
    fit = [m for m in matches if _suffices(m, named=m.table.name == lo.name)]
    return max(fit, key=lambda m: (m.table.name == lo.name, len(m.fields)), default=None)


def _widened(table: Table, texts: Mapping[int, str], lo: ListObject) -> ListObject:
    """The Excel table with known headers that were written right behind it."""
    area = lo.area
    own = {field_of(table, texts[column]) for column in range(area.left, area.right + 1) if column in texts}
    right = area.right
    while (name := field_of(table, texts.get(right + 1, ""))) and name not in own:
        own.add(name)
        right += 1
    return replace(lo, area=replace(area, right=right))


def _header_texts(grid: Grid, lo: ListObject) -> dict[int, str]:
    """Texts of the header row by column; of a header far down only those of the Excel table itself."""
    top = lo.area.top
    if top <= HEADER_ROWS:
        others = [x.area for x in grid.list_objects() if x != lo and x.area.top <= top <= x.area.bottom]
        texts = _texts(grid.head(HEADER_ROWS).get(top, {}))
        return {c: text for c, text in texts.items() if not any(x.left <= c <= x.right for x in others)}
    block = grid.block(range(lo.area.left, lo.area.right + 1), top, top)
    found = ((c, raw) for c, raw in block.columns.items() if len(raw.kinds) and raw.kinds[0] == Kind.TEXT)
    return {column: grid.strings[int(raw.data[0])] for column, raw in found}


def extra_columns(grid: Grid, match: HeaderMatch) -> Mapping[int, str]:
    """Columns that are the user's own: header as spelled, by 1-based column.

    They stand within the Excel table or, like further columns of a field, next to the header without a gap.
    """
    texts = _all_headers(grid, match)
    known = set(match.fields.values())
    area = match.list_object.area if match.list_object else None
    left, right = (area.left, area.right) if area else (min(known), max(known))
    while left - 1 in texts:
        left -= 1
    while right + 1 in texts:
        right += 1
    return {c: text for c, text in sorted(texts.items()) if left <= c <= right and c not in known}


def _all_headers(grid: Grid, match: HeaderMatch) -> Mapping[int, str]:
    """What the cells of the header row say, numbers too, but for other Excel tables in it."""
    if match.row > HEADER_ROWS and match.list_object:
        return {c: text.strip() for c, text in _header_texts(grid, match.list_object).items() if text.strip()}
    cells = grid.head(HEADER_ROWS).get(match.row, {})
    texts = {c: shown(cell.value) for c, cell in cells.items() if cell.kind in (Kind.TEXT, Kind.NUMBER)}
    texts |= _lent(grid, match.row)
    own = match.list_object.name if match.list_object else None
    others = [
        x.area for x in grid.list_objects() if x.name != own and x.area.top <= match.row <= x.area.bottom
    ]
    return {
        c: text.strip()
        for c, text in texts.items()
        if text.strip() and not any(area.left <= c <= area.right for area in others)
    }


def _texts_in(grid: Grid, row: int) -> int:
    return Counter(cell.kind for cell in grid.head(HEADER_ROWS).get(row, {}).values())[Kind.TEXT]
