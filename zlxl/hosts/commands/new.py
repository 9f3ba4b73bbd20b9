"""``zlxl new``: a blank database."""

from __future__ import annotations

from pathlib import Path

import click

from zlxl.errors import UsageError

NAME = "客户服务数据库.xlsx"


@click.command("new")
@click.argument("path", required=False, default=NAME, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的文件（先备份）。")
def command(path: Path, force: bool) -> None:
    """生成空白的客户服务数据库（默认文件名 客户服务数据库.xlsx）。"""
    from zlxl.excel.write import write_workbook
    from zlxl.hosts.config import load
    from zlxl.jobs.new import new_workbook

    if path.is_dir():
        path = path / NAME
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path} 的扩展名应是 .xlsx，否则 Excel 打不开。")
    backups = load(None, Path.cwd()).entries.backups
    backup = write_workbook(new_workbook(), path, overwrite=force, backups=backups)
    if backup is not None:
        click.echo(f"原来的文件已备份：{backup}", err=True)
    click.echo(path)
