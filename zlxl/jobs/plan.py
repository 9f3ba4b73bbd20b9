"""The plan of a workbook as a job: read, reckoned, and written as the sheet 待办提醒 and rows of 服务计划."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from zlxl.changes import RowAppended
from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.figures.grade import grades_of
from zlxl.figures.plan import Plan, Proposal, plan_of
from zlxl.grid import TableSource
from zlxl.jobs.importing.target import Target
from zlxl.jobs.importing.values import row_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.schema.values import Value
from zlxl.sheets.data import FRONT
from zlxl.sheets.reminders import reminders_sheet
from zlxl.tables.clients import CLIENTS
from zlxl.tables.plans import PLANS

_ORIGIN: Final = "批处理"  # 变更方式 of a row that a run proposes


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A workbook and its plan."""

    book: Book
    plan: Plan
    front: bool  #: whether there is a first sheet to link back to
    remarks: tuple[str, ...]  #: what the reader should know, in Chinese

    @property
    def plans(self) -> Target | None:
        """服务计划 as a place for new rows; None where the workbook has no such table."""
        frames = self.book.of(PLANS)
        return Target(table=PLANS, frames=tuple(frames)) if frames else None


def make_plan(source: TableSource, today: date) -> Planned:
    """Reckon what is due.

    Raises:
        Unreadable: no sheet holds a known table. UsageError: none of them is 客户台账.
    """
    book = read_book(source, Settings(today=today))
    if not book.of(CLIENTS):
        raise UsageError(f"「{source.path}」中没有“{CLIENTS.name}”，无法排出待办。请给出客户服务数据库。")
    sheets = frozenset(grid.sheet for grid in source.grids())
    plan = plan_of(book, grades=grades_of(book).by_client(), sheets=sheets)
    remarks = (*book.remarks, *plan.remarks)
    return Planned(book=book, plan=plan, front=FRONT in sheets, remarks=remarks)


def edits_of(planned: Planned) -> Edits:
    """The sheet 待办提醒, and the rows that 服务计划 lacks."""
    sheet = reminders_sheet(planned.plan, front=planned.front)
    return Edits(sheets=(sheet,), rows=tuple(_rows(planned)))


def _rows(planned: Planned) -> Iterator[RowAppended]:
    target = planned.plans
    numbering = None if target is None else target.numbering()
    if target is None or numbering is None:
        return
    for proposal in planned.plan.proposals:
        number = numbering.next(planned.plan.today)
        yield row_of(target, {"plan_no": number, **_values(proposal)})


def _values(proposal: Proposal) -> dict[str, Value]:
    """A row of 服务计划; where several systems fall due together, its content names them."""
    systems = proposal.systems
    content = f"{proposal.service}（{'、'.join(systems)}）" if len(systems) > 1 else proposal.service
    values: dict[str, Value] = {
        "contract_no": proposal.contract_no,
        "client": proposal.client or None,
        "system": systems[0] if len(systems) == 1 else None,
        "service": proposal.service,
        "content": content,
        "grade": proposal.grade or None,
        "due_on": proposal.due_on,
        "latest_on": proposal.latest_on,
        "owner": proposal.owner,
        "status": "未安排",
        "origin": _ORIGIN,
    }
    return {name: value for name, value in values.items() if value is not None}
