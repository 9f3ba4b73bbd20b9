"""Rows of 要求词库 held against a demand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decisions.measures import known
from tests.tables.judging import TODAY, frame_of
from zlxl.decisions.decide import decider_of
from zlxl.decisions.doubt import Doubts
from zlxl.decisions.phrases import Lexicon, lexicon_of
from zlxl.decisions.text import Synonyms
from zlxl.tables.phrases import PHRASES
from zlxl.tables.policy import shipped_context

SHIPPED = decider_of((), shipped_context(TODAY)).lexicon
TEXTS = [one.text for one in known("plain.csv", "要求原文")]


def lexicon(**row: object) -> Lexicon:
    frames = [frame_of(PHRASES, [{"phrase_no": "X1", "topic": "表扬转达", "weight": 3, **row}])]
    return lexicon_of(frames, grave=(), doubts=Doubts(), synonyms=Synonyms(kept={"年审": "监审"}))


@pytest.mark.parametrize(
    ("row", "demand", "fits"),
    [
        ({"must": "证书;快递"}, "证书的快递", True),
        ({"must": "证书；快递"}, "证书在哪", False),
        ({"must": "证书/证件;快递"}, "证件的快递", True),
        ({"must": "证书", "any_of": "寄;快递"}, "证书寄了", True),
        ({"must": "证书", "any_of": "寄;快递"}, "证书好了", False),
        ({"must": "证书", "none_of": "培训"}, "培训证书", False),
        ({"any_of": "寄\n快递"}, "快递", True),
        ({"any_of": "ＬＯＧＯ"}, "logo", True),
        ({"any_of": "年审"}, "监审", True),
        ({"none_of": "寄"}, "证书", False),
    ],
)
def test_musts_anys_and_nones(row, demand, fits):
    assert fits == bool(list(lexicon(**row).hits(demand)))


@given(st.one_of(st.sampled_from(TEXTS), st.lists(st.sampled_from(TEXTS), max_size=3).map("".join)))
def test_the_index_of_words_finds_what_looking_for_every_word_finds(text):
    expected = [phrase.number for phrase in SHIPPED.phrases if phrase.fits(text)]  # type: ignore[arg-type]

    assert expected == [hit.phrase.number for hit in SHIPPED.hits(text)]
