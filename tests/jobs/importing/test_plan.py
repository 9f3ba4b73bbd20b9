"""What becomes of every row of a source: right table, right row, judged as it would stand, never twice."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.jobs.importing.offers import (
    CLIENT,
    REQUEST,
    TODAY,
    carried_out,
    database,
    log_of,
    of,
    planned,
    reasons,
    sheet,
    source,
)
from zlxl.jobs.importing.edits import edits_of
from zlxl.jobs.importing.plan import ImportPlan
from zlxl.jobs.importing.rows import Mode
from zlxl.jobs.importing.sources import offered, told_apart
from zlxl.jobs.importing.values import plain
from zlxl.jobs.importing.words import as_json, counted, lines
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book, validate
from zlxl.schema.values import PENDING, ErrorValue, StoredNumber

OTHER = {**CLIENT, "contract_no": "ZL20230016-Q", "certificate_no": "01623Q00016R0M", "client": "乙公司"}
LEDGER = {"客户台账": [CLIENT]}


def counts(plan: ImportPlan) -> dict[str, int]:
    """Fates of the rows of the only outcome."""
    (outcome,) = plan.outcomes
    return {name: count for name, count in counted(outcome, plan).items() if count}


def new_rows(plan: ImportPlan):
    return [row.values for row in edits_of(plan).rows]


def changed(plan: ImportPlan):
    return {(c.row, c.column): c.value for c in edits_of(plan).cells}


# --- the right table ---


def test_synonyms_find_the_table():
    headers = ["合同号", "证书号", "单位名称", "受理时间", "审核日期", "状态", "省份", "联系人", "手机号码"]
    row = [
        "ZL20230016-Q",
        "01623Q00016R0M",
        "乙公司",
        "2023年3月1日",
        "2023/4/10",
        "有效",
        "河北",
        "李",
        "１３８00138000",
    ]
    plan = planned(database(LEDGER), source(sheet([headers, row])))
    assert new_rows(plan) == [
        {
            "合同编号": "ZL20230016-Q",
            "证书编号": "01623Q00016R0M",
            "企业名称": "乙公司",
            "受理申请时间": date(2023, 3, 1),
            "审核时间": date(2023, 4, 10),
            "状态": "有效",
            "企业省份": "河北省",
            "联系人": "李",
            "联系电话": "13800138000",
        }
    ]
    assert plan.outcomes[0].recovered == 4


def test_told_table_needs_few_headers():
    told = source(sheet([["合同编号", "联系电话"], ["ZL20230015-Q", "13800138000"]]))
    db = database(LEDGER)
    assert planned(db, told).sources[0].reason is not None
    assert changed(planned(db, told, table="客户台账")) == {(2, 15): "13800138000"}


def test_policy_tables_are_imported_when_told_only():
    lists = of("码表", {"list_name": "状态", "value": "待定", "enabled": "是"})
    plan = planned(database({}), lists)
    assert "规定表须用 --table 指明才导入" in plan.sources[0].remarks[0]
    assert plan.outcomes == ()
    told = planned(database({}), lists, table="码表")
    assert reasons(told.outcomes[0]) == ["数据库中没有“码表”这张表。"]


def test_neither_table_nor_form_is_said_plainly():
    plan = planned(database({}), source(sheet([["随便", "写的"], ["几个", "字"]])))
    assert "既不是数据表，也不是表单" in plan.sources[0].reason


def test_columns_without_a_place_are_named():
    headers = [
        "合同编号",
        "企业名称",
        "合同状态",
        "合同编号",
        "我的列",
        "空列",
        "库里有的列",
        "经办人",
        "备注",
    ]
    row = ["ZL20230015-Q", CLIENT["client"], "待评审", "X", "y", None, "z"]
    db = database(LEDGER)
    contracts = next(grid for grid in db.sheets if grid.sheet == "合同")
    contracts.cells[1][40] = sheet([["库里有的列 "]]).cells[1][1]
    plan = planned(db, source(sheet([headers, row])))
    assert plan.outcomes[0].ignored == ("合同编号（D1）", "我的列")
    assert new_rows(plan)[0]["库里有的列"] == "z"


def test_form_is_one_record():
    form = source(
        sheet(
            [
                ["认证客户满意度调查表"],
                ["合同编号：", "ZL20230015-Q", "企业名称：", CLIENT["client"]],
                ["下发日期", "2026年7月6日", "下发方式", "☑网络 □传真"],
                ["审核员专业能力", "□很满意 ☑满意 □一般"],
                ["网址：", "www"],
            ]
        ),
        path="收/调查表.xlsx",
    )
    db = database(LEDGER)
    plan = planned(db, form)
    assert counts(plan) == {"added": 1}
    assert plan.outcomes[0].ignored == ("网址",)
    assert new_rows(plan)[0] == {
        "问卷编号": "MY2026-0001",
        "合同编号": "ZL20230015-Q",
        "企业名称": CLIENT["client"],
        "下发日期": date(2026, 7, 6),
        "下发方式": "网络",
        "审核员专业能力": "满意",
    }
    after = carried_out(db, plan)
    assert log_of(after)[0]["变更原因"] == "导入自 调查表.xlsx"
    assert counts(planned(after, form)) == {"existing": 1}


def test_form_with_a_fault_names_the_cell_of_the_form():
    form = source(
        sheet(
            [["满意度调查表"], ["合同编号", "ZL20239999-Q"], ["企业名称", "甲"], ["下发日期", "2026-13-01"]]
        )
    )
    (outcome,) = planned(database(LEDGER), form).outcomes
    assert [(r.cell, r.rule) for given in outcome.rejected for r in given.reasons] == [("B4", "ZL152")]


# --- the right row ---


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.INSERT, {"added": 1, "existing": 1}),
        (Mode.UPDATE, {"updated": 1, "rejected": 1}),
        (Mode.UPSERT, {"added": 1, "updated": 1}),
    ],
)
def test_modes(mode, expected):
    plan = planned(database(LEDGER), of("客户台账", {**CLIENT, "contact": "李四"}, OTHER), mode=mode)
    assert counts(plan) == expected


def test_same_row_is_unchanged():
    plan = planned(database(LEDGER), of("客户台账", CLIENT))
    assert counts(plan) == {"unchanged": 1}
    assert not edits_of(plan)


def test_update_writes_what_is_filled():
    plan = planned(
        database(LEDGER),
        of(
            "客户台账",
            {"contract_no": "ZL20230015-Q", "contact": None, "phone": "13800138000", "status": "有效"},
        ),
    )
    assert changed(plan) == {(2, 15): "13800138000"}


def test_clear_empties_too_but_not_what_is_required():
    row = {
        "contract_no": "ZL20230015-Q",
        "client": CLIENT["client"],
        "status": "有效",
        "postcode": None,
        "address": "",
    }
    held = {"客户台账": [{**CLIENT, "address": "河北省石家庄市"}]}
    told = source(
        sheet(
            [["合同编号", "企业名称", "状态", "详细地址"], ["ZL20230015-Q", CLIENT["client"], "有效", None]]
        )
    )
    assert changed(planned(database(held), told, clear=True)) == {(2, 12): None}
    assert changed(planned(database(held), told)) == {}
    needed = source(
        sheet([["合同编号", "企业名称", "状态", "联系人"], ["ZL20230015-Q", CLIENT["client"], "有效", None]])
    )
    (outcome,) = planned(database(held), needed, clear=True).outcomes
    assert reasons(outcome) == ["“联系人”为空（每行必填）。"]
    assert row


def test_certificate_number_filled_in_later_finds_its_row():
    applied = {**CLIENT, "certificate_no": None, "status": "审核中"}
    plan = planned(database({"客户台账": [applied]}), of("客户台账", CLIENT))
    assert counts(plan) == {"updated": 1}
    assert changed(plan) == {(2, 2): "01623Q00015R0M", (2, 10): "有效"}


def test_a_row_that_may_be_two_is_rejected():
    both = {
        "客户台账": [
            {**CLIENT, "contract_no": "ZL20230015-QE"},
            {**CLIENT, "contract_no": "ZL20230015-QE", "system": "EMS", "certificate_no": "01623E00015R0M"},
        ]
    }
    told = of(
        "客户台账",
        {"contract_no": "ZL20230015-QE", "contact": "李", "phone": "13800138000", "status": "有效"},
    )
    (outcome,) = planned(database(both), told).outcomes
    assert reasons(outcome) == ["在库中对应多行：客户台账第 2 行、客户台账第 3 行。"]


def test_certificate_alone_finds_its_row():
    told = source(
        sheet(
            [
                ["证书编号", "企业名称", "联系人", "联系电话"],
                ["01623Q00015R0M", CLIENT["client"], "李", "13800138000"],
            ]
        )
    )
    assert changed(planned(database(LEDGER), told)) == {(2, 14): "李", (2, 15): "13800138000"}


def test_rows_that_differ_about_one_row_are_all_rejected():
    plan = planned(database(LEDGER), of("客户台账", {**CLIENT, "contact": "李"}, {**CLIENT, "contact": "赵"}))
    assert counts(plan) == {"rejected": 2}
    assert reasons(plan.outcomes[0])[0] == "与回收表.xlsx 第 3 行指的是同一行，但“联系人”不同。"


def test_rows_that_complete_each_other_make_one():
    plan = planned(
        database({}), of("客户台账", {**CLIENT, "postcode": None}, {**CLIENT, "postcode": "050000"})
    )
    assert counts(plan) == {"added": 1, "unchanged": 1}
    assert new_rows(plan)[0]["邮编"] == "050000"


# --- judged as it would stand ---


def test_a_cell_that_cannot_be_read_rejects_its_row_alone():
    plan = planned(database({}), of("客户台账", {**CLIENT, "applied_on": "2023-02-30"}, OTHER))
    assert counts(plan) == {"added": 1, "rejected": 1}
    (reason,) = plan.outcomes[0].rejected[0].reasons
    assert (reason.rule, reason.cell, reason.column, reason.value) == (
        "ZL152",
        "D2",
        "受理申请时间",
        "2023-02-30",
    )


@pytest.mark.parametrize("value", [PENDING, ErrorValue("#N/A")])
def test_unknown_values_are_rejected(value):
    assert counts(planned(database({}), of("客户台账", {**CLIENT, "contact": value}))) == {"rejected": 1}


def test_missing_required_field():
    plan = planned(database({}), of("客户台账", {**CLIENT, "phone": None}))
    assert reasons(plan.outcomes[0]) == ["“联系电话”为空（每行必填）。"]


def test_all_that_a_row_lacks_is_told_at_once():
    """One round of corrections is enough."""
    rows = [["合同编号", "联系人", "记录人", "要求原文"], ["ZL20230015-Q", "王丽", "李倩", "证书寄错了"]]
    (outcome,) = planned(database(LEDGER), source(sheet(rows)), table="客户要求").outcomes
    assert {"“接收日期”", "“企业名称”", "“要求内容”"} <= {
        text[: text.index("为空")] for text in reasons(outcome)
    }


def test_certificate_of_another_row():
    plan = planned(database(LEDGER), of("客户台账", {**OTHER, "certificate_no": "01623Q00015R0M"}))
    assert reasons(plan.outcomes[0]) == ["证书编号“01623Q00015R0M”重复出现，另见 客户台账!B2。"]


def test_certificate_twice_in_the_source():
    plan = planned(database({}), of("客户台账", CLIENT, {**OTHER, "certificate_no": "01623Q00015R0M"}))
    assert reasons(plan.outcomes[0]) == [
        "证书编号“01623Q00015R0M”重复出现，另见 回收表.xlsx 第 3 行。",
        "证书编号“01623Q00015R0M”重复出现，另见 回收表.xlsx 第 2 行。",
    ]


def test_contract_that_is_imported_along_counts():
    requests = of("客户要求", REQUEST, {**REQUEST, "contract_no": "ZL20239999-Q"}, path="要求.xlsx")
    plan = planned(database({}), of("客户台账", CLIENT), requests)
    assert [counted(outcome, plan)["added"] for outcome in plan.outcomes] == [1, 1]
    assert reasons(plan.outcomes[1]) == ["合同编号“ZL20239999-Q”在客户台账中找不到。"]


def test_what_refers_to_a_rejected_row_is_rejected():
    plan = planned(
        database({}), of("客户台账", {**CLIENT, "phone": None}), of("客户要求", REQUEST, path="要求.xlsx")
    )
    assert plan.rejected == 2


def test_rows_that_would_outvote_the_database_are_rejected():
    """Two rows of another name would make the right one the odd one out."""
    more = [
        {
            **CLIENT,
            "client": "甲",
            "system": s,
            "certificate_no": f"01623{s[0]}00077R0M",
            "contract_no": "ZL20230015-QEO",
        }
        for s in ("EMS", "OHSMS")
    ]
    more[1]["certificate_no"] = "01623S00077R0M"
    held = {"客户台账": [{**CLIENT, "contract_no": "ZL20230015-QEO"}]}
    plan = planned(database(held), of("客户台账", *more))
    assert counts(plan) == {"rejected": 2}
    assert reasons(plan.outcomes[0])[0].startswith("导入后客户台账第 2 行会有错误：")


def test_old_faults_of_a_row_do_not_stop_its_update():
    plan = planned(
        database({"客户台账": [{**CLIENT, "province": "火星"}]}),
        of(
            "客户台账",
            {"contract_no": CLIENT["contract_no"], "phone": "13800138000", "contact": "李", "status": "有效"},
        ),
    )
    assert counts(plan) == {"updated": 1}


def test_warnings_go_in_and_are_counted():
    plan = planned(database({}), of("客户台账", {**CLIENT, "client": "=1+1公司"}))
    assert counts(plan) == {"added": 1}
    assert plan.outcomes[0].warnings["ZL106"] == 1


# --- never a formula ---


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"])
def test_formula_like_text_is_text_under_a_text_format(text):
    plan = planned(database({}), of("客户台账", {**CLIENT, "client": text}))
    (row,) = edits_of(plan).rows
    assert row.values["企业名称"] == text
    assert row.number_formats["企业名称"] == "@"
    held = planned(database(LEDGER), of("客户台账", {**CLIENT, "client": text}))
    (change,) = edits_of(held).cells
    assert (change.value, change.number_format) == (text, "@")


def test_typed_values():
    row = {**CLIENT, "initial_fee": "18,000元", "persons": "１２０", "postcode": 50000.0}
    (new,) = new_rows(planned(database({}), of("客户台账", row)))
    assert (new["初审费用"], new["体系人数"], new["邮编"]) == (18000, 120, "050000")
    assert new["受理申请时间"] == date(2023, 3, 1)


# --- numbers of our own, and twice ---


def test_next_number_and_nothing_twice():
    held = {**LEDGER, "客户要求": [{**REQUEST, "request_no": "YQ2026-0041", "text": "另一件事"}]}
    db = database(held)
    told = of("客户要求", REQUEST, {**REQUEST, "text": "第二件事"}, REQUEST)
    plan = planned(db, told)
    assert [row["编号"] for row in new_rows(plan)] == ["YQ2026-0042", "YQ2026-0043"]
    assert counts(plan) == {"added": 2, "unchanged": 1}
    again = planned(carried_out(db, plan), told)
    assert counts(again) == {"existing": 3}
    assert not edits_of(again)


def test_a_row_that_was_worked_on_since_is_not_added_again():
    db = database(LEDGER)
    after = carried_out(db, planned(db, of("客户要求", REQUEST)))
    requests = next(grid for grid in after.sheets if grid.sheet == "客户要求")
    columns = {cell.value: column for column, cell in requests.cells[1].items()}
    requests.cells[2][columns["要求状态"]] = sheet([["已办结"]]).cells[1][1]
    assert counts(planned(after, of("客户要求", REQUEST))) == {"existing": 1}
    requests.cells[2][columns["要求原文"]] = sheet([["补充后的原文"]]).cells[1][1]
    assert counts(planned(after, of("客户要求", REQUEST))) == {"existing": 1}


def test_a_row_that_was_undone_is_added_again():
    db = database(LEDGER)
    after = carried_out(db, planned(db, of("客户要求", REQUEST)))
    requests = next(grid for grid in after.sheets if grid.sheet == "客户要求")
    requests.cells[2].clear()
    assert counts(planned(after, of("客户要求", REQUEST))) == {"added": 1}


def test_number_without_a_date_is_of_today():
    (new,) = new_rows(
        planned(
            database({}),
            of(
                "申请受理",
                {
                    "client": "甲",
                    "contact": "王",
                    "phone": "13800138000",
                    "systems": "QMS",
                    "scope": "机械",
                    "persons": 5.0,
                },
            ),
        )
    )
    assert new["申请编号"] == "SQ2026-0001"


def test_evaluation_without_number_is_found_by_contract_system_and_day():
    held = {
        "evaluation_no": "PJ2026-0007",
        "contract_no": "ZL20230015-Q",
        "client": CLIENT["client"],
        "system": "QMS",
        "audited_on": datetime(2026, 4, 12),
        "leadership": 4.0,
    }
    told = {**held, "evaluation_no": None, "leadership": 5.0}
    plan = planned(database({**LEDGER, "有效性评价": [held]}), of("有效性评价", told))
    assert counts(plan) == {"updated": 1}


def test_provenance():
    db = database(LEDGER)
    after = carried_out(db, planned(db, of("客户台账", {**CLIENT, "contact": "李四"}, OTHER)))
    told = [(line["行标识"], line["字段"], line["变更原因"]) for line in log_of(after)]
    assert told == [
        ("ZL20230015-Q", "联系人", "导入自 回收表.xlsx 第 2 行"),
        ("ZL20230016-Q", "新增行", "导入自 回收表.xlsx 第 3 行"),
    ]


FEW = ("客户台账", "客户要求", "变更记录")
CONTRACTS = st.sampled_from(["ZL20230015-QE", "ZL20230016-QE"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "contract_no": CONTRACTS,
            "certificate_no": st.sampled_from([None, "01623Q00015R0M", "01623E00015R0M", "01623Q00016R0M"]),
            "system": st.sampled_from([None, "QMS", "EMS"]),
            "status": st.sampled_from(["受理", "有效"]),
            "client": st.sampled_from(["甲公司", "乙公司"]),
            "contact": st.sampled_from(["王丽", None, "=1"]),
        }
    ).map(lambda row: {**CLIENT, **row}),
    max_size=5,
)
ASKED = st.lists(
    st.fixed_dictionaries(
        {
            "request_no": st.sampled_from([None, "YQ2026-0002", "YQ2025-0001"]),
            "text": st.sampled_from(["要发票", "改地址"]),
            "state": st.sampled_from(["待确认", "处理中", "等待客户"]),
            "received_on": st.sampled_from([datetime(2026, 5, 6), datetime(2025, 5, 6), "2026-5"]),
        }
    ).map(lambda row: {**REQUEST, "contract_no": None, **row}),
    max_size=5,
)


HELD = {**REQUEST, "contract_no": None, "request_no": "YQ2026-0041", "text": "要发票"}
CHANGED = {**HELD, "text": "改地址"}
REPEATED = {**HELD, "request_no": None}


@pytest.mark.parametrize("told", [(CHANGED, REPEATED), (REPEATED, CHANGED)])
def test_a_row_that_repeats_what_another_changes_is_rejected_with_it(told):
    """Imported once more it would repeat nothing that is left, and be added."""
    db = database({"客户要求": [HELD]}, only=FEW)
    plan = planned(db, of("客户要求", *told))
    assert counts(plan) == {"rejected": 2}
    first, second = (2, 3) if told[0] is CHANGED else (3, 2)
    assert set(reasons(plan.outcomes[0])) == {
        f"要改客户要求第 2 行的“要求原文”；而回收表.xlsx 第 {second} 行没有“编号”，内容同那一行改前，"
        "分不清是不是同一件事。",
        f"没有“编号”，内容同客户要求第 2 行；而回收表.xlsx 第 {first} 行要改那一行的“要求原文”，"
        "分不清是不是同一件事。",
    }


def test_a_row_that_repeats_two_is_known_while_one_stays():
    db = database({"客户要求": [HELD, {**HELD, "request_no": "YQ2026-0042"}]}, only=FEW)
    told = of("客户要求", CHANGED, REPEATED)
    plan = planned(db, told)
    assert counts(plan) == {"updated": 1, "existing": 1}
    assert not edits_of(planned(carried_out(db, plan), told))


def test_a_row_that_repeats_what_moves_on_is_known():
    db = database({"客户要求": [HELD]}, only=FEW)
    told = of("客户要求", {**HELD, "state": "等待客户"}, REPEATED)
    plan = planned(db, told)
    assert counts(plan) == {"updated": 1, "existing": 1}
    assert not edits_of(planned(carried_out(db, plan), told))


def test_a_new_row_equal_to_one_that_repeats_what_another_changes_is_rejected_too():
    db = database({"客户要求": [HELD]}, only=FEW)
    plan = planned(db, of("客户要求", CHANGED, REPEATED, {**HELD, "request_no": "YQ2026-0050"}))
    assert counts(plan) == {"rejected": 3}
    assert "内容同回收表.xlsx 第 3 行，那一行没有“编号”，分不清是不是同一件事。" in reasons(plan.outcomes[0])


def test_a_row_that_was_imported_before_is_known_whatever_changes_what_it_repeats():
    db = database({}, only=FEW)
    after = carried_out(db, planned(db, of("客户要求", REPEATED)))
    told = of("客户要求", {**CHANGED, "request_no": "YQ2026-0001"}, REPEATED)
    plan = planned(after, told)
    assert counts(plan) == {"updated": 1, "existing": 1}
    assert not edits_of(planned(carried_out(after, plan), told))


def test_a_row_without_number_is_updated_by_the_key_that_the_import_leaves():
    """In either order, else importing once more would find what the first time did not."""
    held = {
        "evaluation_no": "PJ2026-0007",
        "contract_no": "ZL20230015-Q",
        "client": CLIENT["client"],
        "system": "QMS",
        "audited_on": datetime(2026, 4, 12),
    }
    moved = {**held, "audited_on": datetime(2026, 4, 13)}
    filled = {**moved, "evaluation_no": None, "leadership": 5.0}
    db = database({**LEDGER, "有效性评价": [held]})
    for told in (of("有效性评价", moved, filled), of("有效性评价", filled, moved)):
        plan = planned(db, told, mode=Mode.UPDATE)
        assert {change.value for change in edits_of(plan).cells} == {date(2026, 4, 13), 5}
        assert not edits_of(planned(carried_out(db, plan), told, mode=Mode.UPDATE))


def test_an_empty_cell_and_a_filled_one_of_one_evaluation_differ_when_empty_ones_clear():
    """The row without a number would fill the other once, and be known from then on."""
    told = {
        "contract_no": "ZL20230015-Q",
        "client": CLIENT["client"],
        "system": "QMS",
        "audited_on": datetime(2026, 4, 12),
    }
    filled = of("有效性评价", {**told, "evaluation_no": "PJ2026-0007"}, {**told, "leadership": 5.0})
    db = database(LEDGER)
    assert counts(planned(db, filled, clear=True)) == {"rejected": 2}
    assert counts(planned(db, filled)) == {"added": 1, "unchanged": 1}


LONGER = {**REPEATED, "recorded_by": "张敏"}
OURS = {**REPEATED, "request_no": "YQ2026-0002"}


def test_a_list_sent_again_with_more_columns_fills_the_rows_it_shares_the_others_with():
    """It says so, changes nothing that is held, and is known from then on."""
    after = carried_out(db := database({}, only=FEW), planned(db, of("客户要求", REPEATED)))
    told = of("客户要求", {**LONGER, "state": "等待客户"})
    plan = planned(after, told)
    assert counts(plan) == {"updated": 1}
    assert [change.value for change in edits_of(plan).cells] == ["张敏"]
    assert any(
        "（没有编号，按共有的列认出，只补填空白）  记录人 （空） → 张敏" in line for line in lines(plan)
    )
    (row,) = as_json(plan)["sources"][0]["tables"][0]["updated"]
    assert row["found_by"] == "shared columns"
    assert counts(planned(carried_out(after, plan), told)) == {"existing": 1}


def test_rows_that_would_fill_one_row_differently_are_new_as_before():
    """And one that may mean two rows; which of them is meant nobody knows."""
    db = database({"客户要求": [HELD]}, only=FEW)
    assert counts(planned(db, of("客户要求", LONGER, {**LONGER, "recorded_by": "李强"}))) == {"added": 2}
    twice = database({"客户要求": [HELD, {**HELD, "request_no": "YQ2026-0042"}]}, only=FEW)
    assert counts(planned(twice, of("客户要求", LONGER))) == {"added": 1}


def test_a_row_that_differs_in_a_column_both_fill_is_new():
    db = database({"客户要求": [{**HELD, "recorded_by": "李强"}]}, only=FEW)
    assert counts(planned(db, of("客户要求", {**LONGER, "department": "审核部"}))) == {"added": 1}


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS, ASKED, ASKED)
@example([], [], [HELD], [CHANGED, REPEATED])
def test_importing_twice_changes_nothing(held, told, asked, told_asked):
    db = database({"客户台账": held, "客户要求": asked}, only=FEW)
    sources = [of("客户台账", *told)] * bool(told) + [of("客户要求", *told_asked, path="要求.xlsx")] * bool(
        told_asked
    )
    plan = planned(db, *sources)
    again = planned(carried_out(db, plan), *sources)
    assert edits_of(again).rows == ()
    assert edits_of(again).cells == ()


ALIKE = st.lists(
    st.fixed_dictionaries(
        {
            "request_no": st.sampled_from([None, "YQ2026-0002", "YQ2025-0001"]),
            "state": st.sampled_from(["待确认", "等待客户"]),
        },
        optional={"remark": st.sampled_from(["乙", "丙"]), "recorded_by": st.sampled_from(["甲", None])},
    ).map(lambda row: {**REPEATED, **row}),
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(ALIKE, ALIKE, ALIKE, st.booleans(), st.sampled_from(Mode))
@example([], [{**LONGER, "state": "等待客户"}, REPEATED, OURS], [], False, Mode.UPSERT)
@example([], [{**OURS, "remark": "乙"}], [REPEATED, LONGER, OURS], True, Mode.UPSERT)
@example([HELD], [LONGER], [REPEATED], True, Mode.UPSERT)
def test_importing_what_is_nearly_alike_twice_changes_nothing(held, first, second, clear, mode):
    """Whatever states, further columns and numbers tell rows of one content apart."""
    db = database({"客户要求": held}, only=FEW)
    sources = [of("客户要求", *some, path=f"{n}.xlsx") for n, some in enumerate((first, second)) if some]
    plan = planned(db, *sources, clear=clear, mode=mode)
    again = edits_of(planned(carried_out(db, plan), *sources, clear=clear, mode=mode))
    assert again.rows == ()
    assert not again.cells or (plan.rejected and mode is Mode.UPDATE)  # what was unclear may be clear now


MEMO = [
    ["客户要求登记表"],
    ["接收日期", "2026-11-20", "企业名称", CLIENT["client"]],
    ["要求内容", "意见和建议", "收集方式", "电话沟通"],
    ["要求原文", "请把证书寄到新地址"],
]


@pytest.mark.parametrize("more", [[], [["要求状态", None]]])
def test_a_request_that_comes_in_without_a_state_waits_for_confirmation(more):
    """On a form; its content kind is a value although a questionnaire has a label of that name."""
    plan = planned(database(LEDGER), source(sheet([*MEMO, *more], name="登记表")))
    (row,) = new_rows(plan)
    assert (row["要求状态"], row["要求内容"], row["编号"]) == ("待确认", "意见和建议", "YQ2026-0001")


def test_a_list_without_the_column_too_but_not_one_that_leaves_it_empty():
    stateless = {name: value for name, value in HELD.items() if name != "state"}
    db = database({}, only=FEW)
    assert counts(planned(db, of("客户要求", stateless))) == {"added": 1}
    assert counts(planned(db, of("客户要求", {**stateless, "state": None}))) == {"rejected": 1}


def test_a_presumed_state_changes_none_that_is_told():
    """Neither that of the database nor that of another row of the same import."""
    stateless = {name: value for name, value in HELD.items() if name != "state"}
    db = database({"客户要求": [{**HELD, "state": "等待客户"}]}, only=FEW)
    assert counts(planned(db, of("客户要求", stateless))) == {"unchanged": 1}
    empty = database({}, only=FEW)
    both = planned(
        empty, of("客户要求", stateless), of("客户要求", {**HELD, "state": "等待客户"}, path="二.xlsx")
    )
    assert [row["要求状态"] for row in new_rows(both)] == ["等待客户"]


@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS)
def test_an_import_brings_no_error(held, told):
    db = database({"客户台账": held}, only=FEW)
    after = carried_out(db, planned(db, of("客户台账", *told) if told else of("客户台账", CLIENT)))

    def errors(book):
        report = validate(book, Settings(today=TODAY))
        return {(f.rule, f.cell) for f in report.findings if f.severity == "error" and f.sheet == "客户台账"}

    assert errors(after) <= errors(db)


def test_json_holds_every_row():
    plan = planned(
        database(LEDGER), of("客户台账", {**CLIENT, "contact": "李四"}, {**OTHER, "phone": None}, CLIENT)
    )
    told = as_json(plan)
    (table,) = told["sources"][0]["tables"]
    assert told["summary"] == {"added": 0, "updated": 0, "unchanged": 0, "existing": 0, "rejected": 3}
    assert table["rejected"][0]["reasons"][0]["column"] == "联系人"


def test_the_count_of_a_list_is_no_number_of_ours():
    """序号 1, 2, 3 of a second list must not overwrite rows of the first."""
    held = {**LEDGER, "客户要求": [{**REQUEST, "request_no": "YQ2026-0041", "text": "另一件事"}]}
    headers = ["序号", "接收日期", "合同编号", "企业名称", "要求内容", "收集方式", "要求原文", "要求状态"]
    row = [
        1,
        *(
            REQUEST[name]
            for name in ("received_on", "contract_no", "client", "content_kind", "way", "text", "state")
        ),
    ]
    plan = planned(database(held), source(sheet([headers, row])))
    assert [new["编号"] for new in new_rows(plan)] == ["YQ2026-0042"]
    assert plan.outcomes[0].ignored == ("序号",)


def test_numbered_questions_of_a_questionnaire():
    headers = [
        "问卷编号",
        "合同编号",
        "企业名称",
        "下发日期",
        "下发方式",
        "1、审核员专业能力",
        "Q2.公正客观",
        "来自IP",
    ]
    row = [
        "MY2026-0007",
        "ZL20230015-Q",
        CLIENT["client"],
        datetime(2026, 7, 6),
        "网络",
        "满意",
        "很满意",
        "1.2.3.4",
    ]
    plan = planned(database(LEDGER), source(sheet([headers, row])))
    assert (new_rows(plan)[0]["审核员专业能力"], new_rows(plan)[0]["公正客观"]) == ("满意", "很满意")
    assert plan.outcomes[0].ignored == ("来自IP",)


def test_files_of_one_name_are_called_by_their_path():
    db = database(LEDGER)
    book = read_book(db, Settings(today=TODAY))
    files = [of("客户台账", OTHER, path=f"{month}月/回收.xlsx") for month in (1, 2)]
    sources = told_apart([offered(file, book.context) for file in files])
    assert [one.offers[0].place(0) for one in sources] == ["1月/回收.xlsx 第 2 行", "2月/回收.xlsx 第 2 行"]
    (alone,) = told_apart(sources[:1])
    assert alone.offers[0].name == "1月/回收.xlsx"


def test_generated_sheets_are_passed_over():
    page = sheet([["满意度调查"], ["企业名称：", "甲"], ["合同编号：", "ZL20230015-Q"]], name="首页")
    plan = planned(database(LEDGER), source(page))
    assert plan.outcomes == ()
    assert plan.sources[0].remarks == ("“首页”是程序生成的工作表，未导入。",)


def test_a_sheet_of_several_is_named():
    parts = of("客户台账", CLIENT).sheets + of("客户要求", REQUEST).sheets
    plan = planned(database({}), source(*parts))
    assert [given.offer.place(0) for o in plan.outcomes for given in o.given] == [
        "回收表.xlsx“客户台账” 第 2 行",
        "回收表.xlsx“客户要求” 第 2 行",
    ]


def test_columns_of_the_users_own_are_filled_and_changed():
    db = database(LEDGER)
    ledger = next(grid for grid in db.sheets if grid.sheet == "客户台账")
    own = sheet([["片区", "回访日", "额度"], ["北区", None, 5]])
    for row in (1, 2):
        ledger.cells[row] |= {column + 50: cell for column, cell in own.cells[row].items()}
    headers = ["合同编号", "企业名称", "状态", "联系人", "片 区", "回访日", "额度"]
    known = ["ZL20230015-Q", CLIENT["client"], "有效", "王丽", "=南区", datetime(2026, 5, 6), 7]
    plan = planned(db, source(sheet([headers, known])))
    assert changed(plan) == {(2, 51): "=南区", (2, 52): date(2026, 5, 6), (2, 53): 7}
    assert [change.number_format for change in edits_of(plan).cells] == ["@", "yyyy-mm-dd", "General"]
    (table,) = as_json(plan)["sources"][0]["tables"]
    assert table["updated"][0]["changes"][0] == {"column": "片区", "old": "北区", "new": "=南区"}
    assert not edits_of(planned(carried_out(db, plan), source(sheet([headers, known]))))
    unknown = [*known[:4], ErrorValue("#N/A"), None, None]
    (outcome,) = planned(db, source(sheet([headers, unknown]))).outcomes
    assert reasons(outcome) == ["“片区”的值不明：#N/A。"]


def test_a_policy_sheet_is_no_form_whatever_it_says():
    rows = [
        ["列表", "值", "代码", "启用"],
        ["企业名称", "甲", "合同编号", "ZL1"],
        ["联系人", "乙", "联系电话", "1"],
    ]
    plan = planned(database(LEDGER), source(sheet(rows, name="码表")))
    assert plan.outcomes == ()


def test_times_and_truth_of_other_columns_stay_what_they_are():
    assert plain(datetime(2026, 5, 6, 9, 30)) == datetime(2026, 5, 6, 9, 30)
    assert plain(True) is True
    assert plain(StoredNumber(2.5, "General")) == 2.5
    assert plain(ErrorValue("#N/A")) == "#N/A"


def test_key_columns_that_the_database_lacks_tell_nothing_apart():
    """A ledger of one row a contract: rows of its systems are one row to it, today and tomorrow."""
    columns = ["合同编号", "企业名称", "受理申请时间", "状态", "企业省份", "联系人", "联系电话"]
    db = source(sheet([columns], name="客户台账"), path="库.xlsx")
    db.sheets.append(database({}, only=["变更记录"]).sheets[0])
    rows = [
        {**CLIENT, "contract_no": "ZL20230015-QE", "system": system, "certificate_no": None}
        for system in ("QMS", "EMS")
    ]
    told = of("客户台账", *rows)
    plan = planned(db, told)
    assert counts(plan) == {"added": 1, "unchanged": 1}
    assert plan.outcomes[0].ignored == ("审核时间", "体系")
    assert counts(planned(carried_out(db, plan), told)) == {"unchanged": 2}


def test_a_number_that_a_rejected_row_names_is_given_to_no_other():
    """Else the row, once corrected, would overwrite the other."""
    told = of(
        "客户要求", REQUEST, {**REQUEST, "request_no": "YQ2026-0001", "text": "另一件", "state": "不明"}
    )
    (new,) = new_rows(planned(database(LEDGER), told))
    assert new["编号"] == "YQ2026-0002"
