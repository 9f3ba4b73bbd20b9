"""``zlxl addin``: build the Excel add-in, put it where Excel loads it, take it away."""

from __future__ import annotations

from pathlib import Path

import click

from zlxl.errors import OutputExists


@click.group("addin")
def command() -> None:
    """Excel 加载项（功能区“客户服务”和单元格函数）：生成、安装、查看、卸载。"""


@command.command("build")
@click.argument("path", required=False, default=None, type=click.Path(path_type=Path))
@click.option(
    "--interpreter", metavar="PATH", help="Windows 上的 python.exe（默认 %LOCALAPPDATA%\\zlxl\\venv 中的）。"
)
@click.option("--sources", type=click.Path(path_type=Path), help="加载项的源文件夹（默认随程序带的）。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def build(path: Path | None, interpreter: str | None, sources: Path | None, force: bool) -> None:
    """生成 zlxl.xlam；同样的源每次生成的文件逐字节相同。"""
    from zlxl.excel.addin import package
    from zlxl.excel.atomic import atomically
    from zlxl.hosts.addin import NAME, addin, sources_folder

    target = path or Path(NAME)
    if target.is_dir():
        target = target / NAME
    if target.exists() and not force:
        raise OutputExists(f"{target} 已存在；要覆盖请加 --force。")
    changed = {"INTERPRETER_WIN": interpreter} if interpreter else {}
    made = package(addin(sources or sources_folder(), changed))
    with atomically(target) as file:
        file.write(made)
    click.echo(target)
