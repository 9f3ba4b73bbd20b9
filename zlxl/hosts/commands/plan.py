"""``zlxl plan``: what is due for every client, on the screen, on 待办提醒 and as a calendar (4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.hosts.files import beside, check_files, parse_files, write_text, written_json
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.plan import Planned

_FILE = click.Path(path_type=Path)
_FORMATS = ("xlsx", "json")


@click.command("plan")
@click.argument("database", metavar="DB", type=_FILE)
@click.option("--write", is_flag=True, help="写入工作表“待办提醒”，并把缺少的行加入服务计划（自动备份）。")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="写待办文件：xlsx、json。")
@click.option("--ics", type=_FILE, metavar="PATH", help="写日历文件（iCalendar），可导入 Outlook、手机日历。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    write: bool,
    outputs: tuple[str, ...],
    ics: Path | None,
    force: bool,
    form: str,
    today: date | None,
) -> int:
    """客户服务策划：每个客户和体系的监审、再认证、暂停、调查、回访等待办，按紧急程度排列；默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.plan import make_plan

    files = parse_files(outputs, _FORMATS)
    check_files([*files, *([ics] if ics else [])], database, force=force)
    opened = open_source(database)
    planned = make_plan(opened, today or date.today())
    for path, kind in files.items():
        _write_file(path, kind, planned, database)
    if ics is not None:
        from zlxl.reports.calendar import calendar_chunks

        write_text(ics, calendar_chunks(planned.plan, datetime.now().astimezone()))
    saved = _write(opened, planned) if write else None
    click.echo(_text(planned, saved, form))
    for told in (*planned.remarks, *_told(planned, saved, [*files, *([ics] if ics else [])])):
        click.echo(f"zlxl: {told}", err=True)
    return 0


def _write_file(path: Path, kind: str, planned: Planned, database: Path) -> None:
    if kind == "json":
        write_text(path, [_text(planned, None, "json"), "\n"])
        return
    from zlxl.excel.write import write_workbook
    from zlxl.sheets.reminders import reminders_workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(reminders_workbook(planned.plan, beside(database, path)), path, overwrite=True)


def _write(opened: TableSource, planned: Planned) -> Saved:
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.marks import refuse_text
    from zlxl.jobs.plan import edits_of

    refuse_text(opened)
    return write(opened, edits_of(planned), signature("zlxl plan"))


def _text(planned: Planned, saved: Saved | None, form: str) -> str:
    from zlxl.reports.plan import plan_json, plan_lines

    if form == "json":
        return written_json(saved, plan_json(planned.plan))
    return "\n".join(plan_lines(planned.plan))


def _told(planned: Planned, saved: Saved | None, files: list[Path]) -> Iterator[str]:
    for path in files:
        yield f"已写入 {path}。"
    if saved is None:
        if planned.plan.proposals:
            yield "没有写入数据库。加 --write 写入“待办提醒”，并把缺少的行加入“服务计划”。"
        return
    rows = 0 if planned.plans is None else len(planned.plan.proposals)
    yield f"已写入 {saved.target} 的“待办提醒”，服务计划新增 {rows} 行。"
    if planned.plan.proposals and planned.plans is None:
        yield "数据库没有“服务计划”表，缺少的行没有写入；可用 zlxl new 生成的模板补上这张表。"
    yield from saved.remarks
    if saved.backup:
        yield f"原文件备份为 {saved.backup}。"
