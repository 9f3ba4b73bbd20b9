"""``zlxl doctor``: why the add-in does not come to life, and the mend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from zlxl.hosts.diagnosis import Diagnosis


@click.command("doctor", epilog="退出码：0 没有发现问题；1 有问题；2 用法错误。")
@click.option(
    "--folder", type=click.Path(path_type=Path), metavar="DIR", help="Excel 的启动文件夹（默认本机的）。"
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="屏幕上的格式。")
def command(folder: Path | None, form: str) -> int:
    """查 Excel 加载项不能用的八种常见原因，并说明怎样处理；只看不改。"""
    from zlxl.hosts.ailments import examine
    from zlxl.hosts.diagnosis import Patient, State
    from zlxl.hosts.machine import this_machine
    from zlxl.hosts.startup import holding, look

    machine = this_machine()
    place = folder or holding(machine)
    told = examine(Patient(machine=machine, folder=place, addin=look(place)))
    click.echo(_json(told) if form == "json" else "\n".join(_lines(told)))
    return 1 if any(diagnosis.state is State.BAD for diagnosis in told) else 0


def _lines(told: tuple[Diagnosis, ...]) -> list[str]:
    lines = []
    for diagnosis in told:
        lines.append(f"{diagnosis.state.value}  {diagnosis.cause}：{diagnosis.found}")
        if diagnosis.mend:
            lines.append(f"        {diagnosis.mend}")
    return lines


def _json(told: tuple[Diagnosis, ...]) -> str:
    rows = [
        {"cause": each.cause, "state": each.state.name.lower(), "found": each.found, "mend": each.mend}
        for each in told
    ]
    return json.dumps({"schema_version": 1, "causes": rows}, ensure_ascii=False, indent=2)
