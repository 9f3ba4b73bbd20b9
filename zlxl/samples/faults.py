"""Putting known faults into rows: every kind at least once, each where no other hides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Final

from zlxl.grid import column_letters
from zlxl.samples.database import TODAY, Rows
from zlxl.samples.dice import Dice
from zlxl.samples.mistake import FIRST_ROW, Edit, Mistake, Site
from zlxl.samples.mistakes_of_cells import CELL_MISTAKES
from zlxl.samples.mistakes_of_rows import ROW_MISTAKES
from zlxl.samples.mistakes_of_steps import STEP_MISTAKES
from zlxl.schema.values import shown, to_serial
from zlxl.sheet import Cell, Formula
from zlxl.tables.catalog import table_named

RATE: Final = 0.02
#: those that suit few rows come first
MISTAKES: Final[tuple[Mistake, ...]] = (*STEP_MISTAKES, *ROW_MISTAKES, *CELL_MISTAKES)
_CROWDED: Final = 0.15  #: no table has a larger share of faulty rows, once every kind has its place


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault that was put in: where the finding must be, and what was changed for it."""

    code: str  #: of the rule that must notice it
    sheet: str
    row: int
    column: str  #: header
    cell: str | None  #: A1 address; None where a column is missing
    note: str
    change: str = ""  #: what was changed from what to what
    also: tuple[str, ...] = ()  #: codes of findings in the same row that follow from it
    stored: Mapping[str, Cell] = field(default_factory=dict)  #: by address: cells stored in another way
    loses_dropdown: bool = False


def inject(rows: Rows, seed: int, rate: float = RATE, *, today: date = TODAY) -> tuple[Rows, list[Fault]]:
    """The rows with faults in so large a share of them, and what was put in, in the order of the sheets.

    Rows are given as ``new_workbook`` writes them; cells that are stored otherwise than their column are
    in ``Fault.stored`` (see ``zlxl.samples.damage``).
    """
    injection = _Injection(rows={name: list(table) for name, table in rows.items()}, seed=seed, today=today)
    for mistake in MISTAKES:
        injection.make(mistake)
    quota = ceil(sum(map(len, rows.values())) * rate)
    left = list(MISTAKES)
    while left and len(injection.faults) < quota:
        mistake = injection.dice.pick(left)
        if injection.crowded(mistake.table) or not injection.make(mistake):
            left.remove(mistake)
    order = {name: index for index, name in enumerate(rows)}
    return injection.rows, sorted(injection.faults, key=lambda f: (order[f.sheet], f.row, f.column))


@dataclass(kw_only=True)
class _Injection:
    """The rows as they change, and what is already spoilt."""

    rows: Rows
    seed: int
    today: date
    faults: list[Fault] = field(default_factory=list)
    taken: set[tuple[str, object]] = field(default_factory=set)  #: rows of the ledger by client
    odd: set[tuple[str, str, int]] = field(default_factory=set)  #: cells whose format or drop-down is lost
    hits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = Dice(self.seed, "faults")
        self.clean = {name: tuple(rows) for name, rows in self.rows.items()}

    def crowded(self, table: str) -> bool:
        """Whether a table has faults enough."""
        return self.hits[table] >= len(self.clean[table]) * _CROWDED

    def make(self, mistake: Mistake) -> bool:
        """Make the mistake in a row that suits; False where there is none."""
        for site in self._sites(mistake):
            edit = mistake.make(site)
            if edit is not None and self._apart(mistake, site, edit):
                self._apply(mistake, site, edit)
                return True
        return False

    def _sites(self, mistake: Mistake) -> Iterator[Site]:
        """Rows not spoilt yet, in random order, with the partner they have."""
        rows = self.clean[mistake.table]
        for position in self.dice.shuffled(range(len(rows))):
            site = Site(
                table=table_named(mistake.table),
                rows=rows,
                position=position,
                dice=self.dice,
                today=self.today,
                number=len(self.faults),
            )
            if self._key(site, position) in self.taken:
                continue
            partner = mistake.partner(site) if mistake.partner else -1
            if partner is None or (partner >= 0 and self._spoilt_partner(site, partner)):
                continue
            yield Site(**{**vars(site), "partner": partner})

    def _spoilt_partner(self, site: Site, partner: int) -> bool:
        return self._key(site, partner) in self.taken

    @staticmethod
    def _key(site: Site, position: int) -> tuple[str, object]:
        """What is spoilt with a row: in the ledger all rows of its client, elsewhere the row alone."""
        ledger = site.table.name == "客户台账"
        return site.table.name, site.rows[position]["client"] if ledger else position

    def _apart(self, mistake: Mistake, site: Site, edit: Edit) -> bool:
        """Whether lost formats would not run together with those of the rows above and below."""
        return not any(
            (site.table.name, name, site.position + step) in self.odd
            for name in _odd_fields(mistake, edit)
            for step in (-1, 1)
        )

    def _apply(self, mistake: Mistake, site: Site, edit: Edit) -> None:
        table, rows = site.table, self.rows[mistake.table]
        position = len(rows) if mistake.appended else site.position
        changed = {**site.row, **{name: _computed(value, site[name]) for name, value in edit.items()}}
        rows[position : position + 1] = [changed]
        self.odd |= {(table.name, name, position) for name in _odd_fields(mistake, edit)}
        for spoilt in (site.position, site.partner):
            if spoilt >= 0:
                self.taken.add(self._key(site, spoilt))
        self.faults.append(_fault(mistake, site, edit, position))
        if site.partner >= 0:
            self.faults.append(_fault(mistake, site, {}, site.partner))
        self.hits[table.name] += 1 + (site.partner >= 0)


def _odd_fields(mistake: Mistake, edit: Edit) -> list[str]:
    lost = [mistake.field] if mistake.loses_dropdown else []
    return lost + [name for name, value in edit.items() if isinstance(value, Cell)]


def _plain(value: object) -> object:
    """The value of a cell that is stored in another way."""
    content = value.content if isinstance(value, Cell) else value
    return content.value if isinstance(content, Formula) else content


def _computed(value: object, old: object) -> object:
    """The value as formulas see it: to them a date and its serial number are one."""
    plain = _plain(value)
    return old if isinstance(old, date) and plain == to_serial(old) else plain


def _fault(mistake: Mistake, site: Site, edit: Edit, position: int) -> Fault:
    columns, row = site.table.columns, FIRST_ROW + position
    letters = {name: column_letters(number) for number, name in enumerate(columns, 1)}
    names = [mistake.field] if mistake.appended else edit
    told = [
        f"{columns[name].header}：{_told(site[name], None)} → {_told(edit[name], site[name])}"
        for name in names
        if name in edit and (isinstance(edit[name], Cell) or edit[name] != site[name])
    ]
    return Fault(
        code=mistake.code,
        sheet=site.table.name,
        row=row,
        column=columns[mistake.field].header,
        cell=f"{letters[mistake.field]}{row}",
        note=mistake.note,
        change=("新增一行，" if mistake.appended else "") + "；".join(told),
        also=mistake.also,
        stored={f"{letters[name]}{row}": value for name, value in edit.items() if isinstance(value, Cell)},
        loses_dropdown=mistake.loses_dropdown and position != site.partner,
    )


def _told(value: object, old: object) -> str:
    """A value for the list of faults, with its type where it was another one before."""
    content = value.content if isinstance(value, Cell) else value
    if isinstance(content, Formula):
        return f"公式 {content.text}（{content.value or '没有结果'}）"
    text = shown(float(content) if isinstance(content, int) else content) or "空"
    if isinstance(content, float) and not isinstance(old, int | float | None):
        return f"{text}（数字）"
    if isinstance(content, str) and isinstance(value, Cell):
        return f"{text}（格式为常规）"
    return f"{text}（文字）" if isinstance(content, str) and isinstance(old, int | float | date) else text
