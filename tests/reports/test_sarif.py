"""SARIF 2.1.0."""

from __future__ import annotations

import json

import pytest

from zlxl.findings import FileReport, Run
from zlxl.reports import sarif


def only_run(run, rules):
    log = json.loads("".join(sarif.write(run, rules)))
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_a_result_has_address_fingerprint_and_rule(small_run, rules):
    run = only_run(small_run, rules)
    result = run["results"][0]
    location = result["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 13}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "客户台账!M12"
    assert result["partialFingerprints"]["zlxl/v1"] == "00aa11bb22cc33dd"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "ZL131"


def test_states_become_baseline_and_suppressions(small_run, rules):
    results = only_run(small_run, rules)["results"]
    assert [r["baselineState"] for r in results] == ["new", "new", "new", "unchanged", "unchanged"]
    assert [len(r.get("suppressions", [])) for r in results] == [0, 0, 0, 0, 1]


def test_without_a_baseline_no_state_is_claimed(run_of, finding, rules):
    (result,) = only_run(run_of(finding()), rules)["results"]
    assert "baselineState" not in result


def test_a_file_that_could_not_be_checked_is_a_notification(small_run, rules):
    (invocation,) = only_run(small_run, rules)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["startTimeUtc"] == "2026-11-02T01:00:00Z"
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "文件已加密，请先取消密码"


@pytest.mark.parametrize("started", ["", "2026-11-02T09:00:00"])
def test_a_start_of_unknown_zone_is_not_guessed(started, rules):
    (invocation,) = only_run(Run(files=(), started=started, version="1", today=""), rules)["invocations"]
    assert "startTimeUtc" not in invocation


@pytest.mark.parametrize(
    ("cell", "row", "region"),
    [
        ("B3:D9", 3, {"startLine": 3, "startColumn": 2}),
        (None, 7, {"startLine": 7}),
        ("nonsense", 7, {"startLine": 7}),
        (None, None, None),
    ],
)
def test_region_of_an_address(run_of, finding, rules, cell, row, region):
    (result,) = only_run(run_of(finding(cell=cell, row=row)), rules)["results"]
    assert result["locations"][0]["physicalLocation"].get("region") == region


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("台账/a b.xlsx", "%E5%8F%B0%E8%B4%A6/a%20b.xlsx"),
        ("/data/x#1.xlsx", "file:///data/x%231.xlsx"),
        ("C:\\客户\\x.xlsx", "file:///C:/%E5%AE%A2%E6%88%B7/x.xlsx"),
        ("\\\\server\\share\\x.xlsx", "file://server/share/x.xlsx"),
        ("sub\\x.xlsx", "sub/x.xlsx"),
        ("a:b.xlsx", "a%3Ab.xlsx"),
        ("\udcff.xlsx", "%EF%BF%BD.xlsx"),
    ],
)
def test_paths_become_uris(path, uri):
    assert sarif.uri(path) == uri


def test_hashes_only_where_known(rules):
    files = (FileReport(path="a", sha256="00"), FileReport(path="b"))
    artifacts = only_run(Run(files=files, started="", version="1", today=""), rules)["artifacts"]
    assert [artifact.get("hashes") for artifact in artifacts] == [{"sha-256": "00"}, None]
