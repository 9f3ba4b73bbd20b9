"""Rows as they stand in real sheets: gaps, tails, totals, notes, repeated headers, merges, hidden ones."""

from __future__ import annotations

from pathlib import Path

from tests.messy.book import Sheet, Typed
from tests.messy.ledgers import (
    BROKEN,
    BROKEN_CODES,
    CORE,
    FIRST,
    ROWS,
    SECOND,
    THIRD,
    check_sheets,
    faulty,
    lines,
    seen,
    spots,
)
from zlxl.grid import a1

TOTAL = ["合计", None, None, None, None, 54000, 24000]


def ledger(*rows: list[object]) -> Sheet:
    """A ledger with the header in row 1 and these rows below."""
    return Sheet("客户台账").rows(1, 1, [CORE, *rows])


def broken(row: int) -> set[tuple[str, str]]:
    """What must be accused of the broken row."""
    return {(code, a1(row, 1 + CORE.index(header))) for header, code in BROKEN_CODES.items()}


GOOD, BAD = lines(*ROWS), lines(BROKEN)[0]


def test_blank_rows_in_between(tmp_path: Path) -> None:
    """Gaps, also of blanks and empty texts, are no rows; what stands below them is."""
    blanks: list[object] = ["", " ", "\u3000", None]
    report = check_sheets(tmp_path, ledger(GOOD[0], [], GOOD[1], blanks, [], BAD))
    assert spots(report) == broken(7)
    assert seen(report)[0][3] == 3


def test_styled_tail(tmp_path: Path) -> None:
    """Thousands of rows with formats and no values are no rows."""
    sheet = ledger(*GOOD, BAD)
    for row in range(6, 3000):
        sheet.put(row, 1, [Typed(None, "@")] * 17)
    report = check_sheets(tmp_path, sheet)
    assert spots(report) == broken(5)
    assert seen(report)[0][3] == 4


def test_total_rows(tmp_path: Path) -> None:
    """合计 in the first column, 小计 in the name column, with blanks in the word."""
    subtotal = [None, None, "小 计：", None, None, 36000, 16000]
    report = check_sheets(
        tmp_path, ledger(GOOD[0], GOOD[1], subtotal, GOOD[2], TOTAL, ["合　计", *TOTAL[1:]])
    )
    assert not report.findings
    assert seen(report)[0][3] == 3


def test_a_company_whose_name_begins_like_a_total(tmp_path: Path) -> None:
    """汇总科技 is a client, not a total row."""
    row = faulty(THIRD, 企业名称="汇总科技有限公司", 邮编="2500")
    report = check_sheets(tmp_path, ledger(*lines(FIRST, row)))
    assert spots(report) == {("ZL131", "M3")}


def test_a_nearly_empty_row_is_not_taken_for_a_total(tmp_path: Path) -> None:
    """A row begun by a clerk, with three texts of which one looks like a note, is still checked."""
    begun = ["ZL20240009-Q", None, "平均科技有限公司"]
    report = check_sheets(tmp_path, ledger(GOOD[0], begun))
    assert ("ZL101", "J3") in spots(report)


def test_footnotes(tmp_path: Path) -> None:
    """Notes and signatures under the table are no rows."""
    notes = [
        ["注：费用单位为元。"],
        ["制表人：张敏", None, None, None, "审核人：赵军"],
        ["说明：1. 状态按证书填写；2. 计划不超过 12 个月。"],
        [None, None, "填报日期：2024-06-30"],
    ]
    report = check_sheets(tmp_path, ledger(*GOOD, BAD, [], *notes))
    assert spots(report) == broken(5)
    assert seen(report)[0][3] == 4


def test_repeated_header_rows(tmp_path: Path) -> None:
    """The header pasted again for print is no row."""
    report = check_sheets(tmp_path, ledger(GOOD[0], [*CORE], GOOD[1], [*CORE], BAD))
    assert spots(report) == broken(6)
    assert seen(report)[0][3] == 3


def test_vertical_merges(tmp_path: Path) -> None:
    """A name merged over the rows of a contract counts for each of them, and the merge is a finding."""
    second = faulty(SECOND, 企业名称=None, 合同编号=None, 邮编=None)
    sheet = ledger(*lines(FIRST, second, THIRD))
    sheet.merges = ["A2:A3", "C2:C3", "M2:M3"]
    assert spots(check_sheets(tmp_path, sheet)) == {("ZL003", "A2"), ("ZL003", "C2"), ("ZL003", "M2")}


def test_fault_in_a_merged_cell(tmp_path: Path) -> None:
    """A wrong value in a merged cell is accused where it stands: in its top cell."""
    sheet = ledger(*lines(faulty(FIRST, 邮编="0500"), faulty(SECOND, 邮编=None)))
    sheet.merges = ["M2:M3"]
    assert spots(check_sheets(tmp_path, sheet)) == {("ZL003", "M2"), ("ZL131", "M2")}


def test_hidden_and_filtered_rows_and_columns(tmp_path: Path) -> None:
    """What a filter or a hidden column hides is checked all the same."""
    sheet = ledger(*GOOD, BAD)
    sheet.hidden_rows, sheet.hidden_columns, sheet.filter = {2, 5}, {13, 14}, "A1:Q5"
    assert spots(check_sheets(tmp_path, sheet)) == broken(5)


def test_hidden_sheets(tmp_path: Path) -> None:
    """Hidden and very hidden sheets are checked."""
    for state in ("hidden", "veryHidden"):
        sheet = ledger(*GOOD, BAD)
        sheet.state = state
        assert spots(check_sheets(tmp_path, Sheet("首页").put(1, 1, ["首页"]), sheet)) == broken(5)


def test_rows_below_the_excel_table(tmp_path: Path) -> None:
    """Rows typed in right below the Excel table count; its totals row and what follows it do not."""
    sheet = ledger(*GOOD, BAD)
    sheet.tables = [("客户台账", "A1:Q4", 0)]
    assert spots(check_sheets(tmp_path, sheet)) == broken(5)
    sheet = ledger(*GOOD, TOTAL, BAD)
    sheet.tables = [("客户台账", "A1:Q5", 1)]
    assert not check_sheets(tmp_path, sheet).findings


def test_notes_beside_the_excel_table(tmp_path: Path) -> None:
    """What stands beside or, after a gap, below the Excel table is none of its rows."""
    sheet = ledger(*GOOD, BAD).put(8, 1, ["以下为草稿"]).rows(1, 20, [["邮编"], ["9"], ["9"]])
    sheet.tables = [("客户台账", "A1:Q5", 0)]
    assert spots(check_sheets(tmp_path, sheet)) == broken(5)


def test_two_excel_tables_side_by_side(tmp_path: Path) -> None:
    """Two tables of one sheet, side by side, are both checked."""
    requests = ["编号", "接收日期", "企业名称", "要求内容", "收集方式", "要求原文", "要求状态"]
    request = ["YQ1", "下周", "某公司", "意见和建议", "电话走访电子文档", "请快些", "待确认"]
    sheet = ledger(*GOOD, BAD).rows(1, 20, [requests, request])
    sheet.tables = [("客户台账", "A1:Q5", 0), ("客户要求", "T1:Z2", 0)]
    report = check_sheets(tmp_path, sheet)
    assert {t.table for t in report.tables} == {"客户台账", "客户要求"}
    assert spots(report) == {*broken(5), ("ZL102", "U2")}


def test_two_excel_tables_stacked(tmp_path: Path) -> None:
    """Two ledgers one above the other on one sheet are both checked."""
    sheet = ledger(*GOOD).rows(7, 1, [CORE, BAD])
    sheet.tables = [("台账2023", "A1:Q4", 0), ("台账2024", "A7:Q8", 0)]
    report = check_sheets(tmp_path, sheet)
    assert {t.header_row for t in report.tables} == {1, 7}
    assert broken(8) <= spots(report)


def test_excel_table_far_down(tmp_path: Path) -> None:
    """An Excel table is found wherever it stands, also below the rows where a header is looked for."""
    sheet = Sheet("往来").put(1, 1, ["说明"]).rows(40, 2, [CORE, *GOOD, BAD])
    sheet.tables = [("客户台账", "B40:R44", 0)]
    report = check_sheets(tmp_path, sheet)
    assert seen(report) == [("客户台账", "往来", 40, 4)]
    assert spots(report) == {(code, a1(44, 2 + CORE.index(header))) for header, code in BROKEN_CODES.items()}


def test_columns_written_right_behind_the_excel_table(tmp_path: Path) -> None:
    """A known header next to the Excel table belongs to it; one that repeats a column of it does not."""
    sheet = Sheet("客户台账").rows(1, 1, [[*CORE, "体系", "手机"], [*GOOD[0], "XYZ", "不是号码"]])
    sheet.tables = [("客户台账", "A1:Q2", 0)]
    assert spots(check_sheets(tmp_path, sheet)) == {("ZL140", "R2")}


def test_excel_table_without_header_row(tmp_path: Path) -> None:
    """An Excel table whose header row is switched off is read by the header above it, if there is one."""
    sheet = ledger(*GOOD, BAD)
    sheet.tables = [("客户台账", "A2:Q5", 0)]
    sheet.headerless = True
    assert spots(check_sheets(tmp_path, sheet)) == broken(5)


def told_apart(*names: str) -> list[list[object]]:
    """Clients of these names at one telephone."""
    return lines(
        *(
            faulty(FIRST, 合同编号=f"ZL2023{i:04d}-Q", 证书编号=f"01623Q{i:05d}R0M", 企业名称=name)
            for i, name in enumerate(names, 1)
        )
    )


def test_an_agent_for_many_clients_is_no_look_alike(tmp_path: Path) -> None:
    """More than twenty names at one telephone number are an agent's clients; a few alike are looked at."""
    names = [f"石家庄恒{letter}机械有限公司" for letter in "泰通达远昌盛隆兴旺发顺和润丰源海天瑞祥鑫宝利"]
    assert not check_sheets(tmp_path, ledger(*told_apart(*names))).findings
    assert spots(check_sheets(tmp_path, ledger(*told_apart(*names[:2])))) == {("ZL184", "C3")}


def test_branches_and_numbered_works_are_no_look_alikes(tmp_path: Path) -> None:
    """A branch beside its company, and works told apart by a number, are clients of their own."""
    names = (
        "恒泰机械有限公司",
        "恒泰机械有限公司济南分公司",
        "邢台第一轧钢厂",
        "邢台第二轧钢厂",
        "衡水3号矿",
        "衡水12号矿",
    )
    assert not check_sheets(tmp_path, ledger(*told_apart(*names))).findings
