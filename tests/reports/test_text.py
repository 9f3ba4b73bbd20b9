"""The report in a terminal."""

from __future__ import annotations

import pytest

from zlxl.findings import Severity
from zlxl.reports import text


def lines(run, rules, write=text.write):
    return "".join(write(run, rules)).splitlines()


def test_address_comes_first_then_what_to_do(run_of, finding, rules):
    report = lines(run_of(finding()), rules)
    start = report.index("  客户台账!M12 错误 ZL131 ZL20230015-QEO 邮编“0500”不是 6 位数字。")
    assert report[start + 1 : start + 4] == [
        "    应为 6 位数字，如 050000",
        "    依据 ZL-CX-16 4.2.1",
        "    建议 按地址查询邮编后改正。",
    ]


def test_findings_stand_in_reading_order(run_of, finding, rules):
    cells = [("AA3", 3), ("B3", 3), ("C2", 2), (None, None)]
    report = lines(run_of(*(finding(cell=cell, row=row) for cell, row in cells)), rules)
    heads = [line.split()[0] for line in report if " ZL131 " in line]
    assert heads == ["客户台账", "客户台账!C2", "客户台账!B3", "客户台账!AA3"]


def test_a_clean_sheet_is_named(run_of, rules):
    assert "  客户台账（400 行）：未发现问题" in lines(run_of(), rules)


def test_known_and_waived_findings_are_counted_but_not_listed(run_of, finding, rules):
    report = lines(run_of(finding(state="known"), finding(state="waived")), rules)
    assert not any("ZL131" in line for line in report)
    assert "另有上次已有的 1 条、已豁免的 1 条没有列出，见 html、xlsx 或 json 报告。" in report


def test_a_cell_never_commands_the_terminal(run_of, finding, rules):
    report = "".join(text.write(run_of(finding(message="a\x1b[2Jb\nc\u202ed\x9be")), rules))
    assert "a␛[2Jb␊c\ufffdd\ufffde" in report


def test_many_related_cells_are_cut(run_of, finding, rules):
    related = tuple(f"A{row}" for row in range(2, 22))
    report = lines(run_of(finding(related=related)), rules)
    assert "    相关 A2、A3、A4、A5、A6、A7、A8、A9 等 20 处" in report


def test_colour_only_where_it_is_asked_for(run_of, finding, rules):
    assert "\x1b[1;31m错误\x1b[0m" in "".join(text.write_coloured(run_of(finding()), rules))


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ([Severity.ERROR, Severity.WARNING], "不通过：有 1 个错误须改正。"),
        ([Severity.WARNING], "通过，但有 1 条警告请核对。"),
        ([Severity.NOTE], "通过，有 1 条提示。"),
        ([], "通过：未发现问题。"),
    ],
)
def test_the_last_line_is_the_verdict(run_of, finding, rules, severities, verdict):
    run = run_of(*(finding(severity=severity) for severity in severities))
    assert lines(run, rules)[-1].endswith(verdict)


def test_a_finding_of_the_workbook_has_no_sheet(run_of, finding, rules):
    report = lines(run_of(finding(sheet="", cell=None, row=None, key="")), rules)
    assert any(line.startswith("  （工作簿） 错误 ZL131 邮编") for line in report)
