"""A few dozen plausible rows with something of everything the first sheet counts."""

from __future__ import annotations

import random
from datetime import date, timedelta

CITIES = (("河北省", "石家庄", "050000"), ("山东省", "济南", "250000"), ("江苏省", "南京", "210000"))
FIRMS = ("恒泰机械", "鑫源化工", "天成建筑", "长安电子", "蓝海食品", "博远软件", "绿洲环保")
STATUSES = ("有效",) * 7 + ("暂停", "撤销", "受理", "审核中", "失效")
SYSTEMS = {"QMS": "Q", "EMS": "E", "OHSMS": "S"}


def plausible(today: date, count: int = 40) -> dict[str, list[dict[str, object]]]:
    """Rows by table name, the same for the same day and count."""
    chance = random.Random(7)
    clients = [_client(chance, number, today) for number in range(count)]
    clients[9]["certificate_no"] = clients[3]["certificate_no"] = "01623Q00004R0M"
    clients[5]["contact"] = None
    return {
        "客户台账": clients,
        "客户要求": [_request(chance, number, today, clients) for number in range(20)],
        "满意度调查": [_survey(chance, number, today, clients) for number in range(15)],
        "服务计划": [_plan(chance, number, today, clients) for number in range(10)],
    }


def _client(chance: random.Random, number: int, today: date) -> dict[str, object]:
    province, city, postcode = chance.choice(CITIES)
    status, system = chance.choice(STATUSES), chance.choice(list(SYSTEMS))
    applied = today - timedelta(days=chance.randrange(200, 1400))
    row: dict[str, object] = {
        "contract_no": f"ZL{applied.year}{number + 1:04d}-{SYSTEMS[system]}",
        "client": f"{city}{chance.choice(FIRMS)}有限公司",
        "applied_on": applied,
        "status": status,
        "province": province,
        "address": f"{province}{city}市建设北大街{number + 1}号",
        "postcode": postcode,
        "contact": chance.choice(("王丽", "张强")),
        "phone": chance.choice(("0311-85551234", "13803110000")),
        "scope": "通用机械的设计、生产和销售及相关管理活动",
        "system": system,
        "initial_fee": 18000.0,
        "verified_on": today - timedelta(days=chance.randrange(10, 600)),
    }
    return row | (_certificate(chance, row, number, today) if status not in ("受理", "审核中") else {})


def _certificate(
    chance: random.Random, row: dict[str, object], number: int, today: date
) -> dict[str, object]:
    issued = today - timedelta(days=chance.randrange(100, 1150))
    planned = today + timedelta(days=chance.randrange(-40, 330)) if chance.random() < 0.9 else None
    return {
        "certificate_no": f"01623{SYSTEMS[str(row['system'])]}{number + 1:05d}R0M",
        "audited_on": issued - timedelta(days=20),
        "planned_on": planned,
        "carried_out_on": planned if chance.random() < 0.2 else None,
        "issued_on": issued,
        "valid_until": issued + timedelta(days=1095),
        "suspended_on": today - timedelta(days=chance.randrange(20, 300))
        if row["status"] == "暂停"
        else None,
    }


def _request(
    chance: random.Random, number: int, today: date, clients: list[dict[str, object]]
) -> dict[str, object]:
    received = today - timedelta(days=chance.randrange(0, 60))
    state = chance.choice(("待确认", "处理中", "已上报", "已办结", "已撤回"))
    return {
        "request_no": f"KH{number + 1:04d}",
        "received_on": received,
        "client": chance.choice(clients)["client"],
        "text": "希望把监审时间推迟到下个月中旬，车间正在搬迁。",
        "confirmed_class": chance.choice(("b", "c", None)),
        "reply_due_on": received + timedelta(days=1),
        "due_on": received + timedelta(days=10),
        "replied_on": received if chance.random() < 0.5 else None,
        "state": state,
    }


def _survey(
    chance: random.Random, number: int, today: date, clients: list[dict[str, object]]
) -> dict[str, object]:
    sent = today - timedelta(days=chance.randrange(1, 60))
    back = sent + timedelta(days=7) if chance.random() < 0.5 else None
    return {
        "survey_no": f"MY{number + 1:04d}",
        "client": chance.choice(clients)["client"],
        "sent_on": sent,
        "returned_on": back,
        "overall": "不满意" if back else None,
    }


def _plan(
    chance: random.Random, number: int, today: date, clients: list[dict[str, object]]
) -> dict[str, object]:
    return {
        "plan_no": f"JH{number + 1:04d}",
        "client": chance.choice(clients)["client"],
        "service": "监督审核",
        "due_on": today + timedelta(days=chance.randrange(-30, 60)),
        "status": chance.choice(("未安排", "已安排", "已完成", "取消")),
    }
