"""What the phrase layer alone is worth, on texts of three hands.

``plain.csv`` holds 286 plain requests in five registers by the author of the phrases: 要求词库 was widened
with the part 调整 at hand; the part 复核 was written before that, but by the same hand. They show that the
phrases hold together, no more. ``unseen.csv`` holds 480 requests of another hand that avoid the usual words:
there phrases alone decide one text in four, and three in four of these rightly, and know one complaint in
four. A floor here is a measured value with some room, not an aim: that needs the model (``test_unseen.py``).
"""

import pytest

from tests.decisions.measures import Known, known, measured
from tests.tables.judging import TODAY
from zlxl.decisions.decide import decider_of
from zlxl.samples.words import records
from zlxl.tables.policy import shipped_context

DECIDER = decider_of((), shipped_context(TODAY))
PLAIN = known("plain.csv", "要求原文")


def test_there_are_at_least_200_texts_over_all_topics_and_none_twice():
    topics = {topic for one in PLAIN for topic in one.topics}

    assert len(PLAIN) >= 200
    assert len({one.text for one in PLAIN}) == len(PLAIN)
    assert topics == set(DECIDER.authorities.rulings)


@pytest.mark.parametrize(("part", "decided", "right"), [("调整", 0.97, 0.98), ("复核", 0.94, 0.95)])
def test_plain_requests(part, decided, right):
    found = measured(DECIDER, [one for one in PLAIN if one.part == part])

    assert found.decided >= decided
    assert min(found.topic_right, found.class_right) >= right
    assert found.escalated == 1
    assert found.escalated_in_vain == 0


def test_requests_of_the_demonstration():
    texts = [Known(text=row["要求原文"], topics=(row["主题"],)) for row in records("requests.csv")]
    found = measured(DECIDER, texts)

    assert found.decided >= 0.95
    assert min(found.topic_right, found.class_right) >= 0.95


def test_requests_that_avoid_the_usual_words():
    found = measured(DECIDER, known("unseen.csv"))

    assert found.decided >= 0.2
    assert found.class_right >= 0.7
    assert found.escalated_in_vain <= 2
