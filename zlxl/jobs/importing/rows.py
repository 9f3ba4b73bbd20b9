"""A row of a source on its way into the database, and the row of the database that it makes or changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zlxl.findings import Accusation, Severity
from zlxl.jobs.importing.numbering import number_field
from zlxl.jobs.importing.sources import Offer
from zlxl.jobs.importing.target import Target
from zlxl.jobs.settings import Settings
from zlxl.rules.rule import word
from zlxl.schema.frame import Cells, Frame
from zlxl.schema.headers import normalised
from zlxl.schema.labelled import Doubt, Why
from zlxl.schema.values import NOT_JUDGED, Pending, Raw, Value, shown


class Mode(StrEnum):
    """What is done with a row: new ones only, known ones only, or both."""

    INSERT = "insert"
    UPDATE = "update"
    UPSERT = "upsert"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a row is not imported: which cell, what is wrong, what to do."""

    message: str
    suggestion: str
    rule: str = ""
    cell: str | None = None  #: address in the source
    column: str = ""
    value: str = ""


@dataclass(eq=False, kw_only=True)
class Given:
    """A row of a source and what is to become of it."""

    offer: Offer
    position: int
    values: Mapping[str, Value]  #: filled fields
    extras: Mapping[str, Raw]  #: filled columns that the table does not know, by normalised header
    empty: tuple[str, ...]  #: fields whose cell is empty
    reasons: list[Reason] = field(default_factory=list)  #: why it is rejected
    draft: Draft | None = None  #: the row it goes into
    weak: frozenset[str] = frozenset()  #: fields that are told indirectly: they change nothing that is held
    repeats: bool = False  #: whether it only repeats another row of the import, and tells nothing itself
    alike: bool = False  #: whether its row was found by the columns that both fill, without a number
    known: str | None = None  #: name of the row of the database that it repeats, which is left as it is

    @property
    def rejected(self) -> bool:
        """Whether it is not imported."""
        return bool(self.reasons)

    def reject(self, reason: Reason) -> None:
        """Give it up; a second reason is kept, the same one is not."""
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(eq=False, kw_only=True)
class Draft:
    """A row of the database as it is to be: a known one or a new one."""

    target: Target
    row: int | None  #: of the target; None for a new one
    given: list[Given] = field(default_factory=list)  #: the rows of sources that make it, one as a rule
    number: str = ""  #: the number of ours that it gets
    warnings: list[str] = field(default_factory=list)  #: codes of rules that warn of it

    @property
    def frame(self) -> Frame:
        """Where it stands or will stand."""
        return self.target.frame(self.row)

    @property
    def values(self) -> dict[str, Value]:
        """Filled fields, its own number first."""
        name = number_field(self.target.table)
        own: dict[str, Value] = {name: self.number} if name is not None and self.number else {}
        return {name: value for given in self.given for name, value in given.values.items()} | own

    @property
    def extras(self) -> dict[str, Raw]:
        """Filled columns of the user's own, by normalised header."""
        return {name: raw for given in self.given for name, raw in given.extras.items()}

    @property
    def key(self) -> str:
        """Its name for a person: its first filled key field."""
        return next((text for name in self.target.table.key if (text := shown(self.held(name)))), "")

    def held(self, name: str) -> Value:
        """What a field will mean; None where that is not known."""
        value = self.values.get(name)
        if value is not None or self.row is None:
            return value
        old = self.target.value(self.row, name)
        return None if isinstance(old, Pending) else old

    def changes(self, *, clear: bool) -> dict[str, Value]:
        """Fields of a known row that get another value; None empties."""
        row, columns = self.row, self.frame.cells
        if row is None:
            return {}
        values = self.values
        changed = {
            name: value
            for name, value in values.items()
            if name in columns and self.target.value(row, name) != value
        }
        if clear:
            empty = (name for given in self.given for name in given.empty)
            kept = {*values, *self.target.table.key}
            changed |= {
                name: None
                for name in empty
                if name not in kept and name in columns and self.target.value(row, name) is not None
            }
        return changed

    def extra_changes(self) -> dict[str, Raw]:
        """Columns of the user's own that get another value, by normalised header; of a new row all."""
        frame, position = (self.target.home, -1) if self.row is None else self.target.locate(self.row)
        held = self.target.extras[frame]
        return {
            name: raw
            for name, raw in self.extras.items()
            if name in held and (self.row is None or not _same(held[name].values[position], raw))
        }


def _same(one: Raw | None, two: Raw | None) -> bool:
    return one == two or shown(one) == shown(two)


def rows_of(offer: Offer, settings: Settings) -> list[Given]:
    """The rows of a table or form; those with a cell that cannot be read are rejected already."""
    columns = {name: values_of(cells) for name, cells in offer.frame.cells.items()}
    given = []
    for position in range(len(offer.frame)):
        row = {name: column[position] for name, column in columns.items()}
        given.append(
            Given(
                offer=offer,
                position=position,
                values={name: value for name, value in row.items() if value is not None},
                extras=_extras(offer, position),
                empty=tuple(name for name, value in row.items() if value is None),
            )
        )
    for position, reason in _faults(offer, settings):
        given[position].reject(reason)
    for doubt in offer.doubts.values():
        given[0].reject(_doubtful(doubt))
    return given


def drop_serials(rows: Iterable[Given], target: Target) -> bool:
    """Take 1, 2, 3, by which a list counts its rows, for no number of ours; whether there were any."""
    name, numbering = number_field(target.table), target.numbering()
    if name is None or numbering is None or not numbering.prefixed:
        return False
    counted = [given for given in rows if str(given.values.get(name, "")).isdecimal()]
    for given in counted:
        given.values = {field: value for field, value in given.values.items() if field != name}
    return bool(counted)


def values_of(cells: Cells) -> list[Value]:
    """What a column means, one value each position; None where that is nothing or not known."""
    known: list[Value] = [*(None if isinstance(v, Pending) else v for v in cells.values), None]
    return [known[code] for code in cells.codes.tolist()]


def _extras(offer: Offer, position: int) -> dict[str, Raw]:
    values = ((header, column[position]) for header, column in offer.extra_values.items())
    return {normalised(header): raw for header, raw in values if raw is not None and raw != ""}


def _faults(offer: Offer, settings: Settings) -> Iterator[tuple[int, Reason]]:
    """Cells with an error, or whose value is not known."""
    frame = offer.frame
    for name, cells in frame.cells.items():
        if name in offer.doubts:
            continue
        bad = {
            code for code, v in cells.verdicts.items() if _is_bad(cells, code, settings.rule(v.code).severity)
        }
        if not bad:
            continue
        for position, code in enumerate(cells.codes.tolist()):
            if code in bad:
                verdict = cells.verdicts[code]
                accused = Accusation(
                    code=verdict.code, row=int(frame.rows[position]), field=name, facts=verdict.facts
                )
                yield position, reason_of(offer, position, name, frame, accused, settings)


def _doubtful(doubt: Doubt) -> Reason:
    """Why a form is not imported: two boxes ticked, or two numbers on it."""
    told = "、".join(doubt.told)
    message, suggestion = {
        Why.SEVERAL: (f"勾选了 {len(doubt.told)} 项：{told}。", "只能选一项，请与填写人核对后改正。"),
        Why.DIFFERENT: (f"表单上有两个不同的编号：{told}。", "核对这张表单是谁的，改正后再导入。"),
    }[doubt.why]
    return Reason(
        message=message,
        suggestion=suggestion,
        cell=doubt.place,
        column=doubt.label,
        value=";".join(doubt.told),
    )


def _is_bad(cells: Cells, code: int, severity: Severity) -> bool:
    return severity is Severity.ERROR or cells.values[code] is NOT_JUDGED


def reason_of(
    offer: Offer, position: int, name: str | None, frame: Frame, accused: Accusation, settings: Settings
) -> Reason:
    """An accusation as a reason for a person, at the cell of the source."""
    finding = word(settings.rule(accused.code), frame, accused)
    cells = offer.frame.cells.get(name or "")
    column = cells.header if cells else finding.column or ""
    return Reason(
        message=finding.message,
        suggestion=finding.suggestion,
        rule=accused.code,
        cell=offer.address(name, position) if name is not None and cells else None,
        column=column,
        value=shown(cells.raw(position)) if cells else "",
    )
