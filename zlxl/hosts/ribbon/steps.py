"""What all buttons do: preview, ask, write with the lines of the log, tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from zlxl.errors import ZlxlError

if TYPE_CHECKING:
    from zlxl.edits import Edits
    from zlxl.excel.live_write import Written
    from zlxl.hosts.ribbon.book import OpenBook
    from zlxl.jobs.history import LogEntry

SHOWN: Final = 18  # lines that a message box shows
LONGEST: Final = 90  # characters of a line there
NO_CHANGE: Final = "没有要写入的内容。"
BY_BUTTON: Final = "按钮"  #: the way of a run, of the list 变更方式

_GAP: Final = re.compile(r"\s{2,}|\t")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is told line by line, and the whole of it in columns for who wants to see all."""

    title: str
    lines: Sequence[str]
    headers: Sequence[str] = ("内容",)
    rows: Sequence[Sequence[str]] = ()  #: none: the lines, in columns where they have gaps

    @property
    def long(self) -> bool:
        """Whether a message box cannot show it."""
        return len(self.lines) > SHOWN or any(len(line) > LONGEST for line in self.lines)

    def table(self) -> list[list[str]]:
        """All rows, each as wide as the widest, headers first."""
        rows = [list(row) for row in self.rows] or [_GAP.split(line.strip()) for line in self.lines]
        width = max(len(self.headers), *map(len, rows))
        return [[*row, *[""] * (width - len(row))] for row in [list(self.headers), *rows]]


def shortened(lines: Iterable[str]) -> str:
    """Lines for a message box: as many as it shows, each as long as it shows."""
    kept = [line if len(line) <= LONGEST else line[:LONGEST] + "…" for line in lines]
    if len(kept) > SHOWN:
        kept = [*kept[: SHOWN - 1], f"……另有 {len(kept) - SHOWN + 1} 行。"]
    return "\n".join(kept)


def lines_of(title: str, lines: Iterable[str]) -> Listing:
    """A listing that is lines and nothing else."""
    return Listing(title=title, lines=tuple(lines))


def agreed(book: OpenBook, listing: Listing, question: str) -> bool:
    """Show what would be written, and ask; who says no to a long list is offered all of it."""
    hint = "（选“否”可先在新工作簿中看全部）" if listing.long else ""
    if book.confirm(f"{shortened(listing.lines)}\n\n{question}{hint}"):
        return True
    if listing.long and book.confirm(f"没有写入。\n\n在新工作簿中看全部 {len(listing.lines)} 行？"):
        _show(book, listing)
    return False


def told(book: OpenBook, listing: Listing) -> str:
    """What to tell; a long list is shown in part, and whole in a new workbook to who wants it."""
    if not listing.long:
        return "\n".join(listing.lines)
    short = shortened(listing.lines)
    try:
        if book.confirm(f"{short}\n\n在新工作簿中看全部 {len(listing.lines)} 行？"):
            _show(book, listing)
    except ZlxlError:  # Excel is busy by now; what was done is told all the same
        return short
    return ""


def _show(book: OpenBook, listing: Listing) -> None:
    headers, *rows = listing.table()
    book.show(listing.title, headers, rows)


def write(book: OpenBook, edits: Edits, command: str, entries: Sequence[LogEntry] | None = None) -> Written:
    """Write with the lines of the log; no line for a cell that is refused."""
    from zlxl.hosts.writing import signature
    from zlxl.jobs.history import with_history

    book.progress("正在写入……")
    signed = replace(signature(command), way=BY_BUTTON)
    return book.apply(with_history(book, edits, signed, entries))


def refusals(written: Written) -> list[str]:
    """The cells that were left as they are, and why."""
    from zlxl.grid import a1

    return [
        f"{refusal.change.sheet}!{a1(refusal.change.row, refusal.change.column)} {refusal.reason}，没有修改。"
        for refusal in written.refused
    ]


def put(book: OpenBook, edits: Edits, preview: Listing) -> str:
    """Preview figures, then write the sheet that holds them; what was done."""
    sheet = edits.sheets[0].name
    if not agreed(book, preview, f"写入工作表“{sheet}”？"):
        return ""
    written = write(book, edits, preview.title)
    rows = f"，另加 {len(edits.rows)} 行" if edits.rows else ""
    done = [f"已写入工作表“{sheet}”{rows}。", *refusals(written), *written.remarks]
    return told(book, Listing(title=preview.title, lines=done))
