"""Latent needs: what nobody asked for yet, but certificates, evaluations and questionnaires show (4.6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from zlxl.figures.due import Line, Tables, lines
from zlxl.figures.needs import (
    LATENT,
    SHOWN,
    Need,
    certified,
    each_once,
    least,
    line_clients,
    rows_where,
    within,
)
from zlxl.figures.satisfaction_period import Period
from zlxl.figures.yearend_requests import UNKNOWN, Asked
from zlxl.schema.facts import add_months
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.intervals import transition_end
from zlxl.tables.lists import LISTS
from zlxl.tables.plans import PLANS
from zlxl.tables.policy import LEVELS, SCORE
from zlxl.tables.requests import REQUESTS
from zlxl.tables.services import SERVICES
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.text import compact

EXPECTED: Final = "换版=预期"  #: attribute of a standard in 码表 that is not in force yet
PEERS, MOST_HAVE = "同行比较最少家数", "同行多数持有比例"
GROWTH, LOW, MANY = "需求上升倍数", "培训需求得分界限", "培训需求不符合数"
SILENCE, LOW_SCORE, RECERTIFICATION = "沉默客户月数", "低分界限", "再认证启动提前天数"
AUDITOR: Final = "内审员培训"
_SCORED: Final = ("internal_audit", "correction")
_LOWEST: Final = 3  #: items of questionnaires that are told
_SECTORS: Final = 4  #: sectors that are told of a system
_GROWN: Final = 3  #: topics that are told as growing
#: signs of life: table, field of the day
_CONTACTS: Final = (
    (REQUESTS, "received_on"),
    (SURVEYS, "returned_on"),
    (SERVICES, "raised_on"),
    (PLANS, "done_on"),
)


@dataclass(frozen=True, kw_only=True)
class Signs:
    """A workbook in which latent needs are looked for, for the year and the one after it."""

    tables: Tables
    period: Period
    asked: Sequence[Asked]
    before: Mapping[str, int]  #: requests of the year before by topic

    def needs(self) -> Iterator[Need]:
        """Every kind that enough clients have."""
        found = (
            *self.expected_editions(),
            *self.transitions(),
            *self.expiring(),
            *self.peers(),
            *self.training(),
            *self.low_items(),
            *self.growing(),
            *self.misunderstood(),
            *self.suspended(),
            *self.silent(),
        )
        yield from (need for need in found if need.clients)

    @property
    def today(self) -> date:
        """The last day that is looked at."""
        return min(self.period.end, self.tables.context.today)

    @property
    def next_year_end(self) -> date:
        """The last day of the year after."""
        return date(self.period.year + 1, 12, 31)

    @cached_property
    def certified(self) -> tuple[Line, ...]:
        """Valid certificates."""
        return certified(self.tables)

    def _number(self, name: str) -> float:
        return self.tables.context.number(name)

    # ---- standards

    def expected_editions(self) -> Iterator[Need]:
        """A new edition that 码表 expects, and who holds a certificate to the old one."""
        for value, system in _expected(self.tables):
            held = [row for row in self.certified if row.text("system") == system]
            rows = [row for row in held if row.text("standard") != value]
            old = Counter(row.text("standard") or "未填标准" for row in rows).most_common(1)
            if rows:
                yield Need(
                    kind=LATENT,
                    name=f"{system} 换版（{value}）",
                    source="客户台账、码表",
                    evidence=f"有效证书 {len(rows)} 张仍按 {old[0][0]} 等旧版；新版是否发布、过渡期待确认",
                    clients=line_clients(rows),
                    proposal="新版发布后发转换通知，办换版公开课，结合监审或再认证转换",
                    words=("换版", value),
                    rows=tuple(rows[:SHOWN]),
                )

    def transitions(self) -> Iterator[Need]:
        """Certificates that are to move to a new edition by a day that is known."""
        last = np.datetime64(self.next_year_end)
        rows, days = [], []
        for frame in self.tables.of(CLIENTS):
            ends = transition_end(frame, self.tables.context)
            mask = frame.where("status", frozenset({"有效"})) & (ends <= last)
            for row in rows_where(frame, mask):
                rows.append(row)
                days.append(ends[row.position].item())
        if rows:
            passed = sum(day < self.today for day in days)
            yield Need(
                kind=LATENT,
                name="限期完成标准转换",
                source="客户台账、码表",
                evidence=f"证书 {len(rows)} 张，最早截止 {min(days)}，已过期限 {passed} 张",
                clients=line_clients(rows),
                proposal="逐户告知截止日期，安排转换审核",
                owner="审核部",
                words=("标准转换", "转换审核", "转换安排"),
                rows=tuple(rows[:SHOWN]),
            )

    def expiring(self) -> Iterator[Need]:
        """Certificates that expire in what is left of the year and in the next one."""
        rows = within(self.certified, "valid_until", self.today, self.next_year_end)
        if not rows:
            return
        days = int(self._number(RECERTIFICATION))
        soon = sum((row.day("valid_until") or date.max) <= _later(self.today, days) for row in rows)
        quarters = Counter(_quarter(row.day("valid_until") or self.today) for row in rows)
        told = "、".join(f"{name} {quarters[name]} 张" for name in sorted(quarters))
        yield Need(
            kind=LATENT,
            name="再认证",
            source="客户台账",
            evidence=f"到下年底到期 {len(rows)} 张（{told}）；{days} 天内到期 {soon} 张",
            clients=line_clients(rows),
            proposal=f"到期前 {days} 天送申请书和报价，按季度排再认证计划",
            words=("再认证",),
            rows=tuple(sorted(rows, key=lambda row: row.day("valid_until") or date.max)[:SHOWN]),
        )

    # ---- peers

    def peers(self) -> Iterator[Need]:
        """Clients with one system where most of their sector hold another one as well."""
        held, first = _systems(self.certified)
        sectors: dict[str, list[str]] = defaultdict(list)
        for client, row in first.items():
            if sector := _sector(row):
                sectors[sector].append(client)
        found: dict[str, list[str]] = defaultdict(list)
        told: dict[str, list[str]] = defaultdict(list)
        for sector, clients in sorted(sectors.items()):
            for system, have in self._usual(clients, held):
                lacking = [c for c in clients if len(held[c]) == 1 and system not in held[c]]
                if lacking:
                    found[system] += lacking
                    told[system].append(f"{sector} 类 {have}/{len(clients)} 家持有，{len(lacking)} 家没有")
        for system, clients in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
            more = f"等 {len(told[system])} 类" if len(told[system]) > _SECTORS else ""
            yield Need(
                kind=LATENT,
                name=f"增加 {system}（结合审核）",
                source="客户台账",
                evidence="专业代码大类：" + "；".join(told[system][:_SECTORS]) + more,
                clients=each_once(first[client].text("client") for client in clients),
                proposal="监审前随时间表介绍多体系结合审核和人日的节省，由客户自愿申请",
                words=(f"增加 {system}", "结合审核", "多体系"),
                rows=tuple(first[client] for client in clients[:SHOWN]),
            )

    def _usual(self, clients: Sequence[str], held: Mapping[str, set[str]]) -> Iterator[tuple[str, int]]:
        """Systems that enough of a sector's clients hold, and how many do."""
        if len(clients) < self._number(PEERS):
            return
        counts = Counter(system for client in clients for system in held[client])
        for system, number in sorted(counts.items()):
            if number / len(clients) >= self._number(MOST_HAVE):
                yield system, number

    # ---- evaluations and questionnaires

    def training(self) -> Iterator[Need]:
        """Low scores of internal audit or correction, or many non-conformities, without a training since."""
        rows = [
            row
            for row in within(lines(self.tables, EVALUATIONS), "audited_on", self.period.start, self.today)
            if self._weak(row)
        ]
        trained: dict[str, date] = {}
        for row in lines(self.tables, SERVICES):
            day, client = row.day("delivered_on"), compact(row.text("client"))
            if row.text("kind") == AUDITOR and day:
                trained[client] = max(day, trained.get(client, day))
        open_ = [
            row
            for row in rows
            if trained.get(compact(row.text("client")), date.min) < (row.day("audited_on") or date.min)
        ]
        if open_:
            found = sum((row.number("major") or 0) + (row.number("minor") or 0) for row in open_)
            yield Need(
                kind=LATENT,
                name="内审和纠正措施培训",
                source="有效性评价、增值服务",
                evidence=f"本年 {len(open_)} 次审核内审或纠正措施得分低、不符合多（共 {found:g} 项），"
                f"此后没有{AUDITOR}",
                clients=line_clients(open_),
                proposal="邀请参加内审员培训和公开课；只讲通用知识，不为其编写文件",
                words=(AUDITOR, "内审员"),
                rows=tuple(open_[:SHOWN]),
            )

    def _weak(self, row: Line) -> bool:
        scores = [score for name in _SCORED if (score := row.number(name)) is not None]
        number = (row.number("major") or 0) + (row.number("minor") or 0)
        return min(scores, default=5.0) <= self._number(LOW) or number >= self._number(MANY)

    def low_items(self) -> Iterator[Need]:
        """The items of the year's questionnaires with the most low scores."""
        levels = self.tables.context.lists[LEVELS].by_value
        scores = {word: float(c.attributes[SCORE]) for word, c in levels.items() if SCORE in c.attributes}
        rows = [
            row
            for row in within(lines(self.tables, SURVEYS), "returned_on", self.period.start, self.today)
            if row.text("validity") != "无效"
        ]
        limit = self._number(LOW_SCORE)
        needs: list[Need] = []
        for name, column in SURVEYS.columns.items():
            if column.choices == LEVELS and name != "overall":
                needs += _low_item(column.header, name, rows, scores, limit)
        yield from sorted(needs, key=lambda need: -need.number)[:_LOWEST]

    # ---- requests

    def growing(self) -> Iterator[Need]:
        """Topics that many more ask about than the year before."""
        found: dict[str, list[Asked]] = defaultdict(list)
        for one in self.asked:
            if one.topic != UNKNOWN and one.topic_class != "a":
                found[one.topic].append(one)
        needs: list[Need] = []
        for topic, rows in found.items():
            before = self.before.get(topic, 0)
            if before and len(rows) >= before * self._number(GROWTH):
                needs.append(_grown(topic, rows, before))
        enough = [need for need in needs if need.number >= least(self.tables)]
        yield from sorted(enough, key=lambda need: (-need.number, need.name))[:_GROWN]

    def misunderstood(self) -> Iterator[Need]:
        """Unreasonable requests: those clients do not know the rules of certification."""
        rows = [one for one in self.asked if one.topic_class == "a"]
        clients = each_once(one.who for one in rows)
        if len(clients) < least(self.tables):
            return
        topics = Counter(one.topic for one in rows).most_common(3)
        told = "、".join(f"{topic} {number} 条" for topic, number in topics)
        yield Need(
            kind=LATENT,
            name="认证规则宣贯",
            source="客户要求",
            evidence=f"a 类（不合理）要求 {len(rows)} 条，较多的是{told}",
            clients=clients,
            proposal="在公开文件、预通知和首末次会议中说明规则；客户权利义务一页纸随证书寄出",
            words=("宣贯", "认证规则", "权利义务"),
            rows=tuple(one.line for one in rows[:SHOWN]),
        )

    # ---- clients at risk

    def suspended(self) -> Iterator[Need]:
        """Suspended certificates: what is needed to restore them."""
        rows = [
            row
            for frame in self.tables.of(CLIENTS)
            for row in rows_where(frame, frame.where("status", frozenset({"暂停"})))
        ]
        if rows:
            why = Counter(row.text("suspended_why") or "未填原因" for row in rows).most_common(2)
            told = "、".join(f"{reason} {number} 张" for reason, number in why)
            yield Need(
                kind=LATENT,
                name="暂停恢复的说明和安排",
                source="客户台账",
                evidence=f"暂停证书 {len(rows)} 张（{told}）",
                clients=line_clients(rows),
                proposal="逐户说明恢复条件和期限，期满不恢复的按规定撤销",
                owner="审核部",
                words=("暂停", "恢复"),
                rows=tuple(rows[:SHOWN]),
            )

    def silent(self) -> Iterator[Need]:
        """Certified clients that nobody has heard of for long."""
        since = add_months(self.today, -int(self._number(SILENCE)))
        heard = {
            compact(row.text("client"))
            for table, field in _CONTACTS
            for row in within(lines(self.tables, table), field, since, self.today)
        }
        rows = [
            row
            for row in self.certified
            if compact(row.text("client")) not in heard and (row.day("issued_on") or date.max) < since
        ]
        if rows:
            yield Need(
                kind=LATENT,
                name="沉默客户的走访",
                source="客户台账、客户要求、满意度调查、服务计划、增值服务",
                evidence=f"自 {since} 起没有要求、问卷回收、回访和增值服务，证书 {len(rows)} 张",
                clients=line_clients(rows),
                proposal="列入下年走访名单，了解变化和续证意向",
                words=("走访", "沉默"),
                rows=tuple(rows[:SHOWN]),
            )


def _expected(tables: Tables) -> Iterator[tuple[str, str]]:
    """Standards of 码表 that are expected, with their system."""
    frames = tables.of(LISTS)
    rows = [
        (row.text("list_name"), row.text("value"), row.text("attributes")) for row in lines(tables, LISTS)
    ]
    if not frames:
        names = ("list_name", "value", "attributes")
        rows = [tuple(str(row.get(name) or "") for name in names) for row in LISTS.shipped]  # type: ignore[misc]
    for name, value, attributes in rows:
        parts = [part.strip() for part in attributes.replace("；", ";").split(";")]
        systems = [part.removeprefix("体系=") for part in parts if part.startswith("体系=")]
        if name == "标准" and EXPECTED in parts and systems:
            yield value, systems[0]


def _systems(rows: Sequence[Line]) -> tuple[Mapping[str, set[str]], Mapping[str, Line]]:
    """The systems of each client, and its first row."""
    held: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Line] = {}
    for row in rows:
        client, system = compact(row.text("client")), row.text("system")
        if client and system:
            held[client].add(system)
            first.setdefault(client, row)
    return held, first


def _sector(row: Line) -> str:
    """大类 of the first professional code."""
    code = row.text("industry")[:2]
    return code if code.isdigit() else ""


def _low_item(
    header: str, name: str, rows: Sequence[Line], scores: Mapping[str, float], limit: float
) -> Iterator[Need]:
    """The need behind an item with low scores."""
    known = [(row, scores[row.text(name)]) for row in rows if row.text(name) in scores]
    low = [row for row, score in known if score <= limit]
    if low:
        mean = sum(score for _, score in known) / len(known)
        yield Need(
            kind=LATENT,
            name=f"改进“{header}”",
            source="满意度调查",
            evidence=f"{len(known)} 份问卷平均 {mean:.1f} 分，低分（不高于 {limit:g}）{len(low)} 份",
            clients=line_clients(low),
            proposal="逐户回访低分原因，责任部门提出改进",
            words=(header, header[:4]),
            rows=tuple(low[:SHOWN]),
        )


def _grown(topic: str, rows: Sequence[Asked], before: int) -> Need:
    owners = Counter(one.owner for one in rows).most_common(1)
    return Need(
        kind=LATENT,
        name=f"上升：{topic}",
        source="客户要求",
        evidence=f"上年 {before} 条，本年 {len(rows)} 条（{len(rows) / before:.1f} 倍）",
        clients=each_once(one.who for one in rows),
        proposal="查明上升的原因，提前告知，准备资料和人手",
        owner=owners[0][0],
        topic=topic,
        rows=tuple(one.line for one in rows[:SHOWN]),
    )


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
