"""Edits of the open workbook: all of it is looked over first, written area by area, taken back on failure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from zlxl.changes import CellChange, CellValue, Formula, Refusal
from zlxl.edits import Edits
from zlxl.errors import Unwritable, UsageError, ZlxlError
from zlxl.excel.live_book import Book
from zlxl.excel.live_read import Call, LiveGrid, rows_of, uniform_runs
from zlxl.excel.live_rows import Appended, appended
from zlxl.grid import Area
from zlxl.schema.stored import stored_value

if TYPE_CHECKING:
    import xlwings

TEXT_FORMAT: Final = "@"
HAS_FORMULA: Final = "是公式单元格"
CHANGED: Final = "在运行中被改动"
GONE: Final = "工作簿或其中的工作表在运行中被关闭或删除（{}），没有写入。请确认工作簿仍打开，再点一次按钮。"
#: Texts that Excel would take for a number, a date, a formula or a truth value when they are typed in.
_NOT_PLAIN: Final = re.compile(r"[=+\-@'＝].*|.*\d.*|true|false|#.*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written."""

    cells: int = 0
    refused: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()  #: what the user should know, in Chinese


@dataclass(kw_only=True)
class Journal:
    """How to take back what was written so far, last thing first."""

    steps: list[Callable[[], object]] = field(default_factory=list)

    def take_back(self) -> bool:
        """Undo every step; False where one could not be."""
        whole = True
        while self.steps:
            try:
                self.steps.pop()()
            except Exception:  # the rest is taken back all the same, and the user is told
                whole = False
        return whole


def write_edits(book: Book, edits: Edits, call: Call) -> Written:
    """Write the edits; see ``LiveBook.apply``."""
    if edits.looks or edits.notes or edits.marks is not None:
        raise UsageError("打开的工作簿中不能加标记和批注；请保存并关闭后用 zlxl validate --mark。")
    grids = {grid.sheet: grid for grid in book.grids()}
    try:
        kept, refused, plans = _planned(book, edits, grids, call)
    except ZlxlError:
        raise
    except Exception as error:
        raise Unwritable(GONE.format(type(error).__name__)) from error
    journal = Journal()
    try:
        for sheet, some in _by_sheet(kept).items():
            for area in _areas(some):
                _write_area(grids[sheet], area, call, journal)
        for plan in plans:
            _write_rows(plan, call, journal)
        remarks = _put_sheets(book, edits, call, journal)
    except Exception as error:
        raise _failed(error, whole=journal.take_back()) from error
    return Written(cells=len(kept), refused=tuple(refused), remarks=remarks)


def _planned(
    book: Book, edits: Edits, grids: dict[str, LiveGrid], call: Call
) -> tuple[list[CellChange], list[Refusal], list[Appended]]:
    """What is to be written, and what is left alone, after a look at the cells as they are now."""
    kept, refused = _looked_over(edits.cells, grids, call)
    lost = {refusal.change for refusal in refused}
    rows = [row for row in edits.rows if row.because is None or row.because not in lost]
    plans = list(appended(rows, book.grids(), call))
    _refuse_protected(grids, {change.sheet for change in kept} | {plan.grid.sheet for plan in plans}, call)
    return kept, refused, plans


def _put_sheets(book: Book, edits: Edits, call: Call, journal: Journal) -> tuple[str, ...]:
    if not (edits.sheets or edits.removed or edits.names):
        return ()
    from zlxl.excel.live_sheets import put_sheets  # what draws a sheet is loaded with it

    return put_sheets(book, edits, call, journal.steps)


def _failed(error: Exception, *, whole: bool) -> Exception:
    """What the user is told of a failure in mid-writing."""
    told = (
        "已写入的部分已经还原，工作簿与运行前相同。"
        if whole
        else "有些单元格没能还原，请不要保存，关闭后重新打开。"
    )
    if isinstance(error, Unwritable):
        return Unwritable(f"{error}{'' if whole else told}")
    return Unwritable(
        f"写入时 Excel 报错（{type(error).__name__}）。{told}请检查工作表是否受保护，再点一次按钮。"
    )


# --- what is looked over ------------------------------------------------------------------------------------


def _refuse_protected(grids: dict[str, LiveGrid], sheets: Iterable[str], call: Call) -> None:
    for sheet in sorted(sheets):
        if call(partial(_is_protected, grids[sheet])):
            raise Unwritable(f"工作表“{sheet}”受保护，没有写入。请在“审阅”中撤消工作表保护，再点一次按钮。")


def _is_protected(grid: LiveGrid) -> bool:
    return bool(getattr(grid.api.api, "ProtectContents", False))


def _by_sheet(changes: Iterable[CellChange]) -> dict[str, list[CellChange]]:
    found: dict[str, list[CellChange]] = defaultdict(list)
    for change in changes:
        found[change.sheet].append(change)
    return found


def _looked_over(
    changes: Sequence[CellChange], grids: dict[str, LiveGrid], call: Call
) -> tuple[list[CellChange], list[Refusal]]:
    """The changes whose cells hold what was read, under the formats they will have; the others, and why."""
    kept: list[CellChange] = []
    refused: list[Refusal] = []
    for sheet, some in _by_sheet(changes).items():
        if sheet not in grids:
            raise UsageError(f"工作簿中没有工作表“{sheet}”，没有写入。")
        for area in _areas(some):
            for change, reason in _judged(grids[sheet], area, call):
                if reason:
                    refused.append(Refusal(change=change, reason=reason))
                else:
                    kept.append(change)
    return kept, refused


def _judged(grid: LiveGrid, area: _Area, call: Call) -> Iterator[tuple[CellChange, str]]:
    cells = area.cells(grid)
    values = rows_of(call(lambda: cells.raw_value))
    formulas = rows_of(call(lambda: cells.formula))
    for change in area.changes:
        at = change.row - area.box.top, change.column - area.box.left
        now, formula = values[at[0]][at[1]], formulas[at[0]][at[1]]
        if isinstance(formula, str) and formula.startswith("=") and not change.replace_formula:
            yield change, HAS_FORMULA
        elif not _same(now, grid.value(change.row, change.column)):
            yield change, CHANGED
        else:
            yield change, ""


def _same(now: object, read: object) -> bool:
    return now == read or (now in (None, "") and read in (None, ""))


# --- areas --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Area:
    """Changes that fill a rectangle and want one format."""

    box: Area
    changes: tuple[CellChange, ...]  #: row by row
    wanted: tuple[str | None, tuple[str, ...]]  #: format, and the formats it may take the place of

    def cells(self, grid: LiveGrid) -> xlwings.Range:
        return grid.api.range((self.box.top, self.box.left), (self.box.bottom, self.box.right))


def _areas(changes: Iterable[CellChange]) -> list[_Area]:
    """The changes of a sheet in as few rectangles as runs of columns give."""
    runs: list[list[CellChange]] = []
    for change in sorted(changes, key=lambda c: (c.column, c.row)):
        last = runs[-1][-1] if runs else None
        follows = last and (last.column, last.row + 1) == (change.column, change.row)
        if last and follows and _wanted(last) == _wanted(change):
            runs[-1].append(change)
        else:
            runs.append([change])
    runs.sort(key=lambda run: (run[0].row, run[-1].row, str(_wanted(run[0])), run[0].column))
    boxes: list[list[list[CellChange]]] = []
    for run in runs:
        if boxes and _beside(boxes[-1][-1], run):
            boxes[-1].append(run)
        else:
            boxes.append([run])
    return [_area(box) for box in boxes]


def _wanted(change: CellChange) -> tuple[str | None, tuple[str, ...]]:
    return change.number_format, change.over


def _beside(left: Sequence[CellChange], right: Sequence[CellChange]) -> bool:
    rows = left[0].row, left[-1].row
    same = rows == (right[0].row, right[-1].row) and _wanted(left[0]) == _wanted(right[0])
    return same and left[0].column + 1 == right[0].column


def _area(columns: Sequence[Sequence[CellChange]]) -> _Area:
    first, last = columns[0][0], columns[-1][-1]
    return _Area(
        box=Area(first.row, first.column, last.row, last.column),
        changes=tuple(change for row in zip(*columns, strict=True) for change in row),
        wanted=_wanted(first),
    )


# --- writing ------------------------------------------------------------------------------------------------


def _write_area(grid: LiveGrid, area: _Area, call: Call, journal: Journal) -> None:
    """Formats first, for they decide what Excel makes of a text; then the values, in one write."""
    cells, box = area.cells(grid), area.box
    before = [
        [grid.value(r, c) for c in range(box.left, box.right + 1)] for r in range(box.top, box.bottom + 1)
    ]
    formulas = rows_of(call(lambda: cells.formula))
    first_step = len(journal.steps)
    formats = [_set_format(grid, area, column, call, journal) for column in range(box.left, box.right + 1)]
    present, codes = [before for before, _ in formats], [after for _, after in formats]
    width = box.right - box.left + 1
    new = [
        [
            typed(c.value, codes[n][c.row], date1904=grid.date1904)
            for n, c in enumerate(area.changes[at : at + width])
        ]
        for at in range(0, len(area.changes), width)
    ]
    old = [
        [_put_back(f, v, present[n][row]) for n, (f, v) in enumerate(zip(fs, vs, strict=True))]
        for row, (fs, vs) in enumerate(zip(formulas, before, strict=True), box.top)
    ]
    # Taken back after the formats are: under the new ones Excel would make something else of the old values.
    journal.steps.insert(first_step, lambda: call(lambda: _set(cells, old)))
    call(lambda: _set(cells, new))


def _set(cells: xlwings.Range, rows: Sequence[Sequence[object]]) -> None:
    cells.value = rows


def _put_back(formula: object, value: object, code: str | None) -> object:
    return formula if isinstance(formula, str) and formula.startswith("=") else guarded(value, code)


def _set_format(
    grid: LiveGrid, area: _Area, column: int, call: Call, journal: Journal
) -> tuple[dict[int, str | None], dict[int, str | None]]:
    """Give a column of the area its format where it is to have one; each row's before and after that."""
    code, over = area.wanted

    def cells(first: int, last: int) -> xlwings.Range:
        return grid.api.range((first, column), (last, column))

    before: dict[int, str | None] = {}
    after: dict[int, str | None] = {}
    runs = uniform_runs(
        lambda first, last: call(lambda: cells(first, last).number_format),
        area.box.top,
        area.box.bottom,
        10_000,
    )
    for first, last, present in list(runs):
        wins = code is not None and present != code and (not over or present in over)
        if wins:
            journal.steps.append(_format_step(cells(first, last), present, call))
            call(partial(setattr, cells(first, last), "number_format", code))
        rows = range(first, last + 1)
        before |= dict.fromkeys(rows, present if isinstance(present, str) else None)
        after |= dict.fromkeys(rows, code) if wins else {row: before[row] for row in rows}
    return before, after


def _format_step(cells: xlwings.Range, code: object, call: Call) -> Callable[[], object]:
    return lambda: call(lambda: setattr(cells, "number_format", code))


def typed(value: CellValue, code: str | None, *, date1904: bool = False) -> object:
    """A value as Excel is to be given it: a text stays a text, whatever it looks like."""
    match value:
        case Formula():
            return value.text
        case bool() | None:
            return value
        case int():
            return float(value)
        case time() | timedelta():
            return stored_value(value, date1904=date1904)[1]
        case date():
            return value
    return guarded(value, code)


def guarded(value: object, code: str | None) -> object:
    """A text with an apostrophe before it where Excel would take it for something else."""
    if isinstance(value, str) and code != TEXT_FORMAT and _NOT_PLAIN.fullmatch(value):
        return f"'{value}"
    return value


def _write_rows(plan: Appended, call: Call, journal: Journal) -> None:
    """New rows of a table, one write for each run of columns, the table made longer first."""
    plan.grow(call, journal.steps)
    for run in plan.runs():
        codes = [plan.set_format(column, call) for column in run]
        values = [
            [
                typed(row.get(c), plan.code(n, c, code), date1904=plan.grid.date1904)
                for c, code in zip(run, codes, strict=True)
            ]
            for n, row in enumerate(plan.values)
        ]
        top, bottom = plan.first, plan.first + len(values) - 1
        cells = plan.grid.api.range((top, run[0]), (bottom, run[-1]))
        present = call(partial(getattr, cells, "raw_value"))
        if any(value not in (None, "") for row in rows_of(present) for value in row):
            raise Unwritable(f"“{plan.grid.sheet}”第 {top} 行起{CHANGED}，没有写入。请再点一次按钮。")
        journal.steps.append(partial(call, cells.clear_contents))
        call(partial(_set, cells, values))
