"""The words samples are made of: real places, lines of business, and what clients say."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files


@cache
def records(file: str) -> Sequence[Mapping[str, str]]:
    """Rows of a CSV file of this folder, by header."""
    text = (files(__name__) / file).read_text(encoding="utf-8-sig")
    return tuple(csv.DictReader(text.splitlines()))
