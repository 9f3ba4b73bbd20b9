"""What clause 4.6 waits for: feedback at once, measures and their proof, the year-end summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zlxl.figures.desk import Desk
from zlxl.figures.due import Due, Line, lines
from zlxl.schema.facts import add_months
from zlxl.tables.improvements import IMPROVEMENTS
from zlxl.tables.requests import REQUESTS

FEEDBACK, MEASURE, PROOF, SUMMARY = "意见及时反馈", "改进措施到期", "措施效果验证", "年终汇总"
FEEDBACK_DAYS, NEAR_DAYS, PROOF_DAYS = "及时反馈工作日", "措施到期提醒天数", "措施验证天数"
SHEET: Final = "年终汇总_"
CANCELLED, PROVEN = "取消", "已验证"
YES: Final = "是"
_WEEK: Final = 7


@dataclass(frozen=True, kw_only=True)
class ImprovementDues:
    """The due items of suggestions and measures. ``sheets`` are the names of the workbook's sheets."""

    desk: Desk
    sheets: frozenset[str] = frozenset()

    def dues(self) -> Iterator[Due]:
        """Suggestions nobody was told of, measures, proofs, and the last year's summary."""
        for line in lines(self.desk.tables, REQUESTS):
            yield from self._feedback(line)
        for line in lines(self.desk.tables, IMPROVEMENTS):
            if line.text("status") not in (CANCELLED, PROVEN):
                yield from self._measure(line)
        yield from self._summary()

    def _feedback(self, line: Line) -> Iterator[Due]:
        """A common problem or suggestion on the process of late that nobody was told of."""
        received = line.day("received_on")
        marked = YES in (line.text("common"), line.text("improvement"))
        since = self.desk.today - timedelta(days=self.desk.number("待办展望天数"))
        if not marked or received is None or not line.empty("fed_back_to") or received < since:
            return
        days = self.desk.number(FEEDBACK_DAYS)
        yield self.desk.due(
            line,
            self.desk.term(FEEDBACK_DAYS),
            "fed_back_to",
            kind=FEEDBACK,
            number=line.text("request_no"),
            due_on=self.desk.workdays.later(received, days),
            urgent=1,
            near=_WEEK,
            basis=f"{line.text('request_no')}：接收 {received} 后 {days} 个工作日",
            action="反馈相关部门或主管副总，填写反馈对象和反馈日期",
            owner="市场部",
        )

    def _measure(self, line: Line) -> Iterator[Due]:
        """A measure until it is done, then until somebody proved that it works."""
        due, done = line.day("due_on"), line.day("done_on")
        if done is None and due is not None:
            yield self._of_measure(
                line,
                "due_on",
                NEAR_DAYS,
                kind=MEASURE,
                due_on=due,
                urgent=_WEEK,
                near=self.desk.number(NEAR_DAYS),
                basis=f"{line.text('measure_no')} 计划完成日期 {due}",
                action=line.text("measure") or "实施措施，填写实际完成日期",
            )
        if done is not None and line.empty("effect"):
            days = self.desk.number(PROOF_DAYS)
            yield self._of_measure(
                line,
                "effect",
                PROOF_DAYS,
                kind=PROOF,
                due_on=done + timedelta(days=days),
                urgent=_WEEK,
                near=self.desk.number(NEAR_DAYS),
                basis=f"{line.text('measure_no')} {done} 完成后 {days} 天",
                action="看同类要求是否减少，填写效果验证、是否有效和验证日期",
            )

    def _of_measure(self, line: Line, field: str, item: str, **facts: object) -> Due:
        owner, number = line.text("owner") or "市场部", line.text("measure_no")
        return self.desk.due(line, self.desk.term(item), field, owner=owner, number=number, **facts)

    def _summary(self) -> Iterator[Due]:
        """The last year's summary, where requests came in and no sheet tells of them."""
        today = self.desk.today
        year, month = today.year - 1, min(max(self.desk.number("年度汇总月份"), 1), 12)
        days = (line.day("received_on") for line in lines(self.desk.tables, REQUESTS))
        if today.month > month or f"{SHEET}{year}" in self.sheets:
            return
        if any(day and day.year == year for day in days):
            yield self.desk.due(
                None,
                self.desk.term("年度汇总月份"),
                kind=SUMMARY,
                number=str(year),
                due_on=add_months(date(today.year, month, 1), 1) - timedelta(days=1),
                urgent=3,
                near=2 * _WEEK,
                basis=f"{year} 年的要求、意见和建议尚未汇总",
                action=f"运行 zlxl yearend --period {year}，分析结果报主管副总",
                owner="市场部",
            )
