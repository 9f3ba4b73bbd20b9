"""Reading a form: a label in a cell, its value to the right or below, options ticked; one record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from zlxl.grid import Cell, Grid, Kind, MemoryGrid
from zlxl.schema.headers import HeaderMatch
from zlxl.schema.labels import Answer, Page, Reading
from zlxl.schema.table import Table

MIN_FIELDS = 3  # filled in, on a sheet without a known title
MIN_TITLED = 2
LINES = 5  # with labels, below a known title, make a form whatever is filled in
ENOUGH = 6  # so many are a record even without its key


class Why(StrEnum):
    """What makes an answer doubtful."""

    SEVERAL = "several"  #: ticks where one is allowed
    DIFFERENT = "different"  #: the same number told twice, differently


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """An answer that cannot be taken as it stands."""

    why: Why
    field: str
    label: str
    place: str  #: A1 address
    told: tuple[str, ...]  #: what it says


@dataclass(frozen=True, kw_only=True)
class Form:
    """A record read from a form: the same as a table of one row, and where each value stood."""

    grid: MemoryGrid  #: header in row 1, the record in row 2
    match: HeaderMatch
    places: Mapping[str, str]  #: A1 address of the value by field
    sure: bool = False  #: whether its title and labels on many lines leave no doubt that it is one
    blank: bool = False  #: whether it was not filled in
    unknown: Mapping[str, int] = field(default_factory=dict)  #: column by label that the table does not know
    asked: frozenset[str] = frozenset()  #: fields that are filled in, or could be ticked or counted
    doubts: tuple[Doubt, ...] = ()
    blanks: Mapping[str, str] = field(default_factory=dict)  #: address by label of ticks and counts left out


Titles = Sequence[tuple[str, Table]]


def read_form(
    grid: Grid,
    tables: Sequence[Table],
    titles: Titles = (),
    known: Collection[str] = (),
    lent: Mapping[str, Mapping[str, str]] | None = None,
    choices: Mapping[str, Collection[str]] | None = None,
) -> Form | None:
    """The record of a form on a sheet, of the table whose labels it bears; None when it is no form.

    A title says which table is meant; without one it is the table of which most labels have a value.
    ``known`` are labels (normalised) that stand on forms though no table has them; ``lent`` those that tell
    a field of a table, by its name, whose own label says nothing; ``choices`` the words (normalised) of
    lists of 码表, by their names.
    """
    page = Page(grid, tables, known, choices or {})
    titled = next((t for t in (page.titled(words, t) for words, t in titles) if t in tables), None)
    candidates = [titled] if titled is not None else tables
    readings = [(table, page.read(table, (lent or {}).get(table.name))) for table in candidates]
    table, reading = max(readings, key=lambda found: len(found[1].record), default=(None, Reading()))
    if table is None:
        return None
    blank = not _suffices(table, reading.record, titled=titled is not None)
    if blank and (titled is None or _lines(reading) < LINES):
        return None
    told = {answer.label for answer in reading.record.values()}
    unknown = {label: answer for label, answer in page.unknown(table).items() if label not in told}
    return replace(
        _form(grid, table, reading, unknown),
        sure=titled is not None and _lines(reading) >= LINES,
        blank=blank,
    )


def _lines(reading: Reading) -> int:
    """On how many lines labels stand; in a list they stand on one."""
    return len(set(reading.rows.values()))


def _suffices(table: Table, record: Mapping[str, Answer], *, titled: bool) -> bool:
    if titled:
        return len(record) >= MIN_TITLED
    needed = max(MIN_FIELDS, len(table.required) // 2 + 1)
    keyed = any(name in record for name in table.key) or len(record) >= ENOUGH
    return len(record) >= needed and keyed


def _form(grid: Grid, table: Table, reading: Reading, unknown: Mapping[str, Answer]) -> Form:
    record = reading.record
    answers = [*record.values(), *unknown.values()]
    flat = MemoryGrid(
        sheet=grid.sheet,
        cells={
            1: {column: Cell(Kind.TEXT, answer.label) for column, answer in enumerate(answers, 1)},
            2: {column: answer.cell for column, answer in enumerate(answers, 1)},
        },
        number_formats=grid.number_formats,
        typed=grid.typed,
        date1904=grid.date1904,
    )
    spelled = {name: answer.label for name, answer in record.items()}
    columns = {name: column for column, name in enumerate(record, 1)}
    return Form(
        grid=flat,
        match=HeaderMatch(table=table, row=1, fields=columns, spelled=spelled),
        places={name: answer.place for name, answer in record.items()},
        unknown={label: column for column, label in enumerate(unknown, len(record) + 1)},
        asked=frozenset({*record, *reading.blanks}),
        doubts=tuple(_doubts(reading)),
        blanks={answer.label: answer.place for answer in reading.blanks.values()},
    )


def _doubts(reading: Reading) -> Iterator[Doubt]:
    for name, answer in reading.several:
        told = answer.chosen or ()
        yield Doubt(why=Why.SEVERAL, field=name, label=answer.label, place=answer.place, told=told)
    for name, answer in reading.different:
        told = (str(reading.record[name].cell.value), str(answer.cell.value))
        yield Doubt(why=Why.DIFFERENT, field=name, label=answer.label, place=answer.place, told=told)
