"""Similar requests of one topic."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from zlxl.decisions.grouping import Item, grouped
from zlxl.decisions.text import Synonyms

TEXTS = (
    "证书快递单号多少",
    "请告诉证书的快递单号",
    "证书快递单号是多少啊",
    "寄到新厂区的地址",
    "证书破了一角，能换吗",
)
ITEMS = [Item(key=str(n), text=text, topic="证书邮寄与查询") for n, text in enumerate(TEXTS)]
OTHER = Item(key="5", text=TEXTS[0], topic="发票开具与补寄")


def parts(items, threshold=0.25):
    return {frozenset(group.keys) for group in grouped(items, threshold, Synonyms())}


def test_paraphrases_meet_and_others_stay_alone():
    assert {frozenset("012"), frozenset("3"), frozenset("4")} == parts(ITEMS)


def test_topics_are_never_mixed():
    assert frozenset("5") in parts([*ITEMS, OTHER])


def test_what_differs_from_client_to_client_does_not_matter():
    items = [
        Item(key="1", text="石家庄恒泰机械有限公司3月5日汇了3000元", topic=""),
        Item(key="2", text="保定朔晟电子有限公司11月16日汇了800元", topic=""),
    ]

    assert {frozenset("12")} == parts(items, 0.95)


def test_a_group_is_named_after_its_commonest_text():
    items = [*ITEMS[:3], Item(key="6", text=TEXTS[1], topic=ITEMS[0].topic)]

    assert [TEXTS[1]] == [group.text for group in grouped(items, 0.25, Synonyms())]


@given(st.randoms(use_true_random=False), st.floats(0, 1))
def test_order_does_not_matter_and_nothing_is_lost(random: Random, threshold: float):
    shuffled = [*ITEMS, OTHER]
    random.shuffle(shuffled)

    found = parts(shuffled, threshold)

    assert parts([*ITEMS, OTHER], threshold) == found
    assert sorted("012345") == sorted(key for part in found for key in part)


def test_nothing_gives_nothing():
    assert grouped([], 0.5, Synonyms()) == []
