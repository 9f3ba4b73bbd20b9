"""Generated sheets in the open workbook: drawn in a file, copied in, their formulas after that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from zlxl.changes import Formula
from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel.live_book import Book
from zlxl.excel.live_read import Call, LiveGrid, rows_of
from zlxl.excel.patch.graft import MARK
from zlxl.excel.write import sheets_written
from zlxl.sheet import Cell, Content, Name, Sheet

if TYPE_CHECKING:
    import xlwings

_STRING: Final = re.compile(r'"[^"]*"')
_PREFIX: Final = re.compile(r"_xlfn\.(_xlws\.)?")


Steps = list[Callable[[], object]]  #: how to take back what was done, last thing first


def put_sheets(book: Book, edits: Edits, call: Call, steps: Steps) -> tuple[str, ...]:
    """Add and delete generated sheets, each in the place of ours of that name; remarks in Chinese.

    The new ones stand whole before the first old one goes; until then ``steps`` take all of it back.

    Raises:
        Unwritable: a sheet of that name is the user's own or others count on it, the structure is protected.
    """
    if book.structure_locked:
        raise Unwritable("工作簿结构受保护，不能添加工作表。请在“审阅”中取消“保护工作簿”，再点一次按钮。")
    names = [*edits.removed, *(sheet.name for sheet in edits.sheets)]
    old = {grid.sheet.casefold(): grid for grid in book.grids()}
    ours = [old[name.casefold()] for name in names if name.casefold() in old]
    for grid in ours:
        _refuse_own(grid, call)
        _refuse_used(grid, [g for g in book.grids() if g not in ours], call)
    _refuse_named(book, ours, edits, call)
    if edits.sheets:
        _put(book, edits.sheets, old, call, steps)
    for defined in edits.names:
        _define(book, defined, call, steps)
    return tuple(_deleted(ours, call))


def _define(book: Book, defined: Name, call: Call, steps: Steps) -> None:
    """Give a name its formula; the one it had comes back with the rest."""
    names = book.api.names
    before = call(lambda: names[defined.name].refers_to if defined.name in names else None)
    if before is None:
        steps.append(lambda: call(lambda: names[defined.name].delete()))
    else:
        steps.append(partial(call, partial(names.add, defined.name, before)))
    call(partial(names.add, defined.name, defined.formula))


def _deleted(ours: Sequence[LiveGrid], call: Call) -> Iterator[str]:
    """Delete the old sheets; as soon as one is gone, one that cannot be deleted only gives a remark."""
    for number, grid in enumerate(ours):
        try:
            call(grid.api.delete)
        except Exception:
            if not number:
                raise
            yield f"旧的工作表“{grid.sheet}”没能删除，请手工删除。"


def _refuse_own(grid: LiveGrid, call: Call) -> None:
    names: Any = call(lambda: [name.name for name in grid.api.names])
    if not any(name.rpartition("!")[2] == MARK for name in names):
        raise Unwritable(f"已有您自己的工作表「{grid.sheet}」，没有写入；请先给它改名，再点一次按钮。")


def _refuse_used(grid: LiveGrid, others: Sequence[LiveGrid], call: Call) -> None:
    """Stop where formulas of other sheets refer to the sheet: deleting it would break them."""
    refers = _refers(grid)
    for other in others:
        formulas = call(partial(_all_formulas, other))
        if any(refers.search(_STRING.sub("", text)) for text in _formulas(formulas)):
            raise Unwritable(
                f"「{other.sheet}」的公式引用了「{grid.sheet}」，没有写入；请先改掉这些公式，再点一次按钮。"
            )


def _refuse_named(book: Book, ours: Sequence[LiveGrid], edits: Edits, call: Call) -> None:
    """Stop where a name of the user's own refers to one of the sheets: deleting it would break the name."""
    held: Any = call(lambda: [(name.name, name.refers_to or "") for name in book.api.names])
    generated = {name.name for name in edits.names}
    for name, text in held:
        if "!" in name or name in generated:  # of one sheet, or ours, which are made anew
            continue
        for grid in ours:
            if _refers(grid).search(_STRING.sub("", text)):
                raise Unwritable(
                    f"名称“{name}”引用了「{grid.sheet}」，没有写入；请先在“公式”的“名称管理器”中删除它或"
                    "改掉引用，再点一次按钮。"
                )


def _refers(grid: LiveGrid) -> re.Pattern[str]:
    """A reference to the sheet in a formula without its texts."""
    name = re.escape(grid.sheet.replace("'", "''"))
    return re.compile(rf"(?<![\w.])(?:'{name}'|{name})[!.]|{name}\[")


def _all_formulas(grid: LiveGrid) -> object:
    return grid.api.used_range.formula


def _formulas(values: object) -> Iterator[str]:
    for row in rows_of(values):
        for text in row:
            if isinstance(text, str) and text.startswith("="):
                yield text


def _put(book: Book, sheets: Sequence[Sheet], old: dict[str, LiveGrid], call: Call, steps: Steps) -> None:
    app = book.api.app
    shown = call(lambda: book.api.sheets.active)
    date1904 = book.grids()[0].date1904
    with TemporaryDirectory(prefix="zlxl-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "zlxl.xlsx")
        file.write_bytes(sheets_written([_without_formulas(s) for s in sheets], date1904=date1904))
        drawn: Any = call(lambda: app.books.open(str(file)))
        try:
            for sheet in sheets:
                _copy(book, drawn, sheet, old.get(sheet.name.casefold()), call, steps)
        finally:
            call(drawn.close)
    call(book.api.activate)
    with suppress(Exception):  # the sheet in front may be one that is replaced
        call(shown.activate)


def _copy(
    book: Book, drawn: xlwings.Book, sheet: Sheet, old: LiveGrid | None, call: Call, steps: Steps
) -> None:
    """Copy one sheet into its place; the old one steps aside, under another name."""
    if old:
        _set_aside(old, call, steps)
    place = old.api if old else None
    source: Any = call(lambda: drawn.sheets[sheet.name])
    last: Any = call(lambda: book.api.sheets[-1])
    new: Any = call(lambda: source.copy(before=place) if place else source.copy(after=last))
    steps.append(lambda: call(new.delete))
    call(lambda: new.names.add(MARK, "=TRUE"))
    call(lambda: setattr(new, "name", sheet.name))
    _finish(new, sheet, call)
    with suppress(Exception):  # a name that shows in the list of names does no harm
        call(lambda: setattr(new.names[MARK].api, "Visible", False))


def _set_aside(old: LiveGrid, call: Call, steps: Steps) -> None:
    """Free the names of a sheet and its tables for the new one."""
    for number, table in enumerate(call(lambda: list(old.api.tables)), 1):
        _rename(table, f"zlxl_{token_hex(4)}_{number}", call, steps)
    _rename(old.api, f"zlxl {token_hex(4)}", call, steps)


def _rename(one: Any, name: str, call: Call, steps: Steps) -> None:  # noqa: ANN401
    before = call(lambda: one.name)
    steps.append(lambda: call(lambda: setattr(one, "name", before)))
    call(lambda: setattr(one, "name", name))


def _finish(new: xlwings.Sheet, sheet: Sheet, call: Call) -> None:
    """Names of tables as they are meant, then the formulas that use them."""
    for table, wanted in zip(call(lambda: list(new.tables)), sheet.tables, strict=False):
        if call(partial(getattr, table, "name")) != wanted.name:
            call(partial(setattr, table, "name", wanted.name))
    for top, left, rows in formula_areas(sheet):
        cells = new.range((top, left), (top + len(rows) - 1, left + len(rows[0]) - 1))
        call(partial(setattr, cells, "formula", rows))


def _without_formulas(sheet: Sheet) -> Sheet:
    """The sheet with the values of its formulas: what they refer to is not in the file it is drawn in."""
    cells = {place: replace(cell, content=_value(cell.content)) for place, cell in sheet.cells.items()}
    blocks = tuple(
        replace(block, rows=[[_value(content) for content in row] for row in block.rows])
        for block in sheet.blocks
    )
    tables = tuple(
        replace(t, columns=tuple(replace(column, formula=None) for column in t.columns)) for t in sheet.tables
    )
    return replace(sheet, cells=cells, blocks=blocks, tables=tables, protected=False)


def _value(content: Content) -> Content:
    value = content.value if isinstance(content, Formula) else content
    return value if isinstance(value, str | float | int | None) or content is value else str(value)


def formula_areas(sheet: Sheet) -> list[tuple[int, int, list[list[str]]]]:
    """The formulas of a sheet in rectangles: top, left, rows."""
    texts = {
        (block.top + r, block.left + c): content.text
        for block in sheet.blocks
        for r, row in enumerate(block.rows)
        for c, content in enumerate(row)
        if isinstance(content, Formula)
    }
    texts |= {place: cell.content.text for place, cell in sheet.cells.items() if _is_formula(cell)}  # type: ignore[union-attr]
    runs: list[tuple[int, int, list[str]]] = []
    for row, column in sorted(texts):
        text = _PREFIX.sub("", texts[row, column])
        if runs and runs[-1][:2] == (row, column - len(runs[-1][2])):
            runs[-1][2].append(text)
        else:
            runs.append((row, column, [text]))
    return _stacked(runs)


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell.content, Formula)


def _stacked(runs: Sequence[tuple[int, int, list[str]]]) -> list[tuple[int, int, list[list[str]]]]:
    """Runs of one width below each other as one rectangle."""
    areas: list[tuple[int, int, list[list[str]]]] = []
    for row, column, texts in sorted(runs, key=lambda run: (run[1], len(run[2]), run[0])):
        last = areas[-1] if areas else None
        if last and (last[0] + len(last[2]), last[1], len(last[2][0])) == (row, column, len(texts)):
            last[2].append(texts)
        else:
            areas.append((row, column, [texts]))
    return areas
