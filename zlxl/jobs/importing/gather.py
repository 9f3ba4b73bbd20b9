"""Rows of sources gathered by the row of the database that each one means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count

from zlxl.jobs.importing.keys import Key
from zlxl.jobs.importing.log import Imported
from zlxl.jobs.importing.numbering import number_field
from zlxl.jobs.importing.presumed import yield_to_told
from zlxl.jobs.importing.rows import Draft, Given, Mode, Reason, drop_serials
from zlxl.jobs.importing.target import ContentIndex, Target
from zlxl.jobs.importing.values import appended
from zlxl.schema.values import ErrorValue, Pending, Value, shown
from zlxl.tables.text import compact


class Gathering:
    """The drafts of one table, in the order of the rows that make them."""

    def __init__(self, target: Target, mode: Mode, imported: Imported) -> None:
        self.target = target
        self._mode = mode
        self._imported = imported
        self._index = target.index()
        self._number = number_field(target.table)
        self._unused = count(len(target))
        self.numbers: set[str] = set()  #: of ours that sources name, also in rows that are rejected
        self._drafts: dict[int, Draft] = {}  #: by row of the target, new ones counted on
        self._repeats: list[Given] = []  #: rows without our number that hold what a row of the database does
        self._unmatched: list[tuple[Given, Key]] = []  #: rows without our number that mean no row, not yet
        self._longer: list[
            tuple[Given, int]
        ] = []  #: rows without our number that tell a row more than it holds

    @cached_property
    def _contents(self) -> ContentIndex:
        return ContentIndex(self.target)

    def take_all(self, rows: Sequence[Given]) -> list[str]:
        """Find the row that each one means; those that mean none or several are rejected.

        Gives the headers of columns that only count the rows.
        """
        dropped = drop_serials(rows, self.target)
        columns = {name for frame in self.target.frames for name in frame.cells}
        for given in rows:
            given.values = {name: value for name, value in given.values.items() if name in columns}
            self.numbers.add(str(given.values.get(self._number or "", "")))
            self._refuse_unknown_extras(given)
            if not given.rejected:
                self._take(given)
        return [rows[0].offer.frame.cells[self.target.table.key[0]].header] if dropped else []

    def _refuse_unknown_extras(self, given: Given) -> None:
        for name in self.target.extras[self.target.home].keys() & given.extras.keys():
            raw = given.extras[name]
            if isinstance(raw, ErrorValue | Pending):
                given.reject(
                    Reason(
                        message=f"“{name}”的值不明：{shown(raw)}。",
                        suggestion="在来源文件中改正公式或填写值后再导入。",
                        column=name,
                        value=shown(raw),
                    )
                )

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Numbers of ours in the database, as they are compared."""
        held = (key[0] for key in self.target.keys)
        return {compact(number): number for number in held if isinstance(number, str)}

    def _spelled(self, given: Given) -> None:
        """Read a number typed in full width, with another dash or in small letters as the one it means."""
        number = given.values.get(self._number or "")
        if isinstance(number, str):
            meant = self._spellings.get(compact(number), number)
            given.values = {**given.values, str(self._number): meant}

    def _take(self, given: Given, *, late: bool = False) -> None:
        self._spelled(given)
        key = tuple(given.values.get(name) for name in self.target.table.key)
        if self._number is not None and key[0] is None:
            found = self._unnumbered(given, key)
        else:
            found = self._index.find(key)
        if given.known is not None:
            return
        if not found and not late and self._number is not None and key[0] is None:
            alike = self._contents.less(given.values)
            if alike and self._mode is Mode.INSERT:
                given.known = self._named(alike[0])
                return
            if len(alike) == 1:
                self._longer.append((given, alike[0]))
                return
        if found:
            self._matched(given, found)
        elif self._mode is not Mode.UPDATE:
            self._new(given, key)
        elif self._number is not None and key[0] is None:
            self._unmatched.append((given, key))
        else:
            given.reject(self._unknown(key))

    def _matched(self, given: Given, rows: Sequence[int]) -> None:
        if len(rows) > 1:
            given.reject(self._ambiguous(rows))
        else:
            self._into(rows[0], given)

    def match_late(self, *, clear: bool) -> None:
        """Find rows without our number once more, now that all rows are known.

        One that agrees with a row of the database in all that both tell fills what that one lacks, unless
        another would fill it otherwise or may empty it; the rest go by the keys as the import leaves them.
        """
        told: dict[tuple[int, str], set[Value]] = defaultdict(set)
        for given, row in self._longer:
            for name, value in self._contents.stateless(given.values).items():
                told[row, name].add(value)
        differing = {row for (row, _), values in told.items() if len(values) > 1}
        differing |= self._drafts.keys() if clear else set()
        for given, row in self._longer:
            if row in differing:
                self._take(given, late=True)
                continue
            given.values, given.empty = self._contents.stateless(given.values), ()
            given.alike = True
            self._into(row, given)
        for given, key in self._unmatched:
            found = self._index.exactly(key)
            if found:
                self._matched(given, found)
            else:
                given.reject(self._unknown(key))

    def _unnumbered(self, given: Given, key: Key) -> Sequence[int]:
        """The row that a row without our number repeats, or else equals in all other fields of the key.

        To a new row that it repeats it tells no state, for that may have moved on, and no empty cell: as it
        would tell none to a row of the database.
        """
        row = next(self._contents.find(given.values), None)
        if row is not None and row >= len(self.target):
            given.values, given.empty = self._contents.stateless(given.values), ()
            given.repeats = True
            return (row,)
        if row is not None:
            self._repeats.append(given)
        given.known = self._before(given) if row is None else self._named(row)
        return () if given.known is not None else self._index.exactly(key)

    def _before(self, given: Given) -> str | None:
        """Name of the row that was made of this one earlier, if it is still there."""
        if not self._imported.keys:
            return None
        draft = Draft(target=self.target, row=None, given=[given])
        key = self._imported.key_of(draft.frame.sheet, appended(draft).values)
        return (
            key
            if key is not None and self._index.find((key, *[None] * (len(self.target.table.key) - 1)))
            else None
        )

    def _into(self, row: int, given: Given) -> None:
        if row < len(self.target) and self._mode is Mode.INSERT:
            given.known = self._named(row)
            return
        if row < len(self.target):
            given.values = {
                name: value for name, value in given.values.items() if self._tells(row, name, given)
            }
        draft = self._drafts.get(row)
        if draft is None:
            draft = self._drafts[row] = Draft(target=self.target, row=row)
        self._join(draft, row, given)

    def _tells(self, row: int, name: str, given: Given) -> bool:
        return name not in given.weak or self.target.value(row, name) is None

    def _new(self, given: Given, key: Key) -> None:
        row = next(self._unused)
        draft = self._drafts[row] = Draft(target=self.target, row=None)
        self._join(draft, row, given)
        if self._number is not None:
            self._contents.put(row, given.values)

    def _join(self, draft: Draft, row: int, given: Given) -> None:
        draft.given.append(given)
        given.draft = draft
        values = draft.values
        held = self.target.keys[row] if draft.row is not None else (None,) * len(self.target.table.key)
        names = self.target.table.key
        key = tuple(values.get(name, old) for name, old in zip(names, held, strict=True))
        if any(part is not None for part in key):
            self._index.put(row, key)

    def _named(self, row: int) -> str:
        texts = (shown(part) for part in self.target.keys[row])
        return next((text for text in texts if text), "")

    def _where(self, rows: Iterable[int]) -> str:
        return "、".join(self._place(row) for row in list(rows)[:8])

    def _place(self, row: int) -> str:
        if row >= len(self.target):
            given = self._drafts[row].given[0]
            return given.offer.place(given.position)
        frame, position = self.target.locate(row)
        return f"{self.target.frames[frame].sheet}第 {self.target.frames[frame].rows[position]} 行"

    def _ambiguous(self, rows: Sequence[int]) -> Reason:
        return Reason(
            message=f"在库中对应多行：{self._where(rows)}。",
            suggestion=f"请补全{self._key_headers()}，使其只对应一行。",
        )

    def _unknown(self, key: Key) -> Reason:
        named = "、".join(shown(part) for part in key if part is not None)
        message = (
            f"库中没有“{named}”这一行，不能更新。"
            if named
            else f"没有{self._key_headers()}，不知道更新哪一行。"
        )
        return Reason(
            message=message, suggestion=f"核对{self._key_headers()}；确是新增的请用 --mode upsert 或 insert。"
        )

    def _key_headers(self) -> str:
        columns = self.target.table.columns
        return "、".join(f"“{columns[name].header}”" for name in self.target.table.key)

    def refuse_conflicts(self, *, clear: bool) -> None:
        """Reject all rows that mean one row of the database but differ in what they give it.

        Also a row without our number and those that change the one it repeats: once that is changed,
        the same import would take the first for a new one.
        """
        for draft in self._drafts.values():
            if len(draft.given) > 1:
                yield_to_told(draft)
                for given in _conflicting(draft, empty=clear and self._mixed(draft)):
                    _give_up(draft, given)
        for given in self._repeats:
            self._refuse_changed(given, clear=clear)

    def _mixed(self, draft: Draft) -> bool:
        """Whether some rows name our number and others do not: those will be known next time."""
        telling = {self._number in given.values for given in draft.given if not given.repeats}
        return self._number is not None and len(telling) > 1

    def _refuse_changed(self, given: Given, *, clear: bool) -> None:
        rows = list(self._contents.find(given.values))
        told = self._contents.compared(given.values)
        held = [row for row in rows if row < len(self.target)]
        changed = {row: [name for name in self._changes(row, clear=clear) if name in told] for row in held}
        if not all(changed.values()):
            return
        before = self._before(given)
        if before is not None:
            given.known = before
            return
        given.known = None
        for row, names in changed.items():
            for other in _givers(self._drafts[row], names):
                given.reject(self._changed_by(other, row, names[0]))
                other.reject(self._changes_repeated(given, row, names[0]))
                _give_up(self._drafts[row], other)
        for row in rows[len(held) :]:
            for other in list(self._drafts[row].given):
                other.reject(self._same_as(given))
                _give_up(self._drafts[row], other)

    def _changes(self, row: int, *, clear: bool) -> Iterable[str]:
        draft = self._drafts.get(row)
        return draft.changes(clear=clear) if draft is not None else ()

    def _changed_by(self, other: Given, row: int, name: str) -> Reason:
        columns, place = self.target.table.columns, other.offer.place(other.position)
        return Reason(
            message=f"没有{self._number_header()}，内容同{self._place(row)}；"
            f"而{place}要改那一行的“{columns[name].header}”，分不清是不是同一件事。",
            suggestion=self._number_it(),
        )

    def _changes_repeated(self, given: Given, row: int, name: str) -> Reason:
        header, place = self.target.table.columns[name].header, given.offer.place(given.position)
        return Reason(
            message=f"要改{self._place(row)}的“{header}”；"
            f"而{place}没有{self._number_header()}，内容同那一行改前，分不清是不是同一件事。",
            suggestion=self._number_it(),
            column=header,
        )

    def _same_as(self, given: Given) -> Reason:
        return Reason(
            message=f"内容同{given.offer.place(given.position)}，那一行没有{self._number_header()}，"
            "分不清是不是同一件事。",
            suggestion=self._number_it(),
        )

    def _number_header(self) -> str:
        return f"“{self.target.table.columns[self.target.table.key[0]].header}”"

    def _number_it(self) -> str:
        header = self._number_header()
        return f"给没有{header}的那一行补上{header}；确是两件事的，先单独导入有{header}的行，再导入另一行。"

    @property
    def drafts(self) -> list[Draft]:
        """Rows of the database that are made or given something."""
        return [draft for draft in self._drafts.values() if draft.given]


def _give_up(draft: Draft, given: Given) -> None:
    given.draft = None
    draft.given.remove(given)


def _givers(draft: Draft, names: Sequence[str]) -> list[Given]:
    """Rows of sources that give, or empty, one of the fields."""
    return [g for g in draft.given if any(name in g.values or name in g.empty for name in names)]


def _conflicting(draft: Draft, *, empty: bool) -> list[Given]:
    """Rows that differ in a field; ``empty`` says that an empty cell differs from a filled one too."""
    told: dict[str, dict[object, list[Given]]] = defaultdict(lambda: defaultdict(list))
    for given in draft.given:
        for name, value in (*given.values.items(), *given.extras.items()):
            told[name][value].append(given)
        for name in given.empty if empty else ():
            if name not in draft.target.table.key:
                told[name][None].append(given)
    guilty: dict[Given, None] = {}
    for name, values in told.items():
        if len(values) > 1:
            for given in (given for some in values.values() for given in some):
                guilty[given] = None
                given.reject(_conflict(draft, given, name))
    return list(guilty)


def _conflict(draft: Draft, given: Given, name: str) -> Reason:
    others = (other for other in draft.given if other is not given)
    places = "、".join(other.offer.place(other.position) for other in list(others)[:5])
    cells = given.offer.frame.cells.get(name)
    header = cells.header if cells else name
    return Reason(
        message=f"与{places}指的是同一行，但“{header}”不同。",
        suggestion="核对后只保留一行，或改正编号。",
        cell=given.offer.address(name, given.position) if cells else None,
        column=header,
        value=shown(given.values.get(name, given.extras.get(name))),
    )


def rows_without_table(rows: Iterable[Given], table: str) -> None:
    """Reject rows whose table the database does not hold."""
    for given in rows:
        given.reject(
            Reason(
                message=f"数据库中没有“{table}”这张表。",
                suggestion="用 zlxl new 生成的数据库含有全部表；请核对数据库。",
            )
        )
