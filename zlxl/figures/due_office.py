"""What the office itself waits for: contracts, evaluation forms, planned services, reports (4.1.4-4.10.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from zlxl.figures.certificates import Certificate
from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, Line, lines
from zlxl.schema.facts import add_months
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.deliveries import DELIVERIES
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.plans import PLANS
from zlxl.tables.services import SERVICES
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.text import compact

DONE: Final = frozenset({"已完成", "取消"})
SERVED: Final = frozenset({"审核中", "有效", "暂停"})
_WEEK: Final = 7
_MONTH: Final = 31


@dataclass(frozen=True, kw_only=True)
class OfficeDues:
    """Due items of the office. ``sheets`` are the names of the workbook's sheets, generated ones included."""

    desk: Desk
    certificates: tuple[Certificate, ...]
    sheets: frozenset[str] = frozenset()

    def dues(self) -> Iterator[Due]:
        """Rows that wait, then what comes round every month and quarter."""
        for line in lines(self.desk.tables, CONTRACTS):
            yield from self._contract(line)
            yield from self._fee(line)
        yield from self._evaluations()
        for line in lines(self.desk.tables, PLANS):
            yield from self._plan(line)
        for line in lines(self.desk.tables, SERVICES):
            yield from self._value_added(line)
        yield from self._directory()
        yield self._regulator()
        yield from self._summaries()

    def _contract(self, line: Line) -> Iterator[Due]:
        """A contract that was reviewed and waits for its signature; one in force that runs out."""
        reviewed, until, status = line.day("reviewed_on"), line.day("valid_until"), line.text("status")
        if status == "待签订" and reviewed is not None and line.empty("signed_on"):
            days = self.desk.number("合同签订天数")
            yield self.desk.due(
                line,
                self.desk.term("合同签订天数"),
                "signed_on",
                kind="合同待签订",
                system="",
                due_on=reviewed + timedelta(days=days),
                urgent=_WEEK,
                near=days,
                basis=f"{reviewed} 评审后 {days} 天",
                action="与客户签订《管理体系认证合同》，填写签订日期",
                owner="市场部",
            )
        if status == "履行中" and until is not None:
            yield self.desk.due(
                line,
                self.desk.term("资质到期提醒天数"),
                "valid_until",
                kind="合同到期",
                system="",
                due_on=until,
                urgent=_WEEK,
                near=self.desk.number("资质到期提醒天数"),
                basis=f"合同有效期至 {until}",
                action="续签，或把合同状态改为“已到期”",
                owner="市场部",
            )

    def _fee(self, line: Line) -> Iterator[Due]:
        """The first payment of a contract whose audit is ahead."""
        if line.text("status") != "履行中" or not line.empty("paid_on"):
            return
        audits = [day for day in self._audits.get(line.text("contract_no"), ()) if day >= self.desk.today]
        days = self.desk.number("费用未收提醒天数")
        if audits:
            yield self.desk.due(
                line,
                self.desk.term("费用未收提醒天数"),
                "paid_on",
                kind="费用未收",
                system="",
                due_on=min(audits) - timedelta(days=days),
                urgent=_WEEK,
                near=self.desk.number("监审紧急提醒天数"),
                basis=f"{min(audits)} 审核前 {days} 天",
                action="通知客户缴费（由委托人直接支付），填写首款到账日期",
                owner="财务部",
            )

    @cached_property
    def _audits(self) -> dict[str, list[date]]:
        """Days of audits that the ledger knows of, by contract."""
        found: dict[str, list[date]] = defaultdict(list)
        for row in self.certificates:
            days = [row.line.day("audited_on")]
            days += [row.line.day("planned_on")] if row.line.empty("carried_out_on") else []
            found[row.line.text("contract_no")] += [day for day in days if day is not None]
        return found

    def _evaluations(self) -> Iterator[Due]:
        """Audits of the last twelve months whose evaluation form nobody has entered."""
        if not self.desk.tables.of(EVALUATIONS):
            return
        entered = _entered(self.desk)
        days = self.desk.number("评价表录入工作日")
        since = add_months(self.desk.today, -12)
        for row in self.certificates:
            audited = row.last
            if audited is None or not since <= audited <= self.desk.today:
                continue
            if row.line.text("status") not in SERVED:
                continue
            forms = entered.get(row.owner_of, ())
            if not any(abs((day - audited).days) <= _MONTH for day in forms):
                yield self._evaluation(row, audited, days)

    def _evaluation(self, row: Certificate, audited: date, days: int) -> Due:
        return self.desk.due(
            row.line,
            self.desk.term("评价表录入工作日"),
            "audited_on",
            kind="评价表录入",
            due_on=self.desk.workdays.later(audited, days),
            urgent=2,
            near=2 * _WEEK,
            basis=f"{audited} 审核后 {days} 个工作日",
            action="向审核组收取《受审核方体系有效性水平评价表》并录入",
            owner="市场部",
        )

    def _plan(self, line: Line) -> Iterator[Due]:
        """A planned service that is not done; of one with a latest date that date counts."""
        planned = line.day("due_on")
        due_on = line.day("latest_on") or planned
        if due_on is None or line.text("status") in DONE or not line.empty("done_on"):
            return
        latest = due_on != planned
        yield self.desk.due(
            line,
            self.desk.term("监审紧急提醒天数"),
            "due_on",
            kind=f"服务计划：{line.text('service') or '未填类型'}",
            plan_no=line.text("plan_no"),
            grade=line.text("grade"),
            due_on=due_on,
            plan_on=planned,
            urgent=_WEEK,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"{line.text('plan_no')} {'最晚日期' if latest else '计划日期'} {due_on}",
            action=line.text("content") or "按计划实施，填写完成日期",
            owner=line.text("owner") or "市场部",
            rule="服务计划",
            source="4.3",
        )

    def _value_added(self, line: Line) -> Iterator[Due]:
        planned = line.day("planned_on")
        if planned is None or not line.empty("delivered_on") or line.text("status") in ("已开展", "未开展"):
            return
        yield self.desk.due(
            line,
            self.desk.term("监审紧急提醒天数"),
            "planned_on",
            kind="增值服务开展",
            number=line.text("service_no"),
            system="",
            due_on=planned,
            plan_on=planned,
            urgent=_WEEK,
            near=self.desk.number("监审紧急提醒天数"),
            basis=f"{line.text('service_no')} 计划开展日期 {planned}",
            action=f"开展{line.text('kind') or '增值服务'}，填写开展日期",
            owner="市场部",
            rule="增值服务",
            source="4.8.2",
        )

    def _directory(self) -> Iterator[Due]:
        """The directory of each month goes out in the first working days of the next one."""
        if not self.desk.tables.of(DELIVERIES) or not self.certificates:
            return
        today, months = self.desk.today, self.desk.number("名录报送周期月数") or 1
        ends = [
            day
            for line in lines(self.desk.tables, DELIVERIES)
            if (day := line.day("as_of") or line.day("delivered_on")) is not None and day <= today
        ]
        begin = _first(today)
        sent = max(ends, default=date.min) >= begin - timedelta(days=1)
        first = add_months(begin, months) if sent else begin
        days = self.desk.number("名录报送工作日")
        yield self.desk.due(
            None,
            self.desk.term("名录报送工作日"),
            kind="获证客户名录报送",
            number=f"{first:%Y-%m}",
            due_on=self.desk.workdays.later(first - timedelta(days=1), days),
            urgent=2,
            near=2 * _WEEK,
            basis=f"{first - timedelta(days=1)} 的名录，次月第 {days} 个工作日前",
            action="运行 zlxl directory，把名录报网管",
            owner="市场部",
            sheet=self.desk.tables.of(DELIVERIES)[0].sheet,
            cell="A1",
        )

    def _regulator(self) -> Due:
        """The next day on which the regulator's monthly report closes; no holiday moves it."""
        day, today = self.desk.number("监管上报日") or 10, self.desk.today
        due_on = _on(today, day)
        if due_on < today:
            due_on = _on(add_months(_first(today), 1), day)
        return self.desk.due(
            None,
            self.desk.term("监管上报日"),
            kind="认监委月度上报",
            number=f"{due_on:%Y-%m}",
            due_on=due_on,
            plan_on=self.desk.workdays.on_or_before(due_on),
            urgent=3,
            near=2 * _WEEK,
            basis=f"每月 {day} 日前，不顺延",
            action="上报上月认证信息和证书状态",
            owner="制证部",
        )

    def _summaries(self) -> Iterator[Due]:
        """The last quarter's and the last year's satisfaction, until their sheets are there."""
        today, later = self.desk.today, self.desk.workdays.later
        start = _first(today).replace(month=(today.month - 1) // 3 * 3 + 1)
        last = start - timedelta(days=1)
        quarter = f"{last.year}Q{(last.month + 2) // 3}"
        if self._lacks(quarter, add_months(start, -3), last):
            item = "满意度季度汇总工作日"
            yield self._summary("满意度季度汇总", item, later(last, self.desk.number(item)), quarter)
        year, month = today.year - 1, min(max(self.desk.number("年度汇总月份"), 1), 12)
        if today.month <= month and self._lacks(str(year), date(year, 1, 1), date(year, 12, 31)):
            end = add_months(date(today.year, month, 1), 1) - timedelta(days=1)
            yield self._summary("满意度年度汇总", "年度汇总月份", end, str(year))

    def _lacks(self, period: str, first: date, last: date) -> bool:
        """Whether questionnaires went out in a period that no sheet analyses."""
        sent = (line.day("sent_on") for line in lines(self.desk.tables, SURVEYS))
        return f"满意度_{period}" not in self.sheets and any(day and first <= day <= last for day in sent)

    def _summary(self, kind: str, item: str, due_on: date, period: str) -> Due:
        return self.desk.due(
            None,
            self.desk.term(item),
            kind=kind,
            number=period,
            due_on=due_on,
            urgent=3,
            near=2 * _WEEK,
            basis=f"{period} 的满意度分析尚未生成",
            action=f"运行 zlxl satisfaction --period {period}，分析结果报主管副总",
            owner="市场部",
        )


def _entered(desk: Desk) -> dict[tuple[str, str], list[date]]:
    """Days of the audits whose forms were entered, by client and system."""
    found: dict[tuple[str, str], list[date]] = {}
    for line in lines(desk.tables, EVALUATIONS):
        day = line.day("audited_on")
        if day is not None:
            found.setdefault((compact(line.text("client")), line.text("system")), []).append(day)
    return found


def _first(day: date) -> date:
    return day.replace(day=1)


def _on(month: date, day: int) -> date:
    last = add_months(_first(month), 1) - timedelta(days=1)
    return last if day > last.day else month.replace(day=day)
