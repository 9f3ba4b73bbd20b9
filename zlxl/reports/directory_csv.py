"""The directory as CSV for Excel: public columns only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zlxl.figures.directory import HEADERS, STATUS, Certificate, Directory
from zlxl.reports import rows_csv

ENGLISH = "英文状态"


def write(directory: Directory, words: Mapping[str, str] | None = None) -> Iterator[str]:
    """Header line and one line a certificate; ``words`` are English words by status."""

    def row(certificate: Certificate) -> tuple[str, ...]:
        english = () if words is None else (words.get(certificate[STATUS], ""),)
        return (*certificate.values(), *english)

    headers = [*HEADERS.values(), *([] if words is None else [ENGLISH])]
    return rows_csv.write(headers, map(row, directory.certificates))
