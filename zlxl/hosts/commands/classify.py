"""``zlxl classify``: topics and classes of requests, from a list of texts or the sheet 客户要求 (4.4-4.6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.errors import UsageError
from zlxl.hosts.options import as_day

if TYPE_CHECKING:
    from zlxl.decisions.decide import Decider
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource
    from zlxl.jobs.classifying.sheet import Sheet

_FILE = click.Path(path_type=Path)


@click.command("classify")
@click.argument("database", metavar="[DB]", type=_FILE, required=False)
@click.option("--csv", "texts", type=_FILE, metavar="IN.csv", help="判定一份清单（列 id,text）。")
@click.option("--write", is_flag=True, help="把建议写入 DB 的工作表“客户要求”（自动备份；不改确认栏）。")
@click.option("--common", is_flag=True, help="列出 DB 中多家客户提出的共性问题及其措施（4.6）。")
@click.option("--train", is_flag=True, help="从 DB 中已确认的要求学习；交叉验证不下降才更换 DB 旁的模型。")
@click.option("--forced", is_flag=True, help="没有把握的也给出最可能的主题和类别，不留待人工。")
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "csv")), default="text", help="输出格式。"
)
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
def command(
    database: Path | None,
    texts: Path | None,
    write: bool,
    common: bool,
    train: bool,
    forced: bool,
    form: str,
    today: date | None,
) -> int:
    """客户要求判为 a、b、c 三类：主题、责任部门、期限和依据；a、c 类和投诉申诉须人确认。

    给出 DB 时判定其工作表“客户要求”中未确认的行，列出须人处理的、逾期的和应及时反馈的；给出 --csv 时判定
    清单，词库和权限表取自 DB，没有 DB 时用出厂值。DB 有逾期的要求时退出码为 1。
    """
    _check(database, texts, write=write, common=common, train=train)
    day = today or date.today()
    if texts is not None:
        click.echo(_of_texts(texts, database, form, day, forced=forced), nl=False)
        return 0
    if database is None:
        raise AssertionError
    if common:
        click.echo(_of_groups(database, form, day), nl=False)
        return 0
    if train:
        click.echo(_learnt(database, form, day))
        return 0
    return _of_sheet(database, form, day, write=write, forced=forced)


def _check(database: Path | None, texts: Path | None, *, write: bool, common: bool, train: bool) -> None:
    """UsageError for options that do not go together."""
    if database is None and texts is None:
        raise UsageError("请给出数据库，或用 --csv 给出清单。用 zlxl classify --help 查看用法。")
    if write + common + train > 1:
        raise UsageError("--write、--common、--train 一次只能用一个。")
    if texts is not None and (write or common or train):
        raise UsageError("--write、--common 和 --train 用于数据库的客户要求，不能与 --csv 同用。")


def _learnt(database: Path, form: str, today: date) -> str:
    from zlxl.hosts.learning import learning_lines, learning_object, train

    if form == "csv":
        raise UsageError("--train 的结果没有 csv 格式。请用 --format text 或 json。")
    learning = train(database, today, lambda told: click.echo(f"zlxl: {told}", err=True))
    if form == "json":
        return json.dumps(learning_object(learning, database), ensure_ascii=False, indent=2)
    return "\n".join(learning_lines(learning, database))


def _of_texts(texts: Path, database: Path | None, form: str, today: date, *, forced: bool) -> str:
    from zlxl.excel.source import open_source
    from zlxl.jobs.classifying.texts import classify_texts
    from zlxl.jobs.classifying.words import text_lines, text_objects, text_table

    decided = classify_texts(open_source(texts), _decider(database, today, forced=forced))
    if form == "json":
        return json.dumps(text_objects(decided), ensure_ascii=False, indent=2) + "\n"
    return text_table(decided) if form == "csv" else "\n".join(text_lines(decided)) + "\n"


def _decider(database: Path | None, today: date, *, forced: bool) -> Decider:
    """By the policy of the database, else by the shipped one."""
    from zlxl.decisions.decide import decider_of
    from zlxl.hosts.learning import model_beside
    from zlxl.tables.policy import shipped_context

    model = model_beside(database)
    if database is None:
        return decider_of((), shipped_context(today), model=model, forced=forced)
    from zlxl.excel.source import open_source
    from zlxl.jobs.settings import Settings
    from zlxl.jobs.validate import read_book

    book = read_book(open_source(database), Settings(today=today))
    return decider_of(book.frames, book.context, model=model, forced=forced)


def _of_sheet(database: Path, form: str, today: date, *, write: bool, forced: bool) -> int:
    from zlxl.excel.source import open_source
    from zlxl.hosts.learning import model_beside
    from zlxl.jobs.classifying.attention import overdue
    from zlxl.jobs.classifying.sheet import classify_sheet

    opened = open_source(database)
    sheet = classify_sheet(opened, today=today, model=model_beside(database), forced=forced)
    saved = _write(opened, sheet) if write else None
    click.echo(_told(sheet, database, saved, form), nl=False)
    for remark in _remarks(sheet, saved, write=write):
        click.echo(f"zlxl: {remark}", err=True)
    return 1 if overdue(sheet) else 0


def _of_groups(database: Path, form: str, today: date) -> str:
    from zlxl.excel.source import open_source
    from zlxl.hosts.learning import model_beside
    from zlxl.jobs.classifying.problems import common_problems
    from zlxl.jobs.classifying.sheet import classify_sheet
    from zlxl.jobs.classifying.words import common_lines, common_objects, common_table

    sheet = classify_sheet(open_source(database), today=today, model=model_beside(database))
    problems = common_problems(sheet)
    if form == "json":
        told = {"schema_version": 1, "path": database.as_posix(), "common": common_objects(problems)}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return common_table(problems) if form == "csv" else "\n".join(common_lines(problems)) + "\n"


def _write(opened: TableSource, sheet: Sheet) -> Saved | None:
    """Write the proposals; None where the sheet holds them already."""
    from zlxl.hosts.writing import signature, write
    from zlxl.jobs.classifying.edits import edits_of, reasons
    from zlxl.jobs.history import entries_of

    edits = edits_of(sheet)
    if not edits:
        return None
    entries = entries_of(opened, edits, reasons(sheet))
    return write(opened, edits, signature("zlxl classify"), skip_refused=True, entries=entries)


def _told(sheet: Sheet, database: Path, saved: Saved | None, form: str) -> str:
    from zlxl.jobs.classifying.words import sheet_lines, sheet_object, sheet_table

    if form == "csv":
        return sheet_table(sheet)
    written = saved.target.as_posix() if saved else None
    if form == "json":
        told = {"schema_version": 1, "path": database.as_posix(), "written": written, **sheet_object(sheet)}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return "\n".join([*sheet_lines(sheet), *([f"已写入 {written}。"] if written else [])]) + "\n"


def _remarks(sheet: Sheet, saved: Saved | None, *, write: bool) -> Iterator[str]:
    from zlxl.grid import a1
    from zlxl.jobs.classifying.edits import missing_columns

    yield from sheet.remarks
    if lacking := missing_columns(sheet):
        yield f"客户要求没有这些列，建议不能写入：{'、'.join(lacking)}。"
    if write and saved is None:
        yield "建议与表中已有的相同，没有写入。"
    for refusal in saved.refused if saved else ():
        change = refusal.change
        yield f"{change.sheet}!{a1(change.row, change.column)} {refusal.reason}，没有修改。"
    if saved:
        yield from saved.remarks
        if saved.backup:
            yield f"原文件备份为 {saved.backup}。"
