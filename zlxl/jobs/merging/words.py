"""A merge for a person to look over, and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zlxl.grid import a1
from zlxl.jobs.merging.fields import WHOLE_ROW, row_words
from zlxl.jobs.merging.merge import Added, Loss, Merged, TakenAt
from zlxl.jobs.merging.values import told
from zlxl.reports.words import legible, one_line
from zlxl.sheets.conflicts import CONFLICTS, Line
from zlxl.tables.changes import CHANGES

NO_DELETION = "合并不删除工作表的行，只清空其中的单元格；原内容记入变更记录"
EXAMPLES = 3  # keys named of what is not merged
SHOWN = 100  # changes and rows that the text names; what is left open is named whole


@dataclass(frozen=True, kw_only=True)
class LossCount:
    """Things of one kind that are not merged."""

    copy: str
    sheet: str
    label: str  #: of the column; empty for a whole table or sheet
    why: str
    values: int  #: how many; 0 for a whole table, sheet or column
    keys: tuple[str, ...]  #: the first few records

    def words(self) -> str:
        """In one sentence: whose, where, what, why."""
        column = f" 列“{self.label}”" if self.label else ""
        more = "等" if self.values > len(self.keys) else ""
        keys = f"，见 {'、'.join(self.keys)}{more}" if self.keys else ""
        count = f"（{self.values} 个值{keys}）" if self.values else ""
        return f"{self.copy}  {self.sheet}{column}：{self.why}{count}"


def counted(losses: Sequence[Loss]) -> tuple[LossCount, ...]:
    """What is not merged, by copy, sheet, column and reason."""
    found: dict[tuple[str, str, str, str], list[Loss]] = {}
    for loss in losses:
        what = loss.what
        found.setdefault((what.copy, loss.sheet, what.label, what.why.value), []).append(loss)
    return tuple(
        LossCount(
            copy=copy,
            sheet=sheet,
            label=label,
            why=why,
            values=sum(bool(loss.what.label and loss.key) or loss.what.value is not None for loss in some),
            keys=tuple(dict.fromkeys(loss.key for loss in some if loss.key))[:EXAMPLES],
        )
        for (copy, sheet, label, why), some in found.items()
    )


def merge_lines(merged: Merged) -> Iterator[str]:
    """What comes into mine, what is left open and what is left out; the counts last."""
    done = {
        "采用对方的修改": [_taken(one) for one in merged.taken],
        "新增的行": list(_added(merged.added)),
        f"清空的行（{NO_DELETION}）": [
            f"{one.table.sheet}!第{one.record.row}行  {_whose(one.copies)}  {row_words(one.record.values)}"
            for one in merged.removed
        ],
    }
    left = {
        f"未决冲突（本方值不变，写入后在工作表“{CONFLICTS}”中决定）": [_open(line) for line in merged.open],
        "未合并（请人工核对）": [loss.words() for loss in counted(merged.losses)],
    }
    for heading, lines in (done | left).items():
        shown = lines[:SHOWN] if heading in done else lines
        if lines:
            yield heading
            yield from (f"  {one_line(line)}" for line in shown)
        if len(lines) > len(shown):
            yield f"  …另有 {len(lines) - len(shown)} 项（--format json 列出全部）"
    yield summary(merged)


def summary(merged: Merged) -> str:
    """The counts in one line."""
    log = sum(one.table.table is CHANGES for one in merged.added)
    rows = len(merged.added) - log
    numbers = (
        (len(merged.taken), "修改 {} 处"),
        (rows, "新增 {} 行"),
        (log, "变更记录补入 {} 行"),
        (len(merged.removed), "清空 {} 行"),
        (len(merged.open), "未决冲突 {} 条"),
        (len(counted(merged.losses)), "未合并 {} 项"),
    )
    told_parts = [words.format(number) for number, words in numbers if number]
    return f"共：{'，'.join(told_parts)}。" if told_parts else "各副本没有需要合并的内容。"


def _taken(one: TakenAt) -> str:
    place = f"{one.table.sheet}!{a1(one.row, one.column)}"
    change = f"{told(one.field.old)} → {told(one.field.new)}"
    return f"{place}  {one.key}  {one.field.label}  {change}  {_whose(one.field.copies, one.field.decided)}"


def _added(added: Sequence[Added]) -> Iterator[str]:
    log: dict[str, int] = {}
    for one in added:
        if one.table.table is CHANGES:
            log[one.copies[0]] = log.get(one.copies[0], 0) + 1
        else:
            restored = "恢复 " if one.restored else ""
            yield f"{one.table.sheet}  {restored}{one.key}  {_whose(one.copies)}  {row_words(one.values)}"
    for name, count in log.items():
        yield f"{CHANGES.name}  {count} 行  {_whose((name,))}"


def _whose(copies: Sequence[str], decided: bool = False) -> str:
    names = "、".join(copies) or "另填"
    return f"（{names}，按决定）" if decided else f"（{names}）"


def _open(line: Line) -> str:
    reason = line.status.partition("：")[2]
    theirs = line.theirs if line.label == WHOLE_ROW else f"{line.copies} {line.theirs}"
    values = f"基准 {line.base}；本方 {line.mine}；{theirs}"
    return f"{line.number}  {line.table}  {line.key}  {line.label}  {values}" + (
        f"（{reason}）" if reason else ""
    )


def merge_json(merged: Merged) -> Mapping[str, Any]:
    """The same for a program; values as shown."""
    return {
        "taken": [
            {
                "table": one.table.table.name,
                "sheet": one.table.sheet,
                "cell": a1(one.row, one.column),
                "key": legible(one.key),
                "field": legible(one.field.label),
                "old": legible(told(one.field.old)),
                "new": legible(told(one.field.new)),
                "copies": one.field.copies,
                "decided": one.field.decided,
            }
            for one in merged.taken
        ],
        "added": [_row_json(one, one.values) | {"restored": one.restored} for one in merged.added],
        "removed": [_row_json(one, one.record.values) | {"row": one.record.row} for one in merged.removed],
        "conflicts": [_line_json(line) for line in merged.lines],
        "unmerged": [
            {
                "copy": loss.copy,
                "sheet": legible(loss.sheet),
                "field": legible(loss.label),
                "reason": loss.why,
                "values": loss.values,
                "keys": [legible(key) for key in loss.keys],
            }
            for loss in counted(merged.losses)
        ],
        "summary": {
            "taken": len(merged.taken),
            "added": len(merged.added),
            "removed": len(merged.removed),
            "open": len(merged.open),
            "unmerged": len(counted(merged.losses)),
        },
    }


def _row_json(one: Any, values: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    return {
        "table": one.table.table.name,
        "sheet": one.table.sheet,
        "key": legible(one.key),
        "values": {legible(label): legible(told(value)) for label, value in values.items()},
        "copies": one.copies,
    }


def _line_json(line: Line) -> dict[str, Any]:
    texts = {
        "status": line.status,
        "sheet": line.table,
        "key": line.key,
        "field": line.label,
        "base": line.base,
        "mine": line.mine,
        "theirs": line.theirs,
        "copies": line.copies,
        "decision": line.decision,
        "result": line.result,
    }
    return {"number": line.number, "open": line.waits} | {name: legible(text) for name, text in texts.items()}
