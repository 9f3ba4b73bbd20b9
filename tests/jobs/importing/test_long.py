"""Lists with one answer a row become one questionnaire a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.figures.surveyed import TODAY, client, survey
from tests.hosts.conftest import Run, here, zlxl  # noqa: F401
from tests.hosts.test_satisfaction import rows_of
from zlxl.excel.write import write_workbook
from zlxl.grid import Cell, Kind, MemoryGrid
from zlxl.jobs.importing.long import widened
from zlxl.sheet import Workbook
from zlxl.sheets.data import data_sheet
from zlxl.tables.catalog import table_named

ITEMS = ("受理咨询与信息提供", "合同评审与报价透明", "审核计划与时间安排", "审核员专业能力", "沟通与态度")
MORE = ("公正客观", "廉洁自律", "审核发现与报告质量", "证书发放与变更时效", "获证后服务", "意见投诉处理")


def grid(*rows: tuple[str, ...]) -> MemoryGrid:
    cells = {
        row: {column: Cell(Kind.TEXT, text) for column, text in enumerate(texts, 1) if text}
        for row, texts in enumerate(rows, 1)
    }
    return MemoryGrid(sheet="答卷", cells=cells, typed=False)


def lines(number: str, *answers: tuple[str, str]) -> list[tuple[str, ...]]:
    return [(number, question, answer) for question, answer in answers]


HEAD = ("问卷编号", "题目", "评价")


def test_rows_of_one_questionnaire_are_joined_wherever_they_stand() -> None:
    one, two = ([(item, level) for item in ITEMS[:3]] for level in ("满意", "一般"))
    wide = widened(
        grid(("满意度回收",), HEAD, *lines("A1", *one), *lines("A2", *two), ("A1", "推荐意愿", "9"))
    )
    assert wide is not None
    assert {row: [str(cell.value) for cell in cells.values()] for row, cells in wide.grid.cells.items()} == {
        2: ["问卷编号", *ITEMS[:3], "推荐意愿"],
        3: ["A1", "满意", "满意", "满意", "9"],
        6: ["A2", "一般", "一般", "一般"],
    }
    assert wide.places[3, 7] == "C9"


def test_another_answer_to_a_question_is_another_questionnaire() -> None:
    """So that the import tells of the conflict."""
    told = [(item, "满意") for item in ITEMS[:3]]
    wide = widened(grid(HEAD, *lines("A1", *told, (ITEMS[0], "一般"), (ITEMS[1], "满意"))))
    assert wide is not None
    assert sorted(wide.grid.cells) == [1, 2, 5]


@pytest.mark.parametrize(
    "rows",
    [
        [("编号", "项目", "等级"), ("1", "设备", "A"), ("2", "厂房", "B"), ("3", "人员", "A")],
        [("企业名称", "项目", "等级"), ("甲", "设备", "A"), ("乙", "厂房", "B"), ("丙", "人员", "A")],
        [("问卷编号", *ITEMS), ("A1", *["满意"] * 5)],
        [],
    ],
)
def test_other_lists_are_left_as_they_are(rows: list[tuple[str, ...]]) -> None:
    assert widened(grid(*rows)) is None


def test_a_long_list_is_imported_and_a_fault_named_by_its_own_cell(zlxl: Run, here: Path) -> None:  # noqa: F811
    rows = {
        "客户台账": [client(1), client(2)],
        "满意度调查": [survey(n, None, sent_on=date(2026, 9, 1)) for n in (1, 2)],
    }
    path = here / "库.xlsx"
    write_workbook(Workbook(sheets=tuple(data_sheet(table_named(n), r) for n, r in rows.items())), path)
    text = ["合同编号,回收日期,题目,答案"]
    text += [f"ZL20260001-Q,2026-09-20,{item},５" for item in (*ITEMS, *MORE)]
    text += [f"ZL20260002-Q,2026-09-20,{item},满意" for item in (*ITEMS, *MORE)]
    text += ["ZL20260002-Q,2026-09-20,推荐意愿,11"]
    (here / "长表.csv").write_text("\n".join(text), "utf-8")
    told = zlxl("import", path, here / "长表.csv", "--today", TODAY.isoformat(), "--write")
    assert "已并成一份问卷一行（2 份）" in told.out + told.err
    assert "D24" in told.out
    first, second = rows_of(path, "满意度调查")
    assert (first["公正客观"], first["问卷有效性"]) == ("很满意", "有效")
    assert second["公正客观"] is None
