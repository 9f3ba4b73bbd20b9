"""Several demands in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zlxl.decisions.demands import clause_end, clause_start, demands
from zlxl.decisions.text import normal


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("证书寄到哪里了?发票还没收到", 2),
        ("证书寄到哪里了，另外发票还没收到", 2),
        ("1、证书补寄 2、发票重开 3、电话变更", 3),
        ("(1)证书补寄；(2)发票重开", 2),
        ("证书补寄\n发票重开", 2),
        ("投标要用，开个证书有效证明", 1),
        ("请审核老师顺便帮我们写好", 1),
        ("3.5人日太多了", 1),
        ("9:30到", 1),
        ("好的。谢谢", 1),
        ("", 0),
    ],
)
def test_demands_are_told_apart_and_one_demand_stays_whole(text, parts):
    assert parts == len(demands(normal(text)))


@given(st.text(alphabet="证书发票，。；？\n1、另外还有()", max_size=40))
def test_no_word_is_lost(text):
    kept = "".join(demands(normal(text)))

    assert all(normal(text).count(c) == kept.count(c) for c in "证书发票")


def test_the_clause_of_a_position():
    assert clause_start("甲乙,丙丁,戊", 4) == 3
    assert clause_end("甲乙,丙丁,戊", 4) == 5
    assert clause_start("甲乙", 1) == 0
    assert clause_end("甲乙", 1) == 2
