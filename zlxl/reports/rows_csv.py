"""Any table as CSV for Excel: a header line and lines, formulas made inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from zlxl.reports.csv import BATCH, inert


def write(headers: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The text in chunks, lines ended as RFC 4180 says."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headers)
    for count, row in enumerate(rows, start=1):
        writer.writerow([inert(text) for text in row])
        if count % BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
