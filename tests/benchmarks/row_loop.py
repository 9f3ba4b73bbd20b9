"""The peer: openpyxl, the same pydantic models, and the same rules as plain loops over rows.

``python -m tests.benchmarks.row_loop BOOK.xlsx`` prints how many cells it accuses.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pydantic import ValidationError

from zlxl.rules.clients import ALIKE, CROWD, name_core
from zlxl.schema.facts import add_months
from zlxl.schema.values import ErrorValue, StoredNumber
from zlxl.tables.clients import CLIENTS, Client
from zlxl.tables.codes import is_certificate
from zlxl.tables.policy import shipped_context

Accused = tuple[int, str, str]
Rows = dict[int, dict[str, Any]]


def accused_by_rows(path: Path, today: date) -> set[Accused]:
    """Row, field and code of everything the loops hold against the sheet."""
    context = shipped_context(today)
    accused: set[Accused] = set()
    rows: Rows = {}
    for number, raw in _raw_rows(path):
        rows[number] = raw
        try:
            Client.model_validate(raw, context=context)
        except ValidationError as error:
            lines = error.errors(include_url=False)
            accused |= {(number, str(e["loc"][0]), e["type"]) for e in lines}
            raw.update(_recovered(lines))
    accused |= _across(rows) | _alike(rows) | _timing(rows, context.today)
    return accused


def _raw_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    book = load_workbook(path, read_only=True, data_only=True)
    names = {column.header: name for name, column in CLIENTS.columns.items()}
    fields: list[str | None] = []
    for number, cells in enumerate(book["客户台账"].iter_rows(), 1):
        if number == 1:
            fields = [names.get(cell.value) for cell in cells]
        else:
            yield (
                number,
                {n: _raw(c) for n, c in zip(fields, cells, strict=False) if n and c.value is not None},
            )


def _recovered(lines: Sequence[Any]) -> dict[str, Any]:
    """What the broken cells must have meant; facts (whose cell is whole) recover nothing."""
    facts = {"ZL160", "ZL161", "ZL181", "ZL204"}
    return {e["loc"][0]: e["ctx"]["recovered"] for e in lines if e["type"] not in facts}


def _raw(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return StoredNumber(value, cell.number_format)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return ErrorValue(value) if cell.data_type == "e" else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _across(rows: Rows) -> set[Accused]:
    certificates: dict[str, list[int]] = defaultdict(list)
    contracts: dict[str, list[int]] = defaultdict(list)
    for number, row in rows.items():
        certificates[_text(row.get("certificate_no"))].append(number)
        contracts[_text(row.get("contract_no"))].append(number)
    found = {
        (n, "certificate_no", "ZL182") for k, ns in certificates.items() if k and len(ns) > 1 for n in ns
    }
    for numbers in contracts.values():
        numbers = [n for n in numbers if isinstance(rows[n].get("client"), str)]
        names = [rows[n]["client"] for n in numbers]
        usual = max(names, key=names.count, default=None)
        found |= {(n, "client", "ZL183") for n, name in zip(numbers, names, strict=True) if name != usual}
    return found | _other_bodies(rows)


def _other_bodies(rows: Rows) -> set[Accused]:
    numbers = {n: _text(row.get("certificate_no")) for n, row in rows.items()}
    return {
        (n, "certificate_no", "ZL112") for n, t in numbers.items() if is_certificate(t) and t[:3] != "016"
    }


def _alike(rows: Rows) -> set[Accused]:
    by_core: dict[str, dict[str, int]] = defaultdict(dict)
    by_phone: dict[str, dict[str, int]] = defaultdict(dict)
    for number, row in rows.items():
        name = row.get("client")
        if isinstance(name, str):
            by_core[name_core(name)].setdefault(name, number)
            by_phone[str(row.get("phone"))].setdefault(name, number)
    found = {(n, "client", "ZL184") for names in by_core.values() for n in list(names.values())[1:]}
    for names in by_phone.values():
        if 1 < len(names) <= CROWD:
            (first, *_), *others = names.items()
            found |= {(n, "client", "ZL184") for name, n in others if _ratio(first, name) >= ALIKE}
    return found


def _ratio(one: str, two: str) -> float:
    return SequenceMatcher(None, name_core(one), name_core(two), autojunk=False).ratio()


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _timing(rows: Rows, today: date) -> set[Accused]:
    found = set()
    for number, row in rows.items():
        planned, audited, done = (
            _day(row.get(name)) for name in ("planned_on", "audited_on", "carried_out_on")
        )
        if row.get("status") != "有效":
            continue
        if planned and planned < today and row.get("carried_out_on") is None:
            found.add((number, "planned_on", "ZL201"))
        last = done or audited
        if last and add_months(last, 12) < today and (done or row.get("planned_on") is None):
            found.add((number, "planned_on", "ZL206"))
    return found


if __name__ == "__main__":
    print(len(accused_by_rows(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))))
