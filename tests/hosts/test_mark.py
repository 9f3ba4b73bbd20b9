"""``zlxl validate --mark`` and ``--unmark``: in the file itself, and back to what it was."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.hosts.conftest import TODAY, ledger
from tests.messy.ledgers import BROKEN, CORE, FIRST, faulty
from zlxl.excel.patch.fills import COLOURS
from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, EXIT_USAGE
from zlxl.sheets.results import RESULTS

LEDGER = "客户台账"
GROWS = {"xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def ledger_part(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def notes(path: Path) -> dict[str, str]:
    cells = (cell for row in opened(path)[LEDGER].iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def log(path: Path) -> list[list[object]]:
    rows = [[cell.value for cell in row] for row in opened(path)["变更记录"].iter_rows()]
    return [row for row in rows if "标记" in row]


def test_marked_in_place_and_validated_the_same(zlxl, bad):
    first = zlxl("validate", bad, "--mark", "--format", "json", *TODAY)
    assert first.code == EXIT_FINDINGS
    found = first.report["files"][0]["findings"]
    assert {f["cell"] for f in found} <= notes(bad).keys()
    assert opened(bad)[LEDGER]["M3"].fill.fgColor.rgb == f"FF{COLOURS['error']}"
    assert notes(bad)["M3"].startswith("错误：")
    assert f"清单见工作表“{RESULTS}”；原文件备份为" in first.err
    assert len(log(bad)) == 1

    again = zlxl("validate", bad, "--format", "json", *TODAY)
    assert again.report["files"][0]["findings"] == found


def test_unmarked_it_is_as_before(zlxl, bad):
    before, part = opened(bad).sheetnames, ledger_part(bad)
    zlxl("validate", bad, "--mark", *TODAY)
    zlxl("validate", bad, "--mark", *TODAY)
    done = zlxl("validate", bad, "--unmark")
    assert (done.code, "已取消" in done.out) == (EXIT_CLEAN, True)
    assert ledger_part(bad) == part
    assert opened(bad).sheetnames == [*before, "变更记录"]
    assert notes(bad) == {}

    held = bad.read_bytes()
    nothing = zlxl("validate", bad, "--unmark")
    assert (nothing.code, "没有标记，未改动" in nothing.out) == (EXIT_CLEAN, True)
    assert bad.read_bytes() == held


def test_what_people_wrote_into_the_results_is_carried_on(zlxl, bad):
    zlxl("validate", bad, "--mark", *TODAY)
    book = opened(bad)
    sheet = book[RESULTS]
    header = next(row for row in sheet.iter_rows() if row[0].value == "级别")
    column = next(cell.column for cell in header if cell.value == "处理人")
    sheet.cell(header[0].row + 1, column, "张敏")
    book.save(bad)
    zlxl("validate", bad, "--mark", *TODAY)
    assert "张敏" in {cell.value for row in opened(bad)[RESULTS].iter_rows() for cell in row}
    assert "1 行处理记录" in zlxl("validate", bad, "--unmark").err


def test_other_outputs_go_on_working(zlxl, bad, here):
    done = zlxl("validate", bad, "--mark", "--output", f"csv={here / 'r.csv'}", "--exit-zero", *TODAY)
    assert done.code == EXIT_CLEAN
    assert "ZL" in (here / "r.csv").read_text("utf-8-sig")


def test_a_clean_file_gets_an_empty_list(zlxl, good):
    done = zlxl("validate", good, "--mark", *TODAY)
    assert (done.code, "没有要标记的单元格" in done.err) == (EXIT_CLEAN, True)
    assert RESULTS in opened(good).sheetnames


def test_each_file_for_itself(zlxl, bad, doubtful, broken, here):
    """One is open elsewhere, one is no workbook, one is text: the others are marked."""
    (here / f"~${bad.name}").write_bytes(b"\x03Wang" + b"\0" * 160)
    text = here / "文.csv"
    text.write_text(f"{','.join(CORE)}\nZL20230001-Q\n", "utf-8")
    done = zlxl("validate", bad, doubtful, text, "--mark", *TODAY)
    assert done.code == EXIT_USAGE
    assert "文.csv" in done.err
    assert bad.name in done.err
    assert notes(doubtful)
    assert notes(bad) == {}
    assert zlxl("validate", broken, doubtful, "--mark", *TODAY).code == EXIT_UNCHECKED
    assert zlxl("validate", text, doubtful, "--unmark").code == EXIT_USAGE
    assert notes(doubtful) == {}


def test_a_sheet_of_the_user_with_that_name_stays(zlxl, bad):
    book = opened(bad)
    book.create_sheet(RESULTS)["A1"] = "我的"
    book.save(bad)
    done = zlxl("validate", bad, "--mark", *TODAY)
    assert f"没有加入“{RESULTS}”" in done.err
    assert opened(bad)[RESULTS]["A1"].value == "我的"
    assert notes(bad)
    zlxl("validate", bad, "--unmark")
    assert notes(bad) == {}
    assert opened(bad)[RESULTS]["A1"].value == "我的"


def test_a_file_changed_after_it_was_checked_is_not_marked(zlxl, bad, monkeypatch):
    from zlxl.hosts import marking

    monkeypatch.setattr(marking, "digest", lambda path: "other")
    done = zlxl("validate", bad, "--mark", *TODAY)
    assert (done.code, "在检查之后被改动" in done.err) == (EXIT_UNCHECKED, True)
    assert notes(bad) == {}


def test_undoing_passes_over_marks(zlxl, here):
    """The last run that can be taken back is the one that changed values."""
    path = ledger(here / "混.xlsx", faulty(FIRST, 企业省份="河北"), BROKEN)
    zlxl("fix", path, "--write", *TODAY)
    zlxl("validate", path, "--mark", *TODAY)
    assert "--unmark" in zlxl("undo", path, "--list").out.splitlines()[0]
    assert zlxl("undo", path).code == EXIT_CLEAN
    assert opened(path)[LEDGER]["K2"].value == "河北"
    assert notes(path)


def test_mark_and_unmark_exclude_each_other(zlxl, bad):
    done = zlxl("validate", bad, "--mark", "--unmark")
    assert (done.code, "不能同时使用" in done.err) == (EXIT_USAGE, True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_reports_are_the_same_with_marks(zlxl, bad, here, jobs):
    other = ledger(here / "又.xlsx", dict(FIRST))
    done = zlxl("validate", bad, other, "--mark", "-j", jobs, "--format", "json", *TODAY)
    assert [file["path"] for file in json.loads(done.out)["files"]] == [bad.as_posix(), other.as_posix()]
    assert RESULTS in opened(other).sheetnames
