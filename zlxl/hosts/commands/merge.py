"""``zlxl merge``: bring the copies of several offices together, their contradictions decided by people."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import OutputExists, UsageError
from zlxl.hosts.files import written_json
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.merging.merge import Merged
    from zlxl.sheets.conflicts import Line

_FILE = click.Path(path_type=Path)


@click.command(
    "merge",
    epilog="退出码：0 完成；1 有未决冲突、未合并的内容或不能写入的单元格；"
    "2 用法错误或不能写入；3 有文件无法读取。",
)
@click.argument("base", metavar="BASE", type=_FILE)
@click.argument("mine", metavar="MINE", type=_FILE)
@click.argument("theirs", metavar="THEIRS...", type=_FILE, nargs=-1, required=True)
@click.option("--write", is_flag=True, help="把合并结果写入 MINE（自动备份）。")
@click.option("-o", "--output", type=_FILE, metavar="OUT", help="把合并结果写入新文件，MINE 不动。")
@click.option("--force", is_flag=True, help="覆盖已有的 OUT。")
@click.option("--all-removals", is_flag=True, help="副本缺少过半的行时，也把缺少的行当作删除。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    base: Path,
    mine: Path,
    theirs: tuple[Path, ...],
    write: bool,
    output: Path | None,
    force: bool,
    all_removals: bool,
    form: str,
    today: date | None,
) -> int:
    """合并各办事处的副本：BASE 是分发时的原件，MINE 是本方，THEIRS 是其他副本；默认只预览。

    只有一方改动的采用，各方改动不同的列入工作表“合并冲突”，决定后再运行同一命令并加 --write。
    """
    from zlxl.excel.source import open_source

    _check_paths(base, mine, theirs, output, write=write, force=force)
    opened = open_source(mine)
    lines = _lines(opened, mine)
    gc.disable()  # millions of values and no cycles: collecting costs a third of the run
    try:
        merged = _merged(base, mine, theirs, opened, lines, today or date.today(), all_removals=all_removals)
    finally:
        gc.enable()
    saved = None
    if write or output is not None:
        saved = _write(opened, merged, lines, output)
    click.echo(_text(merged, saved, form))
    for told in _remarks(saved):
        click.echo(f"zlxl: {told}", err=True)
    return 1 if merged.open or merged.losses or (saved is not None and saved.refused) else 0


def _check_paths(
    base: Path, mine: Path, theirs: Sequence[Path], output: Path | None, *, write: bool, force: bool
) -> None:
    others = [path.resolve() for path in theirs]
    if mine.resolve() in others or len(set(others)) < len(others):
        raise UsageError("同一个文件给出了两次。MINE 和各 THEIRS 应是不同的文件。")
    if output is None:
        return
    if write:
        raise UsageError("--write 写入 MINE，-o 写入新文件，只能用其中一个。")
    if output.resolve() in (base.resolve(), mine.resolve(), *others):
        raise UsageError(f"{output} 是参与合并的文件，不能覆盖；写入 MINE 请用 --write。")
    if output.exists() and not force:
        raise OutputExists(f"{output} 已存在。请换一个文件名，或加 --force 覆盖。")


def _lines(opened: TableSource, mine: Path) -> tuple[Line, ...]:
    from zlxl.sheets.conflicts import CONFLICTS, read_conflicts

    lines = read_conflicts(opened)
    if lines is None:
        raise UsageError(
            f"「{mine.name}」的工作表“{CONFLICTS}”不是合并生成的（缺少“编号”“决定”“指纹”列）。"
            "请把它改名后再合并。"
        )
    return lines


def _merged(
    base: Path,
    mine: Path,
    theirs: Sequence[Path],
    opened: TableSource,
    lines: Sequence[Line],
    today: date,
    *,
    all_removals: bool,
) -> Merged:
    from zlxl.excel.formulas import fixed_cells
    from zlxl.excel.source import open_source
    from zlxl.jobs.merging.copies import read_copy
    from zlxl.jobs.merging.decisions import Decisions
    from zlxl.jobs.merging.merge import merge

    named = zip(theirs, _names(theirs), strict=True)
    copies = [read_copy(open_source(path), name, today=today) for path, name in named]
    return merge(
        read_copy(open_source(base), base.name, today=today),
        read_copy(opened, mine.name, today=today, fixed=fixed_cells),
        copies,
        Decisions(lines, (copy.name for copy in copies), today=today),
        all_removals=all_removals,
    )


def _names(paths: Sequence[Path]) -> list[str]:
    """What copies are called: their file names, with as many folders as it takes to tell them apart."""
    names = [path.name for path in paths]
    if len(set(names)) == len(names):
        return names
    short = ["/".join(path.parts[-2:]) for path in paths]
    return short if len(set(short)) == len(short) else [path.as_posix() for path in paths]


def _write(opened: TableSource, merged: Merged, lines: Sequence[Line], output: Path | None) -> Saved | None:
    """Write what there is to write; None where MINE is as it should be."""
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.merging.edits import edits_of, entries

    edits = edits_of(merged, lines, opened)
    if not edits and output is None:
        return None
    told = entries(merged, edits, opened)
    return write(opened, edits, signature("zlxl merge"), target=output, skip_refused=True, entries=told)


def _text(merged: Merged, saved: Saved | None, form: str) -> str:
    from zlxl.jobs.merging.words import merge_json, merge_lines

    written = saved.target.as_posix() if saved else None
    if form == "json":
        return written_json(saved, merge_json(merged))
    lines = [*merge_lines(merged), *([f"已写入 {written}。"] if written else [])]
    if written and merged.open:
        lines.append(f"请在其工作表“合并冲突”中决定，再以 {written} 作为 MINE 运行 zlxl merge --write。")
    elif not written and (merged.taken or merged.added or merged.removed or merged.open):
        lines.append("以上是预览，没有写入。加 --write 写入 MINE，或 -o OUT 写入新文件。")
    return "\n".join(lines)


def _remarks(saved: Saved | None) -> Iterator[str]:
    from zlxl.grid import a1

    if saved is None:
        return
    yield from saved.remarks
    for refusal in saved.refused:
        change = refusal.change
        yield f"{change.sheet}!{a1(change.row, change.column)} {refusal.reason}，没有修改。"
    if saved.backup:
        yield f"原文件备份为 {saved.backup}。"
