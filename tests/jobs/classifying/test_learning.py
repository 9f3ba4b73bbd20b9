"""Learning from confirmed requests: what is learnt, and when a new model takes the old one's place."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tests.jobs.importing.offers import REQUEST, database
from zlxl.decisions.model import LinearModel
from zlxl.decisions.model_file import read_model, write_model
from zlxl.decisions.training import Sample, calibrated, learn, sample
from zlxl.errors import UsageError
from zlxl.jobs.classifying import learning
from zlxl.jobs.classifying.learning import OURS, THEIRS, learn_from, shipped_samples
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.tables.requests import REQUESTS

TODAY = date(2026, 9, 30)
INVOICE, MAIL, PRAISE = "发票开具与补寄", "证书邮寄与查询", "表扬转达"
OPENINGS = ("您好", "请问", "老师", "麻烦", "我司", "急")
PLAIN = {
    INVOICE: ("发票什么时候开", "发票抬头错了重开", "专用发票没收到"),
    MAIL: ("证书寄到哪里了", "证书快递单号多少", "证书没收到"),
    PRAISE: ("审核老师很专业", "服务态度好点个赞", "感谢老师认真负责"),
}
OWN = ("红本本到没到", "红本本寄了没", "红本本哪天发", "红本本走的哪家快递")  # this office's word for it


@pytest.fixture(scope="module")
def synthetic() -> list[Sample]:
    texts = (
        (f"{opening}，{text}", topic) for topic in PLAIN for opening, text in product(OPENINGS, PLAIN[topic])
    )
    return [sample(text, topic, text) for text, topic in texts]


@pytest.fixture(scope="module")
def first(synthetic: list[Sample]) -> LinearModel:
    return calibrated(learn(synthetic, None), 1.0, {THEIRS: 0.9})


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, synthetic: list[Sample]) -> None:
    """A small synthetic set without word vectors, so that learning takes no minutes."""
    monkeypatch.setattr(learning, "shipped_samples", lambda: synthetic)
    monkeypatch.setattr(learning, "shipped_embedding", lambda: None)


def confirmed(texts: Iterator[tuple[str, str]]):
    rows = [
        {
            **REQUEST,
            "request_no": f"YQ2026-{number:04}",
            "client": f"客户{number}有限公司",
            "text": text,
            "confirmed_topic": topic,
            "confirmed_class": "b",
        }
        for number, (text, topic) in enumerate(texts, 1)
    ]
    return database({REQUESTS.name: rows})


def own_words():
    """The office's own word in many sentences, confirmed as what it means here."""
    return ((f"{opening}{text}", MAIL) for opening, text in product(OPENINGS, OWN))


def test_the_offices_own_words_are_learnt(first):
    told = []
    found = learn_from(confirmed(own_words()), first, today=TODAY, progress=told.append)

    assert found.model is not None
    assert (found.confirmed, found.new) == (24, 24)
    assert found.after[OURS] >= found.before[OURS]
    assert found.model.predict(["红本本怎么还没有"])[0].probabilities[MAIL] > 0.5
    assert first.predict(["红本本怎么还没有"])[0].probabilities[MAIL] < 0.5
    assert len(found.model.learnt.confirmed) == 24
    assert len(told) == 2
    assert "客户1有限公司" not in write_model(found.model)


def test_what_was_learnt_once_is_not_new_the_second_time(first):
    book = confirmed(own_words())
    model = learn_from(book, first, today=TODAY).model
    assert model is not None

    again = learn_from(book, read_model(write_model(model)), today=TODAY)

    assert again.model is None
    assert again.new == 0
    assert "没有新确认" in again.why


def test_a_model_that_judges_new_requests_worse_is_not_taken(first):
    """The old model knew all of them; what contradicts itself cannot be learnt better."""
    texts = [
        (f"{opening}，{text}", topic) for topic in PLAIN for opening, text in product("甲乙", PLAIN[topic])
    ]
    wrong = [
        (f"{text}{number}", PRAISE if number % 2 else topic) for number, (text, topic) in enumerate(texts)
    ]
    complaint = [*texts, *wrong]

    found = learn_from(confirmed(iter(complaint)), first, today=TODAY)

    taken = found.model is not None
    assert taken == (
        found.after[OURS] >= found.before[OURS] and found.after[THEIRS] >= found.before[THEIRS] - 0.01
    )
    assert found.why


def test_a_fall_on_the_synthetic_requests_keeps_the_old_model(first):
    proud = calibrated(first, 1.0, {THEIRS: 1.5})

    found = learn_from(confirmed(own_words()), proud, today=TODAY)

    assert found.model is None
    assert "出厂示例" in found.why


def test_a_fall_on_the_new_requests_keeps_the_old_model(first, monkeypatch):
    scores = iter([0.9, 0.5, 0.9])
    monkeypatch.setattr(learning, "_macro_f1", lambda *_: next(scores))

    found = learn_from(confirmed(own_words()), first, today=TODAY)

    assert found.model is None
    assert "0.500，低于原模型的 0.900" in found.why


def test_nothing_confirmed_nothing_learnt(first):
    found = learn_from(
        database({REQUESTS.name: [{**REQUEST, "request_no": "YQ2026-0001"}]}), first, today=TODAY
    )

    assert (found.model, found.confirmed) == (None, 0)


def test_without_scikit_learn_it_is_told_what_to_install(first, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)

    with pytest.raises(UsageError, match=r"zlxl\[train\]"):
        learn_from(confirmed(own_words()), first, today=TODAY)


def test_clients_do_not_leak_from_one_side_to_the_other():
    rows = confirmed(own_words())
    samples = learning.confirmed_samples(read_book(rows, Settings(today=TODAY)))

    assert len({one.group for one in samples}) == 24
    assert all(one.group.startswith("客户 ") for one in samples)
    assert replace(samples[0], topic=PRAISE).fingerprint != samples[0].fingerprint


def test_the_shipped_samples_hold_every_topic_of_a_text():
    samples = shipped_samples()
    by_text: dict[str, float] = {}
    for one in samples:
        by_text[one.text] = by_text.get(one.text, 0) + one.weight

    assert min(by_text.values()) == pytest.approx(1)
    assert any(one.weight == 0.5 for one in samples)
