"""Changing cells of a user's own file without losing anything else in it.

Only the parts that have to change are written anew, and of these only the bytes that have to; every other
part is copied as it is stored. Later kinds of changes add their own part patches to the same package.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from zlxl.changes import CellChange, Refusal
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.atomic import atomically
from zlxl.excel.delimited import Delimited
from zlxl.excel.faults import guarded
from zlxl.excel.package import MAX_PART_BYTES, MAX_TREE_BYTES
from zlxl.excel.patch.delimited import write_changed
from zlxl.excel.patch.markup import as_utf8, from_utf8
from zlxl.excel.patch.package import PackagePatch
from zlxl.excel.patch.row import RowPatch
from zlxl.excel.patch.sheet import patched_sheet
from zlxl.excel.patch.styles import StylesPatch
from zlxl.excel.patch.workbook import recalculated
from zlxl.excel.source import open_source
from zlxl.excel.workbook import USUAL_WORKBOOK, SheetGrid, Workbook
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, Grid, Layout, ListObject, a1

SIGNATURES = "_xmlsignatures/"
MAX_STYLES_BYTES = 256 << 20
MERGED_AWAY = "属于合并单元格，但不是其左上角"
TABLE_HEADER = "是表格的表头或汇总行"
NAMED_REFUSALS = 5  # so many a message lists

ByRow = dict[int, dict[int, CellChange]]


def patch_cells(
    source: Path, target: Path, changes: Sequence[CellChange], *, skip_refused: bool = False
) -> tuple[Refusal, ...]:
    """Write a copy of a workbook or CSV file with some cells changed; target may be source itself.

    A cell keeps its style, a formula is never overwritten. What cannot be changed is given back with
    ``skip_refused``, otherwise nothing is written.

    Raises:
        Unreadable: the source cannot be read, or was changed meanwhile.
        Unwritable: it is signed, a change is refused, or the target cannot be written.
        UsageError: a sheet is not there, or a change makes no sense.
    """
    with guarded(source):
        opened = open_source(source)
        by_sheet = _by_sheet(opened.grids(), changes, source)
        if isinstance(opened, Delimited):
            with atomically(target) as file:
                write_changed(opened, by_sheet.get(opened.grid.sheet, {}), file)
            return ()
        if not isinstance(opened, Workbook):
            raise AssertionError(opened)
        _check_suffix(source, target)
        return _patch_workbook(opened, target, by_sheet, skip_refused=skip_refused)


def _by_sheet(grids: Sequence[Grid], changes: Iterable[CellChange], path: Path) -> dict[str, ByRow]:
    """Changes by sheet name as the file spells it, row and column."""
    names = {grid.sheet.casefold(): grid.sheet for grid in grids}
    found: dict[str, ByRow] = defaultdict(lambda: defaultdict(dict))
    for change in changes:
        name = names.get(change.sheet.casefold())
        if name is None:
            sheets = "、".join(names.values())
            raise UsageError(f"「{path.name}」没有工作表“{change.sheet}”（现有：{sheets}）。")
        if not (1 <= change.row <= MAX_ROWS and 1 <= change.column <= MAX_COLUMNS):
            raise UsageError(f"第 {change.row} 行第 {change.column} 列超出工作表范围。")
        row = found[name][change.row]
        if change.column in row:
            raise UsageError(f"单元格 {_place(change)} 有两个不同的新值。")
        row[change.column] = change
    return found


def _check_suffix(source: Path, target: Path) -> None:
    if source.suffix.lower() != target.suffix.lower():
        raise UsageError(f"「{target.name}」的扩展名应与原文件相同（{source.suffix}），否则 Excel 打不开。")


def _patch_workbook(
    workbook: Workbook, target: Path, by_sheet: dict[str, ByRow], *, skip_refused: bool
) -> tuple[Refusal, ...]:
    package = workbook.sheets[0].shared.package
    if any(name.startswith(SIGNATURES) for name in package.parts):
        raise Unwritable(
            f"「{workbook.file.name}」带有数字签名，改动会使签名失效，未改动；请由签名人先删除签名。"
        )
    with PackagePatch(package) as patch:
        book = _BookPatch(patch)
        refused = [r for sheet in workbook.sheets for r in book.change(sheet, by_sheet.get(sheet.sheet, {}))]
        if refused and not skip_refused:
            raise _refusal(workbook.file, refused)
        if len(refused) < sum(len(row) for rows in by_sheet.values() for row in rows.values()):
            book.finish()
        with atomically(target) as file:
            patch.write(file)
    return tuple(refused)


def _refusal(path: Path, refused: Sequence[Refusal]) -> Unwritable:
    named = "；".join(f"{_place(r.change)} {r.reason}" for r in refused[:NAMED_REFUSALS])
    more = f"等 {len(refused)} 处" if len(refused) > NAMED_REFUSALS else ""
    return Unwritable(f"「{path.name}」未改动：{named}{more}，不能直接写入值；请在 Excel 中处理这些单元格。")


def _place(change: CellChange) -> str:
    return f"{change.sheet}!{a1(change.row, change.column)}"


class _BookPatch:
    """The parts of one workbook that a change of cells touches."""

    def __init__(self, patch: PackagePatch) -> None:
        self._patch = patch
        self._package = patch.package
        targets = [r.target for r in self._package.relationships("").values() if r.kind == "officeDocument"]
        self._main = next(target for target in (*targets, USUAL_WORKBOOK) if target in self._package)

    def change(self, sheet: SheetGrid, changes: ByRow) -> list[Refusal]:
        """Change cells of one sheet; those that cannot be changed are given back."""
        refused = _refused_by_layout(sheet.layout(), changes) if changes else []
        for refusal in refused:
            del changes[refusal.change.row][refusal.change.column]
        rows = {row: columns for row, columns in changes.items() if columns}
        if not rows:
            return refused
        patch = RowPatch(rows, self._styler(sheet.number_formats), date1904=sheet.date1904)
        encoding, chunks = as_utf8(self._package.chunks(sheet.part, MAX_PART_BYTES))
        self._patch.replace(sheet.part, from_utf8(patched_sheet(chunks, patch), encoding))
        return refused + patch.refused

    def _styler(self, formats: Sequence[str]) -> Callable[[int, CellChange], int]:
        def styled(index: int, change: CellChange) -> int:
            present = formats[index] if index < len(formats) else formats[0]
            wanted = change.number_format if not change.over or present in change.over else None
            is_text = change.value is None or isinstance(change.value, str)
            if wanted is None and (is_text or self._styles_part is None):
                return index
            return self._styles.variant(index, wanted, is_text=is_text)

        return styled

    @cached_property
    def _styles_part(self) -> str | None:
        related = self._package.relationships(self._main).values()
        return next((r.target for r in related if r.kind == "styles" and r.target in self._package), None)

    @cached_property
    def _styles(self) -> StylesPatch:
        if self._styles_part is None:
            name = self._package.path.name
            raise Unwritable(f"「{name}」没有样式部件，无法设置数字格式；请用 Excel 打开并另存后再试。")
        return StylesPatch(self._text(self._styles_part, MAX_STYLES_BYTES))

    def finish(self) -> None:
        """The parts that the sheets have in common, once all sheets are changed."""
        if self._styles_part is not None and self._styles.changed:
            self._replace(self._styles_part, self._styles.patched())
        self._replace(self._main, recalculated(self._text(self._main, MAX_TREE_BYTES)))

    def _text(self, part: str, limit: int) -> bytes:
        return b"".join(as_utf8(self._package.chunks(part, limit))[1])

    def _replace(self, part: str, text: bytes) -> None:
        encoding, _ = as_utf8(self._package.chunks(part))
        self._patch.replace(part, from_utf8((text,), encoding))


def _refused_by_layout(layout: Layout, changes: ByRow) -> list[Refusal]:
    """Changes to cells that a merge hides, and to those whose text a table's own part repeats."""
    changes = dict(sorted(changes.items()))
    reasons = {place: TABLE_HEADER for table in layout.list_objects for place in _fixed(table, changes)}
    for area in layout.merges:
        hidden = dict.fromkeys(_within(area, changes), MERGED_AWAY)
        hidden.pop((area.top, area.left), None)
        reasons |= hidden
    return [Refusal(change=changes[row][column], reason=reason) for (row, column), reason in reasons.items()]


def _within(area: Area, changes: ByRow) -> Iterator[tuple[int, int]]:
    """Places of the changes in an area. Areas are many, changes are few: these are looked up."""
    rows = list(changes)
    for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
        yield from ((row, column) for column in changes[row] if area.left <= column <= area.right)


def _fixed(table: ListObject, changes: ByRow) -> Iterator[tuple[int, int]]:
    first, last = table.area.top + table.header_rows, table.area.bottom - table.totals_rows
    return (place for place in _within(table.area, changes) if not first <= place[0] <= last)
