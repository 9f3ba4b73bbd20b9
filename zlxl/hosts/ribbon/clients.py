"""Group 资料: grades, what is due, the directory, and what a rule means."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zlxl.hosts.ribbon.findings import finding_line, open_findings
from zlxl.hosts.ribbon.steps import Listing, lines_of, put, told

if TYPE_CHECKING:
    from zlxl.hosts.ribbon.book import OpenBook


def grade_clients(book: OpenBook, today: date) -> str:
    """Grade every client, onto 企业分级 (4.2.3)."""
    from zlxl.jobs.grade import edits_of, grade
    from zlxl.reports.grades import grade_lines

    graded = grade(book, today)
    return put(book, edits_of(graded), lines_of("企业分级", grade_lines(graded.grades)))


def plan_service(book: OpenBook, today: date) -> str:
    """What is due, onto 待办提醒, and the rows that 服务计划 lacks (4.3)."""
    from zlxl.jobs.plan import edits_of, make_plan
    from zlxl.reports.plan import plan_lines

    planned = make_plan(book, today)
    return put(book, edits_of(planned), lines_of("待办提醒", plan_lines(planned.plan)))


def make_directory(book: OpenBook, today: date) -> str:
    """The directory of certified clients, onto its sheet, and its line in 名录报送 (4.10.2)."""
    from zlxl.hosts.writing import operator
    from zlxl.jobs.directory import Delivery, edits_of, publish
    from zlxl.jobs.directory_words import directory_lines

    delivered = publish(book, today=today)
    edits = edits_of(delivered, Delivery(sender=operator()))
    if not edits:
        return "今天已报送，名录没有变化，没有写入。"
    return put(book, edits, lines_of("获证名录", directory_lines(delivered)))


def explain_rule(book: OpenBook, today: date) -> str:
    """The rules that the selected row breaks: their words, clause, and what to do."""
    from zlxl.rules.catalog import RULE, RULES

    sheet, top, bottom = book.selected_rows()
    found = [f for f in open_findings(book, today) if f.sheet == sheet and f.row and top <= f.row <= bottom]
    if found:
        lines = [f"{f.rule} {RULE[f.rule].name}（{f.clause}）：{finding_line(f)}" for f in found]
        return told(book, Listing(title="规则说明", lines=lines))
    head = f"所选单元格没有问题。全部规则（{len(RULES)} 条）："
    return told(
        book,
        Listing(
            title="规则说明",
            lines=[head, *(f"{rule.code} {rule.name}" for rule in RULES)],
            headers=("规则", "名称", "条款"),
            rows=[(rule.code, rule.name, rule.clause) for rule in RULES],
        ),
    )
