"""Common problems of 客户要求: groups of similar requests, who asked, and what was done about them (4.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from zlxl.decisions.authority import TOPICS
from zlxl.decisions.grouping import Item, grouped
from zlxl.jobs.classifying.sheet import SIMILARITY, Proposal, Sheet

CLIENTS: Final = "共性问题最少客户数"
NO_PROBLEM: Final = "不计共性"  #: attribute of a topic in 码表: praise


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A request that several clients made."""

    topic: str
    text: str  #: the commonest wording
    requests: tuple[Proposal, ...]  #: by day of receipt

    @cached_property
    def clients(self) -> tuple[str, ...]:
        """Who asked, each once, in the order of their first request."""
        named = (
            one.row.text("client") or one.row.text("contract_no") or one.row.key for one in self.requests
        )
        return tuple(dict.fromkeys(named))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Days of receipt, earliest first."""
        return tuple(day for one in self.requests if (day := one.row.day("received_on")))

    @property
    def open(self) -> int:
        """How many of the requests are not settled yet."""
        return sum(one.row.open for one in self.requests)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measures that were entered, each once."""
        return self._entered("measure")

    @cached_property
    def fed_back_to(self) -> tuple[str, ...]:
        """Who was told."""
        return self._entered("fed_back_to")

    @property
    def state(self) -> str:
        """How far it has come."""
        if not self.fed_back_to:
            return "未反馈"
        return "有措施" if self.measures else "已反馈，待措施"

    def _entered(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for one in self.requests if (text := one.row.text(name))))


def common_problems(sheet: Sheet, *, since: date | None = None, until: date | None = None) -> list[Problem]:
    """Groups that enough different clients share, those of most clients first.

    Args:
        since, until: days of receipt to look at; requests without a day only where neither is given.
    """
    context = sheet.book.context
    least = int(context.number(CLIENTS))
    found = [problem for problem in _problems(sheet, since, until) if len(problem.clients) >= least]
    return sorted(found, key=lambda one: (-len(one.clients), -len(one.requests), one.topic, one.text))


def _problems(sheet: Sheet, since: date | None, until: date | None) -> Iterator[Problem]:
    context = sheet.book.context
    left_out = {c.value for c in context.lists[TOPICS].choices if c.attributes.get(NO_PROBLEM) == "是"}
    looked_at = [one for one in sheet.proposals if one.topic not in left_out and _within(one, since, until)]
    in_order = sorted(looked_at, key=_age)
    items = {str(number): one for number, one in enumerate(in_order)}
    groups = grouped(
        (Item(key=key, text=one.row.text("text"), topic=one.topic) for key, one in items.items()),
        context.number(SIMILARITY),
        sheet.decider.lexicon.synonyms,
    )
    for group in groups:
        yield Problem(topic=group.topic, text=group.text, requests=tuple(items[key] for key in group.keys))


def _age(one: Proposal) -> tuple[date, str]:
    return one.row.day("received_on") or date.max, one.row.key


def _within(one: Proposal, since: date | None, until: date | None) -> bool:
    day = one.row.day("received_on")
    if day is None:
        return since is None and until is None
    return (since or date.min) <= day <= (until or date.max)
