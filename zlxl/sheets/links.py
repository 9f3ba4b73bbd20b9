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
    quoted = sheet.replace("'", "''")
    target = f"[{file}]'{quoted}'!{cell}" if "#" in file else f"{file}#'{quoted}'!{cell}"
    if len(target) > LONGEST_LITERAL or _UNSAYABLE.search(target):
        return shown
    return Formula(text=f'=HYPERLINK("{_literal(target)}","{_literal(shown or "")}")', value=shown)


def _literal(text: str) -> str:
    return text.replace('"', '""')
