"""``zlxl fix``: show the repairs of a file, make them in it, or in a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from zlxl.errors import OutputExists, Unreadable, UsageError
from zlxl.hosts.options import as_argument, as_codes, as_day

if TYPE_CHECKING:
    from zlxl.changes import Refusal
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.fix import Change
    from zlxl.jobs.history import Signature
    from zlxl.jobs.settings import Settings

ROUNDS = 5  # a cell may need two repairs, one after the other; more never settle


@click.command("fix", epilog="退出码：0 完成；1 有单元格不能修改；2 用法错误或不能写入；3 文件无法读取。")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("target", metavar="[OUT]", required=False, type=click.Path(path_type=Path))
@click.option("--write", "writes", is_flag=True, help="写入：给了 OUT 就写入这个副本，否则直接修改 FILE。")
@click.option("--unsafe", is_flag=True, help="写入时也采用须人工确认的建议。")
@click.option("--force", is_flag=True, help="覆盖已有的 OUT。")
@click.option("--select", multiple=True, callback=as_codes, metavar="CODES", help="只修复这些规则的问题。")
@click.option("--ignore", multiple=True, callback=as_codes, metavar="CODES", help="不修复这些规则的问题。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    path: Path,
    target: Path | None,
    writes: bool,
    unsafe: bool,
    force: bool,
    **options: Any,  # noqa: ANN401
) -> int:
    """修复可以自动修复的问题：默认只列出修改清单，加 --write 才写入（先备份，可用 zlxl undo 撤销）。"""
    from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS
    from zlxl.jobs.fix import plan_lines
    from zlxl.jobs.settings import Settings

    settings = Settings(
        today=options["today"] or date.today(), select=options["select"], ignore=options["ignore"]
    )
    _refuse_target(path, target, writes=writes, force=force)
    if not writes:
        plan = _plan(path, settings, unsafe=True)
        click.echo("\n".join([*plan_lines(plan), *_next(plan, unsafe=unsafe)]))
        return EXIT_CLEAN
    return EXIT_FINDINGS if _write(path, target, settings, unsafe=unsafe) else EXIT_CLEAN


def _refuse_target(path: Path, target: Path | None, *, writes: bool, force: bool) -> None:
    if target is None:
        return
    if not writes:
        raise UsageError(f"没有写入 {target}：只给 OUT 时仍是预览。要写入这个副本，请加 --write。")
    if target.resolve() == path.resolve():
        raise UsageError(
            f"{target} 是原文件。要直接修改它，请只写 --write，不写 OUT；要写副本，请换一个文件名。"
        )
    if target.exists() and not force:
        raise OutputExists(f"{target} 已存在。请换一个文件名，或加 --force 覆盖。")


def _plan(path: Path, settings: Settings, *, unsafe: bool) -> list[Change]:
    from zlxl.hosts.check import check_file
    from zlxl.jobs.fix import plan_fixes

    report = check_file(path, settings)
    if report.reason is not None:
        raise Unreadable(report.reason)
    return plan_fixes(report, unsafe=unsafe)


def _next(plan: Sequence[Change], *, unsafe: bool) -> Iterator[str]:
    """How what a preview shows is written."""
    waits = 0 if unsafe else sum(change.confidence == "review" for change in plan)
    if len(plan) > waits:
        yield f"以上是预览，没有写入。加 --write 写入{'可自动修复的' if waits else ''}。"
    if waits:
        yield "须人工确认的只是建议：请逐个核对，在表中改正；加 --unsafe 则全部采用。"


def _write(path: Path, target: Path | None, settings: Settings, *, unsafe: bool) -> bool:
    """Settle what is to be changed, write it at once, and say so; true where some of it was refused."""
    from zlxl.edits import Edits
    from zlxl.excel.holders import refuse_held
    from zlxl.excel.source import open_source
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.fix import as_one, plan_lines
    from zlxl.jobs.history import entries_of

    opened = open_source(path)
    refuse_held(target or path)  # told before the work, not only after it
    done, refused = _settled(opened, settings, unsafe=unsafe)
    click.echo("\n".join(plan_lines(done)))
    for refusal in refused:
        click.echo(f"zlxl: {_place(refusal)} {refusal.reason}，没有修改。", err=True)
    cells, reasons = as_one(done)
    if not cells and target is None:
        return bool(refused)
    edits = Edits(cells=tuple(cells))
    run = signature("zlxl fix")
    entries = entries_of(opened, edits, reasons)
    saved = write(opened, edits, run, target=target, skip_refused=True, entries=entries)
    click.echo("\n".join(_told(path, target, saved, run, logged=bool(entries) and opened.grids()[0].typed)))
    return bool(refused or saved.refused)


def _settled(opened: TableSource, settings: Settings, *, unsafe: bool) -> tuple[list[Change], list[Refusal]]:
    """Carry out the plan in a copy, check that, and go on until nothing is planned that was not refused."""
    from zlxl.edits import Edits
    from zlxl.excel.save import save
    from zlxl.excel.source import open_source

    done: list[Change] = []
    refused: dict[str, Refusal] = {}
    path = Path(opened.path)
    with TemporaryDirectory(prefix="zlxl-", ignore_cleanup_errors=True) as folder:
        for number in range(ROUNDS):
            plan = [c for c in _plan(path, settings, unsafe=unsafe) if c.place not in refused]
            if not plan:
                break
            trial = Path(folder, str(number), path.name)
            trial.parent.mkdir()
            edits = Edits(cells=tuple(change.cell_change() for change in plan))
            saved = save(opened, edits, trial, skip_refused=True, backups=0)
            refused |= {_place(refusal): refusal for refusal in saved.refused}
            done += [change for change in plan if change.place not in refused]
            path, opened = trial, open_source(trial)
    return done, list(refused.values())


def _place(refusal: Refusal) -> str:
    from zlxl.grid import a1

    return f"{refusal.change.sheet}!{a1(refusal.change.row, refusal.change.column)}"


def _told(path: Path, target: Path | None, saved: Saved, run: Signature, *, logged: bool) -> Iterator[str]:
    """What was written, where the file is as it was before, and how to undo it."""
    yield f"已写入 {target}；原文件 {path} 未改动。" if target else f"已修改 {path}。"
    if saved.backup:
        yield f"修改前的文件已备份为 {saved.backup}。"
    yield from saved.remarks
    if logged:
        yield f"每处改动已记入“变更记录”；撤销：zlxl undo {as_argument(target or path)} --run {run.run_id}"
    elif saved.backup:
        yield "文本文件没有“变更记录”，不能用 zlxl undo 撤销；需要时请用备份恢复。"
