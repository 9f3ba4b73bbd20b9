"""What people wrote into an earlier report, read back so that the next report carries it on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zlxl.grid import Block, Grid, Kind, TableSource
from zlxl.sheets.report_words import LIST, OUTCOME

FINGERPRINT = "指纹"
HEAD_ROWS = 40  # the header stands within these
#: what an earlier line tells of itself when its finding is gone
TOLD = ("级别", "工作表", "单元格", "编号", "字段", "说明")


class Remark(NamedTuple):
    """A line of an earlier report: what a person decided, and what the line was about."""

    outcome: str = ""
    person: str = ""
    note: str = ""
    told: tuple[str, ...] = ("",) * len(TOLD)

    @property
    def empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not (self.outcome or self.person or self.note)


def read_remarks(source: TableSource, sheet: str = LIST) -> Mapping[str, Remark] | None:
    """Every line of an earlier report by its finding's fingerprint; None when it is no report of ours."""
    for grid in source.grids():
        if grid.sheet == sheet:
            header = _header(grid)
            return None if header is None else _lines(grid, *header)
    return None


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    for row, cells in grid.head(HEAD_ROWS).items():
        named = {str(cell.value).strip(): column for column, cell in cells.items() if cell.kind is Kind.TEXT}
        if {FINGERPRINT, OUTCOME} <= named.keys():
            return row, named
    return None


def _lines(grid: Grid, header_row: int, named: Mapping[str, int]) -> Mapping[str, Remark]:
    wanted = (FINGERPRINT, OUTCOME, "处理人", "备注", *TOLD)
    present = {header: named[header] for header in wanted if header in named}
    block = grid.block(present.values(), header_row + 1)
    texts = {header: list(_texts(grid, block, column)) for header, column in present.items()}
    nothing = [""] * len(block.rows)
    found: dict[str, Remark] = {}
    for mark, outcome, person, note, *told in zip(*(texts.get(h, nothing) for h in wanted), strict=True):
        remark = Remark(outcome, person, note, tuple(told))
        if mark and (mark not in found or found[mark].empty):
            found[mark] = remark
    return found


def _texts(grid: Grid, block: Block, column: int) -> Iterator[str]:
    """The cells of a column as text."""
    raw = block.columns[column]
    for kind, datum in zip(raw.kinds.tolist(), raw.data.tolist(), strict=True):
        if kind in (Kind.TEXT, Kind.ISO_DATE):
            yield grid.strings[int(datum)].strip()
        elif kind == Kind.NUMBER:
            yield f"{datum:.15g}"
        elif kind == Kind.BOOL:
            yield "TRUE" if datum else "FALSE"
        else:
            yield ""
