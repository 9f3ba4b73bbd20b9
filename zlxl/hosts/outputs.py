"""Where reports go: stdout and files, each in its format."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from zlxl.errors import UsageError
from zlxl.findings import Run
from zlxl.hosts.files import write_text
from zlxl.reports.catalog import REPORTS
from zlxl.rules.catalog import RULE

XLSX = "xlsx"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One report: its format and file, None for stdout."""

    format: str
    path: Path | None


def parse_targets(
    outputs: Sequence[str], on_stdout: str, formats: Collection[str] = (*REPORTS,)
) -> list[Target]:
    """The targets of ``--output FORMAT=PATH`` and ``--format``: one of these formats or xlsx.

    Raises:
        UsageError: an unknown format, a missing path, or xlsx for stdout.
    """
    if on_stdout == XLSX:
        raise UsageError("xlsx 报告不能输出到屏幕。请用 --output xlsx=报告.xlsx。")
    targets = [Target(format=_known(on_stdout, formats), path=None)]
    for output in outputs:
        name, separator, path = output.partition("=")
        if not separator or not path:
            raise UsageError(f"--output {output} 写法不对。请写成 格式=路径，如 xlsx=报告.xlsx。")
        targets.append(Target(format=_known(name, formats), path=Path(path)))
    return targets


def _known(name: str, formats: Collection[str]) -> str:
    if name not in formats and name != XLSX:
        raise UsageError(f"没有“{name}”这种格式。可用的有：{'、'.join([*formats, XLSX])}。")
    return name


def refuse_inputs(targets: Sequence[Target], files: Sequence[Path]) -> None:
    """Stop before a report would overwrite a file that is being checked."""
    inputs = {file.resolve() for file in files}
    for target in targets:
        if target.path is not None and target.path.resolve() in inputs:
            raise UsageError(f"{target.path} 是被检查的文件，不能用报告覆盖它。请换一个 --output 路径。")


def write_all(targets: Sequence[Target], run: Run, *, colour: str) -> None:
    """Write every report; files first, so that stdout is last on the screen."""
    for target in sorted(targets, key=lambda target: target.path is None):
        if target.format == XLSX and target.path is not None:
            write_xlsx(run, target.path)
        elif target.path is not None:
            report = REPORTS[target.format]
            write_text(target.path, report.chunks(run, RULE), report.encoding)
        else:
            _write_stdout(target, run, colour)


def _write_stdout(target: Target, run: Run, colour: str) -> None:
    report = REPORTS[target.format]
    painted = colour == "always" or (
        colour == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    )
    if report.encoding == "utf-8" and target.format not in ("text", "concise"):
        for chunk in report.chunks(run, RULE):
            click.echo(chunk.encode("utf-8", "replace"), nl=False)
        return
    for chunk in report.chunks(run, RULE, colour=painted):
        sys.stdout.write(chunk)
    sys.stdout.flush()


def write_xlsx(run: Run, path: Path) -> None:
    """The report workbook; 处理结果 of an earlier report at the same path are carried over.

    Raises:
        UsageError: another workbook stands at the path.
    """
    from zlxl.excel.source import open_source
    from zlxl.excel.write import write_workbook
    from zlxl.sheets.report import read_remarks, report_workbook

    remarks = read_remarks(open_source(path)) if path.exists() else {}
    if remarks is None:
        raise UsageError(f"{path} 已存在，且不是校验报告，不能覆盖。请换一个路径。")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(report_workbook(run, RULE, remarks, folder=str(path.parent)), path, overwrite=True)
