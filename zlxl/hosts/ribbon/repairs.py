"""Group 修复: repairs shown, made, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from zlxl.hosts.ribbon.findings import checked, settings_beside
from zlxl.hosts.ribbon.steps import Listing, agreed, refusals, told, write

if TYPE_CHECKING:
    from zlxl.hosts.ribbon.book import OpenBook
    from zlxl.jobs.fix import Change

APPLY: Final = "应用修复"
HEADERS: Final = ("把握", "工作表", "单元格", "栏", "标识", "原值", "新值", "规则", "原因")
UNDO_HEADERS: Final = ("工作表", "单元格", "栏", "现值", "还原为", "未还原的原因")
STAYS: Final = (
    "只还原单元格和新增的行；生成的工作表（如“待办提醒”）不还原：再点一次按钮即更新，也可直接删除。"
)


def preview_fixes(book: OpenBook, today: date) -> str:
    """List every repair with its old and new value; nothing is written."""
    from zlxl.jobs.fix import plan_fixes

    report, _ = checked(book, today)
    return told(book, _listing("预览修复", plan_fixes(report, unsafe=True)))


def _listing(title: str, plan: Sequence[Change]) -> Listing:
    from zlxl.jobs.fix import HEADINGS, plan_lines

    return Listing(
        title=title,
        lines=list(plan_lines(plan)),
        headers=HEADERS,
        rows=[
            (HEADINGS[c.confidence], c.sheet, c.cell, c.column, c.key, c.old, c.new, c.rule, c.reason)
            for c in plan
        ],
    )


def apply_fixes(book: OpenBook, today: date) -> str:
    """Write the safe repairs until none is left, at once, told in 变更记录 (4.2.1)."""
    from zlxl.edits import Edits
    from zlxl.jobs.fix import as_one
    from zlxl.jobs.history import entries_of
    from zlxl.jobs.settle import settled

    done = settled(book, settings_beside(book, today))
    if not done:
        return "没有可以自动修复的单元格。"
    cells, reasons = as_one(done)
    if not agreed(book, _listing(APPLY, done), f"写入这 {len(cells)} 处修改？"):
        return ""
    edits = Edits(cells=tuple(cells))
    written = write(book, edits, APPLY, entries_of(book, edits, reasons))
    lines = [f"已修改 {written.cells} 处，可用“撤销上次”还原。", *refusals(written), *written.remarks]
    return told(book, Listing(title=APPLY, lines=lines))


def undo_last(book: OpenBook, _today: date) -> str:
    """Take back the last run that wrote values: cells that hold what it wrote get back what they held."""
    from zlxl.edits import Edits
    from zlxl.jobs.history import find_log
    from zlxl.jobs.runs import UNDO, Log, last_to_undo
    from zlxl.jobs.undo import undo

    place = find_log(book)
    log = Log(place) if place else None
    last = last_to_undo(log.runs()) if log else None
    if log is None or last is None:
        return "“变更记录”中没有可以撤销的运行。"
    undoing = undo(book, last, log.lines(last))
    kept = [f"{k.line.sheet}!{k.line.cell} {k.line.field} 未还原：{k.reason}" for k in undoing.kept]
    head = f"运行 {last.run_id}（{last.moment} {last.operator} {last.command}）"
    if not undoing.cells:
        return told(book, Listing(title="撤销上次", lines=[f"{head}没有可以还原的单元格。", *kept]))
    listing = Listing(
        title="撤销上次",
        lines=[
            head,
            *(
                f"{e.sheet}!{e.cell} {e.field} {e.old or '（空）'} → {e.new or '（空）'}"
                for e in undoing.entries
            ),
            *kept,
            STAYS,
        ],
        headers=UNDO_HEADERS,
        rows=[
            *((e.sheet, e.cell, e.field, e.old, e.new, "") for e in undoing.entries),
            *((k.line.sheet, k.line.cell, k.line.field, "", "", k.reason) for k in undoing.kept),
        ],
    )
    if not agreed(book, listing, f"还原这 {len(undoing.entries)} 处？"):
        return ""
    written = write(book, Edits(cells=undoing.cells), UNDO.format(last.run_id), undoing.entries)
    lines = [f"已还原 {written.cells} 个单元格。", *refusals(written), *kept, STAYS]
    return told(book, Listing(title="撤销上次", lines=lines))
