"""The written conclusion of the year for 主管副总, with its numbers (4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from zlxl.figures import improvements
from zlxl.figures.needs import EXISTING, LATENT
from zlxl.figures.value_added import DELIVERED, WAITING
from zlxl.figures.yearend import YearEnd
from zlxl.figures.yearend_requests import LATE, OVERDUE, UNTOLD, share_in_time
from zlxl.sheets.yearend_requests import classes_in_words, topics_of

NAMED: Final = 3  #: topics and problems that are named


def conclusion(figures: YearEnd) -> tuple[str, ...]:
    """Paragraphs; what holds on the day of the run."""
    parts = (_level, _topics, _problems, _feedback, _needs, _services, _measures, _advice)
    told = [text for part in parts for text in part(figures)]
    return tuple(f"{number}. {text}" for number, text in enumerate(told, 1))


def _level(figures: YearEnd) -> Iterator[str]:
    period, outcomes = figures.period, figures.outcomes
    if not figures.asked:
        yield f"总体：{period.chinese}“客户要求”没有登记，无法汇总；请核对是否漏记（4.6 应及时予以记录）。"
        return
    share = share_in_time(outcomes)
    rate = "还没有到期或办结的" if share is None else f"按期办结率 {share:.1%}"
    yield (
        f"总体：{period.chinese}收到 {figures.clients} 家客户的要求、意见和建议 {len(figures.asked)} 条"
        f"（{classes_in_words(figures.asked)}）；{rate}，逾期办结 {outcomes[LATE]} 条，"
        f"逾期未办 {outcomes[OVERDUE]} 条。"
    )


def _topics(figures: YearEnd) -> Iterator[str]:
    topics = topics_of(figures)
    if not topics:
        return
    total = len(figures.asked)
    told = "、".join(
        f"{name} {found.total()} 条（{found.total() / total:.1%}）" for name, found in topics[:NAMED]
    )
    late = Counter({name: found[LATE] + found[OVERDUE] for name, found in topics})
    worst = [(name, number) for name, number in late.most_common(1) if number]
    tail = f"；逾期最多的是{worst[0][0]}（{worst[0][1]} 条）" if worst else ""
    yield f"主题：共 {len(topics)} 个主题，最多的是{told}{tail}。"


def _problems(figures: YearEnd) -> Iterator[str]:
    if not figures.problems:
        return
    named = "、".join(
        f"{problem.group.topic or '待人工'}（{len(problem.clients)} 家 {len(problem.asked)} 条）"
        for problem in figures.problems[:NAMED]
    )
    yield (
        f"共性问题：归并出 {len(figures.problems)} 组，影响较大的是{named}；"
        f"其中 {len(figures.problems) - len(figures.unmeasured)} 组已有措施，"
        f"{len(figures.unmeasured)} 组还没有措施。"
    )


def _feedback(figures: YearEnd) -> Iterator[str]:
    states = Counter(told.state for told in figures.feedback)
    if figures.feedback:
        days = [told.days for told in figures.feedback if told.days is not None]
        speed = f"，平均 {sum(days) / len(days):.1f} 个工作日反馈" if days else ""
        told = "，".join(f"{state} {number} 条" for state, number in states.most_common())
        yield f"及时反馈：应反馈的共性问题和流程改进建议 {len(figures.feedback)} 条，{told}{speed}。"


def _needs(figures: YearEnd) -> Iterator[str]:
    for kind, how in ((EXISTING, "反复提出的"), (LATENT, "由数据推出的")):
        needs = figures.needs_of(kind)
        if needs:
            largest = sorted(needs, key=lambda need: -need.number)[:NAMED]
            named = "、".join(f"{need.name}（{need.number} 家）" for need in largest)
            pending = sum(not need.measures for need in needs)
            yield f"{kind}需求：{how} {len(needs)} 项，涉及客户最多的是{named}；{pending} 项还没有措施。"


def _services(figures: YearEnd) -> Iterator[str]:
    services = figures.services
    rows = services.rows
    if rows:
        delivered, waiting = (sum(row.status == word for row in rows) for word in (DELIVERED, WAITING))
        rated = [row for row in rows if row.score is not None]
        content = sum(row.line.text("feedback") in services.content for row in rated)
        opinion = f"，有评价的 {len(rated)} 项中满意 {content / len(rated):.1%}" if rated else ""
        yield (
            f"增值服务：需求 {len(rows)} 项，已开展 {delivered} 项，待安排 {waiting} 项{opinion}；"
            f"按等级应主动提供而未提供的客户 {len(services.offers)} 家。"
        )


def _measures(figures: YearEnd) -> Iterator[str]:
    if not figures.measures:
        yield "措施：“改进措施”中没有本年度的措施，共性问题和需求没有落实到部门和期限。"
        return
    states = Counter(measure.state for measure in figures.measures)
    told = "，".join(f"{state} {states[state]} 项" for state in improvements.STATES if states[state])
    useless = sum(measure.text("effective") == "否" for measure in figures.measures)
    failed = f"；验证无效 {useless} 项，须重新制定" if useless else ""
    yield f"措施：本年度（含结转）{len(figures.measures)} 项：{told}{failed}。"


def _advice(figures: YearEnd) -> Iterator[str]:
    parts = []
    if figures.unmeasured:
        owners = "、".join(dict.fromkeys(problem.owner for problem in figures.unmeasured if problem.owner))
        number = len(figures.unmeasured)
        parts.append(f"{number} 组无措施的共性问题由{owners or '市场部'}提出措施和期限，登记“改进措施”")
    pending = [need for need in figures.needs if not need.measures]
    if pending:
        parts.append(f"从 {len(pending)} 项没有措施的需求中确定下年度的重点")
    if untold := sum(told.state == UNTOLD for told in figures.feedback):
        parts.append(f"补报 {untold} 条未反馈的建议")
    if figures.outcomes[OVERDUE]:
        parts.append(f"限期办结 {figures.outcomes[OVERDUE]} 条逾期未办的要求")
    overdue = sum(measure.state == improvements.OVERDUE for measure in figures.measures)
    if overdue:
        parts.append(f"督办 {overdue} 项逾期未完成的措施")
    if parts:
        yield f"建议主管副总决定：{'；'.join(parts)}。"
