"""Marks: cells at fault painted and annotated, and everything as before when the marks are taken off."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial

from zlxl.changes import CellMark, NoteChange
from zlxl.excel.faults import guarded
from zlxl.excel.package import MAX_PART_BYTES
from zlxl.excel.patch.book import BookPatch, SheetEdit, check_place
from zlxl.excel.patch.comments import Place
from zlxl.excel.patch.fills import Before, Fills, keep_records, read_records
from zlxl.excel.patch.markup import as_utf8
from zlxl.excel.patch.notes import change_notes, marked_notes
from zlxl.excel.patch.painting import Cleaning, Painting, uses
from zlxl.excel.patch.rows import edited_rows
from zlxl.excel.patch.workbook_tabs import Tabs
from zlxl.excel.workbook import Workbook
from zlxl.findings import Severity
from zlxl.grid import Area, TableSource

Stacked = dict[Place, list[CellMark]]


class Marking:
    """What a write does to marks and notes: planned before the sheets are patched, finished behind them."""

    def __init__(
        self, book: BookPatch, marks: Iterable[CellMark] | None, notes: Iterable[NoteChange]
    ) -> None:
        self._book = book
        self._fills: Fills | None = None
        self._marks: Mapping[str, Stacked] = {}
        texts = None
        if marks is not None:
            self._marks = _by_sheet(book, marks)
            texts = {name: _texts(stacked) for name, stacked in self._marks.items()}
            self._plan_paint()
        book.remarks += change_notes(book, notes, texts)

    def _plan_paint(self) -> None:
        """On all sheets the old paint comes off, and the new goes on."""
        if self._book.styles_part is None and not self._marks:
            return
        records = read_records(Tabs(self._book.parts.text(self._book.parts.main)))
        if not records and not self._marks:
            return
        self._fills = Fills(self._book.styles, records)
        self._plan_cleaning(self._fills)
        for edit in self._book.sheets:
            if stacked := self._marks.get(edit.grid.sheet.casefold()):
                edit.filters.append(partial(_painted, _levels(stacked), self._fills))

    def _plan_cleaning(self, fills: Fills) -> None:
        marked, faded = fills.ours(), fills.faded()
        noted = marked_notes(self._book) if faded else {}
        for edit in self._book.sheets:
            places = noted.get(edit.grid.sheet.casefold(), frozenset())
            sought = (*marked, *faded) if places else (*marked,)
            if sought and uses(_chunks(self._book, edit), sought):
                edit.filters.append(partial(_cleaned, marked, faded, places))

    def finish(self) -> None:
        """Keep what the cells were before they were painted."""
        if self._fills is None:
            return
        main = self._book.parts.main
        text = self._book.parts.text(main)
        tabs = Tabs(text)
        keep_records(tabs, self._fills.records)
        if tabs.text != text:
            self._book.parts.put(main, tabs.text)
        if left := self._fills.left:
            self._book.remarks.append(f"{left} 个单元格原有的填充过于复杂，只加了批注，未着色。")


def marked_sheets(workbook: TableSource) -> tuple[str, ...]:
    """Names of the sheets that bear marks."""
    if not isinstance(workbook, Workbook):
        return ()
    with guarded(workbook.file), BookPatch(workbook) as book:
        noted = marked_notes(book)
        records = read_records(Tabs(book.parts.text(book.parts.main)))
        formats = Fills(book.styles, records).ours() if records and book.styles_part else ()
        return tuple(
            edit.grid.sheet
            for edit in book.sheets
            if noted[edit.grid.sheet.casefold()] or (formats and uses(_chunks(book, edit), formats))
        )


def _chunks(book: BookPatch, edit: SheetEdit) -> Iterator[bytes]:
    return as_utf8(book.package.chunks(edit.grid.part, MAX_PART_BYTES))[1]


def _by_sheet(book: BookPatch, marks: Iterable[CellMark]) -> dict[str, Stacked]:
    by_sheet: dict[str, Stacked] = defaultdict(dict)
    for mark in marks:
        name = book.sheet(mark.sheet).grid.sheet.casefold()
        check_place(mark.row, mark.column)
        by_sheet[name].setdefault((mark.row, mark.column), []).append(mark)
    return {name: _on_anchors(book.sheet(name), stacked) for name, stacked in by_sheet.items()}


def _texts(stacked: Stacked) -> dict[Place, str]:
    return {place: note_text(marks) for place, marks in stacked.items()}


def _cleaned(
    marked: Before, faded: Before, noted: Container[Place], chunks: Iterator[bytes]
) -> Iterator[bytes]:
    return edited_rows(chunks, Cleaning(marked, faded, noted))


def _painted(
    levels: Mapping[int, Mapping[int, str]], fills: Fills, chunks: Iterator[bytes]
) -> Iterator[bytes]:
    return edited_rows(chunks, Painting(levels, fills))


def _levels(stacked: Stacked) -> Mapping[int, Mapping[int, str]]:
    """The worst level of each cell by row and column."""
    levels: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), marks in stacked.items():
        levels[row][column] = max((Severity(mark.level) for mark in marks), key=lambda level: level.rank)
    return levels


def note_text(marks: Sequence[CellMark]) -> str:
    """The note of a cell: its faults, the worst first, numbered where there are several."""
    ordered = sorted(marks, key=lambda mark: -Severity(mark.level).rank)
    texts = list(dict.fromkeys(f"{Severity(mark.level).chinese}：{mark.text}" for mark in ordered))
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _on_anchors(edit: SheetEdit, stacked: Stacked) -> Stacked:
    """Marks of cells that a merge hides go to the cell that shows it."""
    rows = sorted({row for row, _ in stacked})
    places = set(stacked)
    moved: Stacked = {}
    for area in edit.grid.layout().merges:
        for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
            for place in _hidden(area, row, places):
                moved.setdefault((area.top, area.left), []).extend(stacked.pop(place))
                places.discard(place)
    for place, marks in moved.items():
        stacked.setdefault(place, []).extend(marks)
    return stacked


def _hidden(area: Area, row: int, places: set[Place]) -> Iterator[Place]:
    for column in range(area.left, area.right + 1):
        if (row, column) in places and (row, column) != (area.top, area.left):
            yield row, column
