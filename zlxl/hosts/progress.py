"""A progress bar on stderr, on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from zlxl.findings import FileReport


def shown_progress(reports: Iterable[FileReport], total: int, *, wanted: bool) -> Iterator[FileReport]:
    """The reports as they come, with a bar where someone watches."""
    dumb = os.environ.get("TERM") == "dumb" or "CI" in os.environ
    if not (wanted and sys.stderr.isatty()) or dumb:
        yield from reports
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("检查"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        for report in reports:
            bar.update(task, advance=1, description=report.path)
            yield report
