"""The report workbook: its sheets as values, then as a file that other programs read."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.libreoffice import SOFFICE, recalculate
from tests.reports.conftest import (
    CLIENTS,
    build_run,
    finding,
    hostile_run,
    make_finding,
    rules,
    run_of,
    small_run,
)
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.findings import FileReport, Fix, Severity
from zlxl.reports import words
from zlxl.sheet import Cell, Formula, Kind, Sheet
from zlxl.sheets import report_records, report_view, report_words
from zlxl.sheets.report import Remark, read_remarks, report_sheets, report_workbook

__all__ = ["finding", "hostile_run", "rules", "run_of", "small_run"]  # fixtures shared with the other formats

TABS = ["汇总", "问题清单", "按记录", "修复预览", "与上次对比", "规则说明", "运行信息"]
openpyxl_may_lose = pytest.mark.filterwarnings("ignore:.*extension is not supported")  # data bars
AUDIT = Path(sys.executable).with_name("openxml-audit")


def sheets_of(run, rules, remarks=None, **options) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in report_sheets(run, rules, remarks or {}, **options)}


def rows_of(sheet: Sheet) -> list[dict[str, object]]:
    headers = [column.header for column in sheet.tables[0].columns]
    return [dict(zip(headers, row, strict=True)) for block in sheet.blocks for row in block.rows]


def texts_of(sheet: Sheet) -> list[str]:
    return [str(cell.content) for cell in sheet.cells.values() if isinstance(cell.content, str)]


def numbers_of(sheet: Sheet) -> list[object]:
    formulas = [cell.content for cell in sheet.cells.values() if isinstance(cell.content, Formula)]
    return [formula.value for formula in formulas]


def test_the_tabs_stand_in_order(small_run, rules):
    assert list(sheets_of(small_run, rules)) == TABS


# ---- 问题清单


def test_one_line_a_finding_unsettled_and_worst_first(small_run, rules):
    lines = rows_of(sheets_of(small_run, rules)["问题清单"])
    assert [(line["级别"], line["状态"]) for line in lines] == [
        ("错误", "新增"),
        ("错误", "仍在"),
        ("警告", "新增"),
        ("提示", "新增"),
        ("错误", "豁免"),
    ]
    assert lines[0] == {
        "级别": "错误",
        "状态": "新增",
        "文件": "台账/客户.xlsx",
        "工作表": "客户台账",
        "单元格": Formula(text='=HYPERLINK("台账/客户.xlsx#\'客户台账\'!M12","M12")', value="M12"),
        "编号": "ZL20230015-QEO",
        "字段": "邮编",
        "现值": "0500",
        "应为": "6 位数字，如 050000",
        "说明": "邮编“0500”不是 6 位数字。",
        "规则": "ZL131",
        "依据条款": "ZL-CX-16 4.2.1",
        "建议": "按地址查询邮编后改正。",
        "可自动修复": "否",
        "处理结果": None,
        "处理人": None,
        "备注": None,
        "指纹": "00aa11bb22cc33dd",
    }


def test_the_file_is_told_only_where_there_are_several(run_of, finding, rules):
    assert "文件" not in rows_of(sheets_of(run_of(finding()), rules)["问题清单"])[0]


def test_the_outcome_is_chosen_from_a_list_and_the_fingerprint_is_hidden(run_of, finding, rules):
    sheet = sheets_of(run_of(finding()), rules)["问题清单"]
    (validation,) = sheet.validations
    headers = [column.header for column in sheet.tables[0].columns]
    assert (validation.kind, validation.source) == (Kind.LIST, '="已修改,确认无误,稍后处理,不处理"')
    assert headers[validation.area.left - 1] == "处理结果"
    assert sheet.columns[headers.index("指纹") + 1].hidden


@pytest.mark.parametrize(
    ("path", "sheet", "cell", "folder", "target"),
    [
        ("a.xlsx", "表", "B2", ".", "a.xlsx#'表'!B2"),
        ("in/a.xlsx", "表", "B2", "out", "../in/a.xlsx#'表'!B2"),
        ("/in/a.xlsx", "表", "B2", "/in/out", "../a.xlsx#'表'!B2"),
        ("a#1.xlsx", "它's", "B2", ".", "[a#1.xlsx]'它''s'!B2"),
        ('a".xlsx', "表", None, ".", "a\"\".xlsx#'表'!A12"),
        ("a.csv", "a", "B2", ".", "a.csv"),
        ("a.xlsx", "", None, ".", "a.xlsx"),
    ],
)
def test_a_link_leads_from_the_report_to_the_cell(rules, path, sheet, cell, folder, target):
    run = build_run(FileReport(path=path, findings=(make_finding(sheet=sheet, cell=cell),)))
    link = rows_of(sheets_of(run, rules, folder=folder)["问题清单"])[0]["单元格"]
    assert link.text.startswith(f'=HYPERLINK("{target}",')


def test_a_file_on_another_drive_keeps_its_path(rules, monkeypatch):
    def refuse(path, start):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(report_view.os.path, "relpath", refuse)
    run = build_run(FileReport(path="D:\\a.xlsx", findings=(make_finding(),)))
    link = rows_of(sheets_of(run, rules)["问题清单"])[0]["单元格"]
    assert link.text.startswith("=HYPERLINK(\"D:/a.xlsx#'客户台账'!M12\"")


def test_too_long_a_path_and_too_many_links_are_plain_text(run_of, rules, finding, monkeypatch):
    monkeypatch.setattr("zlxl.sheets.report_list.LINKED", 1)
    monkeypatch.setattr(report_view, "LINKED", 1)
    sheet = sheets_of(run_of(finding(), finding(cell="M13", row=13)), rules)["问题清单"]
    assert [type(row["单元格"]) for row in rows_of(sheet)] == [Formula, str]
    assert sheet.blocks[1].top == sheet.blocks[0].top + 1
    long = build_run(FileReport(path="深" * 255, findings=(make_finding(),)))
    assert rows_of(sheets_of(long, rules)["问题清单"])[0]["单元格"] == "M12"


def test_a_list_too_long_says_how_many_were_left_out(run_of, finding, rules, monkeypatch):
    monkeypatch.setattr(report_view, "LISTED", 2)
    monkeypatch.setattr(report_records, "LISTED", 2)
    known = tuple(finding(row=row, cell=f"M{row}", key=str(row), state="known") for row in range(2, 5))
    sheets = sheets_of(run_of(*known), rules)
    assert len(rows_of(sheets["问题清单"])) == 2
    assert any("只列出较严重的 2 条，另有 1 条见 csv" in text for text in texts_of(sheets["问题清单"]))
    assert any("只列出前 2 条" in text for text in texts_of(sheets["按记录"]))
    assert any("只列出前 2 条" in text for text in texts_of(sheets["与上次对比"]))
    counts = [c.content for c in sheets["汇总"].cells.values() if c.content == 3]
    assert counts  # a plain number: the list it would count does not hold all


# ---- the other sheets


def test_a_record_has_one_line_with_all_that_is_wrong(run_of, finding, rules):
    run = run_of(
        finding(),
        finding(cell="C12", column="企业名称", severity=Severity.WARNING, message="有空格。"),
        finding(cell="C13", row=13, key="ZL2", state="waived"),
        *(finding(cell=f"A{row}", row=5, key="ZL5", message=str(row)) for row in range(2, 16)),
    )
    first, second = rows_of(sheets_of(run, rules)["按记录"])
    assert (first["编号"], first["错误"], first["问题"].splitlines()[-1]) == ("ZL5", 14, "另有 2 条")
    assert (second["错误"], second["警告"], second["提示"]) == (1, 1, None)
    assert second["涉及字段"] == "邮编、企业名称"
    assert second["问题"] == "M12 错误 邮编“0500”不是 6 位数字。\nC12 警告 有空格。"


def test_safe_repairs_are_ticked_others_are_not(run_of, finding, rules):
    run = run_of(
        finding(fix=Fix(new="050000", confidence="safe")),
        finding(row=13, cell="M13", value="/", fix=Fix(new="", confidence="review")),
        finding(row=14, cell="M14", fix=Fix(new="1", confidence="safe"), state="waived"),
        finding(row=15, cell="M15"),
    )
    sheet = sheets_of(run, rules)["修复预览"]
    rows = rows_of(sheet)
    assert [(row["采用"], row["把握"], row["现值"], row["改为"]) for row in rows] == [
        ("是", "可自动修复", "0500", "050000"),
        ("否", "须人工确认", "/", "（空）"),
    ]
    assert any("共 2 处可以修复，其中 1 处可自动修复" in text for text in texts_of(sheet))


def test_a_first_report_has_nothing_to_compare(run_of, finding, rules):
    sheet = sheets_of(run_of(finding()), rules)["与上次对比"]
    assert rows_of(sheet) == []
    assert any("这是第一次报告" in text for text in texts_of(sheet))


def test_the_comparison_tells_new_gone_and_known(run_of, finding, rules):
    earlier = {
        "aa": Remark("稍后处理", "李四", "等客户答复"),
        "bb": Remark("已修改", "张三", "", ("错误", "客户台账", "C9", "ZL9", "企业名称", "有空格。")),
    }
    run = run_of(finding(fingerprint="aa"), finding(fingerprint="cc", severity=Severity.NOTE))
    rows = rows_of(sheets_of(run, rules, earlier)["与上次对比"])
    assert [(row["对比"], row["级别"], row["说明"], row["处理结果"]) for row in rows] == [
        ("新增", "提示", "邮编“0500”不是 6 位数字。", None),
        ("已消除", "错误", "有空格。", "已修改"),
        ("仍在", "错误", "邮编“0500”不是 6 位数字。", "稍后处理"),
    ]


def test_what_a_baseline_knows_to_be_gone_is_told_by_its_fingerprint(small_run, rules):
    gone = [row for row in rows_of(sheets_of(small_run, rules)["与上次对比"]) if row["对比"] == "已消除"]
    assert [row["说明"] for row in gone] == ["上次的问题（指纹 5555555555555555）已不再出现"]


def test_rules_are_explained_also_those_without_words(small_run, rules):
    rows = {row["规则"]: row for row in rows_of(sheets_of(small_run, rules)["规则说明"])}
    assert (rows["ZL131"]["错误示例"], rows["ZL131"]["正确示例"], rows["ZL131"]["本次条数"]) == (
        "0500",
        "050000",
        3,
    )
    assert rows["ZL301"]["名称"] is None


def test_blanks_of_a_suggestion_are_spoken(run_of, rules):
    from dataclasses import replace

    asked = {"ZL131": replace(rules["ZL131"], suggestion="改为{meant}或{unheard}。")}
    (row,) = rows_of(sheets_of(run_of(rules=("ZL131",)), asked)["规则说明"])
    assert row["建议"] == "改为规范的写法或…。"


def test_the_run_tells_of_each_file_the_unreadable_first(small_run, rules):
    sheet = sheets_of(small_run, rules)["运行信息"]
    broken, checked = rows_of(sheet)
    assert (broken["结果"], broken["原因与说明"], broken["行"]) == (
        "无法检查",
        "文件已加密，请先取消密码",
        None,
    )
    assert (checked["结果"], checked["表"], checked["行"], checked["SHA-256"]) == (
        "已检查",
        2,
        431,
        "ab" * 32,
    )
    assert "评价准则没有填写" in checked["原因与说明"]
    assert any("zlxl 0.1.0" in text for text in texts_of(sheet))


# ---- 汇总


def test_the_summary_counts_by_live_formulas(small_run, rules):
    sheet = sheets_of(small_run, rules)["汇总"]
    formulas = {
        c.content.text: c.content.value for c in sheet.cells.values() if isinstance(c.content, Formula)
    }
    assert formulas['=COUNTIFS(问题清单[级别],"错误",问题清单[状态],"新增")'] == 1
    assert formulas['=COUNTIFS(问题清单[级别],"错误",问题清单[状态],"豁免")'] == 1
    assert formulas['=COUNTIFS(修复预览[把握],"可自动修复")'] == 1
    assert formulas['=COUNTIF(问题清单[处理结果],"已修改")'] == 0


def test_the_summary_follows_what_people_wrote(run_of, finding, rules):
    sheet = sheets_of(
        run_of(finding(), finding(fingerprint="x")), rules, {"x": Remark("已修改", "张三", "")}
    )["汇总"]
    formulas = {
        c.content.text: c.content.value for c in sheet.cells.values() if isinstance(c.content, Formula)
    }
    assert formulas['=COUNTIF(问题清单[处理结果],"已修改")'] == 1
    assert next(v for t, v in formulas.items() if t.startswith('=COUNTIF(问题清单[级别],"?*")-SUM(')) == 1


@pytest.mark.parametrize(
    ("severity", "style"), [(Severity.ERROR, "bad"), (Severity.WARNING, "warn"), (Severity.NOTE, "good")]
)
def test_the_verdict_has_its_colour(run_of, finding, rules, severity, style):
    (mark,) = sheets_of(run_of(finding(severity=severity)), rules)["汇总"].marks
    assert mark.style == style


def test_a_clean_run_has_no_rankings(run_of, rules):
    texts = texts_of(sheets_of(run_of(), rules)["汇总"])
    assert "通过：未发现问题" in texts
    assert not any(text.startswith("按规则") for text in texts)


def test_the_date_line_is_filled_when_the_day_is_one(run_of, rules):
    assert (
        Cell(content=date(2026, 11, 2), style="form date")
        in sheets_of(run_of(), rules)["汇总"].cells.values()
    )
    assert "某日" in texts_of(sheets_of(run_of(today="某日"), rules)["汇总"])


def test_the_moment_of_the_run_is_that_of_the_document(run_of, rules):
    assert report_workbook(run_of(), rules, {}).properties.created == datetime(2026, 11, 2, 9)
    assert report_workbook(run_of(started=""), rules, {}).properties.created == datetime(2026, 1, 1)


@pytest.mark.parametrize("severity", [*Severity, None])
@pytest.mark.parametrize("reason", [None, "已加密"])
def test_workbook_and_text_reports_speak_with_one_voice(severity, reason):
    findings = (make_finding(severity=severity),) if severity else ()
    run = build_run(FileReport(path="a", findings=findings), FileReport(path="b", reason=reason))
    assert report_words.verdict(run) == words.verdict(run)
    assert report_words.STATES == words.STATES
    assert report_words.PROCEDURE == words.PROCEDURE


# ---- as a file


@pytest.fixture
def written(tmp_path, rules):
    """Writes the report of a run and says where."""

    def write(run, remarks=None) -> Path:
        path = tmp_path / "报告.xlsx"
        write_workbook(report_workbook(run, rules, remarks or {}), path, overwrite=True)
        return path

    return write


@pytest.mark.parametrize("run", ["small_run", "hostile_run"])
def test_excel_would_open_it_without_repair(written, run, request):
    path = written(request.getfixturevalue(run))
    done = subprocess.run([AUDIT, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@openpyxl_may_lose
def test_text_is_never_a_formula(written, hostile_run):
    book = openpyxl.load_workbook(written(hostile_run))
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas
    assert all(formula.startswith(("=HYPERLINK(", "=COUNTIF", "=SUM(")) for formula in formulas)


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@openpyxl_may_lose
def test_another_program_computes_the_same(written, small_run, tmp_path):
    path = written(small_run, {"00aa11bb22cc33dd": Remark("已修改", "张三", "")})
    (again,) = recalculate([path], tmp_path / "again")
    ours = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    theirs = openpyxl.load_workbook(again, data_only=True)
    compared = [
        (
            sheet.title,
            cell.coordinate,
            ours[sheet.title][cell.coordinate].value,
            theirs[sheet.title][cell.coordinate].value,
        )
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(compared) > 15
    assert [place for place in compared if place[2] != place[3]] == []


@openpyxl_may_lose
def test_remarks_come_back_and_are_carried_on(written, small_run, rules):
    path = written(small_run)
    book = openpyxl.load_workbook(path)
    sheet = book["问题清单"]
    at = {cell.value: cell.column for cell in sheet[2]}
    for column, value in (("处理结果", "确认无误"), ("处理人", "张三"), ("备注", 42)):
        sheet.cell(3, at[column], value)
    book.save(path)
    remarks = read_remarks(open_source(path))
    assert remarks["00aa11bb22cc33dd"][:3] == ("确认无误", "张三", "42")
    assert remarks["1111111111111111"].empty
    line = rows_of(sheets_of(small_run, rules, remarks)["问题清单"])[0]
    assert (line["状态"], line["处理结果"], line["处理人"], line["备注"]) == (
        "仍在",
        "确认无误",
        "张三",
        "42",
    )


def test_tables_seen_are_told(run_of, rules):
    (row,) = rows_of(sheets_of(run_of(), rules)["运行信息"])
    assert row["原因与说明"] == f"{CLIENTS.sheet} 400 行"
