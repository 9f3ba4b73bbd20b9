"""Text -> topics -> class, owner and deadlines: phrases first, then a model, then a person (4.5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from zlxl.decisions.authority import (
    ABOVE_US,
    CLASSES,
    OURS,
    TEXT,
    Authorities,
    Facts,
    Judged,
    Ruling,
    authorities_of,
)
from zlxl.decisions.demands import demands
from zlxl.decisions.doubt import doubts_of
from zlxl.decisions.opinions import Example, Opinion, TopicModel
from zlxl.decisions.phrases import Hit, Lexicon, lexicon_of
from zlxl.decisions.scoring import Candidate, Read
from zlxl.decisions.text import normal, synonyms_of
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame

By = Literal["phrase", "model", "abstain"]
Kind = Literal["phrase", "escalation", "condition", "negated", "reported", "model", "example", "candidate"]

AMOUNT: Final = "涉及金额"
CANDIDATES: Final = 3  #: so many are shown where no topic was chosen
_MONEY = re.compile(r"(\d[\d,]*(?:\.\d+)?)(万)?(?:元|块|圆|rmb)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request to be decided."""

    text: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One reason, in words for the clerk and in parts for a program."""

    kind: Kind
    text: str
    topic: str = ""
    rule: str = ""  #: number in 要求词库 or 权限表, 编号 of a confirmed request
    words: tuple[str, ...] = ()
    quote: str = ""  #: the demand it was found in
    score: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is proposed for a request; a person confirms it."""

    topics: tuple[str, ...] = ()  #: the deciding topic first; () where it is left to a person
    topic_class: str | None = None
    ruling: Ruling | None = None  #: of the deciding topic
    confidence: float = 0.0  #: 0 to 1
    decided_by: By = "abstain"
    evidence: tuple[Evidence, ...] = ()
    escalates: bool = False  #: a complaint, an appeal or a matter of integrity

    @property
    def owner(self) -> str:
        """Department in charge, "" where it is left to a person."""
        return self.ruling.owner if self.ruling else ""

    @property
    def needs_person(self) -> bool:
        """Whether nothing may go out before a person has confirmed it: all but class b."""
        return self.topic_class != OURS


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A topic that was chosen for a text, with what speaks for it."""

    topic: str
    share: float
    by: By
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What a model says of a text, and of each demand where it has several."""

    whole: Opinion
    parts: tuple[Opinion, ...] = ()

    def likely(self, topic: str) -> float:
        """The probability of a topic in the text or in one of its demands."""
        return max(opinion.probabilities.get(topic, 0.0) for opinion in (self.whole, *self.parts))


@dataclass(frozen=True, kw_only=True, eq=False)
class Decider:
    """Everything a decision depends on; the same text and facts always give the same decision."""

    lexicon: Lexicon
    authorities: Authorities
    accept: float  #: share from which phrases decide
    alone: float  #: share from which phrases decide whatever a model says
    rival: float  #: score of the unknown topic
    trust: float  #: probability from which a model decides
    support: float  #: probability from which a model supports what phrases chose
    beside: float  #: probability from which a model adds the topic of one demand among several
    escalate: float  #: score from which words of complaint are reported whatever else is asked
    suspect: float  #: probability from which a complaint that only a model sees is reported too
    model: TopicModel | None = None
    forced: bool = False  #: the best candidate is taken where none is good enough

    def decide(self, asked: Sequence[Asked]) -> list[Decision]:
        """One decision a request, in their order."""
        texts = [normal(one.text) for one in asked]
        views = self._views(texts)
        return [self._decision(*trio) for trio in zip(asked, texts, views, strict=True)]

    def _views(self, texts: Sequence[str]) -> Iterator[View | None]:
        """What the model says of each text and, where it asks for several things, of each of these."""
        if self.model is None:
            yield from (None for _ in texts)
            return
        parts = [several if len(several := demands(text)) > 1 else () for text in texts]
        whole = self.model.predict(texts)
        each = iter(self.model.predict([demand for several in parts for demand in several]))
        for opinion, several in zip(whole, parts, strict=True):
            yield View(whole=opinion, parts=tuple(next(each) for _ in several))

    def _decision(self, asked: Asked, text: str, view: View | None) -> Decision:
        read = [self._read(self.lexicon.synonyms.unified(demand)) for demand in demands(text)]
        doubted = tuple(_doubted(hit, one.demand) for one in read for hit in one.hits if hit.doubt)
        chosen = _merged(chosen for one in read for chosen in self._by_phrases(one))
        escalated = [chosen for one in read for chosen in self._escalated(one)]
        if view is not None:
            chosen = _merged((*self._weighed(chosen, view), *self._beside(view)))
            escalated += self._suspected(view)
        if not chosen and self.forced:
            chosen = self._best_guess(read, view)
        chosen = _merged((*escalated, *chosen))
        ranked = self._ranked(chosen, _facts(asked, text))
        opinion = view.whole if view else None
        if not ranked:
            return Decision(
                evidence=(*doubted, *_candidates(read), *_seen(opinion)), confidence=_surest(read, opinion)
            )
        return self._worded(ranked, doubted, opinion)

    # --- phrases ----------------------------------------------------------------------------------------

    def _read(self, demand: str) -> Read:
        return Read(demand=demand, hits=tuple(self.lexicon.hits(demand)), rival=self.rival)

    def _by_phrases(self, read: Read) -> Iterator[Chosen]:
        return (_chosen(one, share, read.demand) for one, share in read.sure(self.accept))

    def _escalated(self, read: Read) -> Iterator[Chosen]:
        """Complaints, appeals and matters of integrity, however weak they are beside what else is asked."""
        channels = [one for one in read.candidates[:1] if one.topic in self.authorities.channels]
        for one in read.candidates:
            asked_about = any(read.meet(one, channel) for channel in channels)
            if one.topic in self.authorities.must_report and one.score >= self.escalate and not asked_about:
                yield _chosen(one, read.share(one), read.demand, _reported(one.topic))

    # --- model ------------------------------------------------------------------------------------------

    def _weighed(self, chosen: tuple[Chosen, ...], view: View) -> tuple[Chosen, ...]:
        """What phrases chose where they are sure or the model agrees; else what the model is sure of.

        Where the two disagree and neither is sure, nothing: that is for a person.
        """
        told = self._by_model(view.whole)
        if told is None:
            return chosen
        firm = tuple(one for one in chosen if self._firm(one) or view.likely(one.topic) >= self.support)
        if any(self._unknown(one.topic) for one in firm):
            return firm
        if told.share >= self.trust:
            return _joined(told, firm)
        return firm if any(one.topic == told.topic or self._firm(one) for one in firm) else ()

    def _firm(self, chosen: Chosen) -> bool:
        """Whether phrases decide whatever the model says: they are sure, or it knows nothing of the topic."""
        return chosen.share >= self.alone or self._unknown(chosen.topic)

    def _unknown(self, topic: str) -> bool:
        return self.model is None or topic not in self.model.topics

    def _by_model(self, opinion: Opinion) -> Chosen | None:
        """The likeliest topic of the class whose topics are likeliest together; its share is the class's."""
        by_class: dict[str, dict[str, float]] = defaultdict(dict)
        for topic, probability in opinion.probabilities.items():
            by_class[self.authorities.usual_class(topic)][topic] = probability
        by_class.pop("", None)
        if not by_class:
            return None
        likeliest = max(by_class.values(), key=lambda topics: sum(topics.values()))
        topic = max(likeliest, key=likeliest.__getitem__)
        return Chosen(topic=topic, share=sum(likeliest.values()), by="model", evidence=tuple(_seen(opinion)))

    def _beside(self, view: View) -> Iterator[Chosen]:
        """Topics that single demands of a text are surely about."""
        for opinion in view.parts:
            told = self._by_model(opinion)
            if told is not None and opinion.probabilities[told.topic] >= self.beside:
                yield told

    def _suspected(self, view: View) -> Iterator[Chosen]:
        """The likeliest topic that must be reported, where one of these is likely enough."""
        topics = self.authorities.must_report
        for opinion, least in ((view.whole, self.suspect), *((part, self.beside) for part in view.parts)):
            likely = {topic: p for topic, p in opinion.probabilities.items() if topic in topics}
            if likely and sum(likely.values()) >= least:
                topic = max(likely, key=likely.__getitem__)
                told = (*_seen(opinion), _reported(topic))
                yield Chosen(topic=topic, share=sum(likely.values()), by="model", evidence=told)

    def _best_guess(self, read: Sequence[Read], view: View | None) -> tuple[Chosen, ...]:
        """The best of what model and phrases see, however weak; the model where there is one."""
        told = self._by_model(view.whole) if view else None
        if told is not None:
            return (told,)
        firsts = [(one, one.candidates[0]) for one in read if one.candidates]
        best = max(firsts, key=lambda pair: pair[1].score, default=None)
        return (_chosen(best[1], best[0].share(best[1]), best[0].demand),) if best else ()

    # --- 权限表 -----------------------------------------------------------------------------------------

    def _ranked(self, chosen: Iterable[Chosen], facts: Facts) -> list[tuple[Chosen, Judged]]:
        """Chosen topics with their ruling, the deciding one first."""
        judged = [(one, ruling) for one in chosen if (ruling := self.authorities.judge(one.topic, facts))]
        return sorted(judged, key=lambda pair: self._severity(*pair))

    def _severity(self, chosen: Chosen, judged: Judged) -> tuple[bool, int, float]:
        reported = chosen.topic in self.authorities.must_report
        return not reported, CLASSES.index(judged.ruling.topic_class), -chosen.share

    def _worded(
        self, ranked: Sequence[tuple[Chosen, Judged]], doubted: Iterable[Evidence], opinion: Opinion | None
    ) -> Decision:
        deciding, judged = ranked[0]
        escalates = deciding.topic in self.authorities.must_report
        evidence = (*(told for pair in ranked for told in _told(*pair)), *doubted)
        topic_class = ABOVE_US if escalates else judged.ruling.topic_class
        return Decision(
            topics=tuple(chosen.topic for chosen, _ in ranked),
            topic_class=topic_class,
            ruling=judged.ruling,
            confidence=round(self._confidence(deciding, opinion), 3),
            decided_by=deciding.by,
            evidence=evidence,
            escalates=escalates,
        )

    def _confidence(self, deciding: Chosen, opinion: Opinion | None) -> float:
        """How likely the class of the deciding topic is: by the model, where phrases alone do not suffice."""
        if opinion is None or (deciding.by == "phrase" and deciding.share >= self.alone):
            return deciding.share
        usual = self.authorities.usual_class(deciding.topic)
        return sum(
            p for topic, p in opinion.probabilities.items() if self.authorities.usual_class(topic) == usual
        )


def _chosen(one: Candidate, share: float, demand: str, *more: Evidence) -> Chosen:
    evidence = (*(_hit(hit, demand) for hit in one.hits), *more)
    return Chosen(topic=one.topic, share=share, by="phrase", evidence=evidence)


def _joined(told: Chosen, firm: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """What the model is sure of and what phrases chose; a topic that both see was decided by phrases."""
    if all(one.topic != told.topic for one in firm):
        return told, *firm
    return tuple(
        replace(one, evidence=(*one.evidence, *told.evidence)) if one.topic == told.topic else one
        for one in firm
    )


def _merged(chosen: Iterable[Chosen]) -> tuple[Chosen, ...]:
    """Each topic once, with its best share and everything that speaks for it."""
    kept: dict[str, Chosen] = {}
    for one in chosen:
        known = kept.get(one.topic, one)
        evidence = tuple(dict.fromkeys((*known.evidence, *one.evidence)))
        by: By = "phrase" if "phrase" in (known.by, one.by) else one.by
        kept[one.topic] = Chosen(topic=one.topic, share=max(known.share, one.share), by=by, evidence=evidence)
    return tuple(kept.values())


def _surest(read: Sequence[Read], opinion: Opinion | None) -> float:
    """How far the best candidate comes where none was chosen."""
    shares = [one.share(one.candidates[0]) for one in read if one.candidates]
    return round(max([*shares, _likeliest(opinion)[1] if opinion else 0.0], default=0.0), 3)


def _likeliest(opinion: Opinion) -> tuple[str, float]:
    return max(opinion.probabilities.items(), key=lambda pair: pair[1], default=("", 0.0))


def _facts(asked: Asked, text: str) -> Facts:
    """What is known of a request; an amount is looked for in the text where no column tells it."""
    facts = {**asked.facts, TEXT: (text,)}
    if not any(value is not None for value in facts.get(AMOUNT, ())):
        amounts = [_amount(*found) for found in _MONEY.findall(text)]
        facts[AMOUNT] = (max(amounts),) if amounts else ()
    return facts


def _amount(digits: str, unit: str) -> float:
    return float(digits.replace(",", "")) * (10_000 if unit else 1)


# --- evidence -----------------------------------------------------------------------------------------------


def _hit(hit: Hit, demand: str) -> Evidence:
    words = "、".join(hit.words)
    return Evidence(
        kind="phrase",
        text=f"命中 {hit.phrase.number}：{words}",
        topic=hit.phrase.topic,
        rule=hit.phrase.number,
        words=hit.words,
        quote=demand,
        score=hit.phrase.weight,
    )


def _doubted(hit: Hit, demand: str) -> Evidence:
    kind: Kind = "negated" if hit.doubt == "negated" else "reported"
    why = "属否定" if hit.doubt == "negated" else "属转述"
    return Evidence(
        kind=kind,
        text=f"未计 {hit.phrase.number}：{'、'.join(hit.words)}（{why}）",
        topic=hit.phrase.topic,
        rule=hit.phrase.number,
        words=hit.words,
        quote=demand,
    )


def _reported(topic: str) -> Evidence:
    return Evidence(kind="escalation", topic=topic, text=f"“{topic}”一律上报，由人确认")


def _told(chosen: Chosen, judged: Judged) -> Iterator[Evidence]:
    """Why the topic was chosen and what of 权限表 holds for it."""
    yield from chosen.evidence
    ruling = judged.ruling
    if judged.met:
        yield Evidence(
            kind="condition",
            topic=ruling.topic,
            rule=ruling.number,
            text=f"权限表 {ruling.number}：{judged.met}",
        )
    for condition in judged.open:
        yield Evidence(
            kind="condition", topic=ruling.topic, rule=ruling.number, text=f"未知是否“{condition}”，请核对"
        )


def _candidates(read: Iterable[Read]) -> Iterator[Evidence]:
    """The topics that came nearest, where none was chosen."""
    found = [(one, candidate) for one in read for candidate in one.candidates]
    best: dict[str, tuple[Read, Candidate]] = {}
    for one, candidate in sorted(found, key=lambda pair: -pair[1].score):
        best.setdefault(candidate.topic, (one, candidate))
    for topic, (one, candidate) in list(best.items())[:CANDIDATES]:
        words = tuple(dict.fromkeys(word for hit in candidate.hits for word in hit.words))
        yield Evidence(
            kind="candidate",
            topic=topic,
            text=f"可能是“{topic}”（{'、'.join(words)}）",
            words=words,
            quote=one.demand,
            score=round(one.share(candidate), 3),
        )


def _seen(opinion: Opinion | None) -> Iterator[Evidence]:
    """The model's likeliest topics and the confirmed requests that resemble the text."""
    if opinion is None:
        return
    ranked = sorted(opinion.probabilities.items(), key=lambda pair: -pair[1])[:CANDIDATES]
    for topic, probability in ranked:
        yield Evidence(
            kind="model", topic=topic, text=f"模型：{topic} {probability:.2f}", score=round(probability, 3)
        )
    for example in opinion.nearest:
        yield alike(example)


def alike(example: Example) -> Evidence:
    """A confirmed request that resembles the text, as a reason."""
    return Evidence(
        kind="example",
        topic=example.topic,
        rule=example.key,
        text=f"相近 {example.key}（{example.topic}，{example.similarity:.2f}）：{example.text}",
        score=round(example.similarity, 3),
    )


# --- policy -------------------------------------------------------------------------------------------------

ACCEPT, ALONE, RIVAL = "短语判定最低把握", "短语独自判定把握", "未知主题得分"
TRUST, SUPPORT, BESIDE = "模型判定最低概率", "模型支持短语最低概率", "模型并列诉求最低概率"
ESCALATE, SUSPECT = "投诉上报最低得分", "投诉上报最低概率"


def decider_of(
    frames: Sequence[Frame], context: Context, *, model: TopicModel | None = None, forced: bool = False
) -> Decider:
    """The decider of a workbook's own policy sheets, of the shipped ones where it holds none."""
    authorities = authorities_of(frames, context)
    lexicon = lexicon_of(
        frames, grave=authorities.grave, doubts=doubts_of(context), synonyms=synonyms_of(context)
    )
    return Decider(
        lexicon=lexicon,
        authorities=authorities,
        accept=context.number(ACCEPT),
        alone=context.number(ALONE),
        rival=context.number(RIVAL),
        trust=context.number(TRUST),
        support=context.number(SUPPORT),
        beside=context.number(BESIDE),
        escalate=context.number(ESCALATE),
        suspect=context.number(SUSPECT),
        model=model,
        forced=forced,
    )
