"""待办提醒: live counts and days left equal what Python reckons."""

from datetime import date, timedelta

from tests.figures.books import book, certificate
from tests.sheets.recalculated import disagreements
from zlxl.excel.write import write_workbook
from zlxl.figures.plan import plan_of
from zlxl.sheet import Formula
from zlxl.sheets.reminders import HEAD_ROW, REMINDERS, reminders_sheet, reminders_workbook

TODAY = date.today()


def plan(today=TODAY):
    clients = [
        certificate(
            contract_no=f"ZL20250{number:03d}-Q",
            client=f'客户{number}“引号"、<尖>&',
            audited_on=today - timedelta(days=6 * number),
            issued_on=today - timedelta(days=400 + number),
            valid_until=today + timedelta(days=690 - 11 * number),
            verified_on=today - timedelta(days=7 * number),
        )
        for number in range(70)
    ]
    return plan_of(book({"客户台账": clients, "满意度调查": [], "有效性评价": []}, today))


def test_every_formula_has_the_value_that_libreoffice_computes(tmp_path):
    reckoned = plan()
    compared, other = disagreements(reminders_workbook(reckoned, "库.xlsx"), tmp_path)
    assert other == []
    assert compared > 3 * len(reckoned.dues)
    assert {due.urgency(TODAY) for due in reckoned.dues} == {"逾期", "紧急", "临近", "未到"}


def test_counts_add_up_to_the_list():
    reckoned = plan()
    sheet = reminders_sheet(reckoned)
    cells = {at: cell.content.value for at, cell in sheet.cells.items() if isinstance(cell.content, Formula)}
    assert max(value for (_, column), value in cells.items() if column == 7) == len(reckoned.dues)
    months = [value for (row, column), value in cells.items() if column == 9 and row >= HEAD_ROW]
    assert sum(months) == len(reckoned.dues)


def test_places_link_into_the_database():
    rows = reminders_sheet(plan(), file="下级/库.xlsx").blocks[0].rows
    assert any("=HYPERLINK(\"下级/库.xlsx#'客户台账'!H" in row[14].text for row in rows if row[14])


def test_nothing_due_is_a_sheet_too(tmp_path):
    empty = plan_of(book({"客户台账": []}))
    write_workbook(reminders_workbook(empty, ""), tmp_path / "a.xlsx")
    assert reminders_sheet(empty).tables[0].name == REMINDERS


def test_it_prints_one_page_wide_with_the_chart_inside():
    sheet = reminders_sheet(plan())
    (chart,) = sheet.charts
    wide = sum(sheet.columns[column].width for column in range(chart.column, sheet.print.area.right + 1))
    assert (sheet.print.fit_width, sheet.print.landscape) == (1, True)
    assert sheet.print.repeat_rows == (sheet.tables[0].area.top,) * 2
    assert sheet.print.area.bottom == sheet.tables[0].area.bottom
    assert chart.width <= wide * 7
