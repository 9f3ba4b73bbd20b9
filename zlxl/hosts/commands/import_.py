"""``zlxl import``: rows of returned forms, other workbooks and CSV files into the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zlxl.errors import OutputExists, Unreadable, UsageError
from zlxl.hosts.options import as_argument, as_day

if TYPE_CHECKING:
    from zlxl.changes import Refusal
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.history import Signature
    from zlxl.jobs.importing.plan import ImportPlan, Outcome
    from zlxl.jobs.importing.sources import Offered
    from zlxl.rules.rule import Book
    from zlxl.schema.table import Table

ERROR_FILE = "zlxl-未导入-"  # so named it is passed over when a folder is imported
_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # what no file name holds
CSV, XLSX = ".csv", ".xlsx"


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """Where the import is to go."""

    database: Path
    target: Path | None  #: None: nothing is written, or the database itself
    writes: bool
    errors: Path | None
    force: bool


@click.command(
    "import",
    epilog="退出码：0 完成；1 有未导入的行或单元格；2 用法错误或不能写入；3 有文件无法读取（优先于 1）。",
)
@click.argument("database", metavar="DB", type=click.Path(path_type=Path))
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--table", "table_name", metavar="NAME", help="导入到这张表（默认按表头判断）。")
@click.option(
    "--mode",
    type=click.Choice(["insert", "update", "upsert"]),
    default="upsert",
    help="insert 只新增，update 只更新已有的行，upsert 两者都做（默认）。",
)
@click.option("--write", "writes", is_flag=True, help="写入 DB（先备份，可用 zlxl undo 撤销）；默认只预览。")
@click.option(
    "-o", "target", type=click.Path(path_type=Path), metavar="OUT", help="写入这个副本，DB 不改动。"
)
@click.option(
    "--errors",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="把未导入的行连同原因写入这个 .csv 或 .xlsx 文件（--write 时默认写在 DB 旁边）。",
)
@click.option("--clear", is_flag=True, help="更新时来源中的空单元格也清空库中的值。")
@click.option("--force", is_flag=True, help="覆盖已有的 OUT 和 --errors 文件。")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="标准输出的格式。"
)
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(database: Path, sources: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """把回收的表单、其他工作簿或 CSV 的行导入数据库 DB：默认只预览，加 --write 才写入。

    SOURCE 可以是 .xlsx、.xlsm、.csv 文件、文件夹或通配符。按编号对应已有的行；不合格的行不导入，写明原因。
    """
    from zlxl.excel.source import open_source
    from zlxl.hosts.inputs import find_files
    from zlxl.jobs.importing.plan import plan_import
    from zlxl.jobs.importing.rows import Mode
    from zlxl.jobs.importing.sources import told_apart
    from zlxl.jobs.settings import Settings
    from zlxl.jobs.validate import read_book

    wanted = _wanted(database, options)
    files = [file for file in find_files(sources) if file.resolve() != database.resolve()]
    _refuse(wanted, files)
    table = _table(options["table_name"])
    opened = open_source(database)
    if not opened.grids() or not opened.grids()[0].typed:
        raise UsageError(f"{database} 是文本文件，不能作为数据库。请用 zlxl new 生成的 .xlsx 工作簿。")
    book = read_book(opened, Settings(today=options["today"] or date.today()))
    offered = told_apart([_offered(file, book, table) for file in files])
    plan = plan_import(book, offered, mode=Mode(options["mode"]), clear=options["clear"])
    errors = list(_write_errors(plan, wanted))
    saved, run = _write(plan, opened, wanted) if wanted.writes else (None, None)
    _tell(plan, wanted, saved, run, errors, as_json=options["format_"] == "json")
    return _exit_code(plan, saved)


def _wanted(database: Path, options: dict[str, Any]) -> _Wanted:
    if options["writes"] and options["target"] is not None:
        raise UsageError("--write 直接写入 DB，-o 写入副本，只能用一个。")
    return _Wanted(
        database=database,
        target=options["target"],
        writes=options["writes"] or options["target"] is not None,
        errors=options["errors"],
        force=options["force"],
    )


def _refuse(wanted: _Wanted, files: Sequence[Path]) -> None:
    """Stop before anything would be overwritten."""
    if not files:
        raise UsageError("没有可导入的文件：来源只有数据库本身。请给出回收的表单、其他工作簿或 CSV 文件。")
    if wanted.errors is not None and wanted.errors.suffix.lower() not in (CSV, XLSX):
        raise UsageError(f"--errors {wanted.errors} 应是 .csv 或 .xlsx 文件。")
    inputs = {path.resolve() for path in (wanted.database, *files)}
    for path in filter(None, (wanted.target, wanted.errors)):
        if path.resolve() in inputs:
            raise UsageError(f"{path} 是数据库或来源文件，不能覆盖。请换一个文件名。")
        if path.exists() and not wanted.force:
            raise OutputExists(f"{path} 已存在。请换一个文件名，或加 --force 覆盖。")


def _table(name: str | None) -> Table | None:
    from zlxl.tables.catalog import TABLES
    from zlxl.tables.changes import CHANGES

    if name is None:
        return None
    tables = {table.name: table for table in TABLES if table is not CHANGES}
    if name == CHANGES.name:
        raise UsageError(f"“{name}”由程序写入，不能导入。")
    if name not in tables:
        raise UsageError(f"没有“{name}”这张表。可用的有：{'、'.join(tables)}。")
    return tables[name]


def _offered(file: Path, book: Book, table: Table | None) -> Offered:
    """What a file offers; one that cannot be read says why, and the others are still done."""
    from zlxl.excel.source import open_source
    from zlxl.jobs.importing.sources import Offered, items_of, offered

    try:
        return offered(open_source(file), book.context, table, items_of(book))
    except Unreadable as error:
        return Offered(path=str(file), reason=str(error))


def _write(plan: ImportPlan, opened: TableSource, wanted: _Wanted) -> tuple[Saved | None, Signature | None]:
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.importing.edits import edits_of, entries

    edits = edits_of(plan)
    if not edits and wanted.target is None:
        return None, None
    run = signature("zlxl import")
    told = entries(plan, edits, opened)
    saved = write(opened, edits, run, target=wanted.target, skip_refused=True, entries=told)
    return saved, run if edits else None


def _write_errors(plan: ImportPlan, wanted: _Wanted) -> Iterator[Path]:
    """The files of rejected rows: written first, so that no row is lost when the database cannot be."""
    from zlxl.excel.write import write_workbook
    from zlxl.jobs.importing.errors import error_table, error_workbook

    outcomes = [outcome for outcome in plan.outcomes if outcome.rejected]
    if not outcomes or (wanted.errors is None and not wanted.writes):
        return
    if wanted.errors is not None and wanted.errors.suffix.lower() == XLSX:
        tables = [error_table(outcome) for outcome in outcomes]
        write_workbook(error_workbook(tables), wanted.errors, overwrite=wanted.force)
        yield wanted.errors
        return
    for outcome in outcomes:
        source = Path(outcome.offer.source).stem.removeprefix(ERROR_FILE)
        sheet = "" if outcome.offer.whole else f"-{_IN_NAMES.sub('_', outcome.offer.sheet)}"
        if wanted.errors is None:
            path = (wanted.target or wanted.database).with_name(f"{ERROR_FILE}{source}{sheet}{CSV}")
        else:
            more = f"-{source}{sheet}" if len(outcomes) > 1 else ""
            path = wanted.errors.with_stem(f"{wanted.errors.stem}{more}")
        yield _write_csv(outcome, path, force=wanted.force and wanted.errors is not None)


def _write_csv(outcome: Outcome, path: Path, *, force: bool) -> Path:
    """The path written to; a file that is there, which a person may be mending, stays."""
    from zlxl.excel.atomic import atomically
    from zlxl.jobs.importing.errors import ENCODING, csv_lines, error_table

    content = "".join(csv_lines(error_table(outcome))).encode(ENCODING)
    stem = path.stem
    number = 1
    while not force and path.exists() and path.read_bytes() != content:
        number += 1
        path = path.with_stem(f"{stem}-{number}")
    if force or not path.exists():
        with atomically(path) as file:
            file.write(content)
    return path


def _tell(
    plan: ImportPlan,
    wanted: _Wanted,
    saved: Saved | None,
    run: Signature | None,
    errors: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    from zlxl.jobs.importing.words import as_json as told
    from zlxl.jobs.importing.words import lines

    for refusal in saved.refused if saved else ():
        click.echo(f"zlxl: {_place(refusal)} {refusal.reason}，没有修改。", err=True)
    if as_json:
        written = {
            "written": str(saved.target) if saved else None,
            "run": run.run_id if run else None,
            "error_files": [str(path) for path in errors],
        }
        text = json.dumps({**told(plan), **written}, ensure_ascii=False, indent=2)
        click.echo(text.encode("utf-8", "replace"))
        return
    for source in plan.sources:
        if source.reason is not None:
            click.echo(f"zlxl: {source.reason}", err=True)
    click.echo("\n".join([*lines(plan), *_after(wanted, saved, run, errors)]))


def _after(
    wanted: _Wanted, saved: Saved | None, run: Signature | None, errors: Sequence[Path]
) -> Iterator[str]:
    """What was written and where, and what to do next."""
    for path in errors:
        yield f"未导入的行连同原因写在 {path}：在其中改正后再导入这个文件。"
    if not wanted.writes:
        yield "以上是预览，没有写入。加 --write 写入数据库，或 -o OUT 写入副本。"
    elif saved is None:
        yield f"没有需要写入的内容，{wanted.database} 未改动。"
    else:
        yield (
            f"已写入 {wanted.target}；{wanted.database} 未改动。"
            if wanted.target
            else f"已修改 {wanted.database}。"
        )
        if saved.backup:
            yield f"修改前的文件已备份为 {saved.backup}。"
        yield from saved.remarks
        if run is None:
            yield "没有需要导入的内容，副本与数据库相同。"
        else:
            yield f"来源已记入“变更记录”；撤销：zlxl undo {as_argument(saved.target)} --run {run.run_id}"


def _place(refusal: Refusal) -> str:
    from zlxl.grid import a1

    return f"{refusal.change.sheet}!{a1(refusal.change.row, refusal.change.column)}"


def _exit_code(plan: ImportPlan, saved: Saved | None) -> int:
    """3 when a source could not be read, 1 when a row or a cell was not imported, else 0."""
    from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED

    if any(source.reason is not None for source in plan.sources):
        return EXIT_UNCHECKED
    return EXIT_FINDINGS if plan.rejected or (saved and saved.refused) else EXIT_CLEAN
