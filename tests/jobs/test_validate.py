"""The validate job: policy in force, order, states, and no accusation of the innocent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.messy.book import Error, Formula, Sheet, save
from tests.messy.ledgers import (
    BROKEN,
    CORE,
    FIRST,
    SECOND,
    THIRD,
    TODAY,
    check,
    check_sheets,
    faulty,
    lines,
    spots,
)
from zlxl.errors import Unreadable
from zlxl.excel.source import open_source
from zlxl.findings import FileReport
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import validate

LISTS = ("列表", "值", "代码", "别名", "属性", "启用")
TIMING = ("规则", "项目", "数值", "单位", "起始日期", "终止日期")


def ledger(*rows: Mapping[str, object], headers: Sequence[str] = CORE) -> Sheet:
    """A ledger of rows."""
    return Sheet("客户台账").rows(1, 1, [headers, *lines(*rows, headers=headers)])


def with_policy(
    folder: Path, name: str, headers: Sequence[str], *rows: Sequence[object], **faults: object
) -> FileReport:
    """A ledger of one row with some cells replaced, beside a policy sheet."""
    return check_sheets(folder, ledger(faulty(FIRST, **faults)), Sheet(name).rows(1, 1, [headers, *rows]))


class TestPolicy:
    """Changing a cell of a policy sheet changes what is accused."""

    def test_another_value_of_a_list(self, tmp_path: Path) -> None:
        assert ("ZL140", "J2") in spots(check_sheets(tmp_path, ledger(faulty(FIRST, 状态="监控"))))
        rows = [
            ["状态", "监控", None, "观察", "证书编号=必填", "是"],
            ["状态", "停用", None, None, None, "否"],
        ]
        assert spots(with_policy(tmp_path, "码表", LISTS, *rows, 状态="监控")) == set()
        assert spots(with_policy(tmp_path, "码表", LISTS, *rows, 状态="观察")) == {("ZL141", "J2")}
        assert ("ZL140", "J2") in spots(with_policy(tmp_path, "码表", LISTS, *rows, 状态="停用"))
        found = spots(with_policy(tmp_path, "码表", LISTS, *rows, 状态="监控", 证书编号=None))
        assert found == {("ZL180", "B2")}

    def test_another_body_and_contract_pattern(self, tmp_path: Path) -> None:
        rows = [
            ["参数", "机构批准号", "293", None, None, "是"],
            ["参数", "合同编号格式", r"HT\d{4}", None, None, "是"],
            ["参数", "合同编号示例", "HT0001", None, None, "是"],
        ]
        report = with_policy(tmp_path, "码表", LISTS, *rows)
        assert spots(report) == {("ZL110", "A2"), ("ZL112", "B2")}
        assert "HT0001" in report.findings[0].expected
        assert not with_policy(
            tmp_path, "码表", LISTS, *rows, 合同编号="HT0001", 证书编号="29323Q00015R0M"
        ).findings

    def test_timing_from_a_date_on(self, tmp_path: Path) -> None:
        plan = {"计划监审时间": date(2024, 6, 1)}
        assert spots(check_sheets(tmp_path, ledger(faulty(FIRST, **plan)))) == {("ZL161", "H2")}
        rows = [
            ["本公司", "监审最长间隔月数", 15, "月", date(2024, 6, 1), date(2024, 12, 31)],
            ["本公司", "监审最长间隔月数", 6, "月", date(2025, 1, 1), None],
        ]
        assert not with_policy(tmp_path, "时限规则", TIMING, *rows, **plan).findings

    def test_what_is_not_obeyed_is_said(self, tmp_path: Path) -> None:
        rows = [["参数", "合同编号格式", "ZL(", None, None, "是"], ["状态", "有效", None, None, "必填", "是"]]
        report = with_policy(tmp_path, "码表", LISTS, *rows)
        assert len(report.remarks) == 2
        assert "码表第 2 行" in report.remarks[1] or "码表第 2 行" in report.remarks[0]

    def test_policy_sheets_are_validated_too(self, tmp_path: Path) -> None:
        report = with_policy(
            tmp_path, "时限规则", TIMING, ["本公司", "监审最长间隔月数", "十二", "月", None, None]
        )
        assert ("ZL102", "C2") in spots(report, sheet="时限规则")
        assert not spots(report, sheet="客户台账")


class TestNoCascade:
    """A broken cell never makes an innocent cell look guilty."""

    @pytest.mark.parametrize("broken", [Error("#N/A"), Formula("A9"), True])
    @pytest.mark.parametrize("header", CORE)
    def test_unknown_cell(self, tmp_path: Path, header: str, broken: object) -> None:
        """Whatever cell of a row is unreadable, only that cell is accused, and no other row."""
        rows = (faulty(FIRST, **{header: broken}), SECOND, THIRD)
        found = spots(check_sheets(tmp_path, ledger(*rows)))
        assert {cell for _, cell in found} == {f"{'ABCDEFGHIJKLMNOPQ'[CORE.index(header)]}2"}

    @pytest.mark.parametrize("header", [h for h in CORE if h != "认证范围"])
    def test_missing_column(self, tmp_path: Path, header: str) -> None:
        """A missing column is said once; no row is accused for it."""
        headers = [h for h in CORE if h != header]
        report = check_sheets(tmp_path, ledger(FIRST, SECOND, THIRD, headers=headers))
        assert {finding.row for finding in report.findings} == {1}

    def test_an_unread_contract_accuses_no_request(self, tmp_path: Path) -> None:
        """Requests whose contract could not be read are not compared."""
        headers = ("编号", "接收日期", "合同编号", "企业名称", "要求内容", "收集方式", "要求原文", "要求状态")
        request = [
            "YQ1",
            date(2024, 5, 6),
            Formula("A2"),
            FIRST["企业名称"],
            "意见和建议",
            "电话走访电子文档",
            "请快些",
            "待确认",
        ]
        report = check_sheets(tmp_path, ledger(FIRST), Sheet("客户要求").rows(1, 1, [headers, request]))
        assert spots(report) == {("ZL004", "C2")}


class TestFindings:
    """What a finding holds."""

    def test_everything(self, tmp_path: Path) -> None:
        (found,) = check_sheets(tmp_path, ledger(faulty(FIRST, 邮编="50000"))).findings
        assert (found.rule, found.sheet, found.cell, found.row, found.column) == (
            "ZL132",
            "客户台账",
            "M2",
            2,
            "邮编",
        )
        assert (found.key, found.value, found.state) == ("ZL20230015-QE", "50000", "new")
        assert found.fix is not None
        assert (found.fix.new, found.fix.confidence, found.fix.stored) == ("050000", "safe", "text")
        assert len(found.fingerprint) == 16

    def test_order_is_that_of_the_sheets(self, tmp_path: Path) -> None:
        """By sheet, row and column, not by rule."""
        first = ledger(BROKEN, faulty(THIRD, 联系人=None, 合同编号="x"))
        second = Sheet("2024").rows(1, 1, [CORE, *lines(faulty(FIRST, 邮编="1", 联系电话="2"))])
        report = check_sheets(tmp_path, first, second)
        places = [(f.sheet, f.row, f.cell) for f in report.findings]
        assert [p for p in places if p[0] == "客户台账"] == places[: len(places) - 2]
        assert [cell for _, _, cell in places][:5] == ["E2", "J2", "M2", "A3", "N3"]

    def test_long_values_are_cut_in_words_only(self, tmp_path: Path) -> None:
        """The message stays readable; the value is whole."""
        text = "长" * 5000 + " "
        (found,) = check_sheets(tmp_path, ledger(faulty(FIRST, 企业名称=text))).findings
        assert found.value == text
        assert len(found.message) < 200

    def test_related_cells(self, tmp_path: Path) -> None:
        """A duplicate names the other cells, at most ten."""
        rows = [faulty(FIRST) for _ in range(15)]
        report = check_sheets(tmp_path, ledger(*rows))
        found = [f for f in report.findings if f.rule == "ZL182"]
        assert len(found) == 15
        assert all(len(f.related) == 10 and f.cell not in f.related for f in found)

    def test_words_with_braces(self, tmp_path: Path) -> None:
        """A cell that looks like a blank of the words is shown as it is."""
        (found,) = check_sheets(tmp_path, ledger(faulty(FIRST, 邮编="{value}{0}"))).findings
        assert "{value}{0}" in found.message

    def test_times_do_not_disturb_dates(self, tmp_path: Path) -> None:
        """A date with a time of day is that day."""
        row = faulty(FIRST, 受理申请时间=datetime(2023, 4, 10, 23, 59), 审核时间=datetime(2023, 4, 10, 8, 0))
        assert not check_sheets(tmp_path, ledger(row)).findings


def test_only_selected_rules_are_judged(tmp_path: Path) -> None:
    """``select`` and ``ignore`` of the library."""
    path = save(tmp_path / "a.xlsx", ledger(BROKEN))
    assert {f.rule for f in check(path, select=["ZL13"]).findings} == {"ZL131"}
    assert {f.rule for f in check(path, ignore=["ZL13"]).findings} == {"ZL102", "ZL140"}


def test_a_file_without_tables_is_unreadable(tmp_path: Path) -> None:
    """The job raises; hosts turn it into words."""
    path = save(tmp_path / "a.xlsx", Sheet("x"))
    with pytest.raises(Unreadable, match="zlxl new"):
        validate(open_source(path), Settings(today=TODAY))


def test_hidden_sheets_are_said(tmp_path: Path) -> None:
    """A reader is told that a hidden sheet was checked as well."""
    sheet = ledger(FIRST)
    sheet.state = "hidden"
    assert check_sheets(tmp_path, Sheet("x"), sheet).remarks == ("工作表“客户台账”是隐藏的，也已检查。",)
