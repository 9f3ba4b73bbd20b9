"""``zlxl satisfaction``: the satisfaction of a quarter or a year, on the screen and as a sheet (4.7)."""

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
    from zlxl.jobs.satisfaction import Analysed

_FILE = click.Path(path_type=Path)


@click.command("satisfaction")
@click.argument("database", metavar="DB", type=_FILE)
@click.option("--period", required=True, metavar="PERIOD", help="统计期：季度如 2026Q3，年度如 2026。")
@click.option("--write", is_flag=True, help="写入工作表“满意度_统计期”（自动备份）。")
@click.option("--low-scores", is_flag=True, help="把尚未转入的低分问卷登记到“客户要求”（与 --write 合用）。")
@click.option("--output", "outputs", multiple=True, metavar="xlsx=PATH", help="把分析报告写成单独的工作簿。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    period: str,
    write: bool,
    low_scores: bool,
    outputs: tuple[str, ...],
    force: bool,
    form: str,
    today: date | None,
) -> int:
    """客户满意度：回收、各题、指数和区间、趋势、分组、扣分、低分和催收，供主管副总决策；默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.hosts.learning import model_beside
    from zlxl.jobs.satisfaction import analyse, with_requests

    files = parse_files(outputs, ("xlsx",))
    check_files(files, database, force=force)
    opened = open_source(database)
    analysed = analyse(opened, _period(period), today or date.today(), model=model_beside(database))
    if low_scores:
        analysed = with_requests(analysed)
    for path in files:
        write_sheet(
            path, analysed.sheet(inside=False), f"{analysed.figures.period.chinese}客户满意度分析报告"
        )
    saved = _write(opened, analysed) if write else None
    click.echo(_text(analysed, saved, form))
    for told in (*analysed.remarks, *_told(analysed, saved, [*files])):
        click.echo(f"zlxl: {told}", err=True)
    return 1 if saved is not None and saved.refused else 0


def _period(text: str) -> Period:
    from zlxl.figures.satisfaction_period import Period

    try:
        return Period.parse(text)
    except ValueError:
        raise UsageError(f"--period {text} 不是统计期。请写成季度 2026Q3 或年度 2026。") from None


def _write(opened: TableSource, analysed: Analysed) -> Saved:
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.marks import refuse_text

    refuse_text(opened)
    return write(opened, analysed.edits(), signature("zlxl satisfaction"), skip_refused=True)


def _text(analysed: Analysed, saved: Saved | None, form: str) -> str:
    from zlxl.reports.satisfaction import satisfaction_json, satisfaction_lines
    from zlxl.sheets.satisfaction_words import conclusion

    words = conclusion(analysed.figures)
    if form == "text":
        return "\n".join(satisfaction_lines(analysed.figures, words))
    return written_json(saved, satisfaction_json(analysed.figures, words))


def _told(analysed: Analysed, saved: Saved | None, files: list[Path]) -> Iterator[str]:
    from zlxl.grid import a1

    for path in files:
        yield f"已写入 {path}。"
    if saved is None:
        if analysed.opened:
            yield f"有 {analysed.opened} 份低分问卷可转入“客户要求”，没有写入。加 --write 写入。"
        return
    refused = len(saved.refused)
    yield f"已写入 {saved.target} 的“满意度_{analysed.figures.period}”。"
    if analysed.opened:
        yield f"低分问卷转入“客户要求” {analysed.opened - refused} 条。"
    for refusal in saved.refused:
        change = refusal.change
        yield f"{change.sheet}!{a1(change.row, change.column)} {refusal.reason}，未转入。"
    yield from saved.remarks
    if saved.backup:
        yield f"原文件备份为 {saved.backup}。"
