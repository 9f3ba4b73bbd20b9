"""``zlxl undo``: take back what a run changed, as 变更记录 tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.options import as_argument

if TYPE_CHECKING:
    from zlxl.changes import Refusal
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.runs import Line, Log, RunSeen
    from zlxl.jobs.undo import Undoing

EMPTY = "（空）"
NEWEST = 20  # runs that a list shows unless all are asked for


@click.command(
    "undo", epilog="退出码：0 全部还原；1 有未还原的单元格；2 用法错误或不能写入；3 文件无法读取。"
)
@click.argument("path", metavar="DB", type=click.Path(path_type=Path))
@click.option("--run", "run_id", metavar="ID", help="撤销这次运行（默认最近一次可撤销的）。")
@click.option("--list", "lists", is_flag=True, help=f"列出最近 {NEWEST} 次运行，最近的在前。")
@click.option("--all", "whole", is_flag=True, help="与 --list 同用：列出全部运行。")
@click.option("--dry-run", is_flag=True, help="只说明会怎样，不写入。")
def command(path: Path, run_id: str | None, lists: bool, whole: bool, dry_run: bool) -> int:
    """撤销一次运行：值仍是该次写入的单元格恢复原值，之后改过的保持不动并列出。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.runs import last_to_undo

    if whole and not lists:
        raise UsageError("--all 只与 --list 同用：zlxl undo DB --list --all。一次只能撤销一次运行。")
    opened = open_source(path)
    log = _log(opened, path)
    runs = log.runs()
    if lists:
        click.echo("\n".join(_listed(runs, None if whole else NEWEST)))
        return 0
    run = _named(runs, run_id) if run_id else last_to_undo(runs)
    if run is None:
        click.echo("“变更记录”中没有可以撤销的运行。用 --list 查看各次运行。")
        return 0
    if run.undone >= len(run.rows):
        click.echo(f"运行 {run.run_id} {run.state}，没有再做什么。要恢复它的修改：{_again(path, run)}")
        return 0
    return _undo(opened, log, run, dry_run=dry_run)


def _log(opened: TableSource, path: Path) -> Log:
    from zlxl.jobs.history import find_log
    from zlxl.jobs.runs import Log

    if not any(grid.typed for grid in opened.grids()):
        raise UsageError(f"「{path.name}」是文本文件，没有“变更记录”，不能撤销；需要时请用备份恢复。")
    place = find_log(opened)
    if place is None:
        raise UsageError(f"「{path.name}」没有“变更记录”，无从撤销；需要时请用备份恢复。")
    return Log(place)


def _named(runs: Sequence[RunSeen], run_id: str) -> RunSeen:
    found = next((run for run in runs if run.run_id == run_id.strip()), None)
    if found is None:
        raise UsageError(f"“变更记录”中没有运行 {run_id}。用 --list 查看各次运行。")
    return found


def _listed(runs: Sequence[RunSeen], newest: int | None) -> Iterator[str]:
    if not runs:
        yield "“变更记录”中没有带运行编号的记录。"
    for run in islice(reversed(runs), newest):
        parts = (run.run_id, run.moment, run.operator, run.command, f"{len(run.rows)} 处", run.state)
        yield _line("  ".join(part for part in parts if part))
    if newest is not None and len(runs) > newest:
        yield f"共 {len(runs)} 次运行，以上是最近的 {newest} 次。加 --all 列出全部。"


def _again(path: Path, run: RunSeen) -> str:
    return f"zlxl undo {as_argument(path)} --run {run.undone_by}"


def _undo(opened: TableSource, log: Log, run: RunSeen, *, dry_run: bool) -> int:
    """Take the run back, and say what was and what was not restored."""
    from zlxl.edits import Edits
    from zlxl.hosts.writing import refused_of, signature, write
    from zlxl.jobs.runs import UNDO
    from zlxl.jobs.undo import undo

    undoing = undo(opened, run, log.lines(run))
    edits = Edits(cells=undoing.cells)
    saved: Saved | None = None
    if not undoing.cells:
        refused: Sequence[Refusal] = ()
    elif dry_run:
        refused = refused_of(opened, edits)
    else:
        signed = signature(UNDO.format(run.run_id))
        saved = write(opened, edits, signed, skip_refused=True, entries=undoing.entries)
        refused = saved.refused
    click.echo("\n".join(_told(run, undoing, refused, dry_run=dry_run)))
    if saved is not None and saved.backup:
        click.echo(f"撤销前的文件已备份为 {saved.backup}。")
        again = f"zlxl undo {as_argument(opened.path)} --run {signed.run_id}"
        click.echo("\n".join((*saved.remarks, f"要恢复这些修改：{again}")))
    return 1 if undoing.kept or refused else 0


def _told(run: RunSeen, undoing: Undoing, refused: Sequence[Refusal], *, dry_run: bool) -> Iterator[str]:
    changes = {refusal.change for refusal in refused}
    done = [entry for entry in undoing.entries if entry.change not in changes]
    verb = "将还原" if dry_run else "已还原"
    for entry in done:
        where = f"{entry.sheet}!{entry.cell}  {entry.row_key}  {entry.field}"
        yield _line(f"{verb} {where}  {entry.old or EMPTY} → {entry.new or EMPTY}")
    for kept in undoing.kept:
        yield _line(f"未还原 {_where(kept.line)}  {kept.reason}")
    for refusal in refused:
        yield _line(f"未还原 {_place(refusal)}  {refusal.reason}")
    missed = len(undoing.kept) + len(refused)
    head = "  ".join(part for part in (run.run_id, run.moment, run.operator, run.command) if part)
    already = f"，{undoing.already} 处已是原值" if undoing.already else ""
    yield f"运行 {head}：{verb} {len(done)} 处，未还原 {missed} 处{already}。"


def _where(line: Line) -> str:
    place = f"{line.sheet}!{line.cell}" if line.cell else line.sheet
    return f"{place}  {line.row_key}  {line.field}  {line.old or EMPTY} → {line.new or EMPTY}"


def _place(refusal: Refusal) -> str:
    from zlxl.grid import a1

    return f"{refusal.change.sheet}!{a1(refusal.change.row, refusal.change.column)}"


def _line(text: str) -> str:
    from zlxl.reports.words import one_line

    return one_line(text)
