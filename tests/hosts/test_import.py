"""``zlxl import`` into a new database: preview, writing, the file of rejected rows, and everything twice."""

from __future__ import annotations

import csv
import io
import shutil
import warnings
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

import zlxl as library
from tests.hosts.conftest import Run
from tests.messy.book import Formula, Sheet, save
from tests.messy.ledgers import CORE, FIRST, THIRD, lines
from zlxl.hosts.commands.import_ import ERROR_FILE

TODAY = ("--today", "2026-11-24")
REQUEST = (
    "2026-05-06",
    "ZL20230015-QE",
    FIRST["企业名称"],
    "意见和建议",
    "电话走访电子文档",
    "改期",
    "待确认",
)
ASKED = ("接收日期", "合同编号", "企业名称", "要求内容", "收集方式", "要求原文", "要求状态")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, made once."""
    return library.new(tmp_path_factory.mktemp("new") / "空.xlsx")


@pytest.fixture
def db(blank: Path, here: Path) -> Path:
    """A database of one's own."""
    return Path(shutil.copy(blank, here / "库.xlsx"))


@pytest.fixture
def ledger(here: Path) -> Path:
    """Two right rows of 客户台账."""
    return save(here / "台账.xlsx", Sheet("Sheet1").rows(1, 1, [CORE, *lines(FIRST, THIRD)]))


def written(path: Path, *rows: object) -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def content(path: Path, sheet: str) -> list[dict[str, object]]:
    """Filled rows of a data sheet as another program reads them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    filled = (dict(zip(map(str, rows[1]), row, strict=True)) for row in rows[2:])
    told = ({header: value for header, value in row.items() if value != ""} for row in filled)
    return [row for row in told if row]


def test_preview_writes_nothing(zlxl: Run, db: Path, ledger: Path, here: Path):
    before, files = db.read_bytes(), set(here.iterdir())
    done = zlxl("import", db, ledger, *TODAY)
    assert done.code == 0
    assert "新增 2 行" in done.out
    assert "加 --write 写入数据库" in done.out
    assert db.read_bytes() == before
    assert set(here.iterdir()) == files


def test_written_twice_adds_nothing_twice(zlxl: Run, db: Path, ledger: Path, here: Path):
    requests = written(here / "要求.csv", ASKED, REQUEST, [*REQUEST[:5], "=HYPERLINK(1)", REQUEST[6]])
    done = zlxl("import", db, ledger, requests, "--write", *TODAY)
    assert done.code == 0, done.out
    clients, asked = content(db, "客户台账"), content(db, "客户要求")
    assert [row["合同编号"] for row in clients] == ["ZL20230015-QE", "ZL20230028-Q"]
    assert clients[0]["受理申请时间"] == date(2023, 3, 1)
    assert clients[0]["邮编"] == "050000"
    assert [(row["编号"], row["要求原文"]) for row in asked] == [
        ("YQ2026-0001", "改期"),
        ("YQ2026-0002", "=HYPERLINK(1)"),
    ]
    assert [row["变更原因"] for row in content(db, "变更记录")] == [
        "导入自 台账.xlsx 第 2 行",
        "导入自 台账.xlsx 第 3 行",
        "导入自 要求.csv 第 2 行",
        "导入自 要求.csv 第 3 行",
    ]
    after = db.read_bytes()
    again = zlxl("import", db, ledger, requests, "--write", *TODAY)
    assert again.code == 0
    assert "没有需要写入的内容" in again.out
    assert db.read_bytes() == after
    checked = zlxl("validate", db, "--format", "json", *TODAY)
    assert checked.report["summary"]["error"] == 0


def test_text_like_a_formula_stays_text(zlxl: Run, db: Path, ledger: Path, here: Path):
    zlxl(
        "import",
        db,
        ledger,
        written(here / "要求.csv", ASKED, [*REQUEST[:5], "=1+1", REQUEST[6]]),
        "--write",
        *TODAY,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(db)
    (cell,) = [cell for row in book["客户要求"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_formulas_of_a_source_give_their_values(zlxl: Run, db: Path, here: Path):
    row = [FIRST[h] for h in CORE]
    row[CORE.index("初审费用")] = Formula("9000*2", 18000)
    unknown = [THIRD[h] for h in CORE]
    unknown[CORE.index("初审费用")] = Formula("9000*2")
    source = save(here / "台账.xlsx", Sheet("Sheet1").rows(1, 1, [CORE, row, unknown]))
    done = zlxl("import", db, source, "--write", *TODAY)
    assert done.code == 1
    assert content(db, "客户台账")[0]["初审费用"] == 18000
    assert "F3 " in done.out


def test_rejected_rows_are_corrected_and_imported_again(zlxl: Run, db: Path, ledger: Path, here: Path):
    bad = [*REQUEST[:5], "-1 什么意思", "不知道"]
    requests = written(here / "要求.csv", ASKED, REQUEST, bad)
    done = zlxl("import", db, ledger, requests, "--write", *TODAY)
    assert done.code == 1
    errors = here / f"{ERROR_FILE}要求.csv"
    text = errors.read_text("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert header == [*ASKED, "未导入原因", "来源文件", "来源行号"]
    assert row[5] == "'-1 什么意思"
    assert row[8:] == ["要求.csv", "3"]
    assert row[7].startswith("G3 ")
    again = zlxl("import", db, requests, "--write", *TODAY)
    assert again.code == 1
    assert [p.name for p in here.glob(f"{ERROR_FILE}*")] == [errors.name]
    errors.write_text(text.replace("不知道", "待确认"), "utf-8-sig")
    mended = zlxl("import", db, errors, "--write", *TODAY)
    assert mended.code == 0, mended.out
    assert "未导入的列" not in mended.out
    assert [row["要求原文"] for row in content(db, "客户要求")] == ["改期", "-1 什么意思"]


def test_error_file_being_mended_is_not_overwritten(zlxl: Run, db: Path, here: Path):
    requests = written(here / "要求.csv", ASKED, [*REQUEST[:6], "不知道"])
    zlxl("import", db, requests, "--write", *TODAY)
    errors = here / f"{ERROR_FILE}要求.csv"
    errors.write_text("改了一半", "utf-8")
    done = zlxl("import", db, requests, "--write", *TODAY)
    assert errors.read_text("utf-8") == "改了一半"
    assert f"{ERROR_FILE}要求-2.csv" in done.out


def test_errors_as_a_workbook(zlxl: Run, db: Path, here: Path):
    bad = dict(FIRST, 联系电话=None, 企业名称="=1+1")
    source = save(here / "台账.xlsx", Sheet("Sheet1").rows(1, 1, [CORE, *lines(bad)]))
    done = zlxl("import", db, source, "--errors", here / "错.xlsx", *TODAY)
    assert done.code == 1
    (row,) = [
        dict(zip(CORE, r, strict=False))
        for r in openpyxl.load_workbook(here / "错.xlsx")["客户台账"].iter_rows(min_row=2, values_only=True)
    ]
    assert row["企业名称"] == "=1+1"
    assert row["受理申请时间"] == datetime(2023, 3, 1)
    assert openpyxl.load_workbook(here / "错.xlsx")["客户台账"]["C2"].data_type == "s"
    again = zlxl("import", db, here / "错.xlsx", "--errors", here / "再错.csv", *TODAY)
    assert again.code == 1
    assert "未导入的列" not in again.out


def test_into_a_copy(zlxl: Run, db: Path, ledger: Path, here: Path):
    before = db.read_bytes()
    done = zlxl("import", db, ledger, "-o", here / "副本.xlsx", *TODAY)
    assert done.code == 0
    assert db.read_bytes() == before
    assert len(content(here / "副本.xlsx", "客户台账")) == 2
    assert zlxl("import", db, ledger, "-o", here / "副本.xlsx", *TODAY).code == 2
    assert zlxl("import", db, ledger, "-o", here / "副本.xlsx", "--force", *TODAY).code == 0
    again = zlxl("import", here / "副本.xlsx", ledger, "-o", here / "又.xlsx", *TODAY)
    assert again.out.endswith("没有需要导入的内容，副本与数据库相同。\n")


def test_update_keeps_the_cell_and_tells_old_and_new(zlxl: Run, db: Path, ledger: Path, here: Path):
    zlxl("import", db, ledger, "--write", *TODAY)
    changes = written(here / "电话.csv", ("合同编号", "联系电话"), ("ZL20230028-Q", "13900000000"))
    done = zlxl("import", db, changes, "--table", "客户台账", "--write", *TODAY)
    assert "联系电话 13800000000 → 13900000000" in done.out
    assert content(db, "客户台账")[1]["联系电话"] == "13900000000"
    line = content(db, "变更记录")[-1]
    assert (line["字段"], line["旧值"], line["新值"], line["变更原因"]) == (
        "联系电话",
        "13800000000",
        "13900000000",
        "导入自 电话.csv 第 2 行",
    )


def test_undone_and_imported_again(zlxl: Run, db: Path, here: Path, ledger: Path):
    zlxl("import", db, ledger, "--write", *TODAY)
    requests = written(here / "要求.csv", ASKED, REQUEST)
    zlxl("import", db, requests, "--write", *TODAY)
    assert zlxl("undo", db).code == 0
    assert content(db, "客户要求") == []
    zlxl("import", db, requests, "--write", *TODAY)
    assert [row["编号"] for row in content(db, "客户要求")] == ["YQ2026-0001"]


def test_one_unreadable_source_does_not_stop_the_others(zlxl: Run, db: Path, ledger: Path, broken: Path):
    done = zlxl("import", db, ledger, broken, "--write", *TODAY)
    assert done.code == 3
    assert "破.xlsx" in done.err
    assert len(content(db, "客户台账")) == 2


def test_neither_table_nor_form(zlxl: Run, db: Path, here: Path):
    done = zlxl("import", db, written(here / "杂.csv", ("a", "b"), ("c", "d")), *TODAY)
    assert done.code == 3
    assert "既不是数据表，也不是表单" in done.err


def test_form(zlxl: Run, db: Path, ledger: Path, here: Path):
    form = Sheet("调查表")
    form.put(1, 1, ["认证客户满意度调查表"])
    form.put(2, 1, ["合同编号：", "ZL20230015-QE", "企业名称：", FIRST["企业名称"]])
    form.put(3, 1, ["下发日期：", date(2026, 7, 6), "下发方式：", "□电话 ☑网络"])
    form.put(4, 1, ["公正客观", "□很满意 ☑满意"])
    form.merges = ["A1:D1"]
    folder = here / "回收"
    folder.mkdir()
    save(folder / "表1.xlsx", form)
    done = zlxl("import", db, ledger, folder, "--write", *TODAY)
    assert done.code == 0, done.out + done.err
    (row,) = content(db, "满意度调查")
    assert (row["问卷编号"], row["下发方式"], row["公正客观"]) == ("MY2026-0001", "网络", "满意")
    assert zlxl("import", db, folder, "--format", "json", *TODAY).report["summary"]["existing"] == 1


def test_json(zlxl: Run, db: Path, ledger: Path):
    report = zlxl("import", db, ledger, "--write", "--format", "json", *TODAY).report
    assert report["written"] == str(db)
    assert report["summary"]["added"] == 2
    assert report["sources"][0]["tables"][0]["added"][0]["values"]["邮编"] == "050000"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--table", "没有"),
        ("--table", "变更记录"),
        ("--errors", "错.txt"),
        ("--errors", "台账.xlsx"),
        ("-o", "库.xlsx"),
        ("-o", "副本.xlsx", "--write"),
        ("--mode", "other"),
    ],
)
def test_wrong_calls(zlxl: Run, db: Path, ledger: Path, arguments: tuple[str, ...]):
    done = zlxl("import", db, ledger, *arguments)
    assert done.code == 2
    assert done.out == ""


def test_database_must_be_a_workbook_and_another_file(zlxl: Run, db: Path, here: Path):
    text = written(here / "库.csv", CORE, [FIRST[h] for h in CORE])
    assert zlxl("import", text, db).code == 2
    assert zlxl("import", db, db).code == 2
