"""Rows appended to a table in a user's workbook; what belongs to the table grows with it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cached_property, partial

from zlxl.changes import CellChange, Formula, RowAppended
from zlxl.errors import Unwritable
from zlxl.excel.package import MAX_PART_BYTES
from zlxl.excel.patch.book import BookPatch, SheetEdit
from zlxl.excel.patch.fills import Fills, read_records
from zlxl.excel.patch.follow import Growth, followed_names, followed_table, followed_tail
from zlxl.excel.patch.markup import as_utf8
from zlxl.excel.patch.references import filled_down
from zlxl.excel.patch.referring import referring
from zlxl.excel.patch.survey import FIXED, Cells, Found, Survey, survey
from zlxl.excel.patch.tables import Target, as_header, find_target
from zlxl.excel.patch.totals import TotalsMove
from zlxl.excel.patch.workbook_tabs import Tabs
from zlxl.grid import MAX_ROWS, Area, a1, column_letters

#: What the last row of a list begins with when it adds up the others.
TOTALS = frozenset({"合计", "总计", "小计", "共计", "总合计", "累计", "本页合计"})
BLANK: Container[object] = (None, "")


def receivers(book: BookPatch, rows: Sequence[RowAppended]) -> list[SheetEdit]:
    """The sheets that rows are appended to; UsageError when there is no such table or column."""
    return list(dict.fromkeys(target.edit for target, _ in _by_target(book, rows)))


def append_rows(book: BookPatch, rows: Sequence[RowAppended]) -> None:
    """Plan new rows behind the last ones of their tables; done before the sheets are patched.

    Raises:
        UsageError: there is no such table or column.
        Unwritable: something stands in the way.
    """
    for target, own in _by_target(book, rows):
        _Appending(book, target, own).plan()


def _by_target(book: BookPatch, rows: Sequence[RowAppended]) -> list[tuple[Target, list[RowAppended]]]:
    """The rows of each table, which may be called by its name and by its sheet's."""
    headers: dict[str, dict[str, None]] = {}
    for row in rows:
        headers.setdefault(row.table, {}).update(dict.fromkeys(map(as_header, row.values)))
    targets = {name: find_target(book, name, list(wanted)) for name, wanted in headers.items()}
    grouped: dict[tuple[str, int], tuple[Target, list[RowAppended]]] = {}
    for row in rows:
        target = targets[row.table]
        key = target.part or target.edit.grid.part, target.header_row
        grouped.setdefault(key, (target, []))[1].append(row)
    return list(grouped.values())


class _Appending:
    """New rows of one table."""

    def __init__(self, book: BookPatch, target: Target, rows: Sequence[RowAppended]) -> None:
        self._book, self._target, self._rows = book, target, rows
        self._edit = target.edit
        self._grid = target.edit.grid
        self._restyles: dict[tuple[object, ...], Callable[[int], int]] = {}

    def plan(self) -> None:
        """Plan the cells, and what follows them."""
        self._check_end()
        self._check_room()
        if self._growth.rows:
            self._grow()
        self._change_table()
        for number, row in enumerate(self._rows, self._first):
            self._plan_row(number, row)

    # --- where ----------------------------------------------------------------------------------------------

    @cached_property
    def _survey(self) -> Survey:
        _, chunks = as_utf8(self._book.package.chunks(self._grid.part, MAX_PART_BYTES))
        return survey(chunks, self._target, len(self._rows) + len(self._edit.changes))

    @cached_property
    def _first(self) -> int:
        """Number of the first new row."""
        seen, bottom = self._survey, self._target.bottom
        last = seen.last if self._is_prefilled else max(seen.last, seen.end_row)
        planned = (row for row, columns in self._edit.changes.items() if self._fills(columns))
        planned = (row for row in planned if row > last and (bottom is None or row <= bottom))
        return max(last, *planned, self._target.header_row) + 1

    def _fills(self, changes: Mapping[int, CellChange]) -> bool:
        columns = self._target.columns
        return any(c in columns and change.value not in BLANK for c, change in changes.items())

    @cached_property
    def _is_prefilled(self) -> bool:
        """Whether formulas behind the last row with a value are filled down from it, to be used later."""
        seen = self._survey
        if seen.last == self._target.header_row:
            return True
        ends = {**dict(list(seen.blank.items())[:1]), seen.end_row: seen.end}
        return all(
            self._is_filled(row, column, cells)
            for row, cells in ends.items()
            for column, cell in cells.items()
            if cell.kind
        )

    def _is_filled(self, row: int, column: int, cells: Cells) -> bool:
        """Whether the formula of a cell behind the last value belongs to a calculated column."""
        seen = self._survey
        if column in self._target.formulas:
            return True
        said = seen.formula(row, cells, column, row)
        return said is not None and said == seen.formula(seen.sample_row, seen.sample, column, row)

    @cached_property
    def _growth(self) -> Growth:
        bottom = self._target.bottom
        old = self._first - 1 if bottom is None else bottom
        return Growth(
            left=self._target.left,
            right=self._target.right,
            old=old,
            new=max(old, self._first + len(self._rows) - 1),
            totals=self._target.totals is not None,
            had_data=old > self._target.header_row,
        )

    def _check_end(self) -> None:
        """Unwritable when the last row is one of totals that was typed in."""
        seen = self._survey
        first = next((cell for cell in seen.sample.values() if cell.value), None)
        if first is not None and "".join(self._text(first).split()).strip(":：") in TOTALS:
            what = f"的最后一行（第 {seen.sample_row} 行）是“{self._text(first)}”，新行不能接在其后"
            raise self._refused(what, "请先删除该行，或改用表格的汇总行")

    def _text(self, cell: Found) -> str:
        return self._grid.strings[int(cell.value)] if cell.type == "s" else cell.value

    def _check_room(self) -> None:
        """Unwritable when something stands where the new rows are to stand."""
        growth = self._growth
        last = self._first + len(self._rows) - 1
        if growth.rows:
            last = growth.new + growth.totals
        if last > MAX_ROWS:
            raise self._refused(
                f"放不下 {len(self._rows)} 个新行（工作表最多 {MAX_ROWS} 行）", "请先移走旧的行"
            )
        new = Area(self._first, self._target.left, last, self._target.right)
        below = self._survey.below
        if growth.rows and below is not None and below[0] <= last:
            raise self._refused(f"下方的单元格 {a1(*below)} 有内容，表格不能延长", "请先把它移到别处")
        for table in self._grid.list_objects():
            if table.area != self._target.area and _overlap(table.area, new):
                raise self._refused(f"下方是表格“{table.name}”（{table.area}）", "请先把它移到别处")
        for area in self._grid.layout().merges:
            if _overlap(area, new):
                raise self._refused(f"新行的位置上有合并单元格 {area}", "请先取消合并")

    def _refused(self, what: str, remedy: str) -> Unwritable:
        sheet, name = self._grid.sheet, self._target.name
        table = f"工作表“{sheet}”" if name == sheet else f"工作表“{sheet}”的表“{name}”"
        return Unwritable(f"「{self._book.workbook.file.name}」未改动：{table}{what}；{remedy}。")

    # --- what grows -----------------------------------------------------------------------------------------

    def _grow(self) -> None:
        book, growth = self._book, self._growth
        self._edit.tail.append(partial(followed_tail, growth=growth))
        main = book.parts.text(book.parts.main)
        followed = followed_names(main, self._grid.sheet, growth)
        if followed != main:
            book.parts.put(book.parts.main, followed)
        if growth.totals:
            self._check_totals(self._totals)
            self._edit.filters.append(self._totals.filter)
            self._edit.head.append(self._totals.dimension)

    @cached_property
    def _totals(self) -> TotalsMove:
        return TotalsMove(self._growth, self._grid.sheet, self._target.columns)

    def _change_table(self) -> None:
        if self._target.part is not None:
            text = self._book.parts.text(self._target.part)
            followed = followed_table(text, self._growth, self._totals.revised)
            if followed != text:
                self._book.parts.put(self._target.part, followed)

    def _check_totals(self, move: TotalsMove) -> None:
        """Unwritable when the totals row cannot move without changing what something means."""
        totals = self._survey.totals
        move.check(totals)
        row = Area(move.old, self._target.left, move.old, self._target.right)
        found = referring(self._book, self._edit, row, {cell.text for cell in totals.values()})
        if found is not None:
            what = f"要延长，汇总行须下移，但{found}指向汇总行"
            raise self._refused(what, "请改用“表名[[#汇总],[列名]]”的写法，或先关闭汇总行")

    # --- what stands in a row -------------------------------------------------------------------------------

    def _plan_row(self, number: int, row: RowAppended) -> None:
        headers, formats = self._target.headers, row.number_formats or {}
        values = {headers[as_header(name)]: value for name, value in row.values.items() if value not in BLANK}
        codes = {headers.get(as_header(name), 0): code for name, code in formats.items()}
        stood = self._survey.blank.get(number, {})
        self._edit.whole_rows.add(number)
        for column in self._target.columns:
            value = values.get(column)
            if value is None and not (column in stood and stood[column].kind):
                value = self._formula(column, number)
            change = CellChange(
                sheet=self._grid.sheet,
                row=number,
                column=column,
                value=value,
                number_format=codes.get(column) if column in values else None,
                replace_formula=column in stood and self._is_filled(number, column, stood),
            )
            if value is not None:
                self._edit.set(change)
            if column not in stood or not stood[column].style:
                self._restyle(change)

    def _restyle(self, change: CellChange) -> None:
        """Let the cell look like the one of the last row."""
        like = self._survey.sample.get(change.column)
        if like is None:
            return
        key = (like.style, change.number_format, type(change.value))
        if key not in self._restyles:
            unmarked = self._unmarked.get(like.style, like.style)
            style = self._book.styler(self._grid.number_formats)(unmarked, change)
            self._restyles[key] = partial(_always, style)
        self._edit.restyle(change.row, change.column, self._restyles[key])

    @cached_property
    def _unmarked(self) -> Mapping[int, int]:
        """Cell formats without a mark of ours, by those with one."""
        records = read_records(Tabs(self._book.parts.text(self._book.parts.main)))
        if not records or self._book.styles_part is None:
            return {}
        return {index: before for index, (_, before) in Fills(self._book.styles, records).ours().items()}

    def _formula(self, column: int, row: int) -> Formula | None:
        """The formula of a calculated column in a row; None in other columns."""
        if column not in self._templates:
            self._templates[column] = self._template(column)
        template = self._templates[column]
        return None if template is None else Formula(f"={template(row)}")

    @cached_property
    def _templates(self) -> dict[int, Callable[[int], str] | None]:
        return {}

    def _template(self, column: int) -> Callable[[int], str] | None:
        """Says the formula of a calculated column for a row."""
        seen, stated = self._survey, self._target.formulas.get(column)
        like = seen.sample.get(column)
        if (column in self._target.formulas and stated is None) or (like is not None and like.kind in FIXED):
            what = f"的“{self._header(column)}”列是数组公式，不能延续"
            raise self._refused(what, "请改为普通公式，或给出该列的值")
        if stated is not None and filled_down(stated, 1) == stated:
            return partial(_said, stated)
        said = seen.formula(seen.sample_row, seen.sample, column, seen.sample_row)
        if said is not None and (stated is not None or self._is_regular(column, said)):
            return lambda row: filled_down(said, row - seen.sample_row)
        if stated is not None:
            return lambda row: filled_down(stated, row - self._target.header_row - 1)
        return None

    def _is_regular(self, column: int, said: str) -> bool:
        """Whether the last row's formula is that of the row before."""
        seen = self._survey
        above = seen.formula(seen.before_row, seen.before, column, seen.sample_row)
        return not seen.before_row or said == above

    def _header(self, column: int) -> str:
        named = (header for header, at in self._target.headers.items() if at == column)
        return next(named, column_letters(column))


def _overlap(one: Area, other: Area) -> bool:
    rows = one.top <= other.bottom and other.top <= one.bottom
    return rows and one.left <= other.right and other.left <= one.right


def _always(style: int, _: int) -> int:
    return style


def _said(text: str, _: int) -> str:
    return text
