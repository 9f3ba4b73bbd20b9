"""Conflicts and the lines of 合并冲突: which are decided, what follows, which wait for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from zlxl.findings import fingerprint
from zlxl.jobs.merging.fields import Conflict, Proposal
from zlxl.jobs.merging.values import EMPTY, essence, told
from zlxl.schema.column import Storage
from zlxl.schema.context import Context
from zlxl.schema.read import judge_distinct
from zlxl.schema.table import Table
from zlxl.schema.values import Raw
from zlxl.sheets.conflicts import ADOPT, DELETE, DONE, GONE, KEEP, OPEN, OTHER, RETAIN, VOID, Line
from zlxl.sheets.report_words import cell_text
from zlxl.tables.policy import shipped_context

MINE_CHANGED = f"{VOID}：本方值已变，请看新的一行"
NO_LONGER = f"{GONE}：双方的值已变，不再冲突，或已另列一行"
CONTRADICTORY = f"{OPEN}：同一处的决定互相矛盾"
NOT_APPLICABLE = f"{OPEN}：此处不能选“{{}}”，请改选{{}}"
OTHER_EMPTY = f"{OPEN}：另填值为空；要清空请写（空）"
OTHER_UNFIT = f"{OPEN}：另填值“{{}}”不是{{}}"
_FOR_FIELDS, _FOR_ROWS = (KEEP, ADOPT, OTHER), (DELETE, RETAIN)
_SEPARATOR = "、"
_TYPED = (Storage.DATE, Storage.MONEY, Storage.NUMBER)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a conflict is."""

    table: Table
    sheet: str  #: of mine
    identity: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What a person's decisions make of a conflict."""

    open: bool = False  #: whether something waits for a decision
    earlier: bool = False  #: whether all of it was carried out in an earlier run
    decision: str = ""  #: DELETE or RETAIN of a row; ADOPT where ``value`` is to be written
    value: Raw | None = None
    copies: tuple[str, ...] = ()  #: whose value it is; none: the person's own


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What one line asks for: a value, nothing (keep mine), or a problem in words."""

    line: Line
    proposal: Proposal
    problem: str = ""
    writes: bool = False
    value: Raw | None = None


class Decisions:
    """The lines of the sheet as a run goes over the conflicts."""

    def __init__(self, lines: Iterable[Line], copies: Iterable[str], *, today: date) -> None:
        self._read = tuple(lines)
        self._now: dict[int, Line] = dict(enumerate(self._read))
        self._at = {line.proposal: at for at, line in self._now.items() if line.mark and line.word != VOID}
        self._met: set[int] = set()
        self._copies = frozenset(copies)
        self._today = today
        self._numbers = max((line.number for line in self._read), default=0)

    @cached_property
    def _context(self) -> Context:
        return shipped_context(self._today)

    def settle(self, spot: Spot, conflict: Conflict) -> Settlement:
        """Look the conflict up, note it where it is new, and say what is decided."""
        found = [(self._line_of(spot, conflict, p), p) for p in conflict.proposals]
        waiting = [(at, p) for at, p in found if self._now[at].word != DONE]
        if not waiting:
            decisions = [line.decision for line in (self._now[at] for at, _ in found) if line.decision]
            return Settlement(earlier=True, decision=decisions[0] if conflict.of_row and decisions else "")
        wishes = {at: self._wish(spot, conflict, at, p) for at, p in waiting}
        return self._settled_row(wishes) if conflict.of_row else self._settled_field(wishes)

    def _line_of(self, spot: Spot, conflict: Conflict, proposal: Proposal) -> int:
        """Position of the proposal's line: the known one, or a new one where mine changed since."""
        mark = _mark(spot, conflict, proposal)
        at = self._at.get(mark.partition(".")[0])
        fresh = _new_line(spot, conflict, proposal, mark)
        if at is None:
            return self._note(fresh)
        self._met.add(at)
        line = self._now[at]
        if line.word == DONE:
            return at
        if line.mark != mark and line.decision:
            self._now[at] = replace(line, status=MINE_CHANGED)
            return self._note(fresh)
        self._now[at] = replace(line, mine=fresh.mine, mark=mark, copies=_united(line, proposal))
        return at

    def _note(self, line: Line) -> int:
        at = len(self._now)
        self._numbers += 1
        self._now[at] = replace(line, number=self._numbers)
        self._at[line.proposal] = at
        self._met.add(at)
        return at

    def _wish(self, spot: Spot, conflict: Conflict, at: int, proposal: Proposal) -> _Wish:
        line = self._now[at]
        allowed = _FOR_ROWS if conflict.of_row else _FOR_FIELDS
        wish = _Wish(line=line, proposal=proposal)
        if not line.decision:
            return replace(wish, problem=OPEN)
        if line.decision not in allowed:
            return replace(wish, problem=NOT_APPLICABLE.format(line.decision, _SEPARATOR.join(allowed)))
        if line.decision == ADOPT:
            return replace(wish, writes=True, value=proposal.value)
        if line.decision == OTHER:
            return self._typed(wish, spot.table, conflict.label)
        return wish

    def _typed(self, wish: _Wish, table: Table, label: str) -> _Wish:
        text = wish.line.other.strip()
        if not text:
            return replace(wish, problem=OTHER_EMPTY)
        if text in (EMPTY, "(空)"):
            return replace(wish, writes=True, value=None)
        name = next((name for name, column in table.columns.items() if column.header == label), None)
        if name is None or table.columns[name].storage not in _TYPED:
            return replace(wish, writes=True, value=wish.line.other)
        (value,), _ = judge_distinct(table, name, [text], self._context)
        if not isinstance(value, date | float | int):
            kind = table.columns[name].storage.chinese
            return replace(wish, problem=OTHER_UNFIT.format(text, kind))
        return replace(wish, writes=True, value=value)

    def _settled_row(self, wishes: dict[int, _Wish]) -> Settlement:
        ((at, wish),) = wishes.items()
        if wish.problem:
            self._now[at] = replace(wish.line, status=wish.problem)
            return Settlement(open=True)
        result = "清空此行" if wish.line.decision == DELETE else "保留此行"
        self._now[at] = replace(wish.line, status=DONE, result=result)
        return Settlement(decision=wish.line.decision)

    def _settled_field(self, wishes: dict[int, _Wish]) -> Settlement:
        writing = [wish for wish in wishes.values() if wish.writes]
        faulty = [wish for wish in wishes.values() if wish.problem not in ("", OPEN)]
        if len({essence(wish.value) for wish in writing}) > 1 or (writing and faulty):
            for at, wish in wishes.items():
                self._now[at] = replace(wish.line, status=wish.problem or CONTRADICTORY)
            return Settlement(open=True)
        if writing:
            return self._written(wishes, writing)
        for at, wish in wishes.items():
            kept = replace(wish.line, status=DONE, result=f"本方值不变：{wish.line.mine}")
            self._now[at] = replace(wish.line, status=wish.problem) if wish.problem else kept
        return Settlement(open=any(wish.problem for wish in wishes.values()))

    def _written(self, wishes: dict[int, _Wish], writing: Sequence[_Wish]) -> Settlement:
        result = f"改为：{told(writing[0].value)}"
        for at, wish in wishes.items():
            self._now[at] = replace(wish.line, status=DONE, result=cell_text(result) or "")
        adopted = [wish.proposal for wish in writing if wish.line.decision == ADOPT]
        copies = tuple(dict.fromkeys(name for proposal in adopted for name in proposal.copies))
        return Settlement(decision=ADOPT, value=writing[0].value, copies=copies)

    def lines(self) -> tuple[Line, ...]:
        """All lines: those that wait first, each kind in the order of the sheet."""
        for at, line in enumerate(self._read):
            if at not in self._met and line.waits and self._given(line):
                self._now[at] = replace(line, status=NO_LONGER)
        numbered = [self._numbered(line) for line in self._now.values()]
        return tuple(sorted(numbered, key=lambda line: not line.waits))

    def _given(self, line: Line) -> bool:
        """Whether a copy that the line tells of takes part in this run."""
        return not self._copies.isdisjoint(line.copies.split(_SEPARATOR))

    def _numbered(self, line: Line) -> Line:
        if line.number:
            return line
        self._numbers += 1
        return replace(line, number=self._numbers)


def _new_line(spot: Spot, conflict: Conflict, proposal: Proposal, mark: str) -> Line:
    texts = (spot.key or spot.identity, conflict.label, conflict.base, conflict.mine, proposal.words)
    key, label, base, mine, theirs = (cell_text(text) or "" for text in texts)
    return Line(
        number=0,
        table=spot.sheet,
        key=key,
        label=label,
        base=base,
        mine=mine,
        theirs=theirs,
        copies=_SEPARATOR.join(proposal.copies),
        mark=mark,
    )


def _united(line: Line, proposal: Proposal) -> str:
    """Names of the copies that the line tells of, and of those that say the same now."""
    names = dict.fromkeys([*filter(None, line.copies.split(_SEPARATOR)), *proposal.copies])
    return _SEPARATOR.join(names)


def _mark(spot: Spot, conflict: Conflict, proposal: Proposal) -> str:
    place = (spot.table.name, spot.sheet, spot.identity, conflict.label)
    told_apart = fingerprint(*place, repr(conflict.base_essence), repr(proposal.essence))
    return f"{told_apart}.{fingerprint(repr(conflict.mine_essence))}"
