"""``zlxl merge`` on files: previewed, written into mine alone, decided on the sheet, run again."""

from __future__ import annotations

import json
import shutil
from datetime import date
from itertools import permutations
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.hosts.conftest import Run
from tests.messy.book import Formula, Sheet, save
from zlxl.changes import CellChange, CellValue, RowAppended
from zlxl.edits import Edits
from zlxl.excel.save import save as save_edits
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.jobs.records import Record, read_records
from zlxl.samples.database import sample_rows
from zlxl.sheets.conflicts import CONFLICTS, Line, read_conflicts
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS

BASE, MINE, NORTH, EAST = "基准.xlsx", "本方.xlsx", "北京办.xlsx", "上海办.xlsx"
LEDGER, LOG = "客户台账", "变更记录"
CONTACT, PHONE, POSTCODE, DONE_ON = 14, 15, 13, 9
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a few clients, and three copies that their offices worked in."""
    folder = tmp_path_factory.mktemp("copies")
    sample = sample_rows(seed=1, clients=4, today=DAY)
    few = {table.name: sample[table.name] if table.name in (LEDGER, LOG) else [] for table in TABLES}
    write_workbook(new_workbook(few, today=DAY), folder / BASE)
    edit(folder, MINE, [(3, CONTACT, "王芳"), (4, CONTACT, "张敏")])
    edit(
        folder,
        NORTH,
        [(3, CONTACT, "赵六"), (5, PHONE, "010-88886666"), (6, DONE_ON, date(2026, 10, 1))],
        row(LEDGER, 合同编号="ZL20261001-Q", 企业名称="新公司", 受理申请时间=DAY, 邮编="050000"),
        row(LOG, 时间="2026-11-20 09:00:00", 表=LEDGER, 行标识="ZL1", 字段="邮编", 新值="050000"),
    )
    edit(
        folder,
        EAST,
        [(5, PHONE, "010-88886666"), *((7, column, None) for column in range(1, len(CLIENTS.headers) + 1))],
    )
    return folder


def edit(folder: Path, name: str, cells: list[tuple[int, int, CellValue]], *rows: RowAppended) -> None:
    """Make a copy of the base with some cells of the ledger changed, and rows added."""
    changes = tuple(CellChange(sheet=LEDGER, row=r, column=c, value=v) for r, c, v in cells)
    save_edits(open_source(folder / BASE), Edits(cells=changes, rows=rows), folder / name)


def row(table: str, **values: CellValue) -> RowAppended:
    """A new row."""
    return RowAppended(table=table, values=values)


@pytest.fixture
def copies(stored: Path, here: Path) -> Path:
    """The copies, to work on."""
    for name in (BASE, MINE, NORTH, EAST):
        shutil.copy(stored / name, here)
    return here


def records(path: Path, sheet: str = LEDGER) -> dict[int, Record]:
    """Rows of a sheet by number."""
    (table,) = [t for t in read_records(open_source(path)) if t.sheet == sheet]
    return {record.row: record for record in table.records}


def decide(path: Path, number: int, decision: str) -> None:
    """Fill in the column 决定 of a line."""
    lines = lines_of(path)
    at = 3 + [line.number for line in lines].index(number)
    column = 10
    change = CellChange(sheet=CONFLICTS, row=at, column=column, value=decision)
    save_edits(open_source(path), Edits(cells=(change,)))


def lines_of(path: Path) -> tuple[Line, ...]:
    """Lines of 合并冲突."""
    lines = read_conflicts(open_source(path))
    assert lines is not None
    return lines


def parts(path: Path) -> dict[str, bytes]:
    """Parts of a package."""
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_preview_writes_nothing(zlxl: Run, copies: Path) -> None:
    """It tells what would come from whom, and that a conflict waits."""
    before = {path: path.read_bytes() for path in copies.iterdir()}
    done = zlxl("merge", BASE, MINE, NORTH, EAST)

    assert done.code == 1
    assert "客户台账!O5" in done.out
    assert "（北京办.xlsx、上海办.xlsx）" in done.out
    assert "本方 王芳；北京办.xlsx 赵六" in done.out
    assert "共：修改 2 处，新增 1 行，变更记录补入 1 行，清空 1 行，未决冲突 1 条。" in done.out
    assert {path: path.read_bytes() for path in copies.iterdir()} == before


def test_written_into_mine_and_decided(zlxl: Run, copies: Path) -> None:
    """Values with their types, the log with their copy; the decision of the sheet; then nothing more."""
    mine = copies / MINE
    base = records(mine)
    first = zlxl("merge", BASE, MINE, NORTH, EAST, "--write")
    after = records(mine)
    added = after[max(after)]

    assert first.code == 1
    assert f"再以 {MINE} 作为 MINE 运行 zlxl merge --write" in first.out
    assert after[4].values["联系人"] == "张敏"
    assert after[5].values["联系电话"] == "010-88886666"
    assert after[6].values["实施时间"].number_format == "yyyy-mm-dd"  # type: ignore[union-attr]
    assert (added.key, added.values["邮编"]) == ("ZL20261001-Q", "050000")
    assert 7 not in after
    reasons = [(r.values["字段"], r.values.get("变更原因", "")) for r in records(mine, LOG).values()][-5:]
    assert reasons == [
        ("邮编", ""),
        ("联系电话", "合并自 北京办.xlsx、上海办.xlsx"),
        ("实施时间", "合并自 北京办.xlsx"),
        ("新增行", "合并自 北京办.xlsx"),
        ("清空行", "合并自 上海办.xlsx：对方已删除此行"),
    ]

    decide(mine, 1, "采用对方")
    second = zlxl("merge", BASE, MINE, NORTH, EAST, "--write")
    assert second.code == 0
    assert records(mine)[3].values == {**base[3].values, "联系人": "赵六"}
    assert [(line.word, line.decision) for line in lines_of(mine)] == [("已处理", "采用对方")]

    held = mine.read_bytes()
    third = zlxl("merge", BASE, MINE, NORTH, EAST, "--write")
    assert (third.code, third.out) == (0, "各副本没有需要合并的内容。\n")
    assert mine.read_bytes() == held


def test_every_other_part_of_mine_stays(zlxl: Run, copies: Path) -> None:
    """Into a new file: mine is untouched, and what is not merged is byte for byte as mine has it."""
    before = parts(copies / MINE)
    done = zlxl("merge", BASE, MINE, EAST, "-o", "合并.xlsx")
    after = parts(copies / "合并.xlsx")
    changed = {name for name in before if before[name] != after.get(name)}

    assert done.code == 0
    assert parts(copies / MINE) == before
    assert {name for name in changed if name.startswith(("xl/charts", "xl/drawings"))} == set()
    assert len([name for name in changed if name.startswith("xl/worksheets/sheet")]) == 2
    assert before.keys() <= after.keys()


def test_disjoint_edits_of_files_in_any_order(zlxl: Run, here: Path) -> None:
    """Whoever is mine, the written rows are the same, with dates, codes and removed rows."""
    head = ["合同编号", "企业名称", "联系人", "受理申请时间", "邮编", "状态"]
    rows = [[f"ZL{n}", "甲公司", "李强", date(2026, 1, 5), "050000", "有效"] for n in range(5)]
    save(here / BASE, Sheet(LEDGER, tables=[(LEDGER, "A1:F6", 0)]).rows(1, 1, [head, *rows]))
    edit(here, MINE, [(2, 3, "王芳"), *((5, column, None) for column in range(1, 7))])
    edit(here, NORTH, [(2, 4, date(2026, 2, 1)), (3, 5, None)], row(LEDGER, 合同编号="ZL8", 受理申请时间=DAY))
    edit(here, EAST, [(2, 5, "050001")], row(LEDGER, 合同编号="ZL9", 邮编="010000"))
    results = []
    for number, (mine, *theirs) in enumerate(permutations((MINE, NORTH, EAST))):
        assert zlxl("merge", BASE, mine, *theirs, "-o", f"{number}.xlsx").code == 0
        held = records(here / f"{number}.xlsx").values()
        results.append(sorted((r.key, sorted(r.values.items())) for r in held))

    assert [key for key, _ in results[0]] == ["ZL0", "ZL1", "ZL2", "ZL4", "ZL8", "ZL9"]
    assert dict(results[0][0][1])["邮编"] == "050001"
    assert all(result == results[0] for result in results)


def test_json_tells_the_same(zlxl: Run, copies: Path) -> None:
    """For a program that goes on with it."""
    told = json.loads(zlxl("merge", BASE, MINE, NORTH, EAST, "--format", "json").out)

    assert told["schema_version"] == 1
    assert told["written"] is None
    assert told["summary"] == {"taken": 2, "added": 2, "removed": 1, "open": 1, "unmerged": 0}
    assert [line["theirs"] for line in told["conflicts"]] == ["赵六"]
    assert told["taken"][0]["copies"] == ["北京办.xlsx", "上海办.xlsx"]


def ledger(path: Path, *, contact: object = "李强", extra: tuple[object, ...] = (), notes: str = "") -> Path:
    """A small ledger with a column of formulas, perhaps a further column, and a sheet of notes."""
    head = ["合同编号", "企业名称", "联系人", "联系电话", "状态", "合计", *(["备用"] * bool(extra))]
    lines = [["ZL1", "甲公司", contact, "010-1", "有效", Formula("1+1", 2), *extra]]
    sheets = [Sheet(LEDGER).rows(1, 1, [head, *lines])]
    return save(path, *sheets, *([Sheet("便签").put(1, 1, [notes])] if notes else []))


def test_a_long_list_is_cut_and_json_holds_all(zlxl: Run, here: Path) -> None:
    """Every new row is told in JSON, the first hundred in words."""
    head = "合同编号,企业名称,受理申请时间,联系电话,状态\n"
    new = "".join(f"ZL{n},乙公司,2026-01-05,010-{n},有效\n" for n in range(120))
    for name, text in (("a.csv", ""), ("b.csv", ""), ("c.csv", new)):
        Path(name).write_text(f"{head}ZL900,甲公司,2026-01-05,010,有效\n{text}", "utf-8")
    told = zlxl("merge", "a.csv", "b.csv", "c.csv").out
    assert told.count("乙公司") == 100
    assert "  …另有 20 项（--format json 列出全部）\n" in told
    assert "新增 120 行" in told
    assert zlxl("merge", "a.csv", "b.csv", "c.csv", "--format", "json").out.count("乙公司") == 120


def test_what_cannot_be_merged_is_told(zlxl: Run, here: Path) -> None:
    """A column and a sheet that mine lacks, a value in the place of a formula."""
    ledger(here / BASE)
    ledger(here / MINE)
    theirs = ledger(here / NORTH, extra=("x",), notes="给客户回电")
    change = CellChange(sheet=LEDGER, row=2, column=6, value=7, replace_formula=True)
    save_edits(open_source(theirs), Edits(cells=(change,)))
    done = zlxl("merge", BASE, MINE, NORTH)

    assert done.code == 1
    assert "列“备用”：本方没有这一列（1 个值，见 ZL1）" in done.out
    assert "列“合计”：本方此处是公式或合并单元格，保持不变（1 个值，见 ZL1）" in done.out
    assert "便签：不是已知的表，不能按编号合并" in done.out


HEAD = "合同编号,企业名称,受理申请时间,联系电话,状态\n"
CSV = HEAD + "ZL1,甲公司,2026-01-05,010,有效\nZL2,乙公司,2026/1/6,{},有效\n"


def test_text_files_take_part(zlxl: Run, here: Path) -> None:
    """Texts of a CSV file that mean the base's dates and numbers are no changes; mine may be one."""
    head = ["合同编号", "企业名称", "受理申请时间", "联系电话", "状态"]
    lines = [
        ["ZL1", "甲公司", date(2026, 1, 5), "010", "有效"],
        ["ZL2", "乙公司", date(2026, 1, 6), 11, "有效"],
    ]
    for name in (BASE, MINE):
        save(here / name, Sheet(LEDGER).rows(1, 1, [head, *lines]))
    (here / "a.csv").write_text(CSV.format(11), "utf-8")
    (here / "b.csv").write_text(CSV.format("0311-99"), "utf-8")

    assert zlxl("merge", BASE, MINE, "a.csv").out == "各副本没有需要合并的内容。\n"
    assert "ZL2  联系电话  11 → 0311-99" in zlxl("merge", BASE, MINE, "b.csv").out
    assert zlxl("merge", BASE, "a.csv", "b.csv", "--write").code == 0
    assert (here / "a.csv").read_text("utf-8-sig") == CSV.format("0311-99")


def test_a_text_file_holds_no_conflicts(zlxl: Run, here: Path) -> None:
    """It is refused with what to do, and stays."""
    for name, phone in (("g.csv", "1"), ("m.csv", "2"), ("t.csv", "3")):
        (here / name).write_text(CSV.format(phone), "utf-8")
    done = zlxl("merge", "g.csv", "m.csv", "t.csv", "--write")

    assert done.code == 2
    assert "请先另存为 .xlsx" in done.err
    assert (here / "m.csv").read_text("utf-8") == CSV.format("2")


def test_offices_with_files_of_one_name_are_told_apart(zlxl: Run, here: Path) -> None:
    """By their folders."""
    ledger(here / BASE)
    ledger(here / MINE)
    for office, contact in (("北京", "王芳"), ("上海", "赵六")):
        (here / office).mkdir()
        ledger(here / office / "台账.xlsx", contact=contact)
    done = zlxl("merge", BASE, MINE, "北京/台账.xlsx", "上海/台账.xlsx")

    assert "北京/台账.xlsx 王芳" in done.out
    assert "上海/台账.xlsx 赵六" in done.out


def test_wrong_calls_are_told(zlxl: Run, here: Path) -> None:
    """Where, what, and what to do; nothing is written."""
    for name in (BASE, MINE, NORTH):
        ledger(here / name)
    ledger(here / "alt.xlsx")
    calls = {
        (BASE, MINE, MINE): "给出了两次",
        (BASE, MINE, NORTH, "--write", "-o", "x.xlsx"): "只能用其中一个",
        (BASE, MINE, NORTH, "-o", MINE): "不能覆盖",
        (BASE, MINE, NORTH, "-o", BASE, "--force"): "不能覆盖",
        (BASE, MINE, NORTH, "-o", "alt.xlsx"): "已存在",
    }
    for call, words in calls.items():
        done = zlxl("merge", *call)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
    assert not (here / "x.xlsx").exists()


def test_a_copy_that_cannot_be_read_stops_the_run(zlxl: Run, here: Path, broken: Path) -> None:
    """Named, with exit code 3."""
    ledger(here / BASE)
    ledger(here / MINE)
    done = zlxl("merge", BASE, MINE, broken.name)

    assert done.code == 3
    assert broken.name in done.err


def test_a_sheet_of_the_users_own_is_not_taken(zlxl: Run, here: Path) -> None:
    """The user's sheet 合并冲突 stays; the message says to rename it."""
    ledger(here / BASE)
    ledger(here / NORTH)
    save(
        here / MINE,
        Sheet(LEDGER).rows(1, 1, [["合同编号", "企业名称", "状态"], ["ZL1", "甲公司", "有效"]]),
        Sheet(CONFLICTS).put(1, 1, ["我的"]),
    )
    done = zlxl("merge", BASE, MINE, NORTH, "--write")

    assert done.code == 2
    assert "请把它改名后再合并" in done.err
