"""Faults that are not in the rows: cells stored otherwise, drop-downs lost, a sheet of another make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zlxl.grid import Area
from zlxl.samples.faults import Fault
from zlxl.samples.office import office_sheet
from zlxl.sheet import Kind, Sheet, Validation, Workbook


def damaged(
    workbook: Workbook, faults: Sequence[Fault], seed: int, today: date
) -> tuple[Workbook, list[Fault]]:
    """The workbook of the faulty rows with what only a sheet can hold, and all its faults."""
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.sheet].append(fault)
    sheets = [_damaged(sheet, by_sheet[sheet.name]) for sheet in workbook.sheets]
    office, more = office_sheet(seed, today)
    return replace(workbook, sheets=(*sheets, office)), [*faults, *more]


def _damaged(sheet: Sheet, faults: Sequence[Fault]) -> Sheet:
    if not faults:
        return sheet
    stored = {_place(cell): content for fault in faults for cell, content in fault.stored.items()}
    lost = [_place(str(fault.cell)) for fault in faults if fault.loses_dropdown]
    return replace(
        sheet,
        cells={**sheet.cells, **stored},
        validations=tuple(_without(sheet.validations, lost)),
    )


def _place(cell: str) -> tuple[int, int]:
    area = Area.parse(cell)
    return area.top, area.left


def _without(validations: Iterable[Validation], lost: Sequence[tuple[int, int]]) -> Iterator[Validation]:
    """The validations, drop-downs cut where a cell has lost its own."""
    by_column: Mapping[int, list[int]] = defaultdict(list)
    for row, column in lost:
        by_column[column].append(row)
    for validation in validations:
        area = validation.area
        rows = by_column[area.left] if validation.kind is Kind.LIST and area.left == area.right else []
        yield from _cut(validation, sorted(row for row in rows if area.top <= row <= area.bottom))


def _cut(validation: Validation, rows: Sequence[int]) -> Iterator[Validation]:
    area = validation.area
    top = area.top
    for row in [*rows, area.bottom + 1]:
        if top < row:
            yield replace(validation, area=Area(top, area.left, row - 1, area.right))
        top = row + 1
