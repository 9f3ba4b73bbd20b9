"""The cell type of a value from a list in 码表, with what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from zlxl.findings import Fix
from zlxl.schema.context import ChoiceList, Context
from zlxl.schema.values import StoredNumber, Value, issue, plain_number
from zlxl.tables.text import (
    PLACEHOLDERS,
    Read,
    compact,
    refuse_blank,
    refuse_unknown,
    spelled,
    tidy,
    wrong_type,
)

CLOSE = 0.6  # difflib ratio from which a value counts as a misspelling
SHOWN = 12  # so many values are named in a message


def read_choice(name: str) -> Read:
    """A value of the list; another spelling of it is a warning, a misspelling an error with a suggestion."""

    def read(raw: Any, context: Context) -> Value:
        if type(raw) is str and raw in context.lists[name].by_value:
            return raw
        return _read_other(raw, context.lists[name])

    return read


def _read_other(raw: Any, known: ChoiceList) -> Value:
    refuse_unknown(raw)
    if isinstance(raw, bool | datetime):
        raise wrong_type(raw, f"{known.name}中的一项")
    text = plain_number(raw) if isinstance(raw, StoredNumber) else raw
    if not text:
        return None
    if tidy(text) not in known.by_value and (not tidy(text) or tidy(text) in PLACEHOLDERS):
        refuse_blank(text)
    plain = tidy(text)
    if plain in known.by_value:
        raise spelled(text, plain)
    meant = _alias(plain, known)
    if meant is not None:
        raise issue("ZL141", recovered=meant, meant=meant, fix=Fix(new=meant, confidence="safe"))
    raise _unknown(plain, known)


def _alias(plain: str, known: ChoiceList) -> str | None:
    choice = known.by_alias.get(plain) or known.by_alias.get(compact(plain))
    if choice is not None:
        return choice.value
    same = [value for value in known.by_value if compact(value) == compact(plain)]
    return same[0] if same else None


def _unknown(plain: str, known: ChoiceList) -> Exception:
    near = nearest(plain, known)
    fix = Fix(new=near, confidence="review") if near else None
    return issue("ZL140", list=known.name, allowed=_named(list(known.by_value)), near=near or "", fix=fix)


def nearest(plain: str, known: ChoiceList) -> str | None:
    """The listed value a misspelling is closest to, None when nothing is close."""
    spellings = {
        spelling: value for value in known.by_value for spelling in (value, *known.by_value[value].aliases)
    }
    close = get_close_matches(plain, spellings, n=1, cutoff=CLOSE)
    return spellings[close[0]] if close else None


def _named(values: Sequence[str]) -> str:
    return "、".join(values[:SHOWN]) + (f" 等 {len(values)} 项" if len(values) > SHOWN else "")
