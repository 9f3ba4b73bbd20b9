"""What ``zlxl directory`` tells: how many are published, what is new, what was withheld."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zlxl.figures.directory import HEADERS, STATUS, Change, Withheld
from zlxl.jobs.directory import Delivered
from zlxl.reports.directory_json import changes_object
from zlxl.reports.words import one_line

TOLD: Final = 20  # changes and withheld certificates told one by one


def directory_lines(delivered: Delivered) -> Iterator[str]:
    """The result as a person reads it."""
    found, changes = delivered.directory, delivered.changes
    counts = "，".join(
        f"{status or '状态为空'} {count}" for status, count in found.count(STATUS).most_common()
    )
    total = len(found.certificates)
    yield f"获证客户名录（数据截止 {found.as_of}）：{total} 张证书{f'（{counts}）' if counts else ''}。"
    if changes.since is not None:
        told = "，".join(f"{kind} {changes.count(kind)}" for kind in ("新增", "变更", "减少"))
        yield f"{told}。{changes.told}"
    else:
        yield changes.told
    yield from _some([_change(change) for change in changes.changes], "处变化")
    if found.withheld:
        yield f"未列入名录 {len(found.withheld)} 张（请在客户台账改正）："
        yield from _some([_withheld(held) for held in found.withheld], "张")
    yield f"公开字段：{'、'.join(HEADERS.values())}。联系人、费用、备注等不出现在名录中。"


def _some(lines: list[str], unit: str) -> Iterator[str]:
    yield from lines[:TOLD]
    if len(lines) > TOLD:
        yield f"  另有 {len(lines) - TOLD} {unit}，见 --format json。"


def _change(change: Change) -> str:
    what = f"{change.field}：" if change.field else ""
    moved = " → ".join(text for text in (change.old, change.new) if text)
    return one_line(f"  {change.kind} {change.number} {change.client}　{what}{moved}")


def _withheld(held: Withheld) -> str:
    return one_line(f"  {held.sheet}第 {held.row} 行 {held.number} {held.client}　{held.reason}")


def directory_object(delivered: Delivered) -> dict[str, object]:
    """The result as JSON: counts, changes and what was withheld; the list itself is a file of its own."""
    found = delivered.directory
    return {
        "as_of": found.as_of.isoformat(),
        "total": len(found.certificates),
        "statuses": dict(found.count(STATUS)),
        "changes": changes_object(delivered.changes),
        "withheld": [
            {
                "certificate_no": held.number or None,
                "client": held.client or None,
                "sheet": held.sheet,
                "row": held.row,
                "reason": held.reason,
            }
            for held in found.withheld
        ],
        "remarks": list(delivered.remarks),
    }
