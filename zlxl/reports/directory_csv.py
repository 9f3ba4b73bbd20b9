"""The directory as CSV for Excel: public columns, UTF-8 with a byte order mark, formulas made inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from zlxl.figures.directory import HEADERS, STATUS, Directory
from zlxl.reports.csv import BATCH, inert

ENGLISH = "英文状态"


def write(directory: Directory, words: Mapping[str, str] | None = None) -> Iterator[str]:
    """Header line and one line a certificate; ``words`` are English words by status."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([*HEADERS.values(), *([] if words is None else [ENGLISH])])
    for count, certificate in enumerate(directory.certificates, start=1):
        english = [] if words is None else [words.get(certificate[STATUS], "")]
        writer.writerow([inert(text) for text in (*certificate.values(), *english)])
        if count % BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
