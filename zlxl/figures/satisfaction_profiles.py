"""What the workbook knows of a client that was asked: the groups that satisfaction is compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from zlxl.figures.satisfaction_answers import Questionnaires, joined, joined_days
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.tables.text import compact

UNKNOWN: Final = "（未知）"
SEVERAL: Final = "多体系"
SYSTEM, AUDIT, REGION, GRADE, LEADER = "体系", "对应审核", "地区", "企业等级", "审核组长"
PROVINCE, SECTOR = "省份", "专业大类"
DIMENSIONS: Final = (SYSTEM, AUDIT, REGION, GRADE, LEADER, PROVINCE, SECTOR)
#: by the first digit of a province's code (GB/T 2260)
_REGIONS: Final = {
    "1": "华北", "2": "东北", "3": "华东", "4": "中南", "5": "西南", "6": "西北",
    "7": "港澳台", "8": "港澳台",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known of a contract."""

    province: str = UNKNOWN
    region: str = UNKNOWN
    sector: str = UNKNOWN  #: first two characters of the first 专业代码, never a bare number
    system: str = UNKNOWN  #: or SEVERAL
    grade: str = UNKNOWN  #: of the company, as in 企业分级
    leader: str = UNKNOWN  #: of the last audit that 有效性评价 tells of

    def groups(self, audit: str) -> dict[str, str]:
        """The group of every dimension; the audit is the questionnaire's."""
        own = (self.system, audit, self.region, self.grade, self.leader, self.province, self.sector)
        return dict(zip(DIMENSIONS, own, strict=True))


def profiles(
    clients: Sequence[Frame], evaluations: Sequence[Frame], grades: Mapping[str, str], context: Context
) -> Mapping[str, Profile]:
    """By the contract's number in capitals; of several rows in 客户台账 the first one tells.

    Args:
        grades: by compared name of the client.
    """
    names = ("contract_no", "client", "province", "industry", "system")
    columns = [joined(clients, name) for name in names]
    leaders = _leaders(evaluations)
    found: dict[str, Profile] = {}
    for contract, client, province, code, system in zip(*columns, strict=True):
        key = (contract or "").upper()
        if key in found:
            found[key] = replace(found[key], system=SEVERAL)
        elif key:
            found[key] = Profile(
                province=province or UNKNOWN,
                region=_region(province, context),
                sector=_sector(code),
                system=system or UNKNOWN,
                grade=grades.get(compact(client or ""), UNKNOWN),
                leader=leaders.get(key, UNKNOWN),
            )
    return found


def profile_of(row: int, answers: Questionnaires, known: Mapping[str, Profile]) -> Profile:
    """What is known of a questionnaire's client; its own 体系 goes before the ledger's."""
    found = known.get((answers.contracts[row] or "").upper(), Profile())
    own = answers.own_systems[row]
    return replace(found, system=own) if own else found


def _region(province: str | None, context: Context) -> str:
    choice = context.lists["省份"].by_value.get(province or "")
    return _REGIONS.get(choice.code[:1], UNKNOWN) if choice else UNKNOWN


def _sector(code: str | None) -> str:
    start = (code or "")[:2]
    return f"{start}类" if start.isdigit() else start or UNKNOWN


def _leaders(evaluations: Sequence[Frame]) -> dict[str, str]:
    """Of each contract who led the audit that was last evaluated."""
    contracts, leaders = (joined(evaluations, name) for name in ("contract_no", "leader"))
    days = joined_days(evaluations, "audited_on")
    order = np.argsort(days, kind="stable")  # without a day: last, which a known day must not be
    dated = [at for at in order.tolist() if not np.isnat(days[at])]
    pairs = ((contracts[at], leaders[at]) for at in dated)
    return {contract.upper(): leader for contract, leader in pairs if contract and leader}
