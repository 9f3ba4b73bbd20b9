"""Everything that changes in one workbook, gathered part by part and written as one package."""

from __future__ import annotations

import posixpath
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import BinaryIO

from zlxl.changes import CellChange, Formula, LookChange, Refusal
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.faults import SuspectError
from zlxl.excel.package import MAX_PART_BYTES
from zlxl.excel.patch.markup import as_utf8, from_utf8
from zlxl.excel.patch.package import PackagePatch
from zlxl.excel.patch.parts import Parts
from zlxl.excel.patch.row import Restyle, Restyles, RowPatch
from zlxl.excel.patch.sheet import Edit, patched_sheet
from zlxl.excel.patch.styles import STYLES_TYPE, StylesPatch, plain_styles
from zlxl.excel.patch.workbook import recalculated
from zlxl.excel.workbook import SheetGrid, Workbook
from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, Layout, ListObject, a1
from zlxl.schema.moments import fits

MAX_STYLES_BYTES = 64 << 20  # ten times what Excel's limits allow for
MERGED_AWAY = "属于合并单元格，但不是其左上角"
TABLE_HEADER = "是表格的表头或汇总行"
#: Format of a moment where the cell would not show it, by its type; the narrower type first.
MOMENT_FORMATS = (
    (datetime, "yyyy-mm-dd hh:mm:ss"),
    (date, "yyyy-mm-dd"),
    (time, "hh:mm:ss"),
    (timedelta, "[h]:mm:ss"),
)

ByRow = dict[int, dict[int, CellChange]]


class SheetEdit:
    """What changes on one sheet."""

    def __init__(self, grid: SheetGrid) -> None:
        self.grid = grid
        self.changes: ByRow = defaultdict(dict)
        self.restyles: dict[int, dict[int, Restyle]] = defaultdict(dict)
        self.head: list[Edit] = []  #: of what stands before the rows
        self.tail: list[Edit] = []  #: of what stands behind the rows
        self.filters: list[Callable[[Iterator[bytes]], Iterator[bytes]]] = []  #: of the part before the rest
        self.whole_rows: set[int] = set()  #: in which no change may be left out

    def __bool__(self) -> bool:
        return any((self.changes, self.restyles, self.head, self.tail, self.filters))

    def set(self, change: CellChange) -> None:
        """Plan a new value; UsageError when the cell has one already or lies outside of the sheet."""
        check_place(change.row, change.column)
        row = self.changes[change.row]
        if change.column in row:
            raise UsageError(f"单元格 {place(change)} 有两个不同的新值。")
        row[change.column] = change

    def restyle(self, row: int, column: int, restyle: Restyle) -> None:
        """Plan another cell format, on top of those planned before."""
        check_place(row, column)
        before = self.restyles[row].get(column)
        self.restyles[row][column] = restyle if before is None else _both(before, restyle)


def _both(first: Restyle, second: Restyle) -> Restyle:
    return lambda index: second(first(index))


def check_place(row: int, column: int) -> None:
    """UsageError when no sheet has such a cell."""
    if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
        raise UsageError(f"第 {row} 行第 {column} 列超出工作表范围。")


class BookPatch:
    """The changes of one workbook. A context manager: it holds new parts until they are written."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.package = workbook.package
        self._patch = PackagePatch(self.package)
        self.parts = Parts(self._patch)
        self._sheets = {grid.sheet.casefold(): SheetEdit(grid) for grid in workbook.sheets}
        self._done: list[SheetEdit] = []
        self.formulas_changed = False  #: whether a formula was added or taken away: the chain is dropped
        self.remarks: list[str] = []  #: what the user should know, in Chinese

    def __enter__(self) -> BookPatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.__exit__()

    @property
    def sheets(self) -> Sequence[SheetEdit]:
        """The worksheets in the order of their tabs."""
        return list(self._sheets.values())

    def sheet(self, name: str) -> SheetEdit:
        """A worksheet by its name, in any case; UsageError when there is none."""
        found = self._sheets.get(name.casefold())
        if found is None:
            sheets = "、".join(edit.grid.sheet for edit in self.sheets)
            path = self.workbook.file.name
            raise UsageError(f"「{path}」没有工作表“{name}”（现有：{sheets}）。")
        return found

    def set_cells(self, changes: Iterable[CellChange]) -> list[Refusal]:
        """Plan new values; those that the sheet's layout forbids are given back."""
        touched: dict[str, SheetEdit] = {}
        for change in changes:
            edit = self.sheet(change.sheet)
            edit.set(change)
            touched[edit.grid.sheet] = edit
        return [refusal for edit in touched.values() for refusal in _refuse_by_layout(edit)]

    def set_looks(self, looks: Iterable[LookChange]) -> None:
        """Plan new looks."""
        for look in looks:
            self.sheet(look.sheet).restyle(look.row, look.column, self._restyle(look))

    def _restyle(self, look: LookChange) -> Restyle:
        def restyled(index: int) -> int:
            if look.fill is not None:
                index = self.styles.solid(index, look.fill)
            if look.number_format is not None:
                index = self.styles.variant(index, look.number_format, is_text=True)
            return index

        return restyled

    def patch_sheets(self, leaving: Collection[SheetEdit] = ()) -> list[Refusal]:
        """Make the planned changes of all sheets but those left for later; refused ones are given back."""
        todo = [edit for edit in self.sheets if edit and edit not in self._done and edit not in leaving]
        self._done += todo
        return [refusal for edit in todo for refusal in self._patch_sheet(edit)]

    def try_sheets(self, edits: Iterable[SheetEdit]) -> list[Refusal]:
        """The changes that the cells of some sheets refuse; they are no longer planned then."""
        refused: list[Refusal] = []
        for edit in edits:
            rows = self._rows(edit, {})
            if rows.rows:
                deque(patched_sheet(self._read(edit)[1], rows), maxlen=0)
            for refusal in rows.refused:
                del edit.changes[refusal.change.row][refusal.change.column]
            refused += rows.refused
        return refused

    def _patch_sheet(self, edit: SheetEdit) -> list[Refusal]:
        rows = self._rows(edit, edit.restyles)
        encoding, chunks = self._read(edit)
        for filtered in edit.filters:
            chunks = filtered(chunks)
        patched = patched_sheet(chunks, rows, head=edit.head, tail=edit.tail)
        self._patch.replace(edit.grid.part, from_utf8(patched, encoding))
        self.formulas_changed |= rows.formulas_changed
        for refusal in rows.refused:
            if refusal.change.row in edit.whole_rows:
                name, where = self.package.path.name, place(refusal.change)
                raise Unwritable(f"「{name}」未改动：新行的 {where} {refusal.reason}，请先处理该单元格。")
        return rows.refused

    def _rows(self, edit: SheetEdit, restyles: Restyles) -> RowPatch:
        return RowPatch(
            {row: columns for row, columns in edit.changes.items() if columns},
            self.styler(edit.grid.number_formats),
            date1904=edit.grid.date1904,
            restyles=restyles,
        )

    def _read(self, edit: SheetEdit) -> tuple[str, Iterator[bytes]]:
        return as_utf8(self.package.chunks(edit.grid.part, MAX_PART_BYTES))

    def styler(self, formats: Sequence[str]) -> Callable[[int, CellChange], int]:
        """Gives the cell format for a new value from the present one, among those of the workbook's own."""

        def styled(index: int, change: CellChange) -> int:
            present = formats[index] if index < len(formats) else formats[0]
            wanted = change.number_format if not change.over or present in change.over else None
            wanted = wanted or _moment_format(change, present)
            is_text = change.value is None or isinstance(change.value, str)
            if wanted is None and (is_text or self.styles_part is None):
                return index
            return self.styles.variant(index, wanted, is_text=is_text)

        return styled

    @cached_property
    def styles_part(self) -> str | None:
        """Name of the styles part, None when the workbook has none."""
        return self.parts.related(self.parts.main, "styles")

    @cached_property
    def styles(self) -> StylesPatch:
        """The workbook's formats."""
        part = self.styles_part or self._new_styles_part()
        return StylesPatch(self.parts.text(part, MAX_STYLES_BYTES))

    def _new_styles_part(self) -> str:
        """A part with the one format that every cell has anyway."""
        folder = posixpath.dirname(self.parts.main)
        name = posixpath.join(folder, "styles.xml")
        name = name if name not in self.parts else self.parts.fresh(posixpath.join(folder, "styles{}.xml"))
        self.parts.add(name, plain_styles(strict=self.parts.strict), STYLES_TYPE)
        self.parts.relate(self.parts.main, "styles", name)
        self.__dict__["styles_part"] = name
        return name

    def finish(self) -> None:
        """Write what the sheets have in common, once all sheets are changed."""
        if "styles" in self.__dict__ and self.styles.changed and self.styles_part is not None:
            self.parts.put(self.styles_part, self.styles.patched())
        if self.formulas_changed:
            self._drop_calculation_chain()
        self.parts.put(self.parts.main, recalculated(self.parts.text(self.parts.main)))

    def _drop_calculation_chain(self) -> None:
        """Excel makes the chain anew; one that names a cell without formula counts as damage."""
        for relation in self.parts.relations(self.parts.main):
            if relation.kind == "calcChain":
                self.parts.unrelate(self.parts.main, relation.id)
                if relation.target in self.parts:
                    self.parts.remove(relation.target)

    def write(self, file: BinaryIO) -> None:
        """Write the whole package."""
        self._patch.write(file)


def _moment_format(change: CellChange, present: str) -> str | None:
    """The format a date, time or duration needs where the cell would show something else."""
    value = change.value.value if isinstance(change.value, Formula) else change.value
    if change.number_format is not None or not isinstance(value, date | time | timedelta):
        return None
    if fits(value, present):
        return None
    return next(code for kind, code in MOMENT_FORMATS if isinstance(value, kind))


def place(change: CellChange) -> str:
    """Address of a change with its sheet."""
    return f"{change.sheet}!{a1(change.row, change.column)}"


def _refuse_by_layout(edit: SheetEdit) -> list[Refusal]:
    """Take away changes to cells that a merge hides, and to those whose text a table's own part repeats."""
    refused = _refused_by_layout(edit.grid.layout(), edit.changes)
    for refusal in refused:
        del edit.changes[refusal.change.row][refusal.change.column]
    return refused


def _refused_by_layout(layout: Layout, changes: ByRow) -> list[Refusal]:
    rows = sorted(changes)
    reasons = {p: TABLE_HEADER for table in layout.list_objects for p in _fixed(table, rows, changes)}
    left = 2 * sum(map(len, changes.values())) + len(layout.merges)
    for area in layout.merges:
        hidden = dict.fromkeys(_within(area, rows, changes), MERGED_AWAY)
        left -= len(hidden)
        if left < 0:
            raise SuspectError("内有大量互相重叠的合并单元格")
        hidden.pop((area.top, area.left), None)
        reasons |= hidden
    return [Refusal(change=changes[row][column], reason=reason) for (row, column), reason in reasons.items()]


def _within(area: Area, rows: Sequence[int], changes: ByRow) -> Iterator[tuple[int, int]]:
    """Places of the changes in an area. Areas are many, changes are few: these are looked up."""
    for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
        yield from ((row, column) for column in changes[row] if area.left <= column <= area.right)


def _fixed(table: ListObject, rows: Sequence[int], changes: ByRow) -> Iterator[tuple[int, int]]:
    first, last = table.area.top + table.header_rows, table.area.bottom - table.totals_rows
    return (place for place in _within(table.area, rows, changes) if not first <= place[0] <= last)
