"""Headers as people write them: anywhere, in other words, in another order, twice, not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messy.book import Sheet
from tests.messy.ledgers import BROKEN, BROKEN_CODES, CORE, FIRST, ROWS, check_sheets, lines, seen, spots
from zlxl.errors import Unreadable
from zlxl.grid import a1
from zlxl.schema.headers import HEADER_ROWS

WRITTEN_OTHERWISE = (
    "合同号*",
    "认证证书号",
    "单位名称（全称）",
    "受理日期",
    "审核\n日期",
    "初审费用（元）",
    "监审费(元)",
    "计划监审日期",
    "实 施 时 间",
    "证书状态",
    "省份",
    "地　址",
    "邮政编码",
    "联系人：",
    "手机",
    "专业类别",
    "★认证范围",
)
TITLES = (["中澜认证客户台账"], ["填报单位：市场部", None, None, "填报日期：2024-06-30"], [None])


def ledger(row: int = 1, column: int = 1, headers: tuple[str, ...] = CORE, name: str = "客户台账") -> Sheet:
    """A right ledger and one broken row, its header in that cell."""
    return Sheet(name).rows(row, column, [headers, *lines(*ROWS, BROKEN)])


def broken(row: int, column: int = 1) -> set[tuple[str, str]]:
    """What must be accused of the broken row in that row."""
    return {(code, a1(row, column + CORE.index(header))) for header, code in BROKEN_CODES.items()}


@pytest.mark.parametrize("row", [1, 2, 7, HEADER_ROWS])
@pytest.mark.parametrize("column", [1, 3])
def test_header_row_anywhere_in_the_first_rows(tmp_path: Path, row: int, column: int) -> None:
    """The header is found in rows 1 to 20 and at any column, and addresses are the sheet's."""
    report = check_sheets(tmp_path, ledger(row, column))
    assert seen(report) == [("客户台账", "客户台账", row, 4)]
    assert spots(report) == broken(row + 4, column)


def test_header_below_the_first_rows_is_not_looked_for(tmp_path: Path) -> None:
    """Row 21 is too far down; the message says where a header is looked for."""
    with pytest.raises(Unreadable, match="前 20 行"):
        check_sheets(tmp_path, ledger(HEADER_ROWS + 1))


def test_titles_above_the_header(tmp_path: Path) -> None:
    """Title rows, merged across, are neither header nor data."""
    sheet = ledger(4).rows(1, 1, TITLES)
    sheet.merges = ["A1:Q1", "A2:C2"]
    assert spots(check_sheets(tmp_path, sheet)) == broken(8)


def test_headers_written_otherwise(tmp_path: Path) -> None:
    """Synonyms, units, stars, colons, blanks and line breaks in headers."""
    report = check_sheets(tmp_path, ledger(headers=WRITTEN_OTHERWISE))
    assert spots(report) == broken(5)
    assert {f.column for f in report.findings} == {"邮政编码", "证书状态", "审核\n日期"}


def test_full_width_headers(tmp_path: Path) -> None:
    """Full-width brackets and spaces around a header do not hide it."""
    headers = tuple(f"　{header}（１）" if header == "邮编" else f" {header} " for header in CORE)
    assert spots(check_sheets(tmp_path, ledger(headers=headers))) == broken(5)


def test_another_order_and_extra_columns(tmp_path: Path) -> None:
    """Columns in any order, the user's own between them."""
    headers = [*reversed(CORE)]
    headers[3:3] = ["业务员评语", "颜色"]
    sheet = Sheet("客户台账").rows(1, 1, [headers, *lines(*ROWS, BROKEN, headers=headers)])
    for row in range(2, 6):
        sheet.put(row, 4, ["=随便写", -1])
    accused = {(code, a1(5, headers.index(h) + 1)) for h, code in BROKEN_CODES.items()}
    assert spots(check_sheets(tmp_path, sheet)) == accused


def test_two_header_rows_with_merges(tmp_path: Path) -> None:
    """Groups above (费用, 时间), columns below; ungrouped headers are merged over both rows."""
    groups = {"初审费用": "费用", "受理申请时间": "时间"}
    grouped = {"受理申请时间", "审核时间", "初审费用", "监审费用"}
    top = [groups.get(h) if h in grouped else h for h in CORE]
    below = [h if h in grouped else None for h in CORE]
    sheet = Sheet("客户台账").rows(1, 1, [top, below, *lines(*ROWS, BROKEN)])
    sheet.merges = [f"{a1(1, i)}:{a1(2, i)}" for i, h in enumerate(CORE, 1) if h not in grouped]
    sheet.merges += ["D1:E1", "F1:G1"]
    report = check_sheets(tmp_path, sheet)
    assert seen(report) == [("客户台账", "客户台账", 2, 4)]
    assert spots(report) == broken(6)


def test_header_merged_down_over_a_blank_row(tmp_path: Path) -> None:
    """Every header merged over two rows: the second row is no data."""
    sheet = Sheet("客户台账").put(1, 1, CORE).rows(3, 1, lines(*ROWS, BROKEN))
    sheet.merges = [f"{a1(1, i)}:{a1(2, i)}" for i in range(1, 18)]
    report = check_sheets(tmp_path, sheet)
    assert spots(report) == broken(6)
    assert seen(report)[0][3] == 4


def test_duplicate_header_is_a_finding(tmp_path: Path) -> None:
    """The second 联系电话 is named with its own address, the first is read."""
    sheet = Sheet("客户台账").rows(1, 1, [[*CORE, "手机"], [*lines(FIRST)[0], "不是号码"]])
    assert spots(check_sheets(tmp_path, sheet)) == {("ZL002", "R1")}


def test_missing_headers_are_findings(tmp_path: Path) -> None:
    """A missing required header is an error, another of the seventeen a warning; the rest is checked."""
    headers = tuple(h for h in CORE if h not in ("联系人", "认证范围"))
    sheet = Sheet("客户台账").rows(1, 1, [headers, *lines(FIRST, BROKEN, headers=headers)])
    report = check_sheets(tmp_path, sheet)
    assert spots(report) == {
        ("ZL001", "1"),
        ("ZL007", "1"),
        *((code, a1(3, headers.index(h) + 1)) for h, code in BROKEN_CODES.items()),
    }


def test_sheet_with_another_name(tmp_path: Path) -> None:
    """The headers tell the table, whatever the sheet is called."""
    report = check_sheets(tmp_path, Sheet("说明文字").put(1, 1, ["一些话"]), ledger(name="2024年客户"))
    assert seen(report) == [("客户台账", "2024年客户", 1, 4)]
    assert spots(report) == broken(5)


def test_several_sheets_of_one_table(tmp_path: Path) -> None:
    """One sheet a year: both are read, and a certificate that stands on both is a duplicate."""
    first = Sheet("2023").rows(1, 1, [CORE, *lines(*ROWS)])
    second = Sheet("2024").rows(1, 1, [CORE, *lines(BROKEN)])
    report = check_sheets(tmp_path, first, second)
    assert [t.sheet for t in report.tables] == ["2023", "2024"]
    assert broken(2) <= spots(report, sheet="2024")


def test_only_the_seventeen_columns(tmp_path: Path) -> None:
    """The seventeen columns of 4.2.1 alone are a whole ledger."""
    assert not check_sheets(tmp_path, Sheet("Sheet1").rows(1, 1, [CORE, *lines(*ROWS)])).findings


def test_a_ledger_without_rows(tmp_path: Path) -> None:
    """A header alone is a table of no rows, and right."""
    report = check_sheets(tmp_path, Sheet("客户台账").put(1, 1, CORE))
    assert seen(report) == [("客户台账", "客户台账", 1, 0)]
    assert not report.findings


@pytest.mark.parametrize("cells", [[], [["随便", "写写"]], [["姓名", "电话"], ["王丽", "13800000000"]]])
def test_no_known_table(tmp_path: Path, cells: list[list[object]]) -> None:
    """A workbook without a known table is unreadable, and the message names its sheets."""
    with pytest.raises(Unreadable, match="Sheet1"):
        check_sheets(tmp_path, Sheet("Sheet1").rows(1, 1, cells))
