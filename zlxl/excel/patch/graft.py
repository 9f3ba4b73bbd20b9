"""Generated sheets of a workbook: added behind the user's, replaced in their place, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count

from zlxl.errors import Unwritable, UsageError
from zlxl.excel.patch.book import BookPatch
from zlxl.excel.patch.graft_donor import Donor
from zlxl.excel.patch.graft_names import refers, renamer
from zlxl.excel.patch.graft_old import TableName, code_name, only_of, precious, tab_parts, tables_of, uses
from zlxl.excel.patch.graft_parts import Transplant
from zlxl.excel.patch.graft_sheet import ViewState
from zlxl.excel.patch.graft_styles import FormatMap
from zlxl.excel.patch.workbook_tabs import DefinedName, Tabs
from zlxl.excel.write import sheets_written
from zlxl.sheet import Name, Sheet

#: A hidden name of each generated sheet; Excel keeps it, also when the sheet is moved or renamed.
MARK = "_zlxl.generated"
#: Comment of each name of the workbook that we added.
NAME_COMMENT = "zlxl"
BUILT_IN = "_xlnm."
MAX_NAME = 31  # UTF-16 units
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$|^$|^history$", re.IGNORECASE)
NAMED_USES = 3  # so many a message lists


def put_sheets(book: BookPatch, sheets: Sequence[Sheet], names: Sequence[Name] = ()) -> list[str]:
    """Add generated sheets behind the user's, or in the place of ours of that name; remarks in Chinese.

    Names of the workbook that are there already stay as they are. A table whose name is taken gets another.

    Raises:
        Unwritable: a sheet of that name is the user's own, or the workbook does not admit the change.
        UsageError: Excel does not allow the sheet's name, or it is given twice.
    """
    if not sheets and not names:
        return []
    _check_names(sheets)
    graft = _Graft(book)
    places = [graft.place(sheet.name) for sheet in sheets]
    if None in places:
        graft.refuse_locked()
    if sheets:
        graft.put(sheets, places)
    graft.define(names)
    graft.finish()
    return graft.remarks


def remove_sheets(book: BookPatch, names: Sequence[str]) -> None:
    """Delete generated sheets; one that is not there is no error.

    Raises:
        Unwritable: a sheet of that name is the user's own, formulas elsewhere use it, it is the last one to
            be seen, or the workbook does not admit the change.
    """
    if not names:
        return
    graft = _Graft(book)
    places = sorted({place for name in names if (place := graft.place(name)) is not None})
    if places:
        graft.refuse_locked()
        graft.remove(places)
        graft.finish()


class _Graft:
    """One change of a workbook's generated sheets."""

    def __init__(self, book: BookPatch) -> None:
        self._book, self._parts = book, book.parts
        self._file = book.workbook.file.name
        self._tabs = Tabs(book.parts.text(book.parts.main))
        self._rename: Callable[[str], str] | None = None
        self.remarks: list[str] = []
        if self._parts.strict:
            raise Unwritable(
                f"「{self._file}」是 Strict Open XML 工作簿，不能添加或删除生成的工作表；"
                "请用 Excel 另存为普通的“Excel 工作簿（.xlsx）”后再运行。"
            )
        if self._parts.related(self._parts.main, "revisionHeaders"):
            raise Unwritable(f"「{self._file}」是共享工作簿；请在 Excel 中取消共享后再运行。")

    def place(self, name: str) -> int | None:
        """Index of our tab of that name, None when there is none; Unwritable when it is the user's own."""
        tabs = self._tabs.all()
        wanted = name.casefold()
        index = next((index for index, tab in enumerate(tabs) if tab.name.casefold() == wanted), None)
        if index is None or any(_is_mark(n) and n.sheet == index for n in self._tabs.names()):
            return index
        raise Unwritable(
            f"「{self._file}」已有您自己的工作表「{tabs[index].name}」，未改动；请先给它改名，再重新运行。"
        )

    def refuse_locked(self) -> None:
        """Stop where sheets may be neither added nor deleted."""
        if self._tabs.is_locked():
            raise Unwritable(
                f"「{self._file}」的工作簿结构受保护，不能添加或删除工作表；"
                "请在 Excel 的“审阅”中取消“保护工作簿”后再运行。"
            )

    def put(self, sheets: Sequence[Sheet], places: Sequence[int | None]) -> None:
        """Put sheets in their places."""
        donor = Donor(sheets_written(sheets, date1904=self._book.workbook.sheets[0].date1904))
        old = [place for place in places if place is not None]
        made = donor.tables()
        states = {place: self._state(place) for place in old}
        self._refuse_used((), self._tables(old) - {name.casefold() for name in made}, old)
        self._discard(old)
        renames = self._renames(made)
        self._rename = renamer(renames) if renames else None
        move = Transplant(
            donor,
            self._parts,
            FormatMap(donor.styles, self._book.styles),
            last_table=max((table.number for table in self._others()), default=0),
            rename=self._rename,
        )
        for number, (sheet, place) in enumerate(zip(sheets, places, strict=True)):
            part = move.sheet(donor.sheets[number], states[place] if place is not None else ViewState())
            relation = self._parts.relate(self._parts.main, "worksheet", part)
            own = [name for name in donor.names if name.sheet == number]
            self._list(sheet, place, relation, own)

    def _state(self, place: int) -> ViewState:
        (part,) = self._old_parts((place,))
        name = code_name(self._parts, part) if part else None
        return ViewState(selected=place == self._tabs.active(), code_name=name)

    def _list(self, sheet: Sheet, place: int | None, relation: str, own: Sequence[DefinedName]) -> None:
        """Let a tab show the part; the names that came with the part before it go."""
        if place is None:
            place = self._tabs.add(sheet.name, relation, hidden=sheet.hidden)
        else:
            self._tabs.point(place, relation)
        self._tabs.drop_names(lambda n: n.sheet == place and (_is_mark(n) or n.name.startswith(BUILT_IN)))
        mark = DefinedName(name=MARK, formula="TRUE", sheet=place, hidden=True)
        moved = [DefinedName(name=n.name, formula=n.formula, sheet=place, hidden=n.hidden) for n in own]
        self._tabs.add_names([*moved, mark])

    def remove(self, places: Sequence[int]) -> None:
        """Delete the tabs, given in their order."""
        tabs = self._tabs.all()
        names = {tabs[place].name.casefold() for place in places}
        if not any(tab.visible for index, tab in enumerate(tabs) if index not in places):
            raise Unwritable(f"「{self._file}」删除后没有可见的工作表；请先取消隐藏一个工作表。")
        ours = {n.name for n in self._tabs.names() if n.comment == NAME_COMMENT and refers(n.formula, names)}
        self._tabs.drop_names(lambda n: n.sheet is None and n.name in ours)
        self._refuse_used(names, self._tables(places) | {name.casefold() for name in ours}, places)
        self._discard(places)
        for place in reversed(places):
            self._tabs.remove(place)

    def _refuse_used(self, sheets: Collection[str], tables: Collection[str], places: Sequence[int]) -> None:
        """Stop where the tabs hold what others count on: sheets and tables (casefolded), pivot tables."""
        tabs = self._tabs.all()
        titles = "、".join(tabs[place].name for place in places)
        for place, part in zip(places, self._old_parts(places), strict=True):
            if part and (kind := precious(self._parts, part)):
                raise Unwritable(
                    f"「{self._file}」生成的工作表「{tabs[place].name}」上有{kind}；请先把它移到别的工作表。"
                )
        if not sheets and not tables:
            return
        gone = only_of(self._parts, {tabs[place].relation for place in places})
        found = uses(self._parts, self._tabs, gone, sheets, tables)
        if found:
            more = f"等 {len(found)} 处" if len(found) > NAMED_USES else ""
            raise Unwritable(
                f"「{self._file}」的工作表「{titles}」未改动：{'、'.join(found[:NAMED_USES])}{more}引用了它；"
                "请先改掉这些公式。"
            )

    def _old_parts(self, places: Sequence[int]) -> list[str]:
        parts = tab_parts(self._parts, self._tabs.all())
        return [parts[place] for place in places]

    def _tables(self, places: Sequence[int]) -> set[str]:
        """Names of the tables on some tabs, casefolded."""
        parts = (part for part in self._old_parts(places) if part)
        return {table.name.casefold() for part in parts for table in tables_of(self._parts, part)}

    def _discard(self, places: Sequence[int]) -> None:
        """Remove the parts of some tabs, and what only they use."""
        tabs = self._tabs.all()
        relations = {tabs[place].relation for place in places}
        for part in only_of(self._parts, relations):
            self._parts.remove(part)
        for relation in relations:
            self._parts.unrelate(self._parts.main, relation)

    def _renames(self, made: Iterable[str]) -> dict[str, str]:
        """New names of our tables whose own is taken, keyed casefolded."""
        taken = {table.name.casefold() for table in self._others()}
        taken |= {name.name.casefold() for name in self._tabs.names() if name.sheet is None}
        renames = {}
        for name in made:
            if name.casefold() in taken:
                now = next(n for k in count(2) if (n := f"{name}_{k}").casefold() not in taken)
                renames[name.casefold()] = now
                self.remarks.append(f"表格名称“{name}”已被占用，生成的表格改叫“{now}”。")
            taken.add(renames.get(name.casefold(), name).casefold())
        return renames

    def _others(self) -> list[TableName]:
        """The tables of the tabs that stay."""
        parts = tab_parts(self._parts, self._tabs.all())
        return [table for part in parts if part for table in tables_of(self._parts, part)]

    def define(self, names: Sequence[Name]) -> None:
        """Add names of the workbook, in place of ours; the user's stay, and so does a table of that name."""
        present = {table.name.casefold(): "表格" for table in self._others()}
        present |= {n.name.casefold(): n.formula for n in self._tabs.names() if _is_users(n)}
        added = {}
        for name in names:
            key, formula = name.name.casefold(), name.formula.removeprefix("=")
            formula = self._rename(formula) if self._rename else formula
            there = present.get(key)
            if there is None:
                added[key] = DefinedName(name=name.name, formula=formula, comment=NAME_COMMENT)
            elif there.replace("'", "") != formula.replace("'", ""):
                self.remarks.append(f"名称“{name.name}”已另有定义（{there}），保留未改。")
        self._tabs.drop_names(lambda n: n.sheet is None and n.name.casefold() in added)
        self._tabs.add_names(added.values())

    def finish(self) -> None:
        """Write the workbook part; the chain of calculation may name cells that are gone."""
        self._parts.put(self._parts.main, self._tabs.text)
        self._book.formulas_changed = True


def _is_users(name: DefinedName) -> bool:
    """Whether a name is one of the workbook that we did not add."""
    return name.sheet is None and name.comment != NAME_COMMENT


def _is_mark(name: DefinedName) -> bool:
    return name.name.casefold() == MARK


def _check_names(sheets: Sequence[Sheet]) -> None:
    known: set[str] = set()
    for sheet in sheets:
        name = sheet.name
        if FORBIDDEN.search(name) or len(name.encode("utf-16-le")) > 2 * MAX_NAME:
            raise UsageError(f"工作表名称「{name}」不合 Excel 的规定：1 至 31 个字符，不含 [ ] : * ? / \\。")
        if name.casefold() in known:
            raise UsageError(f"生成的工作表「{name}」出现了两次。")
        known.add(name.casefold())
