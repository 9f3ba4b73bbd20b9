"""The JSON contract and its published schema."""

from __future__ import annotations

import json

import jsonschema
import pytest

from zlxl.reports import json as report
from zlxl.reports import jsonl

KEYS = {
    "rule", "severity", "sheet", "cell", "row", "column", "key", "value", "message", "suggestion",
    "clause", "fix", "fingerprint",
}  # fmt: skip


def loaded(run, rules):
    return json.loads("".join(report.write(run, rules)))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(report.schema())


@pytest.mark.parametrize("run", ["small_run", "hostile_run"])
def test_a_report_satisfies_its_schema(run, rules, request):
    jsonschema.validate(loaded(request.getfixturevalue(run), rules), report.schema())


def test_the_schema_refuses_what_the_contract_does_not_know(small_run, rules):
    broken = loaded(small_run, rules)
    broken["files"][0]["findings"][0]["severity"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, report.schema())


def test_the_contract_of_the_design(small_run, rules):
    whole = loaded(small_run, rules)
    checked, unreadable = whole["files"]
    assert whole["schema_version"] == 1
    assert whole["summary"].items() >= {"error": 1, "warning": 1, "note": 1, "known": 1, "waived": 1}.items()
    assert checked["findings"][1].keys() >= KEYS
    assert checked["findings"][1]["fix"] == {"new": "050000", "confidence": "safe"}
    assert (unreadable["status"], unreadable["findings"]) == ("unreadable", [])


def test_texts_come_back_as_they_were(hostile_run, rules):
    texts = [f["value"] for f in loaded(hostile_run, rules)["files"][0]["findings"]]
    assert texts == [finding.value for finding in hostile_run.files[0].findings]


def test_each_line_is_an_object_of_its_own(small_run, rules):
    objects = [json.loads(line) for line in "".join(jsonl.write(small_run, rules)).splitlines()]
    assert [o.get("rule") for o in objects] == ["ZL131", "ZL132", "ZL301", "ZL131", "ZL131", None]
    assert objects[-1] == {"path": "坏.xlsx", "status": "unreadable", "reason": "文件已加密，请先取消密码"}


def test_no_text_breaks_a_line(hostile_run, rules):
    text = "".join(jsonl.write(hostile_run, rules))
    assert all(json.loads(line)["path"] for line in text.split("\n")[:-1])
