"""The figures of the first sheet: what is counted, in which words, and how urgent it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zlxl.sheet import Formula
from zlxl.sheets.front_terms import (
    MONTH_END,
    MONTH_START,
    NOW,
    Moment,
    Quantity,
    dated,
    different,
    doubled,
    empty,
    equal,
    filled,
    in_days,
    months_ago,
    rows_with,
    unequal,
)
from zlxl.sheets.names import threshold_name
from zlxl.tables.clients import CLIENTS
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.surveys import SURVEYS


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A line of the first sheet; ``{...}`` in its words stands for a threshold."""

    label: str
    quantity: Quantity
    words: str = ""
    urgency: str = ""  #: what the line says when the number is not zero


_VALID = equal("status", "有效")
_UNDONE = empty("carried_out_on")
_OPEN = (filled("request_no"), unequal("state", "已办结"), unequal("state", "已撤回"))
_LIVE = (
    filled("status"),
    unequal("status", "撤销"),
    unequal("status", "注销"),
    unequal("status", "失效"),
)

OVERDUE: Final = rows_with(
    CLIENTS,
    (
        _VALID,
        dated("planned_on", "<", NOW),
        _UNDONE,
    ),
)
OPEN_REQUESTS: Final = rows_with(REQUESTS, (*_OPEN,))

KEY_FIGURES: Final = (
    Figure(label="客户（家）", quantity=different(CLIENTS, "client")),
    Figure(label="证书（张）", quantity=rows_with(CLIENTS, (filled("certificate_no"),))),
    Figure(
        label="有效证书",
        quantity=rows_with(
            CLIENTS,
            (
                filled("certificate_no"),
                _VALID,
            ),
        ),
    ),
    Figure(label="暂停", quantity=rows_with(CLIENTS, (equal("status", "暂停"),))),
    Figure(
        label="受理与审核中",
        quantity=rows_with(CLIENTS, (equal("status", "受理"),), (equal("status", "审核中"),)),
    ),
    Figure(label="未办结要求", quantity=OPEN_REQUESTS),
)

MUST: Final = "须处理"
PLAN: Final = "请安排"
WATCH: Final = "关注"

TASKS: Final = (
    Figure(
        label="监审逾期",
        quantity=OVERDUE,
        words="状态有效，计划监审时间已过，实施时间未填",
        urgency=MUST,
    ),
    Figure(
        label="本月计划监审",
        quantity=rows_with(
            CLIENTS,
            (
                _VALID,
                dated("planned_on", ">=", MONTH_START),
                dated("planned_on", "<=", MONTH_END),
                _UNDONE,
            ),
        ),
        words="计划监审时间在本月，尚未实施",
        urgency=PLAN,
    ),
    Figure(
        label="{监审紧急提醒天数} 天内计划监审",
        quantity=rows_with(
            CLIENTS,
            (
                _VALID,
                dated("planned_on", ">=", NOW),
                dated("planned_on", "<=", in_days("监审紧急提醒天数")),
                _UNDONE,
            ),
        ),
        words="确认日期，发《认证审核预通知/回执单》",
        urgency=PLAN,
    ),
    Figure(
        label="{监审未排提醒天数} 天内计划监审",
        quantity=rows_with(
            CLIENTS,
            (
                _VALID,
                dated("planned_on", ">=", NOW),
                dated("planned_on", "<=", in_days("监审未排提醒天数")),
                _UNDONE,
            ),
        ),
        words="含上一行；与审核部落实审核组",
        urgency=WATCH,
    ),
    Figure(
        label="未排监审计划",
        quantity=rows_with(
            CLIENTS,
            (
                _VALID,
                empty("planned_on"),
            ),
        ),
        words="状态有效，计划监审时间为空",
        urgency=MUST,
    ),
    Figure(
        label="{再认证合同提前天数} 天内证书到期",
        quantity=rows_with(
            CLIENTS,
            (
                _VALID,
                dated("valid_until", ">=", NOW),
                dated("valid_until", "<=", in_days("再认证合同提前天数")),
            ),
        ),
        words="落实再认证合同和现场审核",
        urgency=PLAN,
    ),
    Figure(
        label="证书过期仍未改状态",
        quantity=rows_with(
            CLIENTS,
            (_VALID, dated("valid_until", "<", NOW)),
            (equal("status", "暂停"), dated("valid_until", "<", NOW)),
        ),
        words="有效期至已过，状态仍为有效或暂停",
        urgency=MUST,
    ),
    Figure(
        label="暂停超过 {暂停最长月数} 个月",
        quantity=rows_with(
            CLIENTS,
            (
                equal("status", "暂停"),
                dated("suspended_on", "<", months_ago("暂停最长月数")),
            ),
        ),
        words="恢复，或按规定撤销",
        urgency=MUST,
    ),
    Figure(
        label="证书编号重复",
        quantity=doubled(CLIENTS, "certificate_no"),
        words="一张证书一行，编号不得重复",
        urgency=MUST,
    ),
    Figure(
        label="超过 {联系人核实周期月数} 个月未核实",
        quantity=rows_with(
            CLIENTS,
            (
                *_LIVE,
                dated("verified_on", "<", months_ago("联系人核实周期月数")),
            ),
        ),
        words="与客户核对联系人、电话和地址",
        urgency=WATCH,
    ),
    Figure(
        label="要求待确认类别",
        quantity=rows_with(REQUESTS, (equal("state", "待确认"),)),
        words="确认主题和 a、b、c 类别",
        urgency=PLAN,
    ),
    Figure(
        label="要求首次答复逾期",
        quantity=rows_with(
            REQUESTS,
            (
                *_OPEN,
                dated("reply_due_on", "<", NOW),
                empty("replied_on"),
            ),
        ),
        words="首次答复期限已过，尚未答复",
        urgency=MUST,
    ),
    Figure(
        label="要求办结逾期",
        quantity=rows_with(
            REQUESTS,
            (
                *_OPEN,
                dated("due_on", "<", NOW),
            ),
        ),
        words="办结期限已过，尚未办结",
        urgency=MUST,
    ),
    Figure(
        label="c 类要求未上报",
        quantity=rows_with(
            REQUESTS,
            (
                *_OPEN,
                equal("confirmed_class", "c"),
                empty("escalated_on"),
            ),
        ),
        words="职能部门无权处置的，及时上报上级领导",
        urgency=MUST,
    ),
    Figure(
        label="满意度表未回收",
        quantity=rows_with(
            SURVEYS,
            (
                filled("survey_no"),
                dated("sent_on", "<=", NOW),
                empty("returned_on"),
            ),
        ),
        words="已下发，尚未回收",
        urgency=WATCH,
    ),
    Figure(
        label="超过 {满意度首次催收天数} 天未回收",
        quantity=rows_with(
            SURVEYS,
            (
                dated("sent_on", "<", in_days("满意度首次催收天数", -1)),
                empty("returned_on"),
            ),
        ),
        words="打电话催收，填写催收日期",
        urgency=PLAN,
    ),
    Figure(
        label="服务计划逾期",
        quantity=rows_with(
            PLANS,
            (
                dated("due_on", "<", NOW),
                unequal("status", "已完成"),
                unequal("status", "取消"),
            ),
        ),
        words="计划日期已过，尚未完成",
        urgency=MUST,
    ),
)

_HOLE = re.compile(r"\{(.+?)\}")


def words(template: str, moment: Moment) -> str | Formula:
    """A text, or a formula that puts the thresholds into it."""
    if not _HOLE.search(template):
        return template
    return Formula(
        text="=" + "&".join(_pieces(template)),
        value=_HOLE.sub(lambda hole: str(moment.thresholds[hole[1]]), template),
    )


def _pieces(template: str) -> Iterator[str]:
    for number, piece in enumerate(_HOLE.split(template)):
        if piece:
            yield threshold_name(piece) if number % 2 else f'"{piece}"'
