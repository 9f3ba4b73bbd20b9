"""Rows of other files into the database's tables: found by key, judged as they would stand, or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zlxl.jobs.importing.gather import Gathering, rows_without_table
from zlxl.jobs.importing.judge import judge
from zlxl.jobs.importing.log import imported_before
from zlxl.jobs.importing.presumed import begin
from zlxl.jobs.importing.returned import complete, find_questionnaires
from zlxl.jobs.importing.rows import Draft, Given, Mode, rows_of
from zlxl.jobs.importing.sources import Offer, Offered
from zlxl.jobs.importing.target import Target, own_headers
from zlxl.jobs.settings import Settings
from zlxl.rules.rule import Book
from zlxl.schema.frame import Frame
from zlxl.schema.headers import normalised


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What becomes of the rows of one table or form of a source."""

    offer: Offer
    given: tuple[Given, ...]
    ignored: tuple[str, ...]  #: columns that hold something and are not imported
    recovered: int  #: cells whose plain meaning is taken for a recoverable spelling

    @cached_property
    def rejected(self) -> tuple[Given, ...]:
        """Rows that are not imported."""
        return tuple(given for given in self.given if given.rejected)

    @cached_property
    def known(self) -> tuple[Given, ...]:
        """Rows that the database holds already and that are not to change it."""
        return tuple(given for given in self.given if given.known is not None and not given.rejected)

    @cached_property
    def drafts(self) -> tuple[Draft, ...]:
        """Rows of the database that this source is the first to make or to change."""
        drafts = dict.fromkeys(given.draft for given in self.given if given.draft and not given.rejected)
        return tuple(draft for draft in drafts if draft.given[0].offer is self.offer)

    @cached_property
    def warnings(self) -> Mapping[str, int]:
        """How many warnings the imported rows bring, by rule."""
        return Counter(code for draft in self.drafts for code in draft.warnings)


@dataclass(frozen=True, kw_only=True, eq=False)
class ImportPlan:
    """What an import will do; nothing is written yet."""

    mode: Mode
    clear: bool
    sources: tuple[Offered, ...]
    outcomes: tuple[Outcome, ...]
    drafts: tuple[Draft, ...]  #: rows that are new or given something, in the order of the sources

    @property
    def rejected(self) -> int:
        """How many rows are not imported."""
        return sum(len(outcome.rejected) for outcome in self.outcomes)


def plan_import(
    book: Book, sources: Sequence[Offered], *, mode: Mode = Mode.UPSERT, clear: bool = False
) -> ImportPlan:
    """Decide what becomes of every row: new, changed, as it was, or rejected with reasons.

    A row is judged as it would stand in the database, together with everything else that is imported.
    """
    settings = Settings(today=book.context.today)
    imported = imported_before(book)
    gatherings: dict[str, Gathering] = {}
    outcomes = []
    for offer in (offer for source in sources for offer in source.offers):
        frames = tuple(book.of(offer.table))
        given = rows_of(offer, settings)
        for row in given:
            complete(row, book.context)
            begin(row, book.context)
        find_questionnaires(given, frames)
        ignored = list(_ignored(offer, given, frames))
        if frames and offer.table.name not in gatherings:
            target = Target(table=offer.table, frames=frames)
            gatherings[offer.table.name] = Gathering(target, mode, imported)
        if frames:
            ignored += gatherings[offer.table.name].take_all(given)
        else:
            rows_without_table(given, offer.table.name)
        outcomes.append(
            Outcome(
                offer=offer, given=tuple(given), ignored=tuple(ignored), recovered=_recovered(offer.frame)
            )
        )
    for gathering in gatherings.values():
        gathering.match_late(clear=clear)
        gathering.refuse_conflicts(clear=clear)
    drafts = [draft for gathering in gatherings.values() for draft in gathering.drafts]
    numbers = {gathering.target: gathering.numbers for gathering in gatherings.values()}
    drafts = judge(book, numbers, drafts, clear=clear)
    return ImportPlan(
        mode=mode,
        clear=clear,
        sources=tuple(sources),
        outcomes=tuple(outcomes),
        drafts=tuple(drafts),
    )


def _ignored(offer: Offer, given: Sequence[Given], frames: Sequence[Frame]) -> Iterator[str]:
    """Columns of the source that hold something but have no place in the database."""
    fields = {name for frame in frames for name in frame.cells}
    extras = {name for frame in frames for name in own_headers(frame)}
    for name, cells in offer.frame.cells.items():
        if frames and name not in fields and any(name in row.values for row in given):
            yield cells.header
    for header in offer.extras:
        name = normalised(header)
        if name not in extras and any(name in row.extras for row in given):
            yield header


def _recovered(frame: Frame) -> int:
    """Cells with a recoverable spelling, whose plain meaning is taken."""
    count = 0
    for cells in frame.cells.values():
        safe = [c for c, v in cells.verdicts.items() if v.fix is not None and v.fix.confidence == "safe"]
        count += int(np.isin(cells.codes, safe).sum())
    return count
