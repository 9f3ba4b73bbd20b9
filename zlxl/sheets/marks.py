"""Conditional marks of the data sheets: what is missing, overdue, due soon, doubled or no longer in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from zlxl.grid import MAX_ROWS, Area, column_letters
from zlxl.schema.facts import RequiredWhen, RequiredWith
from zlxl.schema.table import Table
from zlxl.sheet import Mark, Style
from zlxl.sheets.names import TODAY, attributes_name, list_name, threshold_name


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a table's cells are, for formulas written for its first row."""

    table: Table
    first_row: int

    def cell(self, field: str) -> str:
        """Address of a field's cell in the first row, such as ``$J3``."""
        return f"${self.letters(field)}{self.first_row}"

    def column(self, field: str) -> str:
        """Address of a field's whole column, such as ``$B:$B``."""
        return f"${self.letters(field)}:${self.letters(field)}"

    def letters(self, field: str) -> str:
        """Column letters of a field."""
        return column_letters(list(self.table.columns).index(field) + 1)

    def area(self, field: str | None = None) -> Area:
        """The cells of a field, or of the whole row, down to the end of the sheet."""
        if field is None:
            return Area(self.first_row, 1, MAX_ROWS, len(self.table.columns))
        number = list(self.table.columns).index(field) + 1
        return Area(self.first_row, number, MAX_ROWS, number)

    @property
    def in_use(self) -> str:
        """Condition: the row holds anything."""
        last = column_letters(len(self.table.columns))
        return f"COUNTA($A{self.first_row}:${last}{self.first_row})>0"

    def mark(self, field: str | None, condition: str, style: Style) -> Mark:
        """A mark on a field's cells, or on whole rows."""
        return Mark(area=self.area(field), formula=f"={condition}", style=style)

    def one_of(self, field: str, *values: str) -> str:
        """Condition: the field's text is one of these."""
        tests = ",".join(f'{self.cell(field)}="{value}"' for value in values)
        return f"OR({tests})"


def marks_of(table: Table, first_row: int) -> tuple[Mark, ...]:
    """The marks of a table, those that matter most first."""
    place = Place(table=table, first_row=first_row)
    own = _OWN.get(table.name)
    return (*_unused(place), *(own(place) if own else ()), *_missing(place), *_proposed(place))


def _unused(place: Place) -> Iterator[Mark]:
    if "enabled" in place.table.columns:
        yield place.mark(None, f'{place.cell("enabled")}="否"', Style.FADED)


def _proposed(place: Place) -> Iterator[Mark]:
    """Values that the body has still to confirm."""
    if not place.table.policy:
        return
    for field in ("source", "mark"):
        if field in place.table.columns:
            condition = f'ISNUMBER(SEARCH("建议值",{place.cell(field)}))'
            yield place.mark(field, condition, Style.INFO)


def _missing(place: Place) -> Iterator[Mark]:
    """Empty cells that should be filled, as the table's own facts say."""
    for field in place.table.columns:
        if field in place.table.required:
            yield place.mark(field, f'AND({place.cell(field)}="",{place.in_use})', Style.MISSING)
    for fact in place.table.model.facts:
        if isinstance(fact, RequiredWhen):
            yield place.mark(fact.field, _demanded(place, fact), Style.MISSING)
        elif isinstance(fact, RequiredWith):
            condition = f'AND({place.cell(fact.field)}="",{place.cell(fact.by)}<>"")'
            yield place.mark(fact.field, condition, Style.MISSING)


def _demanded(place: Place, fact: RequiredWhen) -> str:
    """Condition: empty although the attributes of the row's choice demand it."""
    choice = f"MATCH({place.cell(fact.by)},{list_name(fact.choices)},0)"
    attributes = f"INDEX({attributes_name(fact.choices)},{choice})"
    return f'AND({place.cell(fact.field)}="",ISNUMBER(SEARCH(";{fact.attribute}=必填",";"&{attributes})))'


def _clients(place: Place) -> Iterator[Mark]:
    status, planned, until = place.cell("status"), place.cell("planned_on"), place.cell("valid_until")
    undone = f'{status}="有效",{place.cell("carried_out_on")}="",ISNUMBER({planned})'
    certified = f"{place.one_of('status', '有效', '暂停')},ISNUMBER({until})"
    verified = place.cell("verified_on")
    soon, later = threshold_name("监审紧急提醒天数"), threshold_name("监审未排提醒天数")
    ending = threshold_name("再认证合同提前天数")
    unverified = f"EDATE({TODAY},-{threshold_name('联系人核实周期月数')})"
    number = place.cell("certificate_no")
    doubled = f'AND({number}<>"",COUNTIF({place.column("certificate_no")},{number})>1)'
    yield place.mark(None, place.one_of("status", "撤销", "注销", "失效"), Style.FADED)
    yield place.mark("status", f'{status}="暂停"', Style.WARN)
    yield place.mark("status", place.one_of("status", "受理", "审核中"), Style.INFO)
    yield place.mark("certificate_no", doubled, Style.BAD)
    yield place.mark("planned_on", f"AND({undone},{planned}<{TODAY})", Style.BAD)
    yield place.mark("planned_on", f"AND({undone},{planned}<={TODAY}+{soon})", Style.WARN)
    yield place.mark("planned_on", f"AND({undone},{planned}<={TODAY}+{later})", Style.INFO)
    yield place.mark("valid_until", f"AND({certified},{until}<{TODAY})", Style.BAD)
    yield place.mark("valid_until", f"AND({certified},{until}<={TODAY}+{ending})", Style.WARN)
    stale = f'AND({status}<>"",ISNUMBER({verified}),{verified}<{unverified})'
    yield place.mark("verified_on", stale, Style.WARN)


def _requests(place: Place) -> Iterator[Mark]:
    closed = place.one_of("state", "已办结", "已撤回")
    yield place.mark(None, closed, Style.FADED)
    for due, done in (("reply_due_on", "replied_on"), ("due_on", "closed_on")):
        waiting = f'ISNUMBER({place.cell(due)}),{place.cell(done)}="",NOT({closed})'
        yield place.mark(due, f"AND({waiting},{place.cell(due)}<{TODAY})", Style.BAD)
        yield place.mark(due, f"AND({waiting},{place.cell(due)}<={TODAY}+2)", Style.WARN)
    unreported = f'AND({place.cell("confirmed_class")}="c",{place.cell("escalated_on")}="",NOT({closed}))'
    yield place.mark("escalated_on", unreported, Style.WARN)
    yield place.mark("state", place.one_of("state", "待确认"), Style.WARN)
    yield place.mark("state", place.one_of("state", "已上报", "等待客户"), Style.INFO)
    yield place.mark("common", f'{place.cell("common")}="是"', Style.INFO)


def _surveys(place: Place) -> Iterator[Mark]:
    sent, back = place.cell("sent_on"), place.cell("returned_on")
    first, second = threshold_name("满意度首次催收天数"), threshold_name("满意度再次催收天数")
    yield place.mark(None, f'{place.cell("validity")}="无效"', Style.FADED)
    for days, style in ((second, Style.BAD), (first, Style.WARN)):
        waiting = f'AND(ISNUMBER({sent}),{back}="",{sent}+{days}<{TODAY})'
        yield place.mark("returned_on", waiting, style)
    for field, column in place.table.columns.items():
        if column.choices == "满意度等级":
            yield place.mark(field, place.one_of(field, "不满意", "很不满意"), Style.BAD)


def _plans(place: Place) -> Iterator[Mark]:
    done = place.one_of("status", "已完成", "取消")
    due = place.cell("due_on")
    waiting = f"ISNUMBER({due}),NOT({done})"
    soon = threshold_name("监审紧急提醒天数")
    latest = place.cell("latest_on")
    yield place.mark(None, done, Style.FADED)
    yield place.mark("due_on", f"AND({waiting},{due}<{TODAY})", Style.BAD)
    yield place.mark("due_on", f"AND({waiting},{due}<={TODAY}+{soon})", Style.WARN)
    yield place.mark("latest_on", f"AND({waiting},ISNUMBER({latest}),{latest}<{TODAY})", Style.BAD)
    yield place.mark("status", place.one_of("status", "延期"), Style.WARN)


def _documents(place: Place) -> Iterator[Mark]:
    yield place.mark(None, place.one_of("status", "作废"), Style.FADED)
    yield place.mark("status", place.one_of("status", "修订中"), Style.WARN)


def _evaluations(place: Place) -> Iterator[Mark]:
    for field in ("accident", "penalty", "spot_check", "false_material", "resumed"):
        yield place.mark(field, f'{place.cell(field)}="是"', Style.BAD)
    opened = f'AND(N({place.cell("major")})>0,{place.cell("major_closed")}<>"是")'
    yield place.mark("major_closed", opened, Style.BAD)


def _incidents(place: Place) -> Iterator[Mark]:
    yield place.mark("proof", place.one_of("proof", "查实", "部分查实"), Style.BAD)
    yield place.mark("proof", place.one_of("proof", "待查"), Style.WARN)


def _improvements(place: Place) -> Iterator[Mark]:
    done, due = place.cell("done_on"), place.cell("due_on")
    ended = place.one_of("status", "已验证", "取消")
    yield place.mark(None, ended, Style.FADED)
    waiting = f'ISNUMBER({due}),{done}="",NOT({ended})'
    yield place.mark("due_on", f"AND({waiting},{due}<{TODAY})", Style.BAD)
    soon = threshold_name("监审紧急提醒天数")
    yield place.mark("due_on", f"AND({waiting},{due}<={TODAY}+{soon})", Style.WARN)
    yield place.mark("done_on", f"AND(ISNUMBER({due}),ISNUMBER({done}),{done}>{due})", Style.WARN)
    yield place.mark("status", place.one_of("status", "待批准"), Style.WARN)
    yield place.mark("effective", f'{place.cell("effective")}="否"', Style.BAD)


def _contracts(place: Place) -> Iterator[Mark]:
    until = place.cell("valid_until")
    running = f"{place.one_of('status', '履行中')},ISNUMBER({until})"
    yield place.mark(None, place.one_of("status", "已到期", "已终止"), Style.FADED)
    yield place.mark("valid_until", f"AND({running},{until}<{TODAY})", Style.BAD)
    ending = threshold_name("再认证合同提前天数")
    yield place.mark("valid_until", f"AND({running},{until}<={TODAY}+{ending})", Style.WARN)


_OWN: Final[Mapping[str, Callable[[Place], Iterator[Mark]]]] = {
    "客户台账": _clients,
    "客户要求": _requests,
    "改进措施": _improvements,
    "满意度调查": _surveys,
    "服务计划": _plans,
    "公开文件": _documents,
    "有效性评价": _evaluations,
    "重大事件": _incidents,
    "合同": _contracts,
}
