"""Grades: cases reckoned by hand from domain.md 4."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.books import TODAY, book, certificate
from zlxl.figures.grade import change_of, deduction_of, grades_of, history_of, score_of
from zlxl.figures.grade_criteria import Criteria, rounded
from zlxl.tables.policy import shipped_context

CRITERIA = Criteria.of((), shipped_context(TODAY))
ITEMS = tuple(CRITERIA.items)
POINTS = st.sampled_from([None, 0, 0.5, 1, 2, 2.5, 3, 4, 4.5, 5])
COUNTS = st.integers(0, 12)


def form(points=4.0, **cells):
    return {
        "evaluation_no": "PJ2026-0001",
        "contract_no": "ZL20250001-Q",
        "client": certificate()["client"],
        "system": "QMS",
        "audited_on": date(2026, 6, 1),
        **dict.fromkeys(ITEMS, points),
        **cells,
    }


def graded(*forms, clients=None, today=TODAY, **tables):
    ledger = [certificate()] if clients is None else clients
    return grades_of(book({"客户台账": ledger, "有效性评价": forms, **tables}, today))


def last(*forms, **options):
    (company,) = graded(*forms, **options).companies
    return company.standings[-1].last


def test_points_weigh_to_a_hundred():
    assert sum(CRITERIA.items.values()) == 100
    assert last(form()).total == 80  # 100 x 4/5
    found = last(form(operation=3, performance=5))  # 80 - 20/5 + 12/5
    assert (found.total, found.grade) == (78.4, "B")


@pytest.mark.parametrize(
    ("major", "minor", "repeated", "deducted"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 8),
        (0, 3, 0, 6),
        (0, 7, 0, 10),  # capped
        (2, 1, 0, 18),
        (0, 2, 1, 5),  # 2 x 2 + 1
        (1, 0, 1, 12),  # 8 x 1.5
        (2, 1, 2, 23),  # 2 x 8 + 4 for a major one repeated, 3 for the minor one
        (0, 5, 5, 10),
        (0, 0, 4, 0),  # nothing there that could repeat
    ],
)
def test_nonconformities_cost_points(major, minor, repeated, deducted):
    assert deduction_of(CRITERIA, major, minor, repeated) == deducted


@pytest.mark.parametrize(
    ("points", "minor", "grade"),
    [
        *((5, 5, "A"), (4.5, 0, "A"), (4.5, 1, "B"), (3.75, 0, "B")),
        *((3.5, 0, "C"), (3, 0, "C"), (3, 1, "D"), (0, 0, "D")),
    ],
)
def test_a_band_begins_at_its_lower_limit(points, minor, grade):
    assert last(form(points, minor=minor)).grade == grade


@pytest.mark.parametrize(
    ("cells", "grade"),
    [
        ({"major": 1, "major_closed": "否"}, "C"),
        ({"major": 1}, "C"),  # nobody says that it is closed
        ({"major": 1, "major_closed": "是"}, "A"),
        ({"accident": "是"}, "C"),
        ({"penalty": "是"}, "C"),
        ({"spot_check": "是"}, "C"),
        ({"false_material": "是"}, "D"),
        ({"resumed": "是"}, "C"),
        ({"accident": "否"}, "A"),
        ({"accident": "是", "false_material": "是"}, "D"),
    ],
)
def test_a_veto_caps_the_grade(cells, grade):
    assert last(form(5, **cells)).grade == grade


def test_a_veto_of_an_incident_ends_after_twelve_months():
    old = form(5, accident="是", audited_on=date(2025, 11, 24))
    assert last(old).grade == "C"
    assert last(old, today=date(2026, 11, 25)).grade == "A"


def test_a_suspended_certificate_is_of_the_lowest_grade():
    found = last(form(5), clients=[certificate(status="暂停", suspended_on=date(2026, 10, 1))])
    assert (found.grade, found.vetoes) == ("D", ("暂停中",))


APPROVED = {"adjustment_reason": "获质量奖", "approver": "李主任"}


def test_other_information_moves_the_grade_by_one_with_reason_and_approver():
    assert last(form(adjustment="升一级", **APPROVED)).grade == "A"
    assert last(form(adjustment="降一级", **APPROVED)).grade == "C"
    alone = last(form(adjustment="升一级", adjustment_reason="获质量奖"))
    assert (alone.grade, alone.steps) == ("B", 0)
    assert "没有调整理由或批准人" in alone.remarks[0]


def test_no_adjustment_lifts_a_grade_over_a_veto_or_off_the_scale():
    assert last(form(5, accident="是", adjustment="升一级", **APPROVED)).grade == "C"
    assert last(form(5, adjustment="升一级", **APPROVED)).grade == "A"
    assert last(form(1, adjustment="降一级", **APPROVED)).grade == "D"


def test_items_that_nobody_scored_leave_their_weight_to_the_others():
    found = last(form(4, operation=None))
    assert (found.total, found.remarks) == (80, ("运行过程控制没有评分，按其余题目的权重折算",))
    few = last(form(None, operation=5, resources=5, performance=5))  # 44 of 100
    assert (few.total, few.grade) == (None, "未评级")


def test_the_company_is_as_good_as_its_worst_system():
    ledger = [certificate(), certificate(system="EMS")]
    (company,) = graded(form(5), form(3, system="EMS"), clients=ledger).companies
    assert company.grade == "C"
    (partly,) = graded(form(5), clients=ledger).companies
    assert (partly.grade, partly.unevaluated) == ("A", ("EMS",))


def test_history_and_change_are_told():
    grades = graded(form(5, audited_on=date(2025, 6, 1)), form(4, operation=2, audited_on=date(2026, 6, 1)))
    (company,) = grades.companies
    assert (company.grade, company.before, grades.trend(company)) == ("C", "A", "降")
    (standing,) = company.standings
    assert history_of(standing) == "2025-06 A 100 → 2026-06 C 72"
    assert change_of(standing).startswith("运行过程控制 5→2；")


def test_spellings_of_a_name_are_one_client_and_what_is_over_is_left_out():
    name = str(certificate()["client"])
    assert len(graded(form(client=f" {name}　")).companies) == 1
    assert graded(form(), clients=[certificate(status="失效")]).companies == ()
    assert graded(form(audited_on=date(2027, 1, 1))).companies[0].grade == "未评级"


def test_the_teams_own_grade_is_compared():
    assert last(form(4, grade="A")).remarks == ("审核组评定为 A，按评分为 B",)


def test_criteria_of_the_workbook_hold():
    rows = [
        {"group": "有效性等级", "item": "优", "low": 70, "result": "优", "enabled": "是"},
        {"group": "有效性等级", "item": "差", "low": 0, "result": "差", "enabled": "是"},
        {"group": "有效性题目", "item": "运行过程控制", "weight": 1, "enabled": "是"},
        {"group": "有效性题目", "item": "想象的题目", "weight": 9, "enabled": "是"},
        {"group": "有效性否决", "item": "重大事故", "result": "劣", "enabled": "是"},
        {"group": "有效性扣分", "item": "满分", "value": 0, "enabled": "是"},
    ]
    grades = graded(form(0, operation=4, accident="是"), 评价准则=rows)
    assert grades.companies[0].grade == "优"
    assert any("想象的题目" in told for told in grades.remarks)
    assert any("重大事故" in told for told in grades.remarks)


@given(st.fixed_dictionaries(dict.fromkeys(ITEMS, POINTS)), COUNTS, COUNTS, COUNTS)
def test_score_and_deduction_stay_within_their_bounds(scores, major, minor, repeated):
    score = score_of(CRITERIA, scores)
    assert score is None or 0 <= score <= 100
    deduction = deduction_of(CRITERIA, major, minor, repeated)
    assert 8 * major <= deduction <= 8 * 1.5 * major + 10
    assert deduction_of(CRITERIA, major, minor, repeated + 1) >= deduction


@pytest.mark.parametrize(("value", "to"), [(2.675, 2.68), (0.125, 0.13), (89.995, 90.0), (1 / 3, 0.33)])
def test_halves_are_rounded_as_spreadsheets_do(value, to):
    assert rounded(value) == to
