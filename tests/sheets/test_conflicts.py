"""The sheet 合并冲突: what a person sees, and that nothing written on it is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.messy.book import Sheet as Page
from tests.messy.book import Typed, save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.sheet import Kind, Workbook
from zlxl.sheets.conflicts import ADOPT, CONFLICTS, DECISIONS, Line, conflicts_sheet, read_conflicts

LINE = Line(
    number=1,
    table="客户台账",
    key="ZL20230001-Q",
    label="邮编",
    base="（空）",
    mine="050000",
    theirs="=1+1",
    copies="北京办.xlsx、上海办.xlsx",
    mark="0a.1b",
)
DECIDED = replace(
    LINE, number=2, status="待决定：另填值为空", decision=ADOPT, other=" x\ny", person="张敏", note="已核实"
)


def test_lines_come_back_as_they_were(tmp_path: Path) -> None:
    """Also columns that the user added, blanks, line breaks, and what looks like a formula."""
    lines = tuple(replace(line, extra={"复核": word}) for line, word in ((DECIDED, "是"), (LINE, "")))
    path = tmp_path / "a.xlsx"
    write_workbook(Workbook(sheets=(conflicts_sheet(lines),)), path)

    assert read_conflicts(open_source(path)) == lines


def test_a_workbook_without_the_sheet_has_no_lines(tmp_path: Path) -> None:
    """And a sheet of that name that is the user's own is known as such."""
    other = save(tmp_path / "a.xlsx", Page("别的").put(1, 1, ["编号"]))
    foreign = save(tmp_path / "b.xlsx", Page(CONFLICTS).put(1, 1, ["我的", "冲突"]))

    assert read_conflicts(open_source(other)) == ()
    assert read_conflicts(open_source(foreign)) is None


def test_what_people_type_is_read_as_they_see_it(tmp_path: Path) -> None:
    """A date typed as one, a number, and words in a column without header."""
    page = Page(CONFLICTS).put(3, 1, ["编号", "决定", "另填值", "指纹"])
    page.put(4, 1, [1, "另填 ", Typed(46000, "yyyy-mm-dd"), "a.b", "旁注"]).put(5, 1, [2, "", 12.5, "c.d"])
    lines = read_conflicts(open_source(save(tmp_path / "a.xlsx", page)))

    assert lines is not None
    assert [(x.number, x.decision, x.other, x.mark) for x in lines] == [
        (1, "另填", "2025-12-09", "a.b"),
        (2, "", "12.5", "c.d"),
    ]
    assert lines[0].extra == {"E 列": "旁注"}


def test_decisions_are_a_list_with_an_explanation() -> None:
    """On every line of the table, and the first row says what to do."""
    sheet = conflicts_sheet([LINE, DECIDED])
    (choice,) = [v for v in sheet.validations if v.kind is Kind.LIST]

    assert choice.source == f'="{",".join(DECISIONS)}"'
    assert (choice.area.top, choice.area.bottom) == (3, 4)
    assert "采用对方" in choice.prompt
    assert any("zlxl merge" in str(cell.content) for (row, _), cell in sheet.cells.items() if row == 1)
