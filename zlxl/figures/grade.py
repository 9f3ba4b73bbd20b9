"""Grades of clients by their evaluation forms: score, deductions, vetoes, bands, history (4.2.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.grade_criteria import (
    CAP,
    FULL,
    LEAST,
    MAJOR,
    MINOR,
    MOST_STEPS,
    OPEN_MAJOR,
    REPEAT,
    SUSPENDED,
    UNGRADED,
    VETO_MONTHS,
    Criteria,
    field_of,
    rounded,
)
from zlxl.schema.facts import add_months
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.text import compact

YES: Final = "是"
ENDED: Final = frozenset({"撤销", "注销", "失效"})
_FIRST: Final = date(1980, 1, 1)
UP, DOWN, SAME, FIRST = "升", "降", "平", "首次"


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """One evaluation form and the grade it leads to."""

    line: Line
    scores: Mapping[str, float | None]  #: by field; None where nobody scored
    score: float | None  #: of 100, None when too little was scored
    deduction: float
    total: float | None
    band: str  #: grade of the total alone
    vetoes: tuple[str, ...]  #: what stands against a higher grade
    steps: int  #: grades up or down for information from elsewhere
    grade: str
    remarks: tuple[str, ...] = ()

    @property
    def audited_on(self) -> date:
        """Day of the audit."""
        return self.line.day("audited_on") or _FIRST


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A client's system: its evaluations in the order of their audits, the last one decides."""

    client: str
    system: str
    suspended: bool
    forms: tuple[Evaluated, ...]

    @property
    def last(self) -> Evaluated:
        """The newest evaluation."""
        return self.forms[-1]

    @property
    def before(self) -> Evaluated | None:
        """The one before it."""
        return self.forms[-2] if len(self.forms) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Company:
    """A client: the lowest grade of its systems is its own."""

    client: str
    grade: str
    before: str  #: grade by the evaluations before the last ones; empty when there are none
    standings: tuple[Standing, ...]
    unevaluated: tuple[str, ...] = ()  #: systems under certification that no form tells of


@dataclass(frozen=True, kw_only=True)
class Grades:
    """The grades of a workbook's clients on a day."""

    today: date
    criteria: Criteria
    companies: tuple[Company, ...]
    remarks: tuple[str, ...] = field(default=())

    def by_client(self) -> dict[str, str]:
        """Grades by compared name, those without one left out."""
        return {compact(c.client): c.grade for c in self.companies if c.grade != UNGRADED}

    def counts(self) -> Counter[str]:
        """How many clients have each grade."""
        return Counter(company.grade for company in self.companies)

    def trend(self, company: Company) -> str:
        """Whether a client rose, fell, stayed, or has been evaluated for the first time."""
        known = self.criteria.grades
        if company.before not in known or company.grade not in known:
            return FIRST
        step = self.criteria.rank(company.grade) - self.criteria.rank(company.before)
        return SAME if step == 0 else UP if step > 0 else DOWN


def grades_of(tables: Tables) -> Grades:
    """Grade every client that has an evaluation or a live certificate."""
    criteria = Criteria.of(tables.frames, tables.context)
    grading = _Grading(tables, criteria)
    companies = tuple(grading.companies())
    told = (*criteria.problems, *grading.remarks(companies))
    return Grades(today=tables.context.today, criteria=criteria, companies=companies, remarks=told)


class _Grading:
    def __init__(self, tables: Tables, criteria: Criteria) -> None:
        self._criteria, self._today = criteria, tables.context.today
        self._names: dict[str, str] = {}
        self._live: dict[str, set[str]] = defaultdict(set)
        self._ledger: set[str] = set()
        self._suspended: set[tuple[str, str]] = set()
        self._forms: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in lines(tables, CLIENTS):
            self._certificate(line)
        for line in lines(tables, EVALUATIONS):
            self._form(line)

    def _certificate(self, line: Line) -> None:
        client, system, status = line.text("client"), line.text("system"), line.text("status")
        self._ledger.add(compact(client))
        if not client or not status or status in (*ENDED, "受理"):
            return
        self._names.setdefault(compact(client), client)
        self._live[compact(client)].add(system)
        if status == "暂停":
            self._suspended.add((compact(client), system))

    def _form(self, line: Line) -> None:
        client, day = line.text("client"), line.day("audited_on")
        if client and day is not None and day <= self._today:
            self._names.setdefault(compact(client), client)
            self._forms[compact(client), line.text("system")].append(line)

    def companies(self) -> Iterator[Company]:
        """Clients by name."""
        by_client: dict[str, list[Standing]] = defaultdict(list)
        for client, system in sorted(self._forms):
            live = self._live.get(client)
            if client not in self._ledger or (live and (not system or system in live or "" in live)):
                by_client[client].append(self._standing(client, system))
        for client in sorted(self._names, key=self._names.__getitem__):
            if client in by_client or client in self._live:
                yield self._company(client, by_client.get(client, []))

    def _standing(self, client: str, system: str) -> Standing:
        ordered = sorted(self._forms[client, system], key=lambda line: line.day("audited_on") or _FIRST)
        suspended = (client, system) in self._suspended
        earlier = [self._evaluated(line, suspended=False, today=None) for line in ordered[:-1]]
        last = self._evaluated(ordered[-1], suspended=suspended, today=self._today)
        name = self._names[client]
        return Standing(client=name, system=system, suspended=suspended, forms=(*earlier, last))

    def _company(self, client: str, standings: Sequence[Standing]) -> Company:
        evaluated = {standing.system for standing in standings}
        before = [(s.before or s.last).grade for s in standings]
        anything = any(standing.before for standing in standings)
        return Company(
            client=self._names[client],
            grade=self._lowest(standing.last.grade for standing in standings),
            before=self._lowest(before) if anything else "",
            standings=tuple(standings),
            unevaluated=tuple(sorted(s for s in self._live.get(client, ()) if s and s not in evaluated)),
        )

    def _lowest(self, grades: Iterable[str]) -> str:
        known = [grade for grade in grades if grade != UNGRADED]
        return min(known, key=self._criteria.rank) if known else UNGRADED

    def _evaluated(self, line: Line, *, suspended: bool, today: date | None) -> Evaluated:
        criteria = self._criteria
        scores = {name: self._item(line, name) for name in criteria.items}
        score = score_of(criteria, scores)
        deduction = deduction_of(criteria, *(count_of(line, name) for name in ("major", "minor", "repeated")))
        total = None if score is None else max(0.0, rounded(score - deduction))
        band = UNGRADED if total is None else criteria.band(total)
        vetoes = tuple(self._vetoes(line, suspended=suspended, today=today))
        steps, told = self._steps(line)
        grade = self._final(band, vetoes, steps)
        return Evaluated(
            line=line,
            scores=scores,
            score=score,
            deduction=deduction,
            total=total,
            band=band,
            vetoes=vetoes,
            steps=steps,
            grade=grade,
            remarks=(*told, *_told(line, criteria, scores, band)),
        )

    def _item(self, line: Line, name: str) -> float | None:
        value = line.number(name)
        return value if value is not None and 0 <= value <= self._criteria.numbers[FULL] else None

    def _vetoes(self, line: Line, *, suspended: bool, today: date | None) -> Iterator[str]:
        months = int(self._criteria.numbers[VETO_MONTHS])
        day = line.day("audited_on") or _FIRST
        fresh = today is None or add_months(day, months) >= today
        for veto in self._criteria.vetoes:
            name = field_of(veto)
            if name is not None and fresh and line.text(name) == YES:
                yield veto
        if OPEN_MAJOR in self._criteria.vetoes and open_major(line):
            yield OPEN_MAJOR
        if SUSPENDED in self._criteria.vetoes and suspended:
            yield SUSPENDED

    def _steps(self, line: Line) -> tuple[int, list[str]]:
        """Grades up or down, as far as the criteria let them and somebody answers for them."""
        word = line.text("adjustment")
        wanted = self._criteria.steps.get(word, 0)
        if wanted and not (line.text("adjustment_reason") and line.text("approver")):
            return 0, [f"“{word}”没有调整理由或批准人，未采用"]
        most = int(self._criteria.numbers[MOST_STEPS])
        return max(-most, min(most, wanted)), []

    def _final(self, band: str, vetoes: Sequence[str], steps: int) -> str:
        if band == UNGRADED:
            return UNGRADED
        criteria = self._criteria
        top = min((criteria.rank(criteria.vetoes[veto]) for veto in vetoes), default=len(criteria.grades) - 1)
        return criteria.grades[max(0, min(top, criteria.rank(band) + steps))]

    def remarks(self, companies: Sequence[Company]) -> Iterator[str]:
        """What somebody should look at, with its place."""
        for company in companies:
            for standing in company.standings:
                line = standing.last.line
                place = f"{line.frame.sheet}!{line.address('evaluation_no')}"
                yield from (f"{place} {company.client}：{told}" for told in standing.last.remarks)


def open_major(line: Line) -> bool:
    """Whether a major nonconformity is not known to be closed."""
    return count_of(line, "major") > 0 and line.text("major_closed") != YES


def count_of(line: Line, name: str) -> float:
    """A number of nonconformities, 0 where none is given."""
    return max(0.0, line.number(name) or 0.0)


def score_of(criteria: Criteria, scores: Mapping[str, float | None]) -> float | None:
    """Of 100: weights x points over full points, by the weights of what was scored; None when too little."""
    known = {name: points for name, points in scores.items() if points is not None}
    weight = sum(criteria.items[name] for name in known)
    share = 100 * weight / (sum(criteria.items.values()) or 1)
    if weight == 0 or share < criteria.numbers[LEAST]:
        return None
    points = sum(criteria.items[name] * value for name, value in known.items())
    return rounded(100 * points / criteria.numbers[FULL] / weight)


def deduction_of(criteria: Criteria, major: float, minor: float, repeated: float) -> float:
    """Points off: repeated ones weigh more, minor ones first; minor ones together have a cap."""
    numbers = criteria.numbers
    extra = max(0.0, numbers[REPEAT] - 1)
    of_minor = min(repeated, minor)
    of_major = min(repeated - of_minor, major)
    less = min(numbers[CAP], numbers[MINOR] * (minor + extra * of_minor))
    return rounded(numbers[MAJOR] * (major + extra * of_major) + less)


def _told(line: Line, criteria: Criteria, scores: Mapping[str, float | None], band: str) -> Iterator[str]:
    missing = [EVALUATIONS.columns[name].header for name, value in scores.items() if value is None]
    if missing:
        so = "评分太少，未评级" if band == UNGRADED else "按其余题目的权重折算"
        yield f"{'、'.join(missing)}没有评分，{so}"
    team = line.text("grade")
    if team in criteria.grades and band != UNGRADED and team != band:
        yield f"审核组评定为 {team}，按评分为 {band}"


def change_of(standing: Standing) -> str:
    """Which items rose and fell since the evaluation before, the largest change first."""
    before, last = standing.before, standing.last
    if before is None:
        return ""
    steps = [
        (abs(new - old), f"{EVALUATIONS.columns[name].header} {old:g}→{new:g}")
        for name, new in last.scores.items()
        if new is not None and (old := before.scores.get(name)) is not None and new != old
    ]
    return "；".join(text for _, text in sorted(steps, key=lambda step: -step[0]))


def history_of(standing: Standing) -> str:
    """Every evaluation with its month, total and grade."""
    return " → ".join(
        f"{form.audited_on:%Y-%m} {form.grade}{'' if form.total is None else f' {form.total:g}'}"
        for form in standing.forms
    )
