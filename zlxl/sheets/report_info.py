"""规则说明, the rules in words, and 运行信息, what was checked, when and with what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from zlxl.findings import FileReport, Severity
from zlxl.rules.rule import Rule
from zlxl.sheet import Content, Sheet, Style
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_view import LISTED, View
from zlxl.sheets.report_words import cell_text, clause

_BLANK: Final = re.compile(r"\{(\w+)\}")
_BLANKS: Final = {
    "header": "该栏",
    "meant": "规范的写法",
    "wanted": "应有的内容",
    "near": "相近的选项",
    "list": "相应列表",
    "first": "符号",
    "latest": "最晚日期",
}

RULES: Final = "规则说明"
INFO: Final = "运行信息"

_RULE_FIELDS: Final = (
    Field(header="规则", width=10, style=Style.CENTER),
    Field(header="名称", width=22, style=Style.STRONG),
    Field(header="级别", width=9, style=Style.CENTER),
    Field(header="依据条款", width=16),
    Field(header="本次条数", width=11, style=Style.INTEGER),
    Field(header="错误示例", width=28, style=Style.NOTE),
    Field(header="正确示例", width=28, style=Style.NOTE),
    Field(header="建议", width=64, style=Style.NOTE),
)
_FILE_FIELDS: Final = (
    Field(header="文件", width=40, style=Style.NOTE),
    Field(header="结果", width=11, style=Style.CENTER),
    Field(header="表", width=7, style=Style.INTEGER),
    Field(header="行", width=10, style=Style.INTEGER),
    Field(header="错误", width=9, style=Style.INTEGER),
    Field(header="警告", width=9, style=Style.INTEGER),
    Field(header="提示", width=9, style=Style.INTEGER),
    Field(header="用时（秒）", width=13, style=Style.DECIMAL),
    Field(header="原因与说明", width=44, style=Style.NOTE),
    Field(header="SHA-256", width=36, style=Style.NOTE),
)


def rules_sheet(view: View) -> Sheet:
    """规则说明: every rule that was judged or found something."""
    found = Counter(line.finding.rule for line in view.lines)
    codes = sorted({*(view.run.rules or view.rules), *found})
    rows = [_rule(code, view.rules.get(code), found[code]) for code in codes]
    hint = (
        f"共 {len(codes)} 条规则，{len(found)} 条发现了问题。列表、阈值和期限在数据库的码表、时限规则中设定。"
    )
    return table_sheet(RULES, hint, _RULE_FIELDS, rows, frozen=2, tab="66717F")


def _rule(code: str, rule: Rule | None, count: int) -> Sequence[Content]:
    if rule is None:
        return (cell_text(code), *[None] * 3, count or None, *[None] * 3)
    texts = map(cell_text, (rule.wrong, rule.right, _plain(rule.suggestion)))
    return (code, rule.name, rule.severity.chinese, clause(rule.clause), count or None, *texts)


def _plain(template: str) -> str:
    """A suggestion whose blanks are not filled in yet."""
    return _BLANK.sub(lambda found: _BLANKS.get(found[1], "…"), template)


def info_sheet(view: View) -> Sheet:
    """运行信息: one line a file; those that could not be checked say why."""
    run = view.run
    said = (
        f"zlxl {run.version}",
        f"开始 {run.started[:19].replace('T', ' ')}",
        f"以 {run.today} 为今天",
        f"{len(run.files)} 个文件，用时合计 {sum(file.seconds for file in run.files):.1f} 秒",
    )
    ordered = sorted(run.files, key=lambda file: file.reason is None)
    rows = [_file(file) for file in ordered[:LISTED]]
    return table_sheet(INFO, "　·　".join(said), _FILE_FIELDS, rows, frozen=1, tab="66717F")


def _file(file: FileReport) -> Sequence[Content]:
    checked = file.reason is None
    told = [file.reason or "", *file.remarks, "" if not checked else _tables(file)]
    return (
        cell_text(file.path),
        "已检查" if checked else "无法检查",
        *([len(file.tables), sum(table.rows for table in file.tables)] if checked else [None, None]),
        *((file.count(severity) if checked else None) for severity in Severity),
        file.seconds,
        cell_text("\n".join(filter(None, told))),
        cell_text(file.sha256),
    )


def _tables(file: FileReport) -> str:
    return "、".join(f"{table.sheet} {table.rows} 行" for table in file.tables)
