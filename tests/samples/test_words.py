"""What clients say in samples."""

from zlxl.samples.database import TODAY
from zlxl.samples.words import records
from zlxl.tables.policy import shipped_context


def test_requests_speak_of_every_topic_kind_and_way():
    lists = shipped_context(TODAY).lists
    told = records("requests.csv")
    assert {row["主题"] for row in told} == set(lists["要求主题"].by_value)
    assert {row["要求内容"] for row in told} == set(lists["要求内容"].by_value)
    assert {row["收集方式"] for row in told} == set(lists["收集方式"].by_value)
    assert len({row["要求原文"] for row in told}) == len(told)
