"""The satisfaction analysis on the screen, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from zlxl.figures.satisfaction import ItemFigures, Satisfaction, Summary
from zlxl.figures.satisfaction_comments import QUESTIONS, Comment, LowScore
from zlxl.figures.satisfaction_incidents import Incident
from zlxl.figures.satisfaction_population import Reminder
from zlxl.figures.satisfaction_segments import Comparison, Segment
from zlxl.proportions import Interval

NAME_WIDTH = 12  # Chinese letters of an item's name


def satisfaction_lines(figures: Satisfaction, conclusion: tuple[str, ...]) -> Iterator[str]:
    """The conclusion, a line an item, and what is to be done."""
    period = figures.period
    yield f"{period.chinese}客户满意度（{period.start} 至 {period.end}，计算于 {figures.today}）"
    yield ""
    yield from conclusion
    yield ""
    yield f"{_wide('题目')}  权重    n  平均分  满意%  与上期  判定"
    yield from (_item(item, figures.significance) for item in figures.items)
    yield ""
    for incident in figures.incidents:
        yield (
            f"重大事件 {incident.number} {incident.occurred_on} {incident.client} {incident.kind} "
            f"{incident.proof}：扣 {incident.deduction:g} 分"
        )
    for reminder in figures.reminders:
        subject = reminder.subject
        number = figures.answers.numbers[subject.row] if subject.row >= 0 else subject.contract
        yield f"{reminder.advice}：{number} {subject.client}，已 {reminder.days} 天"


def _item(item: ItemFigures, significance: float) -> str:
    verdict = "—" if isnan(item.adjusted) else "显著" if item.adjusted < significance else "不显著"
    return (
        f"{_wide(item.name)}  {item.weight:4g} {item.sample:4d}  {_number(item.mean, 2):>6}  "
        f"{_number(item.top * 100, 1):>5}  {_number(item.change, 2):>6}  {verdict}"
    )


def _wide(text: str) -> str:
    return text + "　" * max(0, NAME_WIDTH - len(text))


def _number(value: float, places: int) -> str:
    return "—" if isnan(value) else f"{value:.{places}f}"


def satisfaction_json(figures: Satisfaction, conclusion: tuple[str, ...]) -> dict[str, object]:
    """The figures with English keys; null where there is nothing to compute."""
    annual = figures.period.annual
    return {
        "period": str(figures.period),
        "today": figures.today.isoformat(),
        "response": _response(figures),
        "current": _summary(figures.summary),
        "previous": _summary(figures.before),
        "change_p": _known(figures.change_p),
        "bounds": None
        if figures.bounds is None
        else {"index": list(figures.bounds.index), "share": list(figures.bounds.share)},
        "trend": [{"quarter": q.name, **_summary(q.summary)} for q in figures.trend],
        "items": [_item_json(item, figures) for item in figures.items],
        "nps": _nps(figures),
        "segments": {name: list(map(_segment, one.segments)) for name, one in figures.segments.items()},
        "segment_tests": {name: _test(one) for name, one in figures.segments.items()},
        "early_late": {**_test(figures.waves), "groups": list(map(_segment, figures.waves.segments))},
        "incidents": list(map(_incident, figures.incidents)),
        "deduction": figures.deduction if annual else None,
        "annual": _known(figures.annual) if annual else None,
        "verdict": figures.verdict or None,
        "integrity_flag": figures.integrity_flag,
        "low_scores": [_low_score(low, figures) for low in figures.low_scores],
        "comments": [_comment(comment, figures) for comment in figures.comments],
        "reminders": [_reminder(reminder, figures) for reminder in figures.reminders],
        "conclusion": list(conclusion),
    }


def _response(figures: Satisfaction) -> dict[str, object]:
    return {
        "due": figures.due,
        "due_sent": figures.due_sent,
        "sent": figures.sent,
        "delivered": figures.delivered,
        "returned": figures.returned,
        "valid": figures.summary.sample,
        "needed": figures.needed,
    }


def _nps(figures: Satisfaction) -> dict[str, object]:
    promoters = figures.promoters
    return {
        "n": promoters.sample,
        "score": _known(promoters.score),
        "interval": _ends(promoters.interval),
    }


def _segment(segment: Segment) -> dict[str, object]:
    return {
        "name": segment.name,
        "subjects": segment.asked,
        "n": segment.sample,
        "index": _known(segment.mean),
        "p_against_rest": _known(segment.p),
        "p_adjusted": _known(segment.adjusted),
    }


def _test(one: Comparison) -> dict[str, object]:
    """The test of Kruskal and Wallis."""
    return {
        "groups_tested": len(one.compared),
        "n": one.sample,
        "h": _known(one.h),
        "p": _known(one.p),
        "p_adjusted": _known(one.adjusted),
    }


def _low_score(low: LowScore, figures: Satisfaction) -> dict[str, object]:
    answers = figures.answers
    return {"survey": answers.numbers[low.row], "what": low.what, "request": answers.requests[low.row]}


def _comment(comment: Comment, figures: Satisfaction) -> dict[str, object]:
    return {
        "survey": figures.answers.numbers[comment.row],
        "question": dict(QUESTIONS)[comment.field],
        "text": comment.text,
        "topics": list(comment.read.topics),
        "escalates": comment.read.escalates,
        "evidence": comment.read.why,
    }


def _reminder(reminder: Reminder, figures: Satisfaction) -> dict[str, object]:
    row = reminder.subject.row
    return {
        "contract": reminder.subject.contract,
        "survey": figures.answers.numbers[row] if row >= 0 else None,
        "days": reminder.days,
        "advice": reminder.advice,
    }


def _summary(summary: Summary) -> dict[str, object]:
    return {
        "sent": summary.population,
        "n": summary.sample,
        "index": _known(summary.mean),
        "deviation": _known(summary.deviation),
        "index_interval": _ends(summary.mean_interval),
        "share": _known(summary.share),
        "share_interval": _ends(summary.share_interval),
    }


def _item_json(item: ItemFigures, figures: Satisfaction) -> dict[str, object]:
    levels = [level.name for level in figures.criteria.scale]
    return {
        "name": item.name,
        "weight": item.weight,
        "n": item.sample,
        "counts": dict(zip(levels, item.counts, strict=True)),
        "mean": _known(item.mean),
        "deviation": _known(item.deviation),
        "top": _known(item.top),
        "bottom": _known(item.bottom),
        "change": _known(item.change),
        "p": _known(item.p),
        "p_adjusted": _known(item.adjusted),
        "importance": _known(item.importance),
    }


def _incident(incident: Incident) -> dict[str, object]:
    return {
        "number": incident.number,
        "occurred_on": incident.occurred_on.isoformat(),
        "client": incident.client,
        "kind": incident.kind,
        "proof": incident.proof,
        "deduction": incident.deduction,
    }


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None else list(interval)
