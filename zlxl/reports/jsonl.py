"""One JSON object a line: each finding with its path; a file that could not be checked with its status."""

from __future__ import annotations

from collections.abc import Iterator

from zlxl.findings import FileReport, Run
from zlxl.reports.json import dump, finding_object
from zlxl.reports.words import Rules


def write(run: Run, rules: Rules) -> Iterator[str]:
    """The lines."""
    for file in run.files:
        yield from _file(file)


def _file(file: FileReport) -> Iterator[str]:
    if file.reason is not None:
        yield dump({"path": file.path, "status": file.status, "reason": file.reason}) + "\n"
    for finding in file.findings:
        yield dump({"path": file.path} | finding_object(finding)) + "\n"
