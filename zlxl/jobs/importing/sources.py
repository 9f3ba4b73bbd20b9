"""What a source offers for import: its tables and forms as frames, judged by the database's own policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from zlxl.grid import MAX_ROWS, Area, Block, Cell, Grid, Kind, Layout, ListObject, TableSource, a1
from zlxl.jobs.importing.long import widened
from zlxl.rules.rule import Book
from zlxl.schema.context import ChoiceList, Context
from zlxl.schema.frame import Frame
from zlxl.schema.headers import (
    HEADER_ROWS,
    NOT_TABLES,
    REPORT_SHEETS,
    HeaderMatch,
    assign,
    find_header,
    normalised,
)
from zlxl.schema.labelled import Doubt, Form, read_form
from zlxl.schema.read import iso_date, number, read_frame
from zlxl.schema.table import Table
from zlxl.schema.values import PENDING, ErrorValue, Raw
from zlxl.tables.catalog import TABLES
from zlxl.tables.changes import CHANGES
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.forms import FORM_TITLES, LENT, PAPER_LABELS, PRINTED
from zlxl.tables.policy import rows_in_force
from zlxl.tables.surveys import SURVEYS

WHY, WHENCE, WHICH_ROW = ERROR_COLUMNS = ("未导入原因", "来源文件", "来源行号")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
QUOTE: Final = "'"
ASKED: Final = frozenset(
    {"满意度题目", "有效性题目", "有效性否决"}
)  #: groups of 评价准则 that forms ask about
NOT_FILLED: Final = "没有填写，未导入。"
BLANKS: Final = 12  # boxes left blank that a message names
PLAIN_TABLES: Final = tuple(table for table in TABLES if not table.policy and table is not CHANGES)


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """One table or form of a source."""

    source: str  #: what the user calls the file
    name: str  #: of the file, for a person
    frame: Frame
    extras: Mapping[str, int] = field(default_factory=dict)  #: column by header, where the table knows none
    places: Mapping[str, str] | None = None  #: of a form: address by field
    doubts: Mapping[str, Doubt] = field(default_factory=dict)  #: of a form: what cannot be taken, by field
    asked: frozenset[str] = frozenset()  #: of a form: fields it asks for
    whole: bool = True  #: whether it is the only one of its file
    answers: Mapping[tuple[int, int], str] = field(
        default_factory=dict
    )  #: of a list of answers: address by cell

    @property
    def table(self) -> Table:
        """The table it belongs to."""
        return self.frame.table

    @property
    def sheet(self) -> str:
        """Name of the sheet."""
        return self.frame.sheet

    def row(self, position: int) -> int | None:
        """Sheet row of a position; None for a form, which is one record."""
        return None if self.places is not None else int(self.frame.rows[position])

    def place(self, position: int) -> str:
        """Where a row comes from, for a person: ``回收表.xlsx 第 12 行``."""
        sheet = "" if self.whole else f"“{self.sheet}”"
        row = self.row(position)
        return f"{self.name}{sheet}" if row is None else f"{self.name}{sheet} 第 {row} 行"

    def address(self, name: str, position: int) -> str | None:
        """A1 address of a field's cell in the source; None where it has no such column."""
        if self.places is not None:
            return self.places.get(name)
        row = int(self.frame.rows[position])
        column = self.frame.match.fields.get(name, 0)
        return self.answers.get((row, column)) or self.frame.address(name, row)

    @cached_property
    def extra_values(self) -> Mapping[str, Sequence[Raw | None]]:
        """Stored values of the columns the table does not know, by header; one each position."""
        return {header: raw_column(self.frame, column) for header, column in self.extras.items()}

    def original(self, position: int) -> dict[str, Raw | None]:
        """The row as the source has it, by its own headers in its own order."""
        cells = sorted(self.frame.cells.values(), key=lambda cells: cells.column)
        known = {(cells.column, cells.header): cells.raw(position) for cells in cells}
        more = {
            (column, header): self.extra_values[header][position] for header, column in self.extras.items()
        }
        return {header: raw for (_, header), raw in sorted((known | more).items())}  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True, eq=False)
class Offered:
    """Everything a source offers, and what of it is passed over."""

    path: str
    offers: tuple[Offer, ...] = ()
    remarks: tuple[str, ...] = ()
    reason: str | None = None  #: why nothing could be read


def offered(
    source: TableSource, context: Context, table: Table | None = None, items: Collection[str] = ()
) -> Offered:
    """The tables and forms of a source.

    Policy tables and 变更记录 are passed over, and named, unless the table is told. ``items`` are those of
    the database's own 评价准则, which its forms bear.
    """
    labels = PAPER_LABELS | {normalised(item) for item in items}
    name = source.path.replace("\\", "/").rsplit("/", 1)[-1]
    offers: list[Offer] = []
    remarks: list[str] = []
    grids = list(source.grids())
    for grid in _chosen(grids, table):
        found, told = _of_sheet(grid, context, table, labels)
        offers += [replace(offer, source=source.path, name=name) for offer in found]
        remarks += told
    if not offers:
        blank = any(remark.endswith(NOT_FILLED) for remark in remarks)
        reason = f"「{name}」是空白表单，没有可导入的内容。" if blank else _nothing(name, grids, table)
        return Offered(path=source.path, remarks=tuple(remarks), reason=reason)
    single = len(offers) == 1
    told_all = (*getattr(source, "remarks", ()), *remarks)
    return Offered(
        path=source.path, offers=tuple(replace(offer, whole=single) for offer in offers), remarks=told_all
    )


def items_of(book: Book) -> frozenset[str]:
    """Items of the database's 评价准则, which stand on its forms also where no table has them."""
    rows = rows_in_force(CRITERIA, book.frames)
    return frozenset(row.text("item") for row in rows if row.text("group") in ASKED)


def told_apart(sources: Sequence[Offered]) -> list[Offered]:
    """The sources, those of one file name called by their path."""
    names = Counter(offer.name for offer in {source.offers[0] for source in sources if source.offers})
    return [
        replace(source, offers=tuple(_with_path(offer, names) for offer in source.offers))
        for source in sources
    ]


def _with_path(offer: Offer, names: Mapping[str, int]) -> Offer:
    return replace(offer, name=offer.source) if names[offer.name] > 1 else offer


def _nothing(name: str, grids: Sequence[Grid], table: Table | None) -> str:
    sheets = "、".join(grid.sheet for grid in grids[:8]) or "无"
    wanted = f"“{table.name}”" if table else ""
    return (
        f"「{name}」既不是{wanted}数据表，也不是表单，未导入（工作表：{sheets}）。"
        "数据表的表头应在前 20 行内，列名与数据库一致；表单应在“标签”右边或下边填写内容。"
        + ("" if table else "列很少时请用 --table 指明是哪张表。")
    )


def _chosen(grids: Sequence[Grid], table: Table | None) -> Iterable[Grid]:
    """The sheets to look at; of several the one that plainly holds the told table, where one does."""
    if table is None:
        return grids
    plain = [grid for grid in grids if any(match.table is table for match in assign(grid, TABLES))]
    return plain or grids


def _of_sheet(
    grid: Grid, context: Context, table: Table | None, labels: Collection[str]
) -> tuple[list[Offer], list[str]]:
    grid = _Unquoted(grid) if _is_error_file(grid) else grid
    judged = replace(context, typed=grid.typed)
    wide = widened(grid) if table in (None, SURVEYS) else None
    if wide is not None:
        found = _offer(wide.grid, _matches(wide.grid, SURVEYS)[0], judged)
        told = f"工作表“{grid.sheet}”一行一题，已并成一份问卷一行（{len(found.frame)} 份）。"
        return [replace(found, answers=wide.places)], [told]
    matches = _matches(grid, table)
    offers = [_offer(grid, match, judged) for match in matches if _wanted(match.table, table)]
    passed = [
        f"“{match.table.name}”（{_why_passed(match.table)}）"
        for match in matches
        if not _wanted(match.table, table)
    ]
    if grid.sheet in REPORT_SHEETS or grid.sheet.startswith(NOT_TABLES):
        return [], [f"“{grid.sheet}”是程序生成的工作表，未导入。"]
    named = any(match.list_object or match.table.name == grid.sheet for match in matches)
    form = None if named else _form(grid, table, offers, labels, context)
    if form is not None and form.blank:
        return [], [f"表单“{form.grid.sheet}”{NOT_FILLED}"]
    if form is not None:
        return [_offer_of(form, judged)], list(_left_blank(form))
    if offers or passed:
        return offers, [f"未导入{'、'.join(passed)}。"] * bool(passed)
    return [], [f"工作表“{grid.sheet}”既不是数据表也不是表单，未导入。"] * bool(grid.head(HEADER_ROWS))


def _wanted(found: Table, told: Table | None) -> bool:
    return found is told if told is not None else found in PLAIN_TABLES


def _why_passed(table: Table) -> str:
    return "规定表须用 --table 指明才导入" if table.policy else "由程序写入" if table is CHANGES else "未选择"


def _matches(grid: Grid, table: Table | None) -> list[HeaderMatch]:
    found = assign(grid, TABLES)
    if table is None or any(match.table is table for match in found):
        return found
    short = find_header(grid, table, sure=True)
    return [short] if short is not None and _telling(short) else []


def _telling(match: HeaderMatch) -> bool:
    """Whether a short header means the table: one cell like 备注 does not."""
    named = {*match.table.key, *match.table.required}
    return len(match.fields) >= 2 or not named.isdisjoint(match.fields)


def _offer(grid: Grid, match: HeaderMatch, context: Context) -> Offer:
    frame = read_frame(grid, match, context)
    return Offer(source="", name="", frame=frame, extras=_extras(grid, match))


def _extras(grid: Grid, match: HeaderMatch) -> dict[str, int]:
    """Columns under a header that the table does not know, and second ones of a field."""
    within = match.list_object.area if match.list_object else None
    taken = set(match.fields.values())
    names = set(match.spelled.values())
    found: dict[str, int] = {}
    for column, text in header_texts(grid, match):
        inside = within is None or within.left <= column <= within.right
        if inside and column not in taken and text not in ERROR_COLUMNS:
            name = f"{text}（{a1(match.row, column)}）" if text in names else text
            names.add(text)
            found[name] = column
    return found


def header_texts(grid: Grid, match: HeaderMatch) -> list[tuple[int, str]]:
    """Texts of the header row with their columns."""
    if match.row <= HEADER_ROWS:
        cells = grid.head(HEADER_ROWS).get(match.row, {})
        texts = [(c, str(cell.value)) for c, cell in sorted(cells.items()) if cell.kind == Kind.TEXT]
    else:
        area = match.list_object.area if match.list_object else Area(match.row, 1, match.row, 1)
        block = grid.block(range(area.left, area.right + 1), match.row, match.row)
        texts = [
            (column, grid.strings[int(raw.data[0])])
            for column, raw in sorted(block.columns.items())
            if len(raw.kinds) and raw.kinds[0] == Kind.TEXT
        ]
    return [(column, text.strip()) for column, text in texts if text.strip()]


def _form(
    grid: Grid, table: Table | None, offers: Sequence[Offer], labels: Collection[str], context: Context
) -> Form | None:
    """The sheet as a form, where that explains more of it than its tables do."""
    choices = {name: _words(found) for name, found in context.lists.items()}
    tables = PLAIN_TABLES if table is None else (table,)
    found = read_form(grid, tables, FORM_TITLES, labels, LENT, choices)
    return found if found is not None and _better(found, offers) else None


def _words(choices: ChoiceList) -> frozenset[str]:
    return frozenset(
        normalised(word) for choice in choices.choices for word in (choice.value, *choice.aliases)
    )


def _offer_of(form: Form, context: Context) -> Offer:
    frame = read_frame(form.grid, form.match, context)
    extras = {label: column for label, column in form.unknown.items() if label not in PRINTED}
    doubts = {doubt.field: doubt for doubt in reversed(form.doubts)}
    return Offer(
        source="", name="", frame=frame, places=form.places, extras=extras, doubts=doubts, asked=form.asked
    )


def _left_blank(form: Form) -> Iterator[str]:
    """What a person should know of a form that is not wholly filled in."""
    told = [f"{label}（{place}）" for label, place in form.blanks.items()]
    if told:
        more = f" 等 {len(told)} 项" if len(told) > BLANKS else ""
        yield f"表单“{form.grid.sheet}”没有填写或勾选：{'、'.join(told[:BLANKS])}{more}，按空白处理。"


def _better(form: Form, offers: Sequence[Offer]) -> bool:
    columns = max((len(offer.frame.match.fields) for offer in offers), default=0)
    rows = sum(len(offer.frame) for offer in offers)
    return form.sure or len(form.places) * 2 > columns * 3 or not rows


def raw_column(frame: Frame, column: int) -> list[Raw | None]:
    """Stored values of a sheet's column, one each position of the frame."""
    if not len(frame):
        return []
    grid = frame.grid
    first = int(frame.rows[0])
    block = grid.block([column], first, int(frame.rows[-1]))
    raw = block.columns[column]
    return [
        _raw(grid, Kind(int(raw.kinds[at])), float(raw.data[at]), int(raw.styles[at]))
        if at < len(raw.kinds)
        else None
        for at in (frame.rows - first).tolist()
    ]


def _raw(grid: Grid, kind: Kind, datum: float, style: int) -> Raw | None:
    match kind:
        case Kind.EMPTY:
            return None
        case Kind.NUMBER:
            formats = grid.number_formats
            return number(datum, formats[style] if style < len(formats) else "General", grid.date1904)
        case Kind.BOOL:
            return bool(datum)
        case Kind.PENDING:
            return PENDING
    text = grid.strings[int(datum)]
    if kind == Kind.TEXT:
        return text or None
    return ErrorValue(text) if kind == Kind.ERROR else iso_date(text)


def inert(text: str) -> str:
    """The text for a CSV file: an apostrophe before what Excel would take for a formula."""
    return QUOTE + text if _like_formula(text) and not _is_number(text) else text


def _like_formula(text: str) -> bool:
    """Whether a text is like a formula, or would be without apostrophes of its own."""
    return text.lstrip(QUOTE).startswith(FORMULA_STARTS)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith(QUOTE) and _like_formula(text) else text


def _is_error_file(grid: Grid) -> bool:
    """Whether a CSV file is one that was written for rejected rows."""
    texts: Collection[object] = [cell.value for cell in grid.head(1).get(1, {}).values()]
    return not grid.typed and all(header in texts for header in ERROR_COLUMNS)


@dataclass(frozen=True, eq=False)
class _Unquoted:
    """A grid whose texts are without the apostrophe that ``inert`` gave them; headers never had one."""

    grid: Grid

    @property
    def sheet(self) -> str:
        return self.grid.sheet

    @property
    def typed(self) -> bool:
        return self.grid.typed

    @property
    def date1904(self) -> bool:
        return self.grid.date1904

    @property
    def number_formats(self) -> Sequence[str]:
        return self.grid.number_formats

    @cached_property
    def strings(self) -> Sequence[str]:
        return [_unquoted(text) for text in self.grid.strings]

    def head(self, rows: int) -> Mapping[int, Mapping[int, Cell]]:
        return self.grid.head(rows)

    def list_objects(self) -> Sequence[ListObject]:
        return self.grid.list_objects()

    def layout(self) -> Layout:
        return self.grid.layout()

    def block(self, columns: Iterable[int], first_row: int, last_row: int = MAX_ROWS) -> Block:
        return self.grid.block(columns, first_row, last_row)
