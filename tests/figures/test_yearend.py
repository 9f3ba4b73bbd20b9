"""The requests and measures of a year: in time or late, reported or not (4.6)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.figures.books import book
from tests.figures.test_needs import request
from zlxl.figures.improvements import measures_of
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.yearend import Group, YearEnd, yearend

YEAR = Period(year=2026)


def year(*rows: dict[str, object], groups: tuple[Group, ...] = ()) -> YearEnd:
    """The year of these requests."""
    return yearend(book({"客户要求": rows}), YEAR, groups)


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "按期办结"),
        ({"closed_on": date(2026, 5, 12)}, "逾期办结"),
        ({"closed_on": date(2026, 5, 12), "waiting_days": 1.0}, "按期办结"),
        ({"closed_on": None, "state": "处理中"}, "逾期未办"),
        ({"closed_on": None, "state": "处理中", "due_on": date(2026, 12, 1)}, "未到期"),
        ({"closed_on": None, "state": "已办结"}, "未定"),
        ({"state": "已撤回"}, "撤回"),
        ({"due_on": None}, "按期办结"),  # class b: three working days
        ({"due_on": None, "confirmed_class": None, "confirmed_topic": None}, "未定"),
    ],
)
def test_a_request_is_in_time_or_late(changed: dict[str, object], outcome: str) -> None:
    """By its deadline, that of its class, and the days that the client was waited for."""
    (one,) = year(request(1, **changed)).asked
    assert one.outcome == outcome


def test_only_the_year_counts_and_what_has_no_day_is_told() -> None:
    """Requests of other years, of tomorrow and without a day."""
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 24), date(2026, 11, 25), None)
    found = year(*(request(n, received_on=day) for n, day in enumerate(days, 1)))
    assert [one.number for one in found.asked] == ["YQ2026-0002", "YQ2026-0003"]
    assert "1 条没有可识别的接收日期" in found.remarks[0]
    assert found.before["证书邮寄与查询"] == 1


def test_what_is_to_be_reported_at_once() -> None:
    """Marked, reported, or of a topic that demands it; with its state and its working days."""
    found = year(
        request(1),
        request(2, common="是"),
        request(3, improvement="是", fed_back_to="主管副总", fed_back_on=date(2026, 5, 8)),
        request(4, confirmed_topic="流程改进共性建议", fed_back_to="主管副总", feedback_reply="同意"),
    ).feedback
    told = [(one.asked.number[-1], one.why, one.state, one.days) for one in found]
    assert told == [
        ("2", "共性问题", "未反馈", None),
        ("3", "流程改进建议", "未答复", 2),
        ("4", "主题“流程改进共性建议”", "已答复", None),
    ]


def test_a_problem_knows_months_clients_and_stage() -> None:
    """Its requests are those of its rows."""
    group = Group(
        topic="证书邮寄与查询",
        text="寄错了",
        rows=frozenset({("客户要求", 2), ("客户要求", 4)}),
        owner="制证部",
        fed_back_to=(),
        noted=(),
    )
    rows = [request(1), request(2), request(3, received_on=date(2026, 9, 1))]
    (problem,) = year(*rows, groups=(group,)).problems
    assert (problem.months, len(problem.clients)) == ((5, 9), 2)
    assert (problem.stage, problem.owner) == ("未反馈", "制证部")


@pytest.mark.parametrize(
    ("due", "done", "status", "state"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), "已完成", "按期完成"),
        (date(2026, 6, 1), date(2026, 6, 2), "已验证", "逾期完成"),
        (date(2026, 6, 1), None, "实施中", "逾期未完成"),
        (date(2026, 12, 1), None, "实施中", "未到期"),
        (None, None, "待批准", "未定"),
        (date(2026, 6, 1), None, "取消", "取消"),
    ],
)
def test_the_state_of_a_measure_follows_from_its_dates(
    due: date | None, done: date | None, status: str, state: str
) -> None:
    """Whatever a person wrote beside them, but for 取消."""
    row = {
        "measure_no": "GJ1",
        "year": 2026.0,
        "problem": "问题",
        "measure": "措施",
        "due_on": due,
        "done_on": done,
        "status": status,
    }
    (measure,) = measures_of(book({"改进措施": [row]}), YEAR)
    assert measure.state == state


def test_measures_of_earlier_years_are_carried_over_until_they_are_done() -> None:
    """Those finished before the year or cancelled are not."""
    rows = [
        {"measure_no": number, "year": 2025.0, "measure": "措施", "done_on": done, "status": status}
        for number, done, status in (
            ("开", None, "实施中"),
            ("年内", date(2026, 2, 1), "已完成"),
            ("年前", date(2025, 12, 1), "已完成"),
            ("取消", None, "取消"),
        )
    ]
    assert [m.number for m in measures_of(book({"改进措施": rows}), YEAR)] == ["开", "年内"]
