"""``zlxl turnaround``: how long the steps of the service take (4.10.1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.files import check_files, parse_files, written_json
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.figures.satisfaction_period import Period
    from zlxl.figures.turnaround import Turnaround
    from zlxl.grid import TableSource


@click.command("turnaround")
@click.argument("database", metavar="DB", type=click.Path(path_type=Path))
@click.option("--period", metavar="PERIOD", help="时期：年 2026 或季度 2026Q3（默认今年）。")
@click.option("--output", "outputs", multiple=True, metavar="xlsx=PATH", help="把分析表写成单独的文件。")
@click.option("--write", is_flag=True, help="把工作表“流程时效_时期”和“流程时效_在办”写入 DB（自动备份）。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    period: str | None,
    outputs: tuple[str, ...],
    write: bool,
    force: bool,
    form: str,
    today: date | None,
) -> int:
    """流程时效：从申请到颁证、从要求到办结各环节的用时和按期率，按部门；另列在办申请还缺什么。默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.turnaround import measure

    day = today or date.today()
    files = parse_files(outputs, ("xlsx",))
    check_files(files, database, force=force)
    opened = open_source(database)
    figures = measure(opened, _period(period or str(day.year)), today=day)
    for path in files:
        _write_file(path, figures)
    saved = _write_sheet(opened, figures) if write else None
    click.echo(_text(figures, form, saved))
    _tell(figures, files, saved)
    return 0


def _period(text: str) -> Period:
    from zlxl.figures.satisfaction_period import Period

    try:
        return Period.parse(text)
    except ValueError:
        raise UsageError(f"--period {text} 不是时期。请写成 2026 或 2026Q3。") from None


def _write_file(path: Path, figures: Turnaround) -> None:
    from zlxl.excel.write import write_workbook
    from zlxl.sheet import Workbook
    from zlxl.sheets.turnaround import open_sheet, turnaround_sheet

    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = (turnaround_sheet(figures, front=False), open_sheet(figures, front=False))
    write_workbook(Workbook(sheets=sheets), path, overwrite=True)


def _write_sheet(opened: TableSource, figures: Turnaround) -> Saved:
    from zlxl.edits import Edits
    from zlxl.hosts.writing import signature, write
    from zlxl.sheets.data import FRONT
    from zlxl.sheets.turnaround import open_sheet, turnaround_sheet

    front = FRONT in {grid.sheet for grid in opened.grids()}
    edits = Edits(sheets=(turnaround_sheet(figures, front=front), open_sheet(figures, front=front)))
    return write(opened, edits, signature("zlxl turnaround"))


def _text(figures: Turnaround, form: str, saved: Saved | None) -> str:
    from zlxl.jobs.turnaround import turnaround_lines, turnaround_object

    if form == "text":
        return "\n".join(turnaround_lines(figures))
    return written_json(saved, turnaround_object(figures))


def _tell(figures: Turnaround, files: dict[Path, str], saved: Saved | None) -> None:
    for path in files:
        click.echo(f"zlxl: 已写 {path}。", err=True)
    for remark in (*figures.remarks, *(saved.remarks if saved else ())):
        click.echo(f"zlxl: {remark}", err=True)
    if saved:
        click.echo(
            f"zlxl: 已写入 {saved.target} 的工作表“流程时效_{figures.period}”“流程时效_在办”。", err=True
        )
        if saved.backup:
            click.echo(f"zlxl: 原文件备份为 {saved.backup}。", err=True)
