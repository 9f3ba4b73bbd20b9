"""The cell type of a value from a list in 码表, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from zlxl.findings import Fix
from zlxl.schema.context import ChoiceList, Context
from zlxl.schema.values import StoredNumber, Value, issue, shown
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
_SEPARATORS = re.compile(r"[;；,，、/+\s|]+")


def read_choice(name: str) -> Read:
    """A value of the list; another spelling of it is a warning, a misspelling an error with a suggestion."""

    def read(raw: Any, context: Context) -> Value:
        if type(raw) is str and raw in context.lists[name].by_value:
            return raw
        return _read_other(raw, context.lists[name])

    return read


def _read_other(raw: Any, known: ChoiceList) -> Value:
    refuse_unknown(raw)
    if isinstance(raw, datetime) or (isinstance(raw, bool) and shown(raw) not in known.by_alias):
        raise wrong_type(raw, f"{known.name}中的一项")
    text = raw if isinstance(raw, str) else shown(raw)
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


def read_choices(name: str) -> Read:
    """Several values of the list, separated by ``;``; other separators and spellings are a warning."""

    def read(raw: Any, context: Context) -> Value:
        known = context.lists[name]
        refuse_unknown(raw)
        if isinstance(raw, bool | datetime | StoredNumber):
            raise wrong_type(raw, f"{known.name}，多个用分号隔开")
        if not raw:
            return None
        refuse_blank(raw)
        return _read_several(raw, known)

    return read


def _read_several(raw: str, known: ChoiceList) -> Value:
    whole = tidy(raw)
    parts = [whole] if _meaning(whole, known) else [part for part in _SEPARATORS.split(whole) if part]
    meant = [_meaning(part, known) for part in parts]
    wrong = [part for part, value in zip(parts, meant, strict=True) if value is None]
    if wrong:
        raise _unknown(wrong[0], known, several=True)
    plain = ";".join(dict.fromkeys(value for value in meant if value))
    if plain != raw:
        raise issue("ZL141", recovered=plain, meant=plain, fix=Fix(new=plain, confidence="safe"))
    return plain


def _meaning(plain: str, known: ChoiceList) -> str | None:
    return plain if plain in known.by_value else _alias(plain, known)


def _alias(plain: str, known: ChoiceList) -> str | None:
    choice = known.by_alias.get(plain) or known.by_alias.get(compact(plain))
    if choice is not None:
        return choice.value
    bare = compact(plain)
    same = (value for value, spelling in _spellings(known) if compact(spelling) == bare)
    return next(same, None)


def _spellings(known: ChoiceList) -> Iterator[tuple[str, str]]:
    for choice in known.choices:
        for spelling in (choice.value, *choice.aliases):
            yield choice.value, spelling


def _unknown(plain: str, known: ChoiceList, *, several: bool = False) -> Exception:
    near = nearest(plain, known)
    fix = Fix(new=near, confidence="review") if near and not several else None
    return issue("ZL140", list=known.name, allowed=_named(list(known.by_value)), near=near or "", fix=fix)


def nearest(plain: str, known: ChoiceList) -> str | None:
    """The listed value a misspelling is closest to, None when nothing is close."""
    spellings = {spelling: value for value, spelling in _spellings(known)}
    close = get_close_matches(plain, spellings, n=1, cutoff=CLOSE)
    return spellings[close[0]] if close else None


def _named(values: Sequence[str]) -> str:
    return "、".join(values[:SHOWN]) + (f" 等 {len(values)} 项" if len(values) > SHOWN else "")
