"""One HTML file that needs no network: the verdict, what is wrong where, and the list to search and sort.

Every text of a workbook is either escaped markup or JSON that cannot end its script element, and the
page's own policy lets nothing run but the one script that belongs to it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from string import Template

from zlxl.findings import FileReport, Finding, Run, Severity
from zlxl.reports import html_parts as parts
from zlxl.reports.json import dump
from zlxl.reports.words import STATES, Rules, all_findings, cell_order, clause, rule_name

LISTED = 100_000  # findings in the page; more would choke a browser
SHOWN_LENGTH = 1_000  # characters of one text
BATCH = 200  # findings a chunk

_SEVERITIES = {severity: index for index, severity in enumerate(Severity)}
_STATES = {state: index for index, state in enumerate(STATES)}
_CONFIDENCES = {"review": 1, "safe": 2}


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The page."""
    head, tail = _page(run, rules).split("<!--data-->")
    yield head
    yield from _data(run, rules)
    yield tail


def _page(run: Run, rules: Rules) -> str:
    style, script = _asset("page.css"), _asset("page.js")
    total = sum(len(file.findings) for file in run.files)
    return Template(_asset("page.html")).substitute(
        parts.fragments(run, rules),
        limit=parts.limit(total, LISTED),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _asset(name: str) -> str:
    return files("zlxl.reports").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _data(run: Run, rules: Rules) -> Iterator[str]:
    """The findings as rows of numbers; a text is its place in the pool, which comes last."""
    pool: dict[str, int] = {}
    rows = (_row(finding, file, rules, pool) for file, finding in _listed(run))
    head = {"severities": [(s.value, s.chinese) for s in Severity], "states": list(STATES.values())}
    yield dump(head)[:-1] + ', "rows": [\n'
    separator = ""
    while batch := list(islice(rows, BATCH)):
        yield separator + ",\n".join(map(dump, batch))
        separator = ",\n"
    yield '\n], "pool": ['
    texts = iter(pool)
    separator = ""
    while chunk := list(islice(texts, BATCH)):
        yield separator + ",\n".join(_harmless(dump(text)) for text in chunk)
        separator = ",\n"
    yield "]}"


def _harmless(json: str) -> str:
    """JSON text that cannot end, or open anything in, the script element it stands in."""
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _listed(run: Run) -> Iterator[tuple[FileReport, Finding]]:
    """What the page lists, in reading order; the new and the worst when it cannot be all."""
    wanted = _worst(run)
    for file in run.files:
        tabs = {table.sheet: index for index, table in enumerate(file.tables)}
        kept = [finding for finding in file.findings if wanted is None or id(finding) in wanted]
        kept.sort(
            key=lambda finding: (tabs.get(finding.sheet, len(tabs)), finding.sheet, cell_order(finding))
        )
        yield from ((file, finding) for finding in kept)


def _worst(run: Run) -> set[int] | None:
    if sum(len(file.findings) for file in run.files) <= LISTED:
        return None
    ordered = sorted(all_findings(run), key=lambda f: (_STATES[f.state], _SEVERITIES[f.severity]))
    return set(map(id, ordered[:LISTED]))


def _row(finding: Finding, file: FileReport, rules: Rules, pool: dict[str, int]) -> Sequence[int]:
    def text(content: str | None) -> int:
        return pool.setdefault(_cut(content or ""), len(pool))

    fix = finding.fix
    return (
        _SEVERITIES[finding.severity],
        _STATES[finding.state],
        text(file.path),
        text(finding.sheet),
        text(finding.cell),
        finding.row or 0,
        text(finding.column),
        text(finding.key),
        text(finding.value),
        text(finding.expected),
        text(finding.message),
        text(clause(finding)),
        text(finding.suggestion),
        text(finding.rule),
        text(rule_name(rules, finding.rule)),
        text(fix.new if fix else ""),
        _CONFIDENCES[fix.confidence] if fix else 0,
    )


def _cut(content: str) -> str:
    if len(content) <= SHOWN_LENGTH:
        return content
    return f"{content[:SHOWN_LENGTH]}…（共 {len(content)} 字）"
