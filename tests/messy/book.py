"""Workbooks written part by part, so that a test can make any mess a user can make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tests.excel.books import MAIN, OFFICE, PACKAGE, STRICT_MAIN, STRICT_OFFICE, parts, write
from zlxl.grid import a1

DATE_FORMAT = "yyyy-mm-dd"
HIDDEN, STRING, HEADERLESS = ' hidden="1"', ' t="str"', ' headerRowCount="0"'


class Typed(NamedTuple):
    """A value under a number format."""

    value: object
    format: str


class Formula(NamedTuple):
    """A formula; without result it was never calculated."""

    text: str
    result: object = None


class Error(NamedTuple):
    """An error cell."""

    code: str


@dataclass
class Sheet:
    """One worksheet: values by (row, column), and what is laid over them."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    tables: list[tuple[str, str, int]] = field(default_factory=list)  #: name, area, rows of totals
    dropdowns: list[str] = field(default_factory=list)  #: areas
    text_columns: list[int] = field(default_factory=list)  #: formatted as text from top to bottom
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filter: str = ""
    headerless: bool = False  #: whether its Excel tables have no header row
    state: str = ""  #: hidden or veryHidden

    def put(self, row: int, column: int, values: Sequence[object]) -> Sheet:
        """Write values from a cell to the right."""
        for offset, value in enumerate(values):
            self.cells[row, column + offset] = value
        return self

    def rows(self, row: int, column: int, lines: Sequence[Sequence[object]]) -> Sheet:
        """Write lines from a cell down."""
        for offset, line in enumerate(lines):
            self.put(row + offset, column, line)
        return self


@dataclass
class Styles:
    """The number formats a workbook uses."""

    known: list[str] = field(default_factory=lambda: ["General"])

    def index(self, code: str) -> int:
        """Style index of a format code."""
        if code not in self.known:
            self.known.append(code)
        return self.known.index(code)

    def part(self, main: str) -> str:
        """The style part."""
        formats = "".join(
            f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>'
            for i, code in enumerate(self.known)
        )
        xfs = "".join(f'<xf numFmtId="{164 + i}" applyNumberFormat="1"/>' for i in range(len(self.known)))
        return (
            f'<styleSheet xmlns="{main}"><numFmts count="{len(self.known)}">{formats}</numFmts>'
            f"<cellXfs>{xfs}</cellXfs></styleSheet>"
        )


def save(
    path: Path, *sheets: Sheet, date1904: bool = False, strict: bool = False, iso_dates: bool = False
) -> Path:
    """Write the sheets as a workbook, transitional or strict, in one of the two date systems."""
    styles, made = Styles(), {}
    main, office = (STRICT_MAIN, STRICT_OFFICE) if strict else (MAIN, OFFICE)
    for sheet in sheets:
        writer = _Writer(styles, 1462 if date1904 else 0, iso_dates)
        made[sheet.name] = writer.worksheet(sheet, main, office)
    properties = '<workbookPr date1904="1"/>' if date1904 else ""
    states = {sheet.name: sheet.state for sheet in sheets if sheet.state}
    files = parts(
        made, styles=styles.part(main), properties=properties, states=states, main=main, office=office
    )
    files |= dict(_tables(sheets, main, office))
    return write(path, files)


def _tables(sheets: Sequence[Sheet], main: str, office: str) -> Iterator[tuple[str, str]]:
    number = 0
    for position, sheet in enumerate(sheets, 1):
        relations = ""
        for name, area, totals in sheet.tables:
            number += 1
            relations += (
                f'<Relationship Id="t{number}" Type="{office}/table" Target="../tables/table{number}.xml"/>'
            )
            yield (
                f"xl/tables/table{number}.xml",
                (
                    f'<table xmlns="{main}" id="{number}" name="{name}" displayName="{name}" ref="{area}" '
                    f'totalsRowCount="{totals}"{HEADERLESS * sheet.headerless}/>'
                ),
            )
        if relations:
            name = f"xl/worksheets/_rels/sheet{position}.xml.rels"
            yield name, f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


class _Writer:
    def __init__(self, styles: Styles, epoch: int, iso_dates: bool) -> None:
        self.styles, self.epoch, self.iso_dates = styles, epoch, iso_dates

    def worksheet(self, sheet: Sheet, main: str, office: str) -> str:
        rows: dict[int, dict[int, object]] = {}
        for (row, column), value in sorted(sheet.cells.items(), key=lambda item: item[0]):
            rows.setdefault(row, {})[column] = value
        body = "".join(
            f'<row r="{row}"{HIDDEN * (row in sheet.hidden_rows)}>'
            + "".join(self.cell(a1(row, column), value) for column, value in cells.items())
            + "</row>"
            for row, cells in rows.items()
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{main}" xmlns:r="{office}">'
            f"{self._columns(sheet)}<sheetData>{body}</sheetData>{self._behind(sheet)}</worksheet>"
        )

    def _columns(self, sheet: Sheet) -> str:
        wanted = sorted({*sheet.text_columns, *sheet.hidden_columns})
        cols = "".join(
            f'<col min="{c}" max="{c}" width="9"'
            + (f' style="{self.styles.index("@")}"' if c in sheet.text_columns else "")
            + (' hidden="1"' if c in sheet.hidden_columns else "")
            + "/>"
            for c in wanted
        )
        return f"<cols>{cols}</cols>" if cols else ""

    def _behind(self, sheet: Sheet) -> str:
        merges = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
        lists = "".join(
            f'<dataValidation type="list" sqref="{area}"><formula1>名称</formula1></dataValidation>'
            for area in sheet.dropdowns
        )
        return (
            (f'<autoFilter ref="{sheet.filter}"/>' if sheet.filter else "")
            + (f'<mergeCells count="{len(sheet.merges)}">{merges}</mergeCells>' if merges else "")
            + (f'<dataValidations count="{len(sheet.dropdowns)}">{lists}</dataValidations>' if lists else "")
        )

    def cell(self, address: str, value: object) -> str:
        """The markup of a cell."""
        code = "General"
        if isinstance(value, Typed):
            value, code = value.value, value.format
        elif isinstance(value, date):
            code = DATE_FORMAT
        style = self.styles.index(code)
        start = f'<c r="{address}" s="{style}"'
        if value is None:
            return f"{start}/>"
        if isinstance(value, Formula):
            formula = f"<f>{escape(value.text)}</f>"
            if value.result is None:
                return f"{start}>{formula}</c>"
            inner = self.cell(address, value.result)
            kind = inner.partition(' t="')[2].partition('"')[0]
            result = escape(value.result) if isinstance(value.result, str) else str(value.result)
            return f"{start}{STRING * (kind == 'inlineStr')}>{formula}<v>{result}</v></c>"
        if isinstance(value, Error):
            return f'{start} t="e"><v>{value.code}</v></c>'
        if isinstance(value, bool):
            return f'{start} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return self._date(start, value)
        if isinstance(value, int | float):
            return f"{start}><v>{value!r}</v></c>"
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'

    def _date(self, start: str, value: date) -> str:
        if self.iso_dates:
            return f'{start} t="d"><v>{value.isoformat()}</v></c>'
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        delta = moment - datetime(1899, 12, 30)
        days = delta.days - self.epoch
        return f"{start}><v>{days + delta.seconds / 86400 if delta.seconds else days}</v></c>"
