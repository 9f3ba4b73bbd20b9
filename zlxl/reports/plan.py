"""The plan as text for the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zlxl.figures.due import OVERDUE, URGENCIES, URGENT, Due
from zlxl.figures.plan import Plan, Proposal

SHOWN: Final = 20  #: items that the screen lists


def plan_lines(plan: Plan) -> Iterator[str]:
    """Counts, then the most urgent items, then what 服务计划 lacks."""
    counts = plan.counts()
    totals = {urgency: sum(n for (_, u), n in counts.items() if u == urgency) for urgency in URGENCIES}
    yield f"{plan.today} 共 {len(plan.dues)} 项待办：" + "，".join(f"{u} {n}" for u, n in totals.items())
    kinds = sorted({kind for kind, _ in counts})
    for kind in kinds:
        told = "，".join(f"{u} {counts[kind, u]}" for u in URGENCIES if counts[kind, u])
        yield f"  {kind}　{told}"
    pressing = [due for due in plan.dues if due.urgency(plan.today) in (OVERDUE, URGENT)]
    if pressing:
        yield ""
        yield f"最急的 {min(len(pressing), SHOWN)} 项（共 {len(pressing)} 项逾期或紧急）："
        yield from (f"  {_line(due, plan)}" for due in pressing[:SHOWN])
    if plan.proposals:
        yield ""
        yield f"服务计划中缺少 {len(plan.proposals)} 行：" + _by_service(plan)


def _line(due: Due, plan: Plan) -> str:
    left = due.days_left(plan.today)
    when = f"逾期 {-left} 天" if left < 0 else f"剩 {left} 天"
    whom = " ".join(part for part in (due.client, due.contract_no, due.system) if part)
    place = f"（{due.sheet}!{due.cell}）" if due.sheet else ""
    return f"{due.due_on} {when} {due.kind} {whom}{place}：{due.basis}。{due.action}。"


def _by_service(plan: Plan) -> str:
    services = [proposal.service for proposal in plan.proposals]
    return "，".join(f"{service} {services.count(service)}" for service in dict.fromkeys(services))


def plan_json(plan: Plan) -> dict[str, object]:
    """Everything, dates in ISO form."""
    counts = plan.counts()
    kinds = sorted({kind for kind, _ in counts})
    return {
        "today": plan.today.isoformat(),
        "counts": {kind: {u: counts[kind, u] for u in URGENCIES if counts[kind, u]} for kind in kinds},
        "items": [_item(due, plan) for due in plan.dues],
        "proposals": [_proposal(proposal) for proposal in plan.proposals],
        "remarks": list(plan.remarks),
    }


def _item(due: Due, plan: Plan) -> dict[str, object]:
    return {
        "kind": due.kind,
        "urgency": due.urgency(plan.today),
        "days_left": due.days_left(plan.today),
        "due_on": due.due_on.isoformat(),
        "plan_on": due.plan_on.isoformat() if due.plan_on else None,
        "client": due.client,
        "contract_no": due.contract_no,
        "system": due.system,
        "grade": due.grade,
        "basis": due.basis,
        "action": due.action,
        "owner": due.owner,
        "rule": due.rule,
        "source": due.source,
        "sheet": due.sheet or None,
        "cell": due.cell or None,
        "plan_no": due.plan_no or None,
    }


def _proposal(proposal: Proposal) -> dict[str, object]:
    return {
        "service": proposal.service,
        "client": proposal.client,
        "contract_no": proposal.contract_no,
        "systems": list(proposal.systems),
        "grade": proposal.grade,
        "due_on": proposal.due_on.isoformat(),
        "latest_on": proposal.latest_on.isoformat(),
        "owner": proposal.owner,
    }
