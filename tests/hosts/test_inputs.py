"""Which files a command means: folders, globs, what is passed over, in what order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.conftest import TODAY, Run, ledger
from tests.messy.ledgers import FIRST


@pytest.fixture
def tree(here: Path) -> Path:
    """A folder of workbooks and of what is none."""
    for name in (
        "b.xlsx",
        "a.xlsx",
        "二/客户 台账.XLSX",
        "二/三/c.xlsm",
        "二/zlxl-报告.xlsx",
        "校验报告.xlsx",
        ".git/h.xlsx",
        "[1].xlsx",
    ):
        ledger(here / name, dict(FIRST))
    (here / "二" / "d.csv").write_text("客户台账\n", "utf-8")
    for name in ("~$a.xlsx", "二/~$客户 台账.XLSX", "x.txt", "y.xls", "z.docx"):
        (here / name).write_bytes(b"?")
    (here / "空").mkdir()
    return here


def checked(zlxl: Run, *arguments: str) -> list[str]:
    """Paths that were checked, in order."""
    return [file["path"] for file in zlxl("validate", *arguments, *TODAY, "--format", "json").report["files"]]


EVERY = ["[1].xlsx", "a.xlsx", "b.xlsx", "二/d.csv", "二/三/c.xlsm", "二/客户 台账.XLSX"]


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["."], EVERY),
        (["二"], EVERY[3:]),
        (["*.xlsx"], EVERY[:3]),
        (["**/*.xls[xm]"], [*EVERY[:3], "二/三/c.xlsm"]),
        (["二/**"], EVERY[3:]),
        (["b.xlsx", "a.xlsx", "b.xlsx", "*.xlsx"], ["b.xlsx", "a.xlsx", "[1].xlsx"]),
        (["[1].xlsx"], ["[1].xlsx"]),
        (["二/客户 台账.XLSX"], ["二/客户 台账.XLSX"]),
        (["./a.xlsx", "a.xlsx"], ["a.xlsx"]),
        ([".", "--exclude", "二/*", "--exclude", "a.*"], ["[1].xlsx", "b.xlsx"]),
        (["a.xlsx", "~$a.xlsx"], ["a.xlsx"]),
    ],
)
def test_files_meant(zlxl: Run, tree: Path, arguments: list[str], files: list[str]) -> None:
    """Folders recursively, globs by us, named ones first and none twice, marks of open workbooks never."""
    assert sorted(checked(zlxl, *arguments)) == sorted(files)
    assert checked(zlxl, *arguments) == checked(zlxl, *arguments, "-j", "1")


def test_order_is_fixed(zlxl: Run, tree: Path) -> None:
    """Named files in their order, folders by name."""
    assert checked(zlxl, "b.xlsx", "a.xlsx") == ["b.xlsx", "a.xlsx"]
    assert checked(zlxl, ".") == sorted(checked(zlxl, "."))


@pytest.mark.parametrize("argument", ["空", "*.xlsb", "~$a.xlsx", "keins/**"])
def test_nothing_to_check(zlxl: Run, tree: Path, argument: str) -> None:
    """An empty folder or a glob without match is a wrong call, and says what can be given."""
    done = zlxl("validate", argument)
    assert done.code == 2
    assert argument in done.err
    assert len(done.err.splitlines()) == 1


def test_a_missing_file_is_not_checked(zlxl: Run, tree: Path) -> None:
    """A named file that is not there is code 3; the others are checked."""
    done = zlxl("validate", "没有.xlsx", "a.xlsx", *TODAY)
    assert done.code == 3
    assert "没有.xlsx" in done.out
    assert "无法检查" in done.out
    assert "a.xlsx" in done.out


def test_exclude_of_the_configuration(zlxl: Run, tree: Path) -> None:
    """``exclude`` of zlxl.toml adds to ``--exclude``."""
    (tree / "zlxl.toml").write_text('exclude = ["二/*"]\n', "utf-8")
    assert checked(zlxl, ".", "--exclude", "[[]1].xlsx") == ["a.xlsx", "b.xlsx"]


@pytest.mark.parametrize("name", ["x.txt", "y.xls", "z.docx"])
def test_another_kind_of_file(zlxl: Run, tree: Path, name: str) -> None:
    """A named file of another kind is code 3 with one line of reason, not passed over."""
    done = zlxl("validate", name, "--format", "concise")
    assert done.code == 3
    assert done.out.splitlines()[0].startswith(f"{name}: 无法检查")


HOSTILE = {
    "空.xlsx": b"",
    "断.xlsx": b"PK\x03\x04",
    "旧.xlsx": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600,
    "密.xlsx": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "页.xlsx": b"<html><body>",
    "图.xlsx": b"\x89PNG\r\n",
    "乱.csv": b"\x00\x01\x02\xff\xfe",
    "无.csv": "姓名,电话\n王丽,1\n".encode("gb18030"),
}


def test_unreadable_files_say_why_in_one_line(zlxl: Run, here: Path) -> None:
    """Each file that cannot be checked has one line, with what to do; nothing else is said."""
    for name, content in HOSTILE.items():
        (here / name).write_bytes(content)
    done = zlxl("validate", ".", "--format", "concise")
    assert done.code == 3
    assert done.err == ""
    lines = [line for line in done.out.splitlines() if ": 无法检查" in line]
    assert sorted(line.partition(":")[0] for line in lines) == sorted(HOSTILE)
    assert all("请" in line for line in lines)


def test_a_report_is_no_database(zlxl: Run, bad: Path) -> None:
    """A report that is named on purpose holds no table; its own findings are not checked again."""
    zlxl("validate", bad, *TODAY, "--output", "xlsx=报告.xlsx")
    done = zlxl("validate", "报告.xlsx", "--format", "concise")
    assert done.code == 3
    assert "没有找到已知的表" in done.out
