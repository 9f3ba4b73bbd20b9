"""The policy rows of a new workbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import pytest

from tests.tables.judging import TODAY, accused, frame_of
from zlxl.schema.table import Table
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.catalog import TABLES
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.holidays import HOLIDAYS
from zlxl.tables.lists import LISTS
from zlxl.tables.phrases import PHRASES
from zlxl.tables.policy import policy_of, shipped_context
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.timing import TIMING

SHIPPED = [table for table in TABLES if table.shipped]
TOPICS = shipped_context(TODAY).lists["要求主题"]


def rows_of(table: Table, **wanted: object) -> list[Mapping[str, Any]]:
    """Shipped rows with these values."""
    return [row for row in table.shipped if all(row.get(name) == value for name, value in wanted.items())]


@pytest.mark.parametrize("table", SHIPPED, ids=lambda table: table.name)
def test_no_shipped_row_is_accused(table: Table) -> None:
    found = {number: accused(row, table.name) for number, row in enumerate(table.shipped)}
    assert {number: codes for number, codes in found.items() if codes} == {}


@pytest.mark.parametrize("table", SHIPPED, ids=lambda table: table.name)
def test_shipped_keys_are_unique_and_rows_have_a_source(table: Table) -> None:
    keys = Counter(tuple(row.get(name) for name in table.key) for row in table.shipped)
    assert [key for key, times in keys.items() if times > 1] == []
    assert all(row.get("source") for row in table.shipped)


def test_every_policy_table_ships_rows() -> None:
    assert {table.name for table in TABLES if table.policy} <= {table.name for table in SHIPPED}


def test_shipped_rows_survive_the_workbook() -> None:
    frames = [frame_of(table, [dict(row) for row in table.shipped]) for table in SHIPPED]
    there = policy_of(frames, TODAY)
    assert there.problems == ()
    assert there.context.parameters == shipped_context(TODAY).parameters
    assert there.context.lists == shipped_context(TODAY).lists


def test_lists_are_contiguous_and_named_once() -> None:
    names = [name for name, _ in groupby(str(row["list_name"]) for row in LISTS.shipped)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("known", shipped_context(TODAY).lists.values(), ids=lambda known: known.name)
def test_another_spelling_means_one_value_only(known: Any) -> None:
    meant = defaultdict(set)
    for choice in known.choices:
        for spelling in {choice.value, choice.code, *choice.aliases} - {""}:
            meant[spelling].add(choice.value)
    assert {spelling: values for spelling, values in meant.items() if len(values) > 1} == {}


def test_34_provinces_with_their_codes() -> None:
    provinces = shipped_context(TODAY).lists["省份"].choices
    assert len(provinces) == 34
    assert len({choice.code for choice in provinces}) == 34


def test_postcode_prefixes_share_nothing_but_the_true_exceptions() -> None:
    owners = defaultdict(set)
    for choice in shipped_context(TODAY).lists["省份"].choices:
        for prefix in filter(None, choice.attributes.get("邮编前缀", "").split(",")):
            owners[prefix].add(choice.value)
    assert all(len(values) == 1 for values in owners.values())
    longer = {prefix for prefix in owners if len(prefix) > 2 and not prefix.startswith("99")}
    assert longer == {"1374", "1376", "1378", "1626", "1627", "7503", "7373", "7354", "202450", "253800"}


def test_88_topics_of_three_classes() -> None:
    plain = [row for row in AUTHORITY.shipped if "condition_field" not in row]
    assert Counter(row["topic_class"] for row in plain) == {"a": 24, "b": 32, "c": 32}
    assert [row["topic"] for row in plain] == list(TOPICS.by_value)
    assert all(TOPICS.by_value[str(row["topic"])].code[0] == row["topic_class"] for row in plain)


def test_every_authority_row_can_be_acted_upon() -> None:
    headers = {header for table in TABLES for header in table.headers} | set(
        shipped_context(TODAY).parameters
    )
    for row in AUTHORITY.shipped:
        assert row["owner"]
        assert row["answer"]
        assert row["basis"]
        assert float(row["reply_days"]) <= float(row["close_days"])  # type: ignore[arg-type]
        assert ("escalate_to" in row) == (row["topic_class"] == "c")
        assert str(row.get("condition_field", "状态")) in headers


def test_the_same_words_can_move_class() -> None:
    moved = {row["rule_no"]: row["topic_class"] for row in AUTHORITY.shipped if "condition_field" in row}
    assert moved == {"B06-1": "c", "B26-1": "a", "B29-1": "c", "C07-1": "a", "C19-1": "b", "C27-1": "a"}


def test_every_topic_has_phrases() -> None:
    times = Counter(row["topic"] for row in PHRASES.shipped)
    assert set(times) == set(TOPICS.by_value)
    assert min(times.values()) >= 3


def _hit(row: Mapping[str, Any], text: str) -> bool:
    must, any_of, none_of = (
        [word for word in str(row.get(name, "")).split(";") if word] for name in ("must", "any_of", "none_of")
    )
    return (
        all(any(one in text for one in word.split("/")) for word in must)
        and (not any_of or any(word in text for word in any_of))
        and not any(word in text for word in none_of)
    )


@pytest.mark.parametrize("row", PHRASES.shipped, ids=lambda row: row["phrase_no"])
def test_the_example_of_a_phrase_is_recognised(row: Mapping[str, Any]) -> None:
    scores: Counter[str] = Counter()
    for other in PHRASES.shipped:
        if _hit(other, row["example"]):
            scores[str(other["topic"])] += int(float(str(other["weight"])) * 10)
    assert _hit(row, row["example"])
    assert scores.most_common(1)[0][0] == row["topic"]


def test_weights_sum_to_100_and_items_are_columns() -> None:
    for group, table in (("满意度题目", SURVEYS), ("有效性题目", EVALUATIONS)):
        items = rows_of(CRITERIA, group=group)
        assert sum(row["weight"] for row in items) == 100
        assert {row["item"] for row in items} <= set(table.headers)
    assert len(rows_of(CRITERIA, group="满意度题目")) == 11
    assert len(rows_of(CRITERIA, group="有效性题目")) == 9


@pytest.mark.parametrize("group", ["满意度评价", "有效性等级"])
def test_bands_leave_no_gap(group: str) -> None:
    bands = rows_of(CRITERIA, group=group)
    assert bands[-1]["low"] == 0
    assert "high" not in bands[0]
    assert [band["low"] for band in bands[:-1]] == [band["high"] for band in bands[1:]]


def test_levels_are_the_choices_and_get_their_score() -> None:
    choices = shipped_context(TODAY).lists["满意度等级"].by_value
    scores = {value: choice.attributes.get("分值") for value, choice in choices.items()}
    assert scores == {
        "很满意": "100",
        "满意": "80",
        "一般": "60",
        "不满意": "40",
        "很不满意": "20",
        "不适用": None,
    }


def test_deductions_are_the_kinds_of_incident() -> None:
    kinds = shipped_context(TODAY).lists["事件类型"].choices
    items = {row["item"] for row in rows_of(CRITERIA, group="满意度扣分")}
    assert {choice.attributes["扣分项"] for choice in kinds} == items


def test_evaluation_vetoes_are_columns_or_known() -> None:
    vetoes = {str(row["item"]) for row in rows_of(CRITERIA, group="有效性否决")}
    assert vetoes - set(EVALUATIONS.headers) == {"严重不符合未关闭", "暂停中"}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 1), "休息日"),
        (date(2026, 2, 17), "休息日"),
        (date(2026, 2, 14), "调休上班"),
        (date(2026, 10, 10), "调休上班"),
        (date(2027, 1, 1), "休息日"),
        (date(2024, 2, 10), "休息日"),
    ],
)
def test_holidays(day: date, kind: str) -> None:
    assert [row["kind"] for row in rows_of(HOLIDAYS, day=day)] == [kind]


def test_holidays_agree_with_the_calendar_package() -> None:
    calendar = pytest.importorskip("chinese_calendar")
    ours = {row["day"]: row["kind"] for row in HOLIDAYS.shipped}
    for day, kind in ours.items():
        if isinstance(day, date) and day.year < 2027:
            assert calendar.is_workday(day) == (kind == "调休上班")
    worked = [day for day in calendar.constants.workdays if 2024 <= day.year <= 2026]
    assert [day for day in worked if day not in ours] == []


def test_holidays_of_2027_await_the_notice() -> None:
    unsure = [row for row in HOLIDAYS.shipped if isinstance(row["day"], date) and row["day"].year == 2027]
    assert unsure
    assert all(row["remark"] == "待国务院通知确认" for row in unsure)


@pytest.mark.parametrize("today", [date(2019, 4, 5), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)])
def test_12_months_between_surveillances_at_any_time(today: date) -> None:
    assert shipped_context(today).number("监审最长间隔月数") == 12


def test_the_rule_of_2016_is_kept_for_its_time_only() -> None:
    old = "监审最长间隔月数（2016规则）"
    assert shipped_context(date(2025, 6, 1)).parameters[old] == "15"
    assert old not in shipped_context(TODAY).parameters
    assert rows_of(TIMING, item=old)
