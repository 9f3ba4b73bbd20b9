"""From a text to topic, class, owner and what was not decided."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables.judging import TODAY, frame_of
from zlxl.decisions.decide import Asked, Decision, decider_of
from zlxl.decisions.opinions import Example, Opinion
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.phrases import PHRASES
from zlxl.tables.policy import policy_of, shipped_context

DECIDER = decider_of((), shipped_context(TODAY))


def decided(text: str, **facts: object) -> Decision:
    return DECIDER.decide([Asked(text=text, facts={name: (value,) for name, value in facts.items()})])[0]


def kinds(decision: Decision) -> set[str]:
    return {evidence.kind for evidence in decision.evidence}


# --- what is meant ------------------------------------------------------------------------------------------


def test_a_demand_gets_topic_class_owner_and_the_words_that_decided():
    found = decided("证书快递单号多少，还没收到")

    assert found.topics == ("证书邮寄与查询",)
    assert (found.topic_class, found.owner, found.decided_by) == ("b", "制证部", "phrase")
    assert {"证书", "快递", "没收到", "单号"} <= {word for e in found.evidence for word in e.words}
    assert not found.needs_person


@pytest.mark.parametrize(
    "text",
    [
        "我们不是要求你们包过，就是担心准备不足",
        "从没想让你们保证通过",
        "我们不会隐瞒事故",
        "审核员没有索要礼品",
        "证书不得转借我们是清楚的",
        "有人说可以包过",
        "听说别的机构不用到现场",
    ],
)
def test_what_is_denied_or_only_reported_is_no_demand(text):
    found = decided(text)

    assert found.topic_class in (None, "b")
    assert kinds(found) & {"negated", "reported"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("能不能保证通过", "保证通过认证"),
        ("不是说好包过吗，你们能不能包过", "保证通过认证"),
        ("有人说可以包过，你们也给我们包过吧", "保证通过认证"),
        ("合同不签了，直接交钱审", "第三方代付不签合同"),
        ("这次事故不要上报认监委", "阻止上报或隐瞒事故"),
    ],
)
def test_questions_and_negations_that_are_the_demand_itself_count(text, topic):
    assert topic in decided(text).topics


def test_several_demands_give_several_topics():
    found = decided("1、证书快递单号多少 2、发票抬头开错了要重开")

    assert {"证书邮寄与查询", "发票开具与补寄"} == set(found.topics)


# --- the class ----------------------------------------------------------------------------------------------


def test_the_most_severe_demand_gives_the_class():
    asked = "发票什么时候开？还有，证书遗失申请补办。能不能保证通过？"
    found = decided(asked)

    assert found.topic_class == "c"
    assert found.topics[0] == "证书遗失补发"
    assert decided("发票什么时候开？能不能保证通过？").topic_class == "a"


@pytest.mark.parametrize("text", ["我要投诉审核员", "发票开一下，另外审核员态度恶劣", "举报审核员收受红包"])
def test_complaints_are_reported_whatever_else_is_asked(text):
    found = decided(text)

    assert found.escalates
    assert (found.topic_class, found.owner) == ("c", "申诉调查组")
    assert "escalation" in kinds(found)


def test_asking_where_to_complain_is_no_complaint():
    found = decided("投诉电话多少，向谁投诉")

    assert not found.escalates
    assert found.topics == ("投诉渠道告知",)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("审核改期到下周三行吗", {}, "b"),
        ("审核改期到下周三行吗", {"要求日期": date(2026, 12, 9), "最晚日期": date(2026, 12, 1)}, "c"),
        ("审核改期到下周三行吗", {"要求日期": date(2026, 12, 1), "最晚日期": date(2026, 12, 1)}, "b"),
        ("投标要用，开个证书有效证明", {"状态": "有效"}, "b"),
        ("投标要用，开个证书有效证明", {"状态": "暂停"}, "a"),
        ("监审费用能不能减免", {}, "c"),
        ("监审费用能不能减免", {"涉及金额": 500.0}, "b"),
        ("监审费用能不能减免", {"涉及金额": 501.0}, "c"),
        ("监审费用能不能减免300元", {}, "b"),
        ("监审费用3000元能不能减免", {}, "c"),
        ("提个建议，短信提醒一下就好", {"共性问题": "是"}, "c"),
        ("今天必须出证，加急", {}, "a"),
        ("投标急用，能否加急出证", {}, "c"),
    ],
)
def test_conditions_move_the_class(text, facts, expected):
    assert expected == decided(text, **facts).topic_class


def test_a_condition_that_nothing_is_known_for_is_told():
    assert any("改后日期晚于最晚日期" in e.text for e in decided("审核改期到下周三行吗").evidence)


# --- what is not decided ------------------------------------------------------------------------------------


def test_what_no_phrase_knows_is_left_to_a_person():
    found = decided("今天天气不错")

    assert (found.topic_class, found.owner, found.decided_by, found.confidence) == (None, "", "abstain", 0.0)
    assert found.needs_person


def test_topics_that_are_too_close_are_left_to_a_person_with_both_named():
    found = decided("发一份认证资料给我看看")

    assert found.topics == ()
    assert [e.kind for e in found.evidence] == ["candidate"]
    assert 0 < found.confidence < 0.55


def test_forced_takes_the_best_candidate():
    forced = decider_of((), shipped_context(TODAY), forced=True)

    assert forced.decide([Asked(text="发一份认证资料给我看看")])[0].topics == ("公开文件与收费标准索取",)


class Knowing:
    """A model that knows one topic."""

    topics = ("表扬转达", "证书邮寄与查询")

    def __init__(self, probability: float) -> None:
        example = Example(key="YQ2026-0001", text="天晴", topic="表扬转达", similarity=0.8)
        self.opinion = Opinion(probabilities={"表扬转达": probability}, nearest=(example,))

    def predict(self, texts):
        return [self.opinion for _ in texts]


@pytest.mark.parametrize(("probability", "by"), [(0.9, "model"), (0.3, "abstain")])
def test_a_model_is_asked_where_phrases_do_not_decide(probability, by):
    asked = [Asked(text="今天天气不错"), Asked(text="你们能不能保证通过")]
    first, second = decider_of((), shipped_context(TODAY), model=Knowing(probability)).decide(asked)

    assert by == first.decided_by
    assert {"model", "example"} <= kinds(first)
    assert second.decided_by == "phrase"


@pytest.mark.parametrize(
    ("text", "probability", "topic"),
    [
        ("不签了，先交钱再审", 0.9, "表扬转达"),
        ("证书邮寄地址写错了", 0.9, "表扬转达"),
    ],
)
def test_a_sure_model_prevails_over_phrases_that_are_not_sure(text, probability, topic):
    model = Knowing(probability)

    assert (topic,) == decider_of((), shipped_context(TODAY), model=model).decide([Asked(text=text)])[
        0
    ].topics


def test_what_phrases_say_of_a_topic_that_the_model_never_learnt_stands():
    model = Knowing(0.9)
    model.topics = ("表扬转达",)

    decided = decider_of((), shipped_context(TODAY), model=model).decide([Asked(text="证书邮寄地址写错了")])

    assert decided[0].topics == ("证书邮寄与查询",)


def test_phrases_and_model_that_disagree_unsurely_leave_it_to_a_person():
    decided = decider_of((), shipped_context(TODAY), model=Knowing(0.3)).decide(
        [Asked(text="证书邮寄地址写错了")]
    )

    assert decided[0].decided_by == "abstain"
    assert {"candidate", "model"} <= kinds(decided[0])


def test_single_demands_may_add_what_the_whole_text_hides():
    class ByLength(Knowing):
        topics = ("表扬转达", "证书邮寄与查询")

        def predict(self, texts):
            short = Opinion(probabilities={"证书邮寄与查询": 0.9})
            return [short if len(text) < 12 else self.opinion for text in texts]

    decided = decider_of((), shipped_context(TODAY), model=ByLength(0.9)).decide(
        [Asked(text="天气真的是非常非常好。东西没有收到")]
    )

    assert set(decided[0].topics) == {"表扬转达", "证书邮寄与查询"}


def test_a_complaint_that_only_the_model_sees_is_reported():
    model = Knowing(0.0)
    model.opinion = Opinion(probabilities={"廉洁举报": 0.2, "对审核员行为投诉": 0.15, "表扬转达": 0.6})
    deciding = decider_of((), shipped_context(TODAY), model=model)

    found = deciding.decide([Asked(text="今天天气不错"), Asked(text="证书快递单号多少，还没收到")])

    assert [one.escalates for one in found] == [True, True]
    assert [one.topics[0] for one in found] == ["廉洁举报", "廉洁举报"]
    model.opinion = Opinion(probabilities={"廉洁举报": 0.1, "表扬转达": 0.7})
    assert not deciding.decide([Asked(text="今天天气不错")])[0].escalates


# --- policy -------------------------------------------------------------------------------------------------


def test_the_workbooks_own_sheets_decide():
    phrases = frame_of(PHRASES, [{"phrase_no": "X1", "topic": "食宿交通对接", "must": "午饭", "weight": 4}])
    rows = [
        {"rule_no": "X1", "topic": "食宿交通对接", "topic_class": "c", "owner": "综合部", "reply_days": 1}
    ]
    frames = [phrases, frame_of(AUTHORITY, rows)]
    own = decider_of(frames, policy_of(frames, TODAY).context)

    found = own.decide([Asked(text="审核期间午饭怎么安排")])[0]

    assert (found.topics, found.topic_class, found.owner) == (("食宿交通对接",), "c", "综合部")


def test_a_topic_without_row_in_the_authority_table_is_left_to_a_person():
    phrase = {"phrase_no": "X1", "topic": "食宿交通对接", "must": "午饭", "weight": 4}
    rule = {"rule_no": "X1", "topic": "表扬转达", "topic_class": "b", "owner": "综合部"}
    frames = [frame_of(PHRASES, [phrase]), frame_of(AUTHORITY, [rule])]
    own = decider_of(frames, policy_of(frames, TODAY).context)

    assert own.decide([Asked(text="午饭")])[0].decided_by == "abstain"


WORDS = ("证书", "审核员", "投诉", "不是要求", "有人说", "包过", "，", "。", "1、", "300元", "\n", "ＡＢ")


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS)).map("".join)))
def test_any_text_gets_a_decision_that_holds_together(text):
    found = decided(text)

    assert (found.topic_class is None) == (not found.topics) == (found.decided_by == "abstain")
    assert 0 <= found.confidence <= 1
    assert len(set(found.topics)) == len(found.topics)
    assert found == decided(text)
