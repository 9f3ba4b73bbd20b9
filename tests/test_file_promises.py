"""What README promises about the user's file, line by line, with the commands that a user runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter

from tests.hosts.conftest import Run, here, zlxl  # noqa: F401 (fixtures)
from tests.test_promises import README
from zlxl.excel.backup import FOLDER
from zlxl.tables.clients import CLIENTS

HEADERS = CLIENTS.headers[:17]
ROW = {
    "合同编号": "ZL20260015-Q",
    "证书编号": "01626Q00015R0M",
    "企业名称": "石家庄恒泰机械有限公司",
    "受理申请时间": datetime(2026, 3, 1),
    "审核时间": datetime(2026, 4, 10),
    "计划监审时间": datetime(2027, 3, 20),
    "状态": "有效",
    "企业省份": "河北省",
    "邮编": 50000,  # ZL132: a safe fix, 050000
    "联系人": "王丽",
    "联系电话": "0311-85551234",
}
TODAY = ("--today", "2026-11-24")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccfc0500f00"
    "0485018084a98c210000000049454e44ae426082"
)


pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def book(here: Path) -> Path:  # noqa: F811
    """A ledger among things that its users added: charts, pictures, notes, rules, formulas, sparklines."""
    path, picture = here / "库.xlsx", here / "图.png"
    picture.write_bytes(PIXEL)
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet("客户台账")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, [ROW.get(header) for header in HEADERS])
        sheet.write_comment("C2", "老客户", {"author": "王丽"})
        sheet.write_formula("S2", "=F2*1.06", None, 0)
        sheet.conditional_format("M2:M9", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("T2", {"range": "客户台账!F2:G2"})
        own = made.add_worksheet("我的分析")
        own.write_column("A1", [1, 2, 3])
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=我的分析!$A$1:$A$3"})
        own.insert_chart("C3", chart)
        own.insert_image("C20", str(picture))
        own.insert_textbox("C30", "不要改")
    with ZipFile(path, "a", ZIP_DEFLATED) as package:
        package.writestr("xl/customWhatever.bin", bytes(range(256)))
    picture.unlink()
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_promises_are_five_lines() -> None:
    text = README.read_text("utf-8")
    section = text.partition("## What zlxl promises about your file\n\n")[2].partition("\n\n")[0]
    assert [line[:3] for line in section.splitlines()] == ["1. ", "2. ", "3. ", "4. ", "5. "]


@pytest.mark.parametrize(
    "line",
    [
        ("validate", "库.xlsx"),
        ("fix", "库.xlsx"),
        ("diff", "库.xlsx", "库.xlsx"),
        ("diff", "库.xlsx"),
        ("merge", "库.xlsx", "甲.xlsx", "乙.xlsx"),
        ("import", "库.xlsx", "甲.xlsx"),
    ],
    ids=" ".join,
)
def test_1_nothing_is_written_unless_asked(zlxl: Run, book: Path, line: tuple[str, ...]) -> None:  # noqa: F811
    for name in ("甲.xlsx", "乙.xlsx"):
        (book.parent / name).write_bytes(book.read_bytes())
    before, stamp = tree(book.parent), book.stat().st_mtime_ns
    assert zlxl(*line).code in (0, 1)
    assert tree(book.parent) == before
    assert book.stat().st_mtime_ns == stamp


def test_1_no_network(book: Path) -> None:
    """No command opens a socket."""
    watch = (
        "import sys, runpy\n"
        "def hook(event, args):\n"
        "    if event.startswith('socket.'): sys.stderr.write('SOCKET ' + event); sys.exit(99)\n"
        "sys.addaudithook(hook)\n"
        "sys.argv[0] = 'zlxl'\n"
        "runpy.run_module('zlxl.hosts.cli', run_name='__main__')\n"
    )
    for line in (("validate", book), ("fix", book, "--write"), ("diff", book)):
        done = subprocess.run(
            [sys.executable, "-c", watch, *map(str, line)], capture_output=True, check=False
        )
        assert b"SOCKET" not in done.stderr
        assert done.returncode in (0, 1)


def test_2_only_what_is_meant_changes(zlxl: Run, book: Path) -> None:  # noqa: F811
    before = parts(book)
    assert zlxl("fix", book, "--write", *TODAY).code == 0
    after = parts(book)

    changed = {name for name in before if after[name] != before[name]}
    assert changed <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }
    cell = re.compile(rb'<c r="([A-Z]+\d+)".*?(?:/>|</c>)', re.DOTALL)
    sheet = "xl/worksheets/sheet1.xml"
    cells = [{m[1]: m[0] for m in cell.finditer(text[sheet])} for text in (before, after)]
    assert {place for place in cells[0] if cells[0][place] != cells[1][place]} == {b"M2"}
    assert cell.sub(b"", before[sheet]) == cell.sub(b"", after[sheet])
    assert openpyxl.load_workbook(book)["客户台账"]["M2"].value == "050000"


def test_3_all_or_nothing_and_the_file_as_it_was_is_kept(book: Path, tmp_path: Path) -> None:
    """The command itself, killed with signal 9 at a dozen moments (``tests/excel/test_kill.py``: 200)."""
    before = book.read_bytes()
    command = [sys.executable, "-m", "zlxl.hosts.cli", "fix", str(book), "--write", *TODAY]
    begun = time.monotonic()
    subprocess.run(command, capture_output=True, check=True)
    whole, after = time.monotonic() - begun, parts(book)
    kept = list((tmp_path / FOLDER).iterdir())
    assert [copy.read_bytes() for copy in kept] == [before]
    for number in range(12):
        book.write_bytes(before)
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (0.5 + number / 22))
        running.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        running.wait()
        assert book.read_bytes() == before or parts(book).keys() == after.keys()
        assert ZipFile(book).testzip() is None
    assert all(ZipFile(copy).testzip() is None for copy in (tmp_path / FOLDER).iterdir())


def held(book: Path) -> Path:
    (book.parent / f"~${book.name}").write_bytes(b"\x06\xd5\xc5\xc3\xf4  ")
    return book


def read_only(book: Path) -> Path:
    book.chmod(0o444)
    return book


def encrypted(book: Path) -> Path:
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    book.write_bytes(ole)
    return book


def signed(book: Path) -> Path:
    with ZipFile(book, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<x/>")
    return book


@pytest.mark.parametrize("state", [held, encrypted, signed], ids=lambda state: state.__name__)
@pytest.mark.parametrize("line", [("fix", "--write"), ("undo",), ("validate", "--mark")], ids=" ".join)
def test_4_refused_with_the_reason(zlxl: Run, book: Path, state, line) -> None:  # noqa: F811
    state(book)
    before = tree(book.parent)
    done = zlxl(line[0], book, *line[1:])
    assert done.code in (2, 3)
    assert re.search("打开|已加密|签名|没有", done.err + done.out)
    assert tree(book.parent) == before


@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_4_read_only_is_refused(zlxl: Run, book: Path) -> None:  # noqa: F811
    read_only(book)
    before = tree(book.parent)
    done = zlxl("fix", book, "--write")
    assert (done.code, "只读" in done.err) == (2, True)
    assert tree(book.parent) == before


def test_5_every_change_is_logged_and_can_be_taken_back(zlxl: Run, book: Path) -> None:  # noqa: F811
    assert zlxl("fix", book, "--write", *TODAY).code == 0
    lines = log(book)
    assert [(line["行标识"], line["字段"], line["旧值"], line["新值"]) for line in lines] == [
        ("ZL20260015-Q", "邮编", "50000", "050000")
    ]
    assert lines[0]["命令"] == "zlxl fix"
    before = tree(book.parent)
    assert zlxl("undo", book, "--list").out.startswith(lines[0]["运行编号"])
    assert zlxl("undo", book, "--dry-run").code == 0
    assert tree(book.parent) == before
    assert zlxl("undo", book, "--run", lines[0]["运行编号"]).code == 0
    assert openpyxl.load_workbook(book)["客户台账"]["M2"].value == 50000
    assert len(log(book)) == 2


def log(path: Path) -> list[dict[str, str]]:
    """Lines of 变更记录."""
    sheet = openpyxl.load_workbook(path)["变更记录"]
    rows: Iterator[tuple[str, ...]] = sheet.iter_rows(values_only=True)
    found = list(rows)
    top = next(number for number, row in enumerate(found) if "运行编号" in row)
    lines = [dict(zip(found[top], row, strict=True)) for row in found[top + 1 :]]
    return [line for line in lines if line["时间"]]
