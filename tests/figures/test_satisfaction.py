"""Figures of satisfaction, each reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tests.figures.surveyed import (
    ITEMS,
    TODAY,
    client,
    criteria,
    different_systems,
    figures,
    incident,
    source,
    survey,
)
from zlxl.decisions.opinions import Opinion
from zlxl.figures.satisfaction import correlation
from zlxl.figures.satisfaction_answers import customer_index
from zlxl.figures.satisfaction_comments import themes
from zlxl.figures.satisfaction_period import Period, quarter_of
from zlxl.grid import Cell, Kind
from zlxl.jobs.satisfaction import analyse

EXTRA = {"group": "满意度题目", "item": "网站易用", "weight": 5.0, "enabled": "是"}


def test_the_customer_index_weighs_the_items_answered() -> None:
    """15 x 100 and 85 x 80; with 公正客观 (10) not applicable the rest is weighed anew."""
    told = figures([survey(1, competence="很满意"), survey(2, competence="很满意", impartiality="不适用")])
    index = told.answers.index
    assert index.tolist() == [pytest.approx(83.0), pytest.approx((15 * 100 + 75 * 80) / 90)]
    assert told.summary.mean == pytest.approx(index.mean())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([100.0, 80.0, 60.0, 40.0, 20.0, float("nan")]), min_size=11, max_size=11))
def test_the_customer_index_is_a_mean_of_what_was_answered(scores: list[float]) -> None:
    weights = np.array([8, 7, 10, 15, 10, 10, 10, 10, 7, 6, 7.0])
    known = [(s, w) for s, w in zip(scores, weights, strict=True) if s == s]
    found = customer_index(np.array([scores]), weights)[0]
    if known:
        assert found == pytest.approx(np.average([s for s, _ in known], weights=[w for _, w in known]))
    else:
        assert isnan(found)


@pytest.mark.parametrize(("answered", "valid"), [(6, 0), (7, 1)])
def test_fewer_than_sixty_percent_answered_do_not_count(answered: int, valid: int) -> None:
    told = figures([survey(1, None, returned_on=date(2026, 7, 9), **dict.fromkeys(ITEMS[:answered], "满意"))])
    assert (told.returned, told.summary.sample) == (1, valid)


def test_invalid_ones_do_not_count() -> None:
    told = figures([survey(1), survey(2, validity="无效", invalid_why="乱填")])
    assert (told.sent, told.returned, told.summary.sample) == (2, 2, 1)


def test_of_two_answers_on_one_audit_the_latest_counts() -> None:
    again = survey(2, "一般", contract_no="ZL20260001-Q", returned_on=date(2026, 9, 1))
    told = figures([survey(1, "很满意"), again])
    assert (told.summary.sample, told.summary.mean) == (1, 60.0)


def test_without_a_quarter_the_day_of_sending_decides() -> None:
    told = figures([survey(1, quarter=None), survey(2, quarter=None, sent_on=date(2026, 10, 1))])
    assert told.sent == 1


def test_nothing_came_back() -> None:
    told = figures([survey(1, None), survey(2, None)])
    assert (told.sent, told.returned, told.summary.sample, told.verdict) == (2, 0, 0, "")
    assert told.bounds is None
    assert isnan(told.figure)


def test_due_are_certified_clients_in_their_first_cycle_that_nobody_asked() -> None:
    clients = [
        client(1),
        client(2),
        client(3, status="撤销"),
        client(4, issued_on=date(2026, 10, 8)),
        client(5, first_issued_on=date(2023, 7, 1)),
        client(6, issued_on=date(2026, 3, 2)),
    ]
    early = survey(6, sent_on=date(2026, 3, 20), quarter="2026Q1")
    told = figures([survey(1), early], clients)
    assert (told.due, told.due_sent) == (2, 1)
    assert [s.contract for s in told.subjects if s.row < 0] == ["ZL20260002-Q"]


def test_the_deduction_counts_what_is_proven_each_for_itself() -> None:
    happened = [
        incident(1, kind="重大投诉"),
        incident(2, kind="严重不满意", proof="待查"),
        incident(3, deduction=0.5),
        incident(4, kind="逾期未回复", proof="部分查实"),
        incident(5, proof="不属实"),
        incident(6, occurred_on=date(2025, 12, 31)),
    ]
    told = figures([survey(1), survey(2, "很满意")], incidents=happened, period="2026")
    assert [i.deduction for i in told.incidents] == [5.0, 0.0, 0.5, 0.5, 0.0]
    assert (told.summary.mean, told.deduction, told.annual, told.verdict) == (90.0, 6.0, 84.0, "需改进")


def test_the_deduction_is_capped_and_the_year_never_below_nothing() -> None:
    many = [incident(n, kind="重大投诉") for n in range(1, 8)]
    told = figures([survey(1)], incidents=many, period="2026")
    assert (told.total_deduction, told.deduction, told.annual) == (35.0, 20.0, 60.0)
    low = criteria(扣分上限={"value": 1000.0})
    assert figures([survey(1, "很不满意")], incidents=many, period="2026", policy=low).annual == 0.0


def test_a_quarter_is_judged_by_its_index_alone() -> None:
    told = figures([survey(1, "很满意")], incidents=[incident(1, kind="重大投诉")])
    assert (told.figure, told.verdict) == (100.0, "优")


@pytest.mark.parametrize(
    ("answers", "happened", "flag"),
    [("满意", {}, False), ("不满意", {}, True), ("满意", {"integrity": "是"}, True)],
)
def test_integrity_is_flagged_whatever_the_score(
    answers: str, happened: dict[str, object], flag: bool
) -> None:
    incidents = [incident(1, **happened)] if happened else []
    assert figures([survey(1, "很满意", integrity=answers)], incidents=incidents).integrity_flag is flag


def test_an_unproven_bribe_is_no_flag() -> None:
    assert not figures([survey(1)], incidents=[incident(1, integrity="是", proof="待查")]).integrity_flag


def test_nps_comes_from_the_question_of_0_to_10_only() -> None:
    assert figures([survey(1, "很满意")]).promoters.interval is None
    scores = (10, 9, 8, 7, 6, 0)
    told = figures([survey(n, recommendation=score) for n, score in enumerate(scores, 1)]).promoters
    assert (told.promoters, told.passives, told.detractors, told.score) == (2, 2, 2, 0.0)


def test_the_worst_and_the_best_that_the_silent_could_say() -> None:
    told = figures([survey(1), survey(2), survey(3, None), survey(4, None)])
    assert told.bounds is not None
    assert (told.bounds.index, told.bounds.share) == ((50.0, 90.0), (0.5, 1.0))


def test_a_change_within_chance_is_no_change() -> None:
    then = [survey(n, level, quarter="2026Q2") for n, level in enumerate(("满意", "很满意", "一般"), 1)]
    now = [survey(n, level) for n, level in enumerate(("满意", "很满意", "很满意"), 11)]
    more = [survey(n, None, quarter=q) for q in ("2026Q2", "2026Q3") for n in range(20, 60)]
    told = figures([*then, *now, *more])
    assert told.change_p > 0.05
    assert all(item.adjusted > 0.05 for item in told.items)
    clear = [survey(n, "满意", quarter="2026Q2") for n in range(100, 140)]
    clear += [survey(n, "很满意" if n % 8 else "满意") for n in range(200, 240)]
    assert figures([*clear, *more]).change_p < 0.001


def test_the_trend_begins_with_the_first_answers() -> None:
    told = figures([survey(1, quarter="2025Q4"), survey(2), survey(3, None, quarter="2025Q1")])
    assert [(q.name, q.summary.sample) for q in told.trend] == [
        ("2025Q4", 1),
        ("2026Q1", 0),
        ("2026Q2", 0),
        ("2026Q3", 1),
    ]


def test_groups_are_counted_with_whom_was_asked() -> None:
    told = figures(
        [survey(1), survey(2, None), survey(3, "很满意", system="EMS")],
        [client(1), client(2), client(3, province="山东省"), client(3, system="EMS", province="山东省")],
    )
    assert [(s.name, s.asked, s.sample) for s in told.segments["省份"].segments] == [
        ("河北省", 2, 1),
        ("山东省", 1, 1),
    ]
    assert {s.name for s in told.segments["体系"].segments} == {"QMS", "EMS"}
    assert [s.name for s in told.segments["专业大类"].segments] == ["18类"]
    assert [s.name for s in told.segments["地区"].segments] == ["华北", "华东"]


def test_groups_are_tested_where_their_bases_suffice() -> None:
    told = figures(different_systems())
    one = told.segments["体系"]
    index = {name: told.answers.index[[g == name for g in one.groups]] for name in ("QMS", "EMS")}
    expected = stats.kruskal(*index.values())
    assert (one.h, one.p) == (pytest.approx(expected.statistic), pytest.approx(expected.pvalue))
    assert {s.name for s in one.compared} == {"QMS", "EMS"}
    assert isnan(next(s for s in one.segments if s.name == "ISMS").p)
    assert isnan(told.segments["省份"].p)
    known = [c.p for c in told.segments.values() if not isnan(c.p)]
    assert one.adjusted == pytest.approx(multipletests(known, method="holm")[1][known.index(one.p)])


def test_an_unknown_group_is_not_compared() -> None:
    told = figures([survey(n, audit_type=None if n % 2 else "初审") for n in range(1, 41)])
    assert [s.name for s in told.segments["对应审核"].compared] == ["初审"]


def test_late_is_who_answers_after_the_time_of_reminding_or_when_reminded() -> None:
    told = figures(
        [
            survey(1, returned_on=date(2026, 7, 20)),
            survey(2, returned_on=date(2026, 7, 21)),
            survey(3, returned_on=date(2026, 7, 10), reminded_on=date(2026, 7, 9)),
            survey(4, returned_on=None),
        ]
    )
    assert told.waves.groups == ["早答", "迟答", "迟答", "（未知）"]


def test_late_answers_are_tested_against_early_ones() -> None:
    told = figures(different_systems())
    early, late = (told.answers.index[[g == name for g in told.waves.groups]] for name in ("早答", "迟答"))
    expected = stats.mannwhitneyu(early, late, use_continuity=False, method="asymptotic")
    assert told.waves.p == pytest.approx(expected.pvalue)


def test_a_group_knows_the_leader_of_its_last_audit_and_the_grade_of_the_company() -> None:
    """Of two evaluations of a contract the later one tells."""
    points = dict.fromkeys(
        ("leadership", "planning", "resources", "operation", "performance", "internal_audit"), 5
    ) | dict.fromkeys(("management_review", "correction", "improvement"), 5)
    forms = [
        {
            "evaluation_no": f"PJ2026-{n}",
            "contract_no": "ZL20260001-Q",
            "client": "石家庄恒泰1号机械有限公司",
            "system": "QMS",
            "audited_on": date(2026, month, 1),
            "leader": leader,
            **points,
        }
        for n, (month, leader) in enumerate(((6, "王组长"), (3, "李组长")), 1)
    ]
    told = figures([survey(1)], [client(1)], evaluations=forms)
    assert [list(told.segments[name].groups) for name in ("审核组长", "企业等级")] == [["王组长"], ["A"]]


def test_reminders_follow_the_timing_rules() -> None:
    sent = date(2026, 7, 6)
    rows = [
        survey(1, None, sent_on=sent),
        survey(2, None, sent_on=sent, reminded_on=date(2026, 7, 21)),
        survey(3, None, sent_on=sent, delivered="否"),
        survey(4),
    ]
    said = {
        today: [r.advice for r in figures(rows, [client(9)], today=today).reminders]
        for today in (date(2026, 7, 20), date(2026, 7, 21), date(2026, 8, 5))
    }
    assert said[date(2026, 7, 20)] == []
    assert said[date(2026, 7, 21)] == ["首次催收", "已催收，继续跟踪", "未送达，换一种方式重发"]
    assert said[date(2026, 8, 5)] == [
        "尚未下发，立即下发",
        "再次催收（从未催收）",
        "再次催收",
        "未送达，换一种方式重发",
    ]


def test_low_scores_are_items_or_the_whole() -> None:
    told = figures(
        [
            survey(1),
            survey(2, schedule="不满意", report="很不满意"),
            survey(3, overall="不满意"),
            survey(4, "很满意", integrity="不满意"),
        ]
    )
    assert [(told.answers.numbers[low.row], low.what, low.integrity) for low in told.low_scores] == [
        ("MY2026-0004", "廉洁自律", True),
        ("MY2026-0002", "审核计划与时间安排、审核发现与报告质量", False),
        ("MY2026-0003", "总体满意度", False),
    ]


def test_comments_have_the_topics_that_the_decider_of_requests_gives_them() -> None:
    """Several in one text, praise and wishes too; what it cannot decide is left to a person."""
    told = figures(
        [
            survey(1, worst="发票寄送慢", best="审核老师专业认真，特此表扬"),
            survey(2, suggestion="天气不好", worst="我要投诉审核员态度恶劣。另外，发票一直没收到，请补寄"),
        ]
    )
    assert [(c.field, c.topics, c.read.escalates) for c in told.comments] == [
        ("worst", ("发票开具与补寄",), False),
        ("worst", ("对审核员行为投诉", "发票开具与补寄"), True),
        ("suggestion", ("待人工",), False),
        ("best", ("表扬转达",), False),
    ]
    assert "投诉" in told.comments[1].read.why
    assert [(theme.name, theme.count("worst"), len(theme.comments)) for theme in themes(told.comments)] == [
        ("发票开具与补寄", 2, 2),
        ("对审核员行为投诉", 1, 1),
        ("表扬转达", 0, 1),
        ("待人工", 0, 1),
    ]


def test_a_model_decides_what_phrases_do_not() -> None:
    class Model:
        def predict(self, texts: Sequence[str]) -> list[Opinion]:
            return [Opinion(probabilities={"意见建议登记": 0.99}) for _ in texts]

    told = analyse(source([survey(1, worst="天气不好")]), Period.parse("2026Q3"), TODAY, model=Model())
    assert told.figures.comments[0].topics == ("意见建议登记",)


@pytest.mark.parametrize("text", ["无", "没有", "暂无意见", "—", " / ", "没有意见和建议。", "无不满意之处"])
def test_an_answer_that_says_nothing_is_no_comment(text: str) -> None:
    assert figures([survey(1, worst=text)]).comments == ()


@pytest.mark.parametrize("text", ["没有收到发票", "无人接电话", "没有建议书模板", "都没有回复"])
def test_an_answer_that_begins_with_nothing_but_says_something_is_one(text: str) -> None:
    assert len(figures([survey(1, worst=text)]).comments) == 1


def test_the_criteria_of_the_workbook_hold() -> None:
    changed = criteria(
        审核员专业能力={"enabled": "否"},
        满意={"value": 85.0},
        满意率界限={"value": 90.0},
        公正客观={"weight": 30.0},
    )
    told = figures([survey(1, impartiality="很满意")], policy=changed)
    assert len(told.items) == 10
    assert told.summary.mean == pytest.approx((30 * 100 + 75 * 85) / 105)
    assert told.summary.satisfied == 0


def test_an_item_without_column_is_told() -> None:
    assert figures([survey(1)], policy=[*criteria(), EXTRA]).criteria.unknown == ("网站易用",)


def test_an_item_with_a_column_of_the_bodys_own_counts() -> None:
    """The form bears such an item, and its answers go to the column of that name."""
    asked = source([survey(1), survey(2)], policy=[*criteria(), EXTRA])
    surveys = asked.sheets[0]
    header = surveys.list_objects()[0].area.top
    width = max(surveys.cells[header])
    for row, text in zip(range(header, header + 3), ("网站易用", "很满意", "一般"), strict=True):
        surveys.cells[row][width + 1] = Cell(kind=Kind.TEXT, value=text)
    told = analyse(asked, Period.parse("2026Q3"), TODAY).figures
    assert told.criteria.unknown == ()
    assert told.items[-1].counts == (1, 0, 1, 0, 0)
    assert told.answers.index.tolist() == [
        pytest.approx((100 * 80 + 5 * 100) / 105),
        pytest.approx((100 * 80 + 5 * 60) / 105),
    ]


def test_what_does_not_apply_is_no_missing_answer() -> None:
    some = dict.fromkeys(ITEMS[:8], "不适用")
    told = figures([survey(1, **some), survey(2, None, returned_on=date(2026, 7, 9), report="满意")])
    assert told.answers.counted.tolist() == [True, False]


def test_importance_is_derived_where_enough_answered() -> None:
    few = figures([survey(1, overall="满意")])
    assert (few.derived, few.items[3].importance) == (False, 15.0)
    levels = ("很满意", "满意", "一般")
    many = figures([survey(n, levels[n % 3], overall=levels[n % 3]) for n in range(1, 61)])
    assert many.derived
    assert many.items[0].importance == pytest.approx(1.0)


def test_a_correlation_is_numpys() -> None:
    one, other = np.array([1, 2, np.nan, 4, 3.0]), np.array([2, 1, 5, np.nan, 6.0])
    assert correlation(one, other) == pytest.approx(np.corrcoef([1, 2, 3], [2, 1, 6])[0, 1])
    assert isnan(correlation(np.array([1.0, 1.0]), np.array([1.0, 2.0])))


def test_periods_have_days_and_a_period_before() -> None:
    first, year = Period.parse("2026q1"), Period.parse(" 2026 ")
    assert (first.start, first.end, str(first.previous)) == (date(2026, 1, 1), date(2026, 3, 31), "2025Q4")
    assert (year.start, year.end, str(year.previous)) == (date(2026, 1, 1), date(2026, 12, 31), "2025")
    assert year.trend[0] == "2025Q1"
    assert year.trend[-1] == "2026Q4"
    assert (first.chinese, quarter_of(date(2026, 12, 31))) == ("2026年第一季度", "2026Q4")
    for wrong in ("2026Q5", "26", "2026Q", "第三季度"):
        with pytest.raises(ValueError, match=wrong):
            Period.parse(wrong)
