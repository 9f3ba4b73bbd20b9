"""``zlxl demo``: a sample database with the whole procedure done, the same with faults, and its report."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zlxl.hosts.options import as_argument

if TYPE_CHECKING:
    from zlxl.findings import FileReport, Run
    from zlxl.hosts.procedure import Step
    from zlxl.jobs.demo import Demo, Outcome

FOLDER = "zlxl-demo"
CLEAN = "客户服务数据库.xlsx"
FAULTY = "客户服务数据库_含错误.xlsx"
FAULTS = "注入的错误.csv"
REPORT = "校验报告"
SEED, CLIENTS, TODAY = 16, 400, "2026-11-24"


def _day(_ctx: click.Context, _param: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"“{value}”不是日期，请写成 2026-11-24。") from None


@click.command("demo")
@click.argument("folder", required=False, default=FOLDER, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--seed", default=SEED, show_default=True, metavar="N", help="随机种子，相同则数据相同。")
@click.option(
    "--clients",
    default=CLIENTS,
    show_default=True,
    type=click.IntRange(1, 20_000),
    metavar="N",
    help="客户数。",
)
@click.option(
    "--today", default=TODAY, show_default=True, callback=_day, metavar="DATE", help="数据截止到哪一天。"
)
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def command(folder: Path, seed: int, clients: int, today: date, force: bool) -> None:
    """演示：生成示例数据库并在其中做完客户服务各步，再校验一个含已知错误的副本（默认文件夹 zlxl-demo）。"""
    from zlxl.jobs.demo import compare, faults_csv, make_demo

    _refuse_taken(folder, force=force)
    folder.mkdir(parents=True, exist_ok=True)
    with _uncollected():
        demo = make_demo(seed=seed, clients=clients, today=today)
        steps = _write(folder, demo)
        clean, faulty = _check(folder, demo)
    outcome = compare(demo.faults, faulty)
    (folder / FAULTS).write_text(faults_csv(demo.faults, outcome.found), "utf-8-sig", newline="")
    _write_reports(folder, _run(faulty, today))
    for line in _summary(folder, demo, steps, (clean, faulty), outcome):
        click.echo(line)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: hundreds of thousands of cells and no cycles, a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _write(folder: Path, demo: Demo) -> tuple[Step, ...]:
    """Write both workbooks, and do the procedure on the clean one."""
    from zlxl.excel.write import write_workbook
    from zlxl.hosts.procedure import carry_out

    write_workbook(demo.clean, folder / CLEAN, overwrite=True)
    write_workbook(demo.faulty, folder / FAULTY, overwrite=True)
    return tuple(carry_out(folder / CLEAN, demo.today))


def _check(folder: Path, demo: Demo) -> tuple[FileReport, FileReport]:
    from zlxl.errors import Unreadable
    from zlxl.hosts.check import check_file
    from zlxl.jobs.settings import Settings

    clean, faulty = (check_file(folder / name, Settings(today=demo.today)) for name in (CLEAN, FAULTY))
    for report in (clean, faulty):
        if report.reason is not None:
            raise Unreadable(report.reason)
    return clean, faulty


def _refuse_taken(folder: Path, *, force: bool) -> None:
    from zlxl.errors import OutputExists, UsageError
    from zlxl.hosts.procedure import FILES

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} 是文件，不是文件夹。请换一个文件夹名。")
    taken = [name for name in (CLEAN, FAULTY, FAULTS, *FILES) if (folder / name).exists()]
    if taken and not force:
        raise OutputExists(f"{folder} 中已有 {taken[0]}，未覆盖。请换一个文件夹，或加 --force。")


def _run(report: FileReport, today: date) -> Run:
    from datetime import datetime

    from zlxl import __version__
    from zlxl.findings import Run
    from zlxl.rules.catalog import RULES

    return Run(
        files=(report,),
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
        version=__version__,
        today=today.isoformat(),
        rules=tuple(rule.code for rule in RULES),
    )


def _write_reports(folder: Path, run: Run) -> None:
    from zlxl.excel.write import write_workbook
    from zlxl.hosts.outputs import Target, write_all
    from zlxl.rules.catalog import RULE
    from zlxl.sheets.report import report_workbook

    book = report_workbook(run, RULE, {}, folder=folder.as_posix())
    write_workbook(book, folder / f"{REPORT}.xlsx", overwrite=True)
    targets = [Target(format=name, path=folder / f"{REPORT}.{name}") for name in ("html", "json")]
    write_all(targets, run, colour="never")


def _summary(
    folder: Path,
    demo: Demo,
    steps: Iterable[Step],
    reports: tuple[FileReport, FileReport],
    outcome: Outcome,
) -> Iterator[str]:
    """What was made, what was found, what to look at first."""
    clean, faulty = reports
    yield f"示例数据库（{sum(demo.rows.values()):,} 行）已写入 {folder}"
    yield "  " + "，".join(f"{name} {count}" for name, count in demo.rows.items())
    yield ""
    yield f"{CLEAN}　没有错误的数据：{_counts(clean)}"
    for step in steps:
        yield f"  {step.command}　{'、'.join(step.places)}：{step.found}"
    yield ""
    yield f"{FAULTY}　含已知错误的副本：{_counts(faulty)}"
    yield f"{FAULTS}　注入 {len(outcome.found)} 处，找到 {sum(outcome.found)} 处{_beside(outcome)}"
    yield f"{REPORT}.html、{REPORT}.xlsx、{REPORT}.json　副本的校验报告"
    yield ""
    yield f"先打开 {folder / f'{REPORT}.html'} 看问题，再打开 {folder / CLEAN} 的“首页”和上面各表。"
    yield "接着可以试："
    yield f"  zlxl validate {as_argument(folder / FAULTY)} --today {demo.today}"
    yield f"  zlxl fix {as_argument(folder / FAULTY)}"
    yield "  zlxl rule ZL132"


def _beside(outcome: Outcome) -> str:
    return f"，另有 {len(outcome.unexpected)} 处意料之外" if outcome.unexpected else ""


def _counts(report: FileReport) -> str:
    from zlxl.findings import Severity

    return "，".join(f"{level.chinese} {report.count(level)}" for level in Severity)
