"""An import for a person and for a program: what is added, changed, left as it was, and rejected, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from zlxl.jobs.importing.errors import reason_words
from zlxl.jobs.importing.plan import ImportPlan, Outcome
from zlxl.jobs.importing.rows import Draft, Given, Reason
from zlxl.reports.words import one_line
from zlxl.rules.catalog import RULE
from zlxl.schema.values import shown

SHOWN: Final = 20  # rows of a kind that the text names
FIELDS: Final = 3  # fields that tell a new row
LONGEST: Final = 60  # characters of a value
EMPTY: Final = "（空）"
ALIKE: Final = "没有编号，按共有的列认出，只补填空白"


def lines(plan: ImportPlan) -> Iterator[str]:
    """The plan for a person to look over."""
    for source in plan.sources:
        for outcome in plan.outcomes:
            if outcome.offer in source.offers:
                yield from _outcome(outcome, plan)
        yield from (f"{source.path}：{remark}" for remark in source.remarks)
    yield _total(plan)


def _total(plan: ImportPlan) -> str:
    counts: dict[str, int] = {}
    for outcome in plan.outcomes:
        for name, count in counted(outcome, plan).items():
            counts[name] = counts.get(name, 0) + count
    return f"合计：{_counts(counts)}。"


WORDS: Final = {
    "added": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "existing": "已存在",
    "rejected": "未导入",
}


def _counts(counts: Mapping[str, int]) -> str:
    return "，".join(f"{word} {counts.get(name, 0)} 行" for name, word in WORDS.items())


def counted(outcome: Outcome, plan: ImportPlan) -> dict[str, int]:
    """How many rows of the source have which fate."""
    added, updated, unchanged = _sorted(outcome, plan)
    return {
        "added": len(added),
        "updated": len(updated),
        "unchanged": len(unchanged),
        "existing": len(outcome.known),
        "rejected": len(outcome.rejected),
    }


def _sorted(outcome: Outcome, plan: ImportPlan) -> tuple[list[Given], list[Given], list[Given]]:
    """Rows that make a new row, that change one, and that change nothing."""
    added: list[Given] = []
    updated: list[Given] = []
    unchanged: list[Given] = []
    for given in outcome.given:
        if given.rejected or given.draft is None:
            continue
        first = given.draft.given[0] is given
        if not first:
            unchanged.append(given)
        elif given.draft.row is None:
            added.append(given)
        else:
            changes = given.draft.changes(clear=plan.clear) or given.draft.extra_changes()
            (updated if changes else unchanged).append(given)
    return added, updated, unchanged


def _outcome(outcome: Outcome, plan: ImportPlan) -> Iterator[str]:
    offer = outcome.offer
    kind = "表单" if offer.places is not None else "工作表"
    yield one_line(f"{offer.table.name} ← {offer.name}（{kind}“{offer.sheet}”，{len(outcome.given)} 行）")
    yield f"  {_counts(counted(outcome, plan))}"
    added, updated, _ = _sorted(outcome, plan)
    yield from _some("新增", [_new(given) for given in added])
    yield from _some("更新", [_changed(given, clear=plan.clear) for given in updated])
    yield from _some("已存在", [f"{_row(given)}：{given.known}" for given in outcome.known])
    yield from _some(
        "未导入", [f"{_row(given)}：{reason_words(r)}" for given in outcome.rejected for r in given.reasons]
    )
    if outcome.ignored:
        yield one_line(f"  未导入的列：{'、'.join(outcome.ignored)}")
    if outcome.recovered:
        yield f"  已按规范写法读取 {outcome.recovered} 处（如文本日期、全角数字）"
    if outcome.warnings:
        named = "、".join(f"{code} {RULE[code].name} {n} 处" for code, n in sorted(outcome.warnings.items()))
        yield f"  导入后会有警告：{named}"


def _some(title: str, told: list[str]) -> Iterator[str]:
    if told:
        yield f"  {title}："
        yield from (f"    {one_line(text)}" for text in told[:SHOWN])
    if len(told) > SHOWN:
        yield f"    …另有 {len(told) - SHOWN} 项（--format json 列出全部）"


def _row(given: Given) -> str:
    row = given.offer.row(given.position)
    return "表单" if row is None else f"第 {row} 行"


def _draft(given: Given) -> Draft:
    if given.draft is None:
        raise AssertionError(given)
    return given.draft


def _new(given: Given) -> str:
    draft = _draft(given)
    table, values = draft.target.table, draft.values
    names = [name for name in table.columns if name in table.required and name not in table.key]
    fields = (f"{table.columns[n].header}={_cut(shown(values.get(n)))}" for n in names[:FIELDS])
    return f"{_row(given)}：{draft.key}  {'；'.join(fields)}"


def _changed(given: Given, *, clear: bool) -> str:
    draft = _draft(given)
    told = (
        f"{change['column']} {_cut(change['old']) or EMPTY} → {_cut(change['new']) or EMPTY}"
        for change in changes(draft, clear=clear)
    )
    found = f"（{ALIKE}）" if given.alike else ""
    return f"{_row(given)}：{draft.key}{found}  {'；'.join(told)}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def changes(draft: Draft, *, clear: bool) -> Iterator[dict[str, str]]:
    """Fields of a known row that change: column, old and new as shown."""
    if draft.row is None:
        return
    at, position = draft.target.locate(draft.row)
    frame = draft.target.frames[at]
    for name, value in draft.changes(clear=clear).items():
        old = draft.target.shown(draft.row, name)
        yield {"column": frame.cells[name].header, "old": old, "new": shown(value)}
    for name, raw in draft.extra_changes().items():
        extra = draft.target.extras[at][name]
        yield {"column": extra.header, "old": shown(extra.values[position]), "new": shown(raw)}


def as_json(plan: ImportPlan) -> dict[str, Any]:
    """The plan for a program; every row is in it."""
    return {
        "schema_version": 1,
        "mode": plan.mode.value,
        "sources": [
            {
                "path": source.path,
                "status": "read" if source.reason is None else "unreadable",
                "reason": source.reason,
                "remarks": list(source.remarks),
                "tables": [_table(o, plan) for o in plan.outcomes if o.offer in source.offers],
            }
            for source in plan.sources
        ],
        "summary": _summary(plan),
    }


def _summary(plan: ImportPlan) -> dict[str, int]:
    told = [counted(outcome, plan) for outcome in plan.outcomes]
    return {name: sum(counts[name] for counts in told) for name in WORDS}


def _table(outcome: Outcome, plan: ImportPlan) -> dict[str, Any]:
    added, updated, unchanged = _sorted(outcome, plan)
    return {
        "table": outcome.offer.table.name,
        "sheet": outcome.offer.sheet,
        "form": outcome.offer.places is not None,
        "rows": len(outcome.given),
        "added": [{"row": _number(g), "key": _draft(g).key, "values": _values(_draft(g))} for g in added],
        "updated": [_updated(given, clear=plan.clear) for given in updated],
        "unchanged": [{"row": _number(g), "key": _draft(g).key} for g in unchanged],
        "existing": [{"row": _number(g), "key": g.known} for g in outcome.known],
        "rejected": [{"row": _number(g), "reasons": list(map(_reason, g.reasons))} for g in outcome.rejected],
        "ignored_columns": list(outcome.ignored),
        "recovered": outcome.recovered,
        "warnings": dict(sorted(outcome.warnings.items())),
    }


def _updated(given: Given, *, clear: bool) -> dict[str, Any]:
    told = list(changes(_draft(given), clear=clear))
    found = {"found_by": "shared columns"} if given.alike else {}
    return {"row": _number(given), "key": _draft(given).key, **found, "changes": told}


def _number(given: Given) -> int | None:
    return given.offer.row(given.position)


def _values(draft: Draft) -> dict[str, str]:
    columns = draft.target.table.columns
    return {columns[name].header: shown(value) for name, value in draft.values.items()}


def _reason(reason: Reason) -> dict[str, str | None]:
    return {
        "rule": reason.rule or None,
        "cell": reason.cell,
        "column": reason.column or None,
        "value": reason.value,
        "message": reason.message,
        "suggestion": reason.suggestion,
    }
