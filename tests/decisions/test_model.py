"""The learnt model: what it says, what its file holds, how it is learnt."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zlxl.decisions.authority import authorities_of
from zlxl.decisions.decide import Asked, decider_of
from zlxl.decisions.embedding import embedding_of, shipped_embedding
from zlxl.decisions.model import NO_TOPIC, softmax
from zlxl.decisions.model_file import read_model, shipped_model, write_model
from zlxl.decisions.pieces import pieces, rarities, weighed
from zlxl.decisions.text import normal
from zlxl.decisions.training import fingerprint, held_out, honest, learn, sample
from zlxl.errors import Unreadable, UsageError
from zlxl.jobs.classifying.learning import shipped_samples
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 9, 30)
SAMPLES = [
    sample(text, topic, f"G{number}")
    for number, (text, topic) in enumerate(
        [
            ("发票什么时候寄出", "发票"),
            ("发票抬头写错了请重开", "发票"),
            ("发票还没收到", "发票"),
            ("专用发票什么时候能开", "发票"),
            ("证书什么时候寄出", "证书"),
            ("证书还没收到", "证书"),
            ("证书上的地址写错了", "证书"),
            ("证书什么时候能做好", "证书"),
            ("你好", NO_TOPIC),
            ("在吗你好", NO_TOPIC),
            ("你好在不在", NO_TOPIC),
            ("谢谢你好", NO_TOPIC),
        ]
    )
]


# --- pieces and vectors -------------------------------------------------------------------------------------


def test_pieces_are_of_one_to_four_characters_with_edges_and_without_numbers():
    found = pieces("发票12张")

    assert {"发", "发票", " 发票", "发票0", "张 "} <= set(found)
    assert "1" not in found
    assert found["票"] == 1


def test_rare_pieces_weigh_more_and_a_text_has_length_one():
    rarity = rarities([pieces("发票"), pieces("证书"), pieces("发票发票")], least=1)
    known = weighed(pieces("发票证书"), rarity)

    assert rarity["证书"] > rarity["发票"]
    assert sum(weight * weight for weight in known.values()) == pytest.approx(1)
    assert weighed(pieces("ABC"), rarity).keys() <= rarity.keys()


def test_words_that_mean_alike_have_vectors_alike():
    embedding = shipped_embedding()
    assert embedding is not None

    money, fee, lorry = embedding.of(["退款", "退钱", "货车司机"], {})

    assert money @ fee > money @ lorry
    assert np.linalg.norm(money) == pytest.approx(1, abs=1e-5)
    assert not embedding.of(["ABC", ""], {}).any()


def test_an_embedding_whose_files_do_not_fit_is_refused():
    held = BytesIO()
    np.save(held, np.zeros((2, 3), dtype=np.int8))

    with pytest.raises(ValueError, match="1 words, 2 vectors"):
        embedding_of("一\n".encode(), held.getvalue())


# --- the shipped model --------------------------------------------------------------------------------------


def test_the_shipped_model_was_learnt_from_the_shipped_requests():
    samples = shipped_samples()
    learnt = shipped_model().learnt

    assert learnt.texts == len(samples)
    assert learnt.fingerprint == fingerprint(samples)
    assert set(shipped_model().topics) == {one.topic for one in samples}


def test_prediction_needs_no_library_of_learning():
    code = (
        "import sys; from zlxl.decisions.model_file import shipped_model; "
        "shipped_model().predict(['证书什么时候寄']); "
        "sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_gets_honest_probabilities_whatever_stands_beside_it(texts):
    model = shipped_model()
    plain = [normal(text) for text in texts]
    together = model.predict(plain)

    assert len(together) == len(texts)
    for text, opinion in zip(plain, together, strict=True):
        assert sum(opinion.probabilities.values()) <= 1 + 1e-4
        assert NO_TOPIC not in opinion.probabilities
        alone = model.predict([text])[0].probabilities
        assert alone == pytest.approx(opinion.probabilities, abs=1e-4)


# --- its file -----------------------------------------------------------------------------------------------


def test_a_file_read_and_written_again_is_the_same():
    text = write_model(shipped_model())

    assert write_model(read_model(text)) == text
    assert json.loads(text)["name"] == "zlxl topic model"
    assert text.count("\n") > 10_000  # one line a piece: two files can be compared


def test_without_its_vectors_a_model_still_judges():
    told = json.loads(write_model(shipped_model()))
    other = read_model(json.dumps({**told, "embedding": "0123456789abcdef"}))

    assert other.embedding is None
    assert other.predict([normal("我要投诉审核员")])[0].probabilities
    assert replace(shipped_model(), embedding=None).predict(["发票"])[0].probabilities


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "null",
        "[" * 100_000,
        '{"name": "zlxl topic model", "schema_version": 1}',
        '{"name": "zlxl topic model", "schema_version": 2}',
        '{"name":"zlxl topic model","schema_version":1,"scale":1,"topics":["a"],"sharpness":1,'
        '"embedding":null,"bias":[0],"dense":[],"pieces":{"x":[1,5,3]},"learnt":{"texts":1,"fingerprint":"","figures":{},'
        '"confirmed":[]}}',
    ],
)
def test_what_is_no_model_is_refused_with_what_to_do(text):
    with pytest.raises(Unreadable, match="--train"):
        read_model(text, "模型.json")


# --- learning -----------------------------------------------------------------------------------------------


def test_a_model_learns_what_it_is_shown():
    model = learn(SAMPLES, shipped_embedding())

    opinions = model.predict(["开发票", "要证书"])

    assert [max(one.probabilities, key=one.probabilities.get) for one in opinions] == ["发票", "证书"]
    assert model.topics == ("", "发票", "证书")
    assert model.learnt.texts == len(SAMPLES)
    again = learn(SAMPLES, shipped_embedding())
    assert write_model(again) == write_model(model)


def test_two_topics_are_enough_and_one_is_not():
    two = [one for one in SAMPLES if one.topic]
    model = learn(two, None)

    assert model.predict(["发票"])[0].probabilities["发票"] > 0.5
    assert model.predict(["证书"])[0].probabilities["证书"] > 0.5
    with pytest.raises(UsageError, match="少于两个主题"):
        learn([one for one in two if one.topic == "发票"], None)


def test_what_is_held_out_was_not_learnt_from():
    """Twins share a group, so that their own words cannot give them away."""
    twins = [
        *SAMPLES,
        sample("独一无二的说法甲乙丙", "发票", "T"),
        sample("独一无二的说法甲乙丙丁", "发票", "T"),
    ]
    found = held_out(twins, None)
    told = found.probabilities(1.0)

    assert found.scores.shape == (len(twins), 3)
    assert np.allclose(told.sum(axis=1), 1, atol=1e-5)
    assert abs(told[-1, 1] - told[-2, 1]) < 0.2
    assert told[-1, 1] < 0.9
    assert 0.4 <= honest(found, twins) <= 2.5


def test_rows_of_scores_become_probabilities():
    assert softmax(np.array([[1000.0, 0.0]], np.float32)).tolist() == [[1.0, 0.0]]
    assert softmax(np.zeros((0, 3), np.float32)).shape == (0, 3)


# --- decisions with the shipped model -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "topic_class"),
    [
        ("你们那个审核员态度太恶劣了，我要讨个说法", "c"),
        ("能不能保证我们一次过，过不了就退钱", "a"),
        ("麻烦把电子版证书发我邮箱", "b"),
    ],
)
def test_the_shipped_model_judges_plain_texts(text, topic_class):
    decider = decider_of((), shipped_context(TODAY), model=shipped_model(), forced=True)
    found = decider.decide([Asked(text=text)])[0]

    assert found.topic_class == topic_class
    assert found.evidence
    assert 0 < found.confidence <= 1


def test_every_topic_of_the_model_has_a_class():
    authorities = authorities_of((), shipped_context(TODAY))

    assert all(authorities.usual_class(topic) for topic in shipped_model().topics if topic)
