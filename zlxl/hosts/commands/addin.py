"""``zlxl addin``: build the Excel add-in, put it where Excel loads it, take it away."""

from __future__ import annotations

from pathlib import Path

import click

from zlxl.errors import OutputExists, UsageError
from zlxl.hosts.helptext import Context


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
    if target.suffix.lower() != ".xlam":
        raise UsageError(f"{target} 的扩展名应是 .xlam，否则 Excel 不当作加载项。")
    if target.exists() and not force:
        raise OutputExists(f"{target} 已存在；要覆盖请加 --force。")
    changed = {"INTERPRETER_WIN": interpreter} if interpreter else {}
    made = package(addin(sources or sources_folder(), changed))
    with atomically(target) as file:
        file.write(made)
    click.echo(target)


_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Excel 的启动文件夹（默认本机当前用户的 XLSTART）。",
)


@command.command("install")
@_FOLDER
@click.option("--interpreter", metavar="PATH", help="Excel 调用的 Python（默认运行本命令的这一个）。")
def install(folder: Path | None, interpreter: str | None) -> None:
    """把加载项放进 Excel 的启动文件夹；不启动 Excel，重新打开 Excel 即生效。"""
    from zlxl.hosts.ailments import complaints
    from zlxl.hosts.machine import this_machine
    from zlxl.hosts.startup import install, startup_folder

    machine = this_machine()
    place = startup_folder(machine, folder)
    for path in install(machine, place, interpreter):
        click.echo(path)
    click.echo("zlxl: 已安装。请重新打开 Excel；没有看到“客户服务”时运行 zlxl doctor。", err=True)
    for line in complaints(machine, place):
        click.echo(f"zlxl: {line}", err=True)
    if machine.mac:
        click.echo("zlxl: Mac 上有功能区按钮，没有单元格函数。", err=True)


@command.command("status")
@_FOLDER
def status(folder: Path | None) -> int:
    """加载项是否已安装、是否为本版本、调用哪个 Python；没有装好时退出码为 1。"""
    from zlxl.hosts.machine import this_machine
    from zlxl.hosts.startup import INTERPRETERS, startup_folder, status

    machine = this_machine()
    found = status(startup_folder(machine, folder))
    if found is None:
        click.echo("没有安装。请运行 zlxl addin install。")
        return 1
    interpreter = found.settings.get(INTERPRETERS[machine.mac], "")
    known = machine.expanded(interpreter).is_file()
    click.echo(f"位置：{found.path}")
    click.echo(
        "版本：与本程序一致" if found.current else "版本：与本程序不同，请运行 zlxl addin install 更新"
    )
    click.echo(f"Python：{interpreter}{'' if known else '（不存在，请运行 zlxl addin install）'}")
    return 0 if found.current and known else 1


@command.command("remove")
@_FOLDER
def remove(folder: Path | None) -> None:
    """从 Excel 的启动文件夹删除加载项；工作簿和程序不动。"""
    from zlxl.hosts.machine import this_machine
    from zlxl.hosts.startup import remove, startup_folder

    removed = remove(startup_folder(this_machine(), folder))
    click.echo(f"已删除 {removed}。" if removed else "没有安装，不用删除。")


for each in (build, install, status, remove):
    each.context_class = Context
