"""``zlxl fix --write`` and ``zlxl undo``: every cell as it was, what was changed since stays and is named."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hosts.conftest import Outcome, Run
from zlxl.changes import CellChange, CellValue, Formula, RowAppended
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.grid import Area, Kind
from zlxl.hosts.cli import COMMANDS
from zlxl.hosts.writing import signature, write
from zlxl.jobs.demo import make_demo
from zlxl.schema.stored import Stored, StoredCells, stored_value
from zlxl.sheet import Sheet, Workbook
from zlxl.sheets.data import data_sheet
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS

Cells = dict[tuple[str, int, int], Stored]

TODAY = "2026-11-24"
FIX = ("--write", "--today", TODAY)
HEADERS = CLIENTS.headers
POSTCODE, PROVINCE = HEADERS.index("邮编") + 1, HEADERS.index("企业省份") + 1
ROW = {
    "contract_no": "ZL20260015-Q",
    "certificate_no": "01626Q00015R0M",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": date(2026, 3, 1),
    "audited_on": date(2026, 4, 10),
    "planned_on": date(2027, 3, 20),
    "status": "有效",
    "province": "河北省",
    "contact": "王丽",
    "phone": "0311-85551234",
    "system": "QMS",
}


def client(number: int, **more: object) -> dict[str, object]:
    own = {"contract_no": f"ZL2026001{number}-Q", "certificate_no": f"01626Q0001{number}R0M"}
    return {**ROW, **own, "client": f"石家庄恒泰{'甲乙丙丁'[number]}机械有限公司", "postcode": 50000, **more}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of three clients whose postcodes lost their first digit."""
    path = tmp_path_factory.mktemp("made") / "库.xlsx"
    return ledger(path, client(0), client(1), client(2))


def ledger(path: Path, *rows: dict[str, object]) -> Path:
    """A database of a ledger and a log."""
    sheets = (data_sheet(CLIENTS, rows), data_sheet(CHANGES))
    write_workbook(Workbook(sheets=sheets), path)
    return path


@pytest.fixture
def database(made: Path, here: Path) -> Path:
    return Path(shutil.copy(made, here / "库.xlsx"))


def cells_of(path: Path) -> Cells:
    """All cells but those of the log."""
    return {
        (grid.sheet, row, column): Stored(cell.kind, cell.value, grid.number_formats[cell.style])
        for grid in open_source(path).grids()
        if not grid.sheet.startswith("变更记录")
        for row, cells in grid.head(1 << 20).items()
        for column, cell in cells.items()
        if cell.kind is not Kind.EMPTY
    }


def log_of(path: Path, sheet: str = "变更记录") -> list[dict[str, object]]:
    """Lines of the log by header."""
    grid = next(grid for grid in open_source(path).grids() if grid.sheet == sheet)
    rows = list(grid.head(1 << 20).items())
    at = next(n for n, (_, cells) in enumerate(rows) if any(cell.value == "时间" for cell in cells.values()))
    header = {column: str(cell.value) for column, cell in rows[at][1].items()}
    return [
        {header[c]: cell.value for c, cell in cells.items() if c in header} for _, cells in rows[at + 1 :]
    ]


def by_hand(path: Path, changes: Mapping[str, CellValue], *, sheet: str = "客户台账") -> None:
    """What a person does in between: no log."""
    spots = {Area.parse(cell): value for cell, value in changes.items()}
    cells = [CellChange(sheet=sheet, row=a.top, column=a.left, value=v) for a, v in spots.items()]
    save(open_source(path), Edits(cells=tuple(cells)))


def sort(path: Path, order: Sequence[int], first: int = 3) -> None:
    """Put the ledger's rows into another order, as sorting does."""
    grid = next(grid for grid in open_source(path).grids() if grid.sheet == "客户台账")
    cells = StoredCells(grid, range(1, len(HEADERS) + 1), 1)
    moved = [
        CellChange(sheet="客户台账", row=at, column=column, value=None)
        if (change := cells.at(row, column).change("客户台账", at, column)) is None
        else change
        for at, row in enumerate(order, first)
        for column in range(1, len(HEADERS) + 1)
    ]
    save(open_source(path), Edits(cells=tuple(moved)))


def run_of(done: Outcome) -> str:
    """The run's id, as the command says how to undo it."""
    found = re.search(r"--run (\S+)", done.out)
    assert found, done
    return found[1]


def test_a_repair_in_place_is_logged_and_taken_back(zlxl: Run, database: Path) -> None:
    before = cells_of(database)
    done = zlxl("fix", database, *FIX)
    assert done.code == 0
    run = run_of(done)
    assert f"已修改 {database}。" in done.out
    [backup] = database.parent.joinpath("zlxl-备份").iterdir()
    assert f"修改前的文件已备份为 {backup}。" in done.out
    assert cells_of(backup) == before
    assert {(line["单元格"], line["旧值"], line["新值"], line["运行编号"]) for line in log_of(database)} == {
        (f"M{row}", "50000", "050000", run) for row in (3, 4, 5)
    }
    assert {line["变更原因"] for line in log_of(database)} == {"ZL132 邮编丢了开头的 0"}
    assert zlxl("validate", database, "--today", TODAY).code == 0

    undone = zlxl("undo", database)
    assert undone.code == 0
    assert "已还原 客户台账!M3  ZL20260010-Q  邮编  050000 → 50000" in undone.out
    assert "已还原 3 处，未还原 0 处。" in undone.out
    assert cells_of(database) == before


def test_undoing_is_a_run_that_can_be_undone(zlxl: Run, database: Path) -> None:
    zlxl("fix", database, *FIX)
    fixed = cells_of(database)
    first, second = run_of(zlxl("undo", database)), zlxl("undo", database)
    assert second.code == 0
    assert second.out == "“变更记录”中没有可以撤销的运行。用 --list 查看各次运行。\n"
    assert zlxl("undo", database, "--run", first).code == 0
    assert cells_of(database) == fixed


def test_an_undone_run_is_told_of(zlxl: Run, database: Path) -> None:
    run = run_of(zlxl("fix", database, *FIX))
    by = run_of(zlxl("undo", database))
    before = database.read_bytes()
    told = zlxl("undo", database, "--run", run)
    assert (told.code, database.read_bytes()) == (0, before)
    assert f"运行 {run} 已撤销（运行 {by}），没有再做什么。" in told.out
    assert f"--run {by}" in told.out


def test_cells_changed_since_stay_and_are_named(zlxl: Run, database: Path) -> None:
    """Other values, a formula, a row that is gone: each with its reason, and exit code 1."""
    zlxl("fix", database, *FIX)
    formula = Formula('="050000"', value="050000")
    by_hand(database, {"M3": "050011", "M4": formula, "A5": "ZL20269999-Q"})
    after = cells_of(database)
    dry = zlxl("undo", database, "--dry-run")
    assert (dry.code, cells_of(database)) == (1, after)
    assert "将还原 0 处，未还原 3 处。" in dry.out
    undone = zlxl("undo", database)
    assert undone.code == 1
    assert "未还原 客户台账!M3  ZL20260010-Q  邮编  50000 → 050000  之后已改为 050011" in undone.out
    assert "未还原 客户台账!M4  是公式单元格" in undone.out
    assert "未还原 客户台账!M5  ZL20260012-Q  邮编  50000 → 050000  找不到这一行" in undone.out
    assert cells_of(database) == after


def test_sorted_rows_are_found(zlxl: Run, database: Path) -> None:
    by_hand(database, {"M3": 10000})
    zlxl("fix", database, *FIX)
    sort(database, (5, 3, 4))
    assert zlxl("undo", database).code == 0
    found = cells_of(database)
    values = [found["客户台账", row, POSTCODE].value for row in (3, 4, 5)]
    assert values == [50000.0, 10000.0, 50000.0]


def test_runs_are_listed_newest_first(zlxl: Run, database: Path) -> None:
    assert zlxl("undo", database, "--list").out == "“变更记录”中没有带运行编号的记录。\n"
    run = run_of(zlxl("fix", database, *FIX))
    [line] = zlxl("undo", database, "--list").out.splitlines()
    assert line.startswith(run)
    assert line.endswith("zlxl fix  3 处  可撤销")
    by = run_of(zlxl("undo", database))
    first, second = zlxl("undo", database, "--list").out.splitlines()
    assert first.endswith(f"3 处  撤销了 {run}")
    assert second.endswith(f"已撤销（运行 {by}）")


def test_a_long_list_is_cut_and_says_so(zlxl: Run, here: Path) -> None:
    rows = [
        {
            "run_id": f"2026112{day}-0900{i:02}-abcd",
            "changed_at": datetime(2026, 11, 20 + day, 9, 0, i),
            "sheet": "客户台账",
        }
        for day in (3, 4)
        for i in range(12)
    ]
    path = here / "库.xlsx"
    write_workbook(Workbook(sheets=(data_sheet(CLIENTS, [client(0)]), data_sheet(CHANGES, rows))), path)
    *lines, last = zlxl("undo", path, "--list").out.splitlines()
    assert [line[:20] for line in (lines[0], lines[-1])] == ["20261124-090011-abcd", "20261123-090004-abcd"]
    assert last == "共 24 次运行，以上是最近的 20 次。加 --all 列出全部。"
    assert len(zlxl("undo", path, "--list", "--all").out.splitlines()) == 24
    assert zlxl("undo", path, "--all").code == 2


def test_commands_that_are_told_can_be_copied(zlxl: Run, database: Path) -> None:
    """A path that a shell would take apart stands in quotes."""
    awkward = database.with_name("王丽's 库 $1.xlsx")
    database.rename(awkward)
    done = zlxl("fix", awkward, *FIX)
    [told] = [line for line in done.out.splitlines() if "撤销：" in line]
    name, *arguments = shlex.split(told.partition("撤销：")[2])
    assert (name, arguments[1]) == ("zlxl", str(awkward))
    assert zlxl(*arguments).code == 0


def test_who_did_it_is_told(zlxl: Run, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZLXL_USER", "张敏")
    zlxl("fix", database, *FIX)
    assert {line["操作人"] for line in log_of(database)} == {"张敏"}


def test_a_machine_without_users_still_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setenv("ZLXL_USER", " ")
    monkeypatch.setattr("zlxl.hosts.writing.getuser", nobody)
    assert signature("zlxl fix").operator == "未知"


def test_two_repairs_of_a_cell_are_one_change(zlxl: Run, here: Path) -> None:
    """Rounds are carried out on the side: one write, one copy, one line a cell."""
    path = ledger(here / "库.xlsx", client(0, postcode="　５００００ ", province="河北 "))
    done = zlxl("fix", path, *FIX)
    assert done.code == 0
    assert len(list((here / "zlxl-备份").iterdir())) == 1
    lines = log_of(path)
    assert len({line["单元格"] for line in lines}) == len(lines)
    assert {line["运行编号"] for line in lines} == {run_of(done)}


def test_a_copy_has_the_log_and_the_original_is_as_it_was(zlxl: Run, database: Path) -> None:
    before, out = database.read_bytes(), database.with_name("副本.xlsx")
    done = zlxl("fix", database, out, *FIX)
    assert (done.code, database.read_bytes()) == (0, before)
    assert len(log_of(out)) == 3
    assert zlxl("undo", out, "--run", run_of(done)).code == 0
    assert cells_of(out) == cells_of(database)


def test_a_workbook_without_a_log_gets_one(zlxl: Run, here: Path) -> None:
    """Its own sheet; a change that is refused leaves no line there."""
    path = here / "台账.xlsx"
    write_workbook(Workbook(sheets=(data_sheet(CLIENTS, [client(0), client(1)]),)), path)
    by_hand(path, {"M4": Formula("=50000", value=50000)})
    done = zlxl("fix", path, *FIX)
    assert "客户台账!M4 是公式单元格，没有修改。" in done.err
    assert [line["单元格"] for line in log_of(path)] == ["M3"]
    assert zlxl("undo", path).code == 0
    assert cells_of(path)["客户台账", 3, POSTCODE].value == 50000.0


def test_new_rows_are_emptied(zlxl: Run, database: Path) -> None:
    opened = open_source(database)
    row = RowAppended(
        table="客户台账", values={"合同编号": "ZL20260099-Q", "企业名称": "乙公司", "邮编": "050000"}
    )
    before = cells_of(database)
    write(opened, Edits(rows=(row,)), signature("zlxl import"))
    assert cells_of(database)["客户台账", 6, 1].value == "ZL20260099-Q"
    undone = zlxl("undo", database)
    assert undone.code == 0
    assert "ZL20260099-Q  清空行" in undone.out
    assert cells_of(database) == before
    assert zlxl("undo", database, "--run", run_of(undone)).code == 0
    assert cells_of(database)["客户台账", 6, POSTCODE] == Stored(Kind.TEXT, "050000", "@")


# --- wrong calls --------------------------------------------------------------------------------------------


def test_what_cannot_be_undone_says_so(zlxl: Run, database: Path, here: Path) -> None:
    assert "undo" in COMMANDS
    unknown = zlxl("undo", database, "--run", "20260101-000000-0000")
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)
    assert "--list" in unknown.err
    (here / "a.csv").write_text("合同编号,企业名称,邮编\nZL1,甲,50000\n", "utf-8")
    assert "没有“变更记录”" in zlxl("undo", here / "a.csv").err
    write_workbook(Workbook(sheets=(Sheet(name="我的"),)), here / "b.xlsx")
    assert zlxl("undo", here / "b.xlsx").code == 2
    assert zlxl("undo", here / "c.xlsx").code == 3


# --- whole databases ----------------------------------------------------------------------------------------


@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(1, 10_000), rotation=st.integers(0, 5), share=st.integers(3, 9))
def test_faulty_databases_are_given_back(zlxl: Run, here: Path, seed: int, rotation: int, share: int) -> None:
    """Every cell of every sheet, with its type and format, but for those that were changed by hand."""
    path = here / f"{seed}.xlsx"
    write_workbook(make_demo(seed=seed, clients=8, today=date(2026, 11, 24)).faulty, path, overwrite=True)
    before = cells_of(path)
    assert zlxl("fix", path, *FIX, "--unsafe").code == 0
    fixed = cells_of(path)
    mended = sorted(place for place in before.keys() | fixed.keys() if before.get(place) != fixed.get(place))
    assert len(mended) > 5
    log = {(line["表"], line["单元格"]) for line in log_of(path)[-len(mended) :]}
    assert len(log) == len(mended)

    touched = mended[rotation::share]
    cells = [CellChange(sheet=s, row=r, column=c, value=f"手工{r}") for s, r, c in touched]
    refused = save(open_source(path), Edits(cells=tuple(cells)), skip_refused=True).refused
    assert not refused
    undone = zlxl("undo", path)
    assert undone.code == 1
    found = cells_of(path)
    for place in before.keys() | found.keys():
        if place in touched:
            assert stored_value(f"手工{place[1]}") == (found[place].kind, found[place].value)
        else:
            assert found.get(place) == before.get(place), place
