"""The cell type of a value from a list in 码表, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
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

CLOSE = 0.6  # difflib ratio, of characters or its mean with that of pinyin, from which one is a misspelling
LONGEST = 24  # a longer text is no misspelling of a listed value
SHOWN = 12  # so many values are named in a message
_SEPARATORS = (re.compile(r"[;；,，、+|]+"), re.compile(r"[\s/]+"))
_LETTERS = re.compile(r"[A-Z]{2,6}")
_ENDS = "。．.!！;；,，、:：~～ "  # what people put behind a word that they write on a form


def read_choice(name: str) -> Read:
    """A value of the list; another spelling of it is a warning, a misspelling an error with a suggestion."""

    def read(raw: Any, context: Context) -> Value:
        if type(raw) is str and raw in context.lists[name].by_value:
            return raw
        return _read_other(raw, context.lists[name], context)

    return read


def _read_other(raw: Any, known: ChoiceList, context: Context) -> Value:
    refuse_unknown(raw)
    if isinstance(raw, datetime) or (isinstance(raw, bool) and shown(raw) not in known.by_alias):
        raise wrong_type(raw, f"{known.name}中的一项")
    text = raw if isinstance(raw, str) else shown(raw)
    if not text:
        return None
    plain = tidy(text)
    if _meaning(plain, known) is None and (not plain or plain in PLACEHOLDERS):
        refuse_blank(text)
    if plain in known.by_value:
        raise spelled(text, plain)
    meant = _alias(plain, known) or _meaning(plain.rstrip(_ENDS), known)
    if meant is not None and meant == "".join(plain.split()):
        raise spelled(text, meant)
    if meant is not None:
        raise issue("ZL141", recovered=meant, meant=meant, fix=Fix(new=meant, confidence="safe"))
    raise _unknown(plain, known, context)


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
        return _read_several(raw, known, context)

    return read


def _read_several(raw: str, known: ChoiceList, context: Context) -> Value:
    parts = list(_split(tidy(raw), known))
    meant = [_meaning(part, known) for part in parts]
    wrong = [part for part, value in zip(parts, meant, strict=True) if value is None]
    if wrong:
        raise _unknown(wrong[0], known, context, several=True)
    plain = ";".join(dict.fromkeys(value for value in meant if value))
    if plain != raw:
        raise issue("ZL141", recovered=plain, meant=plain, fix=Fix(new=plain, confidence="safe"))
    return plain


def _split(text: str, known: ChoiceList) -> Iterator[str]:
    """The single values of a list in words, or of letters written together as in QEO."""
    for outer in filter(None, (part.strip() for part in _SEPARATORS[0].split(text))):
        for part in (outer,) if _meaning(outer, known) else filter(None, _SEPARATORS[1].split(outer)):
            letters = _LETTERS.fullmatch(part) and all(_meaning(letter, known) for letter in part)
            yield from part if letters and not _meaning(part, known) else (part,)


def _meaning(plain: str, known: ChoiceList) -> str | None:
    return plain if plain in known.by_value else _alias(plain, known)


def _alias(plain: str, known: ChoiceList) -> str | None:
    choice = known.by_alias.get(plain) or known.by_alias.get(compact(plain))
    if choice is not None:
        return choice.value
    bare = compact(plain)
    return _by_compact(tuple(_spellings(known))).get(bare) or _by_number(known, bare)


def _by_number(known: ChoiceList, bare: str) -> str | None:
    """A code whose leading zeros Excel dropped."""
    if not bare.isdecimal():
        return None
    same = (c.value for c in known.choices if c.code.isdecimal() and int(c.code) == int(bare))
    return next(same, None)


@lru_cache(256)
def _by_compact(spellings: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {compact(spelling): value for value, spelling in reversed(spellings)}


def _spellings(known: ChoiceList) -> Iterator[tuple[str, str]]:
    for choice in known.choices:
        for spelling in (choice.value, *choice.aliases):
            yield choice.value, spelling


def _unknown(plain: str, known: ChoiceList, context: Context, *, several: bool = False) -> Exception:
    near = nearest(plain, known) if context.suggest and len(plain) <= LONGEST else None
    fix = Fix(new=near, confidence="review") if near and not several else None
    return issue("ZL140", list=known.name, allowed=_named(list(known.by_value)), near=near or "", fix=fix)


def nearest(plain: str, known: ChoiceList) -> str | None:
    """The listed value a misspelling is closest to, by its characters and then by their sound."""
    spellings = list(_spellings(known))
    written = [(_ratio(plain, spelling), value) for value, spelling in spellings]
    best = max((score for score, _ in written), default=0.0)
    meant = {value for score, value in written if score == best}
    if best < CLOSE / 2:
        return None
    if best >= CLOSE and len(meant) == 1:
        return meant.pop()
    return _nearest_by_sound(plain, spellings, written)


def _nearest_by_sound(
    plain: str, spellings: list[tuple[str, str]], written: list[tuple[float, str]]
) -> str | None:
    sound = _sound(plain)
    scored = [
        ((score + _ratio(sound, _sound(spelling))) / 2, value)
        for (score, value), (_, spelling) in zip(written, spellings, strict=True)
        if score
    ]
    best = max(scored)[0]
    meant = {value for score, value in scored if score == best}
    return meant.pop() if best >= CLOSE and len(meant) == 1 else None


def _ratio(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


@lru_cache(4096)
def _sound(text: str) -> str:
    from pypinyin import lazy_pinyin  # half a second, and few misspellings need it

    return "".join(lazy_pinyin(text))


def _named(values: Sequence[str]) -> str:
    return "、".join(values[:SHOWN]) + (f" 等 {len(values)} 项" if len(values) > SHOWN else "")
