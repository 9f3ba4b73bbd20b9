"""What a formula refers to: sheets and tables by name, found and renamed without parsing it whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"                                          # a text
  | \[[^\[\]]*\][\w.\\]+(?::[\w.\\]+)?!                     # a sheet of another workbook
  | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]               # columns of a table
  | '(?P<quoted>(?:[^']|'')*)'!
  | (?P<sheet>[\w.\\]+(?::[\w.\\]+)?)!
  | (?P<word>[\w.\\]+)(?![\w.\\(])
    """,
    re.VERBOSE | re.DOTALL,
)


def refers(formula: str, sheets: Collection[str], tables: Collection[str] = ()) -> str | None:
    """The name of these sheets or tables (casefolded) that a formula uses first, None when it uses none."""
    for token in _TOKEN.finditer(formula):
        if token["word"] is not None:
            named, known = [token["word"].casefold()], tables
        else:
            named, known = _sheets(token), sheets
        found = next((name for name in named if name in known), None)
        if found is not None:
            return found
    return None


def _sheets(token: re.Match[str]) -> list[str]:
    """The sheet, or the first and the last one of several, casefolded."""
    quoted = token["quoted"]
    if quoted is not None:
        return [] if "]" in quoted else quoted.replace("''", "'").casefold().split(":")
    return (token["sheet"] or "").casefold().split(":")


def renamer(tables: Mapping[str, str]) -> Callable[[str], str]:
    """Gives a formula with other names of tables; they are keyed casefolded."""

    def renamed(token: re.Match[str]) -> str:
        word = token["word"]
        return token[0] if word is None else tables.get(word.casefold(), word)

    return lambda formula: _TOKEN.sub(renamed, formula)
