"""Cells that look into the workbook's tables by formula, where it gives what the program read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zlxl.figures.due import Line
from zlxl.schema.frame import Frame
from zlxl.sheet import Content, Formula
from zlxl.sheets.report_words import cell_text
from zlxl.tables.criteria import CRITERIA

DISABLED = "否"  #: what 启用 says of a row that does not count
PATTERNS = frozenset("*?~")  #: characters that a criterion takes for a pattern


def reference(frame: Frame, name: str) -> str | None:
    """Reference to the cells of a column; None where the sheet has no Excel table to refer to."""
    within = frame.match.list_object
    header = frame.match.spelled.get(name)
    if within is None or header is None or within.area.top != frame.header_row or set(header) & set("[]'#@"):
        return None
    return f"{within.name}[{header}]"


def place_in_table(line: Line) -> int:
    """The row's number within its table, from 1."""
    return int(line.frame.rows[line.position]) - line.frame.header_row


def looked_up(line: Line, name: str, row: str, value: Content) -> Content:
    """The row's cell by INDEX, blank where it is; the value itself where the cell says it otherwise."""
    column = reference(line.frame, name)
    cells = line.frame.cells.get(name)
    if column is None or cells is None or (cells.lent is not None and cells.lent[line.position]):
        return value
    raw = cells.raw(line.position)
    if not _same(raw, value):
        return value
    found = f"INDEX({column},{row})"
    return Formula(text=f'=IF({found}="","",{found})', value="" if value is None else value)  # type: ignore[arg-type]


def _same(raw: object, value: Content) -> bool:
    """Whether a formula that reads the stored cell has the value: of a text only where both are one."""
    if isinstance(raw, bool) or isinstance(value, bool):
        return False
    if isinstance(raw, float | int) and isinstance(value, float | int):
        return float(raw) == float(value)
    if type(raw) is str:
        return raw == value and cell_text(raw) == raw
    return raw is None and value is None


@dataclass(frozen=True)
class CriteriaCells:
    """The cells of 评价准则 as formulas, where one enabled row of the sheet says the value."""

    frames: Sequence[Frame]

    def number(self, group: str, item: str, name: str, value: float) -> Content:
        """A number of a criterion."""
        refs = self._refs(group, item, name, value)
        if refs is None:
            return value
        wanted, groups, items, enabled = refs
        tests = f'{groups},"{group}",{items},"{item}",{enabled},"<>{DISABLED}"'
        return Formula(text=f"=SUMIFS({wanted},{tests})", value=value)

    def text(self, group: str, item: str, name: str, value: str) -> Content:
        """A word of a criterion."""
        refs = self._refs(group, item, name, value)
        if refs is None:
            return value
        wanted, groups, items, enabled = refs
        tests = f'({groups}="{group}")*({items}="{item}")*({enabled}<>"{DISABLED}")'
        return Formula(text=f"=LOOKUP(2,1/({tests}),{wanted})", value=value)

    def _refs(self, group: str, item: str, name: str, value: str | float) -> list[str] | None:
        frames = [frame for frame in self.frames if frame.table is CRITERIA]
        if len(frames) != 1 or set(item) & (PATTERNS | {'"'}):
            return None
        frame = frames[0]
        found = [line for line in _rows(frame) if (line.text("group"), line.text("item")) == (group, item)]
        live = [line for line in found if line.text("enabled") != DISABLED]
        refs = [reference(frame, field) for field in (name, "group", "item", "enabled")]
        told = [ref for ref in refs if ref is not None]
        same = len(live) == 1 and _same(_raw(live[0], name), value) and _plain(live[0])
        return told if same and len(told) == len(refs) else None


def _rows(frame: Frame) -> Sequence[Line]:
    return [Line(frame=frame, position=position) for position in range(len(frame))]


def _raw(line: Line, name: str) -> object:
    cells = line.frame.cells.get(name)
    return None if cells is None else cells.raw(line.position)


def _plain(line: Line) -> bool:
    """Whether the row's words are stored as they are understood."""
    return all(_raw(line, name) == line.text(name) for name in ("group", "item"))
