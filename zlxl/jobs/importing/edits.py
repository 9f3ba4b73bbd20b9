"""An import as edits of the database, and as lines of 变更记录 that tell where each value came from."""

from __future__ import annotations

from zlxl.edits import Edits
from zlxl.grid import TableSource
from zlxl.jobs.history import LogEntry, entries_of, row_entry
from zlxl.jobs.importing.log import REASON
from zlxl.jobs.importing.plan import ImportPlan
from zlxl.jobs.importing.rows import Draft
from zlxl.jobs.importing.values import appended, changed


def edits_of(plan: ImportPlan) -> Edits:
    """Changed cells of known rows, and new rows, in the order of the sources."""
    known = (draft for draft in plan.drafts if draft.row is not None)
    new = (draft for draft in plan.drafts if draft.row is None)
    return Edits(
        cells=tuple(change for draft in known for change in changed(draft, clear=plan.clear)),
        rows=tuple(map(appended, new)),
    )


def entries(plan: ImportPlan, edits: Edits, source: TableSource) -> tuple[LogEntry, ...]:
    """Lines of 变更记录, each with the file and row that its value came from."""
    reasons = {
        (change.sheet, change.row, change.column): _reason(draft)
        for draft in plan.drafts
        if draft.row is not None
        for change in changed(draft, clear=plan.clear)
    }
    cells = entries_of(source, Edits(cells=edits.cells), reasons)
    new = (draft for draft in plan.drafts if draft.row is None)
    rows = (
        row_entry(
            row,
            sheet=draft.frame.sheet,
            row_key=draft.key,
            reason=_reason(draft),
            date1904=draft.frame.grid.date1904,
        )
        for draft, row in zip(new, edits.rows, strict=True)
    )
    return (*cells, *rows)


def _reason(draft: Draft) -> str:
    places = dict.fromkeys(given.offer.place(given.position) for given in draft.given)
    return REASON.format("、".join(places))
