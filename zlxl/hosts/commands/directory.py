"""``zlxl directory``: the certified-customer directory, its files, and its delivery (4.10.2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.files import check_files, parse_files, write_text, written_json
from zlxl.hosts.options import as_day, as_month

if TYPE_CHECKING:
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.directory import Delivered

_FILE = click.Path(path_type=Path)
_FORMATS = ("xlsx", "csv", "json", "html")


@click.command("directory")
@click.argument("database", metavar="DB", type=_FILE)
@click.option(
    "--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="写名录文件：xlsx、csv、json、html。"
)
@click.option("--write", is_flag=True, help="写入工作表“获证客户名录”并登记名录报送（自动备份）。")
@click.option("--since", callback=as_day, metavar="DATE", help="列出这一天以后的变化（默认与上次报送比较）。")
@click.option("--english", is_flag=True, help="加一列英文状态（IAF 用语，见码表“状态”的属性）。")
@click.option("--receiver", default="", metavar="NAME", help="接收名录的网管（默认同上次报送）。")
@click.option(
    "--monthly-report",
    type=_FILE,
    metavar="PATH",
    help="写证书状态月报（.xlsx 或 .csv），含联系人和费用，不公开。",
)
@click.option("--month", callback=as_month, metavar="YYYY-MM", help="月报的月份（默认上个月）。")
@click.option("--force", is_flag=True, help="覆盖已有的输出文件。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path,
    outputs: tuple[str, ...],
    write: bool,
    since: date | None,
    english: bool,
    receiver: str,
    monthly_report: Path | None,
    month: date | None,
    force: bool,
    form: str,
    today: date | None,
) -> int:
    """获证客户名录：只含可公开的信息，列出上次报送以来的变化；默认只看不写。"""
    from zlxl.excel.source import open_source
    from zlxl.jobs.directory import publish

    if monthly_report is not None and monthly_report.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{monthly_report} 应以 .xlsx 或 .csv 结尾。")
    files = parse_files(outputs, _FORMATS)
    asked = [*files, *([monthly_report] if monthly_report else [])]
    check_files(asked, database, force=force)
    opened = open_source(database)
    delivered = publish(opened, today=today or date.today(), since=since, english=english)
    for path, kind in files.items():
        _write_file(path, kind, delivered)
    if monthly_report is not None:
        click.echo(f"zlxl: {_write_month(monthly_report, delivered, month)}", err=True)
    saved = _deliver(opened, delivered, receiver, files) if write else None
    click.echo(_text(delivered, form, saved))
    _tell(delivered, files, saved, write=write)
    return 1 if delivered.directory.withheld else 0


def _write_file(path: Path, kind: str, delivered: Delivered) -> None:
    from zlxl.reports import directory_csv, directory_html, directory_json

    found, words = delivered.directory, delivered.words
    body = delivered.book.context.parameters.get("机构名称", "")
    if kind == "csv":
        write_text(path, directory_csv.write(found, words), "utf-8-sig")
    elif kind == "json":
        write_text(path, directory_json.write(found, delivered.changes, body, words))
    elif kind == "html":
        write_text(path, directory_html.write(found, body, words))
    else:
        from zlxl.excel.write import write_workbook
        from zlxl.sheets.directory import directory_workbook

        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(directory_workbook(found, delivered.changes, words), path, overwrite=True)


def _write_month(path: Path, delivered: Delivered, first: date | None) -> str:
    """Write the regulator's report; what to know about it, in words."""
    from zlxl.figures.monthly import HEADERS, Month, monthly_report
    from zlxl.sheets.monthly import monthly_workbook, told
    from zlxl.tables.clients import CLIENTS

    book = delivered.book
    month = Month(first=first) if first else Month.before(delivered.directory.as_of)
    report = monthly_report(book.of(CLIENTS), book.context, month)
    if path.suffix.lower() == ".csv":
        from zlxl.reports import rows_csv

        write_text(path, rows_csv.write(HEADERS, report.rows), "utf-8-sig")
    else:
        from zlxl.excel.write import write_workbook

        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(monthly_workbook(report), path, overwrite=True)
    return (
        f"已写证书状态月报 {path}：{told(report)}列名按认证机构通行的证书清单，上报前请与监管部门的表核对。"
    )


def _deliver(
    opened: TableSource, delivered: Delivered, receiver: str, files: dict[Path, str]
) -> Saved | None:
    from zlxl.hosts.writing import operator, signature, write
    from zlxl.jobs.directory import Delivery, edits_of

    file = "、".join(path.name for path in files)
    edits = edits_of(delivered, Delivery(sender=operator(), receiver=receiver, file=file))
    return write(opened, edits, signature("zlxl directory")) if edits else None


def _text(delivered: Delivered, form: str, saved: Saved | None) -> str:
    from zlxl.jobs.directory_words import directory_lines, directory_object

    if form == "json":
        return written_json(saved, directory_object(delivered))
    return "\n".join(directory_lines(delivered))


def _tell(delivered: Delivered, files: dict[Path, str], saved: Saved | None, *, write: bool) -> None:
    for path in files:
        click.echo(f"zlxl: 已写 {path}。", err=True)
    for remark in (*delivered.remarks, *(saved.remarks if saved else ())):
        click.echo(f"zlxl: {remark}", err=True)
    if write and saved is None:
        number = f"（{delivered.again}）" if delivered.again else ""
        click.echo(f"zlxl: 今天已报送{number}，名录没有变化，不再写入。", err=True)
    if saved:
        click.echo(f"zlxl: 已写入 {saved.target} 的工作表“获证客户名录”{_logged(delivered)}。", err=True)
        if saved.backup:
            click.echo(f"zlxl: 原文件备份为 {saved.backup}。", err=True)


def _logged(delivered: Delivered) -> str:
    from zlxl.tables.deliveries import DELIVERIES

    known = delivered.book.of(DELIVERIES)
    return "，并登记名录报送" if known else "；没有“名录报送”表，未登记报送"
