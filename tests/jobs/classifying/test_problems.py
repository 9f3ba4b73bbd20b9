"""Common problems of 客户要求, and how far they have come."""

from datetime import date, datetime

from tests.jobs.classifying.test_sheet import sheet_of
from zlxl.jobs.classifying.problems import common_problems
from zlxl.jobs.classifying.words import common_lines

ASKED = [
    {"client": "甲公司", "text": "证书快递单号多少", "received_on": datetime(2026, 5, 6)},
    {"client": "乙公司", "text": "证书快递单号是多少", "received_on": datetime(2025, 3, 4)},
    {"client": "丙公司", "text": "请问证书快递单号多少", "received_on": datetime(2026, 7, 8)},
]


def test_a_request_of_three_clients_is_a_common_problem():
    (problem,) = common_problems(sheet_of(*ASKED))

    assert (problem.topic, problem.state, problem.open) == ("证书邮寄与查询", "未反馈", 3)
    assert problem.clients == ("乙公司", "甲公司", "丙公司")
    assert (date(2025, 3, 4), date(2026, 7, 8)) == (problem.days[0], problem.days[-1])


def test_one_client_asking_three_times_is_none():
    assert common_problems(sheet_of(*({**row, "client": "甲公司"} for row in ASKED))) == []


def test_a_period_may_be_looked_at():
    sheet = sheet_of(*ASKED)

    assert common_problems(sheet, since=date(2026, 1, 1)) == []
    assert len(common_problems(sheet, since=date(2025, 1, 1), until=date(2026, 7, 8))) == 1


def test_measures_and_who_was_told_give_the_state():
    told = {**ASKED[0], "fed_back_to": "主管副总"}

    assert common_problems(sheet_of(told, *ASKED[1:]))[0].state == "已反馈，待措施"
    done = {**told, "measure": "证书寄出当天发短信"}
    (problem,) = common_problems(sheet_of(done, *ASKED[1:]))
    assert (problem.state, problem.measures) == ("有措施", ("证书寄出当天发短信",))
    assert list(common_lines([problem]))[-1] == "共性问题 1 组，其中未反馈 0 组。"


def test_praise_is_no_problem():
    praise = [{**row, "text": "审核员水平高，收获很大"} for row in ASKED]

    assert common_problems(sheet_of(*praise)) == []
