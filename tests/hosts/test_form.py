"""``zlxl form``: the five forms, blank and prefilled, one by one and in batch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.hosts.conftest import Run
from tests.jobs.importing.offers import CLIENT
from zlxl.excel.write import write_workbook
from zlxl.jobs.new import new_workbook
from zlxl.sheets.forms import FORMS

FORMS_FOLDER = Path(__file__).parents[2] / "workbooks" / "forms"
TODAY = ("--today", "2026-11-24")
PLAN = {
    "plan_no": "FW2026-0007",
    "contract_no": "ZL20230015-Q",
    "client": "石家庄恒泰机械有限公司",
    "system": "QMS",
    "service": "监督审核",
    "due_on": date(2026, 12, 20),
    "status": "未安排",
}
SURVEY = {
    "survey_no": "MY2026-0003",
    "contract_no": "ZL20230015-Q",
    "client": "石家庄恒泰机械有限公司",
    "sent_on": date(2026, 11, 2),
    "way": "网络",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two companies, one of them with two systems, an audit to come and a questionnaire sent."""
    path = tmp_path_factory.mktemp("forms") / "库.xlsx"
    second = {
        **CLIENT,
        "contract_no": "ZL20230028-QE",
        "client": "上海远洋电子有限公司",
        "certificate_no": "01623Q00028R0M",
    }
    third = {**second, "certificate_no": "01623E00028R0M", "system": "EMS"}
    rows = {"客户台账": [CLIENT, second, third], "服务计划": [PLAN], "满意度调查": [SURVEY]}
    write_workbook(new_workbook(rows), path)
    return path


def texts(path: Path) -> list[list[object]]:
    """Filled cells of each sheet of a workbook, row by row."""
    book = openpyxl.load_workbook(path)
    return [[cell.value for row in sheet for cell in row if cell.value is not None] for sheet in book]


def test_blank_forms_are_those_that_lie_ready(zlxl: Run, here: Path) -> None:
    """``workbooks/forms/`` holds what the command writes, byte by byte."""
    for form in FORMS:
        assert zlxl("form", form.title).code == 0
        made = (here / f"{form.name}.xlsx").read_bytes()
        assert made == (FORMS_FOLDER / f"{form.name}.xlsx").read_bytes(), (
            "zlxl form TITLE -o workbooks/forms --force"
        )
    assert len(list(FORMS_FOLDER.iterdir())) == len(FORMS)


def test_list_names_the_numbers_of_section_5(zlxl: Run) -> None:
    """Two numbers are there twice, as in the procedure."""
    lines = zlxl("form", "list").out.splitlines()
    assert [line.split()[0][-2:] for line in lines] == ["01", "02", "01", "02", "03"]
    assert "《" not in lines[0]


def test_one_client_by_a_part_of_its_name(zlxl: Run, database: Path, here: Path) -> None:
    done = zlxl("form", "满意度", database, "--client", "恒泰", "-o", "出/表.xlsx", *TODAY)
    assert (done.code, done.out) == (0, "出/表.xlsx\n")
    (cells,) = texts(here / "出/表.xlsx")
    assert {"MY2026-0003", "ZL20230015-Q", "石家庄恒泰机械有限公司"} <= set(cells)


def test_a_form_for_each_system(zlxl: Run, database: Path, here: Path) -> None:
    """The evaluation is of one system; the name tells which."""
    done = zlxl("form", "有效性", database, "--all", "-o", "评价", *TODAY)
    assert len(done.out.splitlines()) == 3
    assert sorted(path.name.split("_")[-1] for path in (here / "评价").iterdir()) == [
        "EMS.xlsx",
        "QMS.xlsx",
        "QMS.xlsx",
    ]


def test_all_in_one_workbook(zlxl: Run, database: Path, here: Path) -> None:
    assert (
        zlxl("form", "申请书", database, "--where", "状态=有效", "--book", "-o", "全部.xlsx", *TODAY).code
        == 0
    )
    assert len(texts(here / "全部.xlsx")) == 2


def test_notices_are_for_audits_that_are_planned_or_fall_due(zlxl: Run, database: Path, here: Path) -> None:
    """One for both systems of a contract that fall due together."""
    done = zlxl("form", "预通知", database, "--all", *TODAY)
    assert done.out.splitlines() == [
        "认证审核预通知-回执单_ZL20230015-Q_石家庄恒泰机械有限公司_FW2026-0007.xlsx",
        "认证审核预通知-回执单_ZL20230028-QE_上海远洋电子有限公司_监督审核.xlsx",
    ]
    (cells,) = texts(here / done.out.splitlines()[1])
    assert {"ZL20230028-QE", "监督审核", "计划日期", "最晚日期"} <= set(cells)


def test_an_audit_far_ahead_is_told_of_when_its_client_is_named(zlxl: Run, here: Path) -> None:
    """And a certificate that has ended has none."""
    far = {**CLIENT, "audited_on": date(2026, 6, 1), "issued_on": date(2026, 6, 20)}
    ended = {**CLIENT, "contract_no": "ZL20230016-Q", "certificate_no": "01623Q00016R0M", "status": "撤销"}
    path = here / "远.xlsx"
    write_workbook(new_workbook({"客户台账": [{**far, "client": "乙公司"}, ended]}), path)
    nobody = zlxl("form", "预通知", path, "--all", *TODAY)
    assert (nobody.code, "--client" in nobody.err) == (2, True)
    done = zlxl("form", "预通知", path, "--client", "乙公司", *TODAY)
    (cells,) = texts(here / done.out.strip())
    assert any("2027" in str(cell) for cell in cells)
    assert zlxl("form", "预通知", path, "--client", "ZL20230016-Q", *TODAY).code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["表"], "对应多张表单"),
        (["不存在"], "没有这张表单"),
        (["合同", "--all"], "需要数据库"),
        (["合同", "DB"], "给哪些客户"),
        (["合同", "DB", "--client", "无此企业"], "没有“无此企业”"),
        (["合同", "DB", "--client", "有限公司"], "对应多家企业"),
        (["合同", "DB", "--where", "状态"], "写法不对"),
        (["合同", "DB", "--where", "没有的列=1"], "没有的列"),
        (["合同", "DB", "--where", "状态=撤销"], "没有符合条件"),
        (["合同", "DB", "--all", "-o", "一.xlsx"], "--book"),
    ],
)
def test_wrong_calls_say_what_to_do(zlxl: Run, database: Path, arguments: list[str], words: str) -> None:
    done = zlxl("form", *(database if argument == "DB" else argument for argument in arguments))
    assert done.code == 2
    assert words in done.err


def test_nothing_is_written_where_one_is_taken(zlxl: Run, database: Path, here: Path) -> None:
    assert zlxl("form", "合同", database, "--all", "-o", "出", *TODAY).code == 0
    first, second = sorted((here / "出").iterdir())
    first.unlink()
    assert zlxl("form", "合同", database, "--all", "-o", "出", *TODAY).code == 2
    assert not first.exists()
    assert second.exists()
    assert zlxl("form", "合同", database, "--all", "-o", "出", "--force", *TODAY).code == 0


def test_a_new_item_of_the_policy_is_on_the_form(zlxl: Run, here: Path) -> None:
    """A line in 评价准则 is a line of the questionnaire and of the evaluation."""
    path = here / "库.xlsx"
    criteria = [
        {"group": "满意度题目", "item": "线上服务体验", "weight": 100.0, "enabled": "是"},
        {"group": "有效性题目", "item": "数字化水平", "weight": 100.0, "enabled": "是"},
    ]
    write_workbook(new_workbook({"客户台账": [CLIENT], "评价准则": criteria}), path)
    for title, item in (("满意度", "线上服务体验"), ("有效性", "数字化水平")):
        assert zlxl("form", title, path, "--all", "-o", f"{title}.xlsx", *TODAY).code == 0
        (cells,) = texts(here / f"{title}.xlsx")
        assert item in cells
        assert "审核员专业能力" not in cells
