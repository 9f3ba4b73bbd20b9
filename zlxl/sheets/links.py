"""Links to a cell as formulas, which any number of rows may have."""

from __future__ import annotations

import re
from typing import Final

from zlxl.sheet import Formula
from zlxl.sheets.report_words import cell_text

LONGEST_LITERAL: Final = 255  # of a text within a formula
_UNSAYABLE: Final = re.compile("[\0-\x1f\ud800-\udfff\ufffe\uffff]")


def cell_link(sheet: str, cell: str, file: str = "") -> Formula | str | None:
    """The place, linked to its cell, in another file where one is named; unlinked where no formula can."""
    if not sheet:
        return None
    shown = cell_text(f"{sheet}!{cell}")
    target = cell_target(sheet, cell, file)
    return hyperlink(target, shown) if linkable(target) else shown


def cell_target(sheet: str, cell: str, file: str = "") -> str:
    """What a link to the cell says: in this workbook, or in the file."""
    quoted = sheet.replace("'", "''")
    return f"[{file}]'{quoted}'!{cell}" if "#" in file else f"{file}#'{quoted}'!{cell}"


def linkable(text: str) -> bool:
    """Whether a formula can hold the text: not too long, nothing that XML cannot say."""
    return len(text) <= LONGEST_LITERAL and not _UNSAYABLE.search(text)


def hyperlink(target: str, shown: str | None) -> Formula:
    """The link as a formula."""
    return Formula(text=f'=HYPERLINK("{_literal(target)}","{_literal(shown or "")}")', value=shown)


def _literal(text: str) -> str:
    return text.replace('"', '""')
