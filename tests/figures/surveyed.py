"""Small databases of questionnaires, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tests.samples.books import Source, grid_of
from zlxl.figures.satisfaction import Satisfaction
from zlxl.figures.satisfaction_period import Period
from zlxl.jobs.satisfaction import analyse
from zlxl.sheets.data import data_sheet
from zlxl.tables.catalog import table_named
from zlxl.tables.criteria import CRITERIA

TODAY = date(2026, 11, 24)
ITEMS = (
    *("advice", "contract_clarity", "schedule", "competence", "attitude", "impartiality"),
    *("integrity", "report", "certificate", "aftercare", "complaints"),
)
Row = Mapping[str, object]


def survey(number: int, answers: str | None = "满意", **more: object) -> dict[str, object]:
    """A questionnaire of 2026Q3, every item answered alike; None: it did not come back."""
    row: dict[str, object] = {
        "survey_no": f"MY2026-{number:04d}",
        "contract_no": f"ZL2026{number:04d}-Q",
        "client": f"石家庄恒泰{number}号机械有限公司",
        "audit_type": "初审",
        "quarter": "2026Q3",
        "sent_on": date(2026, 7, 6),
        "way": "网络",
        "delivered": "是",
    }
    if answers is not None:
        row |= {"returned_on": date(2026, 7, 20), "validity": "有效", **dict.fromkeys(ITEMS, answers)}
    return row | more


def client(number: int, **more: object) -> dict[str, object]:
    """A client certified in the quarter, asked by ``survey(number)``."""
    return {
        "contract_no": f"ZL2026{number:04d}-Q",
        "certificate_no": f"03426Q{number:05d}R0S",
        "client": f"石家庄恒泰{number}号机械有限公司",
        "applied_on": date(2026, 4, 1),
        "audited_on": date(2026, 6, 1),
        "status": "有效",
        "province": "河北省",
        "contact": "王丽",
        "phone": "13800000000",
        "industry": "18.05.07",
        "system": "QMS",
        "issued_on": date(2026, 7, 1),
        **more,
    }


def different_systems() -> list[dict[str, object]]:
    """QMS mostly 很满意, EMS mixed, 15 of each; three of ISMS; half of all late."""
    late = date(2026, 7, 21)
    levels = {"QMS": ("很满意", "满意", "很满意"), "EMS": ("满意", "一般", "满意"), "ISMS": ("一般",)}
    return [
        survey(
            100 * at + n,
            own[n % len(own)],
            system=system,
            competence="满意",
            returned_on=late if n % 2 else date(2026, 7, 8),
        )
        for at, (system, own) in enumerate(levels.items(), 1)
        for n in range(3 if system == "ISMS" else 15)
    ]


def incident(number: int, **more: object) -> dict[str, object]:
    """A proven complaint of the third quarter."""
    return {
        "incident_no": f"SJ2026-{number:04d}",
        "occurred_on": date(2026, 8, 3),
        "client": "石家庄恒泰1号机械有限公司",
        "kind": "一般投诉",
        "description": "审核员迟到",
        "proof": "查实",
        "integrity": "否",
        **more,
    }


def criteria(**changes: Mapping[str, object] | None) -> list[Row]:
    """The shipped 评价准则 with some rows changed by their item, or left out."""
    rows = []
    for row in CRITERIA.shipped:
        change = changes.get(str(row["item"]), {})
        if change is not None:
            rows.append({**row, **change})
    return rows


def source(
    surveys: Sequence[Row],
    clients: Sequence[Row] = (),
    incidents: Sequence[Row] = (),
    policy: Sequence[Row] | None = None,
    evaluations: Sequence[Row] = (),
) -> Source:
    """A database as a source."""
    rows = {"满意度调查": list(surveys), "客户台账": list(clients), "重大事件": list(incidents)}
    if evaluations:
        rows["有效性评价"] = list(evaluations)
    if policy is not None:
        rows["评价准则"] = list(policy)
    return Source([grid_of(data_sheet(table_named(name), table)) for name, table in rows.items()])


def figures(
    surveys: Sequence[Row],
    clients: Sequence[Row] = (),
    incidents: Sequence[Row] = (),
    *,
    period: str = "2026Q3",
    policy: Sequence[Row] | None = None,
    evaluations: Sequence[Row] = (),
    today: date = TODAY,
) -> Satisfaction:
    """The figures of a period."""
    told = source(surveys, clients, incidents, policy, evaluations)
    return analyse(told, Period.parse(period), today).figures
