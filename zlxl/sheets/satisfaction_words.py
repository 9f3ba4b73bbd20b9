"""The written conclusion for 主管副总: numbers, lowest items, changes and their significance, advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from math import isnan

from zlxl.figures.satisfaction import ItemFigures, Satisfaction
from zlxl.figures.satisfaction_comments import PRAISE, TO_A_PERSON
from zlxl.figures.satisfaction_segments import Comparison
from zlxl.sheets.satisfaction_items import lowest_words
from zlxl.sheets.satisfaction_parts import change_words, shown_number
from zlxl.sheets.satisfaction_segments import late_less_early, rest_words, wave_words

LOWEST = 3
FREQUENT = 3
GOES_ON = "　"


def conclusion(figures: Satisfaction) -> tuple[str, ...]:
    """Paragraphs, numbered but for those that go on (　) or advise; what holds on the day of the run."""
    if not figures.summary.sample:
        return tuple(_nothing(figures))
    parts = (_level, _annual, _items, _change, _response, _silent, _groups, _integrity, _comments)
    found = [text for part in parts for text in part(figures)]
    number = count(1)
    numbered = (text if text.startswith(GOES_ON) else f"{next(number)}. {text}" for text in found)
    return (*numbered, *_advice(figures))


def _nothing(figures: Satisfaction) -> Iterator[str]:
    counts = f"应发 {figures.due}，下发 {figures.sent}，回收 {figures.returned}"
    yield (
        f"{figures.period.chinese}没有有效问卷（{counts}），不能得出满意度结论。"
        "请按“未回收与未下发”逐户催收或补发。"
    )


def _level(figures: Satisfaction) -> Iterator[str]:
    summary, target = figures.summary, figures.criteria.parameters
    interval = summary.mean_interval
    between = (
        f"（置信区间 {shown_number(interval.low, 1)}–{shown_number(interval.high, 1)}）" if interval else ""
    )
    goal = target["满意度目标"]
    met = f"达到目标 {goal:g}" if summary.mean >= goal else f"未达到目标 {goal:g}"
    if interval and interval.low < goal < interval.high:
        met += "（目标在区间之内，差距没有超出抽样误差）"
    share = summary.share_interval
    shares = (
        f"（区间 {shown_number(share.low * 100, 1)}%–{shown_number(share.high * 100, 1)}%）" if share else ""
    )
    rate = "达到" if summary.share * 100 >= target["满意率目标"] else "未达到"
    verdict = f"，评价为“{figures.verdict}”" if figures.verdict and not figures.period.annual else ""
    yield (
        f"总体：{figures.period.chinese}满意度指数 {shown_number(summary.mean, 2)}{between}，"
        f"{met}；满意率 {shown_number(summary.share * 100, 1)}%{shares}，"
        f"{rate}目标 {target['满意率目标']:g}%{verdict}。"
    )


def _annual(figures: Satisfaction) -> Iterator[str]:
    if not figures.period.annual:
        return
    proven = [incident for incident in figures.incidents if incident.proven]
    kinds = "、".join(f"{kind} {n} 件" for kind, n in Counter(i.kind for i in proven).items()) or "无"
    yield (
        f"　年度顾客满意度：指数 {shown_number(figures.summary.mean, 2)} − 重大事件扣分 "
        f"{shown_number(figures.deduction, 2)}（{kinds}）= {shown_number(figures.annual, 2)}，"
        f"评价为“{figures.verdict}”。"
    )


def _items(figures: Satisfaction) -> Iterator[str]:
    low = "、".join(f"{item.name}（{shown_number(item.mean, 1)}）" for item in lowest_words(figures, LOWEST))
    best = max((i for i in figures.items if not isnan(i.mean)), key=lambda i: i.mean)
    yield f"题目：最低的是{low}；最高的是{best.name}（{shown_number(best.mean, 1)}）。"


def _change(figures: Satisfaction) -> Iterator[str]:
    difference = figures.summary.mean - figures.before.mean
    if isnan(difference):
        yield f"变化：{figures.period.previous} 没有可比的有效问卷，不作比较。"
        return
    words = change_words(figures.change_p, difference, figures)
    text = (
        f"变化：与 {figures.period.previous} 的 {shown_number(figures.before.mean, 2)} 相比"
        f"{'上升' if difference >= 0 else '下降'} {shown_number(abs(difference), 2)} 分，{words}"
        f"（p = {shown_number(figures.change_p, 3)}）"
    )
    moved = [
        f"{item.name}{words[-2:]} {shown_number(abs(item.change), 1)} 分"
        for item in figures.items
        if (words := change_words(item.adjusted, item.change, figures)) in ("显著上升", "显著下降")
    ]
    extreme = _extremes(figures)
    yield f"{text}；各题中{'，'.join(moved) + '达到显著' if moved else '没有一题的变化达到显著'}{extreme}。"


def _extremes(figures: Satisfaction) -> str:
    known = [item for item in figures.items if not isnan(item.change)]
    if not known:
        return ""
    up, down = max(known, key=lambda i: i.change), min(known, key=lambda i: i.change)
    parts = [_moved("升幅最大", up)] if up.change > 0 else []
    parts += [_moved("降幅最大", down)] if down.change < 0 else []
    return f"（{'，'.join(parts)}）" if parts else ""


def _moved(words: str, item: ItemFigures) -> str:
    return f"{words}：{item.name} {item.change:+.1f}"


def _response(figures: Satisfaction) -> Iterator[str]:
    sample, sent = figures.summary.sample, figures.sent
    rate = shown_number(sample / sent * 100, 1) if sent else "—"
    text = (
        f"回收：应发 {figures.due} 户，已下发 {figures.due_sent} 户；本期共下发 {sent} 份，"
        f"有效 {sample} 份，有效回收率 {rate}%"
    )
    if figures.bounds:
        low, high = figures.bounds.index
        text += f"。未答者若全部最差或最好，指数在 {shown_number(low, 1)}–{shown_number(high, 1)} 之间"
    short = figures.needed - sample
    yield text + (f"；按允许误差还差 {short} 份。" if short > 0 else "；样本量满足要求。")


def _silent(figures: Satisfaction) -> Iterator[str]:
    """What late answers hint at of those who did not answer."""
    waves = figures.waves
    if isnan(waves.p):
        return
    numbers = f"（差 {late_less_early(waves):+.1f}，p = {shown_number(waves.p, 3)}）"
    told = f"早答与迟答相比{wave_words(figures)}{numbers}"
    hint = "，未见未回收偏差的迹象" if waves.p >= figures.significance else "，结论须考虑未回收偏差"
    yield f"{GOES_ON}{told}{hint}。"


def _groups(figures: Satisfaction) -> Iterator[str]:
    tested = [one for one in figures.segments.values() if not isnan(one.adjusted)]
    differing = [one for one in tested if one.adjusted < figures.significance]
    if not tested:
        return
    if not differing:
        yield f"分组：按{'、'.join(one.name for one in tested)}检验，各组没有显著差异。"
        return
    yield f"分组：{'；'.join(_told(one, figures) for one in differing)}；其余分组没有显著差异。"


def _told(one: Comparison, figures: Satisfaction) -> str:
    """Which groups of a dimension are above or below the rest."""
    said = [(segment, rest_words(one, segment, figures)) for segment in one.compared]
    apart = [
        f"{segment.name}{words}（{shown_number(segment.mean, 1)}）"
        for segment, words in said
        if words in ("偏高", "偏低")
    ]
    return f"{one.name}之间差异显著" + (f"，{'、'.join(apart)}" if apart else "")


def _integrity(figures: Satisfaction) -> Iterator[str]:
    if figures.integrity_flag:
        yield (
            f"廉洁警示：廉洁自律低分问卷 {figures.low_integrity} 份，"
            f"查实涉及廉洁的事件 {figures.bribery} 件，请专项调查处理。"
        )


def _comments(figures: Satisfaction) -> Iterator[str]:
    wanting = [comment for comment in figures.comments if comment.field != PRAISE]
    topics = Counter(topic for comment in wanting for topic in comment.read.topics)
    frequent = [(topic, times) for topic, times in topics.most_common(FREQUENT) if times > 1]
    common = "、".join(f"{topic} {times} 条" for topic, times in frequent)
    left = sum(not comment.read.topics for comment in wanting)
    told = [f"较集中的是{common}"] if common else []
    told += [f"{left} 条{TO_A_PERSON}归类"] if left else []
    if wanting:
        words = "，".join(["", *told])
        yield f"意见：不满意之处和建议共 {len(wanting)} 条{words}；低分问卷 {len(figures.low_scores)} 份。"
    grave = sum(comment.read.escalates for comment in figures.comments)
    if grave:
        yield f"　其中 {grave} 条意见涉及投诉、申诉或廉洁，一律上报，由人确认（见附录三“上报”栏）。"


def _advice(figures: Satisfaction) -> Iterator[str]:
    parts = [f"把{lowest_words(figures, 1)[0].name}列为改进重点，由责任部门提出措施和期限"]
    open_low = sum(figures.answers.requests[low.row] is None for low in figures.low_scores)
    if open_low:
        parts.append(f"{open_low} 份低分问卷转入“客户要求”逐户回访")
    if figures.reminders:
        parts.append(f"{len(figures.reminders)} 份未回收或未下发的按第十部分催收、补发")
    if figures.due > figures.due_sent:
        parts.append(f"补发 {figures.due - figures.due_sent} 户应发未发的调查表")
    fallen = [item.name for item in figures.items if item.adjusted < figures.significance and item.change < 0]
    if fallen:
        parts.append(f"查明{'、'.join(fallen)}显著下降的原因")
    yield f"建议：{'；'.join(parts)}。"
