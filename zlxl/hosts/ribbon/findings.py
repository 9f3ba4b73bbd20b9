"""The findings of the open workbook, under the settings that stand beside its file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from zlxl.hosts.ribbon.steps import Listing

if TYPE_CHECKING:
    from zlxl.findings import FileReport, Finding, Run
    from zlxl.hosts.ribbon.book import OpenBook
    from zlxl.jobs.settings import Settings

HEADERS: Final = ("级别", "工作表", "单元格", "行", "栏", "标识", "值", "问题", "建议", "规则", "条款")


def settings_beside(book: OpenBook, today: date) -> Settings:
    """Selection, severities, waivers and baseline of the nearest configuration, as the batch reads it.

    Raises:
        UsageError: the configuration or its baseline is none.
    """
    from zlxl.hosts.baseline import read_baseline
    from zlxl.hosts.config import load
    from zlxl.jobs.settings import Settings, Waiver

    file = book.file
    if not file.is_absolute() or not file.parent.is_dir():  # never saved, or on a server by its address
        return Settings(today=today)
    found = load(None, file.parent)
    entries, known = found.entries, None
    if entries.baseline and found.path:
        known = {book.path: read_baseline(found.path.parent / entries.baseline, [file])[str(file)]}
    return Settings(
        today=today,
        select=entries.select,
        ignore=entries.ignore,
        severity=entries.severity,
        waivers=tuple(Waiver(**waiver.model_dump()) for waiver in entries.waivers),
        baseline=known,
    )


def checked(book: OpenBook, today: date) -> tuple[FileReport, Run]:
    """The report of the open workbook, and the run that it is all of."""
    from zlxl import __version__
    from zlxl.findings import Run
    from zlxl.jobs.validate import validate
    from zlxl.jobs.waivers import with_waiver_remarks
    from zlxl.rules.catalog import RULES

    settings = settings_beside(book, today)
    (report,) = with_waiver_remarks([validate(book, settings)], settings)
    run = Run(
        files=(report,),
        started=datetime.now().astimezone().isoformat(timespec="seconds"),
        version=__version__,
        today=today.isoformat(),
        rules=tuple(rule.code for rule in RULES if settings.judged(rule.code)),
    )
    return report, run


def open_findings(book: OpenBook, today: date) -> list[Finding]:
    """What is to be mended: findings that nobody has waived."""
    return [finding for finding in checked(book, today)[0].findings if finding.state != "waived"]


def finding_line(finding: Finding) -> str:
    """A finding in one line."""
    from zlxl.reports.words import one_line, place

    return one_line(f"{place(finding)} {finding.severity.chinese} {finding.message}{finding.suggestion}")


def listing_of(title: str, findings: Iterable[Finding], *head: str) -> Listing:
    """Findings line by line, and in columns."""
    found = list(findings)
    return Listing(
        title=title,
        lines=[*head, *map(finding_line, found)],
        headers=HEADERS,
        rows=[_row(finding) for finding in found],
    )


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        finding.severity.chinese,
        finding.sheet,
        finding.cell or "",
        str(finding.row or ""),
        finding.column or "",
        finding.key,
        finding.value,
        finding.message,
        finding.suggestion,
        finding.rule,
        finding.clause,
    )
