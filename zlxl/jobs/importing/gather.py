"""Rows of sources gathered by the row of the database that each one means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count

from zlxl.jobs.importing.keys import Key
from zlxl.jobs.importing.log import Imported
from zlxl.jobs.importing.numbering import number_field
from zlxl.jobs.importing.rows import Draft, Given, Mode, Reason, drop_serials
from zlxl.jobs.importing.target import ContentIndex, Target
from zlxl.jobs.importing.values import appended
from zlxl.schema.values import ErrorValue, Pending, shown


class Gathering:
    """The drafts of one table, in the order of the rows that make them."""

    def __init__(self, target: Target, mode: Mode, imported: Imported) -> None:
        self.target = target
        self._mode = mode
        self._imported = imported
        self._index = target.index()
        self._contents: ContentIndex | None = None
        self._number = number_field(target.table)
        self._unused = count(len(target))
        self.numbers: set[str] = set()  #: of ours that sources name, also in rows that are rejected
        self._drafts: dict[int, Draft] = {}  #: by row of the target, new ones counted on

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

    def _take(self, given: Given) -> None:
        key = tuple(given.values.get(name) for name in self.target.table.key)
        if self._number is not None and key[0] is None:
            found = self._unnumbered(given, key)
        else:
            found = self._index.find(key)
        if given.known is not None:
            return
        if len(found) > 1:
            given.reject(self._ambiguous(found))
        elif found:
            self._into(found[0], given)
        elif self._mode is Mode.UPDATE:
            given.reject(self._unknown(key))
        else:
            self._new(given, key)

    def _unnumbered(self, given: Given, key: Key) -> Sequence[int]:
        """The row that a row without our number repeats, or else equals in all other fields of the key."""
        if self._contents is None:
            self._contents = ContentIndex(self.target)
        row = self._contents.find(given.values)
        if row is not None and row >= len(self.target):
            return (row,)
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
        if self._contents is not None:
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

    def refuse_conflicts(self) -> None:
        """Reject all rows that mean one row of the database but differ in what they give it."""
        for draft in self._drafts.values():
            if len(draft.given) > 1:
                for given in _conflicting(draft):
                    given.draft = None
                    draft.given.remove(given)

    @property
    def drafts(self) -> list[Draft]:
        """Rows of the database that are made or given something."""
        return [draft for draft in self._drafts.values() if draft.given]


def _conflicting(draft: Draft) -> list[Given]:
    told: dict[str, dict[object, list[Given]]] = defaultdict(lambda: defaultdict(list))
    for given in draft.given:
        for name, value in (*given.values.items(), *given.extras.items()):
            told[name][value].append(given)
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
