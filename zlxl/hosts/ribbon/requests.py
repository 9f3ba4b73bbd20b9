"""Group 要求处置: requests classified, those that wait, and what several clients ask for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zlxl.hosts.learning import model_beside
from zlxl.hosts.ribbon.steps import NO_CHANGE, Listing, agreed, refusals, told, write

if TYPE_CHECKING:
    from zlxl.hosts.ribbon.book import OpenBook
    from zlxl.jobs.classifying.sheet import Sheet


def _classified(book: OpenBook, today: date) -> Sheet:
    from zlxl.jobs.classifying.sheet import classify_sheet

    return classify_sheet(book, today=today, model=model_beside(book.file))


def classify_requests(book: OpenBook, today: date) -> str:
    """Propose topic, class, owner and deadlines of unconfirmed requests (4.4, 4.5)."""
    from zlxl.jobs.classifying.edits import edits_of, reasons
    from zlxl.jobs.classifying.words import sheet_lines
    from zlxl.jobs.history import entries_of

    sheet = _classified(book, today)
    edits = edits_of(sheet)
    if not edits:
        return f"建议与表中已有的相同。{NO_CHANGE}"
    listing = Listing(title="分类要求", lines=list(sheet_lines(sheet)))
    if not agreed(book, listing, f"把建议写入“客户要求”的 {len(edits.cells)} 个单元格？"):
        return ""
    written = write(book, edits, "分类要求", entries_of(book, edits, reasons(sheet)))
    lines = [f"已写入 {written.cells} 个单元格；确认栏没有改动。", *refusals(written), *written.remarks]
    return told(book, Listing(title="分类要求", lines=lines))


def list_overdue(book: OpenBook, today: date) -> str:
    """List what is overdue, to be confirmed or to be reported (4.5, 4.9)."""
    from zlxl.jobs.classifying.words import sheet_lines

    return told(book, Listing(title="逾期要求", lines=list(sheet_lines(_classified(book, today)))))


def list_common(book: OpenBook, today: date) -> str:
    """List what several clients ask for, and the measures taken (4.6)."""
    from zlxl.jobs.classifying.problems import common_problems
    from zlxl.jobs.classifying.words import common_lines

    lines = common_lines(common_problems(_classified(book, today)))
    return told(book, Listing(title="共性问题", lines=list(lines)))
