"""A worksheet to be written: cells, looks by name, tables, drop-downs, print set-up, charts; no Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from zlxl.changes import Formula as Formula
from zlxl.grid import Area


class Style(StrEnum):
    """Looks by name; what each looks like is decided in one place, ``zlxl.sheets.look``."""

    TITLE = "title"  #: name of a sheet or report
    SUBTITLE = "subtitle"  #: one line of explanation under the title
    SECTION = "section"  #: heading inside a sheet
    NAV = "nav"  #: the slim line above a table: link back to the first sheet
    NAV_TITLE = "nav title"
    NAV_TEXT = "nav text"
    HEADER = "header"  #: column header
    HEADER_REQUIRED = "header required"  #: header of a column that is filled in every row
    BODY = "body"  #: text of a table
    CENTER = "center"
    STRONG = "strong"
    CODE = "code"  #: digits that are no number, stored as text
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    NUMBER = "number"  #: shown as it is
    INTEGER = "integer"
    DECIMAL = "decimal"  #: two places
    PERCENT = "percent"  #: one place
    CHANCE = "chance"  #: p of a test, three places
    NOTE = "note"  #: long text, wrapped
    MUTED = "muted"  #: secondary text
    MACHINE = "machine"  #: what only programs read, cut at the cell's edge
    LINK = "link"
    LINK_CENTER = "link center"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    FADED = "faded"  #: no longer in use
    MISSING = "missing"  #: an empty cell that should be filled
    TOTAL = "total"  #: last line of a table, text
    TOTAL_NUMBER = "total number"
    KPI = "kpi"  #: a large figure
    KPI_LABEL = "kpi label"
    HINT = "hint"  #: what to do with the cell beside it
    INPUT = "input"  #: a cell the user types into
    PLAIN = "plain"  #: text on the page, no lines
    PLAIN_WRAP = "plain wrap"
    FORM_TITLE = "form title"
    FORM_LABEL = "form label"
    FORM_FIELD = "form field"  #: a boxed cell of a printed form, filled in by hand or prefilled
    FORM_DATE = "form date"
    FORM_MONEY = "form money"
    FORM_HEAD = "form head"  #: boxed and shaded heading of a form's part
    FORM_TEXT = "form text"  #: boxed long text
    FORM_BODY = "form body"  #: the body's name above a form's title
    FORM_FIXED = "form fixed"  #: boxed and prefilled, not to be changed
    FORM_CENTER = "form center"  #: the same, centred
    FORM_CLAUSE = "form clause"  #: boxed long text that is printed as it stands
    FORM_TICK = "form tick"  #: a box to tick before its option
    FORM_BOX = "form box"  #: a box to tick in a cell with lines of its own
    FORM_OPTION = "form option"  #: the option behind a box, inside a line of options
    FORM_OPTION_END = "form option end"  #: the last of a line
    FORM_SCORE = "form score"  #: a number to be filled in
    FORM_RESULT = "form result"  #: a number that is computed
    FORM_NOTE = "form note"  #: text between the boxes
    FORM_RIGHT = "form right"
    FORM_CUT = "form cut"  #: the line along which a part is cut off
    SMALL = "small"  #: foot notes
    SMALL_WRAP = "small wrap"  #: the same over several lines
    LIST_CODE = "list code"  #: text of a table in equal-width letters
    RIGHT = "right"  #: text set flush right on the page
    TODAY = "today"  #: the day, written out
    MONTH = "month"
    STEP = "step"  #: number of a step


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link: to a cell (``#'客户台账'!A1``) or to an address (``https://``, ``mailto:``)."""

    target: str
    text: str
    tip: str = ""


Content = str | float | int | bool | date | datetime | Formula | Link | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What a cell holds and how it looks; content None is a cell that only looks."""

    content: Content = None
    style: Style = Style.BODY


@dataclass(frozen=True, kw_only=True)
class Block:
    """Many cells at once: rows below each other, each column with its style. None leaves a cell untouched."""

    top: int
    left: int
    rows: Sequence[Sequence[Content]]
    styles: Sequence[Style]


@dataclass(frozen=True, kw_only=True)
class ColumnLook:
    """Width in characters, and the style of cells that hold nothing yet."""

    width: float
    style: Style | None = None
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of an Excel table."""

    header: str
    style: Style = Style.HEADER  #: of the header cell
    formula: str | None = None  #: the column's own formula, filled into every row


@dataclass(frozen=True, kw_only=True)
class ExcelTable:
    """A ListObject: the area includes the header row and at least one row below it."""

    name: str
    area: Area
    columns: tuple[TableColumn, ...]
    look: str | None = "Table Style Light 2"  #: None for no style
    banded: bool = True
    autofilter: bool = True


class Kind(StrEnum):
    """What a validation allows."""

    LIST = "list"
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    ANY = "any"  #: only shows its input message


class Strictness(StrEnum):
    """What Excel does with a value that is not allowed."""

    STOP = "stop"
    WARNING = "warning"  #: asks, and lets the clerk go on
    INFORMATION = "information"


@dataclass(frozen=True, kw_only=True)
class Validation:
    """A drop-down, a bound or just an input message for an area."""

    area: Area
    kind: Kind = Kind.ANY
    source: str = ""  #: LIST: ``=`` and the defined name that holds the values
    minimum: float | date | None = None
    maximum: float | date | None = None  #: None with a minimum: no upper bound
    prompt_title: str = ""  #: at most 32 characters
    prompt: str = ""  #: at most 255 characters
    error_title: str = ""
    error: str = ""
    strictness: Strictness = Strictness.WARNING


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A conditional format: the formula is written for the area's first cell."""

    area: Area
    formula: str
    style: Style
    stop: bool = False  #: whether later marks are not looked at


@dataclass(frozen=True, kw_only=True)
class ColourScale:
    """A heat map from low over middle to high, colours as RRGGBB."""

    area: Area
    low: str = "E8A87C"
    middle: str = "FFFFFF"
    high: str = "7FA8C9"


@dataclass(frozen=True, kw_only=True)
class DataBar:
    """Bars within cells, from zero, in one plain colour (Excel 2010)."""

    area: Area
    colour: str = "9DB7D1"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A classic note on a cell."""

    row: int
    column: int
    text: str
    width: int = 240
    height: int = 90


@dataclass(frozen=True, kw_only=True)
class Print:
    """How a sheet is printed: A4, one page wide unless told otherwise."""

    landscape: bool = True
    fit_width: int = 1
    fit_height: int = 0  #: 0: as many pages as it takes
    repeat_rows: tuple[int, int] | None = None
    repeat_columns: tuple[int, int] | None = None
    header: str = ""  #: in Excel's codes, &L &C &R &P &N
    footer: str = ""
    margins: tuple[float, float, float, float] = (0.4, 0.4, 0.6, 0.6)  #: left right top bottom, inches
    centered: bool = False
    area: Area | None = None
    breaks: tuple[int, ...] = ()  #: rows after which a page ends


class ChartKind(StrEnum):
    """Native charts; all of them exist since Excel 2007 and in WPS."""

    BAR = "bar"
    BAR_STACKED = "bar stacked"
    BAR_PERCENT = "bar percent"
    COLUMN = "column"
    COLUMN_STACKED = "column stacked"
    COLUMN_PERCENT = "column percent"
    LINE = "line"
    SCATTER = "scatter"


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series from ranges such as ``='满意度_2026'!$B$5:$B$15``."""

    name: str  #: text, or ``=`` and a cell
    values: str
    categories: str = ""
    colour: str | None = None
    invisible: bool = False  #: a spacer of a diverging bar
    labels: bool = False
    label_cells: tuple[str, ...] = ()  #: a text or ``=`` reference a point, in place of the values
    label_format: str = ""
    error_plus: str = ""  #: range of custom error bars
    error_minus: str = ""
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of a chart."""

    title: str = ""
    minimum: float | None = None
    maximum: float | None = None
    crossing: float | None = None  #: where the other axis crosses this one
    number_format: str = ""
    reverse: bool = False
    gridlines: bool = False
    hidden: bool = False
    labels_low: bool = False  #: labels at the edge of the chart, wherever the axis itself crosses


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A native chart on the sheet; ``overlay`` is drawn over it, e.g. a target line over columns."""

    kind: ChartKind
    row: int
    column: int
    series: tuple[Series, ...]
    title: str = ""
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    width: int = 480  #: pixels
    height: int = 260
    legend: str | None = "bottom"  #: bottom, right, top or None
    gap: int = 60
    alt_text: str = ""
    overlay: Chart | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One worksheet. Rows and columns are 1-based; later cells lie over blocks and tables."""

    name: str
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)  #: by (row, column)
    blocks: tuple[Block, ...] = ()
    columns: Mapping[int, ColumnLook] = field(default_factory=dict)
    row_heights: Mapping[int, float] = field(default_factory=dict)  #: points
    hidden_rows: frozenset[int] = frozenset()
    tables: tuple[ExcelTable, ...] = ()
    validations: tuple[Validation, ...] = ()
    marks: tuple[Mark, ...] = ()
    scales: tuple[ColourScale, ...] = ()
    bars: tuple[DataBar, ...] = ()
    merges: tuple[Area, ...] = ()  #: each takes content and style of its first cell
    notes: tuple[Note, ...] = ()
    charts: tuple[Chart, ...] = ()
    freeze: tuple[int, int] | None = None  #: first (row, column) that scrolls
    autofilter: Area | None = None  #: outside of tables
    text_numbers: tuple[Area, ...] = ()  #: where numbers stored as text are meant
    print: Print = field(default_factory=Print)
    tab: str | None = None  #: RRGGBB
    zoom: int = 100
    gridlines: bool = False
    hidden: bool = False
    protected: bool = False  #: without password; cells of style INPUT and of ``unlocked`` stay open
    unlocked: tuple[Area, ...] = ()
    selected: tuple[int, int] | None = None  #: the cell the cursor is on


@dataclass(frozen=True, kw_only=True)
class Name:
    """A defined name of the workbook."""

    name: str
    formula: str  #: with its ``=``


@dataclass(frozen=True, kw_only=True)
class Properties:
    """Document properties; the creation time is given, never taken from the clock."""

    title: str = ""
    subject: str = ""
    author: str = "中澜认证有限公司 市场部"
    company: str = "中澜认证有限公司"
    category: str = ""
    keywords: str = ""
    comments: str = ""
    created: datetime = datetime(2026, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """Sheets in the order of their tabs, and what belongs to all of them."""

    sheets: tuple[Sheet, ...]
    names: tuple[Name, ...] = ()
    properties: Properties = field(default_factory=Properties)
    active: str | None = None  #: sheet shown first


MAX_PROMPT_TITLE: Final = 32
MAX_PROMPT: Final = 255


def sheet_link(sheet: str, cell: str = "A1") -> str:
    """Link target of a cell on a sheet of the same workbook."""
    quoted = sheet.replace("'", "''")
    return f"#'{quoted}'!{cell}"
