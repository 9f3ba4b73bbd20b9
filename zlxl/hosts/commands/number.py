"""``zlxl number``: the next contract or certificate number, with the reason."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.figures.numbers import Proposal


@click.command("number")
@click.argument("database", metavar="DB", type=click.Path(path_type=Path))
@click.option("--contract", metavar="LETTERS", help="合同编号：写体系字母，如 QEO。")
@click.option(
    "--certificate", metavar="SYSTEM", help="证书编号：写体系字母或名称，如 Q、QMS；同时给 --size。"
)
@click.option("--size", type=click.IntRange(min=1), metavar="N", help="体系覆盖人数，决定规模字母。")
@click.option(
    "--recertified", type=click.IntRange(0, 99), default=0, metavar="N", help="第几次复评，初次为 0。"
)
@click.option("--count", type=click.IntRange(1, 1000), default=1, metavar="N", help="连续给出几个编号。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    contract: str | None,
    certificate: str | None,
    size: int | None,
    recertified: int,
    count: int,
    form: str,
    today: date | None,
) -> int:
    """下一个合同编号或证书编号：按本机构的写法顺延，指出空号和重号；只建议，不写入。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.number import propose_certificate, propose_contract

    if (contract is None) == (certificate is None):
        raise UsageError("请给出 --contract 或 --certificate 之一，如 --contract QEO。")
    opened, day = open_source(database), today or date.today()
    if contract is not None:
        proposal = propose_contract(opened, contract, today=day, count=count)
    elif size is None or certificate is None:
        raise UsageError("证书编号要用 --size 给出体系覆盖人数，如 --certificate Q --size 120。")
    else:
        proposal = propose_certificate(
            opened, certificate, size, today=day, recertified=recertified, count=count
        )
    click.echo(_text(proposal, form))
    for warning in proposal.warnings:
        click.echo(f"zlxl: {warning}", err=True)
    return 0


def _text(proposal: Proposal, form: str) -> str:
    if form == "text":
        return "\n".join((*proposal.numbers, f"（{proposal.reason}）"))
    told = {
        "schema_version": 1,
        "numbers": proposal.numbers,
        "reason": proposal.reason,
        "warnings": proposal.warnings,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
