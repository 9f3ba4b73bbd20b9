"""An import judged beforehand: what errors it would bring into the database, and which rows bring them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from zlxl.findings import Accusation, Severity
from zlxl.grid import Area
from zlxl.jobs.importing.numbering import number_field
from zlxl.jobs.importing.rows import Draft, Given, Reason, reason_of
from zlxl.jobs.importing.target import Target
from zlxl.jobs.importing.would_be import would_be
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import accusations
from zlxl.rules.rule import Book, word
from zlxl.schema.column import Storage
from zlxl.schema.frame import Frame
from zlxl.schema.values import Pending, Value

_REPEATED: Final = Reason(
    message="内容同来源中的另一行，那一行未导入。", suggestion="先改正那一行，再一起导入。"
)
UNSUITED: Final = ("ZL00", "ZL108", "ZL109")  # about sheets and looks, which new rows take over


class _Accused(NamedTuple):
    """An accusation of the book as it would be."""

    at: int  #: which frame of the book
    frame: Frame
    accusation: Accusation

    @property
    def mark(self) -> tuple[int, int, str, str | None]:
        """What tells it from others, before and after the import."""
        return self.at, self.accusation.row, self.accusation.code, self.accusation.field


@dataclass(frozen=True, eq=False)
class _Outlook:
    """The book with all drafts in it, and which row is which draft's."""

    book: Book
    drafts: Mapping[tuple[int, int], Draft]  #: by frame and sheet row
    origins: Mapping[tuple[int, int], str]  #: where a new row comes from, by frame and sheet row

    @cached_property
    def relatives(self) -> Mapping[tuple[int, Value], list[Draft]]:
        """Drafts by frame and by the first field of their key."""
        found: dict[tuple[int, Value], list[Draft]] = defaultdict(list)
        for (at, _), draft in self.drafts.items():
            found[at, draft.held(draft.target.table.key[0])].append(draft)
        return found


def judge(
    book: Book, numbers: Mapping[Target, Iterable[str]], drafts: Iterable[Draft], *, clear: bool
) -> list[Draft]:
    """The drafts that bring no error, numbered; rows of sources that bring one are rejected with the reason.

    What is rejected may have been what others refer to, so the rest is judged again until nothing is found.
    ``numbers`` are those that sources name for rows of each table: they are given to no other row.
    """
    settings = Settings(today=book.context.today, ignore=UNSUITED)
    before = {accused.mark for accused in _accused(book, settings)}
    kept = list(drafts)
    while True:
        kept = [draft for draft in kept if _stands(draft)]
        _number(numbers, kept, book.context.today)
        outlook = _outlook(book, kept, clear=clear)
        found = [accused for accused in _accused(outlook.book, settings) if _is_new(accused, before, outlook)]
        errors = [accused for accused in found if _severity(accused, settings) is Severity.ERROR]
        if not _reject(errors, outlook, settings):
            _warn(found, outlook, settings)
            return kept


def _stands(draft: Draft) -> bool:
    """Whether a row still makes it; rows that only repeat those that are rejected are rejected with them."""
    if draft.given and all(given.repeats for given in draft.given):
        for given in list(draft.given):
            _give_up(given, _REPEATED)
    return bool(draft.given)


def _accused(book: Book, settings: Settings) -> Iterator[_Accused]:
    at = {id(frame): number for number, frame in enumerate(book.frames)}
    return (_Accused(at[id(frame)], frame, accusation) for frame, accusation in accusations(book, settings))


def _is_new(accused: _Accused, before: set[tuple[int, int, str, str | None]], outlook: _Outlook) -> bool:
    draft = outlook.drafts.get((accused.at, accused.accusation.row))
    return accused.mark not in before or (draft is not None and draft.row is None)


def _severity(accused: _Accused, settings: Settings) -> Severity:
    return settings.rule(accused.accusation.code).severity


def _warn(found: Iterable[_Accused], outlook: _Outlook, settings: Settings) -> None:
    for accused in found:
        draft = outlook.drafts.get((accused.at, accused.accusation.row))
        if draft is not None and _severity(accused, settings) is Severity.WARNING:
            draft.warnings.append(accused.accusation.code)


def _number(numbers: Mapping[Target, Iterable[str]], drafts: Sequence[Draft], today: date) -> None:
    """Give new rows without a number of ours the next ones, in their order."""
    for target, taken in numbers.items():
        numbering, name = target.numbering(), number_field(target.table)
        if numbering is None or name is None:
            continue
        for number in taken:
            numbering.take(number)
        for draft in drafts:
            if draft.target is target and draft.row is None and name not in draft.given[0].values:
                draft.number = numbering.next(_day(draft, today))


def _day(draft: Draft, today: date) -> date:
    """The day of a row's number: its first date that every row has, else its first date, else today."""
    table, values = draft.target.table, draft.values
    dates = [n for n, c in table.columns.items() if c.storage is Storage.DATE]
    dates.sort(key=lambda name: name not in table.required)
    days = (values.get(name) for name in dates)
    return next((day for day in days if isinstance(day, date)), today)


def _outlook(book: Book, drafts: Sequence[Draft], *, clear: bool) -> _Outlook:
    at = {id(frame): number for number, frame in enumerate(book.frames)}
    by_frame: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_frame[at[id(draft.frame)]].append(draft)
    frames = list(book.frames)
    owners: dict[tuple[int, int], Draft] = {}
    for number, some in by_frame.items():
        known = {draft.target.locate(draft.row)[1]: draft for draft in some if draft.row is not None}
        new = [draft for draft in some if draft.row is None]
        old = frames[number]
        changes = {position: draft.changes(clear=clear) for position, draft in known.items()}
        frame = frames[number] = would_be(old, changes, [draft.values for draft in new], book.context)
        rows = frame.rows.tolist()
        owners |= {(number, rows[position]): draft for position, draft in known.items()}
        owners |= {(number, rows[len(old) + index]): draft for index, draft in enumerate(new)}
    return _Outlook(replace(book, frames=tuple(frames)), owners, dict(_origins(owners)))


def _origins(owners: Mapping[tuple[int, int], Draft]) -> Iterator[tuple[tuple[int, int], str]]:
    for place, draft in owners.items():
        if draft.row is None:
            yield place, draft.given[0].offer.place(draft.given[0].position)


def _reject(errors: Sequence[_Accused], outlook: _Outlook, settings: Settings) -> bool:
    """Reject the rows that errors come from, each with all of its own; whether there were any."""
    own = [pair for accused in errors for pair in _own(accused, outlook, settings)]
    for given, reason in own:
        _give_up(given, reason)
    others = [e for e in errors if (e.at, e.accusation.row) not in outlook.drafts]
    touched = [_reject_relatives(accused, outlook, settings) for accused in others]
    return bool(own) or any(touched)


def _reject_relatives(accused: _Accused, outlook: _Outlook, settings: Settings) -> bool:
    """Reject what brings an error into a row of the database; whether there was anything."""
    touched = _relatives(accused, outlook)
    rule = settings.rule(accused.accusation.code)
    message = word(rule, accused.frame, _placed(accused, outlook)).message
    place = f"{accused.frame.sheet}第 {accused.accusation.row} 行"
    reason = Reason(
        message=f"导入后{place}会有错误：{message}",
        suggestion="核对本行和库中的那一行，改正后再导入。",
        rule=accused.accusation.code,
    )
    for given in [given for relative in touched for given in relative.given]:
        _give_up(given, reason)
    return bool(touched)


def _own(accused: _Accused, outlook: _Outlook, settings: Settings) -> Iterator[tuple[Given, Reason]]:
    """Rows of sources that have the error themselves, and its words."""
    draft = outlook.drafts.get((accused.at, accused.accusation.row))
    if draft is None:
        return
    name = accused.accusation.field
    placed = _placed(accused, outlook)
    for given in [given for given in draft.given if name in given.values] or draft.given:
        yield given, reason_of(given.offer, given.position, name, accused.frame, placed, settings)
        if draft.row is None and (unknown := _unknown_number(given)) is not None:
            yield given, unknown


def _unknown_number(given: Given) -> Reason | None:
    """That a form bears a number of ours that no row has: what it lacks would stand in that row."""
    name = number_field(given.offer.table)
    number = given.values.get(name) if name is not None else None
    if name is None or number is None or given.offer.places is None or name not in given.offer.frame.cells:
        return None
    header = given.offer.frame.cells[name].header
    return Reason(
        message=f"库中没有“{header}”为“{number}”的行。",
        suggestion=f"核对表单上的“{header}”，它应是发出时登记的编号。",
        cell=given.offer.address(name, given.position),
        column=header,
        value=str(number),
    )


def _give_up(given: Given, reason: Reason) -> None:
    given.reject(reason)
    if given.draft is not None and given in given.draft.given:
        given.draft.given.remove(given)


def _relatives(accused: _Accused, outlook: _Outlook) -> list[Draft]:
    """Drafts of the same table that share the first field of the key with a row that was not touched."""
    frame, name = accused.frame, accused.frame.table.key[0]
    held = frame.value(name, frame.position(accused.accusation.row))
    return [] if held is None or isinstance(held, Pending) else outlook.relatives.get((accused.at, held), [])


def _placed(accused: _Accused, outlook: _Outlook) -> Accusation:
    """The accusation with other cells named by where they are now: in a source, or in the database."""
    related = accused.accusation.facts.get("related")
    if not isinstance(related, list | tuple):
        return accused.accusation
    places = "、".join(_place(accused, str(cell), outlook) for cell in related)
    return replace(accused.accusation, facts={**accused.accusation.facts, "others": places, "other": places})


def _place(accused: _Accused, cell: str, outlook: _Outlook) -> str:
    sheet, _, address = cell.rpartition("!")
    origin = outlook.origins.get((accused.at, Area.parse(address).top)) if not sheet else None
    return origin or f"{sheet or accused.frame.sheet}!{address}"
