"""The figures of the first sheet: each condition is both a COUNTIFS criterion and a Python test of a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from zlxl.schema.facts import add_months
from zlxl.schema.table import Table
from zlxl.sheet import Formula
from zlxl.sheets.names import THRESHOLDS, TODAY, ref, threshold_name
from zlxl.tables.clients import CLIENTS
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.timing import TIMING

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The day and the thresholds that hold, as the formulas see them."""

    today: date
    thresholds: Mapping[str, int]

    @classmethod
    def of(cls, rows: Rows, today: date) -> Moment:
        """The thresholds as the first row of each item in 时限规则 says."""
        found = {item: fallback for item, fallback in THRESHOLDS.items()}
        for row in reversed(rows.get(TIMING.name, ())):
            item, value = row.get("item"), row.get("value")
            if item in THRESHOLDS and isinstance(value, int | float):
                found[str(item)] = int(value)
        return cls(today=today, thresholds=found)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day as a formula and as a computation."""

    formula: str
    of: Callable[[Moment], date]


NOW: Final = Day(formula=TODAY, of=lambda moment: moment.today)
MONTH_START: Final = Day(formula=f"{TODAY}-DAY({TODAY})+1", of=lambda moment: moment.today.replace(day=1))
MONTH_END: Final = Day(
    formula=f"EOMONTH({TODAY},0)",
    of=lambda moment: add_months(moment.today.replace(day=1), 1) - timedelta(days=1),
)


def in_days(item: str, sign: int = 1) -> Day:
    """Today and so many days as the threshold says (or, with sign -1, before)."""
    return Day(
        formula=f"{TODAY}{'+' if sign > 0 else '-'}{threshold_name(item)}",
        of=lambda moment: moment.today + timedelta(days=sign * moment.thresholds[item]),
    )


def months_ago(item: str) -> Day:
    """So many months before today as the threshold says."""
    return Day(
        formula=f"EDATE({TODAY},-{threshold_name(item)})",
        of=lambda moment: add_months(moment.today, -moment.thresholds[item]),
    )


class Condition(Protocol):
    """A test of one field."""

    field: str

    @property
    def criterion(self) -> str:
        """What COUNTIFS takes."""

    def holds(self, value: object, moment: Moment) -> bool:
        """The same test of a value."""


@dataclass(frozen=True)
class Is:
    """The field is this text."""

    field: str
    text: str

    @property
    def criterion(self) -> str:
        return f'"{self.text}"'

    def holds(self, value: object, moment: Moment) -> bool:
        return value == self.text


@dataclass(frozen=True)
class IsNot:
    """The field is not this text."""

    field: str
    text: str

    @property
    def criterion(self) -> str:
        return f'"<>{self.text}"'

    def holds(self, value: object, moment: Moment) -> bool:
        return value != self.text


@dataclass(frozen=True)
class Empty:
    """The field holds nothing."""

    field: str

    @property
    def criterion(self) -> str:
        return '""'

    def holds(self, value: object, moment: Moment) -> bool:
        return value in (None, "")


@dataclass(frozen=True)
class HasText:
    """The field holds a text."""

    field: str

    @property
    def criterion(self) -> str:
        return '"?*"'

    def holds(self, value: object, moment: Moment) -> bool:
        return isinstance(value, str) and value != ""


@dataclass(frozen=True)
class Before:
    """The field is a date before the day."""

    field: str
    day: Day

    @property
    def criterion(self) -> str:
        return f'"<"&{self.day.formula}'

    def holds(self, value: object, moment: Moment) -> bool:
        return isinstance(value, date) and value < self.day.of(moment)


@dataclass(frozen=True)
class From:
    """The field is the day or a later one."""

    field: str
    day: Day

    @property
    def criterion(self) -> str:
        return f'">="&{self.day.formula}'

    def holds(self, value: object, moment: Moment) -> bool:
        return isinstance(value, date) and value >= self.day.of(moment)


@dataclass(frozen=True)
class Until:
    """The field is the day or an earlier one."""

    field: str
    day: Day

    @property
    def criterion(self) -> str:
        return f'"<="&{self.day.formula}'

    def holds(self, value: object, moment: Moment) -> bool:
        return isinstance(value, date) and value <= self.day.of(moment)


class Quantity(Protocol):
    """A number of the first sheet."""

    table: Table

    @property
    def expression(self) -> str:
        """The formula without ``=``."""

    def count(self, rows: Rows, moment: Moment) -> int:
        """The same number from the rows."""


@dataclass(frozen=True)
class Count:
    """Rows in which all conditions of one of the alternatives hold (alternatives exclude each other)."""

    table: Table
    alternatives: tuple[tuple[Condition, ...], ...]

    @property
    def expression(self) -> str:
        return "+".join(
            f"COUNTIFS({','.join(f'{ref(self.table, c.field)},{c.criterion}' for c in conditions)})"
            for conditions in self.alternatives
        )

    def count(self, rows: Rows, moment: Moment) -> int:
        return sum(
            all(c.holds(row.get(c.field), moment) for c in conditions)
            for row in rows.get(self.table.name, ())
            for conditions in self.alternatives
        )


@dataclass(frozen=True)
class Distinct:
    """Different texts in a column."""

    table: Table
    field: str

    @property
    def expression(self) -> str:
        cells = ref(self.table, self.field)
        return f'ROUND(SUMPRODUCT(({cells}<>"")/COUNTIF({cells},{cells}&"")),0)'

    def count(self, rows: Rows, moment: Moment) -> int:
        return len(_tally(self.table, self.field, rows))


@dataclass(frozen=True)
class Doubled:
    """Cells of a column whose text occurs more than once."""

    table: Table
    field: str

    @property
    def expression(self) -> str:
        cells = ref(self.table, self.field)
        return f'SUMPRODUCT(({cells}<>"")*(COUNTIF({cells},{cells}&"")>1))'

    def count(self, rows: Rows, moment: Moment) -> int:
        return sum(times for times in _tally(self.table, self.field, rows).values() if times > 1)


def _tally(table: Table, field: str, rows: Rows) -> Counter[str]:
    """How often each text occurs; Excel does not tell capitals from small letters."""
    values = (row.get(field) for row in rows.get(table.name, ()))
    return Counter(str(value).casefold() for value in values if value not in (None, ""))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A line of the first sheet; ``{...}`` in its words stands for a threshold."""

    label: str
    quantity: Quantity
    words: str = ""
    urgency: str = ""  #: what the line says when the number is not zero


def one(table: Table, *conditions: Condition) -> Count:
    """Rows in which all conditions hold."""
    return Count(table, (conditions,))


_VALID = Is("status", "有效")
_UNDONE = Empty("carried_out_on")
_OPEN = (HasText("request_no"), IsNot("state", "已办结"), IsNot("state", "已撤回"))
_LIVE = (
    HasText("status"),
    IsNot("status", "撤销"),
    IsNot("status", "注销"),
    IsNot("status", "失效"),
)

OVERDUE: Final = one(CLIENTS, _VALID, Before("planned_on", NOW), _UNDONE)
OPEN_REQUESTS: Final = one(REQUESTS, *_OPEN)

KEY_FIGURES: Final = (
    Figure(label="客户（家）", quantity=Distinct(CLIENTS, "client")),
    Figure(label="证书（张）", quantity=one(CLIENTS, HasText("certificate_no"))),
    Figure(label="有效证书", quantity=one(CLIENTS, HasText("certificate_no"), _VALID)),
    Figure(label="暂停", quantity=one(CLIENTS, Is("status", "暂停"))),
    Figure(
        label="受理与审核中",
        quantity=Count(CLIENTS, ((Is("status", "受理"),), (Is("status", "审核中"),))),
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
        quantity=one(
            CLIENTS, _VALID, From("planned_on", MONTH_START), Until("planned_on", MONTH_END), _UNDONE
        ),
        words="计划监审时间在本月，尚未实施",
        urgency=PLAN,
    ),
    Figure(
        label="{监审紧急提醒天数} 天内计划监审",
        quantity=one(
            CLIENTS,
            _VALID,
            From("planned_on", NOW),
            Until("planned_on", in_days("监审紧急提醒天数")),
            _UNDONE,
        ),
        words="确认日期，发《认证审核预通知/回执单》",
        urgency=PLAN,
    ),
    Figure(
        label="{监审未排提醒天数} 天内计划监审",
        quantity=one(
            CLIENTS,
            _VALID,
            From("planned_on", NOW),
            Until("planned_on", in_days("监审未排提醒天数")),
            _UNDONE,
        ),
        words="含上一行；与审核部落实审核组",
        urgency=WATCH,
    ),
    Figure(
        label="未排监审计划",
        quantity=one(CLIENTS, _VALID, Empty("planned_on")),
        words="状态有效，计划监审时间为空",
        urgency=MUST,
    ),
    Figure(
        label="{再认证合同提前天数} 天内证书到期",
        quantity=one(
            CLIENTS, _VALID, From("valid_until", NOW), Until("valid_until", in_days("再认证合同提前天数"))
        ),
        words="落实再认证合同和现场审核",
        urgency=PLAN,
    ),
    Figure(
        label="证书过期仍未改状态",
        quantity=Count(
            CLIENTS,
            (
                (_VALID, Before("valid_until", NOW)),
                (Is("status", "暂停"), Before("valid_until", NOW)),
            ),
        ),
        words="有效期至已过，状态仍为有效或暂停",
        urgency=MUST,
    ),
    Figure(
        label="暂停超过 {暂停最长月数} 个月",
        quantity=one(CLIENTS, Is("status", "暂停"), Before("suspended_on", months_ago("暂停最长月数"))),
        words="恢复，或按规定撤销",
        urgency=MUST,
    ),
    Figure(
        label="证书编号重复",
        quantity=Doubled(CLIENTS, "certificate_no"),
        words="一张证书一行，编号不得重复",
        urgency=MUST,
    ),
    Figure(
        label="超过 {联系人核实周期月数} 个月未核实",
        quantity=one(CLIENTS, *_LIVE, Before("verified_on", months_ago("联系人核实周期月数"))),
        words="与客户核对联系人、电话和地址",
        urgency=WATCH,
    ),
    Figure(
        label="要求待确认类别",
        quantity=one(REQUESTS, Is("state", "待确认")),
        words="确认主题和 a、b、c 类别",
        urgency=PLAN,
    ),
    Figure(
        label="要求首次答复逾期",
        quantity=one(REQUESTS, *_OPEN, Before("reply_due_on", NOW), Empty("replied_on")),
        words="首次答复期限已过，尚未答复",
        urgency=MUST,
    ),
    Figure(
        label="要求办结逾期",
        quantity=one(REQUESTS, *_OPEN, Before("due_on", NOW)),
        words="办结期限已过，尚未办结",
        urgency=MUST,
    ),
    Figure(
        label="c 类要求未上报",
        quantity=one(REQUESTS, *_OPEN, Is("confirmed_class", "c"), Empty("escalated_on")),
        words="职能部门无权处置的，及时上报上级领导",
        urgency=MUST,
    ),
    Figure(
        label="满意度表未回收",
        quantity=one(SURVEYS, HasText("survey_no"), Until("sent_on", NOW), Empty("returned_on")),
        words="已下发，尚未回收",
        urgency=WATCH,
    ),
    Figure(
        label="超过 {满意度首次催收天数} 天未回收",
        quantity=one(SURVEYS, Before("sent_on", in_days("满意度首次催收天数", -1)), Empty("returned_on")),
        words="打电话催收，填写催收日期",
        urgency=PLAN,
    ),
    Figure(
        label="服务计划逾期",
        quantity=one(PLANS, Before("due_on", NOW), IsNot("status", "已完成"), IsNot("status", "取消")),
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
