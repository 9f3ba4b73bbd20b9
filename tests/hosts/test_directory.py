"""``zlxl directory`` on files: nothing private leaves the house, a delivery is written once."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.hosts.conftest import Outcome, Run
from tests.libreoffice import SOFFICE, recalculate
from tests.messy.book import Sheet, save
from zlxl.changes import CellChange
from zlxl.edits import Edits
from zlxl.excel.save import save as save_edits
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.schema.values import shown
from zlxl.sheets.directory import DIRECTORY, NEWS, read_directory
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.deliveries import DELIVERIES

DB = "库.xlsx"
DAY = date(2026, 11, 24)
TODAY = ("--today", "2026-11-24")
STATUS_COLUMN = list(CLIENTS.columns).index("status") + 1
CERTIFICATE: Mapping[str, Any] = {
    "contract_no": "ZL20250015-QEO",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": date(2025, 1, 6),
    "audited_on": date(2025, 2, 10),
    "planned_on": date(2026, 1, 20),
    "carried_out_on": date(2026, 1, 18),
    "status": "有效",
    "province": "河北省",
    "address": "河北省石家庄市长安区建设北大街1号",
    "scope": "通用机械的设计、生产和销售",
    "issued_on": date(2025, 3, 1),
    "valid_until": date(2028, 2, 28),
}
PRIVATE = {
    "contact": "私密联系人",
    "phone": "13912345678",
    "initial_fee": 98765.0,
    "surveillance_fee": 87654.0,
    "postcode": "050077",
    "email": "simi@example.com",
    "fax": "0311-87654321",
    "industry": "18.09.07",
    "uscc": "91110000600037341L",
    "persons": 4321.0,
    "office": "私密办事处",
    "remark": "私密备注",
}
ROWS = (
    {**CERTIFICATE, **PRIVATE, "certificate_no": "01625Q00015R0L", "system": "QMS"},
    {**CERTIFICATE, **PRIVATE, "certificate_no": "01625E00015R0L", "system": "EMS"},
    {**CERTIFICATE, **PRIVATE, "certificate_no": "01625S00015R0L", "system": "OHSMS", "status": "暂停"},
)
LAST = {
    "delivery_no": "ML2026-010",
    "delivered_on": date(2026, 11, 2),
    "as_of": date(2026, 10, 31),
    "total": 3.0,
    "way": "电子邮件",
    "sender": "张敏",
    "receiver": "孙涛",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of three certificates and one delivery."""
    path = tmp_path_factory.mktemp("stored") / DB
    rows = {table.name: [] for table in TABLES} | {CLIENTS.name: list(ROWS), DELIVERIES.name: [LAST]}
    write_workbook(new_workbook(rows, today=DAY), path)
    return path


@pytest.fixture
def database(stored: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database, to work on."""
    monkeypatch.setenv("ZLXL_USER", "王晓宁")
    return Path(shutil.copy(stored, here))


def deliveries(path: Path) -> list[dict[str, str]]:
    """Rows of 名录报送."""
    book = read_book(open_source(path), Settings(today=DAY))
    return [
        {name: shown(value) for name, value in frame.values(position).items() if shown(value)}
        for frame in book.of(DELIVERIES)
        for position in range(len(frame))
    ]


def suspend(path: Path, row: int) -> None:
    """Make a certificate's status 撤销 in the ledger."""
    change = CellChange(sheet=CLIENTS.name, row=row, column=STATUS_COLUMN, value="撤销")
    save_edits(open_source(path), Edits(cells=(change,)), None)


def written(path: Path) -> str:
    """Everything that a file says, parts of a package unpacked."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_no_private_value_occurs_in_any_output(zlxl: Run, database: Path) -> None:
    """Contacts, fees, codes and remarks of the ledger stand in no file, and not on the screen."""
    files = [f"名录.{kind}" for kind in ("xlsx", "csv", "json", "html")]
    outputs = [part for name in files for part in ("--output", f"{name[3:]}={name}")]
    done = zlxl("directory", database, "--english", *TODAY, *outputs)
    told = {name: written(Path(name)) for name in files} | {"screen": done.out + done.err}
    told["json on screen"] = zlxl("directory", database, "--format", "json", *TODAY).out
    assert all("01625Q00015R0L" in told[name] for name in files)
    secrets = [shown(value) for value in PRIVATE.values()] + [str(CERTIFICATE["contract_no"])]
    assert [(name, secret) for name, text in told.items() for secret in secrets if secret in text] == []


def test_a_delivery_is_written_once_a_day(zlxl: Run, database: Path) -> None:
    """The second run of the day finds nothing new and writes nothing."""
    first = zlxl("directory", database, "--write", *TODAY)
    assert (first.code, deliveries(database)[1]) == (
        0,
        {
            "delivery_no": "ML2026-011",
            "delivered_on": "2026-11-24",
            "as_of": "2026-11-24",
            "total": "3",
            "added": "0",
            "changed": "0",
            "removed": "0",
            "way": "电子邮件",
            "file": "获证客户名录_2026-11-24.xlsx",
            "sender": "王晓宁",
            "receiver": "孙涛",
        },
    )
    before = database.read_bytes()
    again = zlxl("directory", database, "--write", *TODAY)
    assert "今天已报送（ML2026-011），名录没有变化，不再写入" in again.err
    assert database.read_bytes() == before


def test_the_next_delivery_is_compared_with_the_last(zlxl: Run, database: Path) -> None:
    """A revoked certificate is removed, counted and told; the sheet then holds what was delivered."""
    zlxl("directory", database, "--write", *TODAY)
    suspend(database, 4)
    later = zlxl("directory", database, "--write", "--today", "2026-12-01", "--receiver", "李强")
    assert "减少 01625E00015R0L 石家庄恒泰机械有限公司　有效 → 撤销" in later.out
    last = deliveries(database)[-1]
    assert [last[name] for name in ("delivery_no", "total", "added", "changed", "removed", "receiver")] == [
        "ML2026-012", "2", "0", "0", "1", "李强",
    ]  # fmt: skip
    kept = read_directory(open_source(database))
    assert kept is not None
    assert kept[0] == date(2026, 12, 1)
    assert [c["certificate_no"] for c in kept[1]] == ["01625Q00015R0L", "01625S00015R0L"]


def test_a_correction_of_the_same_day_is_a_delivery_of_its_own(zlxl: Run, database: Path) -> None:
    """What changed after the morning's delivery is sent again, and counted against it."""
    zlxl("directory", database, "--write", *TODAY)
    suspend(database, 4)
    zlxl("directory", database, "--write", *TODAY)
    assert [(row["delivery_no"], row["total"]) for row in deliveries(database)[1:]] == [
        ("ML2026-011", "3"),
        ("ML2026-012", "2"),
    ]


def test_writing_leaves_a_database_without_findings(zlxl: Run, database: Path) -> None:
    """The sheets are ours and no table to check; the new row is right."""
    before = zlxl("validate", database, "--format", "json", *TODAY).report["summary"]
    zlxl("directory", database, "--write", *TODAY)
    report = zlxl("validate", database, "--format", "json", *TODAY).report
    assert report["summary"] == before
    assert {DIRECTORY, NEWS} & {table["sheet"] for table in report["files"][0]["tables"]} == set()


def test_since_measures_by_the_dates_of_the_ledger(zlxl: Run, database: Path) -> None:
    """Whatever was delivered before."""
    zlxl("directory", database, "--write", *TODAY)
    told = zlxl("directory", database, "--since", "2025-01-01", "--format", "json", *TODAY).report
    assert (told["changes"]["by"], told["changes"]["added"]) == ("dates", 3)


def test_an_expired_certificate_is_withheld_and_is_a_finding(zlxl: Run, database: Path) -> None:
    """Exit code 1, its row named."""
    done = zlxl("directory", database, "--today", "2028-03-01")
    assert done.code == 1
    assert "客户台账第 3 行 01625Q00015R0L 石家庄恒泰机械有限公司　有效期至已过" in done.out


def test_csv_is_for_excel_and_holds_no_formula(zlxl: Run, here: Path) -> None:
    """A byte order mark; a name that begins as a formula does gets an apostrophe."""
    row = {CLIENTS.columns[name].header: value for name, value in ROWS[0].items()}
    row["企业名称"] = '=HYPERLINK("http://x")'
    save(here / DB, Sheet("客户台账").rows(1, 1, [list(row), list(row.values())]))
    zlxl("directory", DB, "--output", "csv=名录.csv", *TODAY)
    assert Path("名录.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with Path("名录.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines[0]["企业名称"] == '\'=HYPERLINK("http://x")'


def test_english_words_are_those_of_the_policy(zlxl: Run, database: Path) -> None:
    """IAF's words, from the attributes of 状态 in 码表."""
    zlxl("directory", database, "--english", "--output", "json=名录.json", *TODAY)
    told = json.loads(Path("名录.json").read_text("utf-8"))
    assert told["schema_version"] == 1
    assert {c["status"]: c["status_en"] for c in told["certificates"]} == {
        "有效": "active",
        "暂停": "suspended",
    }


def refused(done: Outcome, words: str) -> bool:
    """Whether a command stopped with these words, as wrong usage."""
    return done.code == 2 and words in done.err and not done.out


def test_outputs_are_never_written_over_anything_unasked(zlxl: Run, database: Path) -> None:
    """Not over the database, not over a file, not in a format that is none."""
    Path("名录.csv").write_text("我的", "utf-8")
    assert refused(zlxl("directory", database, "--output", "csv=名录.csv"), "已存在")
    assert refused(zlxl("directory", database, "--output", f"xlsx={DB}", "--force"), "是数据库本身")
    assert refused(zlxl("directory", database, "--output", "pdf=名录.pdf"), "没有“pdf”这种格式")
    assert refused(zlxl("directory", database, "--output", "csv"), "写法不对")
    assert refused(zlxl("directory", database, "--output", "csv=a", "--output", "json=a"), "给出了两次")
    assert refused(zlxl("directory", database, "--output", "csv=."), "是文件夹")
    assert Path("名录.csv").read_text("utf-8") == "我的"


def test_a_workbook_without_ledger_is_refused(zlxl: Run, here: Path) -> None:
    """It says which table is missing."""
    headers = [column.header for column in DELIVERIES.columns.values()]
    save(here / DB, Sheet("名录报送").rows(1, 1, [headers, ["ML2026-001"]]))
    assert refused(zlxl("directory", DB), "没有客户台账")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_every_count_is_a_formula_that_libreoffice_agrees_with(
    zlxl: Run, database: Path, tmp_path: Path
) -> None:
    """Recalculated, every cell of the sheet has the value that was cached."""
    zlxl("directory", database, "--output", "xlsx=名录.xlsx", *TODAY)
    anew = recalculate([Path("名录.xlsx")], tmp_path / "lo")[0]
    assert values(Path("名录.xlsx")) == values(anew)
    assert values(Path("名录.xlsx"))[3:7] == [
        ["EMS", 1, 0, 1], ["QMS", 1, 0, 1], ["OHSMS", 0, 1, 1], ["全部", 2, 1, 3],
    ]  # fmt: skip


def values(path: Path) -> list[list[Any]]:
    """Values of the sheet, row by row, without empty cells."""
    from openpyxl import load_workbook

    sheet = load_workbook(path, data_only=True)[DIRECTORY]
    return [[v for v in row if v is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", ["月报.xlsx", "月报.csv"])
def test_the_monthly_report_is_a_file_of_its_own(zlxl: Run, database: Path, name: str) -> None:
    """It holds what the regulator asks for, and says what the ledger does not know."""
    done = zlxl("directory", database, "--monthly-report", name, "--month", "2025-03", *TODAY)
    assert done.code == 0
    assert "2025-03，3 条，2025-04-10 前上报。含联系人和费用，不得公开。" in done.err
    left_empty = done.err.partition("台账中没有填写、报表留空的列：")[2]
    assert {"法人", "企业总人数", "人日数"} <= set(left_empty.partition("。")[0].split("、"))
    text = Path(name).read_text("utf-8-sig") if name.endswith("csv") else written(Path(name))
    assert text.index("编号") < text.index("单位名称") < text.index("证书状态代码")
    assert "私密联系人" in text


def test_a_month_or_file_that_is_none_is_refused(zlxl: Run, database: Path) -> None:
    """Told in the clerk's words."""
    assert refused(zlxl("directory", database, "--month", "10月"), "不是月份")
    assert refused(zlxl("directory", database, "--monthly-report", "月报.pdf"), ".xlsx 或 .csv")


def test_a_ledger_alone_gets_the_sheet_once(zlxl: Run, good: Path) -> None:
    """Where there is no 名录报送, the sheet alone remembers what was delivered."""
    today = ("--today", "2024-06-30")
    assert "没有“名录报送”表，未登记报送" in zlxl("directory", good, "--write", *today).err
    before = good.read_bytes()
    assert "今天已报送，名录没有变化" in zlxl("directory", good, "--write", *today).err
    assert good.read_bytes() == before


def test_a_sheet_of_the_users_own_is_not_replaced(zlxl: Run, here: Path) -> None:
    """It is to be renamed first; nothing is written."""
    row = {CLIENTS.columns[name].header: value for name, value in ROWS[0].items()}
    ledger = Sheet("客户台账").rows(1, 1, [list(row), list(row.values())])
    save(here / DB, ledger, Sheet(DIRECTORY).rows(1, 1, [["我的", "名录"]]))
    before = (here / DB).read_bytes()
    done = zlxl("directory", DB, "--write", *TODAY)
    assert (done.code, (here / DB).read_bytes()) == (2, before)
    assert "已有您自己的工作表" in done.err
