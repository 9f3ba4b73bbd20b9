"""Workbooks (.xlsx, .xlsm and their templates) as grids."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from zlxl.excel.columns import ColumnStore
from zlxl.excel.exact import StoredCell, all_cells, first_cells
from zlxl.excel.faults import guarded, unreadable
from zlxl.excel.layout import list_objects, read_layout
from zlxl.excel.package import Package, normal
from zlxl.excel.part import SheetPart
from zlxl.excel.scan import NotCanonicalError, RowScanner, Scanned, packed
from zlxl.excel.strings import TextPool, shared_strings
from zlxl.excel.styles import number_formats
from zlxl.excel.xml import Element
from zlxl.grid import GENERAL, MAX_ROWS, Block, Cell, Grid, Kind, Layout, ListObject

CONTENT_TYPES = "[Content_Types].xml"
USUAL_WORKBOOK = "xl/workbook.xml"
SCAN_THREADS = 2
#: Runs waiting for a thread or for being stored: bounds the memory between them.
RUNS_AHEAD = 2 * SCAN_THREADS


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """A workbook file as a TableSource."""

    file: Path
    sheets: tuple[SheetGrid, ...]

    @property
    def path(self) -> str:
        """The file as the user gave it."""
        return str(self.file)

    @property
    def package(self) -> Package:
        """The file's parts."""
        return self.sheets[0].shared.package

    def grids(self) -> Sequence[Grid]:
        """The worksheets in the order of their tabs; chart, dialog and macro sheets are left out."""
        return self.sheets


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the sheets of a workbook have in common."""

    package: Package
    date1904: bool
    number_formats: tuple[str, ...]
    strings: TextPool


@dataclass(frozen=True)
class SheetGrid:
    """A worksheet as a Grid; every failure of reading it is Unreadable."""

    sheet: str
    shared: Shared = field(repr=False)
    part: str
    hidden: bool

    @property
    def typed(self) -> bool:
        """A workbook stores types."""
        return True

    @property
    def date1904(self) -> bool:
        """Whether day 0 is 1904-01-01."""
        return self.shared.date1904

    @property
    def number_formats(self) -> Sequence[str]:
        """Number format code of each style index."""
        return self.shared.number_formats

    @property
    def strings(self) -> Sequence[str]:
        """Shared strings, then texts that stand in cells; one pool for all sheets of the workbook."""
        return self.shared.strings

    @cached_property
    def _part(self) -> SheetPart:
        return SheetPart(lambda: self.shared.package.chunks(self.part))

    @property
    def _path(self) -> Path:
        return self.shared.package.path

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        """Non-empty cells of the first rows; reads no further than to the first row behind them."""
        if rows not in self._heads:
            self._heads[rows] = self._read_head(rows)
        return self._heads[rows]

    @cached_property
    def _heads(self) -> dict[int, Mapping[int, Mapping[int, Cell]]]:
        return {}

    def _read_head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        with guarded(self._path):
            found: dict[int, dict[int, Cell]] = {}
            for cell in first_cells(self._part.read(), rows, len(self.number_formats)):
                found.setdefault(cell.row, {})[cell.column] = self._cell(cell)
            return dict(sorted(found.items()))

    def _cell(self, cell: StoredCell) -> Cell:
        value: float | str | None = cell.value
        if cell.kind is Kind.PENDING:
            value = None
        elif cell.kind is Kind.TEXT and not isinstance(value, str):
            index = int(cell.value)
            if not self.shared.strings.has(index):
                raise ValueError(f"引用了不存在的共享字符串 {index}")
            value = self.shared.strings[index]
        return Cell(cell.kind, value, cell.style)

    def list_objects(self) -> Sequence[ListObject]:
        """The Excel tables, each a small part of its own."""
        return self._tables

    @cached_property
    def _tables(self) -> tuple[ListObject, ...]:
        with guarded(self._path):
            return list_objects(self.shared.package, self.part)

    def layout(self) -> Layout:
        """Tables, merges, drop-downs and column formats; cheap after ``block``, which passes them anyway."""
        return self._layout

    @cached_property
    def _layout(self) -> Layout:
        tables = self.list_objects()
        with guarded(self._path):
            return read_layout(self._frame(), tuple(tables), self.shared.number_formats, self.hidden)

    def _frame(self) -> Iterable[bytes]:
        """The part without its rows where that is possible."""
        try:
            if self._part.around is None and any(b"!" in run and b"<!" in run for run in self._part.runs()):
                raise NotCanonicalError
        except NotCanonicalError:
            self._part.give_up()
            return self._part.read()
        before, behind = self._part.around or (b"", b"")
        return before, b"<sheetData/>", behind

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        """The stored cells of the columns; rows are all from first_row to the last one with a value."""
        store = ColumnStore(columns, first_row, last_row, self.shared.strings)
        with guarded(self._path):
            try:
                for cells in self._scanned(store.columns):
                    store.put(cells)
            except NotCanonicalError:
                self._part.give_up()
                store.clear()
                for cells in self._parsed(set(store.columns)):
                    store.put(cells)
            return store.block()

    def _scanned(self, columns: Iterable[int]) -> Iterator[Scanned]:
        scanner = RowScanner(columns, len(self.number_formats))
        with ThreadPoolExecutor(SCAN_THREADS) as threads:
            ahead: deque[Future[Scanned]] = deque()
            for run in self._part.runs():
                ahead.append(threads.submit(scanner.scan, run))
                if len(ahead) > RUNS_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _parsed(self, columns: set[int]) -> Iterator[Scanned]:
        for cells in all_cells(self._part.read(), len(self.number_formats)):
            yield packed([cell for cell in cells if cell.column in columns])


def open_workbook(path: Path) -> Workbook:
    """Workbook of a zip package; Unreadable when it is none or is broken."""
    with guarded(path):
        package = Package.open(path)
        main = _main_part(package)
        root = package.tree(main)
        if root.name != "workbook":
            raise unreadable(path, "的主部件不是工作簿")
        related = package.relationships(main)
        kinds = {item.kind: item.target for item in related.values()}
        properties = root.first("workbookPr")
        shared = Shared(
            package=package,
            date1904=properties is not None and properties.get("date1904") in ("1", "true"),
            number_formats=_formats(package, kinds.get("styles")),
            strings=_pool(package, kinds.get("sharedStrings")),
        )
        sheets = [
            SheetGrid(item.get("name"), shared, target, item.get("state") in ("hidden", "veryHidden"))
            for item, target in _worksheets(package, main, root)
        ]
        if not sheets:
            raise unreadable(path, "中没有工作表", "请检查是否选错文件")
        return Workbook(file=path, sheets=tuple(sheets))


def _worksheets(package: Package, main: str, root: Element) -> Iterator[tuple[Element, str]]:
    related = package.relationships(main)
    for sheet in root.all("sheet"):
        if sheet.attributes.get("id") == "":
            continue  # a module sheet of an old version, whose code Excel keeps with the other macros
        relation = related.get(sheet.get("id"))
        if relation is None or (relation.kind == "worksheet" and relation.target not in package):
            raise unreadable(package.path, f"缺少工作表「{sheet.get('name')}」的部件，文件不完整")
        if relation.kind == "worksheet":
            yield sheet, relation.target


def _main_part(package: Package) -> str:
    if CONTENT_TYPES not in package:
        raise _no_workbook(package)
    targets = [item.target for item in package.relationships("").values() if item.kind == "officeDocument"]
    main = next((target for target in [*targets, USUAL_WORKBOOK] if target in package), None)
    if main is None:
        raise _no_workbook(package)
    stated = _content_type(package, main)
    if "sheet.binary" in stated:
        raise unreadable(package.path, "是 .xlsb 二进制工作簿", "请用 Excel 另存为 .xlsx 后再检查")
    if not (stated.endswith("main+xml") and ("spreadsheetml" in stated or "ms-excel" in stated)):
        raise _no_workbook(package) if stated else unreadable(package.path, "的内容类型没有说明它是工作簿")
    return main


def _content_type(package: Package, part: str) -> str:
    types = package.tree(CONTENT_TYPES)
    for item in types.all("Override"):
        if normal(item.get("PartName")) == normal(part):
            return item.get("ContentType")
    for item in types.all("Default"):
        if part.lower().endswith(f".{item.get('Extension').lower()}"):
            return item.get("ContentType")
    return ""


def _no_workbook(package: Package) -> Exception:
    if "word/document.xml" in package:
        return unreadable(package.path, "是 Word 文档，不是 Excel 工作簿", "请检查是否选错文件")
    if "content.xml" in package:
        return unreadable(package.path, "是 OpenDocument 文件，不是 Excel 工作簿", "请另存为 .xlsx 后再检查")
    return unreadable(package.path, "是压缩包，但不含工作簿", "请检查是否选错文件")


def _formats(package: Package, part: str | None) -> tuple[str, ...]:
    if part is None or part not in package:
        return (GENERAL,)
    return number_formats(package.chunks(part))


def _pool(package: Package, part: str | None) -> TextPool:
    if part is None or part not in package:
        return TextPool(iter(()))
    return TextPool(_guarded_strings(package, part))


def _guarded_strings(package: Package, part: str) -> Iterator[list[str]]:
    """The pool is read whenever a text is asked for: also then a failure is Unreadable."""
    with guarded(package.path):
        yield from shared_strings(lambda: package.chunks(part))
