"""``zlxl form``: the forms of section 5, blank or prefilled for clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zlxl.errors import UsageError
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.jobs.forms import Wanted
    from zlxl.sheet import Workbook
    from zlxl.sheets.forms import FormKind

XLSX = ".xlsx"
LIST = "list"
Files = Sequence[tuple[Path, "Workbook"]]


@click.command("form")
@click.argument("title")
@click.argument("database", metavar="[DB]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--client", "clients", multiple=True, metavar="KEY",
    help="给这个客户：合同编号、证书编号、信用代码或企业名称（可写一部分），可重复。",
)  # fmt: skip
@click.option("--all", "everyone", is_flag=True, help="给客户台账中的全部客户。")
@click.option(
    "--where",
    multiple=True,
    metavar="列=值",
    help="给符合条件的客户，如 --where 状态=有效；多个条件须都符合。",
)
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="OUT|DIR",
    help="写入这个 .xlsx 文件（一份时或加 --book 时），或这个文件夹（默认当前文件夹）。",
)  # fmt: skip
@click.option("--book", is_flag=True, help="全部放进一个工作簿，一份一张工作表。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(title: str, database: Path | None, **options: Any) -> int:  # noqa: ANN401
    """生成第 5 章的表单：空白的，或按数据库 DB 为客户预填的；填好收回后用 zlxl import 导入。

    TITLE 是标题或其中几个字，如 满意度、申请书；zlxl form list 列出全部表单。
    """
    from zlxl.jobs.forms import Wanted, form_named

    if title == LIST:
        click.echo("\n".join(_listed()))
        return 0
    form = form_named(title)
    wanted = Wanted(
        keys=options["clients"], where=tuple(map(_condition, options["where"])), everyone=options["everyone"]
    )
    today = options["today"] or date.today()
    if database is None:
        files = _blank(form, wanted, options["output"], today)
    else:
        files = _filled(form, database, wanted, options["output"], book=options["book"], today=today)
    _write(files, force=options["force"])
    return 0


def _listed() -> Iterator[str]:
    from zlxl.sheets.forms import FORMS

    for form in FORMS:
        yield f"{form.number}  {form.title}（{form.clause}）→ {form.table.name}"


def _condition(text: str) -> tuple[str, str]:
    name, separator, value = text.replace("＝", "=").partition("=")
    if not separator or not name.strip():
        raise UsageError(f"--where {text} 写法不对。请写成 列名=值，如 --where 状态=有效。")
    return name.strip(), value


def _blank(form: FormKind, wanted: Wanted, output: Path | None, today: date) -> Files:
    from zlxl.jobs.forms import blank_form

    if wanted.keys or wanted.where or wanted.everyone:
        raise UsageError("按客户预填需要数据库：zlxl form 标题 客户服务数据库.xlsx --client 合同编号。")
    return [(_single(output, form.name), blank_form(form, today))]


def _single(output: Path | None, name: str) -> Path:
    """Where one file goes: the path itself when it ends with .xlsx, else into that folder."""
    if output is not None and output.suffix.lower() == XLSX:
        return output
    return (output or Path()) / f"{name}{XLSX}"


def _filled(
    form: FormKind, database: Path, wanted: Wanted, output: Path | None, *, book: bool, today: date
) -> Files:
    from zlxl.excel.source import open_source
    from zlxl.jobs.forms import drawn, prefilled
    from zlxl.jobs.settings import Settings
    from zlxl.jobs.validate import read_book

    found = read_book(open_source(database), Settings(today=today))
    filled = prefilled(form, found, wanted)
    if not filled:
        raise UsageError(
            f"这些客户没有需要发《{form.title}》的事项，没有生成："
            f"“{form.table.name}”中没有待办的，近期也没有到期的；更远的用 --client 指明。"
        )
    if book or len(filled) == 1:
        name = form.name if book else f"{form.name}_{filled[0].name}"
        return [(_single(output, name), drawn(form, found, filled))]
    folder = output or Path()
    if folder.suffix.lower() == XLSX:
        raise UsageError(
            f"共 {len(filled)} 份，不能都写入 {folder}。请用 -o 文件夹，或加 --book 放进一个工作簿。"
        )
    names = _distinct([f"{form.name}_{one.name}" for one in filled])
    return [
        (folder / f"{name}{XLSX}", drawn(form, found, [one])) for name, one in zip(names, filled, strict=True)
    ]


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, those that are taken with a number behind them."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name.casefold()] = serial = seen.get(name.casefold(), 0) + 1
        told.append(name if serial == 1 else f"{name}_{serial}")
    return told


def _write(files: Files, *, force: bool) -> None:
    """Write them all, or none where one may not be written over; their paths go to stdout."""
    from zlxl.excel.write import refuse_taken, write_workbook

    for path, _ in files:
        refuse_taken(path, overwrite=force)
    for path, workbook in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(workbook, path, overwrite=force)
        click.echo(path)
