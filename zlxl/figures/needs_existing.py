"""Existing needs: what clients asked for again and again, suggested, or wanted as a service (4.6, 4.8.2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from zlxl.figures.due import Tables
from zlxl.figures.needs import EXISTING, MARKET, SHOWN, Need, each_once, least
from zlxl.figures.value_added import ServiceYear
from zlxl.figures.yearend_requests import (
    NOBODY,
    PRAISE,
    TOPICS,
    UNKNOWN,
    YES,
    Asked,
    share_in_time,
)

MOST: Final = 12  #: topics that are told as needs
SUGGESTIONS: Final = "意见和建议"  #: 要求内容, 4.4.1 a)
_PROPOSALS: Final = {
    "b": "列为常规服务：事先告知，备好固定的资料和答复",
    "c": "制定统一的处理办法和授权，减少逐件上报",
}


def existing_needs(
    tables: Tables, asked: Sequence[Asked], before: Mapping[str, int], services: ServiceYear
) -> Iterator[Need]:
    """Recurrent reasonable requests, suggestions, and value-added services that were asked for."""
    yield from _suggestions(asked)
    yield from _services(services)
    yield from _topics(tables, asked, before)


def _topics(tables: Tables, asked: Sequence[Asked], before: Mapping[str, int]) -> Iterator[Need]:
    """Topics of classes b and c that enough clients asked about, those of most clients first."""
    choices = tables.context.lists[TOPICS].choices
    passed_over = {choice.value for choice in choices if choice.attributes.get(PRAISE) == YES} | {UNKNOWN}
    found: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in asked:
        if one.topic_class in _PROPOSALS and one.topic not in passed_over and one.kind != SUGGESTIONS:
            found[one.topic, one.topic_class].append(one)
    needs = [_topic(topic, kind, rows, before.get(topic, 0)) for (topic, kind), rows in found.items()]
    wanted = [need for need in needs if need.number >= least(tables)]
    yield from sorted(wanted, key=lambda need: (-need.number, need.name))[:MOST]


def _topic(topic: str, kind: str, rows: Sequence[Asked], before: int) -> Need:
    share = share_in_time(Counter(one.outcome for one in rows))
    owners = Counter(one.owner for one in rows if one.owner != NOBODY)
    told = [f"{kind} 类 {len(rows)} 条，上年同主题 {before} 条"]
    if share is not None:
        told.append(f"按期办结率 {share:.1%}")
    if unsettled := sum(one.open for one in rows):
        told.append(f"在办 {unsettled} 条")
    return Need(
        kind=EXISTING,
        name=topic,
        source="客户要求",
        evidence="，".join(told),
        clients=each_once(one.who for one in rows),
        proposal=_PROPOSALS[kind],
        owner=owners.most_common(1)[0][0] if owners else MARKET,
        topic=topic,
        rows=tuple(one.line for one in rows[:SHOWN]),
    )


def _suggestions(asked: Sequence[Asked]) -> Iterator[Need]:
    rows = [one for one in asked if one.kind == SUGGESTIONS or one.line.text("improvement") == YES]
    if not rows:
        return
    improving = sum(one.line.text("improvement") == YES for one in rows)
    topics = Counter(one.topic for one in rows if one.topic != UNKNOWN).most_common(3)
    named = "、".join(f"{topic} {number} 条" for topic, number in topics)
    yield Need(
        kind=EXISTING,
        name="意见和建议",
        source="客户要求",
        evidence=f"{len(rows)} 条，其中涉及流程改进 {improving} 条" + (f"；较多的是{named}" if named else ""),
        clients=each_once(one.who for one in rows),
        proposal="逐条答复采纳与否，采纳的列入流程改进并告知提出的客户",
        words=("流程改进", "意见和建议"),
        rows=tuple(one.line for one in rows[:SHOWN]),
    )


def _services(services: ServiceYear) -> Iterator[Need]:
    for kind in services.kinds:
        if not kind.rows:
            continue
        told = f"本年需求 {len(kind.rows)} 项，已开展 {kind.delivered}，已安排 {kind.arranged}"
        yield Need(
            kind=EXISTING,
            name=f"增值服务：{kind.name}",
            source="增值服务",
            evidence=f"{told}，待安排 {kind.waiting}，未开展 {kind.declined}",
            clients=each_once(row.client for row in kind.rows),
            proposal="排入下年度计划，按期开班或提供；不得提供认证咨询",
            words=(kind.name,),
            rows=tuple(row.line for row in kind.rows[:SHOWN]),
        )
