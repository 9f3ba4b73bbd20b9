"""``zlxl schema``: the JSON Schema of a table, of all tables, or of the report."""

from __future__ import annotations

import json

import click

from zlxl.errors import UsageError


@click.command("schema")
@click.argument("table", required=False)
@click.option("--report", is_flag=True, help="输出 JSON 报告的结构，而不是表的结构。")
def command(table: str | None, report: bool) -> None:
    """输出表的 JSON Schema：zlxl schema 客户台账；不带表名时输出全部表。"""
    from zlxl.jobs.schema import schema_of_tables
    from zlxl.reports.json import schema as report_schema
    from zlxl.tables.catalog import TABLES

    if report:
        found = dict(report_schema())
    else:
        chosen = [t for t in TABLES if table in (None, t.name)]
        if not chosen:
            raise UsageError(f"没有“{table}”这张表。可用的有：{'、'.join(t.name for t in TABLES)}。")
        found = schema_of_tables(chosen)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
