"""Waivers after a run: which have expired, which fit nothing any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zlxl.findings import FileReport
from zlxl.jobs.settings import Settings, Waiver


def with_waiver_remarks(files: Sequence[FileReport], settings: Settings) -> tuple[FileReport, ...]:
    """The reports, each with expired waivers that fit it, the first with the unused ones."""
    reports = [replace(file, remarks=(*file.remarks, *_expired(file, settings))) for file in files]
    unused = [f"{_named(waiver)}没有用到：没有这样的问题，可以删去。" for waiver in _unused(files, settings)]
    if unused and reports:
        reports[0] = replace(reports[0], remarks=(*reports[0].remarks, *unused))
    return tuple(reports)


def _expired(file: FileReport, settings: Settings) -> list[str]:
    late = [w for w in settings.waivers if w.expires is not None and w.expires < settings.today]
    counts = [(waiver, sum(waiver.fits(finding) for finding in file.findings)) for waiver in late]
    return [
        f"{_named(waiver)}已于 {waiver.expires} 到期，{count} 处重新计入问题。"
        for waiver, count in counts
        if count
    ]


def _unused(files: Sequence[FileReport], settings: Settings) -> list[Waiver]:
    """Waivers of judged rules that fit no finding; none where a file could not be checked."""
    if any(file.reason is not None for file in files):
        return []
    judged = [waiver for waiver in settings.waivers if settings.judged(waiver.rule)]
    return [w for w in judged if not any(w.fits(finding) for file in files for finding in file.findings)]


def _named(waiver: Waiver) -> str:
    where = "、".join(part for part in (waiver.rule, waiver.key, waiver.column, waiver.fingerprint) if part)
    return f"豁免“{where}”（{waiver.reason}）"
