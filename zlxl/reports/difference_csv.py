"""What differs between two copies as a CSV file: a field a line, UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from zlxl.reports.csv import inert
from zlxl.reports.difference_rows import HEADERS, lines
from zlxl.schema.differences import Difference


def write(difference: Difference) -> Iterator[str]:
    """Header line and lines; what Excel would take for a formula gets an apostrophe in front."""
    yield _line(HEADERS)
    for line in lines(difference):
        yield _line(["" if part is None else inert(str(part)) for part in line])


def _line(fields: Sequence[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(fields)
    return buffer.getvalue()
