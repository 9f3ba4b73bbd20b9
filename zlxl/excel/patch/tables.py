"""Where rows are to be appended: an Excel table, or the plain list of a sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from zlxl.errors import UsageError
from zlxl.excel.patch.book import BookPatch, SheetEdit
from zlxl.excel.patch.markup import attribute, child, children, root
from zlxl.excel.text import character_data, unescaped
from zlxl.grid import Area, Grid, Kind
from zlxl.schema.headers import HEADER_ROWS, HeaderMatch, assign, extra_columns
from zlxl.tables.catalog import TABLES


@dataclass(frozen=True, kw_only=True)
class Target:
    """An Excel table or a plain list, as the file holds it."""

    name: str
    edit: SheetEdit = field(repr=False)
    headers: Mapping[str, int]  #: 1-based column by header, in sheet order
    header_row: int  #: the row above the first data row
    area: Area | None = None  #: of an Excel table, header and totals included
    totals: int | None = None  #: the totals row of an Excel table
    part: str | None = None  #: of an Excel table
    formulas: Mapping[int, str | None] = field(default_factory=dict)  #: of calculated columns; None: an array

    @cached_property
    def columns(self) -> Sequence[int]:
        """Its columns."""
        own = range(self.area.left, self.area.right + 1) if self.area else ()
        return sorted({*own, *self.headers.values()})

    @property
    def left(self) -> int:
        """Its first column."""
        return self.columns[0]

    @property
    def right(self) -> int:
        """Its last column."""
        return self.columns[-1]

    @property
    def bottom(self) -> int | None:
        """The last data row of an Excel table; None where the list ends with its last value."""
        if self.area is None:
            return None
        return self.area.bottom - (self.totals is not None)


def as_header(text: str) -> str:
    """A header as it is compared: without the blanks around it."""
    return text.replace("\r\n", "\n").strip()


def find_target(book: BookPatch, name: str, wanted: Collection[str]) -> Target:
    """The table of that name that has the headers.

    UsageError when there is none, or a header is not there.
    """
    found = list(_targets(book, name, wanted))
    if not found:
        sheets = "、".join(edit.grid.sheet for edit in book.sheets)
        path = book.workbook.file.name
        raise UsageError(
            f"「{path}」没有名为“{name}”的表格，也没有这样的工作表及表头（现有工作表：{sheets}）。"
        )
    for target in found:
        if all(header in target.headers for header in wanted):
            return target
    raise missing_header(name, wanted, found[0].headers)


def missing_header(name: str, wanted: Iterable[str], headers: Collection[str]) -> UsageError:
    """What is said when a table lacks columns."""
    missing = "、".join(header for header in wanted if header not in headers)
    present = "、".join(headers)
    return UsageError(
        f"表“{name}”没有列“{missing}”（现有列：{present}）；请先在表中增加该列，或改用现有列名。"
    )


def _targets(book: BookPatch, name: str, wanted: Collection[str]) -> Iterator[Target]:
    """Where the name may point to, the best first."""
    for edit in book.sheets:
        matches: list[HeaderMatch] | None = None
        for part in _table_parts(book, edit):
            table = _table(book, edit, part)
            if table is not None and table.name.casefold() == name.casefold():
                matches = assign(edit.grid, TABLES) if matches is None else matches
                yield _widened(table, matches)
    edit_by_name = next((e for e in book.sheets if e.grid.sheet.casefold() == name.casefold()), None)
    if edit_by_name is not None:
        yield from _of_sheet(book, edit_by_name, wanted)


def _of_sheet(book: BookPatch, edit: SheetEdit, wanted: Collection[str]) -> Iterator[Target]:
    matches = assign(edit.grid, TABLES)
    tables = [t for part in _table_parts(book, edit) if (t := _table(book, edit, part))]
    for match in sorted(matches, key=lambda m: m.table.name.casefold() != edit.grid.sheet.casefold()):
        if match.list_object is None:
            yield _plain(edit, match)
    yield from (_widened(table, matches) for table in tables)
    if not matches and not tables:
        for row, headers in _unknown(edit.grid, wanted):
            yield Target(name=edit.grid.sheet, edit=edit, headers=headers, header_row=row)


def _table_parts(book: BookPatch, edit: SheetEdit) -> list[str]:
    related = book.parts.relations(edit.grid.part)
    return [r.target for r in related if r.kind == "table" and not r.external and r.target in book.parts]


def _table(book: BookPatch, edit: SheetEdit, part: str) -> Target | None:
    """The Excel table of a part; None where the part states no area."""
    text = book.parts.text(part)
    whole = root(text)
    tag = whole.tag(text)
    try:
        area = Area.parse(attribute(tag, b"ref") or "")
    except ValueError:
        return None
    headers: dict[str, int] = {}
    formulas: dict[int, str | None] = {}
    columns = child(text, whole, b"tableColumns")
    nodes = children(text, columns.inner, columns.close) if columns else ()
    for column, node in zip(range(area.left, area.right + 1), nodes, strict=False):
        headers.setdefault(as_header(unescaped(attribute(node.tag(text), b"name") or "")), column)
        formula = child(text, node, b"calculatedColumnFormula")
        if formula is not None:
            said = character_data(text[formula.inner : formula.close].decode())
            is_array = attribute(formula.tag(text), b"array") in ("1", "true")
            formulas[column] = None if is_array else said
    return Target(
        name=attribute(tag, b"displayName") or attribute(tag, b"name") or "",
        edit=edit,
        headers=headers,
        header_row=area.top - (attribute(tag, b"headerRowCount") == "0"),
        area=area,
        totals=area.bottom if (attribute(tag, b"totalsRowCount") or "0") != "0" else None,
        part=part,
        formulas=formulas,
    )


def _widened(target: Target, matches: list[HeaderMatch]) -> Target:
    """The table, if known, by the texts of its header cells too, with columns written right beside it."""
    match = next((m for m in matches if m.list_object and m.list_object.name == target.name), None)
    if match is None:
        return target
    headers = _by_text([*_headers(target.edit.grid, match), *target.headers.items()])
    return replace(target, headers=headers)


def _plain(edit: SheetEdit, match: HeaderMatch) -> Target:
    return Target(
        name=match.table.name, edit=edit, headers=_by_text(_headers(edit.grid, match)), header_row=match.row
    )


def plain_headers(grid: Grid, wanted: Collection[str]) -> Iterator[tuple[int, Mapping[str, int]]]:
    """Where the header of a plain list may stand, the best first: its row, and 1-based columns by header."""
    matches = [match for match in assign(grid, TABLES) if match.list_object is None]
    yield from ((match.row, _by_text(_headers(grid, match))) for match in matches)
    if not matches:
        yield from _unknown(grid, wanted)


def _headers(grid: Grid, match: HeaderMatch) -> list[tuple[str, int]]:
    """Headers of a known table as the sheet spells them, with the user's own columns."""
    known = [(as_header(match.spelled[name]), column) for name, column in match.fields.items()]
    extra = [(as_header(text), column) for column, text in extra_columns(grid, match).items()]
    return sorted(known + extra, key=lambda item: item[1])


def _by_text(headers: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Columns by header; of two that are the same, the first one."""
    columns: dict[str, int] = {}
    for text, column in headers:
        columns.setdefault(text, column)
    return columns


def _unknown(grid: Grid, wanted: Collection[str]) -> Iterator[tuple[int, Mapping[str, int]]]:
    """Rows that may be the header of a list that we know nothing of: one with all headers before others."""
    rows = []
    for number, cells in grid.head(HEADER_ROWS).items():
        texts = (
            (as_header(str(c.value)), column) for column, c in sorted(cells.items()) if c.kind is Kind.TEXT
        )
        if headers := _by_text((text, column) for text, column in texts if text):
            rows.append((number, headers))
    yield from sorted(rows, key=lambda row: not all(header in row[1] for header in wanted))
