"""Marks in the checked files themselves: each file for itself, and the others go on when one cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click

from zlxl.errors import Unreadable, Unwritable, ZlxlError
from zlxl.excel.patch.marking import marked_sheets
from zlxl.excel.save import Saved
from zlxl.excel.source import open_source
from zlxl.findings import FileReport, Run
from zlxl.grid import TableSource
from zlxl.hosts.check import digest
from zlxl.hosts.cli import EXIT_CLEAN, EXIT_UNCHECKED, EXIT_USAGE
from zlxl.hosts.writing import signature, write
from zlxl.jobs.history import Signature, find_log
from zlxl.jobs.marks import Marked, mark, refuse_text, unmark
from zlxl.sheets.results import RESULTS


def mark_files(run: Run) -> int:
    """Mark every file that was checked; 0, or the exit code of the worst that happened."""
    signed = signature("zlxl validate --mark")
    checked = (file for file in run.files if file.reason is None)
    return _each(partial(_mark, file, run, signed) for file in checked)


def unmark_files(paths: Iterable[Path]) -> int:
    """Take the marks off every file; 0, or the exit code of the worst that happened."""
    signed = signature("zlxl validate --unmark")
    return _each(partial(_unmark, path, signed) for path in paths)


def _each(works: Iterable[Callable[[], None]]) -> int:
    worst = EXIT_CLEAN
    for work in works:
        try:
            work()
        except ZlxlError as error:
            click.echo(f"zlxl: {error}", err=True)
            worst = max(worst, EXIT_UNCHECKED if isinstance(error, Unreadable) else EXIT_USAGE)
    return worst


def _mark(report: FileReport, run: Run, signed: Signature) -> None:
    path = Path(report.path)
    opened = open_source(path)
    if digest(path) != report.sha256:
        raise Unreadable(f"「{path.name}」在检查之后被改动，未标记；请重新运行。")
    marked = mark(opened, report, run)
    saved, remarks = _written(opened, marked, signed)
    told = f"已标记 {path}：{marked.cells} 个单元格" if marked.cells else f"{path} 没有要标记的单元格"
    listed = "" if remarks else f"，清单见工作表“{RESULTS}”"
    click.echo(f"{told}{listed}{_backup(saved)}。", err=True)
    _tell((*marked.remarks, *saved.remarks, *remarks))


def _written(opened: TableSource, marked: Marked, signed: Signature) -> tuple[Saved, tuple[str, ...]]:
    """Write; where the workbook admits no sheets of ours, the marks alone."""
    try:
        return write(opened, marked.edits, signed, entries=marked.entries), ()
    except Unwritable as error:
        marks = marked.without_sheets()
        entries = marked.entries if find_log(opened) else ()
        try:
            return write(opened, marks, signed, entries=entries), (f"没有加入“{RESULTS}”：{error}",)
        except Unwritable:
            raise error from None


def _unmark(path: Path, signed: Signature) -> None:
    opened = open_source(path)
    refuse_text(opened)
    sheets = marked_sheets(opened)
    if not sheets and RESULTS not in {grid.sheet for grid in opened.grids()}:
        click.echo(f"{path} 没有标记，未改动。")
        return
    marked = unmark(opened, sheets)
    saved, remarks = _written(opened, marked, signed)
    click.echo(f"已取消 {path} 的标记{_backup(saved)}。")
    _tell((*marked.remarks, *saved.remarks, *remarks))


def _backup(saved: Saved) -> str:
    return f"；原文件备份为 {saved.backup}" if saved.backup else ""


def _tell(remarks: Iterable[str]) -> None:
    for remark in remarks:
        click.echo(f"zlxl: {remark}", err=True)
