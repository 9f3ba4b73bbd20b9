"""What differs between two copies, for a person: by table and key, old and new beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zlxl.reports.words import one_line
from zlxl.schema.comparing import told
from zlxl.schema.differences import Difference, RowChange, RowSeen, TableDifference, TableSeen
from zlxl.schema.values import Raw

NO_KEY = "（无编号）"
SUMMED = 160  # characters that tell a whole row
RED, GREEN, YELLOW, BOLD = "31", "32", "33", "1"


def write(difference: Difference, *, colour: bool = False) -> Iterator[str]:
    """Lines, each with its end; the last one holds the totals."""
    paint = _painted if colour else _plain
    yield paint(one_line(f"旧：{difference.old}"), BOLD) + "\n"
    yield paint(one_line(f"新：{difference.new}"), BOLD) + "\n"
    for table in difference.tables:
        for line in _table(table):
            yield paint(*line) + "\n"
    for line in _one_sided(difference):
        yield paint(*line) + "\n"
    yield "\n" + paint(totals(difference), BOLD) + "\n"


def totals(difference: Difference) -> str:
    """What all came to, in a sentence."""
    if not difference:
        return "没有差异。"
    added, removed = difference.count("added"), difference.count("removed")
    changed = f"修改 {difference.count('changed')} 行（{difference.fields} 个字段）"
    text = f"共新增 {added} 行，删除 {removed} 行，{changed}"
    tables = len(difference.tables_added) + len(difference.tables_removed)
    sheets = len(difference.sheets_added) + len(difference.sheets_removed)
    text += f"；只在一个文件中的表 {tables} 个" if tables else ""
    return text + (f"；只在一个文件中的其他工作表 {sheets} 个。" if sheets else "。")


def limits(difference: Difference) -> Iterator[str]:
    """What was not compared, in sentences."""
    if difference.sheets_in_both:
        names = "、".join(difference.sheets_in_both)
        yield f"只比较了名称、没有比较内容的工作表：{names}。"


def columns_words(table: TableDifference) -> Iterator[str]:
    """Columns that only one copy has."""
    for what, columns in (("新增列", table.columns_added), ("删除列", table.columns_removed)):
        for column in columns:
            yield f"{what} {column.column}（{column.filled} 行有值，不逐行列出）"


def _plain(text: str, _code: str = "") -> str:
    return text


def _painted(text: str, code: str = "") -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


Line = tuple[str, str]


def _table(table: TableDifference) -> Iterator[Line]:
    if not table and not table.remarks and table.sheet == table.old_sheet:
        return
    counts = f"新增 {len(table.added)}，删除 {len(table.removed)}，修改 {len(table.changed)}"
    yield "", ""
    yield one_line(f"{heading(table)}：{counts}"), BOLD
    for words in (*columns_words(table), *table.remarks):
        yield one_line(f"  注意  {words}"), ""
    for what, row in table.by_key():
        yield from _row(row, removed=what == "removed")


def heading(table: TableDifference) -> str:
    """Name of the table, and of its sheet where that is another one."""
    if table.sheet != table.old_sheet:
        return f"{table.table}（工作表“{table.old_sheet}” → “{table.sheet}”）"
    return table.table if table.sheet == table.table else f"{table.table}（工作表“{table.sheet}”）"


def _row(row: RowSeen | RowChange, *, removed: bool) -> Iterator[Line]:
    key = row.key or NO_KEY
    if isinstance(row, RowSeen):
        mark, colour = ("-", RED) if removed else ("+", GREEN)
        place = f"原第 {row.row} 行" if removed else f"第 {row.row} 行"
        yield one_line(f"  {mark} {key}（{place}）{summary(row.values)}"), colour
        return
    moved = f"，原第 {row.old_row} 行" if row.old_row != row.new_row else ""
    yield one_line(f"  ~ {key}（第 {row.new_row} 行{moved}）"), YELLOW
    for field in row.fields:
        old, new = told(field.old, field.new), told(field.new, field.old)
        yield one_line(f"      {field.column}：{old} → {new}"), ""


def summary(values: Mapping[str, Raw]) -> str:
    """A row in a few words: ``合同编号=ZL1；企业名称=甲``."""
    text = "；".join(f"{column}={told(raw)}" for column, raw in values.items())
    return text if len(text) <= SUMMED else f"{text[:SUMMED]}…"


def _one_sided(difference: Difference) -> Iterator[Line]:
    lines = [
        *((_seen("- 删除了表", table), RED) for table in difference.tables_removed),
        *((_seen("+ 新增了表", table), GREEN) for table in difference.tables_added),
        *((one_line(f"- 删除了工作表 {name}"), RED) for name in difference.sheets_removed),
        *((one_line(f"+ 新增了工作表 {name}"), GREEN) for name in difference.sheets_added),
        *((one_line(f"注意  {words}"), "") for words in limits(difference)),
    ]
    if lines:
        yield "", ""
    yield from lines


def _seen(what: str, table: TableSeen) -> str:
    sheet = "" if table.sheet == table.table else f"（工作表“{table.sheet}”）"
    return one_line(f"{what} {table.table}{sheet}：{table.rows} 行，不逐行列出")
