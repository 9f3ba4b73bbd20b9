"""The synthetic requests: complete, varied, and apart from the texts that stand for other authors."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from zlxl.decisions.examples import Example, read_examples, shipped_examples
from zlxl.tables.authority import AUTHORITY

CHANNELS = {"微信", "电话记录", "正式函件", "满意度意见", "审核员记录", "邮件", "客服转述"}
TOPICS = {row["topic"] for row in AUTHORITY.shipped}
ALIKE = 0.5  # Jaccard similarity of character trigrams
SHORTEST, LONGEST = 5, 120


@pytest.fixture(scope="module")
def training() -> tuple[Example, ...]:
    return shipped_examples()


@pytest.fixture(scope="module")
def unseen() -> tuple[Example, ...]:
    path = Path(__file__).parent / "data/unseen.csv"
    return read_examples(path.read_text(encoding="utf-8-sig"))


def test_there_are_enough_texts_of_every_topic_in_enough_groups_and_channels(
    training: Sequence[Example],
) -> None:
    by_topic = _by_topic(training)

    assert set(by_topic) == TOPICS
    assert len(training) >= 1600
    assert min(map(len, by_topic.values())) >= 15
    assert min(len({one.group for one in texts}) for texts in by_topic.values()) >= 5
    assert all({one.channel for one in texts} == CHANNELS for texts in by_topic.values())


def test_the_texts_of_other_authors_cover_every_topic(unseen: Sequence[Example]) -> None:
    by_topic = _by_topic(unseen)

    assert set(by_topic) == TOPICS
    assert len(unseen) >= 350
    assert min(map(len, by_topic.values())) >= 3
    assert {one.channel for one in unseen} == CHANNELS


def test_the_hard_kinds_of_text_are_there(training: Sequence[Example]) -> None:
    traits = Counter(trait for one in training for trait in one.traits)

    assert all(traits[kind] >= 80 for kind in ("错别字", "否定", "口语", "方言", "转述", "长文"))
    assert sum(len(one.topics) == 2 for one in training) >= 200


def test_two_demands_are_marked_as_such(training: Sequence[Example], unseen: Sequence[Example]) -> None:
    marked = {one.number for one in (*training, *unseen) if "双重诉求" in one.traits}

    assert marked == {one.number for one in (*training, *unseen) if len(one.topics) > 1}


def test_texts_are_trimmed_whole_and_given_once(
    training: Sequence[Example], unseen: Sequence[Example]
) -> None:
    every = (*training, *unseen)

    assert len({one.number for one in every}) == len(every)
    assert [text for text, times in Counter(one.text for one in every).items() if times > 1] == []
    assert [one.text for one in every if not SHORTEST <= len(one.text) <= LONGEST] == []
    assert [one.text for one in every if one.text != one.text.strip()] == []
    assert [one.number for one in every if len(set(one.topics)) < len(one.topics)] == []


def test_no_text_is_nearly_another_of_another_group(
    training: Sequence[Example], unseen: Sequence[Example]
) -> None:
    assert list(_near_duplicates((*training, *unseen))) == []


def test_an_opening_is_not_used_as_a_template(training: Sequence[Example]) -> None:
    openings = Counter(one.text[: 24 if one.text[0].isascii() else 8] for one in training)  # 24: English

    assert [text for text, times in openings.items() if times > 3] == []


def test_a_file_without_a_column_is_refused() -> None:
    with pytest.raises(KeyError, match="组"):
        read_examples("编号,文本\r\nX1,发票没收到\r\n")


def test_topics_and_traits_are_read_in_their_order() -> None:
    text = "编号,组,文本,主题,渠道,特征\r\nX1,G1,票呢？证呢？,发票开具与补寄;证书邮寄与查询,微信,\r\n"

    (one,) = read_examples(text)

    assert one.topics == ("发票开具与补寄", "证书邮寄与查询")
    assert one.traits == ()


def _by_topic(examples: Iterable[Example]) -> Mapping[str, list[Example]]:
    found: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        for topic in one.topics:
            found[topic].append(one)
    return found


def _near_duplicates(examples: Sequence[Example]) -> Iterator[tuple[str, str]]:
    holders: dict[str, list[int]] = defaultdict(list)
    grams = [_trigrams(one.text) for one in examples]
    for here, mine in enumerate(grams):
        shared = Counter(there for gram in mine for there in holders[gram])
        for there, count in shared.items():
            near = count > ALIKE * len(mine | grams[there])
            if near and examples[here].group != examples[there].group:
                yield examples[there].text, examples[here].text
        for gram in mine:
            holders[gram].append(here)


def _trigrams(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text))
    return {letters[at : at + 3] for at in range(max(1, len(letters) - 2))}
