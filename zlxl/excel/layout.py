"""What is known of a worksheet beside its cells: tables, merges, drop-downs, column formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zlxl.excel.package import Package
from zlxl.excel.styles import column_formats
from zlxl.excel.xml import Element, elements
from zlxl.grid import Area, Dropdown, Layout, ListObject

NAMES = frozenset({"col", "mergeCell", "dataValidation"})


def read_layout(
    chunks: Iterable[bytes], tables: tuple[ListObject, ...], formats: tuple[str, ...], hidden: bool
) -> Layout:
    """Layout of a worksheet part, with or without its rows."""
    columns: list[Element] = []
    merges: list[Area] = []
    dropdowns: list[Dropdown] = []
    for element in elements(chunks, NAMES):
        if element.name == "col":
            columns.append(element)
        elif element.name == "mergeCell":
            merges += areas(element.get("ref"))
        elif element.get("type") == "list":
            dropdowns.append(dropdown(element))
    return Layout(
        list_objects=tables,
        merges=tuple(merges),
        dropdowns=tuple(dropdowns),
        column_formats=column_formats(columns, formats),
        hidden=hidden,
    )


def dropdown(element: Element) -> Dropdown:
    """Drop-down of a list ``<dataValidation>``, in its classic or its 2010 extension form."""
    formula = element.first("formula1")
    inner = formula and formula.first("f")
    reference = element.first("sqref")
    return Dropdown(
        areas=tuple(areas(element.get("sqref") or (reference.text if reference else ""))),
        formula=(inner or formula or Element("", {})).text.strip(),
    )


def areas(references: str) -> Iterator[Area]:
    """Areas of a list of references divided by blanks; what is none is left out."""
    for reference in references.split():
        try:
            yield Area.parse(reference)
        except ValueError:
            continue


def list_objects(package: Package, part: str) -> tuple[ListObject, ...]:
    """Tables that a worksheet part is related to."""
    related = package.relationships(part).values()
    tables = [package.tree(item.target) for item in related if item.kind == "table"]
    return tuple(found for table in tables for found in _list_object(table))


def _list_object(table: Element) -> Iterator[ListObject]:
    for area in areas(table.get("ref")):
        yield ListObject(
            name=table.get("displayName") or table.get("name"),
            area=area,
            header_rows=_count(table, "headerRowCount", 1),
            totals_rows=_count(table, "totalsRowCount", 0),
        )


def _count(table: Element, name: str, default: int) -> int:
    text = table.get(name)
    return min(int(text), 1) if text.isdecimal() else default
