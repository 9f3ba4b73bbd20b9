"""The parts of the HTML page that stand without script: verdict, counts, summaries, rules in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import PurePath

from zlxl.findings import FileReport, Run, Severity
from zlxl.reports.words import (
    PROCEDURE,
    Rules,
    all_findings,
    compared,
    counts,
    legible,
    one_line,
    rule_name,
    unreadable,
    verdict,
)

TOP = 8  # rules and columns that are seen at once
FILES = 200  # files in the summary
HASHES = 3  # files whose hash the foot tells
HEADS = (
    ("severity", "级别"), ("place", "位置"), ("key", "编号"), ("column", "字段"), ("value", "现值"),
    ("message", "说明与建议"), ("rule", "规则与依据"), ("fix", "修复"),
)  # fmt: skip


def fragments(run: Run, rules: Rules) -> Mapping[str, str]:
    """What the page's skeleton leaves open."""
    return {
        "title": text(_title(run)),
        "meta": text(f"检查时间 {run.started[:16].replace('T', ' ')} · 以 {run.today} 为今天"),
        "tone": _tone(run),
        "verdict": text(verdict(run)),
        "scope": text(_scope(run)),
        "remarks": _remarks(run.files[0]) if len(run.files) == 1 else "",
        "tiles": "".join(_tiles(run)),
        "cards": "\n".join(_cards(run, rules)),
        "chips": "".join(_chips(run)),
        "selects": "\n".join(_selects(run)),
        "heads": "".join(_heads()),
        "explained": _explained(run, rules),
        "foot": text(_foot(run)),
    }


def limit(total: int, listed: int) -> str:
    """Says that the list is cut, where it is."""
    if total <= listed:
        return ""
    told = f"清单太长，这里只列出较严重的 {listed} 条（共 {total} 条）；全部见 csv 或 jsonl 报告。"
    return f'<p class="limit">{told}</p>'


def text(content: str) -> str:
    """Escaped markup on one line."""
    return escape(one_line(content))


def _title(run: Run) -> str:
    return (
        PurePath(run.files[0].path.replace("\\", "/")).name
        if len(run.files) == 1
        else f"{len(run.files)} 个文件"
    )


def _tone(run: Run) -> str:
    if unreadable(run) or run.count(Severity.ERROR):
        return "error"
    return "warning" if run.count(Severity.WARNING) else "good"


def _scope(run: Run) -> str:
    rows = sum(table.rows for file in run.files for table in file.tables)
    tables = sum(len(file.tables) for file in run.files)
    judged = f"，按 {len(run.rules)} 条规则" if run.rules else ""
    return f"{_title(run)}：检查了 {tables} 张表、{rows} 行{judged}。"


def _tiles(run: Run) -> Iterator[str]:
    seen = counts(run)
    for severity in Severity:
        yield _tile(severity.value, severity.chinese, seen[severity, "new"])
    safe = sum(
        f.state == "new" and f.fix is not None and f.fix.confidence == "safe" for f in all_findings(run)
    )
    yield _tile("rest", "可自动修复", safe)
    if compared(run) or run.in_state("waived"):
        yield _tile("", "仍在", run.in_state("known"))
        yield _tile("", "豁免", run.in_state("waived"))
        yield _tile("", "已消除", sum(len(file.gone) for file in run.files))


def _tile(name: str, label: str, count: int) -> str:
    return f'<div class="{name}{"" if count else " zero"}"><dt>{label}</dt><dd>{count}</dd></div>'


def _cards(run: Run, rules: Rules) -> Iterator[str]:
    if len(run.files) != 1 or run.files[0].reason is not None:
        yield _card("文件", f"{len(run.files)} 个", _files(run), "wide")
    fresh = Counter((f.rule, f.severity) for f in all_findings(run) if f.state == "new")
    columns = Counter((f.sheet, f.column or "") for f in all_findings(run) if f.state == "new")
    if fresh:
        yield _card("按规则", f"{len(fresh)} 条规则有新增的问题，点击规则只看它", _by_rule(fresh, rules))
        yield _card("按字段", f"{len(columns)} 个字段", _by_column(columns))


def _card(title: str, hint: str, body: str, look: str = "") -> str:
    return f'<section class="card {look}"><h2>{title}<small>{hint}</small></h2>{body}</section>'


def _table(heads: Iterable[str], rows: Iterable[str], look: str = "") -> str:
    titles = "".join(f'<th scope="col"{_numeric(head)}>{head.strip("#")}</th>' for head in heads)
    return f'<table class="{look}"><thead><tr>{titles}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _ranked(heads: Iterable[str], rows: Iterable[str], look: str) -> str:
    """The first rows as they are, the others folded away."""
    ordered, titles = list(rows), tuple(heads)
    rest = ordered[TOP:]
    folded = f"<details><summary>其余 {len(rest)} 项</summary>{_table(titles, rest, look)}</details>"
    return _table(titles, ordered[:TOP], look) + (folded if rest else "")


def _numeric(head: str) -> str:
    return ' class="num"' if head.startswith("#") else ""


def _by_rule(fresh: Mapping[tuple[str, Severity], int], rules: Rules) -> str:
    ordered = sorted(fresh.items(), key=lambda item: (-item[0][1].rank, -item[1], item[0][0]))
    most = max(fresh.values())
    rows = (
        f"<tr><td>{_pick(code, rule=code)}</td>"
        f"<td>{text(rule_name(rules, code))}</td><td>{_badge(severity)}</td>"
        f'<td class="num">{count}</td><td>{_bar(count, most, severity.value)}</td></tr>'
        for (code, severity), count in ordered
    )
    return _ranked(("规则", "名称", "级别", "#条数", ""), rows, "ranked rules")


def _by_column(columns: Counter[tuple[str, str]]) -> str:
    ordered = columns.most_common()
    rows = (
        f"<tr><td>{_pick(column or '（整行）', sheet=sheet, column=column)}</td><td>{text(sheet)}</td>"
        f'<td class="num">{count}</td><td>{_bar(count, ordered[0][1], "accent")}</td></tr>'
        for (sheet, column), count in ordered
    )
    return _ranked(("字段", "工作表", "#条数", ""), rows, "ranked columns")


def _pick(label: str, **wanted: str) -> str:
    """A button that narrows the list to what it names."""
    data = " ".join(f'data-{name}="{escape(legible(value))}"' for name, value in wanted.items())
    return f'<button type="button" class="pick" {data}>{text(label)}</button>'


def _badge(severity: Severity) -> str:
    return f'<span class="badge {severity.value}">{severity.chinese}</span>'


def _bar(count: int, most: int, tone: str) -> str:
    width = max(2.0, 100 * count / most)
    rail = '<rect class="rail" width="100%" height="100%" rx="4"/>'
    bar = f'<rect width="{width:.1f}%" height="100%" rx="4"/>'
    return f'<svg class="bar {tone}-tone" aria-hidden="true">{rail}{bar}</svg>'


def _files(run: Run) -> str:
    shown = run.files if len(run.files) <= FILES else sorted(run.files, key=_badness)[:FILES]
    hint = (
        ""
        if shown is run.files
        else f'<p class="sub">共 {len(run.files)} 个文件，列出问题较多的 {FILES} 个。</p>'
    )
    return _table(("文件", "#行数", "#错误", "#警告", "#提示"), map(_file, shown)) + hint


def _badness(file: FileReport) -> tuple[bool, int, int]:
    return file.reason is None, -file.count(Severity.ERROR), -file.count(Severity.WARNING)


def _file(file: FileReport) -> str:
    notes = _remarks(file)
    if file.reason is not None:
        missed = f'<span class="badge error">无法检查</span> <span class="bad">{text(file.reason)}</span>'
        return f'<tr><td class="path">{text(file.path)}{notes}</td><td colspan="4">{missed}</td></tr>'
    numbers = (sum(table.rows for table in file.tables), *(file.count(severity) for severity in Severity))
    counted = "".join(f'<td class="num">{number}</td>' for number in numbers)
    return f'<tr><td class="path">{_pick(file.path, file=file.path)}{notes}</td>{counted}</tr>'


def _remarks(file: FileReport) -> str:
    remarks = "".join(f"<li>{text(remark)}</li>" for remark in file.remarks)
    return f'<ul class="remarks">{remarks}</ul>' if remarks else ""


def _chips(run: Run) -> Iterator[str]:
    totals = Counter(finding.severity for finding in all_findings(run))
    for index, severity in enumerate(Severity):
        yield (
            f'<button type="button" class="{severity.value}" data-level="{index}" aria-pressed="true">'
            f"{severity.chinese} {totals[severity]}</button>"
        )


def _selects(run: Run) -> Iterator[str]:
    names = {"sheet": "工作表", "column": "字段", "rule": "规则", "state": "状态"}
    if len(run.files) > 1:
        names = {"file": "文件"} | names
    for name, label in names.items():
        yield (
            f'<label class="sr" for="f-{name}">{label}</label>'
            f'<select id="f-{name}"><option value="">{label}：全部</option></select>'
        )


def _heads() -> Iterator[str]:
    for name, label in HEADS:
        yield (
            f'<th scope="col" class="c-{name}" data-by="{name}" aria-sort="none">'
            f'<button type="button">{label}</button></th>'
        )


def _explained(run: Run, rules: Rules) -> str:
    codes = sorted({finding.rule for finding in all_findings(run)} & rules.keys())
    if not codes:
        return ""
    rows = (
        f'<tr><td class="code">{text(code)}</td><td>{text(rules[code].name)}</td>'
        f"<td>{text(rules[code].wrong)}</td><td>{text(rules[code].right)}</td>"
        f"<td>{text(rules[code].suggestion)}</td><td>{PROCEDURE} {text(rules[code].clause)}</td></tr>"
        for code in codes
    )
    table = _table(("规则", "名称", "错误示例", "正确示例", "建议", "依据"), rows)
    return f'<details class="card rules"><summary>规则说明（{len(codes)} 条）</summary>{table}</details>'


def _foot(run: Run) -> str:
    said = (f"zlxl {run.version}", f"依据 {PROCEDURE} 客户服务管理程序", "计数只含新增的问题")
    hashes = (f"{_name(file)} SHA-256 {file.sha256}" for file in run.files[:HASHES] if file.sha256)
    return " · ".join((*said, *hashes))


def _name(file: FileReport) -> str:
    return PurePath(file.path.replace("\\", "/")).name
