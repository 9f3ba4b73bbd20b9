"""Mistakes that only show beside another cell, another row, another table or today's date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from zlxl.samples.companies import places
from zlxl.samples.history import LETTERS
from zlxl.samples.mistake import Edit, Mistake, Site
from zlxl.schema.facts import add_months
from zlxl.tables.codes import uscc_check_digit

_HIGH_SERIAL: Final = 90_000  #: serials from here on occur in mistakes alone
_ELSEWHERE: Final = ("山东省济南市历下区经纬路8号", "广东省广州市番禺区科技路16号")
_ENDS: Final = ("撤销", "注销", "失效")


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _renamed(name: str) -> str:
    """The company's name with another legal form."""
    if name.endswith("有限责任公司"):
        return name.replace("有限责任公司", "有限公司")
    return name.replace("有限公司", "有限责任公司")


def _numbered(site: Site, *, system: str | None = None, year: int | None = None) -> str:
    """The row's certificate number with a serial that no other has."""
    old = str(site["certificate_no"])
    letters = LETTERS[system or str(site["system"])]
    serial = _HIGH_SERIAL + site.number
    return f"{old[:3]}{year or int(old[3:5]):02d}{letters}{serial:05d}{old[old.index('R') :]}"


def _other_letters(site: Site) -> Edit | None:
    if not site["certificate_no"]:
        return None
    return {"certificate_no": _numbered(site, system="EMS" if site["system"] != "EMS" else "QMS")}


def _other_year(site: Site) -> Edit | None:
    issued = site["issued_on"]
    return {"certificate_no": _numbered(site, year=issued.year % 100 - 1)} if issued else None


def _other_system(site: Site) -> Edit | None:
    waiting = site["status"] == "受理" and site["system"] not in ("FSMS", "ISMS")
    return {"system": "FSMS"} if waiting and "F" not in site["contract_no"] else None


def _other_size(site: Site) -> Edit | None:
    if not site["certificate_no"]:
        return None
    return {"persons": 30 if site["persons"] > 50 else 620, "staff": None}


def _moved_code(site: Site) -> Edit | None:
    """A right credit code of a district in another province."""
    code = site["uscc"]
    other = next(p for p in places() if p.province != site["province"] and p.weight)
    plain = f"{code[:2]}{other.division}{code[8:17]}"
    return {"uscc": f"{plain}{uscc_check_digit(plain)}"}


def _other_postcode(site: Site) -> Edit | None:
    return {"postcode": "201100" if site["province"] != "上海市" else "610200"}


def _other_address(site: Site) -> Edit | None:
    return {"address": next(a for a in _ELSEWHERE if not a.startswith(site["province"]))}


def _swapped(earlier: str, later: str, *, moved: str) -> Callable[[Site], Edit | None]:
    """One of two dates in the wrong order; ``moved`` is the one that was mistyped."""

    def make(site: Site) -> Edit | None:
        first, second = site[earlier], site[later]
        if first is None or second is None:
            return None
        return {moved: first - _days(6) if moved == later else second + _days(6)}

    return make


def _valid(site: Site) -> bool:
    return site["status"] == "有效" and site["carried_out_on"] is None and site["planned_on"] is not None


def _planned_late(site: Site) -> Edit | None:
    last = site["audited_on"]
    late = add_months(last, 14) if last and _valid(site) else None
    return {"planned_on": late} if late and late > site.today else None


def _overdue(site: Site) -> Edit | None:
    plan = site.today - _days(20)
    return {"planned_on": plan} if _valid(site) and site["audited_on"] < plan - _days(40) else None


def _unplanned(site: Site) -> Edit | None:
    last = add_months(site.today, -14)
    if not _valid(site) or site["applied_on"] >= last:
        return None
    return {"audited_on": last, "planned_on": None}


def _expired(site: Site) -> Edit | None:
    end = site.today - _days(25)
    return {"valid_until": end} if _valid(site) and site["issued_on"] < end - _days(40) else None


def _long_suspended(site: Site) -> Edit | None:
    return {"suspended_on": add_months(site.today, -8)} if site["status"] == "暂停" else None


def _unverified(site: Site) -> Edit | None:
    return {"verified_on": add_months(site.today, -15)} if site["status"] not in _ENDS else None


def _ran_out(field: str, days: int) -> Callable[[Site], Edit | None]:
    """A date that has passed while the certificate still says 有效."""
    return lambda site: {field: site.today - _days(days)} if _valid(site) else None


def _restored(site: Site) -> Edit | None:
    suspended = site["status"] == "暂停"
    return {"restored_on": site["suspended_on"] + _days(8)} if suspended else None


def _few(site: Site) -> Edit | None:
    return {"staff": site["persons"] - 1} if site["persons"] > 1 else None


def _too_long(site: Site) -> Edit | None:
    return {"valid_until": add_months(site["issued_on"], 48)} if site["issued_on"] else None


def _no_certificate(site: Site) -> Edit | None:
    return {"certificate_no": None} if site["certificate_no"] else None


def _too_early(site: Site) -> Edit | None:
    """A certificate number of an application that has none yet."""
    if site["certificate_no"]:
        return None
    persons = site["persons"]
    size = "S" if persons <= 50 else "M" if persons <= 1000 else "L"
    serial = _HIGH_SERIAL + site.number
    return {"certificate_no": f"016{site.today:%y}{LETTERS[site['system']]}{serial:05d}R0{size}"}


def _others(site: Site, *same: str) -> Iterator[int]:
    """Rows that agree with this one in the fields."""
    wanted = [site[name] for name in same]
    for position, row in enumerate(site.rows):
        if position != site.position and [row.get(name) for name in same] == wanted:
            yield position


def _same_year(site: Site) -> int | None:
    """A row whose certificate number could stand in this row without another fault."""
    if not site["certificate_no"]:
        return None
    fits = (
        position
        for position in _others(site, "system")
        if (other := site.rows[position]["certificate_no"])
        and other[3:5] == site["certificate_no"][3:5]
        and other[-1] == site["certificate_no"][-1]
        and site.rows[position]["contract_no"] != site["contract_no"]
    )
    return next(fits, None)


def _sibling(site: Site) -> int | None:
    """Another application of the same contract."""
    return next(_others(site, "contract_no", "status"), None) if site["status"] == "受理" else None


def _copied_system(site: Site) -> Edit | None:
    return {"system": site.other["system"]}


def _copied_certificate(site: Site) -> Edit | None:
    return {"certificate_no": site.other["certificate_no"]}


def _odd_name(site: Site) -> Edit | None:
    """Another name in a later row of a contract."""
    before = site.rows[site.position - 1] if site.position else {}
    return {"client": _renamed(site["client"])} if before.get("contract_no") == site["contract_no"] else None


def _registered_again(site: Site) -> Edit | None:
    """The company once more, as a new application under a variant of its name."""
    if site["status"] in _ENDS or site["system"] != "QMS":
        return None
    kept = ("contact", "phone", "province", "address", "postcode", "industry", "scope", "uscc", "persons")
    applied: date = site.today - _days(3)
    return {
        **dict.fromkeys(site.row, None),
        **{name: site[name] for name in kept},
        "contract_no": f"ZL{applied.year}{9000 + site.number:04d}-Q",
        "client": _renamed(site["client"]),
        "applied_on": applied,
        "status": "受理",
        "system": "QMS",
        "standard": "GB/T 19001-2016/ISO 9001:2015",
        "verified_on": applied,
    }


def _unknown_contract(site: Site) -> Edit | None:
    number = site["contract_no"]
    return {"contract_no": f"ZL2023{9000 + site.number:04d}-Q"} if number else None


def _unknown_system(site: Site) -> Edit | None:
    return {"system": "HACCP"} if site["contract_no"] else None


def _renamed_client(site: Site) -> Edit | None:
    return {"client": _renamed(site["client"])} if site["contract_no"] else None


def _unfilled(required: str, because: str) -> Callable[[Site], Edit | None]:
    """A field left empty although another one demands it."""
    return lambda site: {required: None} if site[because] is not None and site[required] is not None else None


def _unsigned(site: Site) -> Edit | None:
    return {"signed_on": None} if site["status"] == "履行中" else None


def _ledger(code: str, field: str, note: str, make: Any, *also: str) -> Mistake:  # noqa: ANN401
    return Mistake(code=code, table="客户台账", field=field, note=note, make=make, also=also)


def _in(code: str, table: str, field: str, note: str, make: Any) -> Mistake:  # noqa: ANN401
    return Mistake(code=code, table=table, field=field, note=note, make=make)


_BESIDE: Final = (
    _ledger("ZL113", "certificate_no", "证书字母与体系不符", _other_letters),
    _ledger("ZL114", "certificate_no", "证书年份与颁证日期不符", _other_year),
    _ledger("ZL115", "system", "体系不在合同编号中", _other_system),
    _ledger("ZL116", "certificate_no", "体系人数与规模字母不符", _other_size),
    _ledger("ZL117", "staff", "企业总人数少于体系人数", _few),
    _ledger("ZL122", "uscc", "信用代码为外省登记", _moved_code),
    _ledger("ZL133", "postcode", "邮编是别省的", _other_postcode),
    _ledger("ZL134", "address", "地址在别省", _other_address),
    _ledger(
        "ZL160",
        "audited_on",
        "受理日期录成审核之后",
        _swapped("applied_on", "audited_on", moved="applied_on"),
    ),
    Mistake(
        code="ZL160",
        table="合同",
        field="signed_on",
        note="签订早于评审",
        make=_swapped("reviewed_on", "signed_on", moved="signed_on"),
        also=("ZL326",),
    ),
    _in(
        "ZL160",
        "客户要求",
        "closed_on",
        "办结早于接收",
        _swapped("received_on", "closed_on", moved="closed_on"),
    ),
    _in(
        "ZL160",
        "满意度调查",
        "returned_on",
        "回收早于下发",
        _swapped("sent_on", "returned_on", moved="returned_on"),
    ),
    _in(
        "ZL160",
        "重大事件",
        "reported_on",
        "接报早于发生",
        _swapped("occurred_on", "reported_on", moved="occurred_on"),
    ),
    _ledger("ZL180", "certificate_no", "已颁证而没有证书编号", _no_certificate),
    _ledger("ZL181", "certificate_no", "未颁证而有证书编号", _too_early),
    _ledger("ZL204", "valid_until", "有效期录成四年", _too_long),
    _in("ZL101", "客户要求", "answer", "已办结而没有答复内容", _unfilled("answer", "closed_on")),
    _in("ZL101", "客户要求", "escalated_to", "c 类没有上报对象", _unfilled("escalated_to", "escalated_on")),
    _in("ZL101", "满意度调查", "validity", "收回后未判定是否有效", _unfilled("validity", "returned_on")),
    _in("ZL101", "合同", "signed_on", "履行中而没有签订日期", _unsigned),
    _in("ZL101", "服务计划", "done_on", "已完成而没有完成日期", _unfilled("done_on", "done_on")),
)
_ROWS: Final = (
    Mistake(
        code="ZL182",
        table="客户台账",
        field="certificate_no",
        note="证书编号与另一行重复",
        make=_copied_certificate,
        partner=_same_year,
    ),
    Mistake(
        code="ZL185",
        table="客户台账",
        field="contract_no",
        note="同一合同同一体系录了两行",
        make=_copied_system,
        partner=_sibling,
    ),
    _ledger("ZL183", "client", "同一合同企业名称不同", _odd_name, "ZL184"),
    Mistake(
        code="ZL184",
        table="客户台账",
        field="client",
        note="同一企业换个写法又登记一次",
        make=_registered_again,
        appended=True,
    ),
    _in("ZL301", "客户要求", "contract_no", "合同不在台账中", _unknown_contract),
    _in("ZL301", "满意度调查", "contract_no", "合同不在台账中", _unknown_contract),
    _in("ZL301", "增值服务", "contract_no", "合同不在台账中", _unknown_contract),
    _in("ZL302", "有效性评价", "system", "合同没有这个体系", _unknown_system),
    _in("ZL303", "客户要求", "client", "企业名称与台账不同", _renamed_client),
    _in("ZL303", "服务计划", "client", "企业名称与台账不同", _renamed_client),
)
_TIME: Final = (
    _ledger("ZL161", "planned_on", "计划监审超过 12 个月", _planned_late),
    _ledger("ZL201", "planned_on", "监审逾期未做", _overdue),
    _ledger("ZL202", "status", "证书已过期，状态未改", _expired),
    _ledger("ZL203", "suspended_on", "暂停超过 6 个月", _long_suspended),
    _ledger("ZL205", "verified_on", "联系信息一年多未核实", _unverified),
    _ledger("ZL207", "licence_until", "许可资质已过期", _ran_out("licence_until", 15)),
    _ledger("ZL208", "transition_until", "标准换版已截止", _ran_out("transition_until", 40)),
    _ledger("ZL209", "restored_on", "已恢复而状态未改", _restored),
    _ledger("ZL206", "planned_on", "超过监审间隔没有新计划", _unplanned),
)
ROW_MISTAKES: Final = (*_BESIDE, *_ROWS, *_TIME)
