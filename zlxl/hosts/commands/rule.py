"""``zlxl rule``: the page of a rule, or the list of all."""

from __future__ import annotations

import click

from zlxl.errors import UsageError


@click.command("rule")
@click.argument("code", required=False)
@click.option("--list", "all_", is_flag=True, help="列出全部规则。")
def command(code: str | None, all_: bool) -> None:
    """规则说明：zlxl rule ZL131；不带代码时列出全部规则。"""
    from difflib import get_close_matches

    from zlxl.reports.rulepage import page, table
    from zlxl.rules.catalog import RULE, RULES

    if code is None or all_:
        click.echo(table(RULES))
        return
    rule = RULE.get(code.upper())
    if rule is None:
        begun = [known for known in RULE if known.startswith(code.upper()[:4])]
        near = begun[:3] or get_close_matches(code.upper(), RULE, n=3)
        hint = f"是不是 {'、'.join(near)}？" if near else ""
        raise UsageError(f"没有规则“{code}”。{hint}用 zlxl rule 查看全部规则。")
    click.echo(page(rule))
