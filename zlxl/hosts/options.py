"""Arguments that several commands take, from text to values, and as the user types them."""

from __future__ import annotations

import os
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Final

import click

_SPECIAL: Final = re.compile(r"[^\w@%+=:,./\\~-]")  # to some shell


def as_argument(path: Path | str) -> str:
    """A path as it is typed in a command: in quotes where the shell would take it apart."""
    text = str(path)
    if not _SPECIAL.search(text):
        return text
    return f'"{text}"' if os.name == "nt" else shlex.quote(text)


def as_codes(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Rule codes from ``ZL1,zl203``, upper case."""
    return tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())


def as_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """A date from ``2024-03-20``.

    Raises:
        BadParameter: it is none.
    """
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"“{value}”不是日期，请写成 2024-03-20。") from None


def as_month(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """The first day of a month from ``2026-10``.

    Raises:
        BadParameter: it is none.
    """
    try:
        return date.fromisoformat(f"{value}-01") if value else None
    except ValueError:
        raise click.BadParameter(f"“{value}”不是月份，请写成 2026-10。") from None
