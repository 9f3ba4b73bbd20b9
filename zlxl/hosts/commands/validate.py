"""``zlxl validate``: check workbooks and report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zlxl.errors import UsageError
from zlxl.hosts.options import as_codes, as_day

if TYPE_CHECKING:
    from zlxl.findings import Run
    from zlxl.hosts.config import Config
    from zlxl.jobs.settings import Settings

LEVELS = ("error", "warning", "note", "never")


@click.command("validate")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    help="标准输出的格式：text concise json jsonl csv html sarif junit github（默认 text）。",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=PATH",
    help="另写一份报告到文件，可重复；此处还可用 xlsx。",
)
@click.option("--today", callback=as_day, metavar="DATE", help="把这一天当作今天（默认系统日期）。")
@click.option(
    "--select",
    multiple=True,
    callback=as_codes,
    metavar="CODES",
    help="只用这些规则（代码或前缀，逗号分隔）。",
)
@click.option("--ignore", multiple=True, callback=as_codes, metavar="CODES", help="不用这些规则。")
@click.option("--fail-on", type=click.Choice(LEVELS), help="从哪一级起退出码为 1（默认 error）。")
@click.option("--exit-zero", is_flag=True, help="有问题时也以 0 退出（文件无法检查仍为 3）。")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="PATH", help="基线：其中已有的问题不算新问题。"
)
@click.option("--update-baseline", is_flag=True, help="把本次的全部问题写入 --baseline，并以 0 退出。")
@click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help="同时检查的文件数。")
@click.option("--exclude", multiple=True, metavar="GLOB", help="跳过这些文件。")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="配置文件（默认向上找 zlxl.toml 或 pyproject.toml）。",
)
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="文字报告是否用颜色。"
)
@click.option("--no-progress", is_flag=True, help="不显示进度条。")
@click.option(
    "--mark", "marks", is_flag=True, help="在工作簿中给有问题的单元格着色、加批注，并加入工作表“校验结果”。"
)
@click.option("--unmark", "unmarks", is_flag=True, help="只取消标记：恢复原来的填充，删除批注和“校验结果”。")
def command(paths: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """校验工作簿：每一行、每一条规则，指出准确的单元格。不加 --mark 就不写入被检查的文件。

    FILE 可以是 .xlsx、.xlsm、.csv 文件、文件夹或通配符；~$ 开头的占用文件自动跳过。
    """
    from zlxl.hosts import config, outputs
    from zlxl.hosts.inputs import find_files

    found = config.load(options["config_path"], Path.cwd())
    targets = outputs.parse_targets(options["outputs"], options["format_"] or found.entries.format)
    files = find_files(paths, (*found.entries.exclude, *options["exclude"]))
    if options["unmarks"]:
        return _unmark(files, options)
    outputs.refuse_inputs(targets, files)
    baseline = _baseline(options, found)
    settings = _settings(options, found, baseline, files)
    run = _run(files, settings, options["jobs"] or found.entries.jobs, progress=not options["no_progress"])
    outputs.write_all(targets, run, colour=options["color"])
    if options["update_baseline"] and baseline:
        from zlxl.hosts.baseline import update_baseline

        update_baseline(baseline, run)
    forgiven = options["exit_zero"] or options["update_baseline"]
    code = exit_code(run, options["fail_on"] or found.entries.fail_on, exit_zero=forgiven)
    return max(code, _mark(run)) if options["marks"] else code


def _mark(run: Run) -> int:
    from zlxl.hosts.marking import mark_files

    return mark_files(run)


def _unmark(files: Sequence[Path], options: dict[str, Any]) -> int:
    from zlxl.hosts.marking import unmark_files

    if options["marks"]:
        raise UsageError("--mark 和 --unmark 不能同时使用。")
    return unmark_files(files)


def _baseline(options: dict[str, Any], found: Config) -> Path | None:
    """Path of the baseline: the argument's, else the configuration's, seen from its own folder."""
    path: Path | None = options["baseline"]
    if path is None and found.entries.baseline and found.path:
        path = found.path.parent / found.entries.baseline
    if path is None and options["update_baseline"]:
        raise UsageError("--update-baseline 需要同时给出 --baseline PATH。")
    return path


def _settings(
    options: dict[str, Any], found: Config, baseline: Path | None, files: Sequence[Path]
) -> Settings:
    from zlxl.hosts.baseline import read_baseline
    from zlxl.jobs.settings import Settings, Waiver

    entries = found.entries
    known = read_baseline(baseline, files) if baseline and not options["update_baseline"] else None
    return Settings(
        today=options["today"] or date.today(),
        select=options["select"] or entries.select,
        ignore=(*entries.ignore, *options["ignore"]),
        severity=entries.severity,
        waivers=tuple(Waiver(**waiver.model_dump()) for waiver in entries.waivers),
        baseline=known,
    )


def _run(files: list[Path], settings: Settings, jobs: int, *, progress: bool) -> Run:
    from zlxl import __version__
    from zlxl.findings import Run
    from zlxl.hosts.check import check_files
    from zlxl.hosts.progress import shown_progress
    from zlxl.jobs.waivers import with_waiver_remarks
    from zlxl.rules.catalog import RULES

    started = datetime.now().astimezone().isoformat(timespec="seconds")
    reports = shown_progress(check_files(files, settings, jobs), len(files), wanted=progress)
    return Run(
        files=with_waiver_remarks(tuple(reports), settings),
        started=started,
        version=__version__,
        today=settings.today.isoformat(),
        rules=tuple(rule.code for rule in RULES if settings.judged(rule.code)),
    )


def exit_code(run: Run, fail_on: str, *, exit_zero: bool = False) -> int:
    """0 clean, 1 findings at or above the level, 3 some file was not checked (3 wins)."""
    from zlxl.findings import Severity
    from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED

    if any(file.reason is not None for file in run.files):
        return EXIT_UNCHECKED
    if exit_zero or fail_on == "never":
        return EXIT_CLEAN
    bad = sum(run.count(level) for level in Severity if level.rank >= Severity(fail_on).rank)
    return EXIT_FINDINGS if bad else EXIT_CLEAN
