"""The command ``zlxl``: a group whose commands are loaded when they are called."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import Any, NoReturn

import click

from zlxl import __version__
from zlxl.errors import Unreadable, ZlxlError, os_reason
from zlxl.hosts.helptext import Context, message_words

COMMANDS = (
    *("new", "demo", "validate", "fix", "undo", "diff", "import", "form", "merge"),
    *(
        "classify",
        "grade",
        "plan",
        "satisfaction",
        "yearend",
        "directory",
        "number",
        "turnaround",
    ),
    *("rule", "schema", "config", "addin", "doctor"),
)
DEBUG = "ZLXL_DEBUG"  # set it to see the traceback of an internal error
EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, EXIT_UNCHECKED = 0, 1, 2, 3


class LazyGroup(click.Group):
    """Commands live in ``zlxl.hosts.commands``, one module each."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the manual."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"zlxl.hosts.commands.{module}").command
        command.context_class = Context
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="退出码：0 没有达到 --fail-on 的问题；1 有；2 用法或配置错误；3 有文件无法检查（优先于 1）。",
)
@click.version_option(__version__, "-V", "--version", prog_name="zlxl", message="%(prog)s %(version)s")
def cli() -> None:
    """中澜认证客户服务数据库（ZL-CX-16）：生成、校验、修复 Excel 工作簿，不需要安装 Excel。"""


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command; every error is one line on stderr and an exit code, never a traceback."""
    _speak_utf8()
    try:
        sys.exit(cli.main(args=args, prog_name="zlxl", standalone_mode=False) or EXIT_CLEAN)
    except click.exceptions.Abort:
        _stop("已中断；没有写完的文件不会留下。", EXIT_USAGE)
    except click.ClickException as error:
        _stop(usage_words(error), EXIT_USAGE)
    except ZlxlError as error:
        _stop(str(error), EXIT_UNCHECKED if isinstance(error, Unreadable) else EXIT_USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_CLEAN)
    except (OSError, MemoryError) as error:
        _stop(system_words(error), EXIT_USAGE)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        _stop(f"内部错误（{what}）。请设 {DEBUG}=1 重新运行，把输出交给 IT。", EXIT_USAGE)


def run() -> NoReturn:
    """The console's way in: leave without freeing millions of cells one by one, which takes seconds."""
    if not os.environ.get(DEBUG):
        sys.unraisablehook = lambda _: None  # a zip that cannot be closed on a full disk: it was told of
    try:
        main()
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else EXIT_CLEAN
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def usage_words(error: click.ClickException) -> str:
    """A wrong call in the clerk's words."""
    context = getattr(error, "ctx", None)
    hint = f"用 {context.command_path if context else 'zlxl'} --help 查看用法。"
    match error:
        case click.NoSuchOption():
            near = f"是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
            return f"没有选项 {error.option_name}。{near}{hint}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            return f"缺少参数 {name}。{hint}"
        case click.BadParameter():
            name = "/".join(error.param.opts) if error.param else ""
            return f"{name} 的值不对：{message_words(error.message)}{hint}"
    return f"{message_words(error.format_message())}{hint}"


def system_words(error: OSError | MemoryError) -> str:
    """What the machine could not do, and where."""
    if isinstance(error, MemoryError):
        return "系统错误：内存不足。请关闭其他程序，或换用内存更大的电脑。"
    where = f"（{error.filename}）" if isinstance(error.filename, str) else ""
    return f"系统错误：{os_reason(error)}{where}。请检查路径、权限和磁盘空间。"


def _stop(message: str, code: int) -> NoReturn:
    click.echo(f"zlxl: {message}", err=True)
    sys.exit(code)


def _speak_utf8() -> None:
    """A console of another code page must not stop the run at a character it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


if __name__ == "__main__":
    run()
