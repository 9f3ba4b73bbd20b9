"""Rows of 公开文件: the shipped register, and the versions it took the place of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from zlxl.samples.numbering import Row
from zlxl.tables.documents import DOCUMENTS

OLD_VERSION: Final = "2019版"
OLD_SINCE: Final = date(2019, 4, 5)  #: the day the procedure came into force
_SOURCE: Final = "示例数据"


def document_rows() -> Iterator[Row]:
    """Each public document: its withdrawn version, then the one in force."""
    for shipped in DOCUMENTS.shipped:
        since = shipped["effective_on"]
        yield {
            **shipped,
            "version": OLD_VERSION,
            "status": "作废",
            "released_on": OLD_SINCE,
            "effective_on": OLD_SINCE,
            "withdrawn_on": since,
            "source": _SOURCE,
        }
        yield {**shipped, "source": _SOURCE}


def version_at(documents: Sequence[Mapping[str, Any]], number: str, day: date) -> Mapping[str, Any]:
    """The version of a document that was in force on the day, the oldest where none was yet."""
    versions = [row for row in documents if row["document_no"] == number]
    in_force = [row for row in versions if row["effective_on"] <= day]
    return in_force[-1] if in_force else versions[0]
