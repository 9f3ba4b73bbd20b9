"""Formulas that name our functions in a spelling which the spreadsheet does not know, spelt anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from zlxl.hosts.functions import FUNCTIONS, PREFIX

if TYPE_CHECKING:
    from zlxl.hosts.calc.server import Office

_TEXT: Final = re.compile(r'("(?:[^"]|"")*")')
_WORKBOOK: Final = r"""(?:'(?:[^']|'')*'!|'(?:[^']|'')*'\#|(?<![\w.])(?:\[[^\]'"]*\])?(?:[\w.]+)?!)?"""
_NAMES: Final = {f.name.replace("_", "").casefold(): f.name for f in FUNCTIONS}
#: A function of ours: behind the workbook it came from, the service that computes it, or what a program
#: puts before functions it does not know; in any case, with or without its underscores.
_CALL: Final = re.compile(
    _WORKBOOK
    + r"(?<![\w.])(?:[A-Za-z_]\w*\.)*("
    + "|".join(
        re.escape(PREFIX[:-1]) + "_?" + "_?".join(f.name.removeprefix(PREFIX).split("_")) for f in FUNCTIONS
    )
    + r")(?=\s*\()",
    re.IGNORECASE,
)
#: As Calc spells a function that it knows; one that it does not know it spells in small letters.
_SERVICE: Final = re.compile(r"(?<![\w.])ORG\.ZLXL\.FUNCTIONS\.(ZL[A-Z]+)(?=\()")


def repaired(formula: str) -> str:
    """The formula with every function of ours called by its name; what stands in quotes is left alone.

    ``=zl_check(A1)``, ``='C:\\Add-ins\\zlxl.xlam'!ZL_CHECK(A1)``, ``=[1]!ZL_CHECK(A1)``,
    ``=_xludf.ZL_CHECK(A1)`` and ``=ORG.ZLXL.ADDIN.ZLCHECK(A1)`` all become ``=ZL_CHECK(A1)``.
    """
    parts = _TEXT.split(formula)
    return "".join(part if part.startswith('"') else _CALL.sub(_plain, part) for part in parts)


def computes(formula: str) -> bool:
    """Whether Calc knows every function of ours in a formula: it then spells them by its own service."""
    parts = _TEXT.split(formula)
    known = "".join(part if part.startswith('"') else _SERVICE.sub(_plain, part) for part in parts)
    return repaired(known) == known


def _plain(call: re.Match[str]) -> str:
    return _NAMES[call[1].replace("_", "").casefold()]


def repair(office: Office) -> int:
    """Enter anew all formulas of the document in front that need it; how many."""
    cells = [
        (sheet, row, column, repaired(formula))
        for sheet, row, column, formula in office.ask("formulas")
        if not computes(formula)
    ]
    if cells:
        office.ask("enter", cells)
    return len(cells)
