"""``zlxl validate``: exit codes, options, outputs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.hosts.conftest import TODAY, Run, ledger
from tests.messy.ledgers import BROKEN, FIRST, faulty
from zlxl.reports.catalog import REPORTS
from zlxl.reports.json import schema

CODES = {"ZL131", "ZL140", "ZL102"}


def rules(report: dict[str, object], state: str = "new") -> list[str]:
    """Codes of the findings in a state, sorted."""
    files: list[dict[str, list[dict[str, str]]]] = report["files"]  # type: ignore[assignment]
    return sorted(f["rule"] for file in files for f in file["findings"] if f["state"] == state)


class TestExitCodes:
    """0 clean, 1 findings, 2 usage, 3 not checked; 3 wins."""

    def test_clean(self, zlxl: Run, good: Path) -> None:
        assert zlxl("validate", good, *TODAY).code == 0

    def test_findings(self, zlxl: Run, bad: Path) -> None:
        assert zlxl("validate", bad, *TODAY).code == 1

    def test_unchecked_wins_over_findings_and_exit_zero(self, zlxl: Run, bad: Path, broken: Path) -> None:
        done = zlxl("validate", bad, broken, *TODAY)
        assert done.code == 3
        assert "破.xlsx" in done.out
        assert zlxl("validate", bad, broken, *TODAY, "--exit-zero").code == 3

    def test_exit_zero(self, zlxl: Run, bad: Path) -> None:
        assert zlxl("validate", bad, *TODAY, "--exit-zero").code == 0

    @pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
    def test_fail_on(self, zlxl: Run, doubtful: Path, level: str, code: int) -> None:
        assert zlxl("validate", doubtful, *TODAY, "--fail-on", level).code == code

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--format", "yaml"], "没有“yaml”这种格式"),
            (["--format", "xlsx"], "不能输出到屏幕"),
            (["--output", "csv"], "写法不对"),
            (["--output", "pdf=a.pdf"], "没有“pdf”这种格式"),
            (["--select", "ZL9"], "没有规则“ZL9”"),
            (["--ignore", "nonsense"], "没有规则“NONSENSE”"),
            (["--today", "morgen"], "不是日期"),
            (["--update-baseline"], "--baseline"),
            (["--baseline", "none.json"], "读不到基线文件"),
            (["--config", "none.toml"], "读不到配置文件"),
            (["--output", "csv=好.xlsx"], "不能用报告覆盖"),
            (["--output", "html=../{here}/好.xlsx"], "不能用报告覆盖"),
            (["-j", "0"], "0"),
            (["--fail-on", "fatal"], "fatal"),
            (["--unknown"], "--unknown"),
            (["--exclude", "*.xlsx"], "没有找到文件"),
        ],
    )
    def test_usage(self, zlxl: Run, good: Path, arguments: list[str], words: str) -> None:
        before = good.read_bytes()
        done = zlxl("validate", good, *(a.format(here=good.parent.name) for a in arguments))
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert good.read_bytes() == before

    def test_no_file_at_all(self, zlxl: Run) -> None:
        assert zlxl("validate").code == 2

    def test_unwritable_output(self, zlxl: Run, good: Path) -> None:
        done = zlxl("validate", good, "--output", "csv=好.xlsx/报告.csv")
        assert done.code == 2
        assert "系统错误" in done.err


class TestFormats:
    """Every format on stdout and in files."""

    @pytest.mark.parametrize("name", REPORTS)
    def test_stdout(self, zlxl: Run, bad: Path, name: str) -> None:
        done = zlxl("validate", bad, *TODAY, "--format", name)
        assert done.code == 1
        assert done.err == ""
        assert "坏.xlsx" in unquote(done.out)
        assert all(code in done.out for code in CODES)

    def test_json_follows_its_schema(self, zlxl: Run, bad: Path, broken: Path) -> None:
        report = zlxl("validate", bad, broken, *TODAY, "--format", "json").report
        jsonschema.validate(report, dict(schema()))
        assert [f["status"] for f in report["files"]] == ["checked", "unreadable"]
        assert report["summary"]["error"] == 3

    def test_outputs_are_repeatable(self, zlxl: Run, bad: Path, here: Path) -> None:
        wanted = {name: here / "报告 文件夹" / f"a{report.suffix}.{name}" for name, report in REPORTS.items()}
        outputs = [a for name, path in wanted.items() for a in ("--output", f"{name}={path}")]
        done = zlxl("validate", bad.name, *TODAY, *outputs, "--format", "concise")
        assert done.code == 1
        assert done.out.splitlines()[0].startswith("坏.xlsx:客户台账!E3")
        json.loads(wanted["json"].read_text("utf-8"))
        ElementTree.parse(wanted["junit"])
        assert wanted["csv"].read_bytes().startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(wanted["csv"].read_text("utf-8-sig"))))
        assert len(lines) == 4

    def test_xlsx_report(self, zlxl: Run, bad: Path, here: Path) -> None:
        report = here / "报告.xlsx"
        assert zlxl("validate", bad, *TODAY, "--output", f"xlsx={report}").code == 1
        assert zlxl("validate", bad, *TODAY, "--output", f"xlsx={report}").code == 1
        assert report.read_bytes().startswith(b"PK")

    def test_xlsx_report_does_not_replace_another_workbook(self, zlxl: Run, bad: Path, good: Path) -> None:
        before = good.read_bytes()
        done = zlxl("validate", bad, *TODAY, "--output", f"xlsx={good}")
        assert (done.code, good.read_bytes()) == (2, before)
        assert "不是校验报告" in done.err

    @pytest.mark.parametrize("colour", ["always", "never", "auto"])
    def test_colour(self, zlxl: Run, bad: Path, colour: str) -> None:
        assert ("\x1b[" in zlxl("validate", bad, *TODAY, "--color", colour).out) is (colour == "always")


class TestRules:
    """Which rules judge, and how severely."""

    def test_select_and_ignore_take_codes_and_prefixes(self, zlxl: Run, bad: Path) -> None:
        def found(*options: str) -> list[str]:
            return rules(zlxl("validate", bad, *TODAY, "--format", "json", *options).report)

        assert found("--select", "ZL13") == ["ZL131"]
        assert found("--select", "zl13,ZL140") == ["ZL131", "ZL140"]
        assert found("--select", "ZL1", "--ignore", "ZL13") == ["ZL102", "ZL140"]
        assert found("--ignore", "ZL1", "--select", "ZL131") == ["ZL131"]
        assert found("--select", "ZL2") == []

    def test_severity_of_the_configuration(self, zlxl: Run, bad: Path, here: Path) -> None:
        (here / "zlxl.toml").write_text('[severity]\nZL131 = "note"\nZL140 = "warning"\n', "utf-8")
        summary = zlxl("validate", bad, *TODAY, "--format", "json").report["summary"]
        assert (summary["error"], summary["warning"], summary["note"]) == (1, 1, 1)

    def test_today(self, zlxl: Run, good: Path) -> None:
        report = zlxl("validate", good, "--today", "2030-01-01", "--format", "json").report
        assert rules(report) == ["ZL206"]
        assert report["files"][0]["findings"][0]["severity"] == "warning"


class TestBaseline:
    """Only what is new."""

    def test_known_new_and_gone(self, zlxl: Run, bad: Path, here: Path) -> None:
        done = zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--update-baseline")
        assert done.code == 0
        ledger(bad, dict(FIRST), faulty(BROKEN, 邮编="250000", 联系人=None))
        done = zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--format", "json")
        assert done.code == 1
        assert rules(done.report) == ["ZL101"]
        assert rules(done.report, "known") == ["ZL102", "ZL140"]
        assert len(done.report["files"][0]["gone"]) == 1
        done = zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--ignore", "ZL101")
        assert done.code == 0

    def test_a_rule_left_out_is_not_gone(self, zlxl: Run, bad: Path) -> None:
        zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--update-baseline")
        done = zlxl("validate", bad, *TODAY, "--baseline", "b.json", "--select", "ZL131", "--format", "json")
        assert done.report["files"][0]["gone"] == []

    def test_from_another_folder(
        self, zlxl: Run, bad: Path, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        zlxl("validate", "坏.xlsx", *TODAY, "--baseline", "b.json", "--update-baseline")
        monkeypatch.chdir("/")
        assert zlxl("validate", bad, *TODAY, "--baseline", here / "b.json").code == 0

    def test_files_left_out_stay_known(self, zlxl: Run, bad: Path, doubtful: Path) -> None:
        level = ("--fail-on", "warning")
        for path in (bad, doubtful):
            zlxl("validate", path, *TODAY, "--baseline", "b.json", "--update-baseline")
        assert zlxl("validate", bad, doubtful, *TODAY, "--baseline", "b.json", *level).code == 0

    @pytest.mark.parametrize("content", ["", "[]", '{"baseline_version": 9}', '{"files": 1}', "\xff"])
    def test_something_else_is_refused_and_kept(self, zlxl: Run, bad: Path, here: Path, content: str) -> None:
        path = here / "b.json"
        path.write_text(content, "latin-1")
        for extra in ((), ("--update-baseline",)):
            done = zlxl("validate", bad, *TODAY, "--baseline", path, *extra)
            assert done.code == 2
            assert "不是基线文件" in done.err
            assert path.read_text("latin-1") == content


class TestWaivers:
    """Findings a person accepts, for a reason and for a time."""

    def waive(self, here: Path, **entry: str) -> None:
        lines = [
            f"{name} = {value}" if name == "expires" else f'{name} = "{value}"'
            for name, value in entry.items()
        ]
        (here / "zlxl.toml").write_text("[[waivers]]\n" + "\n".join(lines), "utf-8")

    def test_waived_findings_do_not_count(self, zlxl: Run, bad: Path, here: Path) -> None:
        self.waive(here, rule="ZL131", reason="客户没有邮编", by="赵军", expires="2024-12-31")
        report = zlxl("validate", bad, *TODAY, "--format", "json").report
        assert rules(report, "waived") == ["ZL131"]
        assert rules(report) == ["ZL102", "ZL140"]
        assert report["files"][0]["remarks"] == []

    def test_by_key_and_column(self, zlxl: Run, bad: Path, here: Path) -> None:
        self.waive(here, rule="ZL131", reason="r", key="ZL20230029-Q", column="邮编")
        assert rules(zlxl("validate", bad, *TODAY, "--format", "json").report, "waived") == ["ZL131"]
        self.waive(here, rule="ZL131", reason="r", key="ZL20230015-QE")
        assert rules(zlxl("validate", bad, *TODAY, "--format", "json").report, "waived") == []

    def test_expired(self, zlxl: Run, bad: Path, here: Path) -> None:
        self.waive(here, rule="ZL131", reason="客户没有邮编", expires="2024-06-29")
        done = zlxl("validate", bad, *TODAY)
        assert done.code == 1
        assert "豁免“ZL131”（客户没有邮编）已于 2024-06-29 到期，1 处重新计入问题。" in done.out

    def test_unused(self, zlxl: Run, good: Path, bad: Path, broken: Path, here: Path) -> None:
        self.waive(here, rule="ZL134", reason="租用地址")
        words = "豁免“ZL134”（租用地址）没有用到"
        assert words in zlxl("validate", good, *TODAY).out
        assert words not in zlxl("validate", good, *TODAY, "--ignore", "ZL134").out
        assert words not in zlxl("validate", good, broken, *TODAY).out

    @pytest.mark.parametrize("entry", [{"rule": "ZL131"}, {"rule": "ZL131", "reason": ""}])
    def test_needs_a_reason(self, zlxl: Run, good: Path, here: Path, entry: dict[str, str]) -> None:
        self.waive(here, **entry)
        done = zlxl("validate", good)
        assert done.code == 2
        assert "reason" in done.err


def test_jobs_make_no_difference(zlxl: Run, good: Path, bad: Path, doubtful: Path, broken: Path) -> None:
    """One process or three: the same bytes in the same order."""
    alone, shared = (zlxl("validate", ".", *TODAY, "-j", jobs) for jobs in (1, 3))
    assert (alone.out, alone.code) == (shared.out, shared.code)
    assert len([line for line in alone.out.splitlines() if line.endswith(".xlsx")]) == 4


def test_the_checked_file_is_only_read(zlxl: Run, bad: Path, here: Path) -> None:
    """Nothing is written into the file or beside it."""
    before = bad.read_bytes(), bad.stat().st_mtime_ns
    bad.chmod(0o444)
    zlxl("validate", bad, *TODAY)
    assert (bad.read_bytes(), bad.stat().st_mtime_ns) == before
    assert [path.name for path in here.iterdir()] == ["坏.xlsx"]


def test_a_report_that_fails_leaves_the_old_one(
    zlxl: Run, bad: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports are written whole or not at all."""
    report = here / "报告.txt"
    report.write_text("昨天的报告", "utf-8")
    failing = replace(REPORTS["text"], write=lambda run, rules: iter(["一半", None]))
    monkeypatch.setattr("zlxl.hosts.outputs.REPORTS", {**REPORTS, "text": failing})
    done = zlxl("validate", bad, *TODAY, "--output", f"text={report}", "--format", "concise")
    assert done.code == 2
    assert "内部错误" in done.err
    assert report.read_text("utf-8") == "昨天的报告"
    assert sorted(path.name for path in here.iterdir()) == ["坏.xlsx", "报告.txt"]
