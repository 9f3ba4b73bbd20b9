"""Numbers that may be given next, proposed from a workbook."""

from __future__ import annotations

from datetime import date

from zlxl.errors import UsageError
from zlxl.figures.numbers import Proposal, next_certificates, next_contracts
from zlxl.grid import TableSource
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book


def propose_contract(source: TableSource, letters: str, *, today: date, count: int = 1) -> Proposal:
    """The next contract numbers.

    Raises:
        Unreadable: the source cannot be read. UsageError: the letters do not fit the body's pattern.
    """
    book = read_book(source, Settings(today=today))
    try:
        return next_contracts(book.frames, book.context, letters.strip().upper(), count)
    except ValueError as error:
        raise UsageError(str(error)) from None


def propose_certificate(
    source: TableSource, system: str, persons: float, *, today: date, recertified: int = 0, count: int = 1
) -> Proposal:
    """The next certificate numbers of a system.

    Raises:
        Unreadable: the source cannot be read. UsageError: the system has no letters in 码表.
    """
    book = read_book(source, Settings(today=today))
    frames = [frame for frame in book.frames if "certificate_no" in frame.table.columns]
    try:
        return next_certificates(
            frames, book.context, system.strip(), persons, recertified=recertified, count=count
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
