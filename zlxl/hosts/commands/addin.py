"""``zlxl addin``: build the add-in of Excel or LibreOffice, put it where it is loaded, take it away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from zlxl.errors import OutputExists, UsageError
from zlxl.hosts.helptext import Context

if TYPE_CHECKING:
    from zlxl.hosts.calc.unopkg import Unopkg

EXCEL: Final = "excel"
CALC: Final = "calc"

Command = Callable[..., Any]

_HOST = click.option(
    "--host", type=click.Choice([EXCEL, CALC]), default=EXCEL, help="Excel（默认）或 LibreOffice Calc。"
)
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Excel 的启动文件夹（默认本机当前用户的 XLSTART）。",
)
_UNOPKG = click.option(
    "--unopkg",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="LibreOffice 的 unopkg（默认在 PATH 和常见位置中找）。",
)
_SHARED = click.option("--shared", is_flag=True, help="LibreOffice：为本机所有用户，须有管理员权限。")


def _places(command: Command) -> Command:
    """The options that say which host, and where it is."""
    for option in (_SHARED, _UNOPKG, _FOLDER, _HOST):
        command = option(command)
    return command


@click.group("addin")
def command() -> None:
    """Excel 和 LibreOffice Calc 的加载项（功能区或菜单“客户服务”，单元格函数）：生成、安装、查看、卸载。"""


@command.command("build")
@click.argument("path", required=False, default=None, type=click.Path(path_type=Path))
@_HOST
@click.option(
    "--interpreter",
    metavar="PATH",
    help="Excel：Windows 上的 python.exe（默认 %LOCALAPPDATA%\\zlxl\\venv 中的）；"
    "Calc：调用的 Python（默认运行本命令的这一个）。",
)
@click.option("--sources", type=click.Path(path_type=Path), help="加载项的源文件夹（默认随程序带的）。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def build(path: Path | None, host: str, interpreter: str | None, sources: Path | None, force: bool) -> None:
    """生成 zlxl.xlam（Calc 为 zlxl.oxt）；同样的源每次生成的文件逐字节相同。"""
    from zlxl.excel.atomic import atomically
    from zlxl.hosts.addin import sources_folder

    name, made = {EXCEL: _for_excel, CALC: _for_calc}[host](sources or sources_folder(), interpreter)
    target = path or Path(name)
    if target.is_dir():
        target = target / name
    if target.suffix.lower() != Path(name).suffix:
        raise UsageError(f"{target} 的扩展名应是 {Path(name).suffix}，否则不当作加载项。")
    if target.exists() and not force:
        raise OutputExists(f"{target} 已存在；要覆盖请加 --force。")
    with atomically(target) as file:
        file.write(made)
    click.echo(target)


def _for_excel(sources: Path, interpreter: str | None) -> tuple[str, bytes]:
    from zlxl.excel.addin import package
    from zlxl.hosts.addin import NAME, addin

    return NAME, package(addin(sources, {"INTERPRETER_WIN": interpreter} if interpreter else {}))


def _for_calc(sources: Path, interpreter: str | None) -> tuple[str, bytes]:
    from zlxl.hosts.calc.extension import NAME, extension, package
    from zlxl.hosts.machine import this_machine

    return NAME, package(extension(sources / CALC, interpreter or this_machine().interpreter))


@command.command("install")
@_places
@click.option("--interpreter", metavar="PATH", help="要调用的 Python（默认运行本命令的这一个）。")
def install(
    host: str, folder: Path | None, unopkg: Path | None, shared: bool, interpreter: str | None
) -> None:
    """把加载项放进 Excel 的启动文件夹或 LibreOffice；重新打开 Excel 或 LibreOffice 即生效。"""
    from zlxl.hosts.machine import this_machine

    machine = this_machine()
    if (calc := _calc(host, folder, unopkg, shared=shared)) is not None:
        _install_in_calc(calc, interpreter or machine.interpreter)
        return
    from zlxl.hosts.ailments import complaints
    from zlxl.hosts.startup import install, startup_folder

    place = startup_folder(machine, folder)
    for path in install(machine, place, interpreter):
        click.echo(path)
    click.echo("zlxl: 已安装。请重新打开 Excel；没有看到“客户服务”时运行 zlxl doctor。", err=True)
    for line in complaints(machine, place):
        click.echo(f"zlxl: {line}", err=True)
    if machine.mac:
        click.echo("zlxl: Mac 上有功能区按钮，没有单元格函数。", err=True)


def _install_in_calc(calc: Unopkg, interpreter: str) -> None:
    from zlxl.hosts.calc.unopkg import fault_of, install

    install(calc, interpreter)
    click.echo(calc.program)
    click.echo("zlxl: 已安装到 LibreOffice。请关闭它的全部窗口，再重新打开。", err=True)
    if fault := fault_of(interpreter):
        click.echo(
            f"zlxl: {interpreter} 不能用：{fault}。请用 --interpreter 指明装有 zlxl 的 Python。", err=True
        )


def _calc(host: str, folder: Path | None, unopkg: Path | None, *, shared: bool) -> Unopkg | None:
    """LibreOffice, where it is meant; None for Excel."""
    from zlxl.hosts.calc.unopkg import find
    from zlxl.hosts.machine import this_machine

    if host == CALC and folder is not None:
        raise UsageError("--folder 只用于 Excel。请去掉它；LibreOffice 在别处时用 --unopkg。")
    if host == EXCEL and (unopkg is not None or shared):
        raise UsageError("--unopkg 和 --shared 只用于 LibreOffice。请加上 --host calc。")
    return find(this_machine(), unopkg, shared=shared) if host == CALC else None


@command.command("status")
@_places
def status(host: str, folder: Path | None, unopkg: Path | None, shared: bool) -> int:
    """加载项是否已安装、是否为本版本、调用哪个 Python；没有装好时退出码为 1。"""
    if (calc := _calc(host, folder, unopkg, shared=shared)) is not None:
        return _status_in_calc(calc)
    return _status_in_excel(folder)


def _status_in_calc(calc: Unopkg) -> int:
    from zlxl.hosts.calc.unopkg import fault_of, status

    again = f"zlxl addin install --host calc{' --shared' if calc.shared else ''}"
    found = status(calc)
    if found is None:
        click.echo(f"没有安装。请运行 {again}。")
        return 1
    click.echo(f"位置：LibreOffice（{calc.program}），{'所有用户' if calc.shared else '当前用户'}")
    click.echo("版本：与本程序一致" if found.current else f"版本：与本程序不同，请运行 {again} 更新")
    fault = fault_of(found.interpreter) if found.interpreter else "没有写明"
    click.echo(f"Python：{found.interpreter}{f'（不能用：{fault}，请运行 {again}）' if fault else ''}")
    return 0 if found.current and not fault else 1


def _status_in_excel(folder: Path | None) -> int:
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
@_places
def remove(host: str, folder: Path | None, unopkg: Path | None, shared: bool) -> None:
    """从 Excel 的启动文件夹或 LibreOffice 删除加载项；工作簿和程序不动。"""
    if (calc := _calc(host, folder, unopkg, shared=shared)) is not None:
        from zlxl.hosts.calc.unopkg import remove as remove_from_calc

        click.echo("已从 LibreOffice 删除。" if remove_from_calc(calc) else "没有安装，不用删除。")
        return
    from zlxl.hosts.machine import this_machine
    from zlxl.hosts.startup import remove, startup_folder

    removed = remove(startup_folder(this_machine(), folder))
    click.echo(f"已删除 {removed}。" if removed else "没有安装，不用删除。")


for each in (build, install, status, remove):
    each.context_class = Context
