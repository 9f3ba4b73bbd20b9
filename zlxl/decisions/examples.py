"""The synthetic requests a first model learns from: invented texts with the topics a clerk would give."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO

SHIPPED = "data/requests.csv"
_SEPARATOR = ";"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A request with its topics; paraphrases of one text share their group."""

    number: str
    group: str  #: an evaluation keeps the texts of a group on one side
    text: str
    topics: tuple[str, ...]  #: 主题 of 权限表, the most important first
    channel: str  #: register the text is written in: 微信, 电话记录, 正式函件 ...
    traits: tuple[str, ...]  #: what makes it hard: 错别字, 否定, 双重诉求 ...


def shipped_examples() -> tuple[Example, ...]:
    """The training set of this package, written for it and taken from no customer."""
    return read_examples((files(__package__) / SHIPPED).read_text(encoding="utf-8-sig"))


def read_examples(text: str) -> tuple[Example, ...]:
    """The examples of a CSV text with the columns 编号, 组, 文本, 主题, 渠道, 特征; KeyError if one lacks."""
    return tuple(map(_example, csv.DictReader(StringIO(text, newline=""))))


def _example(row: dict[str, str]) -> Example:
    return Example(
        number=row["编号"],
        group=row["组"],
        text=row["文本"],
        topics=_parts(row["主题"]),
        channel=row["渠道"],
        traits=_parts(row["特征"]),
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(_SEPARATOR) if part)
