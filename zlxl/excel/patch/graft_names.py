"""What a formula refers to: sheets and tables by name, found and renamed without parsing it whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

#: Alternatives take what they have read or end soon: the time is linear whatever the formula.
_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*+"?                                        # a text
  | \[[^\[\]]*+\][\w.\\]++(?::[\w.\\]++)?!                   # a sheet of another workbook
  | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.){0,999}+\]){0,999}+\]   # columns of a table
  | '(?P<quoted>(?:[^']|'')*+)(?:'(?P<called>!)?|$)
  | (?P<word>[\w.\\]++)(?P<more>:[\w.\\]++(?=!))?(?P<next>[!(])?
    """,
    re.VERBOSE | re.DOTALL,
)


def refers(formula: str, sheets: Collection[str], tables: Collection[str] = ()) -> str | None:
    """The name of these sheets or tables (casefolded) that a formula uses first, None when it uses none."""
    for token in _TOKEN.finditer(formula):
        known = tables if _is_name(token) else sheets
        found = next((name for name in _named(token) if name in known), None)
        if found is not None:
            return found
    return None


def _is_name(token: re.Match[str]) -> bool:
    """Whether a token is the name of a table or of something else in the workbook."""
    return token["word"] is not None and token["next"] is None


def _named(token: re.Match[str]) -> list[str]:
    """The name, or the sheets from the first to the last of several, casefolded."""
    if token["called"]:
        quoted = token["quoted"]
        return [] if "]" in quoted else quoted.replace("''", "'").casefold().split(":")
    if token["word"] is None or token["next"] == "(":
        return []
    return (token["word"] + (token["more"] or "")).casefold().split(":")


def renamer(tables: Mapping[str, str]) -> Callable[[str], str]:
    """Gives a formula with other names of tables; they are keyed casefolded."""

    def renamed(token: re.Match[str]) -> str:
        return tables.get(token[0].casefold(), token[0]) if _is_name(token) else token[0]

    return lambda formula: _TOKEN.sub(renamed, formula)
