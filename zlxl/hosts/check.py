"""Checking many files: one job a file, in this process or several, the same result in the same order."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from zlxl.errors import ZlxlError
from zlxl.excel.source import open_source
from zlxl.findings import FileReport
from zlxl.hosts.cli import DEBUG
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book, report_on

_LAST: list[object] = []  # freeing millions of texts takes seconds that one file need not pay


def check_file(path: Path, settings: Settings) -> FileReport:
    """The report of one file; what cannot be checked says why."""
    started = perf_counter()
    gc.disable()  # millions of strings and no cycles: collecting costs a fifth of the run
    try:
        report = replace(_report(path, settings), path=path.as_posix(), sha256=digest(path))
    except ZlxlError as error:
        report = FileReport(path=path.as_posix(), reason=str(error))
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        report = FileReport(
            path=path.as_posix(),
            reason=f"{path.name} 检查时发生内部错误（{what}）。请设 {DEBUG}=1 重新运行，把输出交给 IT。",
        )
    finally:
        gc.enable()
    return replace(report, seconds=perf_counter() - started)


def _report(path: Path, settings: Settings) -> FileReport:
    """The file's report; what was read is held until the next file or the end of the process."""
    _LAST.clear()
    source = open_source(path)
    book = read_book(source, settings)
    _LAST.extend((source, book))
    return report_on(book, source, settings)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        digest = sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def check_files(paths: Sequence[Path], settings: Settings, jobs: int) -> Iterator[FileReport]:
    """Reports in the order of the paths, whatever the number of processes."""
    job = partial(check_file, settings=settings)
    if min(jobs, len(paths)) <= 1:
        yield from map(job, paths)
        return
    with ProcessPoolExecutor(min(jobs, len(paths)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(job, paths)
