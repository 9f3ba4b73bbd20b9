"""The workbook's own policy sheets over the shipped ones, however messy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.tables.judging import TODAY, frame_of, judge
from zlxl.schema.values import PENDING, ErrorValue
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.holidays import HOLIDAYS
from zlxl.tables.lists import LISTS
from zlxl.tables.parameters import ParameterError, checked_number, checked_text
from zlxl.tables.policy import context_of, policy_of, rows_in_force, shipped_context
from zlxl.tables.timing import TIMING

SHIPPED = shipped_context(TODAY)


def item(value: str, **more: Any) -> dict[str, Any]:
    """A row of 码表, list 状态."""
    return {"list_name": "状态", "value": value, "enabled": "是", **more}


def parameter(name: str, code: Any) -> dict[str, Any]:
    """A row of 码表, list 参数."""
    return {"list_name": "参数", "value": name, "code": code, "enabled": "是"}


def rule(value: Any, name: str = "监审最长间隔月数", **more: Any) -> dict[str, Any]:
    """A row of 时限规则."""
    return {"profile": "本公司", "item": name, "value": value, "unit": "月", **more}


def test_without_sheets_the_shipped_policy_holds() -> None:
    assert context_of((), TODAY) == SHIPPED
    assert shipped_context(TODAY) is SHIPPED
    assert context_of((), TODAY, typed=False).typed is False


def test_a_list_of_the_workbook_replaces_the_shipped_one() -> None:
    there = context_of(
        [
            frame_of(
                LISTS,
                [
                    item("有效", aliases="好;在用；获证", attributes="证书编号=必填；审核时间 = 必填"),
                    item("停用", code="09"),
                ],
            )
        ],
        TODAY,
    )
    assert list(there.lists["状态"].by_value) == ["有效", "停用"]
    assert there.lists["状态"].by_alias["在用"].value == "有效"
    assert there.lists["状态"].by_alias["09"].value == "停用"
    assert there.lists["状态"].by_value["有效"].attributes == {"证书编号": "必填", "审核时间": "必填"}
    assert there.lists["省份"] == SHIPPED.lists["省份"]
    assert judge("停用", "status", context=there).code == ""
    assert judge("撤销", "status", context=there).code == "ZL140"


def test_a_new_list_is_added() -> None:
    there = context_of([frame_of(LISTS, [{"list_name": "车间", "value": "一车间", "enabled": "是"}])], TODAY)
    assert list(there.lists["车间"].by_value) == ["一车间"]


def test_a_disabled_row_is_left_out() -> None:
    there = context_of([frame_of(LISTS, [item("有效"), item("旧值", enabled="否")])], TODAY)
    assert list(there.lists["状态"].by_value) == ["有效"]


def test_a_list_disabled_wholly_falls_back() -> None:
    there = context_of([frame_of(LISTS, [item("有效", enabled="否")])], TODAY)
    assert there.lists["状态"] == SHIPPED.lists["状态"]


def test_broken_rows_are_ignored_and_told() -> None:
    rows = [
        item("有效"),
        item("有效"),
        item("暂停", attributes="没有等号;证书编号=必填"),
        {"list_name": "状态", "enabled": "是"},
        {"list_name": ErrorValue("#N/A"), "value": PENDING, "enabled": "是"},
    ]
    there = policy_of([frame_of(LISTS, rows)], TODAY)
    assert list(there.context.lists["状态"].by_value) == ["有效", "暂停"]
    assert [(problem.sheet, problem.row) for problem in there.problems] == [
        ("码表", 3),
        ("码表", 4),
        ("码表", 5),
        ("码表", 6),
    ]
    assert "重复" in there.problems[0].text


def test_parameters_override_singly() -> None:
    there = context_of([frame_of(LISTS, [parameter("机构批准号", "203；016")])], TODAY)
    assert there.body_numbers == {"203", "016"}
    assert there.contract_pattern.pattern == SHIPPED.contract_pattern.pattern


def test_the_contract_pattern_is_the_body_s() -> None:
    there = context_of([frame_of(LISTS, [parameter("合同编号格式", r"HT\d{6}")])], TODAY)
    assert judge("HT202301", "contract_no", context=there).code == ""
    assert judge("ZL20230015-QEO", "contract_no", context=there).code == "ZL110"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("合同编号格式", "ZL(["),
        ("合同编号格式", ".*"),
        ("机构批准号", "零一六"),
        ("最早日期", "很早"),
        ("最早日期", "2000-13-01"),
        ("合同编号示例", None),
        ("机构批准号", ErrorValue("#REF!")),
    ],
)
def test_a_parameter_that_cannot_be_meant_falls_back(name: str, code: object) -> None:
    there = policy_of([frame_of(LISTS, [parameter(name, code)])], TODAY)
    assert there.context.parameters[name] == SHIPPED.parameters[name]
    assert [problem.row for problem in there.problems] == [2]
    assert "沿用原值" in there.problems[0].text


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("最早日期", "2005/1/1", "2005-01-01"),
        ("最早日期", "2005年1月1日", "2005-01-01"),
        ("机构批准号", "16", "016"),
        ("机构批准号", "016、203 a1b", "016;203;A1B"),
        ("随意", "任何", "任何"),
    ],
)
def test_parameters_in_the_clerk_s_spelling(name: str, text: str, meant: str) -> None:
    assert checked_text(name, text) == meant


def test_a_date_cell_is_the_earliest_date() -> None:
    there = context_of([frame_of(LISTS, [parameter("最早日期", date(2005, 1, 1))])], TODAY)
    assert there.parameters["最早日期"] == "2005-01-01"


def test_the_profile_that_began_last_wins() -> None:
    rows = [
        rule(15, valid_until=date(2025, 12, 31)),
        rule(12, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31)),
        rule(9, valid_from=date(2027, 1, 1)),
    ]
    frames = [frame_of(TIMING, rows)]
    asked = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [context_of(frames, day).number("监审最长间隔月数") for day in asked] == [15, 12, 12, 9]


def test_of_two_rows_of_the_same_start_the_later_one_wins() -> None:
    frames = [frame_of(TIMING, [rule(10), rule(11)])]
    assert context_of(frames, TODAY).number("监审最长间隔月数") == 11


def test_a_number_for_one_system_has_its_own_name() -> None:
    there = context_of([frame_of(TIMING, [rule(6, system="EnMS;ISMS")])], TODAY)
    assert there.number("监审最长间隔月数@EnMS") == 6
    assert there.number("监审最长间隔月数") == 12


@pytest.mark.parametrize("value", ["十二", None, -1, 5000, ErrorValue("#VALUE!"), PENDING])
def test_a_number_that_cannot_be_meant_falls_back(value: object) -> None:
    there = policy_of([frame_of(TIMING, [rule(value)])], TODAY)
    assert there.context.number("监审最长间隔月数") == 12
    assert len(there.problems) == 1


def test_a_number_as_text_is_understood() -> None:
    assert context_of([frame_of(TIMING, [rule("10")])], TODAY).number("监审最长间隔月数") == 10


@pytest.mark.parametrize(
    ("name", "value"), [("", 1), ("最远日期年数", 200), ("某天数", float("1e9")), ("某月数", None)]
)
def test_numbers_no_calendar_can_hold(name: str, value: float | None) -> None:
    with pytest.raises(ParameterError):
        checked_number(name, value)


def test_scores_and_targets_come_from_the_criteria() -> None:
    rows = [
        {"group": "满意度等级", "item": "满意", "value": 85, "enabled": "是"},
        {"group": "满意度参数", "item": "满意度目标", "value": 92, "enabled": "是"},
    ]
    there = context_of([frame_of(CRITERIA, rows)], TODAY)
    levels = there.lists["满意度等级"].by_value
    assert (levels["满意"].attributes["分值"], levels["很满意"].attributes["分值"]) == ("85", "100")
    assert there.number("满意度目标") == 92


def test_scores_reach_a_level_list_of_the_workbook() -> None:
    rows = [
        {"list_name": "满意度等级", "value": value, "enabled": "是"} for value in ("满意", "不满意", "新等级")
    ]
    levels = context_of([frame_of(LISTS, rows)], TODAY).lists["满意度等级"].by_value
    assert levels["满意"].attributes == {"分值": "80"}
    assert levels["新等级"].attributes == {}


def test_rows_in_force_are_the_workbook_s_where_it_has_any() -> None:
    own = frame_of(HOLIDAYS, [{"day": date(2026, 12, 25), "kind": "休息日", "name": "厂休"}])
    assert [row.day("day") for row in rows_in_force(HOLIDAYS, [own])] == [date(2026, 12, 25)]
    assert len(rows_in_force(HOLIDAYS, [frame_of(HOLIDAYS, [])])) == len(HOLIDAYS.shipped)
    assert len(rows_in_force(HOLIDAYS)) == len(HOLIDAYS.shipped)


def test_rows_in_force_leave_out_disabled_ones_and_broken_cells() -> None:
    row = dict(AUTHORITY.shipped[0])
    frame = frame_of(
        AUTHORITY, [row, {**row, "rule_no": "X", "enabled": "否"}, {**row, "reply_days": "很快"}]
    )
    rows = rows_in_force(AUTHORITY, [frame])
    assert [(told.row, told.number("reply_days")) for told in rows] == [(2, 1.0), (4, None)]
    assert rows[0].text("topic") == row["topic"]
    assert rows[0].day("topic") is None
