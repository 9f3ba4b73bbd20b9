"""``zlxl config``: the configuration in force and where it comes from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("config")
@click.option("--config", "path", type=click.Path(path_type=Path), metavar="PATH", help="看这个配置文件。")
def command(path: Path | None) -> None:
    """显示当前生效的配置和它的来源。"""
    from zlxl.hosts.config import load

    found = load(path, Path.cwd())
    click.echo(f"# 来源：{found.path or '默认值（没有找到 zlxl.toml 或 [tool.zlxl]）'}")
    click.echo(found.entries.model_dump_json(indent=2, by_alias=True))
