"""``zlxl yearend``: the year's requests, problems, needs and measures, on screen and as a sheet (4.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.files import check_files, parse_files, write_sheet, written_json
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.figures.satisfaction_period import Period
    from zlxl.grid import TableSource
    from zlxl.jobs.yearend import Summarised

_FILE = click.Path(path_type=Path)


@click.command("yearend")
@click.argument("database", metavar="DB", type=_FILE)
@click.option("--period", metavar="YEAR", help="汇总哪一年，如 2026（默认今天所在的年）。")
@click.option("--write", is_flag=True, help="写入工作表“年终汇总_年度”（自动备份）。")
@click.option("--output", "outputs", multiple=True, metavar="xlsx=PATH", help="把汇总报告写成单独的工作簿。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    period: str | None,
    write: bool,
    outputs: tuple[str, ...],
    force: bool,
    form: str,
    today: date | None,
) -> int:
    """年终汇总：要求统计、共性问题、及时反馈、现有和潜在需求、增值服务、措施和结论，报主管副总；默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.hosts.learning import model_beside
    from zlxl.jobs.yearend import summarise

    files = parse_files(outputs, ("xlsx",))
    check_files(files, database, force=force)
    day = today or date.today()
    year = _year(period or str(day.year))
    opened = open_source(database)
    found = summarise(opened, year, day, model=model_beside(database))
    for path in files:
        write_sheet(path, found.sheet(inside=False), f"{found.figures.period.chinese}客户服务年终汇总")
    saved = _write(opened, found) if write else None
    click.echo(_text(found, saved, form))
    for told in (*found.remarks, *_told(found, saved, [*files])):
        click.echo(f"zlxl: {told}", err=True)
    return 0


def _year(text: str) -> Period:
    from zlxl.figures.satisfaction_period import Period

    try:
        period = Period.parse(text)
    except ValueError:
        raise UsageError(f"--period {text} 不是年度。请写成 2026。") from None
    if not period.annual:
        raise UsageError(f"--period {text} 是季度，年终汇总按年度。请写成 {period.year}。")
    return period


def _write(opened: TableSource, found: Summarised) -> Saved:
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.marks import refuse_text

    refuse_text(opened)
    return write(opened, found.edits(), signature("zlxl yearend"))


def _text(found: Summarised, saved: Saved | None, form: str) -> str:
    from zlxl.reports.yearend import yearend_json, yearend_lines
    from zlxl.sheets.yearend_words import conclusion

    words = conclusion(found.figures)
    if form == "text":
        return "\n".join(yearend_lines(found.figures, words))
    return written_json(saved, yearend_json(found.figures, words))


def _told(found: Summarised, saved: Saved | None, files: list[Path]) -> Iterator[str]:
    for path in files:
        yield f"已写入 {path}。"
    if saved is None:
        return
    yield f"已写入 {saved.target} 的“年终汇总_{found.figures.period}”。"
    yield from saved.remarks
    if saved.backup:
        yield f"原文件备份为 {saved.backup}。"
