"""获证客户名录 (4.10.2): one certificate a row with live counts above, and what is new since last time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from zlxl.figures.directory import FIELD, HEADERS, NUMBER, STATUS, Certificate, Changes, Directory
from zlxl.grid import Area, Grid, Kind, RawColumn, TableSource, column_letters
from zlxl.schema.read import number as read_number
from zlxl.schema.values import shown
from zlxl.sheet import (
    Axis,
    Cell,
    Chart,
    ChartKind,
    Content,
    Formula,
    Properties,
    Series,
    Sheet,
    Style,
    Workbook,
)
from zlxl.sheets.data import NAV_ROW, footer
from zlxl.sheets.overview import Cells, heads, way_back
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

DIRECTORY: Final = "获证客户名录"
NEWS: Final = "获证客户名录_变化"
AS_OF: Final = "数据截止日期"
ENGLISH: Final = "英文状态"
_WIDTHS: Final = {
    "certificate_no": 20, "client": 32, "status": 9, "province": 14, "address": 38,
    "scope": 44, "system": 11, "standard": 32, "issued_on": 13, "valid_until": 13,
}  # fmt: skip
_STYLES: Final = {
    "certificate_no": Style.CODE, "status": Style.CENTER, "system": Style.CENTER,
    "issued_on": Style.DATE, "valid_until": Style.DATE,
}  # fmt: skip
_NEWS_FIELDS: Final = (
    Field(header="变化", width=9, style=Style.CENTER),
    Field(header="证书编号", width=20, style=Style.CODE),
    Field(header="企业名称", width=34, style=Style.NOTE),
    Field(header="字段", width=14),
    Field(header="原值", width=36, style=Style.NOTE),
    Field(header="现值", width=36, style=Style.NOTE),
)
_SYSTEMS: Final = 12  # systems counted one by one
_HEAD: Final = 3  # row of the counts' header
_CHART_ROWS: Final = 12
FIRST_YEAR: Final = 1901  # what a serial number of either date system can hold
_TAB: Final = "3B8574"
_TITLE: Final = "获证客户名录"
_COLOURS: Final = ("3B8574", "D97B29", "8C8C8C")

Kept = tuple[date | None, tuple[Certificate, ...]]  #: day and certificates of what was delivered


def directory_sheet(directory: Directory, words: Mapping[str, str] | None = None, *, front: bool) -> Sheet:
    """The directory's sheet.

    ``words``: English words by status, for a column of their own. ``front``: whether the workbook has a
    first sheet to lead back to.
    """
    counts = _Counts(directory)
    fields = tuple(_fields(words))
    listed = table_sheet(
        DIRECTORY,
        f"数据截止 {directory.as_of}，共 {len(directory.certificates)} 张证书。只含可公开的信息。",
        fields,
        [_row(certificate, directory.as_of, words) for certificate in directory.certificates],
        frozen=2,
        tab=_TAB,
        title="中澜认证有限公司",
        header_row=counts.below,
    )
    return replace(
        listed,
        cells={**listed.cells, (NAV_ROW, 1): way_back(front=front), **dict(counts.cells())},
        row_heights={**dict.fromkeys(range(_HEAD, counts.below), 19), **listed.row_heights},
        charts=tuple(counts.charts()),
        merges=(),
        print=replace(
            listed.print,
            fit_width=1,
            repeat_columns=None,
            repeat_rows=(counts.below, counts.below),
            footer=footer(_TITLE),
        ),
        freeze=None,
        selected=(1, 1),
    )


def news_sheet(changes: Changes, *, front: bool) -> Sheet:
    """What is new since the last delivery, one line a change."""
    rows = [
        [cell_text(text) for text in (c.kind, c.number, c.client, c.field, c.old, c.new)]
        for c in changes.changes
    ]
    sheet = table_sheet(NEWS, changes.told, _NEWS_FIELDS, rows, tab=_TAB, title="中澜认证有限公司")
    return replace(sheet, cells={**sheet.cells, (NAV_ROW, 1): way_back(front=front)})


def directory_workbook(
    directory: Directory, changes: Changes, words: Mapping[str, str] | None = None
) -> Workbook:
    """The file that is sent to the network administrator."""
    sheets = (directory_sheet(directory, words, front=False), news_sheet(changes, front=False))
    subject = f"数据截止 {directory.as_of}"
    return Workbook(sheets=sheets, properties=Properties(title=_TITLE, subject=subject), active=DIRECTORY)


def _fields(words: Mapping[str, str] | None) -> Iterator[Field]:
    for name, header in HEADERS.items():
        yield Field(header=header, width=_WIDTHS.get(name, 16), style=_STYLES.get(name, Style.NOTE))
    if words is not None:
        yield Field(header=ENGLISH, width=12, style=Style.CENTER)
    yield Field(header=AS_OF, width=13, style=Style.DATE)


def _row(certificate: Certificate, as_of: date, words: Mapping[str, str] | None) -> list[Content]:
    own: list[Content] = [_content(name, certificate[name]) for name in HEADERS]
    english = [] if words is None else [words.get(certificate[STATUS], "")]
    return [*own, *english, as_of]


def _content(name: str, text: str) -> Content:
    """The value as it is kept: in full, since the next delivery is compared with it."""
    if _STYLES.get(name) is Style.DATE and (day := _day(text)) is not None and day.year >= FIRST_YEAR:
        return day
    return text.encode("utf-8", "replace").decode() or None


class _Counts:
    """Certificates by system and status, as formulas over the list below them, with a chart."""

    def __init__(self, directory: Directory) -> None:
        found = directory.count("system")
        self._directory = directory
        self._systems = [name for name, _ in found.most_common(_SYSTEMS) if name and not _pattern(name)]
        self._statuses = [name for name, _ in directory.count(STATUS).most_common()]
        self._last = _HEAD + len(self._systems) + 1
        self.below = max(self._last, _HEAD + _CHART_ROWS) + 2  #: header row of the list

    def cells(self) -> Cells:
        """Header, one line a system, the line of all."""
        titles = ["体系", *self._statuses, "合计"]
        yield from heads(_HEAD, titles)
        for row, system in enumerate(self._systems, _HEAD + 1):
            yield (row, 1), Cell(content=system, style=Style.BODY)
            for column, status in enumerate(self._statuses, 2):
                yield (
                    (row, column),
                    Cell(content=self._count(row, column, system, status), style=Style.INTEGER),
                )
            yield (row, len(titles)), Cell(content=self._sum(row, system), style=Style.INTEGER)
        yield (self._last, 1), Cell(content="全部", style=Style.TOTAL)
        for column, status in enumerate(self._statuses, 2):
            yield (self._last, column), Cell(content=self._all(column, status), style=Style.TOTAL_NUMBER)
        yield (self._last, len(titles)), Cell(content=self._total(), style=Style.TOTAL_NUMBER)

    def _count(self, row: int, column: int, system: str, status: str) -> Formula:
        tests = f"{DIRECTORY}[{HEADERS['system']}],$A{row},{self._of_status(column)}"
        value = sum(c["system"] == system and c[STATUS] == status for c in self._directory.certificates)
        return Formula(text=f"=COUNTIFS({tests})", value=value)

    @staticmethod
    def _of_status(column: int) -> str:
        return f"{DIRECTORY}[{HEADERS[STATUS]}],{column_letters(column)}${_HEAD}"

    def _sum(self, row: int, system: str) -> Formula:
        last = column_letters(len(self._statuses) + 1)
        return Formula(text=f"=SUM(B{row}:{last}{row})", value=self._directory.count("system")[system])

    def _all(self, column: int, status: str) -> Formula:
        value = self._directory.count(STATUS)[status]
        return Formula(text=f"=COUNTIFS({self._of_status(column)})", value=value)

    def _total(self) -> Formula:
        count = len(self._directory.certificates)
        return Formula(text=f"=COUNTA({DIRECTORY}[{HEADERS[NUMBER]}])", value=count)

    def charts(self) -> Iterator[Chart]:
        """Bars of the systems, a colour a status; none where there is nothing to show."""
        if not self._systems:
            return
        yield Chart(
            kind=ChartKind.BAR_STACKED,
            row=_HEAD - 1,
            column=len(self._statuses) + 4,
            title="各体系获证数",
            series=tuple(self._series(column) for column in range(2, len(self._statuses) + 2)),
            x=Axis(minimum=0, number_format="0", gridlines=True),
            y=Axis(reverse=True),
            width=520,
            height=270,
            alt_text="各体系的获证数，按状态分色",
        )

    def _series(self, column: int) -> Series:
        first, last = _HEAD + 1, self._last - 1
        letters = column_letters(column)
        return Series(
            name=f"='{DIRECTORY}'!${letters}${_HEAD}",
            values=f"='{DIRECTORY}'!${letters}${first}:${letters}${last}",
            categories=f"='{DIRECTORY}'!$A${first}:$A${last}",
            colour=_COLOURS[(column - 2) % len(_COLOURS)],
        )


def _pattern(text: str) -> bool:
    """Whether COUNTIFS would take the text for a pattern or a comparison."""
    return text[:1] in "=<>" or bool(set(text) & set("~*?"))


# ---- read back


def read_directory(source: TableSource) -> Kept | None:
    """Day and certificates of the directory's sheet as it was delivered; None where there is none of ours."""
    for grid in source.grids():
        for table in grid.list_objects():
            if grid.sheet == DIRECTORY and table.name == DIRECTORY:
                return _read(grid, table.area)
    return None


def _read(grid: Grid, area: Area) -> Kept | None:
    block = grid.block(range(area.left, area.right + 1), area.top)
    texts = {column: list(_texts(grid, raw)) for column, raw in block.columns.items()}
    named = {column[0]: column[1:] for column in texts.values() if column and column[0]}
    if HEADERS[NUMBER] not in named or AS_OF not in named:
        return None
    fields = {FIELD[header]: column for header, column in named.items() if header in FIELD}
    rows = [dict(zip(fields, cells, strict=True)) for cells in zip(*fields.values(), strict=True)]
    days = [day for text in named[AS_OF] if (day := _day(text))]
    return max(days, default=None), tuple(row for row in rows if row[NUMBER])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _texts(grid: Grid, raw: RawColumn) -> Iterator[str]:
    """The cells of a column as they are shown."""
    formats: Sequence[str] = grid.number_formats
    for kind, datum, style in zip(raw.kinds.tolist(), raw.data.tolist(), raw.styles.tolist(), strict=True):
        if kind in (Kind.TEXT, Kind.ISO_DATE):
            yield grid.strings[int(datum)]
        elif kind == Kind.NUMBER:
            yield shown(read_number(datum, formats[style], grid.date1904))
        else:
            yield ""
