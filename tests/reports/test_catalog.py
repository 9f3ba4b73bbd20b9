"""What every format keeps: the example as it is, any text survives, a long run stays in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from zlxl.findings import Run
from zlxl.reports.catalog import REPORTS

EXAMPLES = Path(__file__).parent / "examples"
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=list(REPORTS))


def whole(report, run, rules, **options):
    return "".join(report.chunks(run, rules, **options))


def test_the_formats_are_those_the_command_names():
    assert set(REPORTS) == {"text", "concise", "json", "jsonl", "csv", "html", "sarif", "junit", "github"}


@pytest.mark.parametrize("report", [r for r in REPORTS.values() if r.name != "html"], ids=lambda r: r.name)
def test_the_example_run_gives_the_example_file(report, small_run, rules):
    expected = (EXAMPLES / f"{report.name}{report.suffix}").read_bytes()
    assert whole(report, small_run, rules).encode(report.encoding) == expected


@every_report
def test_any_text_of_a_cell_can_be_written_to_a_file(report, hostile_run, rules):
    assert whole(report, hostile_run, rules).encode(report.encoding)


@every_report
def test_a_run_over_nothing_is_a_report_too(report, rules):
    nothing = Run(files=(), started="", version="", today="")
    assert isinstance(whole(report, nothing, rules), str)


@every_report
def test_the_same_run_gives_the_same_bytes(report, small_run, rules):
    assert whole(report, small_run, rules) == whole(report, small_run, rules)


@every_report
def test_colour_is_ignored_where_a_format_has_none(report, small_run, rules):
    coloured = whole(report, small_run, rules, colour=True)
    assert ("\x1b[" in coloured) == (report.write_coloured is not None)


@every_report
def test_a_long_run_comes_in_small_pieces(report, finding, run_of, rules):
    findings = tuple(finding(row=row, cell=f"M{row}", fingerprint=f"{row:016x}") for row in range(2, 5002))
    largest = max(len(chunk) for chunk in report.chunks(run_of(*findings), rules))
    assert largest < 600_000


@every_report
def test_a_format_says_what_it_is(report):
    assert report.title
    assert report.suffix.startswith(".")
    assert not report.write_coloured or report.name == "text"
