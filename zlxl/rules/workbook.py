"""Rules about the sheet itself: headers, merges, lost text formats and drop-downs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zlxl.findings import Accusation, Severity
from zlxl.grid import Area, a1
from zlxl.rules.rule import Book, Rule
from zlxl.schema.column import Storage
from zlxl.schema.facts import Mask
from zlxl.schema.frame import Frame

Accused = Iterator[tuple[Frame, Accusation]]
TEXT_FORMAT = "@"


def missing_headers(book: Book) -> Accused:
    """Columns that the clause names or that every row must fill, but no header stands for."""
    for frame in book.frames:
        for name, column in frame.table.columns.items():
            if name in frame.table.required and name not in frame.cells:
                yield frame, _at_header(frame, "ZL001", column.header)
            elif column.core and name not in frame.cells:
                yield frame, _at_header(frame, "ZL007", column.header)


def _at_header(frame: Frame, code: str, header: str) -> Accusation:
    return Accusation(code=code, row=frame.header_row, facts={"header": header, "identity": header})


def duplicate_headers(book: Book) -> Accused:
    """Second and later columns of the same field: only the first is read."""
    for frame in book.frames:
        for name, column in frame.match.duplicates:
            facts = {
                "header": frame.match.spelled[name],
                "cell": a1(frame.header_row, column),
                "first": a1(frame.header_row, frame.match.fields[name]),
                "identity": f"{name}{column}",
            }
            yield frame, Accusation(code="ZL002", row=frame.header_row, facts=facts)


def merged_cells(book: Book) -> Accused:
    """Merges over data rows: sorting and filtering fail on them."""
    for frame in book.frames:
        columns = {cells.column: name for name, cells in frame.cells.items()}
        for area in frame.grid.layout().merges:
            names = [columns[c] for c in range(area.left, min(area.right, max(columns)) + 1) if c in columns]
            first = frame.position(area.top)
            if names and first < len(frame) and frame.rows[first] <= area.bottom:
                yield frame, _merge(frame, area, names[0], int(frame.rows[first]))


def _merge(frame: Frame, area: Area, name: str, row: int) -> Accusation:
    facts = {"area": str(area), "header": frame.cells[name].header, "cell": a1(area.top, area.left)}
    return Accusation(code="ZL003", row=row, field=name, facts=facts)


def lost_text_format(book: Book) -> Accused:
    """Code cells that are no longer formatted as text in a column that is."""
    for frame in book.frames:
        formats = frame.grid.number_formats
        is_text = np.array([code == TEXT_FORMAT for code in formats], dtype=np.bool_)
        for name, column in frame.table.columns.items():
            if column.storage is not Storage.CODE or name not in frame.cells or not len(frame):
                continue
            if column.machine:  # long texts of programs are kept out of the text format on purpose
                continue
            cells = frame.cells[name]
            text = is_text[np.minimum(cells.styles, len(formats) - 1)]
            filled = cells.codes >= 0
            default = frame.grid.layout().column_formats.get(cells.column) == TEXT_FORMAT
            if default or text[filled].sum() * 2 > filled.sum():
                yield from _runs(frame, name, filled & ~text, "ZL108")


def lost_dropdowns(book: Book) -> Accused:
    """Choice cells without drop-down in a column that has one elsewhere, or as the odd column without."""
    for frame in book.frames:
        choices = [
            n for n, c in frame.table.columns.items() if c.storage is Storage.CHOICE and n in frame.cells
        ]
        covers = {name: _covered(frame, name) for name in choices}
        kept = sum(bool(cover.any()) for cover in covers.values())
        for name, cover in covers.items():
            if cover.any() or (kept * 2 > len(covers) and frame.filled(name).any()):
                yield from _runs(frame, name, ~cover, "ZL109")


def _covered(frame: Frame, name: str) -> Mask:
    column = frame.cells[name].column
    covered = np.zeros(len(frame), dtype=np.bool_)
    for dropdown in frame.grid.layout().dropdowns:
        for area in dropdown.areas:
            if area.left <= column <= area.right:
                covered |= (frame.rows >= area.top) & (frame.rows <= area.bottom)
    return covered


def _runs(frame: Frame, name: str, guilty: Mask, code: str) -> Accused:
    """One accusation for each run of guilty cells, at its first cell."""
    positions = np.flatnonzero(guilty)
    if not len(positions):
        return
    column = frame.cells[name].column
    for run in np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1):
        first, last = int(frame.rows[run[0]]), int(frame.rows[run[-1]])
        area = str(Area(first, column, last, column))
        yield frame, Accusation(code=code, row=first, field=name, facts={"area": area, "count": len(run)})


RULES = (
    Rule(
        code="ZL001",
        name="缺少必需的列",
        severity=Severity.ERROR,
        clause="4.2.1",
        source="design.md 客户台账",
        message="“{table}”没有“{header}”这一列。",
        expected="表头行有“{header}”",
        suggestion="在表头行补上“{header}”；如果列名写法不同，请改为规范名称。",
        wrong="表头：合同编号、企业名称",
        right="表头：合同编号、企业名称、状态…",
        judge=missing_headers,
    ),
    Rule(
        code="ZL002",
        name="表头重复",
        severity=Severity.ERROR,
        clause="4.2.2",
        source="design.md",
        message="“{header}”一列重复出现，只检查了 {first} 那一列。",
        expected="每个列名只出现一次",
        suggestion="删除多余的列，或给它改一个名称。",
        wrong="表头：联系电话、联系电话",
        right="表头：联系电话、备用电话",
        judge=duplicate_headers,
    ),
    Rule(
        code="ZL003",
        name="数据区有合并单元格",
        severity=Severity.WARNING,
        clause="4.2.2",
        source="users.md 1.12",
        message="{area} 是合并单元格，会妨碍筛选和计算。",
        expected="每行每列一个单元格",
        suggestion="取消合并，并在每一行填写各自的值。",
        wrong="三行合并为一个企业名称",
        right="三行各写企业名称",
        judge=merged_cells,
    ),
    Rule(
        code="ZL007",
        name="缺少条款列出的列",
        severity=Severity.WARNING,
        clause="4.2.1",
        source="ZL-CX-16 4.2.1",
        message="“{table}”没有“{header}”这一列。",
        expected="4.2.1 列出的 17 项信息齐全",
        suggestion="在表头行补上“{header}”；不需要的可在配置中忽略 ZL007。",
        wrong="没有“认证范围”列",
        right="有“认证范围”列",
    ),
    Rule(
        code="ZL108",
        name="文本格式丢失",
        severity=Severity.WARNING,
        clause="4.2.2",
        source="users.md 1.5",
        message="“{header}”的 {area} 不再是“文本”格式，多半是粘贴造成的，以后录入的编号会变成数字。",
        expected="整列为“文本”格式",
        suggestion="选中 {area}，把单元格格式设为“文本”；粘贴时用“选择性粘贴—值”。",
        wrong="邮编 M12：常规",
        right="邮编 M12：文本",
        judge=lost_text_format,
    ),
    Rule(
        code="ZL109",
        name="下拉列表丢失",
        severity=Severity.WARNING,
        clause="4.2.2",
        source="users.md 1.5",
        message="“{header}”的 {area} 没有下拉列表，多半是粘贴造成的。",
        expected="整列有下拉列表",
        suggestion="从同列其他单元格“选择性粘贴—有效性验证”；粘贴时用“选择性粘贴—值”。",
        wrong="状态 J12：无下拉",
        right="状态 J12：有下拉",
        judge=lost_dropdowns,
    ),
)
