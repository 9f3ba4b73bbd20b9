"""合并冲突: what copies changed in different ways, one line a proposal, for a person to decide; read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from zlxl.grid import Area, Block, Grid, Kind, TableSource, column_letters
from zlxl.schema.read import number
from zlxl.schema.values import shown
from zlxl.sheet import Cell, Link, Mark, Sheet, Style, Validation, sheet_link
from zlxl.sheet import Kind as Allowed
from zlxl.sheets.data import FIRST_ROW, FRONT, HEADER_ROW, NAV_ROW, footer
from zlxl.sheets.report_remarks import FINGERPRINT, HEAD_ROWS
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_words import cell_text

CONFLICTS: Final = "合并冲突"
KEEP, ADOPT, DELETE, RETAIN, OTHER = "保留本方", "采用对方", "删除", "保留", "另填"
DECISIONS: Final = (KEEP, ADOPT, DELETE, RETAIN, OTHER)
OPEN, DONE, VOID, GONE = "待决定", "已处理", "已作废", "已无冲突"
NUMBER, STATUS, DECISION, OTHER_VALUE = "编号", "状态", "决定", "另填值"
_HINT: Final = (
    "请在“决定”栏逐行选择（（整行）选 删除 或 保留，其余选 保留本方、采用对方 或 另填）并保存，"
    "再运行同一条 zlxl merge 命令加 --write；未决定的保持本方值，已处理的不再询问。"
)
_PROMPT: Final = (
    "保留本方：不改；采用对方：换成对方值；另填：换成“另填值”栏的内容。\n"
    "字段为（整行）时：删除：清空此行；保留：此行留下，并合并对方的修改。"
)
_OTHER_PROMPT: Final = "决定为“另填”时填写。日期写成 2026-03-01；要清空此格，写（空）。"
_FIELDS: Final = (
    Field(header=NUMBER, width=7, style=Style.CENTER),
    Field(header=STATUS, width=12, style=Style.NOTE),
    Field(header="表", width=11),
    Field(header="行标识", width=19, style=Style.NOTE),
    Field(header="字段", width=12, style=Style.NOTE),
    Field(header="基准值", width=15, style=Style.NOTE),
    Field(header="本方值", width=15, style=Style.NOTE),
    Field(header="对方值", width=22, style=Style.NOTE),
    Field(header="对方文件", width=14, style=Style.NOTE),
    Field(header=DECISION, width=11, style=Style.CENTER, choices=DECISIONS, filled=True),
    Field(header=OTHER_VALUE, width=14, style=Style.NOTE, filled=True),
    Field(header="处理人", width=9, style=Style.CENTER, filled=True),
    Field(header="备注", width=13, style=Style.NOTE, filled=True),
    Field(header="处理结果", width=16, style=Style.NOTE),
)
_MARK: Final = Field(header=FINGERPRINT, width=18, style=Style.MUTED, hidden=True)
BESIDE: Final = 10  #: columns beside the table that are looked into
_FROZEN: Final = 5
_TAB: Final = "8E1B1B"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One proposal against mine, and what a person decided on it; all as shown on the sheet."""

    number: int
    status: str = OPEN  #: one of the four words, perhaps with ``：`` and a reason
    table: str
    key: str
    label: str
    base: str
    mine: str
    theirs: str
    copies: str
    decision: str = ""
    other: str = ""
    person: str = ""
    note: str = ""
    result: str = ""
    mark: str = ""  #: of the proposal, a point, of mine
    extra: Mapping[str, str] = field(default_factory=dict)  #: columns that the user added, by header

    @property
    def word(self) -> str:
        """The status without its reason."""
        return self.status.partition("：")[0]

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return self.word == OPEN

    @property
    def proposal(self) -> str:
        """Which proposal it is, whatever mine is."""
        return self.mark.partition(".")[0]


def conflicts_sheet(lines: Sequence[Line], *, front: bool = True) -> Sheet:
    """The sheet of these lines; ``front``: whether the workbook has a first sheet to lead back to."""
    extras = dict.fromkeys(header for line in lines for header in line.extra)
    fields = (*_FIELDS, *(Field(header=header, width=16, style=Style.NOTE) for header in extras), _MARK)
    sheet = table_sheet(
        CONFLICTS, _HINT, fields, [list(_contents(line, extras)) for line in lines], frozen=_FROZEN, tab=_TAB
    )
    bottom = HEADER_ROW + max(len(lines), 1)
    return replace(
        sheet,
        cells={**sheet.cells, (NAV_ROW, 1): _way_back(front)},
        validations=(*(_prompted(v) for v in sheet.validations), _other_prompt(bottom)),
        marks=tuple(_marks(bottom, len(fields))),
        print=replace(sheet.print, footer=footer(CONFLICTS)),
    )


def _contents(line: Line, extras: Iterable[str]) -> Iterator[str | int | None]:
    yield line.number
    told = (line.status, line.table, line.key, line.label, line.base, line.mine, line.theirs, line.copies)
    filled = (line.decision, line.other, line.person, line.note, line.result)
    own = (line.extra.get(header, "") for header in extras)
    yield from (cell_text(text) for text in (*told, *filled, *own, line.mark))


def _way_back(front: bool) -> Cell:
    if not front:
        return Cell(style=Style.NAV)
    return Cell(content=Link(target=sheet_link(FRONT), text=f"‹ {FRONT}", tip="回到首页"), style=Style.NAV)


def _prompted(validation: Validation) -> Validation:
    return replace(validation, prompt_title=DECISION, prompt=_PROMPT)


def _other_prompt(bottom: int) -> Validation:
    column = _column(OTHER_VALUE)
    area = Area(FIRST_ROW, column, bottom, column)
    return Validation(area=area, kind=Allowed.ANY, prompt_title=OTHER_VALUE, prompt=_OTHER_PROMPT)


def _column(header: str) -> int:
    return next(number for number, known in enumerate(_FIELDS, 1) if known.header == header)


def _marks(bottom: int, width: int) -> Iterator[Mark]:
    """What waits stands out, a missing decision more so; what is settled steps back."""
    status, decision = (f"${column_letters(_column(header))}{FIRST_ROW}" for header in (STATUS, DECISION))
    waiting = f'LEFT({status},{len(OPEN)})="{OPEN}"'
    at = _column(STATUS)
    settled = f'=AND({status}<>"",LEFT({status},{len(OPEN)})<>"{OPEN}")'
    yield Mark(area=Area(FIRST_ROW, 1, bottom, width), formula=settled, style=Style.FADED)
    yield Mark(area=Area(FIRST_ROW, at, bottom, at), formula=f"={waiting}", style=Style.WARN)
    at = _column(DECISION)
    empty = f'=AND({waiting},{decision}="")'
    yield Mark(area=Area(FIRST_ROW, at, bottom, at), formula=empty, style=Style.MISSING)


def read_conflicts(source: TableSource) -> tuple[Line, ...] | None:
    """The lines of the sheet, in its order; none where there is no sheet, None where it is not ours."""
    for grid in source.grids():
        if grid.sheet == CONFLICTS:
            found = _header(grid)
            return None if found is None else tuple(_lines(grid, *found))
    return ()


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    for row, cells in grid.head(HEAD_ROWS).items():
        named = {str(cell.value).strip(): column for column, cell in cells.items() if cell.kind is Kind.TEXT}
        if {FINGERPRINT, DECISION, NUMBER} <= named.keys():
            return row, named
    return None


def _lines(grid: Grid, header_row: int, named: Mapping[str, int]) -> Iterator[Line]:
    titled = frozenset(named)
    named = {**named, **_untitled(named)}
    block = grid.block(named.values(), header_row + 1)
    texts = {header: list(_texts(grid, block, column)) for header, column in named.items()}
    ours = {known.header for known in (*_FIELDS, _MARK)}
    own = [header for header in named if header not in ours and (header in titled or any(texts[header]))]
    nothing = [""] * len(block.rows)
    for position in range(len(block.rows)):
        row = {header: texts.get(header, nothing)[position] for header in (*ours, *named)}
        if any(row.values()):
            yield _line(row, {header: row[header] for header in own})


def _untitled(named: Mapping[str, int]) -> Mapping[str, int]:
    """Columns beside the table, by a name for what somebody may have written there without a header."""
    last = max(named.values())
    return {f"{column_letters(column)} 列": column for column in range(last + 1, last + BESIDE + 1)}


def _line(row: Mapping[str, str], extra: Mapping[str, str]) -> Line:
    return Line(
        number=int(row[NUMBER]) if row[NUMBER].isdecimal() else 0,
        status=row[STATUS],
        table=row["表"],
        key=row["行标识"],
        label=row["字段"],
        base=row["基准值"],
        mine=row["本方值"],
        theirs=row["对方值"],
        copies=row["对方文件"],
        decision=row[DECISION].strip(),
        other=row[OTHER_VALUE],
        person=row["处理人"],
        note=row["备注"],
        result=row["处理结果"],
        mark=row[FINGERPRINT].strip(),
        extra=extra,
    )


def _texts(grid: Grid, block: Block, column: int) -> Iterator[str]:
    """The cells of a column as a person reads them; a date typed as one is told as one."""
    raw = block.columns[column]
    formats = grid.number_formats
    for kind, datum, style in zip(raw.kinds.tolist(), raw.data.tolist(), raw.styles.tolist(), strict=True):
        if kind in (Kind.TEXT, Kind.ISO_DATE, Kind.ERROR):
            yield grid.strings[int(datum)]
        elif kind == Kind.NUMBER:
            code = formats[style] if style < len(formats) else formats[0]
            yield shown(number(datum, code, grid.date1904))
        elif kind == Kind.BOOL:
            yield shown(bool(datum))
        else:
            yield ""
