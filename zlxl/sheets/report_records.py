"""按记录, one line a row of the database with all that is wrong in it, and 与上次对比."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from zlxl.findings import Severity
from zlxl.sheet import Content, Sheet, Style
from zlxl.sheets.report_remarks import Remark
from zlxl.sheets.report_table import Field, table_sheet
from zlxl.sheets.report_view import LISTED, Line, View
from zlxl.sheets.report_words import OUTCOME, STATES, cell_text, place

RECORDS: Final = "按记录"
COMPARISON: Final = "与上次对比"
TOLD: Final = 12  # findings told of one record

_FILE: Final = Field(header="文件", width=24)
_RECORD_FIELDS: Final = (
    _FILE,
    Field(header="工作表", width=14),
    Field(header="编号", width=22, style=Style.STRONG),
    Field(header="行", width=9, style=Style.INTEGER),
    Field(header="错误", width=9, style=Style.INTEGER),
    Field(header="警告", width=9, style=Style.INTEGER),
    Field(header="提示", width=9, style=Style.INTEGER),
    Field(header="涉及字段", width=30, style=Style.NOTE),
    Field(header="问题", width=84, style=Style.NOTE),
)
_COMPARED_FIELDS: Final = (
    Field(header="对比", width=11, style=Style.CENTER),
    Field(header="级别", width=9, style=Style.CENTER),
    Field(header="工作表", width=14),
    Field(header="单元格", width=12, style=Style.CENTER),
    Field(header="编号", width=20, style=Style.CODE),
    Field(header="字段", width=16),
    Field(header="说明", width=48, style=Style.NOTE),
    Field(header=OUTCOME, width=13, style=Style.CENTER),
    Field(header="处理人", width=12, style=Style.CENTER),
    Field(header="备注", width=26, style=Style.NOTE),
)


def records_sheet(view: View) -> Sheet:
    """按记录: the records with most errors first; waived findings do not count."""
    records: dict[tuple[int, str, str, int], list[Line]] = defaultdict(list)
    for line in view.lines:
        if line.state != "waived":
            finding = line.finding
            records[id(line.file), finding.sheet, finding.key, finding.row or 0].append(line)
    ordered = sorted(records.values(), key=_weight)
    rows = [_record(lines, many=view.many_files) for lines in ordered[:LISTED]]
    hint = f"共 {len(ordered)} 条记录有问题，错误多的在前。"
    if len(ordered) > LISTED:
        hint += f"只列出前 {LISTED} 条。"
    fields = [field for field in _RECORD_FIELDS if view.many_files or field is not _FILE]
    return table_sheet(RECORDS, hint, fields, rows, tab="1F3A5F")


def comparison_sheet(view: View) -> Sheet:
    """与上次对比: new, gone and still there."""
    told = Counter(line.state for line in view.lines)
    words = "，".join(f"{word} {told[state]} 条" for state, word in STATES.items())
    hint = f"{words}，已消除 {len(view.gone)} 条。"
    if not view.compared:
        hint = "这是第一次报告，没有可比的上次结果；下次生成到同一文件（或使用 --baseline）时在此列出变化。"
    rows = list(_changes(view))
    if len(rows) > LISTED:
        hint += f"只列出前 {LISTED} 条。"
    return table_sheet(COMPARISON, hint, _COMPARED_FIELDS, rows[:LISTED], tab="66717F")


def _weight(lines: Sequence[Line]) -> tuple[int, int, int]:
    levels = Counter(line.finding.severity for line in lines)
    return -levels[Severity.ERROR], -levels[Severity.WARNING], -levels[Severity.NOTE]


def _record(lines: Sequence[Line], *, many: bool) -> Sequence[Content]:
    first = lines[0].finding
    levels = Counter(line.finding.severity for line in lines)
    columns = dict.fromkeys(line.finding.column or "（整行）" for line in lines)
    told = [f"{_where(line)} {line.finding.severity.chinese} {line.finding.message}" for line in lines[:TOLD]]
    if len(lines) > TOLD:
        told.append(f"另有 {len(lines) - TOLD} 条")
    row = (
        cell_text(first.sheet),
        cell_text(first.key),
        first.row,
        *(levels[severity] or None for severity in Severity),
        cell_text("、".join(columns)),
        cell_text("\n".join(told)),
    )
    return (cell_text(lines[0].file.path), *row) if many else row


def _where(line: Line) -> str:
    return place(line.finding)


def _changes(view: View) -> Iterator[Sequence[Content]]:
    if not view.compared:
        return
    yield from (_here(view, line) for line in view.lines if line.state == "new")
    for mark, remark in view.gone.items():
        yield _gone(mark, remark)
    yield from (_here(view, line) for line in view.lines if line.state == "known")


def _here(view: View, line: Line) -> Sequence[Content]:
    finding = line.finding
    outcome, person, note = view.earlier.get(finding.fingerprint, Remark())[:3]
    told = (finding.sheet, place(finding), finding.key, finding.column or "", finding.message)
    texts = (finding.severity.chinese, *told, outcome, person, note)
    return (STATES[line.state], *map(cell_text, texts))


def _gone(mark: str, remark: Remark) -> Sequence[Content]:
    outcome, person, note, *_ = remark
    told = list(Remark(*remark).told)
    if not any(told):
        told[-1] = f"上次的问题（指纹 {mark}）已不再出现"
    return ("已消除", *map(cell_text, (*told, outcome, person, note)))
