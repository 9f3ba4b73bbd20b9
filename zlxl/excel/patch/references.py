"""References in formulas: shifted as by filling down, or following cells that moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zlxl.grid import MAX_COLUMNS, MAX_ROWS, Area, column_number

BROKEN = "#REF!"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_ROW = r"\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    r"""
      "(?:[^"]|"")*"                                                        # text
    | (?P<sheet>(?:'(?:[^']|'')*'|(?:\[[0-9]+\])?[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!)?
      (?<![\w.\\?$]) (?P<ref>CELL(?::CELL)?|ROW:ROW) (?![\w.\\?(\[!])
    | '(?:[^']|'')*'                                                        # sheet
    | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]                             # columns of a table
    | [\w.\\?]+
    """.replace("CELL", _CELL).replace("ROW", _ROW),
    re.VERBOSE | re.DOTALL,
)
_END = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to cells or whole rows, as it is written."""

    sheet: str  #: with its quotes and without ``!``, empty where none is named
    text: str  #: without the sheet

    @property
    def area(self) -> Area:
        """The cells it means, of whole rows all columns."""
        first, *rest = self.text.replace("$", "").upper().split(":")
        if first.isdecimal():
            top, bottom = sorted((int(first), int(rest[0])))
            return Area(top, 1, bottom, MAX_COLUMNS)
        return Area.parse(":".join((first, *rest)))

    def with_rows(self, change: Callable[[int], int]) -> str:
        """The reference with its row numbers changed, whether absolute or not."""
        return _END.sub(lambda end: f"{end[1]}{end[2]}{end[3]}{change(int(end[4]))}", self.text)


def mapped(formula: str, change: Callable[[Reference], str]) -> str:
    """The formula with every A1 reference replaced by what ``change`` makes of it."""

    def replace(token: re.Match[str]) -> str:
        if token["ref"] is None or not _exists(token["ref"]):
            return token[0]
        return (token["sheet"] or "") + change(Reference((token["sheet"] or "")[:-1], token["ref"]))

    return _TOKEN.sub(replace, formula)


def _exists(reference: str) -> bool:
    """Whether it lies on a sheet; ``XYZ1`` is a name."""
    ends = [_END.fullmatch(end) for end in reference.split(":")]
    return all(
        end is not None and column_number(end[2].upper()) <= MAX_COLUMNS and int(end[4]) <= MAX_ROWS
        for end in ends
    )


def references(formula: str) -> list[Reference]:
    """The A1 references of a formula."""
    found: list[Reference] = []

    def note(reference: Reference) -> str:
        found.append(reference)
        return reference.text

    mapped(formula, note)
    return found


def filled_down(formula: str, rows: int) -> str:
    """The formula as it stands so many rows further down: relative rows move along."""

    def shifted(reference: Reference) -> str:
        text = _END.sub(
            lambda end: end[0] if end[3] or _whole_row(end) else _moved(end, rows), reference.text
        )
        return BROKEN if "\0" in text else text

    return mapped(formula, shifted)


def _whole_row(end: re.Match[str]) -> bool:
    return not end[2] and bool(end[1])


def _moved(end: re.Match[str], rows: int) -> str:
    row = int(end[4]) + rows
    return f"{end[1]}{end[2]}{end[3]}{row}" if 1 <= row <= MAX_ROWS else "\0"
