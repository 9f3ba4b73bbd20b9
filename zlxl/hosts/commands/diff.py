"""``zlxl diff``: what changed between two copies of a workbook; one copy as text for ``git diff``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.files import write_text

if TYPE_CHECKING:
    from zlxl.hosts.outputs import Target
    from zlxl.schema.differences import Difference

BATCH = 5_000  # chunks written at once
FORMATS = ("text", "json", "jsonl", "csv")
HELP = """比较两个工作簿：按编号列出新增、删除和修改的行，以及每个字段的旧值和新值。

行的先后、列的位置、格式不算差异；自己加的列也比较。只给一个文件时，输出适合 git 比较的文本：

\b
  .gitattributes 写：  客户服务数据库.xlsx diff=zlxl
  git config diff.zlxl.textconv "zlxl diff"
  git config diff.zlxl.xfuncname "^【.*"
"""


@click.command(
    "diff",
    help=HELP,
    epilog="退出码：0 已比较（加 --exit-code 时表示没有差异）；1 加了 --exit-code 且有差异；"
    "2 用法错误；3 有文件无法读取。",
)
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="[NEW]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", "on_stdout", default="text", metavar="FORMAT", help="text（默认）、json、jsonl、csv。"
)
@click.option(
    "--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="另写一份到文件，可多次；还可用 xlsx。"
)
@click.option("--table", "tables", multiple=True, metavar="NAME", help="只比较这个表，可多次。")
@click.option("--exit-code", "strict", is_flag=True, help="有差异时退出码为 1。")
def command(
    old: Path, new: Path | None, on_stdout: str, outputs: Sequence[str], tables: Sequence[str], strict: bool
) -> int:
    """Compare, or list one file."""
    from zlxl.excel.source import open_source
    from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS
    from zlxl.hosts.outputs import parse_targets, refuse_inputs
    from zlxl.jobs.compare import compare

    if new is None:
        _list(old, on_stdout, asked=bool(outputs or tables or strict))
        return EXIT_CLEAN
    targets = parse_targets(outputs, on_stdout, FORMATS)
    refuse_inputs(targets, [old, new])
    difference = compare(open_source(old), open_source(new), only=tables)
    for target in sorted(targets, key=lambda target: target.path is None):
        _write(target, difference)
    return EXIT_FINDINGS if strict and difference else EXIT_CLEAN


def _list(path: Path, on_stdout: str, *, asked: bool) -> None:
    from zlxl.excel.source import open_source
    from zlxl.jobs.listing import listing

    if asked or on_stdout != "text":
        raise UsageError(
            "只给一个文件时只输出文本，不能带选项。要比较请给出两个文件：zlxl diff 旧.xlsx 新.xlsx。"
        )
    _print(f"{line}\n" for line in listing(open_source(path)))


def _print(chunks: Iterator[str]) -> None:
    """On stdout in UTF-8, as programs that read it expect; on a terminal as that wants it."""
    if sys.stdout.isatty():
        sys.stdout.writelines(chunks)
        return
    while some := "".join(islice(chunks, BATCH)):
        click.echo(some.encode("utf-8", "replace"), nl=False)


def _chunks(name: str, difference: Difference, *, colour: bool = False) -> Iterator[str]:
    from zlxl.reports import difference_csv, difference_json, difference_text

    if name == "text":
        return difference_text.write(difference, colour=colour)
    writers: dict[str, Callable[[Difference], Iterator[str]]] = {
        "json": difference_json.write,
        "jsonl": difference_json.write_lines,
        "csv": difference_csv.write,
    }
    return writers[name](difference)


def _write(target: Target, difference: Difference) -> None:
    if target.path is None:
        _print(
            _chunks(target.format, difference, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
        )
    elif target.format == "xlsx":
        _write_xlsx(target.path, difference)
    else:
        encoding = "utf-8-sig" if target.format == "csv" else "utf-8"
        write_text(target.path, _chunks(target.format, difference), encoding)


def _write_xlsx(path: Path, difference: Difference) -> None:
    """The report workbook; another workbook at the path is left alone."""
    from zlxl.excel.source import open_source
    from zlxl.excel.write import write_workbook
    from zlxl.reports.difference_rows import lines
    from zlxl.reports.difference_text import limits, totals
    from zlxl.sheets.difference import DETAILS, difference_workbook

    if path.exists() and all(grid.sheet != DETAILS for grid in open_source(path).grids()):
        raise UsageError(f"{path} 已存在，且不是对比报告，不能覆盖。请换一个路径。")
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = difference_workbook(
        difference, list(lines(difference)), totals(difference), list(limits(difference))
    )
    write_workbook(workbook, path, overwrite=True)
