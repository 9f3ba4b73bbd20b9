"""``zlxl diff``: two copies side by side in every format, one copy as text for git."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.hosts.conftest import Run, here, ledger, zlxl  # noqa: F401 (fixtures)
from tests.messy.book import Sheet, save
from tests.messy.ledgers import FIRST, SECOND, THIRD, faulty
from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, EXIT_USAGE

FOURTH = faulty(THIRD, 合同编号="ZL20230030-Q", 证书编号="01623Q00030R0S")
TEXT = """\
旧：旧.xlsx
新：新.xlsx

客户台账：新增 1，删除 1，修改 1
  ~ ZL20230015-QE（第 3 行，原第 2 行）
      邮编：050000（文本） → 50000
      联系人：王丽 → （空）
  - ZL20230028-Q（原第 4 行）合同编号=ZL20230028-Q；证书编号=01623Q00028R0S；"""


@pytest.fixture
def copies(here: Path) -> tuple[Path, Path]:  # noqa: F811
    """Two copies: a row sorted, changed, removed and added each."""
    old = ledger(here / "旧.xlsx", dict(FIRST), SECOND, dict(THIRD))
    new = ledger(here / "新.xlsx", SECOND, faulty(FIRST, 邮编=50000, 联系人=None), FOURTH)
    return old.relative_to(here), new.relative_to(here)


Copies = tuple[Path, Path]


def test_text(zlxl: Run, copies: Copies) -> None:  # noqa: F811
    done = zlxl("diff", *copies)
    assert done.code == EXIT_CLEAN
    assert done.out.startswith(TEXT)
    assert "  + ZL20230030-Q（第 4 行）" in done.out
    assert done.out.splitlines()[-1] == "共新增 1 行，删除 1 行，修改 1 行（2 个字段）。"


def test_exit_code_only_when_asked(zlxl: Run, copies: Copies) -> None:  # noqa: F811
    assert zlxl("diff", *copies, "--exit-code").code == EXIT_FINDINGS
    same = zlxl("diff", copies[0], copies[0], "--exit-code")
    assert (same.code, same.out.splitlines()[-1]) == (EXIT_CLEAN, "没有差异。")


def test_json(zlxl: Run, copies: Copies) -> None:  # noqa: F811
    report = zlxl("diff", *copies, "--format", "json").report
    assert report["summary"] == {"added": 1, "removed": 1, "changed": 1, "fields": 2, "different": True}
    assert (report["schema_version"], report["old"], report["new"]) == (1, "旧.xlsx", "新.xlsx")
    (table,) = report["tables"]
    assert (table["table"], table["sheet"]) == ("客户台账", "客户台账")
    assert table["added"][0]["values"]["受理申请时间"] == "2023-03-01"
    assert (table["removed"][0]["key"], table["removed"][0]["row"]) == ("ZL20230028-Q", 4)
    assert table["changed"] == [
        {
            "key": "ZL20230015-QE",
            "old_row": 2,
            "new_row": 3,
            "fields": [
                {"column": "邮编", "old": "050000", "new": 50000, "old_type": "text", "new_type": "number"},
                {"column": "联系人", "old": "王丽", "new": None, "old_type": "text", "new_type": "empty"},
            ],
        }
    ]


def test_lines_of_json(zlxl: Run, copies: Copies) -> None:  # noqa: F811
    found = [json.loads(line) for line in zlxl("diff", *copies, "--format", "jsonl").out.splitlines()]
    assert [line["change"] for line in found] == ["added", "removed", "changed", "summary"]


def test_csv_and_xlsx_say_the_same(zlxl: Run, here: Path, copies: Copies) -> None:  # noqa: F811
    done = zlxl("diff", *copies, "--output", "csv=out/a.csv", "--output", "xlsx=out/a.xlsx")
    assert done.code == EXIT_CLEAN
    text = (here / "out/a.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    changed = [(row["字段"], row["旧值"], row["新值"]) for row in rows if row["变化"] == "修改"]
    assert changed == [("邮编", "050000（文本）", "50000"), ("联系人", "王丽", "（空）")]
    sheet = load_workbook(here / "out/a.xlsx")["变化明细"]
    (name,) = sheet.tables
    assert sheet.tables[name].autoFilter is not None
    header, *lines = sheet[sheet.tables[name].ref]
    columns = [cell.value for cell in header]
    told = [{c: str(cell.value or "") for c, cell in zip(columns, line, strict=True)} for line in lines]
    assert told == [{column: row[column] for column in columns} for row in rows]


def test_one_sided_things_are_in_every_format(zlxl: Run, here: Path) -> None:  # noqa: F811
    old = ledger(here / "旧.xlsx", dict(FIRST))
    save(here / "新.xlsx", _with_more(), Sheet("我的表").put(1, 1, ["甲"]))
    text = zlxl("diff", old, "新.xlsx", "--output", "xlsx=a.xlsx").out
    assert "新增列 客户经理（1 行有值，不逐行列出）" in text
    assert "+ 新增了工作表 我的表" in text
    lines = zlxl("diff", old, "新.xlsx", "--format", "jsonl").out
    assert [json.loads(line)["change"] for line in lines.splitlines()] == [
        "columns_added",
        "sheets_added",
        "summary",
    ]
    csv_lines = zlxl("diff", old, "新.xlsx", "--format", "csv").out.splitlines()
    assert [line.split(",")[2] for line in csv_lines[1:]] == ["新增列", "新增工作表"]
    summary = [cell.value for row in load_workbook(here / "a.xlsx")["汇总"] for cell in row]
    assert {"我的表", "新增的工作表", "新增列 客户经理（1 行有值）"} <= set(summary)


def _with_more() -> Sheet:
    headers = (*FIRST, "客户经理")
    return Sheet("客户台账").rows(1, 1, [headers, [*FIRST.values(), "张三"]])


def test_reports_are_replaced_and_nothing_else(zlxl: Run, here: Path, copies: Copies) -> None:  # noqa: F811
    assert zlxl("diff", *copies, "--output", "xlsx=a.xlsx").code == EXIT_CLEAN
    assert zlxl("diff", *copies, "--output", "xlsx=a.xlsx").code == EXIT_CLEAN
    other = ledger(here / "别的.xlsx", dict(FIRST))
    before = other.read_bytes()
    assert zlxl("diff", *copies, "--output", "xlsx=别的.xlsx").code == EXIT_USAGE
    assert zlxl("diff", other, copies[1], "--output", "csv=别的.xlsx").code == EXIT_USAGE
    assert other.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--table", "合同"], "--table 合同"),
        (["--format", "html"], "text、json、jsonl、csv"),
        (["--format", "xlsx"], "--output xlsx="),
    ],
)
def test_wrong_calls(zlxl: Run, copies: Copies, arguments: list[str], words: str) -> None:  # noqa: F811
    done = zlxl("diff", *copies, *arguments)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert words in done.err


def test_one_file_takes_no_options(zlxl: Run, copies: Copies) -> None:  # noqa: F811
    assert zlxl("diff", copies[0], "--exit-code").code == EXIT_USAGE


def test_unreadable(zlxl: Run, copies: Copies, broken: Path) -> None:  # noqa: F811
    assert zlxl("diff", copies[0], broken).code == EXIT_UNCHECKED
    assert zlxl("diff", broken).code == EXIT_UNCHECKED


def test_order_of_rows_does_not_show(zlxl: Run, here: Path) -> None:  # noqa: F811
    one = ledger(here / "一.xlsx", dict(FIRST), SECOND, dict(THIRD))
    two = ledger(here / "二.xlsx", dict(THIRD), SECOND, dict(FIRST))
    assert zlxl("diff", one).out == zlxl("diff", two).out != ""


def test_git_shows_the_changed_field(here: Path) -> None:  # noqa: F811
    """With the attribute and the settings of the command's help."""
    git = shutil.which("git")
    assert git, "git is not installed"
    command = f"PYTHONPATH='{Path(__file__).parents[2]}' '{sys.executable}' -m zlxl diff"
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity |= {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [git, *arguments],
            capture_output=True,
            check=True,
            cwd=here,
            env=os.environ | identity,
            timeout=60,
        )
        return done.stdout.decode()

    run("init", "-q")
    run("config", "diff.zlxl.textconv", command)
    run("config", "diff.zlxl.xfuncname", "^【.*")
    (here / ".gitattributes").write_text("*.xlsx diff=zlxl\n")
    book = ledger(here / "库.xlsx", dict(FIRST), dict(THIRD))
    run("add", "-A")
    run("commit", "-qm", "one")
    ledger(book, dict(THIRD), faulty(FIRST, 联系人="张三"))
    told = run("diff")
    assert [line for line in told.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-  联系人：王丽",
        "+  联系人：张三",
    ]
    assert "@@ 【客户台账】ZL20230015-QE|01623Q00015R0M" in told
    run("commit", "-qam", "two")
    assert "+  联系人：张三" in run("log", "-p", "-1")
