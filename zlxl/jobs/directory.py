"""The certified-customer directory as a job: published, compared with the last delivery, delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from zlxl.changes import CellValue, RowAppended
from zlxl.edits import Edits
from zlxl.errors import UsageError
from zlxl.figures.directory import Changes, Directory, compare, directory, told_by_dates
from zlxl.grid import TableSource
from zlxl.jobs.importing.numbering import Numbering
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.rules.rule import Book
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending, Value
from zlxl.sheets.data import FRONT
from zlxl.sheets.directory import DIRECTORY, Kept, directory_sheet, news_sheet, read_directory
from zlxl.tables.clients import CLIENTS
from zlxl.tables.deliveries import DELIVERIES

IAF: Final = "IAF状态"  #: attribute of a status in 码表: the word of an English directory


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Who sends the directory to whom, and as which file; empty: as last time."""

    sender: str
    receiver: str = ""
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A directory that could be delivered, and what is known about deliveries before."""

    book: Book
    directory: Directory
    changes: Changes
    words: Mapping[str, str] | None  #: English words by status, where they are wanted
    remarks: tuple[str, ...]
    again: str = ""  #: number of the delivery of this very day, where there was one
    front: bool  #: whether the workbook has a first sheet
    kept: bool  #: whether the workbook's sheet 获证客户名录 is already this very directory

    @property
    def delivered(self) -> bool:
        """Whether this very directory was delivered today, as far as the workbook can tell."""
        return self.kept and (bool(self.again) or not self.book.of(DELIVERIES))


def publish(
    source: TableSource, *, today: date, since: date | None = None, english: bool = False
) -> Delivered:
    """The directory of the workbook and what is new in it (4.10.2).

    ``since`` measures by the ledger's dates; without it the sheet 获证客户名录 of the last delivery is
    compared, and where there is none, the dates since the last row of 名录报送 tell.

    Raises:
        Unreadable: the source cannot be read, or holds no table that is known.
        UsageError: it holds no 客户台账.
    """
    book = read_book(source, Settings(today=today))
    frames = book.of(CLIENTS)
    if not frames:
        raise UsageError(f"{source.path} 中没有客户台账，无法生成获证客户名录。请检查工作表和表头。")
    found = directory(frames, book.context)
    kept, last = read_directory(source), last_delivery(book)
    last_day = _day(last.value("as_of")) if last else None
    same = kept is not None and kept[0] == today and not compare(kept[1], found, frames, None)
    return Delivered(
        book=book,
        directory=found,
        changes=_changes(found, frames, kept, since or last_day, forced=since is not None),
        words=_english(book) if english else None,
        remarks=tuple(_remarks(found, frames, kept[0] if kept else None, last_day)),
        again=last.text("delivery_no") if last and last_day == today else "",
        front=FRONT in {grid.sheet for grid in source.grids()},
        kept=same,
    )


def _changes(
    found: Directory, frames: Sequence[Frame], kept: Kept | None, since: date | None, *, forced: bool
) -> Changes:
    """What is new: against the list that was delivered, else by the dates since a day."""
    if kept is not None and kept[1] and not forced:
        return compare(kept[1], found, frames, kept[0])
    return Changes(since=None) if since is None else told_by_dates(found, frames, since)


def _english(book: Book) -> dict[str, str]:
    choices = book.context.lists["状态"].choices
    return {choice.value: choice.attributes.get(IAF, "") for choice in choices}


def _remarks(
    found: Directory, frames: Sequence[Frame], kept: date | None, last: date | None
) -> Iterator[str]:
    missing = sum(not certificate["valid_until"] for certificate in found.certificates)
    if missing:
        yield f"{missing} 张证书没有有效期至，无法判断是否过期，仍列入名录；请在客户台账补填。"
    for name in ("status", "issued_on", "valid_until"):
        header = CLIENTS.columns[name].header
        if not any(name in frame.cells for frame in frames):
            yield f"客户台账没有“{header}”一列。"
    if kept and last and kept != last:
        yield f"上次名录的数据截止日期是 {kept}，名录报送最近一行是 {last}；两者不一致，请核对。"


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """One row of a frame."""

    frame: Frame
    position: int

    def value(self, name: str) -> Value:
        """A cell, None where it is empty or unknown."""
        found = self.frame.value(name, self.position)
        return None if isinstance(found, Pending) else found

    def text(self, name: str) -> str:
        """A cell's text, empty where there is none."""
        found = self.value(name)
        return found if isinstance(found, str) else ""


def last_delivery(book: Book) -> Row | None:
    """The row of 名录报送 with the latest 数据截止日期, of several the last; None where there is none."""
    rows = [
        Row(frame=frame, position=position)
        for frame in book.of(DELIVERIES)
        for position in np.flatnonzero(~np.isnat(frame.days("as_of"))).tolist()
    ]
    return max(enumerate(rows), key=lambda item: (_day(item[1].value("as_of")), item[0]))[1] if rows else None


def _day(value: Value) -> date:
    return value if isinstance(value, date) else date.min


def edits_of(delivered: Delivered, delivery: Delivery) -> Edits:
    """The sheet of the directory, that of what is new, and the row of 名录报送; nothing when done already.

    Raises:
        UsageError: another sheet of the user's has the name.
    """
    if delivered.delivered:
        return Edits()
    sheets = (
        directory_sheet(delivered.directory, delivered.words, front=delivered.front),
        news_sheet(delivered.changes, front=delivered.front),
    )
    repeated = delivered.again and not delivered.changes
    return Edits(sheets=sheets, rows=() if repeated else tuple(_delivery_row(delivered, delivery)))


def _delivery_row(delivered: Delivered, delivery: Delivery) -> Iterator[RowAppended]:
    """The line in 名录报送, with the columns that the sheet has; none where there is no such table."""
    frames = delivered.book.of(DELIVERIES)
    if not frames:
        return
    frame, changes, today = frames[-1], delivered.changes, delivered.directory.as_of
    last = last_delivery(delivered.book)
    values: dict[str, CellValue] = {
        "delivery_no": delivery_number(frames, today),
        "delivered_on": today,
        "as_of": today,
        "total": len(delivered.directory.certificates),
        "added": changes.count("新增"),
        "changed": changes.count("变更"),
        "removed": changes.count("减少"),
        "way": last.text("way") if last else None,
        "file": delivery.file or f"{DIRECTORY}_{today}.xlsx",
        "sender": delivery.sender,
        "receiver": delivery.receiver or (last.text("receiver") if last else None),
    }
    spelled = frame.match.spelled
    table = frame.match.list_object.name if frame.match.list_object else frame.sheet
    told = {spelled[name]: value for name, value in values.items() if name in spelled and value is not None}
    yield RowAppended(table=table, values=told)


def delivery_number(frames: Sequence[Frame], day: date) -> str:
    """The number of the next delivery, in the style of the last ones."""
    known = [text for frame in frames for text in frame.texts("delivery_no")[1]]
    return Numbering.after(known, DELIVERIES.columns["delivery_no"].example).next(day)
