"""The demonstration: what it writes, what it says, and that it is the same every time."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.samples.books import findings_of
from zlxl.errors import OutputExists, Unreadable, UsageError
from zlxl.findings import FileReport
from zlxl.hosts import procedure
from zlxl.hosts.cli import cli
from zlxl.hosts.commands import demo as host
from zlxl.jobs.demo import compare, make_demo

DATABASES = (host.CLEAN, host.FAULTY, host.FAULTS, *procedure.FILES)


def _run(folder: Path, *options: str) -> list[str]:
    result = CliRunner().invoke(cli, ["demo", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output.splitlines()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "sub" / "演示"
    return folder, _run(folder)


def test_the_default_demo_finds_every_fault(made):
    _, said = made
    line = next(line for line in said if line.startswith(host.FAULTS))
    put_in, found = (int(part) for part in line.split("注入 ")[1].replace(" 处", "").split("，找到 "))
    assert put_in == found > 180
    assert f"{host.CLEAN}　没有错误的数据：错误 0，警告 0，提示 0" in said


def test_everything_announced_is_there(made):
    folder, said = made
    names = {*DATABASES, "校验报告.xlsx", "校验报告.html", "校验报告.json"}
    assert {path.name for path in folder.iterdir()} == names
    assert all(name in "\n".join(said) for name in names)
    assert f"  zlxl validate {folder / host.FAULTY} --today 2026-11-24" in said


def test_the_procedure_is_done_on_the_clean_database(made):
    folder, said = made
    sheets = openpyxl.load_workbook(folder / host.CLEAN, read_only=True).sheetnames
    for name in ("企业分级", "待办提醒", "满意度_2026Q3", "满意度_2026", "流程时效_2026", "获证客户名录"):
        assert name in sheets
        assert any(line.startswith("  zlxl ") and name in line for line in said)


def test_the_list_of_faults_agrees_with_the_report(made):
    folder, _ = made
    with (folder / host.FAULTS).open(encoding="utf-8-sig", newline="") as file:
        faults = list(csv.DictReader(file))
    report = json.loads((folder / "校验报告.json").read_text("utf-8"))
    found = {(f["rule"], f["sheet"], f["cell"] or "") for f in report["files"][0]["findings"]}
    assert {(row["规则"], row["工作表"], row["单元格"]) for row in faults} <= found
    assert {row["是否找到"] for row in faults} == {"是"}
    assert report["files"][0]["path"].endswith(host.FAULTY)


def test_two_runs_write_the_same_bytes(tmp_path):
    options = ("--clients", "12", "--seed", "3", "--today", "2025-06-30")
    _run(tmp_path, *options)
    first = {name: (tmp_path / name).read_bytes() for name in DATABASES}
    _run(tmp_path, *options, "--force")
    assert {name: (tmp_path / name).read_bytes() for name in DATABASES} == first


def test_nothing_is_overwritten_unasked(made):
    folder, _ = made
    with pytest.raises(OutputExists, match="--force"):
        _run(folder)


def test_a_file_is_no_folder(tmp_path):
    file = tmp_path / "x"
    file.write_text("")
    with pytest.raises(UsageError, match="是文件"):
        _run(file)


def test_a_day_is_an_iso_date(tmp_path):
    result = CliRunner().invoke(cli, ["demo", str(tmp_path), "--today", "明天"])
    assert result.exit_code == 2
    assert "不是日期" in result.output


def test_a_workbook_that_cannot_be_checked_stops_the_demo(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "zlxl.hosts.check.check_file", lambda path, settings: FileReport(path=str(path), reason="读不出")
    )
    monkeypatch.setattr("zlxl.hosts.procedure.carry_out", lambda path, today: ())
    with pytest.raises(Unreadable, match="读不出"):
        _run(tmp_path, "--clients", "1")


def test_a_fault_not_found_and_a_finding_not_put_in_are_told_apart(tmp_path):
    demo = make_demo(seed=1, clients=3, today=date(2026, 11, 24))
    report = FileReport(path="x")
    outcome = compare(demo.faults, report)
    assert not any(outcome.found)
    assert outcome.unexpected == ()
    report = findings_of(demo.faulty, demo.today)
    more = replace(report.findings[0], rule="ZL999")
    outcome = compare(demo.faults, replace(report, findings=(*report.findings, more)))
    assert outcome.unexpected == (more,)
    assert host._beside(outcome) == "，另有 1 处意料之外"
