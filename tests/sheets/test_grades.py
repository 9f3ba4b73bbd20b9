"""企业分级: its formulas over 有效性评价 and 评价准则 equal what Python reckons."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.sheets.recalculated import disagreements
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.figures.grade import Grades
from zlxl.jobs.grade import edits_of, grade, workbook_of
from zlxl.jobs.new import new_workbook
from zlxl.samples.database import sample_rows
from zlxl.sheet import Formula, Workbook
from zlxl.sheets.grades import GRADES

TODAY = date.today()
FORM = {
    "leadership": 4, "planning": 4, "resources": 4, "operation": 4, "performance": 4,
    "internal_audit": 4, "management_review": 4, "correction": 4, "improvement": 4,
}  # fmt: skip


def odd_rows(client):
    """Forms on which every branch of the formulas decides."""
    told = [
        {},
        {"major": 2, "minor": 9, "repeated": 4, "major_closed": "是"},
        {"major": 1, "repeated": 3, "major_closed": "否"},
        {"major": 1},
        {"accident": "是"},
        {"penalty": "是", "audited_on": TODAY - timedelta(days=500)},
        {"false_material": "是"},
        {"adjustment": "升一级", "adjustment_reason": "获质量奖", "approver": "李主任"},
        {"adjustment": "升一级"},
        {"adjustment": "降一级", "adjustment_reason": "投诉多", "approver": "李主任", "major": -1},
        {"operation": None},
        {"operation": None, "resources": None, "performance": None},
        {"leadership": 7},
        {"leadership": 4.5, "planning": 3.5, "minor": 1},
        {"evaluation_no": None},
        {"evaluation_no": "PJ*"},
        {"evaluation_no": "PJ\x07"},
        {"client": "甲*（集团）?", "evaluation_no": 'A"1'},
        dict.fromkeys(FORM, 5),
        dict.fromkeys(FORM, 0),
    ]
    for number, cells in enumerate(told):
        yield {
            "evaluation_no": f"PJ2026-9{number:03d}",
            "contract_no": f"ZL20269{number:03d}-Q",
            "client": f"{client}{number}",
            "system": "QMS",
            "audited_on": TODAY - timedelta(days=30 + number),
            **FORM,
            **cells,
        }


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    rows = dict(sample_rows(seed=5, clients=40, today=TODAY))
    rows["有效性评价"] = [*rows["有效性评价"], *odd_rows("石家庄")]
    path = tmp_path_factory.mktemp("grades") / "库.xlsx"
    book = new_workbook(rows, today=TODAY)
    write_workbook(book, path)
    return book, path


@pytest.fixture(scope="module")
def graded(database):
    return grade(open_source(database[1]), TODAY)


def test_every_formula_has_the_value_that_libreoffice_computes(database, graded, tmp_path):
    book, _ = database
    sheets = [sheet for sheet in book.sheets if sheet.name in ("客户台账", "有效性评价", "评价准则")]
    plain = [replace(sheet, validations=(), marks=()) for sheet in sheets]
    compared, other = disagreements(Workbook(sheets=(*edits_of(graded).sheets, *plain)), tmp_path)
    assert other == []
    assert compared > 30 * len(graded.grades.companies)


def test_alone_the_sheet_reckons_from_the_points_it_lists(graded, tmp_path):
    compared, other = disagreements(workbook_of(graded, "库.xlsx"), tmp_path)
    assert other == []
    assert compared > 10 * len(graded.grades.companies)


def test_figures_of_the_tables_are_live(graded):
    (sheet,) = edits_of(graded).sheets
    formulas = " ".join(
        content.text
        for row in [*sheet.blocks[0].rows, [cell.content for cell in sheet.cells.values()]]
        for content in row
        if isinstance(content, Formula)
    )
    for part in (
        "INDEX(有效性评价[运行过程控制]",
        "SUMIFS(评价准则[权重]",
        "评价准则[结果]",
        "客户台账[状态]",
    ):
        assert part in formulas


def test_counts_add_up_to_the_clients(graded):
    (sheet,) = edits_of(graded).sheets
    total = [cell.content.value for (_, column), cell in sheet.cells.items() if column == 2 and _sum(cell)]
    assert total == [len(graded.grades.companies)]


def _sum(cell):
    return isinstance(cell.content, Formula) and cell.content.text.startswith("=SUM(")


def test_no_client_at_all_is_a_sheet_too(tmp_path, graded):
    none = Grades(today=TODAY, criteria=graded.grades.criteria, companies=())
    empty = replace(graded, grades=none)
    write_workbook(workbook_of(empty, ""), tmp_path / "a.xlsx")
    assert workbook_of(empty, "").sheets[0].tables[0].name == GRADES


def test_it_prints_one_page_wide_with_the_chart_inside(graded):
    (sheet,) = edits_of(graded).sheets
    (chart,) = sheet.charts
    wide = sum(sheet.columns[column].width for column in range(chart.column, sheet.print.area.right + 1))
    assert (sheet.print.fit_width, sheet.print.landscape) == (1, True)
    assert sheet.print.repeat_rows == (sheet.tables[0].area.top,) * 2
    assert sheet.print.area.bottom == sheet.tables[0].area.bottom
    assert chart.width <= wide * 7
