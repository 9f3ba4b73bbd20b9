"""The export of a survey service (问卷星) lands on the questionnaires that were sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.figures.surveyed import TODAY, client, survey
from tests.hosts.conftest import Run
from tests.hosts.test_satisfaction import rows_of
from zlxl.excel.write import write_workbook
from zlxl.sheet import Workbook
from zlxl.sheets.data import data_sheet
from zlxl.tables.catalog import table_named

DAY = ("--today", TODAY.isoformat())
HEADS = (
    *("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、贵单位名称"),
    *("2、您对受理咨询与信息提供是否满意", "3、合同评审与报价透明", "4、审核计划与时间安排"),
    *("5、审核员专业能力", "6、沟通与态度", "7、公正客观", "8、您认为审核员在廉洁自律方面做得如何？"),
    *("9、审核发现与报告质量", "10、证书发放与变更时效", "11、获证后服务/增值(培训)", "12、意见投诉处理"),
    *("13、总体满意度", "14、您向同行推荐中澜认证的可能性（0-10分）", "15、最满意之处", "16、不满意之处"),
    *("17、意见和建议", "18、希望得到的培训【多选题】", "总分", "sojumpparm"),
)
FIRST = (
    *(1, "2026/9/8 10:23:45", "135秒", "微信", "N/A", "39.144.1.2(河北-石家庄)", "恒泰一号"),
    *("很满意", "满意", "满意", "非常满意", "满意", "满意", "很满意", "满意", "一般", "满意", "不适用"),
    *("满意", 9, "审核员经验丰富", "证书寄出较慢", "(空)", "内审员培训┋体系知识培训", "88", "ZL20260001-Q"),
)
SECOND = (
    *(2, "2026/9/9 8:03:05", "75秒", "链接", "http://example.com", "10.0.0.1(河北-石家庄)", "恒泰二号"),
    *("满意", "满意", "(跳过)", "(跳过)", "(跳过)", "(跳过)", "(跳过)", "满意", "一般", "满意", "(跳过)"),
    *("满意", 8, "(空)", "(空)", "(空)", "(跳过)", "80", "ZL20260002-Q"),
)


def export(path: Path, *lines: tuple[object, ...]) -> Path:
    """A workbook as the service writes it."""
    book = openpyxl.Workbook()
    for line in (HEADS, *lines):
        book.active.append(line)
    book.save(path)
    return path


@pytest.fixture
def database(here: Path) -> Path:
    """Two questionnaires that are still out, and one of the first client that came back before."""
    rows = {
        "客户台账": [client(1), client(2)],
        "满意度调查": [
            survey(9, contract_no="ZL20260001-Q", client="石家庄恒泰1号机械有限公司", quarter="2026Q2"),
            survey(1, None, sent_on=date(2026, 9, 1)),
            survey(2, None, sent_on=date(2026, 9, 1)),
        ],
        "变更记录": [],
    }
    path = here / "库.xlsx"
    tables = [data_sheet(table_named(name), table) for name, table in rows.items()]
    write_workbook(Workbook(sheets=tuple(tables)), path)
    return path


def test_answers_go_to_the_questionnaires_that_are_out(zlxl: Run, database: Path, here: Path) -> None:
    told = zlxl("import", database, export(here / "答卷.xlsx", FIRST, SECOND), *DAY, "--write")
    assert told.code == 0, told.out
    _, first, second = rows_of(database, "满意度调查")
    assert (first["问卷编号"], first["企业名称"]) == ("MY2026-0001", "石家庄恒泰1号机械有限公司")
    assert first["回收日期"].date() == date(2026, 9, 8)
    assert (first["受理咨询与信息提供"], first["审核员专业能力"], first["廉洁自律"]) == (
        "很满意",
        "很满意",
        "很满意",
    )
    assert (first["获证后服务"], first["意见投诉处理"], first["推荐意愿"]) == ("满意", "不适用", 9)
    assert (first["不满意之处"], first["意见和建议"]) == ("证书寄出较慢", None)
    assert (first["问卷有效性"], first["回收方式"]) == ("有效", "网络")
    assert (second["问卷有效性"], second["无效原因"]) == ("无效", "应答题目少于 60%")
    assert second["审核计划与时间安排"] is None
    assert "希望得到的培训" in told.out


def test_the_same_export_again_changes_nothing(zlxl: Run, database: Path, here: Path) -> None:
    answers = export(here / "答卷.xlsx", FIRST, SECOND)
    zlxl("import", database, answers, *DAY, "--write")
    before = rows_of(database, "满意度调查")
    again = zlxl("import", database, answers, *DAY, "--write")
    assert "更新 0 行，未变 2 行" in again.out
    assert rows_of(database, "满意度调查") == before


def test_an_answer_that_nobody_asked_for_is_not_imported(zlxl: Run, database: Path, here: Path) -> None:
    stranger = (*FIRST[:-1], "ZL20260777-Q")
    told = zlxl("import", database, export(here / "答卷.xlsx", stranger), *DAY)
    assert told.code == 1
    assert "下发日期" in told.out


def test_imported_answers_count(zlxl: Run, database: Path, here: Path) -> None:
    zlxl("import", database, export(here / "答卷.xlsx", FIRST, SECOND), *DAY, "--write")
    told = zlxl("satisfaction", database, "--period", "2026Q3", *DAY, "--format", "json").report
    assert (told["response"]["returned"], told["response"]["valid"]) == (2, 1)
    assert told["nps"]["n"] == 1


def test_of_two_answers_of_one_client_the_last_one_counts(zlxl: Run, database: Path, here: Path) -> None:
    """Also where they came on one day, and when the same export comes again."""
    again = (3, "2026/9/8 17:00:00", *FIRST[2:7], *["一般"] * 11, *FIRST[18:])
    answers = export(here / "答卷.xlsx", FIRST, again)
    told = zlxl("import", database, answers, *DAY, "--write")
    assert "同一份问卷另有更晚的答卷" in told.out
    assert rows_of(database, "满意度调查")[1]["公正客观"] == "一般"
    zlxl("import", database, answers, *DAY, "--write")
    early = (1, "2026/9/7 17:00:00", *FIRST[2:])
    late = zlxl("import", database, export(here / "早.xlsx", early), *DAY)
    assert "库中 MY2026-0001（2026-09-08 收回）" in late.out
    assert rows_of(database, "满意度调查")[1]["公正客观"] == "一般"


def test_who_tells_no_contract_is_known_by_name(zlxl: Run, database: Path, here: Path) -> None:
    named = (*FIRST[:6], " 石家庄恒泰１号机械有限公司", *FIRST[7:-1], None)
    told = zlxl("import", database, export(here / "答卷.xlsx", named), *DAY, "--write")
    assert told.code == 0, told.out
    assert rows_of(database, "满意度调查")[1]["不满意之处"] == "证书寄出较慢"


def test_a_name_with_two_questionnaires_out_is_not_guessed(zlxl: Run, here: Path) -> None:
    rows = [survey(n, None, client="甲公司", sent_on=date(2026, 9, 1)) for n in (1, 2)]
    path = here / "两份.xlsx"
    tables = [("客户台账", [client(1, client="甲公司"), client(2, client="甲公司")]), ("满意度调查", rows)]
    write_workbook(Workbook(sheets=tuple(data_sheet(table_named(n), r) for n, r in tables)), path)
    named = (*FIRST[:6], "甲公司", *FIRST[7:-1], None)
    told = zlxl("import", path, export(here / "答卷.xlsx", named), *DAY)
    assert told.code == 1
    assert "合同编号" in told.out


def test_questions_are_known_by_their_words(zlxl: Run, database: Path, here: Path) -> None:
    book = openpyxl.Workbook()
    heads = [
        *HEADS[:7],
        *("2、您对受理咨询是否满意？", "3、合同评审和报价透明度如何（单选）", "4、您对审核安排的评价"),
        *("5.审核员水平", "6.审核员的服务态度好吗", "7.审核是否公正客观", "8.廉洁自律", "9.审核报告质量"),
        *("10.发证时效", "11.获证后服务", "12.投诉处理", "13、您有多大可能把我们推荐给同行？"),
        *("14、您最不满意的地方", "15、其他意见和建议", "16、最满意的地方", "sojumpparm"),
    ]
    line = [*FIRST[:7], *["满意"] * 9, "一般", "满意", 9, "发票慢", "多培训", "专业", "ZL20260001-Q"]
    book.active.append(heads)
    book.active.append(line)
    book.save(here / "答卷.xlsx")
    told = zlxl("import", database, here / "答卷.xlsx", *DAY, "--write")
    assert told.code == 0, told.out
    row = rows_of(database, "满意度调查")[1]
    assert (row["获证后服务"], row["推荐意愿"], row["不满意之处"], row["意见和建议"], row["最满意之处"]) == (
        *("一般", 9, "发票慢", "多培训", "专业"),
    )
