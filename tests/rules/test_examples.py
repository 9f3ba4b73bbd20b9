"""Every rule accuses its bad example in exactly the listed cells, and nothing accuses the good one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rules.harness import BASE, FOLDER, Example, accused
from zlxl.findings import Finding, Severity
from zlxl.reports.rulepage import page
from zlxl.rules.catalog import RULE, RULES
from zlxl.rules.rule import Rule

CODES = [rule.code for rule in RULES]
EMPTY = re.compile(r"[{}〈〉]|“”|‘’|（）|None|nan", re.IGNORECASE)
TODAY_RULES = re.compile(r"ZL20[12356]|ZL32[1235]")


@pytest.mark.parametrize("code", CODES)
def test_bad_example_is_accused_in_exactly_its_cells(code: str, tmp_path: Path) -> None:
    """The rule fires in the listed cells, and nothing else does but the listed consequences."""
    example = Example(FOLDER / code / "bad.json")
    report = example.validate(tmp_path)
    assert accused(report) == example.expected()
    assert all(spoken(f, RULE[f.rule]) for f in report.findings)


def spoken(finding: Finding, rule: Rule) -> bool:
    """Severity, clause and words of a finding are there, with every blank filled."""
    assert finding.severity is rule.severity
    assert finding.clause == rule.clause
    for words in (finding.message, finding.expected, finding.suggestion):
        assert words.strip()
        assert not EMPTY.search(words), words
    return True


@pytest.mark.parametrize("code", CODES)
def test_good_example_is_not_accused(code: str, tmp_path: Path) -> None:
    """What looks odd and is right in reality draws no finding of any rule."""
    report = Example(FOLDER / code / "good.json").validate(tmp_path)
    assert [(f.rule, f.cell, f.message) for f in report.findings] == []


@pytest.mark.parametrize("kind", ["good", "bad"])
@pytest.mark.parametrize("code", CODES)
def test_example_says_what_it_shows(code: str, kind: str) -> None:
    """An example opens with a sentence for the reader, and a bad one names its cells."""
    content = Example(FOLDER / code / f"{kind}.json").content
    assert content["says"].endswith("。")
    assert bool(content.get("accused")) is (kind == "bad")


def test_examples_belong_to_rules() -> None:
    """No example is left behind by a rule that is gone."""
    assert sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) == CODES


@pytest.mark.parametrize("table", [name for name in BASE["rows"] if name != "客户台账"])
def test_base_rows_are_valid(table: str, tmp_path: Path) -> None:
    """The base rows of a table, beside those of the ledger, are right."""
    example = Example(FOLDER / "ZL110" / "good.json")
    for name in ("客户台账", table):
        rows = [{"like": like} for like in BASE["rows"][name]]
        example.sheets.append(example._sheet(name, {"rows": rows}))
    example.sheets = example.sheets[-2:]
    assert [(f.rule, f.cell, f.message) for f in example.validate(tmp_path).findings] == []


def test_every_table_has_a_base_row() -> None:
    """A stranger can extend any table."""
    from zlxl.tables.catalog import TABLES

    assert list(BASE["rows"]) == [table.name for table in TABLES]


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_page_names_every_fact(rule: Rule) -> None:
    """``zlxl rule CODE`` shows words for every blank, an example of wrong and of right."""
    text = page(rule)
    assert "…〉" not in text
    assert "{" not in text
    for part in ("现象", "应为", "依据", "建议", "错误示例", "正确示例"):
        assert re.search(rf"^{part}　.*\S", text, re.MULTILINE)
    assert rule.wrong != rule.right


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_today_never_makes_an_error(rule: Rule) -> None:
    """What depends on today's date is no error (design.md)."""
    if TODAY_RULES.match(rule.code):
        assert rule.severity is not Severity.ERROR
