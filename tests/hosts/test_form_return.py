"""Forms come back: prefilled, filled in, and imported into the right row, whatever happened on the way."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.conftest import Run
from tests.hosts.filling import OFF, ON, Filling, fill, moved, retyped, tick_cell
from tests.hosts.test_form import PLAN, SURVEY
from tests.hosts.test_import import content
from tests.jobs.importing.offers import CLIENT
from tests.libreoffice import recalculate
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.jobs.forms import Wanted, drawn, prefilled
from zlxl.jobs.new import new_workbook
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.sheets.forms import FORMS

TODAY = ("--today", "2026-11-24")
NUMBER = {"合同编号": "ZL20230015-Q", "企业名称": "石家庄恒泰机械有限公司"}
ITEMS = (
    *("受理咨询与信息提供", "合同评审与报价透明", "审核计划与时间安排", "审核员专业能力", "沟通与态度"),
    *("公正客观", "廉洁自律", "审核发现与报告质量"),
)
FILLINGS = (
    Filling(
        form="认证客户满意度调查表",
        table="满意度调查",
        known={"问卷编号": "MY2026-0003", **NUMBER},
        written={"填写人": "王丽", "填表日期": date(2026, 11, 20), "意见和建议": "证书请快些"},
        ticked={
            **dict.fromkeys(ITEMS, ("满意",)),
            "获证后服务": ("不适用",),
            "意见投诉处理": ("很不满意",),
            "总体满意度": ("很满意",),
            "推荐意愿": ("9",),
        },
        expected={"回收日期": date(2026, 11, 20), "问卷有效性": "有效"},
    ),
    Filling(
        form="受审核方体系有效性水平评价表",
        table="有效性评价",
        known={**NUMBER, "体系": "QMS"},
        written={
            "审核类型": "监一",
            "审核日期": date(2026, 11, 18),
            "审核组长": "赵刚",
            "领导作用与方针目标": 4,
            "运行过程控制": 4.5,
            "严重不符合数": 0,
            "一般不符合数": 2,
            "评价人": "赵刚",
            "评价日期": date(2026, 11, 18),
        },
        ticked={"重大事故": ("否",), "行政处罚": ("是",), "有效性结论": ("有效",), "审核组评定等级": ("B",)},
        expected={"评价编号": "PJ2026-0001"},
    ),
    Filling(
        form="管理体系认证申请书",
        table="申请受理",
        known={"企业名称": "石家庄恒泰机械有限公司", "申请书发出日期": date(2026, 11, 24)},
        written={
            "体系人数": 120,
            "特殊要求": "洁净车间",
            "申请书收回日期": date(2026, 11, 24),
            "评审日期": date(2026, 11, 24),
            "评审人": "李强",
        },
        ticked={"申请体系": ("QMS", "OHSMS"), "法律地位证明": ("是",), "评审结论": ("补充资料",)},
        expected={"申请编号": "SQ2026-0001"},
    ),
    Filling(
        form="管理体系认证合同",
        table="合同",
        known=NUMBER,
        written={
            "合同类别": "再认证",
            "体系人数": 120,
            "合同金额": 34000,
            "签订日期": date(2026, 11, 20),
            "合同有效期至": date(2029, 11, 19),
            "合同评审日期": date(2026, 11, 18),
            "合同评审结论": "通过",
            "合同状态": "履行中",
        },
        ticked={"合同体系": ("QMS",)},
    ),
    Filling(
        form="认证审核预通知/回执单",
        table="服务计划",
        known={"计划编号": "FW2026-0007", **NUMBER},
        written={"回执日期": date(2026, 11, 28)},
        ticked={"回执意见": ("接受",)},
        expected={"计划日期": date(2026, 12, 20)},
    ),
)
ON_PAPER = ("填表日期",)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client, an audit to come and a questionnaire sent, made once."""
    path = tmp_path_factory.mktemp("returned") / "库.xlsx"
    plan = {**PLAN, "notified_on": date(2026, 11, 24)}
    write_workbook(new_workbook({"客户台账": [CLIENT], "服务计划": [plan], "满意度调查": [SURVEY]}), path)
    return path


@pytest.fixture
def db(blank: Path, here: Path) -> Path:
    return Path(shutil.copy(blank, here / "库.xlsx"))


@pytest.fixture(scope="module")
def forms(blank: Path) -> Mapping[str, Path]:
    """The form for the client that feeds each table, prefilled as the command does it, made once."""
    book = read_book(open_source(blank), Settings(today=date(2026, 11, 24)))
    made = {}
    for kind in FORMS:
        made[kind.table.name] = path = blank.with_name(f"{kind.name}.xlsx")
        write_workbook(drawn(kind, book, prefilled(kind, book, Wanted(everyone=True))), path)
    return made


def form_for(forms: Mapping[str, Path], db: Path, filling: Filling, name: str = "表.xlsx") -> Path:
    """The form for the client, filled in."""
    path = Path(shutil.copy(forms[filling.table], db.with_name(name)))
    fill(path, filling)
    return path


def imported(zlxl: Run, db: Path, *forms: Path, fillings: Sequence[Filling] = FILLINGS) -> None:
    """Import them: one row of each table says all that was written."""
    done = zlxl("import", db, *forms, "--write", *TODAY)
    assert done.code == 0, done.out + done.err
    for filling in fillings:
        (row,) = content(db, filling.table)
        assert told(row, filling) == wanted(filling)


def wanted(filling: Filling) -> dict[str, Any]:
    """What the row should hold, by header."""
    ticked = {label: ";".join(options) for label, options in filling.ticked.items()}
    values = {**filling.known, **filling.written, **ticked, **filling.expected}
    return {label: _plain(value) for label, value in values.items() if label not in ON_PAPER}


def told(row: Mapping[str, Any], filling: Filling) -> dict[str, Any]:
    """What it does hold of that."""
    return {label: _plain(row.get(label)) for label in wanted(filling)}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return f"{value:g}" if isinstance(value, float) else str(value)


def all_filled_in(forms: Mapping[str, Path], db: Path) -> list[Path]:
    """The five forms, filled in."""
    return [form_for(forms, db, filling, f"{filling.table}.xlsx") for filling in FILLINGS]


def test_filled_in_and_twice_adds_nothing(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    filled = all_filled_in(forms, db)
    imported(zlxl, db, *filled)
    before = db.read_bytes()
    done = zlxl("import", db, *filled, "--write", *TODAY)
    assert (done.code, db.read_bytes()) == (0, before), done.out


def test_saved_by_another_program(zlxl: Run, db: Path, forms: Mapping[str, Path], here: Path) -> None:
    """A copy re-saved by LibreOffice says the same."""
    imported(zlxl, db, *recalculate(all_filled_in(forms, db), here / "另存"))


def test_rows_above_and_columns_before(zlxl: Run, db: Path, forms: Mapping[str, Path], here: Path) -> None:
    (here / "移动").mkdir()
    filled = all_filled_in(forms, db)
    imported(zlxl, db, *(moved(form, here / "移动" / form.name, down=7, right=3) for form in filled))


def test_typed_anew(zlxl: Run, db: Path, here: Path) -> None:
    """Labels and values below each other, boxes of every kind, dates as text."""
    signs = ("□■", "☐√", "○●", "□☑", "□✔")
    forms = zip(FILLINGS, signs, strict=True)
    imported(zlxl, db, *(retyped(here / f"{f.table}.xlsx", f, some) for f, some in forms))


def test_blank_forms_are_told(zlxl: Run, db: Path) -> None:
    """Nobody filled them in: nothing is taken for a value, neither notes nor headings."""
    for form in FORMS:
        assert zlxl("form", form.title, "-o", "空").code == 0
    done = zlxl("import", db, "空", *TODAY)
    assert done.code == 3
    assert done.err.count("是空白表单") == len(FORMS)
    assert "合计：新增 0 行，更新 0 行，未变 0 行，已存在 0 行，未导入 0 行。" in done.out


def test_prefilled_forms_say_nothing_of_their_own(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    """Notes and headings below a blank are not its value."""
    told = zlxl("import", db, *forms.values(), *TODAY).out
    words = ("填好后", "由审核组", "以下由", "监审费用为", "尊敬的", "一、")
    assert [word for word in words if word in told] == []


SURVEY_FORM, EVALUATION_FORM, *_, NOTICE_FORM = FILLINGS


def changed(path: Path, change: Any) -> Path:
    """The form after somebody did something to its sheet."""
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)
    return path


def test_two_boxes_ticked(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    form = form_for(forms, db, SURVEY_FORM)
    cell = {}

    def tick(sheet):
        box = tick_cell(sheet, "公正客观", "一般")
        box.value, cell["row"] = ON, box.row

    done = zlxl("import", db, changed(form, tick), "--write", *TODAY)
    assert done.code == 1
    assert "勾选了 2 项：满意、一般" in done.out
    assert f"M{cell['row']} " in done.out
    assert "回收日期" not in content(db, "满意度调查")[0]


def test_nothing_ticked_is_told(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    """It is a blank answer, and the cell is named."""
    form = form_for(forms, db, SURVEY_FORM)
    cell = {}

    def untick(sheet):
        box = next(c for row in sheet for c in row if c.value == ON)
        box.value, cell["row"] = OFF, box.row

    done = zlxl("import", db, changed(form, untick), "--write", *TODAY)
    assert done.code == 0
    assert f"没有填写或勾选：受理咨询与信息提供（M{cell['row']}）" in done.out
    assert "受理咨询与信息提供" not in content(db, "满意度调查")[0]


def test_too_few_answers_make_it_invalid(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    few = Filling(
        form=SURVEY_FORM.form,
        table=SURVEY_FORM.table,
        known=SURVEY_FORM.known,
        written={"填表日期": date(2026, 11, 20)},
        ticked={"公正客观": ("满意",)},
        expected={"问卷有效性": "无效", "无效原因": "应答题目少于 60%"},
    )
    imported(zlxl, db, form_for(forms, db, few), fillings=[few])


def test_what_the_office_wrote_stays(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    """The day on the form is not the day it came back, where that is known."""
    form = form_for(forms, db, SURVEY_FORM)
    office = Filling(
        form=SURVEY_FORM.form,
        table=SURVEY_FORM.table,
        known=SURVEY_FORM.known,
        written={"回收日期": date(2026, 11, 23), "问卷有效性": "有效"},
    )
    imported(zlxl, db, retyped(db.with_name("登记.xlsx"), office), fillings=[office])
    assert zlxl("import", db, form, "--write", *TODAY).code == 0
    assert _plain(content(db, "满意度调查")[0]["回收日期"]) == "2026-11-23"


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("运行过程控制", 7, "超出范围"),
        ("评价日期", "十一月", "评价日期"),
        ("一般不符合数", "两项", "一般不符合数"),
    ],
)
def test_what_cannot_be_is_rejected_with_its_cell(
    zlxl: Run, db: Path, forms: Mapping[str, Path], label: str, value: object, words: str
) -> None:
    wrong = Filling(
        form=EVALUATION_FORM.form,
        table=EVALUATION_FORM.table,
        known=EVALUATION_FORM.known,
        written={**EVALUATION_FORM.written, label: value},
        ticked=EVALUATION_FORM.ticked,
    )
    form = form_for(forms, db, wrong)
    book = openpyxl.load_workbook(form)
    at = next(cell.coordinate for row in book.active for cell in row if cell.value == value)
    done = zlxl("import", db, form, *TODAY)
    assert done.code == 1
    assert words in done.out
    assert f"{at} " in done.out


def test_number_lost_is_told_by_the_hidden_lines(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    form = form_for(forms, db, NOTICE_FORM)

    def wipe(sheet):
        for row in sheet:
            for cell in row:
                if cell.value == "FW2026-0007" and not sheet.row_dimensions[cell.row].hidden:
                    cell.value = None

    imported(zlxl, db, changed(form, wipe), fillings=[NOTICE_FORM])


def test_number_changed_is_refused(zlxl: Run, db: Path, forms: Mapping[str, Path]) -> None:
    form = form_for(forms, db, NOTICE_FORM)

    def change(sheet):
        next(c for row in sheet for c in row if c.value == "FW2026-0007").value = "FW2026-0008"

    done = zlxl("import", db, changed(form, change), *TODAY)
    assert done.code == 1
    assert "两个不同的编号：FW2026-0008、FW2026-0007" in done.out


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_answers_to_an_item_of_ones_own(zlxl: Run, here: Path) -> None:
    """An item added to 评价准则 goes into the column that the office added to the table."""
    criteria = [
        {"group": "满意度题目", "item": item, "weight": weight, "enabled": "是"}
        for item, weight in (("公正客观", 50.0), ("线上服务体验", 50.0))
    ]
    path = here / "库.xlsx"
    write_workbook(new_workbook({"客户台账": [CLIENT], "满意度调查": [SURVEY], "评价准则": criteria}), path)
    filling = Filling(
        form=SURVEY_FORM.form,
        table=SURVEY_FORM.table,
        known=SURVEY_FORM.known,
        written={"填表日期": date(2026, 11, 20)},
        ticked={"公正客观": ("满意",), "线上服务体验": ("一般",)},
    )
    assert zlxl("form", filling.form, path, "--all", "-o", "表.xlsx", *TODAY).code == 0
    form = here / "表.xlsx"
    fill(form, filling)
    assert "未导入的列：线上服务体验" in zlxl("import", path, form, *TODAY).out
    add_column(path, "满意度调查", "线上服务体验")
    assert zlxl("import", path, form, "--write", *TODAY).code == 0
    assert content(path, "满意度调查")[0]["线上服务体验"] == "一般"


def add_column(path: Path, sheet: str, header: str) -> None:
    """A further column of the table, as the office adds it."""
    book = openpyxl.load_workbook(path)
    table = book[sheet].tables[sheet]
    area = openpyxl.worksheet.cell_range.CellRange(table.ref)
    book[sheet].cell(area.min_row, area.max_col + 1).value = header
    area.expand(right=1)
    table.ref = table.autoFilter.ref = area.coord
    column = openpyxl.worksheet.table.TableColumn(id=len(table.tableColumns) + 1, name=header)
    table.tableColumns.append(column)
    book.save(path)


def test_several_forms_in_one_workbook(zlxl: Run, here: Path) -> None:
    """A form on each sheet, as --book gives them."""
    path = here / "库.xlsx"
    second = {**CLIENT, "certificate_no": "01623E00015R0M", "system": "EMS"}
    write_workbook(new_workbook({"客户台账": [CLIENT, second]}), path)
    assert zlxl("form", EVALUATION_FORM.form, path, "--all", "--book", "-o", "全.xlsx", *TODAY).code == 0
    book = openpyxl.load_workbook(here / "全.xlsx")
    for sheet in book:
        row = next(cell.row for line in sheet for cell in line if cell.value == "审核日期")
        sheet.cell(row, 13).value = date(2026, 11, 18)
    book.save(here / "全.xlsx")
    assert zlxl("import", path, here / "全.xlsx", "--write", *TODAY).code == 0
    assert [row["体系"] for row in content(path, "有效性评价")] == ["QMS", "EMS"]


def test_circled_numbers_are_levels(zlxl: Run, db: Path) -> None:
    """④ on a scale of five is 满意."""
    circled = Filling(
        form=SURVEY_FORM.form,
        table=SURVEY_FORM.table,
        known=SURVEY_FORM.known,
        written={"公正客观": "④", "沟通与态度": "5分", "推荐意愿": "⑨", "回收日期": date(2026, 11, 20)},
    )
    form = retyped(db.with_name("圈.xlsx"), circled)
    assert zlxl("import", db, form, "--write", *TODAY).code == 0
    (row,) = content(db, "满意度调查")
    assert (row["公正客观"], row["沟通与态度"], row["推荐意愿"]) == ("满意", "很满意", 9)


@pytest.mark.parametrize("planned_meanwhile", [False, True])
def test_the_receipt_of_an_audit_that_was_not_planned_makes_or_fills_its_row(
    zlxl: Run, here: Path, *, planned_meanwhile: bool
) -> None:
    """Also where ``zlxl plan`` has made the row since the notice went out."""
    database = here / "库.xlsx"
    write_workbook(new_workbook({"客户台账": [CLIENT]}), database)
    assert zlxl("form", "预通知", database, "--all", "-o", "回执.xlsx", *TODAY).code == 0
    answer = {"现场联系人": "王丽", "回执日期": date(2026, 11, 24)}
    filling = Filling(form="", table="", known={}, written=answer, ticked={"回执意见": ("接受",)})
    fill(here / "回执.xlsx", filling)
    if planned_meanwhile:
        assert zlxl("plan", database, "--write", *TODAY).code == 0
    before = len(content(database, "服务计划"))
    done = zlxl("import", database, "回执.xlsx", "--write", *TODAY)
    assert done.code == 0, done.out + done.err
    rows = content(database, "服务计划")
    assert len(rows) == before + (0 if planned_meanwhile else 1)
    (row,) = (row for row in rows if row.get("回执意见") == "接受")
    assert (row["服务类型"], row["合同编号"]) == ("监督审核", "ZL20230015-Q")
    assert row["服务状态"] == ("未安排" if planned_meanwhile else "已安排")
    assert row["计划编号"].startswith("FW")


def typed(path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> Path:
    """A form that somebody typed anew."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merges:
        book.active.merge_cells(area)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an audit planned and a questionnaire sent."""
    path = tmp_path_factory.mktemp("held") / "库.xlsx"
    rows = {"客户台账": [CLIENT], "服务计划": [PLAN], "满意度调查": [SURVEY]}
    write_workbook(new_workbook(rows), path)
    return path


@pytest.fixture
def database(held: Path, here: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copy(held, here / "库.xlsx"))


def test_a_questionnaire_typed_in_full_width_signs_comes_back(zlxl: Run, here: Path, database: Path) -> None:
    """Its number with another dash, its labels in another order, words with full stops."""
    typed(
        here / "回收.xlsx",
        [
            ["认证客户满意度调查表"],
            ["企业名称：", NUMBER["企业名称"], None, "问卷编号：", "ＭＹ２０２６－０００３"],
            ["填写人：王丽　　　填表日期：２０２６．１１．２０"],
            *([item, "满意。"] for item in ITEMS[:-2]),
            [ITEMS[-2], "很满意！"],
            [ITEMS[-1], "一般"],
        ],
    )
    assert zlxl("import", database, "回收.xlsx", "--write", *TODAY).code == 0
    (row,) = content(database, "满意度调查")
    told = (row[ITEMS[0]], row[ITEMS[-2]], row["回收日期"], row["问卷有效性"])
    assert told == ("满意", "很满意", date(2026, 11, 20), "有效")


def test_a_receipt_cut_off_and_typed_anew_tells_the_objection(zlxl: Run, here: Path, database: Path) -> None:
    """The lower half alone, without the title of the form; the reason goes to the remarks of the row."""
    typed(
        here / "回执.xlsx",
        [
            ["回 执 单"],
            ["合同编号：ZL20230015-Q"],
            ["计划编号： FW2026-0007"],
            ["回执意见", "□接受  ☑不接受  □待定"],
            ["异议及理由", "审核组长与本公司有竞争关系"],
            ["回执日期", "2026年11月23日"],
        ],
    )
    assert zlxl("import", database, "回执.xlsx", "--write", *TODAY).code == 0
    (row,) = content(database, "服务计划")
    told = (row["回执意见"], row["备注"], row["回执日期"])
    assert told == ("不接受", "审核组长与本公司有竞争关系", date(2026, 11, 23))


def test_letters_typed_over_boxes_are_ticks_also_without_merged_cells(
    zlxl: Run, here: Path, database: Path
) -> None:
    assert zlxl("form", "预通知", database, "--all", "-o", "回执.xlsx", *TODAY).code == 0
    book = openpyxl.load_workbook(here / "回执.xlsx")
    sheet = book.active
    tick_cell(sheet, "回执意见", "接受").value = "X"
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(area.coord)
    sheet.insert_rows(1, 6)
    book.save(here / "回执.xlsx")
    assert zlxl("import", database, "回执.xlsx", "--write", *TODAY).code == 0
    assert content(database, "服务计划")[0]["回执意见"] == "接受"


def test_a_contract_typed_anew_in_words_and_ten_thousands(zlxl: Run, here: Path, database: Path) -> None:
    typed(
        here / "合同.xlsx",
        [
            ["管理体系认证合同"],
            ["合同编号", "ZL20230015-Q"],
            ["甲方（企业名称）", NUMBER["企业名称"]],
            ["合同体系", "QMS"],
            ["初审费用", "￥1.8万元"],
            ["监审费用", "8,000.00元"],
            ["签订日期", "二〇二六年十一月二十日"],
            ["合同状态", "履行中"],
            ["合同评审日期", "2026-11-18"],
            ["合同评审结论", "通过"],
        ],
    )
    assert zlxl("import", database, "合同.xlsx", "--write", *TODAY).code == 0
    (row,) = content(database, "合同")
    told = (row["企业名称"], row["初审费用"], row["监审费用"], row["签订日期"])
    assert told == (NUMBER["企业名称"], 18000, 8000, date(2026, 11, 20))


def test_a_number_that_nobody_gave_out_is_told_at_its_cell(zlxl: Run, here: Path, database: Path) -> None:
    """What the form lacks would stand in the row of that number."""
    typed(
        here / "回收.xlsx",
        [
            ["认证客户满意度调查表"],
            ["问卷编号", "MY2026-0099"],
            ["合同编号", "ZL20230015-Q"],
            ["企业名称", NUMBER["企业名称"]],
            *([item, "满意"] for item in ITEMS),
        ],
    )
    done = zlxl("import", database, "回收.xlsx", *TODAY)
    assert (done.code, "B2 库中没有“问卷编号”为“MY2026-0099”的行。" in done.out) == (1, True)
