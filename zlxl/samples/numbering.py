"""Rows in the order of time, numbered within each year as the office numbers its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]


def numbered(rows: Iterable[Row], number: str, prefix: str, *order: str) -> Iterator[Row]:
    """The rows sorted by these fields, each with its number, such as ``YQ2026-0001``, first.

    The first field is the date whose year the number bears.
    """
    serials: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in order)):
        year = row[order[0]].year
        serials[year] += 1
        yield {number: f"{prefix}{year}-{serials[year]:04d}"} | row
