"""Arguments that several commands take, from text to values."""

from __future__ import annotations

from datetime import date

import click


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
