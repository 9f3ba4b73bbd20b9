"""The policy that functions in cells go by: the active workbook's, read once and again when it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from zlxl.grid import ListObject
from zlxl.hosts.udf.live import LiveBook, grid_of, holding
from zlxl.hosts.udf.shape import rows_of
from zlxl.schema.context import Context
from zlxl.schema.frame import Frame
from zlxl.schema.headers import assign
from zlxl.schema.read import read_frame
from zlxl.schema.table import Table
from zlxl.tables.catalog import POLICY_TABLES, TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.policy import policy_of, shipped_context

if TYPE_CHECKING:
    from zlxl.decisions.decide import Decider
    from zlxl.figures.grade_criteria import Criteria as Grading
    from zlxl.figures.satisfaction_criteria import Criteria as Surveying
    from zlxl.figures.terms import Terms
    from zlxl.figures.workdays import Workdays

PAUSE: Final = 0.2  #: seconds without a call, in which a person may have changed a cell
LONGEST: Final = 2.0  #: seconds after which the sheets are looked at again in any case
SELDOM: Final = 10.0  #: seconds after which further sheets are asked whether they hold a table
_MOST: Final = 200_000  # answers kept
_KEPT: Final = 8  # workbooks kept, closed ones too: nobody tells when one is closed

Current = Callable[[], LiveBook | None]  #: the active workbook, None where there is none


@dataclass(frozen=True, kw_only=True, eq=False)
class Policy:
    """The policy of a workbook on a day, and what was answered by it."""

    frames: tuple[Frame, ...] = ()
    context: Context
    file: str = ""  #: of the workbook; the model learnt for it lies beside
    ledger: Callable[[], Sequence[Frame]] = tuple  #: frames of 客户台账 as they are now
    evaluations: Callable[[], Sequence[Frame]] = tuple  #: frames of 有效性评价 as they are now
    known: dict[Hashable, dict[Any, Any]] = field(default_factory=dict)

    def answers(self, question: Hashable) -> dict[Any, Any]:
        """What was answered to a question so far, by what was asked about."""
        found = self.known.setdefault(question, {})
        if len(found) > _MOST:
            found.clear()
        return found

    @cached_property
    def decider(self) -> Decider:
        """What classifies requests."""
        from zlxl.decisions.decide import decider_of
        from zlxl.hosts.learning import model_beside

        return decider_of(self.frames, self.context, model=model_beside(Path(self.file)))

    @cached_property
    def terms(self) -> Terms:
        """时限规则."""
        from zlxl.figures.terms import Terms

        return Terms.of(self.frames)

    @cached_property
    def grading(self) -> Grading:
        """评价准则 of grades."""
        from zlxl.figures.grade_criteria import Criteria

        return Criteria.of(self.frames, self.context)

    @cached_property
    def surveying(self) -> Surveying:
        """评价准则 of satisfaction."""
        from zlxl.figures.satisfaction_criteria import criteria_of

        return criteria_of(self.frames, self.context)

    @cached_property
    def workdays(self) -> Workdays:
        """节假日."""
        from zlxl.figures.workdays import workdays

        return workdays(self.frames)


def shipped_policy(today: date) -> Policy:
    """The policy of a new workbook."""
    return Policy(context=shipped_context(today))


@dataclass(kw_only=True)
class _Watched:
    """Sheets of a workbook whose values are kept until they are others."""

    tables: tuple[Table, ...]
    tabs: list[str] = field(default_factory=list)
    asked: float = 0.0  #: when the sheets were asked for their headers
    sheets: list[str] = field(default_factory=list)
    values: list[Any] | None = None  #: None before they were read
    list_objects: list[Sequence[ListObject]] = field(default_factory=list)

    def changed(self, book: LiveBook, now: float) -> bool:
        """Whether the sheets hold other values or tables than when they were last looked at."""
        sheets = {sheet.name: sheet for sheet in book.sheets()}
        if list(sheets) != self.tabs or now - self.asked > SELDOM:
            self.tabs, self.asked = list(sheets), now
            self.sheets = [sheet.name for sheet in holding(book, self.tables)]
        values = [sheets[name].values() for name in self.sheets]
        list_objects = [sheets[name].list_objects() for name in self.sheets]
        if (values, list_objects) == (self.values, self.list_objects):
            return False
        self.values, self.list_objects = values, list_objects
        return True

    def frames(self, context: Context) -> tuple[Frame, ...]:
        """The tables on these sheets, judged by a context."""
        held = zip(self.sheets, self.values or [], self.list_objects, strict=True)
        grids = [grid_of(name, rows_of(values), tables) for name, values, tables in held]
        names = {table.name for table in self.tables}
        found = [(grid, match) for grid in grids for match in assign(grid, TABLES)]
        return tuple(read_frame(grid, match, context) for grid, match in found if match.table.name in names)


@dataclass(kw_only=True)
class _Data:
    """A table of the workbook that is read when it is asked for."""

    watched: _Watched
    stale: bool = True  #: whether it is to be looked at before it is used
    frames: tuple[Frame, ...] = ()

    def read(self, book: LiveBook, context: Context, now: float) -> tuple[Frame, ...]:
        """Its frames as they are now; those read last while the spreadsheet is busy."""
        if self.stale:
            try:
                if self.watched.changed(book, now):
                    self.frames = self.watched.frames(context)
            except Exception:  # of COM, of whatever kind
                if self.watched.values is None:
                    raise
            self.stale = False
        return self.frames


@dataclass(kw_only=True)
class _Book:
    """What is known of one open workbook."""

    book: LiveBook | None  #: as it is open now: closed and opened again, it is another object
    policy: Policy
    rules: _Watched = field(default_factory=lambda: _Watched(tables=POLICY_TABLES))
    data: dict[str, _Data] = field(
        default_factory=lambda: {t.name: _Data(watched=_Watched(tables=(t,))) for t in (CLIENTS, EVALUATIONS)}
    )
    looked: float = 0.0  #: when its policy sheets were last looked at
    called: float = 0.0


@dataclass(kw_only=True)
class Policies:
    """The policy of each open workbook; of none the shipped one.

    Calls that follow each other at once, as in a recalculation, look at the sheets once.
    """

    current: Current = lambda: None
    today: Callable[[], date] = date.today
    clock: Callable[[], float] = monotonic
    books: dict[str, _Book] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The policy in force for the active workbook."""
        book, today, now = self.current(), self.today(), self.clock()
        name = book.name if book else ""
        held = self.books.get(name)
        if held is None or held.policy.context.today != today:
            self.books = dict(list(self.books.items())[1 - _KEPT :])
            held = self.books[name] = _Book(book=book, policy=shipped_policy(today), looked=-LONGEST)
        held.book = book
        if book is not None and (now - held.called > PAUSE or now - held.looked > LONGEST):
            try:
                self._look(held, book, today, now)
            except Exception:  # a spreadsheet that is busy: what was read last still holds
                if held.rules.values is None:
                    raise
        held.called = now
        return held.policy

    @classmethod
    def _look(cls, held: _Book, book: LiveBook, today: date, now: float) -> None:
        held.looked = now
        for data in held.data.values():
            data.stale = True
        if not held.rules.changed(book, now) and held.policy.file == book.file:
            return
        base = shipped_context(today)
        frames = held.rules.frames(base)
        context = policy_of(frames, today).context if frames else base
        held.policy = Policy(
            frames=frames,
            context=context,
            file=book.file,
            ledger=partial(cls._read, held, CLIENTS),
            evaluations=partial(cls._read, held, EVALUATIONS),
            known={},
        )
        for data in held.data.values():
            data.watched.values = None

    @staticmethod
    def _read(held: _Book, table: Table) -> Sequence[Frame]:
        context, now = held.policy.context, held.looked
        return held.data[table.name].read(held.book, context, now) if held.book else ()
