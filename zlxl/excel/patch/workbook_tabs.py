"""The workbook part: its tabs, defined names and views, changed by the smallest edits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from zlxl.excel.patch.markup import (
    Node,
    Replacement,
    attribute,
    child,
    children,
    replaced,
    root,
    unescaped,
    with_attribute,
    with_child,
)
from zlxl.excel.patch.parts import RELATIONSHIPS, STRICT_RELATIONSHIPS
from zlxl.excel.patch.workbook import BEFORE

_RELATION = re.compile(rb"""\s([^\s=:"']+:id)\s*=""")
_PREFIX = re.compile(
    rb"""\sxmlns:([^\s=]+)\s*=\s*["'](?:%s|%s)["']"""
    % (RELATIONSHIPS.encode(), STRICT_RELATIONSHIPS.encode())
)
TRUE = ("1", "true")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A sheet of any kind as the workbook part lists it."""

    name: str
    sheet_id: str
    relation: str  #: id of the relationship to its part
    visible: bool


@dataclass(frozen=True, kw_only=True)
class DefinedName:
    """A defined name; ``sheet``: index of the tab that it belongs to, None when to the workbook."""

    name: str
    formula: str  #: without its ``=``
    sheet: int | None = None
    hidden: bool = False
    comment: str = ""


class Tabs:
    """Reads and changes the workbook part, in UTF-8: ``text`` is the part as it will be."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def _list(self, name: bytes) -> tuple[Node | None, list[Node]]:
        """A list of the workbook, and its items."""
        found = child(self.text, root(self.text), name)
        return found, list(children(self.text, found.inner, found.close)) if found else []

    def _tabs(self) -> list[Node]:
        return [node for node in self._list(b"sheets")[1] if node.name == b"sheet"]

    def all(self) -> list[Tab]:
        """The tabs in their order."""
        return [_tab(node.tag(self.text)) for node in self._tabs()]

    def names(self) -> list[DefinedName]:
        """The defined names."""
        return [_name(self.text, node) for node in self._list(b"definedNames")[1]]

    def is_locked(self) -> bool:
        """Whether sheets may not be added or deleted."""
        node = self._list(b"workbookProtection")[0]
        return node is not None and attribute(node.tag(self.text), b"lockStructure") in TRUE

    def active(self) -> int:
        """Index of the tab that is shown first."""
        views = self._list(b"bookViews")[1]
        return _number(attribute(views[0].tag(self.text), b"activeTab")) if views else 0

    def add(self, name: str, relation: str, *, hidden: bool) -> int:
        """Add a tab behind the others; its index."""
        sheets, whole = self._list(b"sheets")[0], root(self.text)
        if sheets is None:
            raise ValueError("工作簿部件缺少 sheets")
        prefix = _PREFIX.search(whole.tag(self.text))
        tag = with_attribute(b"<" + whole.prefix + b"sheet/>", b"name", name)
        tag = with_attribute(tag, b"sheetId", self._fresh_id())
        tag = with_attribute(tag, b"state", "hidden" if hidden else None)
        if prefix is None:
            tag = with_attribute(tag, b"xmlns:r", RELATIONSHIPS)
        tag = with_attribute(tag, (prefix[1] if prefix else b"r") + b":id", relation)
        self.text = replaced(self.text, [with_child(self.text, sheets, tag)])
        return len(self._tabs()) - 1

    def _fresh_id(self) -> str:
        return str(max((_number(tab.sheet_id) for tab in self.all()), default=0) + 1)

    def point(self, index: int, relation: str) -> None:
        """Let a tab show another part."""
        node = self._tabs()[index]
        tag = node.tag(self.text)
        named = _RELATION.search(tag)
        if named is None:
            raise ValueError("工作表没有关系编号")
        self.text = replaced(self.text, [(node.start, node.inner, with_attribute(tag, named[1], relation))])

    def remove(self, index: int) -> None:
        """Remove a tab with its names; names and views keep the tabs that they mean."""
        tabs = self.all()
        node = self._tabs()[index]
        self.text = replaced(self.text, [(node.start, node.end, b"")])
        self.drop_names(lambda name: name.sheet == index)
        self._retag(b"definedNames", lambda tag: _shifted(tag, b"localSheetId", index, ()))
        left = tabs[:index] + tabs[index + 1 :]
        shown = [number for number, tab in enumerate(left) if tab.visible]
        self._retag(b"bookViews", lambda tag: _shifted(tag, b"activeTab", index, shown))
        self._retag(b"bookViews", lambda tag: _shifted(tag, b"firstSheet", index, shown))
        self._retag(
            b"customWorkbookViews",
            lambda tag: (
                with_attribute(tag, b"activeSheetId", left[shown[0]].sheet_id)
                if attribute(tag, b"activeSheetId") == tabs[index].sheet_id
                else tag
            ),
        )

    def _retag(self, name: bytes, change: Callable[[bytes], bytes]) -> None:
        """Change the start tags of a list's items."""
        nodes = self._list(name)[1]
        edits = [(node.start, node.inner, change(node.tag(self.text))) for node in nodes]
        self.text = replaced(self.text, edits)

    def drop_names(self, doomed: Callable[[DefinedName], bool]) -> None:
        """Remove names; a workbook without any has no list of them."""
        names, nodes = self._list(b"definedNames")
        gone = [node for node in nodes if doomed(_name(self.text, node))]
        if names is not None and gone and len(gone) == len(nodes):
            gone = [names]
        self.text = replaced(self.text, [(node.start, node.end, b"") for node in gone])

    def add_names(self, added: Iterable[DefinedName]) -> None:
        """Add names behind the others."""
        whole = root(self.text)
        markup = b"".join(_name_markup(name, whole.prefix) for name in added)
        names = self._list(b"definedNames")[0]
        if not markup:
            return
        if names is not None:
            edit: Replacement = with_child(self.text, names, markup)
        else:
            nodes = children(self.text, whole.inner, whole.close)
            at = max((node.end for node in nodes if node.name in BEFORE), default=whole.inner)
            full = whole.prefix + b"definedNames"
            edit = at, at, b"<" + full + b">" + markup + b"</" + full + b">"
        self.text = replaced(self.text, [edit])


def _tab(tag: bytes) -> Tab:
    named = _RELATION.search(tag)
    return Tab(
        name=attribute(tag, b"name") or "",
        sheet_id=attribute(tag, b"sheetId") or "",
        relation=(attribute(tag, named[1]) if named else None) or "",
        visible=attribute(tag, b"state") in (None, "visible"),
    )


def _name(text: bytes, node: Node) -> DefinedName:
    tag = node.tag(text)
    sheet = attribute(tag, b"localSheetId")
    return DefinedName(
        name=attribute(tag, b"name") or "",
        formula=unescaped(text[node.inner : node.close]),
        sheet=None if sheet is None else _number(sheet),
        hidden=attribute(tag, b"hidden") in TRUE,
        comment=attribute(tag, b"comment") or "",
    )


def _name_markup(name: DefinedName, prefix: bytes) -> bytes:
    full = prefix + b"definedName"
    tag = with_attribute(b"<" + full + b">", b"name", name.name)
    tag = with_attribute(tag, b"comment", name.comment or None)
    tag = with_attribute(tag, b"localSheetId", None if name.sheet is None else str(name.sheet))
    tag = with_attribute(tag, b"hidden", "1" if name.hidden else None)
    return tag + escape(name.formula).encode() + b"</" + full + b">"


def _shifted(tag: bytes, place: bytes, gone: int, shown: list[int] | tuple[()]) -> bytes:
    """The tag with an index of a tab after one is gone; whoever meant that one gets the next one shown."""
    stated = attribute(tag, place)
    if stated is None:
        # Left out, the first tab is meant: it may be hidden now that another one is first.
        return tag if gone or not shown or shown[0] == 0 else with_attribute(tag, place, str(shown[0]))
    index = _number(stated)
    if index == gone and shown:
        index = next((number for number in shown if number >= gone), shown[-1])
    elif index > gone:
        index -= 1
    return with_attribute(tag, place, str(index))


def _number(text: str | None) -> int:
    return int(text) if text and text.strip().isdecimal() else 0
