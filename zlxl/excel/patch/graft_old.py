"""The parts of sheets that go: which they are, what else uses them, what is lost without them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from zlxl.excel.package import normal
from zlxl.excel.patch.graft_names import refers
from zlxl.excel.patch.markup import as_utf8, attribute, root, unescaped
from zlxl.excel.patch.parts import Parts
from zlxl.excel.patch.workbook_tabs import Tab, Tabs

#: Kinds of relationships to what people make on a sheet and other parts of the workbook count on.
PRECIOUS = {"pivotTable": "数据透视表", "slicer": "切片器", "timeline": "日程表", "queryTable": "外部查询"}
#: Parts without formulas, by the last word of their folder and name.
WITHOUT_FORMULAS = re.compile(
    r"(sharedstrings|styles|calcchain|metadata|theme\d*|persons?\d*|pivotcacherecords\d*)\.xml$|^docprops/|^customxml/"
)
OVERLAP = 96 << 10  # bytes: a formula has at most 8,192 characters
_FORMULA = re.compile(
    rb"<(?P<full>(?:[\w.-]+:)?(?P<name>f|formula[12]?|calculatedColumnFormula|totalsRowFormula))(?:\s[^<>]*)?>"
    rb"(?P<text>[^<]+)</"
)
_ENDINGS = (b"f>", b"ormula>", b"ormula1>", b"ormula2>")
_LINKED = re.compile(
    rb"""\s(?:textlink|fmlaLink|fmlaRange|fmlaTxbx|linkedCell|listFillRange)\s*=\s*("[^"]*"|'[^']*')"""
)
_PROPERTIES = re.compile(rb"<(?:[\w.-]+:)?sheetPr\s[^<>]*>")
_SOURCE = re.compile(rb"<(?:[\w.-]+:)?(?:worksheetSource|dataRef)\s[^<>]*>")
_ADDRESS = re.compile(rb'\sr\s*=\s*["\']([A-Z]+[0-9]+)["\'](?!.*\sr\s*=\s*["\'][A-Z])', re.DOTALL)
KINDS = {b"formula": "条件格式", b"formula1": "数据验证", b"formula2": "数据验证"}


@dataclass(frozen=True, kw_only=True)
class TableName:
    """A table as its part names it."""

    name: str
    number: int


def tab_parts(parts: Parts, tabs: Iterable[Tab]) -> list[str]:
    """Name of the part of each tab, empty where it has none."""
    targets = {r.id: r.target for r in parts.relations(parts.main) if not r.external and r.target in parts}
    return [targets.get(tab.relation, "") for tab in tabs]


def tables_of(parts: Parts, sheet: str) -> list[TableName]:
    """The tables of a sheet."""
    found = []
    for relation in parts.relations(sheet):
        if relation.kind == "table" and not relation.external and relation.target in parts:
            text = parts.text(relation.target)
            tag = root(text).tag(text)
            number = attribute(tag, b"id") or ""
            name = attribute(tag, b"displayName") or attribute(tag, b"name") or ""
            found.append(TableName(name=name, number=int(number) if number.isdecimal() else 0))
    return found


def precious(parts: Parts, sheet: str) -> str | None:
    """What of other people's making would be lost with a sheet, None when nothing."""
    kinds = (relation.kind for relation in parts.relations(sheet))
    return next((PRECIOUS[kind] for kind in kinds if kind in PRECIOUS), None)


def code_name(parts: Parts, sheet: str) -> str | None:
    """The name under which the workbook's macros know a sheet."""
    start = next(as_utf8(parts.patch.package.chunks(sheet))[1], b"")
    properties = _PROPERTIES.search(start)
    return attribute(properties[0], b"codeName") if properties else None


def reachable(parts: Parts, starts: Iterable[str], *, without: Collection[str] = ()) -> set[str]:
    """Normal names of the parts that relationships lead to, the starts included.

    ``without``: ids of relationships of the workbook part that are not followed.
    """
    waiting, found = [normal(start) for start in starts], set[str]()
    while waiting:
        source = waiting.pop()
        if source in found:
            continue
        found.add(source)
        for relation in parts.relations(source):
            cut = source == normal(parts.main) and relation.id in without
            if not (cut or relation.external) and relation.target in parts:
                waiting.append(normal(relation.target))
    return found


def only_of(parts: Parts, relations: Collection[str]) -> set[str]:
    """Parts of the sheets with these relationship ids that nothing else in the package uses."""
    targets = [r.target for r in parts.relations(parts.main) if r.id in relations and r.target in parts]
    return reachable(parts, targets) - reachable(parts, ("", parts.main), without=relations)


def uses(
    parts: Parts, tabs: Tabs, gone: Collection[str], sheets: Collection[str], tables: Collection[str]
) -> list[str]:
    """Where formulas outside of the parts that go use the sheets or tables (casefolded), in words."""
    lost = {index for index, tab in enumerate(tabs.all()) if tab.name.casefold() in sheets}
    found = [
        f"名称“{name.name}”"
        for name in tabs.names()
        if name.sheet not in lost and refers(name.formula, sheets, tables)
    ]
    owners = dict(zip(map(normal, tab_parts(parts, tabs.all())), tabs.all(), strict=True))
    for part in parts.patch.package.parts:
        if part in gone or not part.endswith(".xml") or WITHOUT_FORMULAS.search(part) or part not in parts:
            continue
        place = next(
            (p for f, p in _formulas(parts, part, part in owners) if refers(f, sheets, tables)), None
        )
        if place is not None:
            found.append(f"「{_owner(parts, part, owners)}」{place or '的图表或透视表'}")
    return found


def _owner(parts: Parts, part: str, owners: dict[str, Tab]) -> str:
    tab = owners.get(part) or next(
        (tab for sheet, tab in owners.items() if sheet and part in reachable(parts, (sheet,))), None
    )
    return tab.name if tab else part


def _formulas(parts: Parts, part: str, is_sheet: bool) -> Iterator[tuple[str, str]]:
    """Formulas of a part, each with its place within the sheet in words."""
    window = b""
    for chunk in as_utf8(parts.patch.package.chunks(part))[1]:
        window = window[-OVERLAP:] + chunk
        if any(ending in window for ending in _ENDINGS):
            for match in _FORMULA.finditer(window):
                yield unescaped(match["text"]), _place(window, match) if is_sheet else ""
        if not is_sheet:
            yield from ((unescaped(match[1][1:-1]), "") for match in _LINKED.finditer(window))
            yield from ((_source(match[0]), "") for match in _SOURCE.finditer(window))


def _source(tag: bytes) -> str:
    """The data of a pivot table as a formula."""
    sheet = attribute(tag, b"sheet")
    if sheet is None:
        return attribute(tag, b"name") or ""
    return "'" + sheet.replace("'", "''") + "'!" + (attribute(tag, b"ref") or "A1")


def _place(window: bytes, match: re.Match[bytes]) -> str:
    if match["name"] != b"f":
        return "的" + KINDS.get(match["name"], "表格")
    if match["full"].startswith(b"xm:"):
        return "的扩展格式"
    address = _ADDRESS.search(window, max(0, match.start() - 300), match.start())
    return "!" + address[1].decode() if address else "的单元格"
