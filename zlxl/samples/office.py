"""A list kept by an office, added to the database as a plain sheet: headers and merges gone wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from zlxl.grid import Area, a1
from zlxl.samples.clients import client_rows
from zlxl.samples.companies import companies
from zlxl.samples.faults import Fault
from zlxl.samples.history import history_of
from zlxl.samples.numbering import Row
from zlxl.schema.column import Column, Storage
from zlxl.sheet import Block, Cell, ColumnLook, Sheet, Style
from zlxl.tables.clients import CLIENTS

OFFICE_SHEET: Final = "办事处旧台账"
HEADER_ROW: Final = 3
_COMPANIES: Final = 12
_MISSING: Final = {"province": "ZL001", "scope": "ZL007"}
_REPEATED: Final = "phone"
_STYLES: Final = {Storage.DATE: Style.DATE, Storage.MONEY: Style.MONEY, Storage.CODE: Style.CODE}
_SERIALS: Final = 5000  #: contracts and certificates of the list have numbers of their own


def office_sheet(seed: int, today: date) -> tuple[Sheet, list[Fault]]:
    """The sheet, and its faults: two columns missing, one header twice, one merge over two rows."""
    rows = list(_rows(seed, today))
    columns = [name for name, column in CLIENTS.columns.items() if column.core and name not in _MISSING]
    columns.append(_REPEATED)
    headers = [CLIENTS.columns[name].header for name in columns]
    merged = _merged_area(rows, columns.index("client") + 1)
    cells = {
        (1, 1): Cell(content="石家庄办事处客户名单（旧）", style=Style.SECTION),
        **{
            (HEADER_ROW, number): Cell(content=header, style=Style.HEADER)
            for number, header in enumerate(headers, 1)
        },
        (merged.top, merged.left): Cell(content=rows[merged.top - HEADER_ROW - 1]["client"]),
    }
    sheet = Sheet(
        name=OFFICE_SHEET,
        cells=cells,
        blocks=(_body(rows, columns),),
        columns={n: ColumnLook(width=CLIENTS.columns[name].width) for n, name in enumerate(columns, 1)},
        merges=(merged,),
        freeze=(HEADER_ROW + 1, 1),
    )
    return sheet, list(_faults(len(columns), merged))


def _rows(seed: int, today: date) -> Iterator[Row]:
    """Rows of a small ledger whose numbers do not occur in the database."""
    history = history_of(seed, list(companies(seed + 2_000_003, _COMPANIES)), today)
    for row in client_rows(history):
        contract, certificate = row["contract_no"], row["certificate_no"]
        yield row | {
            "contract_no": f"{contract[:6]}{int(contract[6:10]) + _SERIALS}{contract[10:]}",
            "certificate_no": certificate and _renumbered(certificate),
        }


def _renumbered(certificate: str) -> str:
    """The number with its serial raised."""
    head, serial, tail = re.fullmatch(r"(\d{5}[A-Z]+)(\d{5})(.+)", certificate).groups()  # type: ignore[union-attr]
    return f"{head}{int(serial) + 10 * _SERIALS:05d}{tail}"


def _body(rows: list[Row], columns: list[str]) -> Block:
    declared = [CLIENTS.columns[name] for name in columns]
    return Block(
        top=HEADER_ROW + 1,
        left=1,
        rows=[[row[name] for name in columns] for row in rows],
        styles=[_style(column) for column in declared],
    )


def _style(column: Column) -> Style:
    return _STYLES.get(column.storage, Style.BODY)


def _merged_area(rows: list[Row], column: int) -> Area:
    """Name cells of the first contract that has two rows below each other."""
    pairs = pairwise(rows)
    first = next((n for n, (one, two) in enumerate(pairs) if one["contract_no"] == two["contract_no"]), 0)
    top = HEADER_ROW + 1 + first
    return Area(top, column, top + 1, column)


def _faults(width: int, merged: Area) -> Iterator[Fault]:
    def fault(code: str, row: int, name: str, cell: str | None, note: str) -> Fault:
        header = CLIENTS.columns[name].header
        return Fault(code=code, sheet=OFFICE_SHEET, row=row, column=header, cell=cell, note=note)

    for name, code in _MISSING.items():
        yield fault(code, HEADER_ROW, name, None, "办事处的名单没有这一列")
    yield fault("ZL002", HEADER_ROW, _REPEATED, a1(HEADER_ROW, width), "联系电话列出现两次")
    yield fault("ZL003", merged.top, "client", a1(merged.top, merged.left), "合并了两行的企业名称")
