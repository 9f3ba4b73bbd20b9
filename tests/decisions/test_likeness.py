"""Texts that resemble confirmed ones."""

from hypothesis import given
from hypothesis import strategies as st

from zlxl.decisions.likeness import Confirmed, Example, Likeness
from zlxl.decisions.text import Synonyms

TEXTS = ("证书快递单号多少", "发票抬头开错了", "请告诉证书的快递单号", "证书快递单号多少")
EXAMPLES = [
    Example(key=str(n), text=text, topic="证书邮寄与查询", similarity=1.0) for n, text in enumerate(TEXTS)
]
CONFIRMED = Confirmed.of(EXAMPLES, Synonyms(), 0.2)


def test_the_most_similar_come_first_and_equal_texts_once():
    (near,) = CONFIRMED.nearest(["证书的快递单号是多少"])

    assert [one.key for one in near] == ["3", "2"]
    assert near[0].similarity > near[1].similarity >= 0.2


def test_what_resembles_nothing_gets_nothing():
    assert CONFIRMED.nearest(["今天天气不错", ""]) == [(), ()]
    assert Confirmed.of([], Synonyms(), 0.2).nearest(["证书快递单号多少"]) == [()]


@given(st.text(), st.text())
def test_likeness_is_mutual_and_a_text_is_most_like_itself(one, other):
    vectors = Likeness.of([one, other]).vectors([one, other])
    alike = vectors @ vectors.T

    assert abs(alike[0, 1] - alike[1, 0]) < 1e-6
    assert alike[0, 1] <= 1 + 1e-5
    assert not one or abs(alike[0, 0] - 1) < 1e-5
