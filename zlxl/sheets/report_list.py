"""问题清单, one line a finding for a person to settle, and 修复预览, what a repair would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from zlxl.findings import Fix
from zlxl.sheet import Block, Content, Sheet, Style
from zlxl.sheets.data import FIRST_ROW, HEADER_ROW
from zlxl.sheets.report_remarks import FINGERPRINT, Remark
from zlxl.sheets.report_table import Field, body, table_sheet
from zlxl.sheets.report_view import LINKED, Line, View
from zlxl.sheets.report_words import LIST, OUTCOME, OUTCOMES, STATES, cell_text, clause

FIXES: Final = "修复预览"
_FILE: Final = Field(header="文件", width=22)
_FIELDS: Final = (
    Field(header="级别", width=9, style=Style.CENTER),
    Field(header="状态", width=9, style=Style.CENTER),
    _FILE,
    Field(header="工作表", width=13),
    Field(header="单元格", width=11, style=Style.LINK_CENTER),
    Field(header="编号", width=19, style=Style.CODE),
    Field(header="字段", width=15),
    Field(header="现值", width=20, style=Style.NOTE),
    Field(header="应为", width=22, style=Style.NOTE),
    Field(header="说明", width=38, style=Style.NOTE),
    Field(header="规则", width=9, style=Style.CENTER),
    Field(header="依据条款", width=16),
    Field(header="建议", width=36, style=Style.NOTE),
    Field(header="可自动修复", width=13, style=Style.CENTER),
    Field(header=OUTCOME, width=13, style=Style.CENTER, choices=OUTCOMES, filled=True),
    Field(header="处理人", width=11, style=Style.CENTER, filled=True),
    Field(header="备注", width=26, style=Style.NOTE, filled=True),
    Field(header=FINGERPRINT, width=18, style=Style.MUTED, hidden=True),
)
_FIX_FIELDS: Final = (
    Field(header="采用", width=10, style=Style.CENTER, choices=("是", "否"), filled=True),
    Field(header="把握", width=14, style=Style.CENTER),
    _FILE,
    Field(header="工作表", width=13),
    Field(header="单元格", width=11, style=Style.LINK_CENTER),
    Field(header="编号", width=19, style=Style.CODE),
    Field(header="字段", width=15),
    Field(header="现值", width=26, style=Style.NOTE),
    Field(header="改为", width=26, style=Style.NOTE),
    Field(header="规则", width=9, style=Style.CENTER),
    Field(header="说明", width=42, style=Style.NOTE),
    Field(header=FINGERPRINT, width=18, style=Style.MUTED, hidden=True),
)
_CONFIDENCES: Final = {"safe": "可自动修复", "review": "须人工确认"}


def list_sheet(view: View, name: str = LIST, header_row: int = HEADER_ROW) -> Sheet:
    """问题清单: what is new, known and waived, with the remarks of last time."""
    hint = "深色表头的三栏由处理人填写；下次生成报告到同一文件时自动带入。单元格可点击，直达原表。"
    if view.left_out:
        told = f"只列出较严重的 {len(view.listed)} 条，另有 {view.left_out} 条见 csv 或 jsonl 报告。"
        hint = told + hint
    fields = _for(view, _FIELDS)
    rows = [_chosen(fields, _line(view, line, number)) for number, line in enumerate(view.listed, 1)]
    return table_sheet(
        name,
        hint,
        fields,
        rows,
        blocks=_linked_then_plain(fields, rows, header_row + 1),
        frozen=6 if view.many_files else 5,
        tab="8E1B1B",
        header_row=header_row,
    )


def fixes_sheet(view: View) -> Sheet:
    """修复预览: old and new values, the safe ones ticked."""
    fixable = [
        (line, line.finding.fix) for line in view.listed if line.finding.fix and line.state != "waived"
    ]
    safe = sum(fix.confidence == "safe" for _, fix in fixable if fix)
    hint = (
        f"共 {len(fixable)} 处可以修复，其中 {safe} 处可自动修复，已预选。zlxl fix --write 写入可自动修复的。"
    )
    fields = _for(view, _FIX_FIELDS)
    rows = [
        _chosen(fields, _fix(view, line, fix, number)) for number, (line, fix) in enumerate(fixable, 1) if fix
    ]
    return table_sheet(FIXES, hint, fields, rows, blocks=_linked_then_plain(fields, rows), tab="1E5C4A")


def _for(view: View, fields: Sequence[Field]) -> Sequence[Field]:
    return [field for field in fields if view.many_files or field is not _FILE]


def _chosen(fields: Sequence[Field], cells: Mapping[str, Content]) -> Sequence[Content]:
    return [cells.get(field.header) for field in fields]


def _linked_then_plain(
    fields: Sequence[Field], rows: Sequence[Sequence[Content]], first: int = FIRST_ROW
) -> tuple[Block, ...]:
    """The rows whose place is a link, then those without one, which must not look like it."""
    plain = [replace(f, style=Style.CENTER) if f.style is Style.LINK_CENTER else f for f in fields]
    return (*body(fields, rows[:LINKED], first), *body(plain, rows[LINKED:], first + LINKED))


def _line(view: View, line: Line, number: int) -> Mapping[str, Content]:
    finding = line.finding
    remark = Remark(*view.earlier.get(finding.fingerprint, ()))
    return {
        "级别": finding.severity.chinese,
        "状态": STATES[line.state],
        "文件": cell_text(line.file.path),
        "工作表": cell_text(finding.sheet),
        "单元格": view.link(line, number),
        "编号": cell_text(finding.key),
        "字段": cell_text(finding.column or ""),
        "现值": cell_text(finding.value),
        "应为": cell_text(finding.expected),
        "说明": cell_text(finding.message),
        "规则": cell_text(finding.rule),
        "依据条款": cell_text(clause(finding.clause)),
        "建议": cell_text(finding.suggestion),
        "可自动修复": {"safe": "是", "review": "须人工确认"}[finding.fix.confidence] if finding.fix else "否",
        OUTCOME: cell_text(remark.outcome),
        "处理人": cell_text(remark.person),
        "备注": cell_text(remark.note),
        FINGERPRINT: cell_text(finding.fingerprint),
    }


def _fix(view: View, line: Line, fix: Fix, number: int) -> Mapping[str, Content]:
    finding = line.finding
    return {
        "采用": "是" if fix.confidence == "safe" else "否",
        "把握": _CONFIDENCES[fix.confidence],
        "文件": cell_text(line.file.path),
        "工作表": cell_text(finding.sheet),
        "单元格": view.link(line, number),
        "编号": cell_text(finding.key),
        "字段": cell_text(finding.column or ""),
        "现值": cell_text(finding.value) or "（空）",
        "改为": cell_text(fix.new) or "（空）",
        "规则": cell_text(finding.rule),
        "说明": cell_text(finding.message),
        FINGERPRINT: cell_text(finding.fingerprint),
    }
