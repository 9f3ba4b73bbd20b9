"""The year-end report on the screen, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from zlxl.figures.improvements import Measure
from zlxl.figures.needs import EXISTING, LATENT, Need
from zlxl.figures.value_added import ServiceYear
from zlxl.figures.yearend import Problem, YearEnd
from zlxl.figures.yearend_requests import Asked, Told, counted, share_in_time
from zlxl.reports.words import one_line

LISTED: Final = 10  #: problems on the screen
OUTCOME_KEYS: Final = {
    "按期办结": "in_time",
    "逾期办结": "late",
    "未到期": "running",
    "逾期未办": "overdue",
    "未定": "undated",
    "撤回": "withdrawn",
}


def yearend_lines(figures: YearEnd, conclusion: tuple[str, ...]) -> Iterator[str]:
    """The conclusion, then the problems and measures."""
    period = figures.period
    yield f"{period.chinese}客户服务年终汇总（{period.start} 至 {period.end}，计算于 {figures.today}）"
    yield ""
    yield from map(one_line, conclusion)
    if figures.problems:
        yield ""
        yield "共性问题："
    for problem in figures.problems[:LISTED]:
        yield one_line(
            f"  {problem.group.topic or '待人工'}　{len(problem.clients)} 家 {len(problem.asked)} 条　"
            f"{problem.owner}　{problem.state}　{problem.group.text}"
        )
    if len(figures.problems) > LISTED:
        yield f"  另有 {len(figures.problems) - LISTED} 组，见工作表或 --format json。"
    if figures.needs:
        yield "需求："
    for need in figures.needs:
        yield one_line(f"  {need.kind}　{need.name}　{need.number} 家　{need.evidence}")
    if figures.measures:
        yield "改进措施："
    for measure in figures.measures:
        yield one_line(
            f"  {measure.number}　{measure.state}　{measure.text('owner')}　{measure.text('measure')}"
        )


def yearend_json(figures: YearEnd, conclusion: tuple[str, ...]) -> dict[str, object]:
    """The figures with English keys."""
    keys: dict[str, Callable[[Asked], str]] = {
        "by_class": lambda one: one.topic_class,
        "by_topic": lambda one: one.topic,
        "by_department": lambda one: one.owner,
        "by_kind": lambda one: one.kind,
        "by_state": lambda one: one.state,
        "by_month": lambda one: f"{one.received_on:%Y-%m}",
    }
    return {
        "period": str(figures.period),
        "today": figures.today.isoformat(),
        "requests": {
            "n": len(figures.asked),
            "clients": figures.clients,
            "share_in_time": share_in_time(figures.outcomes),
            **{name: _counts(figures, key) for name, key in keys.items()},
        },
        "common_problems": list(map(_problem, figures.problems)),
        "feedback": list(map(_told, figures.feedback)),
        "needs": list(map(_need, figures.needs)),
        "value_added": _services(figures.services),
        "measures": list(map(_measure, figures.measures)),
        "conclusion": list(conclusion),
    }


def _counts(figures: YearEnd, key: Callable[[Asked], str]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "n": outcomes.total(),
            **{OUTCOME_KEYS[word]: number for word, number in outcomes.items()},
        }
        for name, outcomes in counted(figures.asked, key).items()
    ]


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "topic": problem.group.topic or None,
        "text": problem.group.text,
        "clients": list(problem.clients),
        "requests": [one.key for one in problem.asked],
        "months": list(problem.months),
        "open": problem.open,
        "owner": problem.owner or None,
        "fed_back_to": list(problem.group.fed_back_to),
        "measures": [measure.number for measure in problem.measures],
        "state": problem.state,
    }


def _need(need: Need) -> dict[str, object]:
    return {
        "kind": {EXISTING: "existing", LATENT: "latent"}[need.kind],
        "name": need.name,
        "source": need.source,
        "evidence": need.evidence,
        "clients": list(need.clients),
        "proposal": need.proposal,
        "owner": need.owner,
        "measures": [measure.number for measure in need.measures],
    }


def _services(services: ServiceYear) -> dict[str, object]:
    return {
        "kinds": [
            {
                "kind": kind.name,
                "asked": len(kind.rows),
                "delivered": kind.delivered,
                "arranged": kind.arranged,
                "waiting": kind.waiting,
                "declined": kind.declined,
                "median_days": kind.median,
                "rated": kind.rated,
                "content": kind.content,
            }
            for kind in services.kinds
        ],
        "offers_due": [
            {
                "client": offer.client,
                "grade": offer.grade,
                "last": offer.last.isoformat() if offer.last else None,
                "due": offer.due_on.isoformat(),
            }
            for offer in services.offers
        ],
    }


def _told(told: Told) -> dict[str, object]:
    return {
        "request": told.asked.key,
        "client": told.asked.who,
        "why": told.why,
        "to": told.to or None,
        "on": told.on.isoformat() if told.on else None,
        "workdays": told.days,
        "state": told.state,
        "reply": told.reply or None,
    }


def _measure(measure: Measure) -> dict[str, object]:
    due, done = measure.day("due_on"), measure.day("done_on")
    return {
        "number": measure.number or None,
        "year": measure.year,
        "origin": measure.text("origin") or None,
        "problem": measure.text("problem"),
        "measure": measure.text("measure"),
        "owner": measure.text("owner") or None,
        "due": due.isoformat() if due else None,
        "done": done.isoformat() if done else None,
        "state": measure.state,
        "effect": measure.text("effect") or None,
        "effective": {"是": True, "否": False}.get(measure.text("effective")),
    }
