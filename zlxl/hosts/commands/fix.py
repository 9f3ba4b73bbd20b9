"""``zlxl fix``: show the repairs of a file, or write them into a new one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zlxl.errors import OutputExists, Unreadable, UsageError
from zlxl.hosts.options import as_codes, as_day

if TYPE_CHECKING:
    from zlxl.changes import Refusal
    from zlxl.jobs.fix import Change
    from zlxl.jobs.settings import Settings

ROUNDS = 5  # a cell may need two repairs, one after the other; more never settle


@click.command("fix")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--write", "target", type=click.Path(path_type=Path), metavar="OUT", help="把修复写入这个新文件。"
)
@click.option("--unsafe", is_flag=True, help="也采用须人工确认的建议。")
@click.option("--force", is_flag=True, help="覆盖已有的 OUT。")
@click.option("--select", multiple=True, callback=as_codes, metavar="CODES", help="只修复这些规则的问题。")
@click.option("--ignore", multiple=True, callback=as_codes, metavar="CODES", help="不修复这些规则的问题。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(path: Path, target: Path | None, unsafe: bool, force: bool, **options: Any) -> None:  # noqa: ANN401
    """修复可以自动修复的问题：默认只列出修改清单，加 --write 才写入新文件，从不改动原文件。"""
    from zlxl.jobs.fix import plan_lines
    from zlxl.jobs.settings import Settings

    settings = Settings(
        today=options["today"] or date.today(), select=options["select"], ignore=options["ignore"]
    )
    if target is None:
        click.echo("\n".join(plan_lines(_plan(path, settings, unsafe=unsafe))))
        return
    _refuse_target(path, target, force=force)
    done, refused = _write(path, target, settings, unsafe=unsafe)
    click.echo("\n".join(plan_lines(done)))
    for refusal in refused:
        place = f"{refusal.change.sheet}!{_address(refusal)}"
        click.echo(f"zlxl: {place} {refusal.reason}，没有修改。", err=True)
    click.echo(f"已写入 {target}；原文件 {path} 未改动。")


def _address(refusal: Refusal) -> str:
    from zlxl.grid import a1

    return a1(refusal.change.row, refusal.change.column)


def _plan(path: Path, settings: Settings, *, unsafe: bool) -> list[Change]:
    from zlxl.hosts.check import check_file
    from zlxl.jobs.fix import plan_fixes

    report = check_file(path, settings)
    if report.reason is not None:
        raise Unreadable(report.reason)
    return plan_fixes(report, unsafe=unsafe)


def _refuse_target(path: Path, target: Path, *, force: bool) -> None:
    if target.resolve() == path.resolve():
        raise UsageError(f"{target} 是原文件，不能覆盖。请给 --write 一个新的文件名。")
    if target.exists() and not force:
        raise OutputExists(f"{target} 已存在。请换一个文件名，或加 --force 覆盖。")


def _write(
    path: Path, target: Path, settings: Settings, *, unsafe: bool
) -> tuple[list[Change], list[Refusal]]:
    """Carry out the plan, check again, and go on until nothing is planned that was not refused."""
    from zlxl.edits import Edits
    from zlxl.excel.save import save
    from zlxl.excel.source import open_source

    done: list[Change] = []
    refused: dict[str, Refusal] = {}
    source = path
    for _ in range(ROUNDS):
        plan = [c for c in _plan(source, settings, unsafe=unsafe) if c.place not in refused]
        if not plan and source is target:
            break
        edits = Edits(cells=tuple(change.cell_change() for change in plan))
        found = save(open_source(source), edits, target, skip_refused=True).refused
        refused |= {f"{r.change.sheet}!{_address(r)}": r for r in found}
        done += [change for change in plan if change.place not in refused]
        source = target
    return done, list(refused.values())
