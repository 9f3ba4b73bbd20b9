"""``zlxl grade``: clients graded by their evaluation forms, on the screen and on 企业分级 (4.2.3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.hosts.files import beside, check_files, parse_files, write_text, written_json
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.grade import Graded

_FILE = click.Path(path_type=Path)
_FORMATS = ("xlsx", "json")


@click.command("grade")
@click.argument("database", metavar="DB", type=_FILE)
@click.option("--write", is_flag=True, help="写入工作表“企业分级”（自动备份）。")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="写分级文件：xlsx、json。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path, write: bool, outputs: tuple[str, ...], force: bool, form: str, today: date | None
) -> int:
    """企业分等分级：按有效性评价的得分、扣分和否决得出各体系和企业的等级；默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.grade import grade

    files = parse_files(outputs, _FORMATS)
    check_files(files, database, force=force)
    opened = open_source(database)
    graded = grade(opened, today or date.today())
    for path, kind in files.items():
        _write_file(path, kind, graded, database)
    saved = _write(opened, graded) if write else None
    click.echo(_text(graded, saved, form))
    told = [*graded.remarks, *(f"已写入 {path}。" for path in files)]
    if saved is not None:
        told += [f"已写入 {saved.target} 的“企业分级”。", *saved.remarks]
        told += [f"原文件备份为 {saved.backup}。"] if saved.backup else []
    for line in told:
        click.echo(f"zlxl: {line}", err=True)
    return 0


def _write_file(path: Path, kind: str, graded: Graded, database: Path) -> None:
    if kind == "json":
        write_text(path, [_text(graded, None, "json"), "\n"])
        return
    from zlxl.excel.write import write_workbook
    from zlxl.jobs.grade import workbook_of

    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(workbook_of(graded, beside(database, path)), path, overwrite=True)


def _write(opened: TableSource, graded: Graded) -> Saved:
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.grade import edits_of
    from zlxl.jobs.marks import refuse_text

    refuse_text(opened)
    return write(opened, edits_of(graded), signature("zlxl grade"))


def _text(graded: Graded, saved: Saved | None, form: str) -> str:
    from zlxl.reports.grades import grade_lines, grades_json

    if form == "json":
        return written_json(saved, grades_json(graded.grades))
    return "\n".join(grade_lines(graded.grades))
