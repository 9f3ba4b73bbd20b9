"""The bench of decisions reads texts with and without a clerk's class, and reports on both."""

import pytest

from tests.benchmarks.bench_classify import Bench, lines
from tests.decisions.measures import judged
from tests.tables.judging import TODAY
from zlxl.decisions.decide import decider_of
from zlxl.decisions.evaluation import NONE
from zlxl.tables.policy import shipped_context

AUTHORITIES = decider_of((), shipped_context(TODAY)).authorities

WITH_CLASS = """编号,组,文本,主题,类别,渠道,特征
X1,G1,你们能保证通过认证吗？,保证通过认证,a,微信,口语
X2,G2,"我要投诉审核员，
他吃拿卡要",对审核员行为投诉,c,邮件,
X3,G3,发票还没有收到，请补寄,发票开具与补寄,c,微信,口语;错别字
X4,G4,在吗,,,微信,
"""
WITHOUT_CLASS = """编号,组,文本,主题,渠道,特征
Y1,H1,发票还没有收到，请补寄,发票开具与补寄,邮件,
Y2,H2,发票没收到，另外能保证通过认证吗,发票开具与补寄;保证通过认证,邮件,双重诉求
"""


@pytest.fixture
def files(tmp_path):
    """A file with the column 类别, and one without."""
    paths = []
    for name, text in (("one.csv", WITH_CLASS), ("two.csv", WITHOUT_CLASS)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8-sig")
        paths.append(str(path))
    return paths


def test_the_class_is_the_clerks_and_without_one_that_of_the_most_severe_topic(files):
    first, second = (judged(file, AUTHORITIES) for file in files)

    assert [one.wanted for one in first] == ["a", "c", "c", NONE]
    assert first[1].example.text == "我要投诉审核员，\n他吃拿卡要"
    assert [one.wanted for one in second] == ["b", "a"]


def test_the_report_counts_every_text_once_a_file_and_once_a_kind(files):
    report = list(lines(Bench.of(files, TODAY, None)))

    counts = next(line for line in report if line.startswith("texts"))
    assert counts.split()[-6:] == ["4,", "1", "2,", "0", "6,", "1"]
    assert next(line for line in report if line.startswith("微信")).split()[1] == "3"
    assert next(line for line in report if line.startswith("双重诉求")).split()[1] == "1"
    assert any("1 of 1" in line for line in report if line.startswith("邮件"))
