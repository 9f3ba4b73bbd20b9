"""Runs an example end to end: a real workbook is written and validated (format: examples/README.md)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import zlxl
from tests.messy.book import Error, Formula, Sheet, Typed, save
from zlxl.findings import FileReport
from zlxl.grid import column_letters
from zlxl.tables.catalog import table_named

FOLDER = Path(__file__).parent / "examples"
BASE: Mapping[str, Any] = json.loads((FOLDER / "base.json").read_text("utf-8"))
_SPOT = re.compile(r"(?P<sheet>[^!]+)!(?P<column>.*?)(?P<row>\d+)")


class Example:
    """An example file and the workbook it stands for."""

    def __init__(self, path: Path) -> None:
        self.content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.code = path.parent.name
        self.columns: dict[str, dict[str, int]] = {}
        self.sheets = [self._sheet(name, told) for name, told in self.content["tables"].items()]

    def _sheet(self, table: str, told: Mapping[str, Any]) -> Sheet:
        renamed = told.get("headers", {})
        rows = [self._values(table, row) for row in told["rows"]]
        headers = [renamed.get(h, h) for h in self._written(table, rows)]
        headers = [*(h for h in headers if h), *told.get("more_columns", ())]
        name = told.get("sheet", table)
        columns = self.columns[name] = {}
        for number, header in enumerate(headers, 1):
            columns.setdefault(header, number)
        sheet = Sheet(name).put(1, 1, headers)
        for number, row in enumerate(rows, 2):
            for header, value in row.items():
                if (spelled := renamed.get(header, header)) is not None:
                    sheet.cells[number, columns[spelled]] = value
        sheet.merges = [self._area(name, area) for area in told.get("merges", ())]
        sheet.dropdowns = [self._area(name, area) for area in told.get("dropdowns", ())]
        sheet.text_columns = [columns[header] for header in told.get("text_columns", ())]
        return sheet

    def _written(self, table: str, rows: list[dict[str, object]]) -> list[str]:
        """Headers that the clause names, that every row fills, or that some row here fills."""
        known = table_named(table)
        filled = {header for row in rows for header in row}
        return [
            column.header
            for name, column in known.columns.items()
            if column.core or name in known.required or column.header in filled
        ]

    def _values(self, table: str, row: Mapping[str, Any]) -> dict[str, object]:
        known = BASE["rows"][table]
        base = known[row.get("like") or next(iter(known))]
        merged = {**base, **{header: value for header, value in row.items() if header != "like"}}
        return {header: cell_value(value) for header, value in merged.items() if value is not None}

    def _area(self, sheet: str, area: str) -> str:
        """``企业名称2:4`` as A1 area."""
        spot, _, last = area.partition(":")
        header = spot.rstrip("0123456789")
        letters = column_letters(self.columns[sheet][header])
        return f"{letters}{spot[len(header) :]}:{letters}{last}"

    def address(self, spot: str) -> tuple[str, str | None]:
        """Sheet and A1 address of ``表!列名行号``; no address where the row alone is named."""
        found = _SPOT.fullmatch(spot)
        assert found, f"not a spot: {spot}"
        if not found["column"]:
            return found["sheet"], None
        column = self.columns[found["sheet"]][found["column"]]
        return found["sheet"], f"{column_letters(column)}{found['row']}"

    def expected(self) -> dict[str, list[tuple[str, str | None]]]:
        """Addresses by rule code."""
        told = {self.code: self.content.get("accused", ()), **self.content.get("consequences", {})}
        return {code: sorted(map(self.address, spots), key=str) for code, spots in told.items() if spots}

    def validate(self, folder: Path) -> FileReport:
        """Write the workbook and check it as a user does."""
        path = save(folder / "数据库.xlsx", *self.sheets)
        return zlxl.validate(path, today=date.fromisoformat(self.content.get("today", BASE["today"])))


def cell_value(told: Any) -> object:
    """A typed cell of an example."""
    if isinstance(told, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", told):
        return date.fromisoformat(told)
    if not isinstance(told, dict):
        return told
    if "date" in told:
        value: object = datetime.fromisoformat(told["date"])
    elif "formula" in told:
        value = Formula(told["formula"], told.get("result"))
    elif "error" in told:
        return Error(told["error"])
    else:
        value = told["number"] if "number" in told else told["text"]
    return Typed(value, told["format"]) if "format" in told else value


def accused(report: FileReport) -> dict[str, list[tuple[str, str | None]]]:
    """Addresses of the findings by rule code."""
    found: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for finding in report.findings:
        found[finding.rule].append((finding.sheet, finding.cell))
    return {code: sorted(spots, key=str) for code, spots in found.items()}
