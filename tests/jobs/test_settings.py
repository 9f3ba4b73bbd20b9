"""What a run may be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.reports.conftest import make_finding
from zlxl.errors import UsageError
from zlxl.findings import FileReport, Severity
from zlxl.jobs.settings import Settings, Waiver
from zlxl.jobs.waivers import with_waiver_remarks

TODAY = date(2024, 6, 30)
FINDING = make_finding()


def settings(**options: object) -> Settings:
    """Settings of that day."""
    return Settings(today=TODAY, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("select", "ignore", "judged"),
    [
        ((), (), True),
        (("ZL1",), (), True),
        (("ZL2",), (), False),
        ((), ("ZL",), False),
        (("ZL131",), ("ZL1",), True),
        (("ZL1",), ("ZL131",), False),
        (("ZL13", "ZL2"), ("ZL1",), True),
        (("ZL131",), ("ZL131",), False),
    ],
)
def test_the_longer_prefix_wins(select: tuple[str, ...], ignore: tuple[str, ...], judged: bool) -> None:
    """Of two prefixes the longer one decides; of equal ones, to ignore."""
    assert settings(select=select, ignore=ignore).judged("ZL131") is judged


@pytest.mark.parametrize(
    "options",
    [
        {"select": ("ZLX",)},
        {"ignore": ("ZL999",)},
        {"severity": {"ZL9": Severity.NOTE}},
        {"waivers": (Waiver(rule="ZL000", reason="r"),)},
    ],
)
def test_unknown_codes_stop_the_run(options: dict[str, object]) -> None:
    """A typing error in a code is told, wherever it stands."""
    with pytest.raises(UsageError, match="没有规则"):
        settings(**options)


def test_severity_is_the_settings() -> None:
    """A rule keeps its words and takes the severity it is given."""
    told = settings(severity={"ZL131": Severity.NOTE})
    assert told.rule("ZL131").severity is Severity.NOTE
    assert told.rule("ZL132").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("fields", "covers"),
    [
        ({}, True),
        ({"rule": "ZL132"}, False),
        ({"fingerprint": FINDING.fingerprint}, True),
        ({"fingerprint": "0"}, False),
        ({"key": "ZL20230015-QEO", "column": "邮编"}, True),
        ({"key": "ZL20230015-QEO", "column": "电话"}, False),
        ({"expires": TODAY}, True),
        ({"expires": date(2024, 6, 29)}, False),
    ],
)
def test_what_a_waiver_covers(fields: dict[str, object], covers: bool) -> None:
    """All that a waiver names must fit, up to and including the day it expires."""
    waiver = replace(Waiver(rule="ZL131", reason="r"), **fields)
    assert waiver.covers(FINDING, TODAY) is covers


class TestRemarks:
    """What is said of waivers after a run."""

    def remarks(self, waiver: Waiver, *files: FileReport, **options: object) -> list[tuple[str, ...]]:
        found = with_waiver_remarks(files, settings(waivers=(waiver,), **options))
        return [file.remarks for file in found]

    def test_a_used_waiver_is_not_mentioned(self) -> None:
        report = FileReport(path="a", findings=(FINDING,), remarks=("编码",))
        assert self.remarks(Waiver(rule="ZL131", reason="r"), report) == [("编码",)]

    def test_an_unused_one_is_mentioned_once(self) -> None:
        files = (FileReport(path="a"), FileReport(path="b"))
        assert [len(r) for r in self.remarks(Waiver(rule="ZL131", reason="r"), *files)] == [1, 0]

    def test_used_in_one_file_is_used(self) -> None:
        files = (FileReport(path="a"), FileReport(path="b", findings=(FINDING,)))
        assert self.remarks(Waiver(rule="ZL131", reason="r"), *files) == [(), ()]

    def test_nothing_is_concluded_where_not_all_was_judged(self) -> None:
        waiver = Waiver(rule="ZL131", reason="r")
        assert self.remarks(waiver, FileReport(path="a"), ignore=("ZL13",)) == [()]
        assert self.remarks(waiver, FileReport(path="a"), FileReport(path="b", reason="坏")) == [(), ()]

    def test_an_expired_one_says_how_many_count_again(self) -> None:
        late = Waiver(rule="ZL131", reason="r", expires=date(2024, 1, 1))
        report = FileReport(path="a", findings=(FINDING, FINDING))
        assert "2 处" in self.remarks(late, report)[0][0]

    def test_no_files(self) -> None:
        assert self.remarks(Waiver(rule="ZL131", reason="r")) == []
