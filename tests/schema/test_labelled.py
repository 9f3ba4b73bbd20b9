"""Forms as people lay them out: labels left of or above their values, merged cells, boxes ticked."""

from __future__ import annotations

import pytest

from tests.jobs.importing.offers import sheet
from zlxl.jobs.importing.sources import PLAIN_TABLES
from zlxl.schema.labelled import Form, read_form
from zlxl.tables.forms import FORM_TITLES


def form(rows, merges=(), typed=True) -> Form | None:
    return read_form(sheet(rows, merges=merges, typed=typed), PLAIN_TABLES, FORM_TITLES)


def record(rows, merges=()):
    found = form(rows, merges)
    assert found is not None
    cells = found.grid.cells[2]
    return found.match.table.name, {n: cells[c].value for n, c in found.match.fields.items()}


APPLICATION = [
    ["管理体系认证申请书（ZL-CX-16-01）"],
    ["*企业名称（盖章）：", "石家庄恒泰机械有限公司", None, None, "联 系 人", "王丽"],
    ["联系电话：", "0311-85551234", None, None, "体系人数", 120],
    ["申请体系：", "☑QMS  □EMS  ☑OHSMS"],
]


def test_labels_left_of_values():
    table, values = record(APPLICATION, merges=["A1:F1", "B2:D2", "B4:F4"])
    assert table == "申请受理"
    assert values == {
        "client": "石家庄恒泰机械有限公司",
        "contact": "王丽",
        "phone": "0311-85551234",
        "persons": 120.0,
        "systems": "QMS;OHSMS",
    }


def test_places_are_those_of_the_form():
    found = form(APPLICATION, merges=["A1:F1", "B2:D2", "B4:F4"])
    assert found.places == {"client": "B2", "contact": "F2", "phone": "B3", "persons": "F3", "systems": "B4"}


def test_label_and_value_in_one_cell():
    table, values = record(
        [
            ["认证客户满意度调查表"],
            ["问卷编号：MY2026-0007    合同编号：ZL20230015-Q"],
            ["企业名称：甲公司\n填写人：王丽"],
            ["下发日期：________"],
        ]
    )
    assert table == "满意度调查"
    assert values == {
        "survey_no": "MY2026-0007",
        "contract_no": "ZL20230015-Q",
        "client": "甲公司",
        "filled_by": "王丽",
    }


def test_ticks_under_headings():
    """The usual questionnaire: one line an item, one column a level."""
    _, values = record(
        [
            ["认证客户满意度调查表"],
            ["企业名称", "甲公司"],
            ["序号", "项目", "很满意", "满意", "一般", "不满意", "很不满意"],
            [1, "审核员专业能力", None, "√"],
            [2, "公正客观", "√"],
            [3, "廉洁自律", "□", "□", "☑", "□", "□"],
            [4, "沟通与态度", "□", "□", "□", "□", "□"],
        ]
    )
    assert values == {"client": "甲公司", "competence": "满意", "impartiality": "很满意", "integrity": "一般"}


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        (["□很满意", "☑满意", "□一般"], "满意"),
        (["□", "很满意", "√", "满意"], "满意"),
        (["很满意□ 满意☑ 一般□"], "满意"),
        (["很满意（ ） 满意（√） 一般（ ）"], "满意"),
        (["[ ]很满意 [x]满意"], "满意"),
        (["○很满意 ●满意 ○一般"], "满意"),
        (["☒ 满意"], "满意"),
        (["满意"], "满意"),
    ],
)
def test_ways_to_tick(cells, chosen):
    _, values = record([["满意度调查表"], ["企业名称", "甲公司"], ["总体满意度：", *cells]])
    assert values["overall"] == chosen


@pytest.mark.parametrize("cells", [["□很满意 □满意"], ["□", "很满意", "□", "满意"], ["____"], ["   "]])
def test_nothing_ticked_is_no_answer(cells):
    _, values = record(
        [["满意度调查表"], ["企业名称", "甲公司"], ["合同编号", "ZL20230015-Q"], ["总体满意度：", *cells]]
    )
    assert "overall" not in values


def test_bullets_are_text():
    _, values = record([["满意度调查表"], ["企业名称", "甲公司"], ["意见和建议：", "●快一点 ●便宜一点"]])
    assert values["suggestion"] == "●快一点 ●便宜一点"


def test_values_below_their_labels():
    table, values = record(
        [
            ["受审核方体系有效性水平评价表"],
            ["合同编号", "受审核方名称（全称）", "审核日期"],
            ["ZL20230015-Q", "甲公司", "2026-04-12"],
            ["其它渠道信息："],
            ["无处罚记录"],
        ],
        merges=["A4:C4", "A5:C5"],
    )
    assert table == "有效性评价"
    assert values["contract_no"] == "ZL20230015-Q"
    assert values["audited_on"] == "2026-04-12"
    assert values["other_information"] == "无处罚记录"


def test_empty_field_does_not_take_the_next_label():
    _, values = record(
        [["认证合同"], ["合同编号：", None], ["企业名称：", "甲公司"], ["合同状态：", "履行中"]]
    )
    assert values == {"client": "甲公司", "status": "履行中"}


def test_date_in_pieces():
    _, values = record(
        [["审核预通知/回执单"], ["企业名称", "甲公司"], ["回执日期", 2026, "年", 3, "月", 5, "日"]]
    )
    assert values["receipt_on"] == "2026年3月5日"


def test_without_a_title_the_labels_decide():
    table, values = record(
        [
            ["1、合同编号", "ZL20230015-Q", "2、企业名称", "甲公司"],
            ["3、详细地址", "河北省石家庄市", "4、邮编", "050000"],
            ["5、联系人", "王丽", "6、联系电话", "0311-85551234"],
        ]
    )
    assert table == "客户台账"
    assert len(values) == 6


def test_first_answer_counts():
    _, values = record([["认证申请书"], ["联系人", "王丽"], ["企业名称", "甲"], ["联系人", "李四"]])
    assert values["contact"] == "王丽"


def test_what_the_table_does_not_know_is_named():
    found = form([*APPLICATION, ["负责人：", "张三", "邮政编码", "050000", "网址："]])
    assert tuple(found.unknown) == ("负责人", "邮政编码")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["随便写的"], ["几行", "文字"]],
        [["企业名称", "甲公司"]],
        [["满意度调查表"], ["企业名称："], ["联系人："]],
    ],
)
def test_no_form(rows):
    assert form(rows) is None


@pytest.mark.parametrize("sign", ["v", "V", "x", "√", "✔\ufe0f", "☑", "●", "⊙"])
def test_signs_in_a_cell_of_their_own(sign):
    """People tick by what their keyboard has."""
    _, values = record(
        [
            ["认证客户满意度调查表"],
            ["企业名称", "甲公司"],
            [None, "很满意", "满意", "一般"],
            ["公正客观", None, sign],
            ["廉洁自律", sign],
        ]
    )
    assert (values["impartiality"], values["integrity"]) == ("满意", "很满意")


def test_options_on_several_lines_of_one_label():
    """A label merged over two lines means the boxes on both."""
    _, values = record(
        [
            ["管理体系认证申请书"],
            ["企业名称", "甲公司"],
            ["申请体系", "☑", "QMS", "☐", "EMS"],
            [None, "☐", "FSMS", "☑", "ISMS"],
        ],
        merges=["A3:A4"],
    )
    assert values["systems"] == "QMS;ISMS"


def test_two_ticks_are_a_doubt_where_one_is_meant():
    rows = [
        ["认证客户满意度调查表"],
        ["企业名称", "甲公司"],
        [None, "很满意", "满意", "一般"],
        ["公正客观", "☑", "☑", "☐"],
        ["廉洁自律", "☐", "☐", "☐"],
    ]
    found = form(rows)
    assert [(doubt.field, doubt.place, doubt.told) for doubt in found.doubts] == [
        ("impartiality", "B4", ("很满意", "满意"))
    ]
    assert found.blanks == {"廉洁自律": "B5"}


def test_numbers_that_differ_are_a_doubt():
    """Width and spaces are no difference."""
    rows = [
        ["认证客户满意度调查表"],
        ["问卷编号", "MY2026-0007"],
        ["企业名称", "甲公司"],
        ["问卷编号", "ＭＹ2026-0007 "],
    ]
    assert form(rows).doubts == ()
    (doubt,) = form([*rows, ["问卷编号", "MY2026-0008"]]).doubts
    assert doubt.told == ("MY2026-0007", "MY2026-0008")


def test_title_pushed_down_by_other_rows():
    pushed = [["转发"], *[["……"]] * 14, ["认证客户满意度调查表"], ["企业名称", "甲公司"], ["填写人", "王丽"]]
    assert form(pushed).match.table.name == "满意度调查"
    told = [*[["……"]] * 15, ["请各位同事把上个月收回的认证客户满意度调查表尽快整理出来"], *pushed[-2:]]
    assert form(told) is None


def test_label_that_lends_its_value():
    """The day a form was filled in stands in for the day it came back, unless that is told."""
    rows = [
        ["认证客户满意度调查表"],
        ["企业名称", "甲公司"],
        ["填写人", "王丽"],
        ["填表日期：", "2026-11-20"],
    ]
    lent = {"满意度调查": {"填表日期": "returned_on"}}

    def returned(rows):
        found = read_form(sheet(rows), PLAIN_TABLES, FORM_TITLES, lent=lent)
        return found.grid.cells[2][found.match.fields["returned_on"]].value, tuple(found.unknown)

    assert returned(rows) == ("2026-11-20", ())
    assert returned([*rows, ["回收日期：", "2026-11-23"]]) == ("2026-11-23", ("填表日期",))


def test_one_typed_under_headings_is_a_tick():
    """Under 满意 it is a tick, not the level of that number."""
    heads = ["序号", "评价项目", "很满意", "满意", "一般"]
    _, values = record([["认证客户满意度调查表"], ["企业名称", "甲公司"], heads, [1, "公正客观", None, 1]])
    assert values["impartiality"] == "满意"


def test_what_stands_below_a_place_to_write_is_no_value():
    """Values go to the right where there is room for them; notes below are notes."""
    rows = [
        ["认证客户满意度调查表"],
        ["企业名称", "甲公司", "体系", "QMS"],
        ["填写人", None, "问卷编号", None],
        ["填好后请发回市场部", None, "谢谢"],
    ]
    _, values = record(rows)
    assert set(values) == {"client", "system"}
    _, values = record([*rows[:2], ["填写人"], ["填好后请发回市场部"]], merges=["B3:D3"])
    assert set(values) == {"client", "system"}


def test_blank_form_is_a_form_and_says_so():
    found = form(
        [
            ["认证客户满意度调查表"],
            *[[label] for label in ("企业名称", "填写人", "公正客观", "廉洁自律", "总体满意度")],
        ]
    )
    assert found.blank
    assert found.places == {}
